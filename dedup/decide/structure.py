"""What must stay so that a document still reads, though it repeats: lead-ins, captions, wrappers, parallel pages."""

from __future__ import annotations

from dedup.blocks import BOLD_LEVEL, Kind, Role
from dedup.blocks.text import ends_sentence
from dedup.decide.bound import find_bound
from dedup.decide.decided import overrules
from dedup.decide.draft import Draft
from dedup.decide.subjects import SHARED_SECTIONS

LEAD_IN = "lead-in"
CAPTION = "caption"
STRUCTURE = "structure"
SECTION = "section"
PARALLEL = "parallel"
BOILERPLATE = "boilerplate"
OPENING = "opening"

CAPTION_WORDS = 80
"""A longer paragraph after code or a table is a paragraph of its own and not a note to it."""

BOILERPLATE_WORDS = 20
"""A longer paragraph that two pages of a site share is more than a statement that each must make."""


def find_pins(draft: Draft) -> dict[int, str]:
    """The removed blocks that must stay because of what stays around them, with the guard's name.

    lead-in: it introduces what stays: it ends with a colon, or code or a table follows, or a list without a full stop.
    caption: on a page of a site, it is a note to the code, the table or the markup above it, short and alone.
    structure: it is all there is inside markup (a tag, a shortcode, an admonition), or between two lists that
        would become one; or something else that stays depends on it.
    section: all that a section with code or a table says is repeated, and these would be left without a word.
    parallel: its twin stands in another page, or another section, of the same pattern, as reference pages follow one.
    boilerplate: a short statement that stands alone on two pages of a site.
    opening: a section of a page of a site begins with it and goes on.
    """
    if bound := find_bound(draft):
        return dict.fromkeys(bound, STRUCTURE)
    if draft.settings.near == "remove":
        return {}
    pins: dict[int, str] = {}
    parts = _parts(draft)
    for number, block in enumerate(draft.alive):
        if block not in draft.removed or draft.prepared.kinds[block] == Kind.HEADLINE:
            continue
        guard = (
            _lead_in(draft, number)
            or _caption(draft, number)
            or _parallel(draft, block, parts)
            or _boilerplate(draft, number)
            or _opening(draft, number)
        )
        if guard and not overrules(draft, block, guard):
            pins[block] = guard
        pins |= dict.fromkeys(_wrapped(draft, number) or _parting_lists(draft, number), STRUCTURE)
    return pins or {block: SECTION for block in _bare_sections(draft) if not overrules(draft, block, SECTION)}


def _neighbour(draft: Draft, number: int) -> int | None:
    return draft.alive[number] if 0 <= number < len(draft.alive) else None


def _role(draft: Draft, block: int | None) -> int:
    return Role.NONE if block is None else draft.prepared.roles[block]


def _lead_in(draft: Draft, number: int) -> str | None:
    following = _neighbour(draft, number + 1)
    if following is None or not draft.stays(following):
        return None
    if _role(draft, following) == Role.SHOWN:
        return LEAD_IN
    colon = draft.prepared.texts[draft.alive[number]].rstrip("*_`\"' ").endswith((":", "："))
    kind = draft.prepared.kinds[following]
    opens_list = kind == Kind.LIST_ITEM and not ends_sentence(draft.prepared.texts[draft.alive[number]])
    return LEAD_IN if opens_list or (colon and kind != Kind.HEADLINE) else None


def _alone(draft: Draft, number: int) -> bool:
    """Whether neither the paragraph before nor the one after a removed block goes with it."""
    beside = (_neighbour(draft, number - 1), _neighbour(draft, number + 1))
    return all(
        block is None or draft.stays(block) or draft.prepared.kinds[block] in (Kind.HEADLINE, Kind.LIST_ITEM)
        for block in beside
    )


def _caption(draft: Draft, number: int) -> str | None:
    if not draft.subjects.titled:
        return None
    above = _role(draft, _neighbour(draft, number - 1))
    short = draft.prepared.counts[draft.alive[number]] < CAPTION_WORDS
    return CAPTION if short and above != Role.NONE and _alone(draft, number) else None


def _parallel(draft: Draft, block: int, parts: dict[int | None, set[int]]) -> str | None:
    """Whether a block and its twin stand in two pages of one pattern.

    Sections that are taken out as a whole, with their heading, are a copy and no pattern.
    """
    twin = draft.removed[block].twin
    if twin < 0:
        one, other = draft.subjects.heading[block], draft.subjects.heading[~twin]
        both = one is not None and other is not None and one != other
        return PARALLEL if both and parts.get(one, set()) & parts.get(other, set()) else None
    page = draft.memory.page(twin)
    shared = page.sections.intersection(
        draft.prepared.same[heading] for heading in draft.subjects.section_headings if draft.stays(heading)
    )
    return PARALLEL if page.title != draft.subjects.title and len(shared) >= SHARED_SECTIONS else None


