"""Another twin for a block whose own was taken out in a later round, where another kept block says the same."""

from __future__ import annotations

from dataclasses import replace

from dedup.blocks import Kind
from dedup.decide.decided import weigh
from dedup.decide.draft import Draft, Verdict
from dedup.decide.headlines import guard_of
from dedup.decide.paragraphs import judge
from dedup.decide.subjects import find_subjects
from dedup.match.verify import paragraph_similarity
from dedup.settings import HEADLINE_SIMILARITY


def find_another(draft: Draft, removed: dict[int, Verdict], block: int) -> bool:
    """Points a removed block to the most similar block that stays before it in the document; whether there is one.

    `draft` is the last one, which removed nothing more. All blocks that stay are looked at: this is seldom asked.
    """
    from dedup.match.alike import headline_similarity  # seldom asked

    prepared = draft.prepared
    headline = prepared.kinds[block] == Kind.HEADLINE
    kinds = (Kind.HEADLINE,) if headline else (Kind.PARAGRAPH, Kind.LIST_ITEM)
    text = prepared.texts[block]
    found: list[tuple[float, int]] = []
    for other in draft.alive:
        if other >= block or prepared.kinds[other] not in kinds or other in draft.pinned:
            continue
        if other in prepared.exempt:
            continue
        if headline:
            similarity = headline_similarity(prepared.texts[other], text)
            least = HEADLINE_SIMILARITY
        else:
            similarity, least = paragraph_similarity(prepared.texts[other], text), draft.settings.threshold
        if similarity >= least:
            found.append((-similarity, other))
    # The block is not alive any more; a guard asks what it stood under.
    whole = replace(draft, subjects=find_subjects(prepared, range(len(prepared.kinds)), ()))
    for distance, other in sorted(found):
        guard = guard_of(whole, block, ~other) if headline else judge(whole, block, ~other, -distance)
        verdict = weigh(draft, block, Verdict("headline" if headline else "near", -distance, ~other, guard))
        if verdict is not None and verdict.goes:
            removed[block] = verdict
            return True
    return False
