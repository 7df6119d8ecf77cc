"""Which blocks of a document go and which stay: keep the first, with guards.

A decision looks at nothing but a block, its twin, and their own documents, so that it is the same in whatever
batches documents come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dedup.blocks import Kind
from dedup.decide.another import find_another
from dedup.decide.decided import staying
from dedup.decide.draft import Draft, Near, Twin, Verdict
from dedup.decide.headlines import COMPARED, decide_headlines, find_earlier
from dedup.decide.paragraphs import decide_paragraphs, same_words
from dedup.decide.runs import count_natural, extend_runs
from dedup.decide.sentences import decide_sentences, has_other_kind
from dedup.decide.structure import STRUCTURE, find_pins
from dedup.decide.subjects import Subjects, find_subjects, leading_headlines
from dedup.match.memory import Memory
from dedup.match.pairs import CROWD, near_pairs
from dedup.match.prepared import Prepared
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.decisions import Decisions

__all__ = ["Decision", "Twin", "Verdict", "decide"]

_ROUNDS = 8
_ONE_BY_ONE = 16

Check = Callable[[Sequence[int], Sequence[int]], int | None]
"""Given the blocks that stay and those just removed, the one of these that cannot be taken out, or None."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a document: the blocks that go, those that are reported, those that stay.

    `pinned` are blocks that stay though they repeat, and are nobody's twin; `variants` differ from their twin in
    their document's own subject alone; `natural` counts the short blocks and list items that repeat and stay, `decided`
    the blocks of which a finding is withheld, since a person decided that they stay, `retained` those that stay though
    they were accepted.
    """

    removed: Mapping[int, Verdict]
    flagged: Mapping[int, Verdict]
    kept: Sequence[int]
    pinned: frozenset[int]
    subjects: Subjects
    variants: Mapping[int, Verdict]
    natural: int
    decided: int = 0
    retained: int = 0


def decide(
    prepared: Prepared,
    memory: Memory,
    settings: Settings,
    check: Check,
    decisions: Decisions | None = None,
) -> Decision:
    """The decision on one document, given what the documents before it kept, and what a person decided.

    `check` tells whether the document reads as its remaining blocks once others are taken out. The decision is
    repeated on what remains until nothing more goes, so that cleaning what was cleaned changes nothing.
    """
    outside = memory.blank() if settings.scope == "within" else memory
    markers = prepared.ignored.markers
    everything = [block for block in range(len(prepared.kinds)) if block not in markers]
    every_near = _near(prepared, outside, settings, everything)
    if not _repeats_anything(prepared, outside, every_near):
        return keep_all(prepared)
    crowded = len(every_near.headlines) > COMPARED or len(prepared.sketches) > CROWD
    held: dict[int, str] = {}
    while True:
        alive, near = everything, every_near
        removed: dict[int, Verdict] = {}
        while True:
            draft = _whole(prepared, outside, settings, near, alive, held, check, decisions) or _settle(
                prepared, outside, settings, near, alive, held, check, decisions
            )
            removed.update(draft.removed)
            alive = [block for block in alive if block not in removed]
            if not draft.removed:
                break
            # What was removed may have kept out of sight what the rest repeats: of headlines the most alike count.
            if crowded or any(prepared.kinds[block] == Kind.HEADLINE for block in draft.removed):
                near = _near(prepared, outside, settings, alive)
        lost = [block for block in _hand_on(draft, removed) if not find_another(draft, removed, block)]
        if not lost:
            break
        held |= dict.fromkeys(lost, STRUCTURE)
    return Decision(
        removed=removed,
        flagged=draft.flagged,
        kept=alive,
        pinned=frozenset(draft.pinned),
        subjects=draft.subjects,
        variants=draft.variants,
        natural=draft.natural,
        decided=len(draft.spared.difference(removed, draft.flagged)),
        retained=staying(draft, removed),
    )


def keep_all(prepared: Prepared) -> Decision:
    """The decision that all of a document stays."""
    markers = prepared.ignored.markers
    everything = [block for block in range(len(prepared.kinds)) if block not in markers]
    return Decision({}, {}, everything, frozenset(), find_subjects(prepared, everything, ()), {}, 0)


def _hand_on(draft: Draft, removed: dict[int, Verdict]) -> list[int]:
    """Point the blocks whose twin went in a later round to what that repeats; those that do not say the same.

    What repeats a block of the same words, links, signs and units repeats all that this repeats, as it does.
    """
    lost: list[int] = []
    prepared = draft.prepared
    for block in sorted(removed):
        gone = ~removed[block].twin
        if gone not in removed:
            continue
        if prepared.key[block] != prepared.key[gone] or not same_words(draft, block, ~gone):
            lost.append(block)
            continue
        verdict = removed[gone]
        rule = verdict.rule if verdict.rule in ("near", "headline") else draft.rule_for(block, verdict.twin)
        removed[block] = replace(verdict, rule=rule)
    return lost


def _near(prepared: Prepared, memory: Memory, settings: Settings, alive: Sequence[int]) -> Near:
    """The near-duplicates of the blocks `alive` of a document, as far as a setting asks for them."""
    rows: dict[int, list[tuple[int, float]]] = {}
    pairs: dict[int, list[tuple[int, float]]] = {}
    if settings.near != "off":
        left = {prepared.same[block] for block in alive if block not in prepared.exempt}
        new = {
            same: sketch
            for same, sketch in prepared.sketches.items()
            if same in left and not memory.knows(same)
        }
        rows = {
            same: found for same, sketch in new.items() if (found := memory.near(sketch, settings.threshold))
        }
        if settings.scope != "across":
            pairs = near_pairs(new, settings.threshold)
    headlines = (
        {}
        if settings.headlines == "off"
        else find_earlier(prepared, memory, alive, settings.scope != "across")
    )
    return Near(rows, pairs, headlines)


def _repeats_anything(prepared: Prepared, memory: Memory, near: Near) -> bool:
    """Whether a block of a document repeats anything at all; mostly none does, and there is nothing to decide."""
    if near.rows or near.locals or near.headlines:
        return True
    seen: set[int] = set()
    values = zip(prepared.kinds, prepared.counts, prepared.same, strict=True)
    for block, (kind, count, same) in enumerate(values):
        may_be_sentence = kind in (Kind.PARAGRAPH, Kind.HEADLINE) and count
        if may_be_sentence and has_other_kind(memory, kind, prepared.key[block], same):
            return True
        if kind in (Kind.PARAGRAPH, Kind.LIST_ITEM) and count and block not in prepared.exempt:
            if same in seen or memory.knows(same):
                return True
            seen.add(same)
    return False


def _whole(
    prepared: Prepared,
    memory: Memory,
    settings: Settings,
    near: Near,
    alive: list[int],
    held: Mapping[int, str],
    check: Check,
    decisions: Decisions | None,
) -> Draft | None:
    """A draft that leaves nothing but protected blocks of a document, where all of it repeats; else None."""
    if not _may_be_gone(prepared, memory, settings, near, alive):
        return None
    subjects = find_subjects(prepared, alive, ())
    draft = Draft(prepared, memory, settings, near, alive, held, subjects, decisions)
    decide_paragraphs(draft)
    decide_sentences(draft)
    extend_runs(draft)
    if not draft.removed:
        return None
    decide_headlines(draft, leading_headlines(prepared, alive, ()), whole=True)
    if not draft.is_gone():
        return None
    staying = [block for block in alive if block not in draft.removed]
    return draft if check(staying, sorted(draft.removed)) is None else None


def _may_be_gone(
    prepared: Prepared, memory: Memory, settings: Settings, near: Near, alive: Sequence[int]
) -> bool:
    """Whether each headline and each longer paragraph repeats something; else a document is not gone as a whole."""
    seen: set[int] = set()
    for block in alive:
        kind, count, same = prepared.kinds[block], prepared.counts[block], prepared.same[block]
        if block in prepared.exempt:
            return False
        if kind == Kind.HEADLINE:
            if count and block not in near.headlines:
                return False
        elif kind == Kind.PARAGRAPH and count >= settings.min_words:
            if not (same in seen or same in near.rows or same in near.locals or memory.knows(same)):
                return False
            seen.add(same)
    return True


def _settle(
    prepared: Prepared,
    memory: Memory,
    settings: Settings,
    near: Near,
    alive: list[int],
    held: Mapping[int, str],
    check: Check,
    decisions: Decisions | None,
) -> Draft:
    """A draft in which the headlines that decide what a block is about are those that stay, and which checks."""
    pinned = dict(held)
    without: frozenset[int] = frozenset()
    rounds = refused = 0
    subjects = find_subjects(prepared, alive, without)
    while True:
        draft = Draft(prepared, memory, settings, near, alive, dict(pinned), subjects, decisions)
        decide_paragraphs(draft)
        decide_sentences(draft)
        extend_runs(draft)
        decide_headlines(draft, leading_headlines(prepared, alive, without))
        pins = find_pins(draft)
        idle = frozenset(block for block in draft.removed if block in near.headlines)
        if pins:
            pinned |= pins
        elif idle != without:
            rounds += 1
            if rounds > _ROUNDS:
                # Headlines whose removal decides about itself: leave them.
                pinned |= dict.fromkeys(idle ^ without, STRUCTURE)
            without = idle
            subjects = find_subjects(prepared, alive, without)
        else:
            staying = [block for block in alive if block not in draft.removed]
            gone = sorted(draft.removed)
            culprit = check(staying, gone) if gone else None
            if culprit is None:
                count_natural(draft)
                return draft
            # Each check reads the document again; where many are needed, more and more is left at a time.
            refused += 1
            at, width = gone.index(culprit), 1 << max(refused - _ONE_BY_ONE, 0)
            pinned |= dict.fromkeys(gone[at : at + width], STRUCTURE)
