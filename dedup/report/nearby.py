"""What stands at the places of a report, and around them, in documents that still are what the report was made of."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

from dedup.documents import Document
from dedup.problems import DedupError
from dedup.report.model import DocumentEntry, Removal, Report
from dedup.restore import put_back, within
from dedup.sources.encoding import NotText, decode
from dedup.sources.forms import STDIN, Form, form_of
from dedup.sources.notebooks import MARK
from dedup.sources.walk import syntax_of

LARGEST_FILE = 64 << 20
"""Larger files, in bytes, are not read: they are tables, or no prose."""

LINES, CHARACTERS = 2, 240
"""So much is shown of what stands above a block, and of what stands below it."""

_FAR = 4096  # bytes; a line may have no end


@dataclass(frozen=True, slots=True)
class Passage:
    """What stands at a place (None where that cannot be said), and the lines above and below it."""

    text: str | None
    above: str = ""
    below: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """A document as it was when the report was made: its size in bytes, and what is at offsets of its file."""

    size: int
    passage: Callable[[int, int], Passage]


class Originals:
    """The documents of a report, read from the disk where they are what it was made of.

    A report that was read back names what its writer wanted: its documents are read only below the current folder, and
    only where the report knows their hash, so that nothing gets into a page that its writer did not have.
    """

    def __init__(self, report: Report) -> None:
        self._entries = {entry.path: entry for entry in report.documents}
        self._removals: dict[str, list[Removal]] = {}
        for removal in report.removals:
            self._removals.setdefault(removal.document, []).append(removal)
        self._read_back = report.read_back
        self._otherwise = report.settings.get("input_format")
        self._fence = Path(os.path.realpath(Path.cwd()))

    def of(self, path: str) -> Original | None:
        """The document of this path; None where it cannot be had."""
        form = form_of(path, self._otherwise)
        if path == STDIN or (form is not None and not form.is_plain):
            return None
        entry = self._entries.get(path)
        if entry is None:
            # Another than those of the run: one that `against` names, read a moment ago.
            data = None if self._read_back else _bytes_of(Path(path))
        else:
            data = self._source_of(entry)
        if data is None:
            return None
        if form is not None:
            return Original(len(data), _in_rows(data, form))
        try:
            document = decode(path, data, syntax_of(path), path)
        except NotText:
            return None
        return Original(len(data), _in_text(document))

    def _source_of(self, entry: DocumentEntry) -> bytes | None:
        for name in (entry.path, entry.output):
            path = self._place(entry, name) if name else None
            data = _bytes_of(path) if path else None
            if data is None:
                continue
            if sha256(data).hexdigest() == entry.sha256_after != entry.sha256_before:
                ranges = ((each.start, each.end, each.raw) for each in self._removals.get(entry.path, ()))
                with suppress(DedupError):
                    data = put_back(data, ranges)
            if sha256(data).hexdigest() == entry.sha256_before:
                return data
        return None

    def _place(self, entry: DocumentEntry, name: str) -> Path | None:
        if self._read_back:
            return within(self._fence, lambda _: Path(name))(entry)
        return Path(name)


def _bytes_of(path: Path) -> bytes | None:
    """The bytes of a file; None where it is none, is too large, or cannot be read."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_FILE:
            return None
        return path.read_bytes()
    except (OSError, ValueError):  # a NUL, or what no file name can hold
        return None


def _in_text(document: Document) -> Callable[[int, int], Passage]:
    text, table, shift = document.text, document.table, document.shift

    def position(offset: int) -> int:
        found = offset - shift if table is None else int(np.searchsorted(table, offset))
        return min(max(found, 0), len(text))

    def passage(start: int, end: int) -> Passage:
        first, last = position(start), position(end)
        above = _lines(text[max(0, first - _FAR) : first])[-LINES:]
        below = _lines(text[last : last + _FAR])[:LINES]
        return Passage(
            "\n".join(_lines(text[first:last], blank=True)),
            _tail("\n".join(above)),
            _head("\n".join(below)),
        )

    return passage


def _lines(data: bytes, *, blank: bool = False) -> list[str]:
    """The lines of a text, without the blank ones and those that we put into notebooks ourselves."""
    lines = (line.decode("utf-8", "replace") for line in data.splitlines() if not line.startswith(MARK))
    return [line for line in lines if blank or line.strip()]


def _tail(text: str) -> str:
    return text if len(text) <= CHARACTERS else f"…{text[-CHARACTERS:]}"


def _head(text: str) -> str:
    return text if len(text) <= CHARACTERS else f"{text[:CHARACTERS]}…"


def _in_rows(data: bytes, form: Form) -> Callable[[int, int], Passage]:
    """Places in the rows of a table; the lines around them are those of other texts, and are not given."""

    def passage(start: int, end: int) -> Passage:
        part = data[max(start, 0) : max(end, 0)]
        if form.kind != "jsonl":
            return Passage(part.decode("utf-8", "replace").replace('""', '"'))
        try:
            return Passage(str(json.loads(b'"%s"' % part, strict=False)))
        except ValueError:
            return Passage(None)

    return passage
