"""Whether words still stand in a document on the disk, which a run need not have read."""

from __future__ import annotations

from pathlib import Path

from dedup.gate.places import without_number
from dedup.sources.encoding import NotText, decode
from dedup.sources.forms import form_of
from dedup.sources.walk import syntax_of
from dedup.words import folded_words


class Standing:
    """The documents of a baseline's folder as texts, each read at most once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._texts: dict[str, str | None] = {}
        self._folded: dict[str, str] = {}

    def has(self, name: str, text: str) -> bool:
        """Whether the words of a text stand in a document, one after another.

        What cannot be read as UTF-8 or UTF-16, and a table, counts as having them: then nothing says that they went.
        """
        if name not in self._texts:
            self._texts[name] = self._read(name)
        whole = self._texts[name]
        if whole is None or text.strip() in whole:
            return True
        if name not in self._folded:
            self._folded[name] = " ".join(folded_words(whole))
        return " ".join(folded_words(without_number(text))) in self._folded[name]

    def _read(self, name: str) -> str | None:
        if form_of(name) is not None:
            return None
        try:
            data = (self._folder / name).read_bytes()
            return decode(name, data, syntax_of(name), name).text.decode("utf-8")
        except (OSError, ValueError, NotText):
            return None
