"""Tables of one document a row, as JSON Lines: batches of whole lines, and where each row's text stands in them."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import Path, PurePath
from typing import Any

import numpy as np

from dedup.documents import Document
from dedup.problems import DedupError, Problem, reason_of
from dedup.words import I64, U64

ENDINGS = (".jsonl", ".ndjson")
TEXT_COLUMN = "text"

BATCH_BYTES = 4 << 20
"""How much is read at a time, after a few smaller batches; results do not depend on it."""

FRUGAL_BYTES = 1 << 20
"""The same where memory is limited."""

_FIRST_BYTES = 1 << 18

NO_TEXT, PLAIN, OTHER, ODD = range(4)
"""What is known of a row: it has no text, only paragraphs that are cut already, a text that must be cut, or it must be
read by Python's own parser, which decides what it is."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file of rows: `path` is its name as it is reported, `real` where it is, `inside` as in Document.

    `tell` is called with what is wrong with it, which shows only when it is read.
    """

    path: str
    real: str
    inside: str
    tell: Callable[[Problem], None]


def is_table(name: str) -> bool:
    """Whether a file of this name holds a document a line."""
    return PurePath(name).suffix.lower() in ENDINGS


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines of a file: the bytes, and where they begin in it."""

    data: bytes
    origin: int


def read_lines(file: BufferedIOBase, most: int) -> Iterator[Lines]:
    """The lines of a file in batches of about `most` bytes; a line that is longer comes with its own."""
    origin = 0
    # What works on the second batch need not wait long for the first.
    size = min(_FIRST_BYTES, most)
    while data := file.read(size):
        size = min(size * 2, most)
        if not data.endswith(b"\n"):
            data += file.readline()
        yield Lines(data, origin)
        origin += len(data)


class BadRow(Exception):
    """A line that is no JSON object; its text is the reason in one clause."""


_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\r]*")


def find_text(line: bytes, column: str) -> tuple[int, int] | None:
    """The byte range of a row's text in its line, between the quotes; None where it has none that is a string.

    Of a key given twice the last one counts, as in Python's `json`; a byte order mark is passed over. Raises BadRow.
    """
    mark = len(codecs.BOM_UTF8) if line.startswith(codecs.BOM_UTF8) else 0
    try:
        text = line[mark:].decode("utf-8").rstrip("\n")
        place = _find(text, column)
    except UnicodeDecodeError:
        raise BadRow("not valid UTF-8") from None
    except RecursionError:
        raise BadRow("JSON nested too deeply") from None
    except (ValueError, StopIteration):
        raise BadRow("not a JSON object") from None
    if place is None:
        return None
    start = mark + len(text[: place[0]].encode())
    return start, start + len(text[place[0] : place[1]].encode())


def _find(text: str, column: str) -> tuple[int, int] | None:
    at = _skip(text, 0)
    if at == len(text):
        return None
    at = _expect(text, at, "{")
    found = None
    closed = text[at : at + 1] == "}"
    while not closed:
        key, at = scanstring(text, _expect(text, at, '"'), True)
        at = _expect(text, _skip(text, at), ":")
        start = at
        value, at = _DECODER.raw_decode(text, at)
        if key == column:
            found = (start + 1, at - 1) if isinstance(value, str) else None
        at = _skip(text, at)
        closed = text[at : at + 1] == "}"
        if not closed:
            at = _expect(text, at, ",")
    if _skip(text, at + 1) != len(text):
        raise ValueError
    return found


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, character: str) -> int:
    if text[at : at + 1] != character:
        raise ValueError
    return at + 1 if character == '"' else _skip(text, at + 1)


def read_row(table: Table, number: int) -> Document:
    """The document of one row, by its line; DedupError where there is none."""
    where = f"{table.path}:{number}"
    try:
        with Path(table.real).open("rb") as file:
            origin = 0
            for line, data in enumerate(file, 1):
                if line == number:
                    place = find_text(data, TEXT_COLUMN)
                    if place is None:
                        raise DedupError(f'{where}: no string under "{TEXT_COLUMN}" in this row')
                    return row_document(table, number, origin + place[0], data[place[0] : place[1]])
                origin += len(data)
    except OSError as error:
        raise DedupError(f"{table.path}: {reason_of(error)}") from None
    except BadRow as error:
        raise DedupError(f"{where}: {error}") from None
    raise DedupError(f"{where}: the file has no such line")


_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)", re.DOTALL)


def row_document(table: Table, line: int, origin: int, raw: bytes) -> Document:
    """The document of a row: `raw` is its string between the quotes, which begins at `origin` in the file."""
    if b"\\" not in raw:
        return Document(table.path, raw, raw, "text", table.inside, origin=origin, row=line)
    # A surrogate without its other half says nothing; U+FFFD has as many bytes as it would have.
    text = json.loads(b'"%b"' % raw).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    encoded = text.encode("utf-8")
    return Document(
        table.path,
        raw,
        encoded,
        "text",
        table.inside,
        table=_offsets(raw, len(encoded)),
        origin=origin,
        row=line,
    )


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
    """A batch of lines with what is known of its rows, as columns.

    rows: int64 (rows, 8): where the line begins and ends, the string, the text (in `text`), the number of its first
        block, and NO_TEXT, PLAIN, OTHER or ODD. Offsets count from the start of the batch.
    blocks: uint64 (blocks, 8): where a paragraph of a PLAIN row begins and what is shown of it ends (in `text`), where
        it begins in the batch and its length there, its number of words, `same` and `key` as in Prepared, and the
        number of its band keys, counted from 1 (0: none).
    keys: uint64 (sketched, bands). text: the texts without escapes.
    """

    lines: Lines
    rows: I64
    blocks: U64
    keys: U64
    text: Any

    @property
    def text_size(self) -> int:
        """The bytes of the texts."""
        return memoryview(self.text).nbytes


LINE, LINE_END, RAW, RAW_END, TEXT, TEXT_END, FIRST_BLOCK, STATE = range(8)


def plain_rows(lines: Lines) -> Rows:
    """The batch as it is where no kernel is: every row for Python to read."""
    ends = np.flatnonzero(np.frombuffer(lines.data, np.uint8) == 10) + 1
    if not len(ends) or ends[-1] != len(lines.data):
        ends = np.append(ends, len(lines.data))
    rows = np.zeros((len(ends), 8), np.int64)
    rows[1:, LINE], rows[:, LINE_END], rows[:, STATE] = ends[:-1], ends, ODD
    return Rows(lines, rows, np.zeros((0, 8), np.uint64), np.zeros((0, 1), np.uint64), b"")
