"""A unified diff, straight from the ranges that were cut out: nothing need be compared."""

from __future__ import annotations

import os
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from dedup.documents import Document
from dedup.output import cut_out

CONTEXT = 3

_PLAIN_TEXT = re.compile(rb"[\t -~]*")

_BOLD, _CYAN, _RED, _GREEN, _PLAIN = b"\x1b[1m", b"\x1b[36m", b"\x1b[31m", b"\x1b[32m", b"\x1b[0m"


@dataclass(frozen=True, slots=True)
class _Change:
    """The lines `first` up to `last` (without it), and what stands in their place."""

    first: int
    last: int
    new: list[bytes]


def diff_of(document: Document, ranges: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """The lines of the diff that takes the ranges, offsets in the source, out of a document.

    Lines end where a line feed is. A document that was rewritten as UTF-8 is shown so, a notebook as its file is.
    """
    source = document.source
    if document.table is not None and document.layout is None:
        source = document.text
        ranges = [_in_text(document.table, place) for place in ranges]
    lines = _lines(source)
    changes = list(_changes(source, lines, ranges))
    if not changes:
        return
    name = _name(document.path)
    yield b"--- " + name + b"\n"
    yield b"+++ " + name + b"\n"
    removed = 0
    for hunk in _hunks(changes):
        yield from _hunk(lines, hunk, removed)
        removed += sum(change.last - change.first - len(change.new) for change in hunk)


def _lines(source: bytes) -> list[bytes]:
    """The lines, parted as `patch` parts them: at line feeds only."""
    lines = [line + b"\n" for line in source.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _in_text(table: npt.NDArray[np.int64], place: tuple[int, int]) -> tuple[int, int]:
    # The last position of this offset: those before it lie within the character that ends there.
    start, end = (int(table.searchsorted(offset, "right")) - 1 for offset in place)
    return start, end


def _changes(source: bytes, lines: Sequence[bytes], ranges: Iterable[tuple[int, int]]) -> Iterator[_Change]:
    """The changed lines, one after the other, never touching."""
    starts = [0, *accumulate(map(len, lines))]
    for first, last, cut in _touched(starts, _joined(ranges)):
        shifted = [(start - starts[first], end - starts[first]) for start, end in cut]
        yield _Change(first, last, _lines(cut_out(source[starts[first] : starts[last]], shifted)))


def _joined(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The ranges with those made one that follow directly on each other; empty ones are left out."""
    whole: tuple[int, int] | None = None
    for start, end in ranges:
        if whole and whole[1] == start:
            whole = whole[0], end
            continue
        if whole and whole[0] < whole[1]:
            yield whole
        whole = start, end
    if whole and whole[0] < whole[1]:
        yield whole


def _touched(
    starts: Sequence[int], ranges: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int, list[tuple[int, int]]]]:
    """The groups of lines that the ranges reach into, from `first` to before `last`, with their ranges."""
    group: list[tuple[int, int]] = []
    first = last = 0
    for start, end in ranges:
        top, bottom = bisect_right(starts, start) - 1, bisect_left(starts, end)
        # A line that loses its end only goes on with the next one.
        if starts[top] < start and starts[bottom] == end and bottom < len(starts) - 1:
            bottom += 1
        if group and top > last:
            yield first, last, group
            group = []
        if not group:
            first = top
        group.append((start, end))
        last = bottom
    if group:
        yield first, last, group


def _hunks(changes: Iterable[_Change]) -> Iterator[list[_Change]]:
    """The changes in groups whose context meets."""
    hunk: list[_Change] = []
    for change in changes:
        if hunk and change.first - hunk[-1].last > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(change)
    if hunk:
        yield hunk


def _hunk(lines: Sequence[bytes], changes: Sequence[_Change], removed: int) -> Iterator[bytes]:
    top = max(changes[0].first - CONTEXT, 0)
    bottom = min(changes[-1].last + CONTEXT, len(lines))
    before = bottom - top
    after = before - sum(change.last - change.first - len(change.new) for change in changes)
    yield b"@@ -%s +%s @@\n" % (_span(top, before), _span(top - removed, after))
    position = top
    for change in changes:
        yield from (_marked(b" ", line) for line in lines[position : change.first])
        yield from (_marked(b"-", line) for line in lines[change.first : change.last])
        yield from (_marked(b"+", line) for line in change.new)
        position = change.last
    yield from (_marked(b" ", line) for line in lines[position:bottom])


def _span(first: int, count: int) -> bytes:
    """Lines as a hunk's head names them: counted from 1, and no lines by the line before them."""
    number = first + 1 if count else first
    return b"%d" % number if count == 1 else b"%d,%d" % (number, count)


def _marked(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n\\ No newline at end of file\n"


def _name(path: str) -> bytes:
    """A file name as git and patch read it: quoted where it holds what would end or hide it."""
    name = os.fsencode(path)
    if any(byte < 0x20 or byte in b'"\\\x7f' for byte in name):
        return b'"' + b"".join(_quoted(byte) for byte in name) + b'"'
    # Without the tab a name with a blank in it ends there.
    return name + b"\t" if b" " in name else name


def _quoted(byte: int) -> bytes:
    if byte in b'"\\':
        return b"\\%c" % byte
    return b"%c" % byte if 0x20 <= byte < 0x7F else b"\\%03o" % byte


def shown(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a diff for a person at a terminal, not for `patch`.

    What a terminal would act on, or not show, is an escape, and no text turns its line round.
    """
    from dedup.report.graphemes import isolated
    from dedup.report.shown import visible

    for line in lines:
        text, end, rest = line.partition(b"\r\n" if b"\r\n" in line else b"\n")
        if _PLAIN_TEXT.fullmatch(text):
            yield line
            continue
        parts = text[1:].decode("utf-8", "surrogateescape").split("\t")
        told = "\t".join(isolated(visible(part)) for part in parts)
        yield text[:1] + told.encode() + end + rest


def coloured(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of one document's diff in the colours that a terminal shows."""
    colours = {b"-": _RED, b"+": _GREEN, b"@": _CYAN}
    for number, line in enumerate(lines):
        # The first two name the file; a removed line may begin as they do.
        colour = _BOLD if number < 2 else colours.get(line[:1])
        if colour is None:
            yield line
        else:
            text, *rest = line.split(b"\n", 1)
            yield colour + text + _PLAIN + b"\n" + (rest[0] if rest else b"")
