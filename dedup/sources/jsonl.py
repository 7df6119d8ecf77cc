"""JSON Lines: where the text of a row stands in its line, and what else it holds."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import Any

from dedup.sources.forms import Read
from dedup.sources.json_reader import JsonReader
from dedup.sources.rows import MOST_BYTES, BadRow, Chunk, too_long

_FIRST_BYTES = 1 << 18


def read_lines(read: Read, most: int) -> Iterator[Chunk]:
    """The lines of a file in batches of up to about `most` bytes, each as soon as it is whole.

    In place of a line that is longer than MOST_BYTES comes an empty batch with one bad row.
    """
    origin = end = 0  # of the batch, and of what was read
    rest: list[bytes] = []
    # What works on the second batch need not wait long for the first.
    size = min(_FIRST_BYTES, most)
    while data := read(size):
        size = min(size * 2, most)
        end += len(data)
        cut = data.rfind(b"\n") + 1
        if cut and end - len(data) - origin <= MOST_BYTES:
            yield Chunk(b"".join((*rest, data[:cut])) if rest else data[:cut], origin)
        elif cut:
            first = data.index(b"\n") + 1
            yield too_long(origin)
            yield Chunk(data[first:cut], end - len(data) + first)
        elif end - origin <= MOST_BYTES:
            rest.append(data)
            continue
        else:
            rest = []  # the rest of it is passed over
            continue
        rest = [data[cut:]] if cut < len(data) else []
        origin = end - len(data) + cut
    if end - origin > MOST_BYTES:
        yield too_long(origin)
    elif rest:
        yield Chunk(b"".join(rest), origin)


def _whole(digits: str) -> int | str:
    """A number, as it stands where Python's limit would not let it be one."""
    return int(digits) if len(digits) < 4000 else digits


_NAMES = {dict: "an object", list: "an array", int: "a number", float: "a number", bool: "true or false"}


def find_text(line: bytes, column: str) -> tuple[int, int] | None:
    """The byte range of a row's text in its line, between the quotes; None where it has none, or null.

    Of a key given twice the last one counts, as in Python's `json`; a byte order mark is passed over. Raises BadRow.
    """
    mark = len(codecs.BOM_UTF8) if line.startswith(codecs.BOM_UTF8) else 0
    try:
        text = line[mark:].decode("utf-8").rstrip("\n")
        place, other = _find(text, column)
    except UnicodeDecodeError:
        raise BadRow("not valid UTF-8") from None
    except RecursionError:
        raise BadRow("JSON nested too deeply") from None
    except (ValueError, StopIteration):
        raise BadRow("not a JSON object") from None
    if other:
        raise BadRow(f'{other} under "{column}", not a string')
    if place is None:
        return None
    start = mark + len(text[: place[0]].encode())
    return start, start + len(text[place[0] : place[1]].encode())


def _find(text: str, column: str) -> tuple[tuple[int, int] | None, str]:
    """The place of the string under a key, and what stands there instead of a string or null."""
    reader = JsonReader(text)
    found, other = None, ""
    for key in reader.members() if reader.next else ():
        value, start, end = reader.value()
        if key == column:
            found = (start + 1, end - 1) if isinstance(value, str) else None
            other = "" if found or value is None else _NAMES[type(value)]
    reader.finish()
    return found, other


def value_of(line: bytes, column: str) -> Any:
    """What stands under a key in a line that is a JSON object; None where there is no such key."""
    return json.loads(line.decode("utf-8-sig"), parse_int=_whole).get(column)


def has_key(line: bytes, column: str) -> bool:
    """Whether a line is a JSON object that has a key."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and column in row
