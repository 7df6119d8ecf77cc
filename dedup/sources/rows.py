"""Rows of a table as columns, in batches: where each row's text stands, and what became of it so far."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from dedup.documents import Document, Syntax
from dedup.words import I64, U64

BATCH_BYTES = 4 << 20
"""How much is read at a time, after a few smaller batches; results do not depend on it."""

FRUGAL_BYTES = 1 << 20
"""The same where memory is limited."""

MOST_BYTES = 32 << 20
"""The longest row and the longest text that is worked on: cutting takes some forty times its memory."""

NO_TEXT, PLAIN, OTHER, ODD = range(4)
"""What is known of a row: it has no text, only paragraphs that are cut already, a text that must be cut, or it must be
read by Python, which decides what it is."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a table: whole lines of a file, or the cells of a column one after the other.

    data: the bytes, which begin at `origin` in the file.
    places: int64 (rows, 4), where each row begins and ends and where its text does, -1 where it has none; None for
        JSON Lines, in which these are still to be found. In a `quoted` text a quotation mark stands twice.
    bad: the rows that cannot be read, and why. carried: the columns as they came, where rows are no bytes.
    """

    data: Any
    origin: int = 0
    places: I64 | None = None
    quoted: bool = False
    bad: dict[int, str] = field(default_factory=dict)
    carried: Any = None


class BadRow(Exception):
    """A row that cannot be read; its text is the reason in one clause."""


TOO_LONG = f"longer than {MOST_BYTES >> 20} MB"


def too_long(origin: int) -> Chunk:
    """What stands for one row that is longer than MOST_BYTES."""
    return Chunk(b"", origin, np.array([[0, 0, -1, -1]]), bad={0: TOO_LONG})


_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)", re.DOTALL)


Escapes = Literal["json", "csv"]


def row_document(
    path: str,
    inside: str,
    line: int,
    origin: int,
    raw: bytes,
    escapes: Escapes | None,
    syntax: Syntax = "text",
) -> Document:
    """The document of a row: `raw` is its text as it stands in the file, from `origin` on, between the quotes.

    `escapes` says how characters are written there, None that the text is as it stands.
    """
    if escapes is None or (b"\\" if escapes == "json" else b'"') not in raw:
        return Document(path, raw, raw, syntax, inside, origin=origin, row=line)
    if escapes == "csv":
        text = raw.replace(b'""', b'"')
        return Document(path, raw, text, syntax, inside, table=_doubled(raw), origin=origin, row=line)
    text, offsets = read_string(raw)
    return Document(path, raw, text, syntax, inside, table=offsets, origin=origin, row=line)


def read_string(raw: bytes) -> tuple[bytes, I64]:
    """What a JSON string says, given between its quotes, and for every offset in that the one in the string."""
    # A surrogate without its other half says nothing; U+FFFD has as many bytes as it would have.
    decoded = json.loads(b'"%b"' % raw).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = decoded.encode("utf-8")
    return text, _offsets(raw, len(text))


def _doubled(raw: bytes) -> I64:
    """For every offset in a text its offset in the cell in which each quotation mark stands twice."""
    marks = np.frombuffer(raw, np.uint8) == ord('"')
    second = marks & (np.cumsum(marks) % 2 == 0)
    return np.append(np.flatnonzero(~second), len(raw))


def _offsets(raw: bytes, size: int) -> I64:
    """For every offset in the text its offset in the string with escapes; within a character, that of its end."""
    steps = np.ones(size + 1, np.int64)
    at = end = 0
    for escape in _ESCAPE.finditer(raw):
        at += escape.start() - end
        end = escape.end()
        length = end - escape.start()
        if length == 2:
            width = 1
        elif length == 12:
            width = 4
        else:
            code = int(escape[0][2:], 16)
            width = 1 if code < 0x80 else 2 if code < 0x800 else 3
        steps[at] = length
        steps[at + 1 : at + width] = 0
        at += width
    table = np.zeros(size + 1, np.int64)
    np.cumsum(steps[:-1], out=table[1:])
    return table


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch with what is known of its rows, as columns.

    rows: int64 (rows, 8): where the line begins and ends, the string, the text (in `text`), the number of its first
        block, and NO_TEXT, PLAIN, OTHER or ODD. Offsets count from the start of the batch.
    blocks: uint64 (blocks, 8): where a paragraph of a PLAIN row begins and what is shown of it ends (in `text`), where
        it begins in the batch and its length there, its number of words, `same` and `key` as in Prepared, and where
        its keys begin, with their number in the last 8 bits (0: none).
    keys: uint64, those of one block after those of another. text: the texts without escapes.
    """

    chunk: Chunk
    rows: I64
    blocks: U64
    keys: U64
    text: Any

    @property
    def text_size(self) -> int:
        """The bytes of the texts."""
        return memoryview(self.text).nbytes


LINE, LINE_END, RAW, RAW_END, TEXT, TEXT_END, FIRST_BLOCK, STATE = range(8)


def plain_rows(chunk: Chunk) -> Rows:
    """The batch as it is where no kernel is: every row for Python to read."""
    if chunk.places is not None:
        rows = np.zeros((len(chunk.places), 8), np.int64)
        rows[:, [LINE, LINE_END, RAW, RAW_END]] = chunk.places
        rows[:, STATE] = np.where(chunk.places[:, 2] < 0, NO_TEXT, OTHER)
    else:
        ends = np.flatnonzero(np.frombuffer(chunk.data, np.uint8) == 10) + 1
        if not len(ends) or ends[-1] != len(chunk.data):
            ends = np.append(ends, len(chunk.data))
        rows = np.zeros((len(ends), 8), np.int64)
        rows[1:, LINE], rows[:, LINE_END], rows[:, STATE] = ends[:-1], ends, ODD
    return Rows(chunk, rows, np.zeros((0, 8), np.uint64), np.zeros((0, 1), np.uint64), b"")