def _parts(draft: Draft) -> dict[int | None, set[int]]:
    """For each section the names, by the hash of their words, of the parts that bold lines divide it into."""
    prepared = draft.prepared
    found: dict[int | None, set[int]] = {}
    for block in draft.compared(Kind.HEADLINE):
        if prepared.levels[block] == BOLD_LEVEL:
            found.setdefault(draft.subjects.heading[block], set()).add(prepared.same[block])
    return found


def _of_a_site(draft: Draft, block: int) -> bool:
    """Whether a block and its twin stand on two pages of a site, and this one has sections."""
    twin = draft.removed[block].twin
    if twin < 0:
        return False
    page, subjects = draft.memory.page(twin), draft.subjects
    titled = page.titled and subjects.titled and page.title != subjects.title
    return titled and len(subjects.section_headings) >= SHARED_SECTIONS


def _boilerplate(draft: Draft, number: int) -> str | None:
    block = draft.alive[number]
    short = draft.prepared.counts[block] < BOILERPLATE_WORDS
    return BOILERPLATE if short and _alone(draft, number) and _of_a_site(draft, block) else None


def _opening(draft: Draft, number: int) -> str | None:
    block = draft.alive[number]
    heading = draft.subjects.heading[block]
    if heading is None or not draft.stays(heading) or not _of_a_site(draft, block):
        return None
    # A notice in a quotation may stand above the text that a section begins with.
    above = next(
        (b for b in reversed(draft.alive[:number]) if draft.stays(b) and not _is_quoted(draft, b)), None
    )
    return OPENING if above == heading else None


def _is_quoted(draft: Draft, block: int) -> bool:
    start = int(draft.prepared.blocks.start[block])
    return draft.prepared.document.text[start : start + 4].lstrip().startswith(b">")


def _wrapped(draft: Draft, number: int) -> list[int]:
    """The removed blocks from a position on, where they are all that the markup above them holds."""
    before = _neighbour(draft, number - 1)
    if _role(draft, before) != Role.WRAPPER:
        return []
    inside = []
    for block in draft.alive[number:]:
        if draft.stays(block):
            break
        inside.append(block)
    glued = bool(draft.prepared.blocks.glued[draft.alive[number]])
    closes = _role(draft, _neighbour(draft, number + len(inside))) == Role.WRAPPER
    return inside if glued or closes else []


def _parting_lists(draft: Draft, number: int) -> list[int]:
    """The removed blocks from a position on, where nothing else stands between two lists of one kind of marker."""
    lists = draft.prepared.lists
    before = _neighbour(draft, number - 1)
    if draft.prepared.document.syntax == "html":  # there the tags part them
        return []
    if before is None or not lists[before] or not draft.stays(before):
        return []
    inside: list[int] = []
    for block in draft.alive[number:]:
        if draft.stays(block):
            joins = lists[block] and lists[block] != lists[before]
            return inside if joins and _marker(draft, before) == _marker(draft, block) else []
        inside.append(block)
    return []


def _marker(draft: Draft, block: int) -> bytes:
    """What the items of the list that a block stands in begin with: a bullet, or what follows their number."""
    lists, prepared = draft.prepared.lists, draft.prepared
    while block and lists[block - 1] == lists[block]:
        block -= 1
    start = int(prepared.blocks.start[block])
    line = prepared.document.text[start : start + 64].lstrip(b" \t>")
    return line.lstrip(b"0123456789")[:1]


def _bare_sections(draft: Draft) -> list[int]:
    """The removed paragraphs of sections that keep code or a table and no paragraph of their own."""
    own: set[int | None] = {None}
    shown: set[int | None] = set()
    roles, kinds, headings = draft.prepared.roles, draft.prepared.kinds, draft.subjects.heading
    for block in draft.alive:
        if kinds[block] == Kind.PARAGRAPH and block not in draft.removed and block not in draft.pinned:
            own.add(headings[block])
        if roles[block] == Role.SHOWN:
            shown.add(headings[block])
    return [
        block
        for block in draft.alive
        if block in draft.removed
        and draft.prepared.kinds[block] != Kind.HEADLINE
        and (heading := draft.subjects.heading[block]) in shown
        and heading not in own
    ]
