"""Notebooks into blocks: each Markdown cell by itself, as it is shown; other cells are protected."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import numpy as np

from dedup.blocks.columns import Blocks, Kind, Role
from dedup.blocks.lines import find_lines
from dedup.blocks.markdown import cut_markdown
from dedup.sources.notebooks import MARK
from dedup.words import SEPARATOR

_COLUMNS = [
    field.name
    for field in fields(Blocks)
    if field.name not in ("visible", "title", "outline", "elements", "needs", "bonds")
]
_ATTACHMENT = "attachment:"


def cut_notebook(text: bytes) -> Blocks:
    """The blocks of a notebook's text, as `read_notebook` puts it together.

    The cells stand in the outline, so that nothing can move from one to the other. What shows an attachment is
    protected: two cells may have different ones of the same name.
    """
    cells: list[Blocks] = []
    outline: list[tuple[Any, dict[str, int]]] = []
    position = lines = lists = 0
    for cell in text.split(MARK)[1:]:
        mark, _, source = cell.partition(b"\n")
        start = position + len(MARK) + len(mark) + 1
        outline.append(("Cell", {"start": position, "end": start}))
        blocks = _shown_cell(position - start) if mark else _without_attachments(cut_markdown(source[:-1]))
        cells.append(
            replace(
                blocks,
                start=blocks.start + start,
                end=blocks.end + start,
                tail=blocks.tail + start,
                line=blocks.line + lines + 1,
                end_line=blocks.end_line + lines + 1,
                lists=np.where(blocks.lists > 0, blocks.lists + lists, 0),
            )
        )
        outline += (
            (event, {"start": span["start"] + start, "end": span["end"] + start})
            for event, span in blocks.outline
        )
        lists += int(blocks.lists.max(initial=0))
        position += len(MARK) + len(cell)
        lines += len(find_lines(cell))
    none = cut_markdown(b"")
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(cell, name) for cell in (none, *cells)]) for name in _COLUMNS
    }
    return Blocks(
        **columns,
        visible=SEPARATOR.join(cell.visible for cell in cells if len(cell)),
        title=next((cell.title for cell in cells if cell.title), ""),
        outline=tuple(outline),
    )


def _shown_cell(start: int) -> Blocks:
    """A cell that is no Markdown: its mark, from `start` up to 0, on the line before line 1."""
    zero = np.zeros(1, np.int64)
    return Blocks(
        start=zero + start,
        end=zero,
        tail=zero,
        line=zero,
        end_line=zero,
        kind=np.array([Kind.PROTECTED], np.uint8),
        level=np.zeros(1, np.uint8),
        lists=zero,
        glued=np.zeros(1, np.bool_),
        role=np.array([Role.SHOWN], np.uint8),
        links=np.zeros(1, np.uint64),
        visible="",
    )


def _without_attachments(blocks: Blocks) -> Blocks:
    """The blocks of a cell, those protected that point to a file which the cell brings along."""
    places = [span["start"] for event, span in blocks.outline if _points_to_attachment(event)]
    if not places:
        return blocks
    shows = np.zeros(len(blocks), np.bool_)
    shows[np.searchsorted(blocks.start, places, side="right") - 1] = True
    return replace(
        blocks,
        kind=np.where(shows, np.uint8(Kind.PROTECTED), blocks.kind),
        level=np.where(shows, np.uint8(0), blocks.level),
        role=np.where(shows, np.uint8(Role.SHOWN), blocks.role),
        visible=SEPARATOR.join(
            "" if hidden else text for hidden, text in zip(shows.tolist(), blocks.texts, strict=True)
        ),
    )


def _points_to_attachment(event: Any) -> bool:
    return isinstance(event, dict) and not event.keys() & {"Text", "Code"} and _ATTACHMENT in str(event)
