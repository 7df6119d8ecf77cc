"""CSV and TSV (RFC 4180): where each record and its text stand in the file's bytes.

Python's `csv` gives values and no places; here the bytes of all other fields are to stay as they are. A record in which
quotation marks stand otherwise than the RFC allows is a bad row.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Generator, Iterator
from typing import Any

import numpy as np

from dedup.problems import DedupError
from dedup.sources.forms import Read
from dedup.sources.rows import MOST_BYTES, TOO_LONG, Chunk
from dedup.words import I64

_QUOTE, _FEED, _RETURN = b'"\n\r'
_FIRST_BYTES = 1 << 18


class Records:
    """The records of a CSV file, in batches of whole ones; the first row is the header, which has no text."""

    def __init__(self, read: Read, delimiter: str, column: str, most: int) -> None:
        self._read = read
        self._delimiter = delimiter
        self._column = column
        self._most = most
        self.header: list[str] = []

    def chunks(self) -> Iterator[Chunk]:
        """The batches; DedupError where the header has no such column, or a quotation does not end."""
        origin = 0
        rest = b""
        size = min(_FIRST_BYTES, self._most)
        ended = False
        while not ended:
            data = self._read(size)
            size = min(size * 2, self._most)
            ended = not data
            rest += data
            # What is long is not looked through again for each part of it.
            if not ended and len(rest) > self._most and len(data) < len(rest) // 2 <= MOST_BYTES:
                continue
            used = yield from self._records(rest, origin, ended)
            origin += used
            rest = rest[used:]
            if len(rest) > MOST_BYTES:
                raise DedupError(f"at byte {origin:,}: a row {TOO_LONG}, or a quotation that does not end")

    def _records(self, data: bytes, origin: int, ended: bool) -> Generator[Chunk, None, int]:
        """Gives the whole records of some bytes, and returns how long they are."""
        codes = np.frombuffer(data, np.uint8)
        quotes = codes == _QUOTE
        # Odd within a quotation.
        outside = np.cumsum(quotes, dtype=np.int32) % 2 == 0 if quotes.any() else np.ones(len(codes), bool)
        ends = np.flatnonzero((codes == _FEED) & outside) + 1
        if ended and len(data) > (int(ends[-1]) if len(ends) else 0):
            if not outside[-1]:
                raise DedupError(
                    f"at byte {origin + int(ends[-1] if len(ends) else 0):,}: a quotation that does not end"
                )
            ends = np.append(ends, len(data))
        if not len(ends):
            return 0
        used = int(ends[-1])
        starts = np.concatenate(([0], ends[:-1]))
        if not self.header:
            self._read_header(data[: int(ends[0])])
        separators = np.flatnonzero((codes[:used] == ord(self._delimiter)) & outside[:used])
        yield self._chunk(data[:used], origin, starts, ends, separators)
        return used

    def _read_header(self, line: bytes) -> None:
        try:
            text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8")
            self.header = next(csv.reader([text], delimiter=self._delimiter), [])
        except (UnicodeDecodeError, csv.Error):
            raise DedupError("the first row is no header in UTF-8") from None
        if self._column not in self.header:
            raise DedupError(missing(self._column, self.header))

    def _chunk(self, data: bytes, origin: int, starts: I64, ends: I64, separators: I64) -> Chunk:
        codes = np.frombuffer(data, np.uint8)
        stops = ends - (codes[ends - 1] == _FEED)  # without the end of the line
        returns = (stops > starts) & (codes[np.maximum(stops - 1, 0)] == _RETURN)
        stops = stops - returns
        first = np.searchsorted(separators, starts)
        count = np.searchsorted(separators, ends) - first
        blank = stops == starts
        right = (count == len(self.header) - 1) & ~blank

        at = self.header.index(self._column)
        begin = np.where(right, starts if at == 0 else self._after(separators, first + at - 1), -1)
        end = np.where(right, stops if at == len(self.header) - 1 else self._at(separators, first + at), -1)
        quoted = right & (end - begin >= 2) & (codes[np.maximum(begin, 0)] == _QUOTE)
        # Nothing at all is null, as those have it who write both.
        begin = np.where((begin == end) & ~quoted, -1, begin)
        places = np.stack((starts, ends, begin + quoted, end - quoted), axis=1).astype(np.int64)
        if not origin:
            places[0, 2:] = -1
        bad = {
            int(row): f"{count[row] + 1} fields, the header has {len(self.header)}"
            for row in np.flatnonzero(~right & ~blank)
        }
        if data.startswith(codecs.BOM_UTF8) and not origin:
            starts = np.concatenate(([len(codecs.BOM_UTF8)], starts[1:]))
        for row in _odd_quotes(codes, separators, starts, stops):
            bad.setdefault(row, "a quotation mark that neither begins nor ends a field")
        places[list(bad), 2:] = -1
        return Chunk(data, origin, places, quoted=True, bad=bad)

    @staticmethod
    def _at(separators: I64, which: I64) -> I64:
        if not len(separators):
            return np.zeros(len(which), np.int64)
        return np.asarray(separators[np.minimum(which, len(separators) - 1)])

    def _after(self, separators: I64, which: I64) -> I64:
        return self._at(separators, which) + 1


def _odd_quotes(codes: Any, separators: I64, starts: I64, stops: I64) -> list[int]:
    """The rows with a quotation mark that does not stand at an edge of a field, and is not doubled inside one."""
    marks = np.flatnonzero(codes == _QUOTE)
    if not len(marks):
        return []
    edge_before = np.zeros(len(codes) + 1, bool)  # whether a field begins at a place
    edge_after = np.zeros(len(codes) + 1, bool)  # whether one ends there
    edge_before[starts] = edge_after[stops] = True
    edge_before[separators + 1] = edge_after[separators] = True
    opening = np.arange(len(marks)) % 2 == 0
    # An opening mark begins a field or is the second of a pair; a closing one ends a field or is the first of a pair.
    paired_before = np.concatenate(([False], np.diff(marks) == 1))
    paired_after = np.append(np.diff(marks) == 1, False)
    right = np.where(opening, edge_before[marks] | paired_before, edge_after[marks + 1] | paired_after)
    rows = np.unique(np.searchsorted(starts, marks[~right], side="right") - 1)
    return [int(row) for row in rows]


def field_of(line: bytes, number: int, delimiter: str) -> str:
    """A field of a record whose quotation marks stand as they should, by its number from 0."""
    line = line.removesuffix(b"\n").removesuffix(b"\r")
    pattern = _FIELD[delimiter]
    at = 0
    for _ in range(number):
        at = _end_of(pattern, line, at) + 1
    field = line[at : _end_of(pattern, line, at)]
    if field.startswith(b'"'):
        field = field[1:-1].replace(b'""', b'"')
    return field.decode("utf-8", "replace")


_FIELD = {each: re.compile(rb'"(?:[^"]|"")*+"|[^%b]*+' % each.encode()) for each in ",\t"}


def _end_of(pattern: re.Pattern[bytes], line: bytes, at: int) -> int:
    found = pattern.match(line, at)
    return found.end() if found else at


def missing(column: str, header: list[str]) -> str:
    """That a table lacks a column, and which it has."""
    from difflib import get_close_matches

    near = get_close_matches(column, header, n=1)
    hint = (
        f'; did you mean "{near[0]}"?' if near else f"; there are {', '.join(header[:12])}" if header else ""
    )
    return f'no column "{column}"{hint}'
