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
        self._rows = 0
        self.header: list[str] = []

    def chunks(self) -> Iterator[Chunk]:
        """The batches; DedupError where the header has no such column, or a quotation does not end."""
        origin = 0
        rest = b""
        size = min(_FIRST_BYTES, self._most)
        ended = False
        while not ended or rest:
            data = b"" if ended else self._read(size)
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
                raise DedupError(f"row {self._rows}: {TOO_LONG}, or a quotation that does not end")

    def _records(self, data: bytes, origin: int, ended: bool) -> Generator[Chunk, None, int]:
        """Gives the whole records of some bytes, and returns how long they are."""
        codes = np.frombuffer(data, np.uint8)
        begin = len(codecs.BOM_UTF8) if not origin and data.startswith(codecs.BOM_UTF8) else 0
        outside, strays = _quotations(data, codes, self._delimiter, begin)
        ends = np.flatnonzero((codes == _FEED) & outside) + 1
        if ended and len(data) > (int(ends[-1]) if len(ends) else 0):
            if outside[-1]:
                ends = np.append(ends, len(data))
            elif not len(ends):
                raise DedupError(f"row {self._rows}: a quotation that does not end")
        if not len(ends):
            return 0
        used = int(ends[-1])
        starts = np.concatenate(([0], ends[:-1]))
        if not self.header:
            self._read_header(data[: int(ends[0])])
        separators = np.flatnonzero((codes[:used] == ord(self._delimiter)) & outside[:used])
        self._rows += len(ends)
        yield self._chunk(data[:used], origin, starts, ends, separators, [at for at in strays if at < used])
        return used

    def _read_header(self, line: bytes) -> None:
        try:
            text = line.removeprefix(codecs.BOM_UTF8).decode("utf-8")
            self.header = next(csv.reader([text], delimiter=self._delimiter), [])
        except (UnicodeDecodeError, csv.Error):
            raise DedupError("the first row is no header in UTF-8") from None
        if self._column not in self.header:
            raise DedupError(missing(self._column, self.header))
        if self.header.count(self._column) > 1:
            raise DedupError(f'{self.header.count(self._column)} columns are called "{self._column}"')

    def _chunk(
        self, data: bytes, origin: int, starts: I64, ends: I64, separators: I64, strays: list[int]
    ) -> Chunk:
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
        for row in np.searchsorted(starts, strays, side="right") - 1:
            bad.setdefault(int(row), "a quotation mark that neither begins nor ends a field")
        places[list(bad), 2:] = -1
        return Chunk(data, origin, places, quoted=True, bad=bad)

    @staticmethod
    def _at(separators: I64, which: I64) -> I64:
        if not len(separators):
            return np.zeros(len(which), np.int64)
        return np.asarray(separators[np.minimum(which, len(separators) - 1)])

    def _after(self, separators: I64, which: I64) -> I64:
        return self._at(separators, which) + 1


def _quotations(data: bytes, codes: Any, delimiter: str, begin: int) -> tuple[Any, list[int]]:
    """Which bytes stand outside of quotations, and the places of marks that neither begin nor end a field.

    Such a mark means nothing: the records after it are found all the same.
    """
    quotes = codes == _QUOTE
    marks = np.flatnonzero(quotes)
    if not len(marks):
        return np.ones(len(codes), bool), []
    outside = np.cumsum(quotes, dtype=np.int32) % 2 == 0
    edge = np.append((codes == ord(delimiter)) | (codes == _FEED), True)
    ends = edge.copy()
    ends[:-1] |= (codes == _RETURN) & edge[1:]
    # An opening mark begins a field or is the second of a pair; a closing one ends a field or is the first of a pair.
    pairs = np.diff(marks) == 1
    begins = edge[marks - 1] | (marks == begin) | np.concatenate(([False], pairs))
    right = np.where(np.arange(len(marks)) % 2 == 0, begins, ends[marks + 1] | np.append(pairs, False))
    if right.all():
        return outside, []
    first = int(marks[np.argmin(right)])
    feeds = np.flatnonzero((codes[:first] == _FEED) & outside[:first])
    start = int(feeds[-1]) + 1 if len(feeds) else begin
    outside[start:] = True
    strays = []
    for field in _FIELDS[delimiter].finditer(data, start):
        opened, closed = field.span(1)
        if opened >= 0:
            outside[opened:closed] = False
            if field[2] and field[3].removesuffix(b"\r"):
                strays.append(closed)
        elif b'"' in field[4]:
            strays.append(field.start(4))
    return outside, strays


_FIELDS = {
    each: re.compile(
        rb'(?:"((?:[^"]|"")*+)("?)([^%b\n]*+)|([^%b\n]*+))(?:[%b\n]|\Z)' % ((each.encode(),) * 3)
    )
    for each in ",\t"
}


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
