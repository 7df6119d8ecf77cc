"""Where a kept block stands, as reports name it."""

from __future__ import annotations

from dedup.match.memory import Memory
from dedup.report.model import Place


def place_of(memory: Memory, row: int) -> Place:
    """The place of a remembered block, with its text where an index remembers it: its file may be gone."""
    block, path, id = memory[row], memory.page(row).path, memory.id_of(row)
    if row >= memory.base:
        return Place(path, block.start, block.end, block.line, id)
    return Place(path, block.start, block.end, block.line, id, memory.batch_of(row), block.text)
