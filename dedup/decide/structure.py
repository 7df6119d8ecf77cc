"""What must stay so that a document still reads: lead-ins, the inside of wrappers."""

from __future__ import annotations

from dedup.blocks import Kind, Role
from dedup.decide.draft import Draft

LEAD_IN = "lead-in"
STRUCTURE = "structure"


def find_pins(draft: Draft) -> dict[int, str]:
    """The removed blocks that must stay because of what stays beside them, with the guard's name.

    A block that introduces what stays (it ends with a colon, or code or a table follows) is a lead-in. A block
    that is all there is inside markup (a tag, a shortcode, an admonition) is structure.
    """
    if draft.settings.near == "remove":
        return {}
    pins: dict[int, str] = {}
    alive, blocks = draft.alive, draft.prepared.blocks
    for number, block in enumerate(alive):
        if draft.stays(block) or draft.prepared.kinds[block] == Kind.HEADLINE:
            continue
        following = alive[number + 1] if number + 1 < len(alive) else None
        if following is not None and draft.stays(following):
            colon = draft.prepared.texts[block].rstrip("*_`\"' ").endswith((":", "："))
            shown = blocks.role[following] == Role.SHOWN
            if shown or (colon and draft.prepared.kinds[following] != Kind.HEADLINE):
                pins[block] = LEAD_IN
        before = alive[number - 1] if number else None
        if before is not None and blocks.role[before] == Role.WRAPPER:
            inside = _inside(draft, number)
            if inside and (blocks.glued[block] or _closes(draft, number + len(inside))):
                pins.update(dict.fromkeys(inside, STRUCTURE))
    return pins


def _inside(draft: Draft, number: int) -> list[int]:
    """The removed blocks from a position of the alive ones to the next that stays."""
    inside = []
    for block in draft.alive[number:]:
        if draft.stays(block):
            break
        inside.append(block)
    return inside


def _closes(draft: Draft, number: int) -> bool:
    return number < len(draft.alive) and draft.prepared.blocks.role[draft.alive[number]] == Role.WRAPPER
