"""Headlines: which repeats are idle and go, and which structure a document and stay."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from dedup.blocks import BOLD_LEVEL, Kind, Role
from dedup.decide.decided import SETTING, overrules, weigh
from dedup.decide.difference import changes
from dedup.decide.draft import Draft, Twin, Verdict
from dedup.decide.headline_guards import by_words, headline_guard
from dedup.decide.subjects import SHARED_SECTIONS
from dedup.decide.variants import VARIANT, is_variant
from dedup.match.headlines import HeadlineIndex
from dedup.match.memory import Memory, Page
from dedup.match.prepared import Prepared
from dedup.settings import HEADLINE_SIMILARITY
from dedup.words import folded_words
from dedup.words.paths import path_words

LONG_ENOUGH = 5
"""A repeated headline of fewer words is a section's name ("See also") and not worth a flag."""

TITLE_WORDS = 3
"""A repeated title of fewer words may be a section's name."""

COMPARED = 16
"""How many similar headlines are looked at, the earliest first."""

SECTION = "section"


def find_earlier(
    prepared: Prepared, memory: Memory, alive: Sequence[int], within: bool
) -> dict[int, list[tuple[Twin, float]]]:
    """For each headline of the blocks `alive` the earlier headlines that it repeats, with the similarity.

    The most similar come first; of headlines with the same words the first stands for all, and the first of those
    with the same links, signs and units too; headlines that repeat none are left out. `within` says whether those
    of the document itself count.
    """
    found: dict[int, list[tuple[Twin, float]]] = {}
    index = HeadlineIndex(HEADLINE_SIMILARITY)
    first: dict[int, int] = {}
    first_by_key: dict[int, int] = {}
    for block in alive:
        if prepared.kinds[block] != Kind.HEADLINE or not prepared.counts[block] or block in prepared.exempt:
            continue
        text = prepared.texts[block]
        words = folded_words(text)
        same, key = prepared.same[block], prepared.key[block]
        repeats: list[tuple[Twin, float]] = [
            (row, 1.0)
            for row in memory.worded(key, same, headlines=True)
            if folded_words(memory[row].text) == words
        ]
        if not repeats:
            repeats += islice(memory.near_headlines(text), COMPARED)
        other, equal = first.setdefault(same, block), first_by_key.setdefault(key, block)
        if within and other != block:
            repeats += [(~twin, 1.0) for twin in dict.fromkeys((equal, other)) if twin != block]
        elif within:
            similar = islice(index.similar(text), COMPARED)
            repeats += [(~other, similarity) for other, similarity in similar]
            index.add(block, text)
        if repeats:
            found[block] = sorted(repeats, key=lambda repeat: -repeat[1])
    return found


def decide_headlines(draft: Draft, titles: list[int], whole: bool = False) -> None:
    """Decide on the headlines of a document after all its other blocks are decided on.

    A headline goes where it repeats a kept headline and nothing kept stands in between, where it repeats the
    document's own title or deck (`titles`), or where its whole section was removed; for this, protected blocks
    count as left unless the document as a `whole` may be a repeat.
    """
    if draft.settings.headlines == "off":
        return
    repeating = [block for block in draft.alive if block in draft.near.headlines]
    if not repeating:
        return
    final: set[int] = set()
    while True:
        before = set(draft.removed)
        _remove_sections(draft, final, whole)
        _remove_idle(draft, titles, final)
        if draft.decisions is not None:
            _remove_accepted(draft, repeating, final)
        for block in repeating:
            # A twin may have gone after it was chosen: then another must stand in for it.
            if block in draft.removed and not _is_kept(draft, draft.removed[block].twin):
                del draft.removed[block]
                if not _try(draft, block, draft.near.headlines[block], only_same=True):
                    final.add(block)
        if set(draft.removed) == before:
            break
    for block in repeating:
        if draft.stays(block) and block not in draft.flagged:
            verdict = _elsewhere(draft, block, draft.near.headlines[block])
            if verdict is not None and verdict.guard == VARIANT:
                draft.variants[block] = verdict
            elif verdict is not None and weigh(draft, block, verdict) is not None:
                draft.flag(block, verdict, verdict.guard)
    if draft.settings.headlines == "flag":
        for block in repeating:
            if block in draft.removed and not overrules(draft, block, SETTING):
                draft.flag(block, draft.removed.pop(block), None)


