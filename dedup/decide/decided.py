"""What a person decided about a pair comes before the rules: accepted, it goes; rejected, it is no finding."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from dedup.blocks import Kind
from dedup.decide.draft import Draft, Verdict
from dedup.decide.variants import VARIANT
from dedup.words.fingerprints import pair_of

SETTING = "near"
"""The guard of a verdict that the setting alone keeps in; reports name none."""


def weigh(draft: Draft, block: int, verdict: Verdict) -> Verdict | None:
    """A verdict as decisions leave it: one that its guard no longer holds where it was accepted, none where rejected.

    A block of which a verdict was rejected is among the draft's `spared`.
    """
    if draft.decisions is None or verdict.guard == VARIANT:
        return verdict
    guard = None if verdict.guard == SETTING else verdict.guard
    decision = draft.decisions.of(_pair(draft, block, verdict), verdict.rule, guard)
    if decision == "reject" or (verdict.guard is None and _is_kept(draft, block)):
        draft.spared.add(block)
        return None
    if decision == "accept" and verdict.guard is not None:
        if _is_kept(draft, block):
            draft.spared.add(block)
            return verdict
        return replace(verdict, guard=guard, accepted=True)
    return verdict


def overrules(draft: Draft, block: int, guard: str) -> bool:
    """Whether a block goes as was decided though a guard would keep it for what stands around it.

    That is so where this guard was shown: who accepted a copy, or another number, has not seen a list below it.
    """
    if draft.decisions is None:
        return False
    verdict = draft.removed[block]
    shown = None if guard == SETTING else guard
    if draft.decisions.of(_pair(draft, block, verdict), verdict.rule, shown) != "accept":
        return False
    if not verdict.accepted:
        draft.removed[block] = replace(verdict, guard=shown, accepted=True)
    return True


def _is_kept(draft: Draft, block: int) -> bool:
    """Whether a person keeps both of two blocks of these words: then neither goes for what the first one repeats."""
    text = draft.prepared.texts[block]
    return draft.decisions is not None and draft.decisions.of(pair_of(text, text), "exact") == "reject"


def is_rejected(draft: Draft, block: int) -> bool:
    """Whether a person decided that a short block stays beside one of the same words; it is then among the `spared`."""
    if _is_kept(draft, block):
        draft.spared.add(block)
    return block in draft.spared


def staying(draft: Draft, removed: Collection[int]) -> int:
    """How many blocks stay though they were accepted: what a guard holds, and what is too short to go by itself."""
    if draft.decisions is None or not draft.decisions.accepted:
        return 0
    prepared, memory, decisions = draft.prepared, draft.memory, draft.decisions
    staying = {
        block
        for block, verdict in draft.flagged.items()
        if decisions.of(_pair(draft, block, verdict), verdict.rule) == "accept"
    }
    seen: set[int] = set()
    for kind in (Kind.PARAGRAPH, Kind.LIST_ITEM):
        for block in draft.compared(kind):
            key, text = prepared.key[block], prepared.texts[block]
            repeats = key in seen or memory.equal(key, prepared.same[block]) is not None
            repeats = repeats and block not in prepared.exempt
            if repeats and decisions.of(pair_of(text, text), "verbatim") == "accept":
                staying.add(block)
            seen.add(key)
    return len(staying.difference(removed))


def _pair(draft: Draft, block: int, verdict: Verdict) -> str:
    return pair_of(draft.prepared.texts[block], draft.text_of(verdict.twin))
