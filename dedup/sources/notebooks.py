"""Jupyter notebooks: the text of their Markdown cells, and what is taken out of the file where some of it goes.

A cell's source is a string or a list of strings, which nbformat 4 joins. What goes are whole strings of the list with
their commas, or parts of strings; all other bytes of the file stay, and it stays JSON.
"""

from __future__ import annotations

import codecs
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import Any

import numpy as np

from dedup.documents import Document, Span
from dedup.sources.encoding import Binary, NotText
from dedup.sources.json_reader import JsonReader
from dedup.sources.rows import read_string
from dedup.words import I64

MARK = b"\xff"
"""What each cell begins with in a notebook's text, on a line with the hash of what it shows unless it is Markdown.

No byte of UTF-8, so that no cell can hold it. After each cell stands a line feed, so that all begin on a line.
"""


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of a file: where it begins, and where the strings of its source stand, between their quotes.

    `place` is what lies between the brackets of their list; None where the source is one string. Of a cell that is
    no Markdown there are none, but what it shows.
    """

    start: int
    shows: str = ""
    strings: Sequence[Span] = ()
    place: Span | None = None


def read_notebook(path: str, data: bytes, inside: str) -> Document:
    """The document that a notebook's bytes make.

    Raises Binary where they hold a NUL, NotText where they are no notebook of nbformat 4.
    """
    if b"\0" in data:
        raise Binary("binary file")
    parts: list[bytes] = []
    tables: list[I64] = []
    pieces: list[_Piece] = []
    size = 0

    def add(text: bytes, table: I64) -> None:
        nonlocal size
        parts.append(text)
        tables.append(table)
        size += len(text)

    for cell in _cells(data):
        mark = MARK + _digest(cell.shows) + b"\n"
        add(mark, np.full(len(mark), cell.start))
        end = cell.start
        if cell.strings:
            starts = [size]
            for start, end in cell.strings:
                text, offsets = read_string(data[start:end])
                add(text, offsets[:-1] + start)
                starts.append(size)
            pieces.append(_Piece(data, starts, cell.strings, cell.place))
        add(b"\n", np.array([end]))
    text = b"".join(parts)
    table = np.concatenate([*tables, [len(data)]])
    return Document(path, data, text, "notebook", inside, table=table, layout=_Pieces(data, table, pieces))


def _cells(data: bytes) -> list[_Cell]:
    """The cells in order; of a key given twice the last one counts, as in Python's `json`."""
    try:
        data.decode("utf-8")
        mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        # What parts values is ASCII; with a character for each byte, all places are those in the file.
        reader = JsonReader(" " * mark + data[mark:].decode("latin-1"))
        cells = _read_notebook(reader)
        reader.finish()
    except UnicodeDecodeError:
        raise NotText("not valid UTF-8") from None
    except RecursionError:
        raise NotText("JSON nested too deeply") from None
    except ValueError:
        raise NotText("not a notebook: not valid JSON") from None
    if cells is None:
        raise NotText("not a notebook of format 4: it has no list of cells")
    return cells


def _read_notebook(reader: JsonReader) -> list[_Cell] | None:
    if reader.next != "{":
        reader.value()
        return None
    cells = None
    for key in reader.members():
        if key == "cells" and reader.next == "[":
            cells = [_read_cell(reader, number) for number in reader.items()]
            continue
        reader.value()
        cells = None if key == "cells" else cells
    return cells


def _read_cell(reader: JsonReader, number: int) -> _Cell:
    start = reader.at
    if reader.next != "{":
        reader.value()
        raise NotText(f"cell {number + 1} is not an object")
    kind: Any = None
    source: Any = []
    strings: list[Span] = []
    place: Span | None = None
    for key in reader.members():
        if key == "source":
            source, strings, place = _read_source(reader)
        else:
            value, _, _ = reader.value()
            kind = value if key == "cell_type" else kind
    is_text = isinstance(source, str) or all(isinstance(line, str) for line in source)
    if kind != "markdown":
        return _Cell(start, shows="".join(source) if is_text else repr(source))
    if not is_text:
        raise NotText(f'cell {number + 1}: "source" is neither a string nor a list of strings')
    return _Cell(start, strings=strings, place=place)