def _remove_sections(draft: Draft, final: set[int], whole: bool) -> None:
    """Take out the headlines whose whole section, up to the next of their level or a higher one, is gone."""
    levels = draft.prepared.levels
    ends: dict[int, int] = {}
    open_headlines: list[int] = []
    for number, block in enumerate(draft.alive):
        if draft.prepared.kinds[block] == Kind.HEADLINE:
            while open_headlines and levels[open_headlines[-1]] >= levels[block]:
                ends[open_headlines.pop()] = number
            open_headlines.append(block)
    ends.update(dict.fromkeys(open_headlines, len(draft.alive)))
    next_staying = len(draft.alive)
    removed, headlines, kinds = draft.removed, draft.near.headlines, draft.prepared.kinds
    for number in range(len(draft.alive) - 1, -1, -1):
        block = draft.alive[number]
        if block in headlines and block not in removed and block not in final:
            end = ends[block]
            if end > number + 1 and next_staying >= end:
                above = _above_twin(draft, block, draft.alive[number + 1])
                _try(draft, block, above + draft.near.headlines[block], only_same=True)
        if block not in removed and not (whole and kinds[block] == Kind.PROTECTED):
            next_staying = number


def _above_twin(draft: Draft, block: int, following: int) -> list[tuple[Twin, float]]:
    """The headline above the twin of the block after a headline, where it says the same: the best twin of all."""
    verdict = draft.removed.get(following)
    if verdict is None or verdict.twin < 0:
        return []
    row = draft.memory.beside(verdict.twin, -1)
    if row is None or draft.memory[row].kind != Kind.HEADLINE:
        return []
    words = folded_words(draft.prepared.texts[block])
    return [(row, 1.0)] if folded_words(draft.memory[row].text) == words else []


def _remove_idle(draft: Draft, titles: list[int], final: set[int]) -> None:
    """Take out the headlines that repeat the one directly above, or the title; all repeats where so set."""
    above: int | None = None
    removed, headlines = draft.removed, draft.near.headlines
    for block in draft.alive:
        if block in headlines and block not in removed and block not in final:
            repeats = headlines[block]
            idle = _idle(draft, block, above, titles)
            if idle or draft.settings.headlines == "remove":
                _try(draft, block, idle or repeats)
        if block not in removed:
            above = block


def _try(draft: Draft, block: int, repeats: list[tuple[Twin, float]], only_same: bool = False) -> bool:
    """Take a headline out for the first twin that is kept and says the same; whether there was one."""
    for twin, similarity in repeats:
        if not _is_kept(draft, twin) or (only_same and similarity < 1.0):
            continue
        if guard_of(draft, block, twin) is None:
            verdict = weigh(draft, block, Verdict("headline", similarity, twin))
            if verdict is None:
                return False
            draft.remove(block, verdict)
            return True
    return False


def _is_kept(draft: Draft, twin: Twin) -> bool:
    return twin >= 0 or draft.may_be_twin(~twin)


def guard_of(draft: Draft, block: int, twin: Twin) -> str | None:
    """What keeps a headline in though it repeats its twin: `variant`, a fact's guard, or None."""
    if draft.prepared.key[block] == draft.key_of(twin):
        return None
    text, other = draft.prepared.texts[block], draft.text_of(twin)
    found = changes(other, text)
    same_links = int(draft.prepared.blocks.links[block]) == draft.links_of(twin)
    guard = headline_guard(other, text, same_links, found, draft.settings.without_guard)
    # Where it says the same in other words, it is no variant.
    doubted = guard is not None or by_words(other, text)
    subject_of = _besides if _heads_story(draft, block) else Draft.subject_of
    if found and doubted and is_variant(found, subject_of(draft, twin), subject_of(draft, ~block)):
        return VARIANT
    return guard


def _heads_story(draft: Draft, block: int) -> bool:
    """Whether a headline tells what happened: a title, or one in plain text; others part a document into sections.

    Headings of sections that are merely alike ("Example with AWS", "Example with GCP") are meant to be.
    """
    return draft.prepared.document.syntax == "text" or draft.prepared.levels[block] == 1


def _besides(draft: Draft, twin: Twin) -> frozenset[str]:
    """What a headline stands under: the words of path, title and, in this document, headings; not its own."""
    own = folded_words(draft.text_of(twin))
    if twin >= 0:
        page = draft.memory.page(twin)
        path, title, above = page.path, page.title, []
    else:
        path, title = draft.prepared.document.path, draft.subjects.title
        above = [folded_words(draft.prepared.texts[heading]) for heading in _headings_above(draft, ~twin)]
    return path_words(path).union(() if title == own else title, *above)


