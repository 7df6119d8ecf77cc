"""What a baseline calls a document, and the words that stand at a place."""

from __future__ import annotations

import codecs
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path, PurePath

from dedup.report.model import Finding, Place
from dedup.sources.forms import STDIN, Form, form_of
from dedup.sources.walk import shown
from dedup.words.fingerprints import fingerprint

# The number of a list's item says where it stands, not what it says.
_NUMBER = re.compile(r"\s*\d{1,9}[.)]\s")

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def words_of(text: str) -> str:
    """The fingerprint of a block's words, without the number of a list's item."""
    return fingerprint(without_number(text))


def without_number(text: str) -> str:
    """A text without the number of a list's item that it begins with."""
    return _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text


def twin_words(finding: Finding, forms: Mapping[str, Form]) -> str | None:
    """The fingerprint of what a finding repeats, read where that stands; None where it cannot be read.

    `forms` are those of the tables of the run, by path.
    """
    if finding.kept.text is not None:  # remembered by an index
        return words_of(finding.kept.text)
    text = text_at(finding.kept, forms)
    if text is not None:
        return words_of(text)
    return words_of(finding.text) if finding.rule != "near" and finding.similarity == 1 else None


def text_at(place: Place, forms: Mapping[str, Form]) -> str | None:
    """What stands at a place of a file, or of a table whose rows are lines of it; None where it cannot be read."""
    form = forms.get(place.document) or form_of(place.document)
    if place.document == STDIN or (form is not None and not form.is_plain):
        return None
    try:
        with Path(place.document).open("rb") as file:
            encoding = _UTF16.get(file.read(2), "utf-8")
            file.seek(place.start)
            data = file.read(place.end - place.start)
    except OSError:
        return None
    if form is not None and form.kind == "jsonl":
        try:
            return str(json.loads(b'"%s"' % data, strict=False))
        except ValueError:
            return None
    return data.decode(encoding, "replace")


class Names:
    """The paths of a run's documents as a baseline in a folder has them: relative to it, with slashes."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.path.realpath(folder)
        self._parents: dict[str, str] = {}
        self._gone: dict[str, bool] = {}

    def of(self, path: str) -> str:
        """The name of a document of the run."""
        if path == STDIN:
            return path
        parent, name = os.path.split(path)
        if parent not in self._parents:
            self._parents[parent] = os.path.realpath(parent or os.curdir)
        real = os.path.join(self._parents[parent], name)  # noqa: PTH118 - for each of many documents
        try:
            return shown(PurePath(os.path.relpath(real, self._folder)))
        except ValueError:  # on another drive of Windows
            return PurePath(real).as_posix()

    def is_gone(self, name: str) -> bool:
        """Whether no such document is on the disk any more."""
        if name not in self._gone:
            self._gone[name] = name != STDIN and not os.path.lexists(f"{self._folder}/{name}")
        return self._gone[name]