def _digest(shown: str) -> bytes:
    """A hash of what a cell shows, empty where that is nothing."""
    if not shown.strip():
        return b""
    return blake2b(shown.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest().encode()


def _read_source(reader: JsonReader) -> tuple[Any, list[Span], Span | None]:
    """What stands under `source`, a list where it is no string, with the places of its strings and of a list."""
    if reader.next != "[":
        value, start, end = reader.value()
        return (value, [(start + 1, end - 1)], None) if isinstance(value, str) else ([value], [], None)
    opening = reader.at
    values, strings = [], []
    for _ in reader.items():
        value, start, end = reader.value()
        values.append(value)
        strings.append((start + 1, end - 1))
    return values, strings, (opening + 1, reader.closed)


class _Piece:
    """The source of one Markdown cell: where its strings begin in the text, and where they stand in the file.

    `starts` has one value more, the end of the last one; `place` is as in _Cell.
    """

    def __init__(self, data: bytes, starts: list[int], strings: Sequence[Span], place: Span | None) -> None:
        self.starts = starts
        self._data = data
        self._strings = strings
        self._place = place

    def range(self, span: Span, inside: Span) -> Span:
        """The range of the file that goes with a span of the text; `inside` is that from character to character."""
        first, last = self._string(span[0]), self._string(span[1] - 1)
        from_start, to_end = span[0] == self.starts[first], span[1] == self.starts[last + 1]
        if not (from_start and to_end) or self._place is None:
            return inside[0], self._strings[last][1] if to_end else inside[1]
        if last + 1 < len(self._strings):
            start, end = self._strings[first][0] - 1, self._strings[last + 1][0] - 1
            # Where both are indented in the same way, whole lines go.
            while self._data[start - 1] == self._data[end - 1] and self._data[start - 1] in b" \t":
                start, end = start - 1, end - 1
            return start, end
        if first:
            return self._strings[first - 1][1] + 1, self._strings[last][1] + 1
        return self._place

    def border(self, start: int, inside: int) -> int:
        """Where in the file a removed range ends and the next one begins, which is from `start` on in the text."""
        number = self._string(start)
        if start > self.starts[number] or not number:
            return inside
        position = self._strings[number][0] - 1
        while self._data[position - 1] in b" \t":
            position -= 1
        return position

    def _string(self, position: int) -> int:
        return bisect_right(self.starts, position, hi=len(self._strings)) - 1


class _Pieces:
    """The Layout of a notebook's text."""

    def __init__(self, data: bytes, table: I64, pieces: Sequence[_Piece]) -> None:
        self._data = data
        self._table = table
        self._pieces = pieces

    def line(self, position: int) -> int:
        """The line of the file, counted from 1, in which an offset in the text stands."""
        return int(np.searchsorted(self._line_ends, self._place(position))) + 1

    @cached_property
    def _line_ends(self) -> I64:
        return np.flatnonzero(np.frombuffer(self._data, np.uint8) == ord("\n"))

    def ranges(self, spans: Sequence[Span]) -> list[Span]:
        """The byte ranges of the file that go where spans of the text go, which are in order and do not overlap.

        Which comma goes with a string depends on what else goes: those that follow on each other are seen as one.
        """
        found: list[Span] = []
        for group in _groups(spans):
            whole = group[0][0], group[-1][1]
            piece = self._pieces[bisect_right(self._pieces, whole[0], key=lambda piece: piece.starts[0]) - 1]
            start, end = piece.range(whole, (self._place(whole[0]), self._place(whole[1])))
            borders = (piece.border(each[0], self._place(each[0])) for each in group[1:])
            found += pairwise((start, *borders, end))
        return found

    def _place(self, position: int) -> int:
        return int(self._table[position])


def _groups(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The spans, in groups that follow on each other."""
    group: list[Span] = []
    for span in spans:
        if group and group[-1][1] != span[0]:
            yield group
            group = []
        group.append(span)
    if group:
        yield group
