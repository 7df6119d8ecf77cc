"""The texts around a finding: what it repeats, and the lines above and below it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from dedup.gate.places import text_at
from dedup.match.memory import Memory
from dedup.report.model import Finding, Place
from dedup.sources.encoding import NotText, decode
from dedup.sources.forms import Form
from dedup.sources.walk import syntax_of

CONTEXT = 2
"""So many lines are shown above and below a block."""


class Texts:
    """What the documents of a run say, as far as it can be read: as they stand, else as comparison sees it."""

    def __init__(self, forms: Mapping[str, Form], memories: Iterable[Memory]) -> None:
        """`forms` are those of the tables, by path; `memories` hold what was kept."""
        self._forms = forms
        self._memories = list(memories)
        self._kept: dict[tuple[str, int, int], tuple[Memory, int]] | None = None
        self._lines = lru_cache(maxsize=4)(_lines)

    def twin(self, finding: Finding) -> str | None:
        """What a finding repeats; None where that cannot be told."""
        place = finding.kept
        if place.text is not None:  # remembered by an index
            return place.text
        form = self._forms.get(place.document)
        if syntax_of(place.document) == "notebook" or not (form is None or form.is_plain):
            return self._remembered(place)
        return text_at(place, self._forms)

    def _remembered(self, place: Place) -> str | None:
        if self._kept is None:
            self._kept = {}
            for memory in self._memories:
                for row in range(memory.base, memory.rows()):
                    _, _, _, start, _, line, *_ = memory.row_of(row)
                    self._kept[memory.page(row).path, line, start] = memory, row
        found = self._kept.get((place.document, place.line, place.start))
        return None if found is None else found[0][found[1]].text

    def around(self, finding: Finding) -> tuple[list[str], list[str]]:
        """The lines above and below a block that are not blank; of rows and cells none."""
        if finding.document in self._forms or syntax_of(finding.document) == "notebook":
            return [], []
        lines = self._lines(finding.document)
        above = [line for line in lines[: finding.line - 1][-8:] if line.strip()]
        below = [line for line in lines[finding.end_line :][:8] if line.strip()]
        return above[-CONTEXT:], below[:CONTEXT]


def _lines(path: str) -> list[str]:
    try:
        document = decode(path, Path(path).read_bytes(), syntax_of(path), path)
    except (OSError, NotText):  # changed since it was looked at
        return []
    return [line.decode("utf-8", "replace") for line in document.text.splitlines()]
