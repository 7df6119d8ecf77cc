"""Whether a cleaned document is cut into exactly the blocks that were kept."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.blocks.columns import Blocks, Kind, Role
from dedup.blocks.lines import find_lines

_SERIES = re.compile(rb"^(:|===)[ \t!+]", re.MULTILINE)


def first_difference(
    text: bytes, blocks: Blocks, removed: npt.NDArray[np.bool_], cleaned: bytes, after: Blocks, syntax: str
) -> int | None:
    """The byte offset in `text` where the cleaned text begins to be read otherwise, or None where it is the same.

    `blocks` are those of `text`, `removed` says which were taken out, `after` are the blocks of `cleaned`. Compared
    are the blocks, and for Markdown the parser's events, for HTML the tags: those of the source less those that lay
    in what was removed.
    """
    differences = [_blocks_differ(text, blocks, removed, cleaned, after, syntax)]
    if blocks.outline:
        differences.append(_events_differ(text, blocks, removed, after.outline))
    if syntax in ("markdown", "mdx", "notebook"):
        differences.append(_joins(text, blocks, removed))
    if blocks.needs:
        differences.append(_first_missed(blocks, removed))
    if blocks.elements:
        differences.append(_elements_differ(text, blocks, removed, after.elements))
    found = [place for place in differences if place is not None]
    return min(found) if found else None


def _blocks_differ(
    text: bytes, blocks: Blocks, removed: npt.NDArray[np.bool_], cleaned: bytes, after: Blocks, syntax: str
) -> int | None:
    kept = np.flatnonzero(~removed).tolist()
    if blocks.title != after.title:
        return 0
    columns = (blocks.start, blocks.end, blocks.kind, blocks.level)
    before_rows = zip(*(column[kept].tolist() for column in columns), strict=True)
    after_rows = zip(*(c.tolist() for c in (after.start, after.end, after.kind, after.level)), strict=True)
    for row, new in zip(before_rows, after_rows, strict=False):
        if row[2:] != new[2:] or not _same_block(text[row[0] : row[1]], cleaned[new[0] : new[1]]):
            if syntax == "html":  # whose caller looks for what had parted two blocks itself
                return int(row[0])
            return _taken_in(text, blocks, removed, row, cleaned[new[0] : new[1]])
    if len(after) < len(kept):
        return int(blocks.start[kept[len(after)]])
    return len(text) if len(after) > len(kept) else None


def _taken_in(
    text: bytes, blocks: Blocks, removed: npt.NDArray[np.bool_], row: tuple[int, int, int, int], new: bytes
) -> int:
    """Where a block begins that differs, or where it has taken in what follows, the removed block that parted them."""
    after = np.flatnonzero(removed & (blocks.start > row[0]))
    grown = len(new) > row[1] - row[0] and new.startswith(text[row[0] : row[1]].rstrip(b"\r\n"))
    return int(blocks.start[after[0]]) if grown and len(after) else row[0]


def _joins(text: bytes, blocks: Blocks, removed: npt.NDArray[np.bool_]) -> int | None:
    """Where a removed block parted two lists or two quotations, or touched a list that stays.

    CommonMark keeps two apart whose marks differ. Python-Markdown and kramdown make one of them, and take a list for
    lines of the paragraph directly above it; and a file does not say which of them will render it.
    """
    lists = blocks.lists
    shown = np.array([block for block in range(len(blocks)) if _is_shown(text, blocks, block)], np.int64)
    kept = shown[~removed[shown]]
    for above, below in zip(kept[:-1].tolist(), kept[1:].tolist(), strict=True):
        between = np.flatnonzero(removed[above:below])
        two_lists = lists[above] and lists[below] and lists[above] != lists[below]
        series = _series(text, blocks, above)
        two_lists = two_lists or (series is not None and series == _series(text, blocks, below))
        # Indented code directly below the last line of an admonition, or of a list, is taken for a part of it.
        taken_in = _series(text, blocks, below) == b"code" and _takes_in(
            blocks, np.flatnonzero(~removed[:below])
        )
        if len(between) and (two_lists or taken_in or _are_quotations(text, blocks, above, below)):
            return int(blocks.start[above + between[-1]])
        if len(between) and _leaves_open(text, blocks, above, above + int(between[0]), below):
            return int(blocks.start[above + between[0]])
    first, second = shown[:-1], shown[1:]
    touching = (lists[first] > 0) & (lists[second] > 0) & (lists[first] != lists[second])
    glued = np.array(
        [
            bool(blocks.glued[a + 1 : b + 1].all())
            for a, b in zip(first.tolist(), second.tolist(), strict=True)
        ],
        bool,
    )
    under = removed[first] & glued & (lists[first] == 0) & (lists[second] > 0)
    found = np.flatnonzero((touching | under) & (removed[first] != removed[second]))
    if not len(found):
        return None
    return int(blocks.start[first[found[0]] if removed[first[found[0]]] else second[found[0]]])


def _takes_in(blocks: Blocks, kept: npt.NDArray[np.int64]) -> bool:
    """Whether the last of some blocks is one that what is indented below it would belong to."""
    return len(kept) > 0 and bool(blocks.role[kept[-1]] >= Role.WRAPPER or blocks.lists[kept[-1]])


def _is_shown(text: bytes, blocks: Blocks, block: int) -> bool:
    """Whether a block is seen on the page: not link definitions, comments and tags that give nothing."""
    if blocks.kind[block] != Kind.PROTECTED or blocks.role[block] == Role.SHOWN or blocks.lists[block]:
        return True
    start = int(blocks.start[block])
    begin = text[start : start + 16].lstrip(b" \t>")
    return (begin.startswith(b"<") and not begin.startswith(b"<!")) or _series(
        text, blocks, block
    ) is not None


def _series(text: bytes, blocks: Blocks, block: int) -> bytes | None:
    """What begins a block of definitions, tabs or indented code, which would be one with another of its kind below."""
    start, end = int(blocks.start[block]), int(blocks.end[block])
    if blocks.role[block] == Role.SHOWN:
        return b"code" if text.startswith((b"    ", b"\t"), start) else None
    if blocks.role[block] != Role.COMPLETE:
        return None
    found = _SERIES.search(text, start, end)
    return found[1] if found else None


def _are_quotations(text: bytes, blocks: Blocks, above: int, below: int) -> bool:
    """Whether two blocks stand in two quotations."""
    lines = text[blocks.start[above] : blocks.end[below]].splitlines()
    quoted = [line.lstrip().startswith(b">") for line in lines]
    return quoted[0] and quoted[-1] and not all(quoted)


def _leaves_open(text: bytes, blocks: Blocks, above: int, gone: int, below: int) -> bool:
    """Whether a quotation would end in its sign alone, so that what is below it would be taken for its next line."""
    if _is_quoted(text, blocks, below) or not (
        _is_quoted(text, blocks, above) and _is_quoted(text, blocks, gone)
    ):
        return False
    parting = text[blocks.end[above] : blocks.start[gone]].splitlines()
    return all(line.lstrip().startswith(b">") for line in parting)


def _is_quoted(text: bytes, blocks: Blocks, block: int) -> bool:
    return text[blocks.start[block] : blocks.end[block]].lstrip().startswith(b">")


def _same_block(one: bytes, other: bytes) -> bool:
    # The last line of a text may lack its end where what followed it was removed, or the other way round.
    return one.rstrip(b"\r\n") == other.rstrip(b"\r\n")


def _events_differ(
    text: bytes, blocks: Blocks, removed: npt.NDArray[np.bool_], after: tuple[Any, ...]
) -> int | None:
    lines = find_lines(text)
    gone = np.zeros(len(lines) + 1, np.int64)
    for first, stop in zip(
        (blocks.line[removed] - 1).tolist(), blocks.end_line[removed].tolist(), strict=True
    ):
        gone[first:stop] = 1
    staying = np.zeros(len(lines) + 1, np.int64)
    said = ~_says_nothing(text, lines.start, lines.blank)
    staying[1:] = np.cumsum(said & (gone[:-1] == 0))

    starts = np.array([span["start"] for _, span in blocks.outline], np.int64)
    ends = np.array([span["end"] for _, span in blocks.outline], np.int64)
    first_line = lines.of(starts)
    last_line = lines.of(np.maximum(ends - 1, starts))
    stays = (staying[last_line + 1] > staying[first_line]) | ~_any_said(said, first_line, last_line)

    expected: list[tuple[Any, int]] = []
    for (event, _), start, keep in zip(blocks.outline, starts.tolist(), stays.tolist(), strict=True):
        if not keep:
            continue
        if isinstance(event, dict) and "End" in event:
            # A line break is none where the line after it is gone.
            while expected and expected[-1][0] in ("SoftBreak", "HardBreak"):
                expected.pop()
        expected.append((event, start))
    for (event, start), (new, _) in zip(expected, after, strict=False):
        if event != new:
            return start
    if len(expected) > len(after):
        return expected[len(after)][1]
    return len(text) if len(after) > len(expected) else None


def _elements_differ(
    text: bytes,
    blocks: Blocks,
    removed: npt.NDArray[np.bool_],
    after: tuple[tuple[int, bytes], ...],
) -> int | None:
    starts = np.array([start for start, _ in blocks.elements], np.int64)
    block = np.searchsorted(blocks.start, starts, side="right") - 1
    gone = (block >= 0) & removed[block] & (starts < blocks.end[block])
    expected = [blocks.elements[number] for number in np.flatnonzero(~gone).tolist()]
    for (start, markup), (_, new) in zip(expected, after, strict=False):
        if markup != new:
            return start
    if len(expected) > len(after):
        return expected[len(after)][0]
    return len(text) if len(after) > len(expected) else None


def _first_missed(blocks: Blocks, removed: npt.NDArray[np.bool_]) -> int | None:
    """Where a block stood that one that stays needs, the last of several of which one would do."""
    missed = (
        max(others) for block, others in blocks.needs if not removed[block] and removed[list(others)].all()
    )
    first = min(missed, default=None)
    return None if first is None else int(blocks.start[first])


def _any_said(
    said: npt.NDArray[np.bool_], first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    count = np.concatenate(([0], np.cumsum(said)))
    return np.asarray(count[last + 1] > count[first])


def _says_nothing(
    text: bytes, starts: npt.NDArray[np.int64], blank: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Lines that hold nothing but white space and quotation marks (`>`)."""
    data = np.frombuffer(text, np.uint8)
    if not len(data):
        return blank
    return ~np.logical_or.reduceat((data > 32) & (data != ord(">")), starts[:-1])