def _idle(draft: Draft, block: int, above: int | None, titles: list[int]) -> list[tuple[Twin, float]]:
    """The repeats that make a headline idle: the headline directly above, or the document's title."""
    if draft.settings.scope == "across":
        return []
    levels, exempt = draft.prepared.levels, draft.prepared.exempt
    if (
        above is not None
        and above not in exempt
        and levels[above]
        and levels[block] in (levels[above], BOLD_LEVEL)
    ):
        similarity = _similarity(draft, block, above)
        if similarity >= HEADLINE_SIMILARITY:
            return [(~above, similarity)]
    if draft.prepared.counts[block] < TITLE_WORDS:
        return []
    of_title = levels[block] == BOLD_LEVEL or (levels[block] == 1 and not draft.subjects.titled)
    found = [
        (~title, _similarity(draft, block, title))
        for title in titles
        if of_title and title < block and title not in exempt and levels[block] in (levels[title], BOLD_LEVEL)
    ]
    return [repeat for repeat in found if repeat[1] >= HEADLINE_SIMILARITY]


def _similarity(draft: Draft, block: int, other: int) -> float:
    from dedup.match.alike import headline_similarity  # most runs compare no headlines

    return headline_similarity(draft.prepared.texts[other], draft.prepared.texts[block])


def _remove_accepted(draft: Draft, repeating: list[int], final: set[int]) -> None:
    """Take out the headlines that would be flagged, and of which a person decided that they go."""
    for block in repeating:
        if not draft.stays(block) or block in draft.flagged or block in final:
            continue
        verdict = _elsewhere(draft, block, draft.near.headlines[block])
        verdict = verdict and weigh(draft, block, verdict)
        if verdict is not None and verdict.accepted:
            draft.remove(block, verdict)


def _elsewhere(draft: Draft, block: int, earlier: list[tuple[Twin, float]]) -> Verdict | None:
    """What is reported of a headline that repeats an earlier one and stays, where it is long enough to be one."""
    for twin, similarity in earlier:
        if not _is_kept(draft, twin):
            continue
        guard = guard_of(draft, block, twin)
        if guard == VARIANT:
            return Verdict("headline", similarity, twin, guard)
        if _is_second(draft, block, twin) or (
            draft.prepared.counts[block] >= LONG_ENOUGH and not _is_pattern(draft, block, twin)
        ):
            return Verdict("headline", similarity, twin, guard or SECTION)
        return None
    return None


def _is_second(draft: Draft, block: int, twin: Twin) -> bool:
    """Whether a heading stands in one section of its document twice: then a link to it leads to the first."""
    if twin >= 0 or draft.prepared.same[block] != draft.prepared.same[~twin]:
        return False
    level = draft.prepared.levels[block]
    if level != draft.prepared.levels[~twin] or level >= BOLD_LEVEL:
        return False
    return next(_headings_above(draft, block), None) == next(_headings_above(draft, ~twin), None)


def _is_pattern(draft: Draft, block: int, twin: Twin) -> bool:
    """Whether a headline over something stands in two pages under a heading that both have.

    Pages of a kind are built alike.
    """
    if twin < 0 or draft.memory.page(twin).title == draft.subjects.title or heads_nothing(draft, block):
        return False
    page, subject = draft.memory.page(twin), draft.subject_of(twin)
    if _heads_code(draft, block) and _shared_sections(draft, block, page) >= SHARED_SECTIONS:
        return True
    return any(
        draft.prepared.same[heading] in page.sections
        and subject.issuperset(folded_words(draft.prepared.texts[heading]))
        for heading in _headings_above(draft, block)
    )


def _headings_above(draft: Draft, block: int) -> Iterator[int]:
    """The headings of the sections that a headline stands in, without the title."""
    levels = draft.prepared.levels
    level = levels[block]
    for heading in reversed(draft.subjects.section_headings):
        if heading < block and levels[heading] < level:
            yield heading
            level = levels[heading]


def _heads_code(draft: Draft, block: int) -> bool:
    """Whether code or a table follows directly on a headline: an example that pages of a kind have each."""
    following = next((b for b in draft.alive if b > block), None)
    return following is not None and draft.prepared.roles[following] == Role.SHOWN


def _shared_sections(draft: Draft, block: int, page: Page) -> int:
    """How many headings a page has in common with this one, besides one block."""
    headings = (heading for heading in draft.subjects.section_headings if heading != block)
    return len(page.sections.intersection(draft.prepared.same[heading] for heading in headings))


def heads_nothing(draft: Draft, block: int) -> bool:
    """Whether the end, or a headline that does not stand under it, follows directly on a headline."""
    following = next((b for b in draft.alive if b > block), None)
    if following is None:
        return True
    levels = draft.prepared.levels
    return draft.prepared.kinds[following] == Kind.HEADLINE and levels[following] <= levels[block]
