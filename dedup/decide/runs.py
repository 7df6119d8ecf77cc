"""Runs: short blocks and list items go where they stand beside a removed paragraph as they do beside its twin."""

from __future__ import annotations

from dedup.blocks import Kind
from dedup.decide.decided import is_rejected, weigh
from dedup.decide.draft import Draft, Twin, Verdict
from dedup.decide.paragraphs import judge, same_words
from dedup.match.verify import paragraph_similarity, word_similarity
from dedup.settings import HEADLINE_SIMILARITY
from dedup.words import folded_words


def extend_runs(draft: Draft) -> None:
    """Take out the short blocks and lists that repeat, next to a removed paragraph, what is next to its twin.

    A list goes as a whole or not at all. A run passes over a headline and over a protected block that are the same
    in both places.
    """
    position = {block: number for number, block in enumerate(draft.alive)}
    for paragraph in sorted(draft.removed):
        for step in (-1, 1):
            number, twin = position[paragraph], draft.removed[paragraph].twin
            while True:
                if 0 <= number + step < len(draft.alive) and draft.alive[number + step] in draft.removed:
                    break  # from there another walk goes on
                unit = _unit(draft, number + step, step)
                beside = _beside(draft, position, twin, step)
                if len(unit) == 1 and beside is not None and _passes(draft, unit[0], beside):
                    number, twin = number + step, beside
                    continue
                verdicts: dict[int, Verdict] = {}
                for block in unit:
                    beside = _beside(draft, position, twin, step)
                    verdict = None if beside is None else _repeats(draft, block, beside)
                    if verdict is None:
                        break
                    verdicts[block] = verdict
                    twin = verdict.twin
                if not unit or len(verdicts) < len(unit):
                    break
                for block, verdict in verdicts.items():
                    draft.remove(block, verdict)
                number += step * len(unit)


def _unit(draft: Draft, number: int, step: int) -> list[int]:
    """The block at a position of the alive ones, or the whole list that begins there in the direction of `step`."""
    if not 0 <= number < len(draft.alive):
        return []
    lists = draft.prepared.lists
    block = draft.alive[number]
    unit = [block]
    while lists[block] and 0 <= (number := number + step) < len(draft.alive):
        if lists[draft.alive[number]] != lists[block]:
            break
        unit.append(draft.alive[number])
    return unit


def _beside(draft: Draft, position: dict[int, int], twin: Twin, step: int) -> Twin | None:
    """The kept block next to a twin in its own document."""
    if twin >= 0:
        return draft.memory.beside(twin, step)
    number = position[~twin] + step
    if not 0 <= number < len(draft.alive):
        return None
    block = draft.alive[number]
    return ~block if draft.may_be_twin(block) else None


def _passes(draft: Draft, block: int, twin: Twin) -> bool:
    """Whether a run goes on beyond a block that it does not take out."""
    prepared = draft.prepared
    kind, other = prepared.kinds[block], draft.kind_of(twin)
    if kind != other or prepared.lists[block] or (twin < 0 and ~twin >= block):
        return False
    if kind == Kind.HEADLINE:
        return prepared.key[block] == draft.key_of(twin)
    return kind == Kind.PROTECTED and prepared.digest[block] == draft.digest_of(twin)


def _repeats(draft: Draft, block: int, twin: Twin) -> Verdict | None:
    """The verdict on a short block or list item beside a run, None where it ends the run."""
    prepared, settings = draft.prepared, draft.settings
    kind = prepared.kinds[block]
    soft = (kind == Kind.LIST_ITEM and settings.lists == "run") or (
        kind == Kind.PARAGRAPH and draft.is_short(block)
    )
    if not soft or not prepared.counts[block] or not draft.may_be_twin(block):
        return None
    if draft.kind_of(twin) in (Kind.PROTECTED, Kind.HEADLINE) or (twin < 0 and ~twin >= block):
        return None
    if prepared.key[block] == draft.key_of(twin) and same_words(draft, block, twin):
        return weigh(draft, block, Verdict(draft.rule_for(block, twin), 1.0, twin))
    ours, theirs = folded_words(prepared.texts[block]), folded_words(draft.text_of(twin))
    if settings.near in ("auto", "remove"):
        if draft.is_short(block):
            similarity, least = word_similarity(ours, theirs), max(settings.threshold, HEADLINE_SIMILARITY)
        else:
            similarity = paragraph_similarity(draft.text_of(twin), prepared.texts[block])
            least = settings.threshold
        if similarity >= least:
            rule, guard = "exact" if ours == theirs else "near", judge(draft, block, twin, similarity)
            verdict = weigh(draft, block, Verdict(rule, similarity, twin, guard))
            return verdict if verdict is not None and verdict.goes else None
    return None


def count_natural(draft: Draft) -> None:
    """Count the short blocks and list items that stay though an earlier kept block says the same."""
    seen: set[int] = set()
    for block in draft.alive:
        kind = draft.prepared.kinds[block]
        if kind not in (Kind.PARAGRAPH, Kind.LIST_ITEM) or not draft.prepared.counts[block]:
            continue
        if block in draft.prepared.exempt:
            continue
        key = draft.prepared.key[block]
        soft = kind == Kind.LIST_ITEM or draft.is_short(block)
        within = draft.settings.scope != "across" and key in seen
        if (
            soft
            and draft.stays(block)
            and (within or draft.memory.equal(key, draft.prepared.same[block]) is not None)
            and not is_rejected(draft, block)
        ):
            draft.natural += 1
        seen.add(key)
