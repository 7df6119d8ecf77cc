"""What others in a document depend on: names that are pointed to or counted, and what is fixed where it stands."""

from __future__ import annotations

from dedup.decide.draft import Draft


def find_bound(draft: Draft) -> list[int]:
    """The removed blocks on which something that stays depends."""
    bonds = draft.prepared.blocks.bonds
    if bonds is None or not draft.removed:
        return []
    asked: set[str] = set()
    for block in draft.alive:
        if block not in draft.removed:
            asked |= bonds.points.get(block, frozenset())
    found: list[int] = []
    for block in reversed(draft.alive):
        name = bonds.names.get(block)
        if block not in draft.removed:
            # Of sections with the same title each but the first has its number in its name.
            asked |= {name} if name is not None else set()
        elif block in bonds.fixed or name in asked:
            found.append(block)
    return found
