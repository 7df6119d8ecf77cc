"""Paragraphs: keep the first, take out what an earlier kept block duplicates, flag what says something else."""

from __future__ import annotations

from collections.abc import Sequence

from dedup.blocks import Kind
from dedup.decide.decided import SETTING, weigh
from dedup.decide.difference import Change, changes
from dedup.decide.draft import Draft, Twin, Verdict
from dedup.decide.guards import SAYS_OTHERWISE, explain_exact, fact_changed, is_named
from dedup.decide.headline_guards import ORDER
from dedup.decide.variants import VARIANT, is_variant, other_changes
from dedup.match.verify import shingle_similarity
from dedup.words import folded_words

JUDGED = 4
"""How many of a block's near-duplicates are looked at, the most similar first."""

WORD = "word"
"""The guard of two paragraphs that are alike by their words alone, where one says something else."""

ALIKE = 0.8
"""Where near-duplicates are only listed, less is asked of two paragraphs whose shingles are less similar to tell that
they are said of different things: in one document that they differ in a fact, in two that each names its own subject,
and what differs besides are names and code."""


def decide_paragraphs(draft: Draft) -> None:
    """Decide on every paragraph that is not short, in order; each depends on the ones before it alone."""
    within = draft.settings.scope != "across"
    first_by_key: dict[int, int] = {}
    first_by_words: dict[int, int] = {}
    for block in draft.compared(Kind.PARAGRAPH):
        if draft.is_short(block) or block in draft.prepared.exempt:
            continue
        verdict = _find(draft, block, first_by_key, first_by_words)
        if verdict is not None and verdict.goes:
            draft.remove(block, verdict)
        elif verdict is not None and verdict.guard == VARIANT:
            draft.variants[block] = verdict
        elif verdict is not None:
            draft.flag(block, verdict, verdict.guard if verdict.guard != SETTING else None)
        if within and draft.may_be_twin(block):
            first_by_key.setdefault(draft.prepared.key[block], block)
            first_by_words.setdefault(draft.prepared.same[block], block)


def _find(
    draft: Draft, block: int, first_by_key: dict[int, int], first_by_words: dict[int, int]
) -> Verdict | None:
    """What the kept blocks before a paragraph make of it; a guard "near" is the setting's, not a fact's."""
    prepared, memory, settings = draft.prepared, draft.memory, draft.settings
    key, same = prepared.key[block], prepared.same[block]
    equal = _either(memory.equal(key, same), first_by_key.get(key))
    if equal is not None and same_words(draft, block, equal):
        return weigh(draft, block, Verdict(draft.rule_for(block, equal), 1.0, equal))
    worded = _either(memory.same_words(same), first_by_words.get(same))
    if worded is not None and same_words(draft, block, worded):
        if settings.near == "remove":
            return weigh(draft, block, Verdict("exact", 1.0, worded))
        same_links = int(prepared.blocks.links[block]) == draft.links_of(worded)
        fact = explain_exact(draft.text_of(worded), prepared.texts[block], same_links, settings.without_guard)
        return weigh(draft, block, Verdict("exact", 1.0, worded, fact))
    if settings.near == "off":
        return None
    kept: Verdict | None = None
    for twin, similarity in _candidates(draft, block, first_by_words)[:JUDGED]:
        verdict = Verdict("near", similarity, twin, judge(draft, block, twin, similarity))
        weighed = weigh(draft, block, verdict)
        if weighed is not None and weighed.goes:
            # What a person keeps beside one twin goes for another only where that was decided too.
            if weighed.accepted or block not in draft.spared:
                return weighed
        else:
            kept = kept or weighed
    return kept


def _either(row: int | None, block: int | None) -> Twin | None:
    """The earlier of a kept block of another document and one of this."""
    if row is not None:
        return row
    return None if block is None else ~block


def same_words(draft: Draft, block: int, twin: Twin) -> bool:
    """Whether the words of a block and its twin are the same."""
    # The hash found the twin, the words decide: a collision must not remove anything.
    text, other = draft.prepared.texts[block], draft.text_of(twin)
    return text == other or folded_words(text) == folded_words(other)


def _candidates(draft: Draft, block: int, first_by_words: dict[int, int]) -> list[tuple[Twin, float]]:
    """The kept near-duplicates of a block, the most similar and earliest first."""
    same = draft.prepared.same[block]
    found: list[tuple[Twin, float]] = list(draft.near.rows.get(same, ()))
    local = [
        (first_by_words[other], similarity)
        for other, similarity in draft.near.locals.get(same, ())
        if other in first_by_words
    ]
    found += [(~other, similarity) for other, similarity in sorted(local)]
    return sorted(found, key=lambda candidate: -candidate[1])


def _are_named(found: Sequence[Change], one: str, other: str) -> bool:
    return all(is_named(change, one, other) for change in found)


def judge(draft: Draft, block: int, twin: Twin, similarity: float) -> str | None:
    """What keeps a verified near-duplicate in: a guard, `variant`, "near" where the setting only flags, or None."""
    if draft.settings.near == "remove":
        return None
    text, other = draft.prepared.texts[block], draft.text_of(twin)
    found = changes(other, text)
    subjects = draft.subject_of(twin), draft.subjects.words[block]
    if is_variant(found, *subjects):
        return VARIANT
    same_links = int(draft.prepared.blocks.links[block]) == draft.links_of(twin)
    fact = fact_changed(other, text, same_links, found, draft.settings.without_guard)
    flags = draft.settings.near == "flag"
    if fact and not flags:
        return fact
    by_shingles = shingle_similarity(other, text)
    if flags and by_shingles < ALIKE and (fact if twin < 0 else fact not in SAYS_OTHERWISE):
        rest = None if twin < 0 else other_changes(found, *subjects)
        if twin < 0 or (rest is not None and _are_named(rest, other, text)):
            return VARIANT
    if flags:
        return fact or SETTING
    from dedup.decide.rewording import change_parts, says_other  # as the guards, when it is asked

    without = draft.settings.without_guard
    if ORDER not in without and change_parts(found):
        return ORDER
    # In a short paragraph each word weighs more.
    is_short = by_shingles < draft.settings.threshold and WORD not in without
    return WORD if is_short and says_other(found, draft.prepared.counts[block]) else None
