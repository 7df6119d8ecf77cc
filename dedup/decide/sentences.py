"""Sentences without their full stop: what plain text shows as a headline, and elsewhere is a paragraph.

A short line that ends without one is a headline, so that a paragraph and its copy may be of different kinds. Those of
the same words are compared all the same, across documents and where the line heads nothing.
"""

from __future__ import annotations

from dedup.blocks import Kind
from dedup.decide.decided import weigh
from dedup.decide.draft import Draft, Verdict
from dedup.decide.guards import explain_exact
from dedup.decide.headlines import heads_nothing
from dedup.decide.paragraphs import same_words
from dedup.match.memory import Memory


def has_other_kind(memory: Memory, kind: int, key: int, same: int) -> bool:
    """Whether a kept headline has the words of a paragraph, or a kept paragraph those of a headline."""
    return bool(_rows(memory, kind, key, same))


def decide_sentences(draft: Draft) -> None:
    """Decide on the paragraphs that repeat a headline, and the headlines that repeat a paragraph, of plain text."""
    prepared, settings = draft.prepared, draft.settings
    if prepared.document.syntax != "text" or settings.headlines == "off":
        return
    for kind in (Kind.PARAGRAPH, Kind.HEADLINE):
        for block in draft.compared(kind):
            if draft.is_short(block) or block in prepared.exempt or not draft.stays(block):
                continue
            if block in draft.flagged or (kind == Kind.HEADLINE and not heads_nothing(draft, block)):
                continue
            verdict = _find(draft, block)
            if verdict is not None and verdict.goes and settings.headlines != "flag":
                draft.remove(block, verdict)
            elif verdict is not None:
                draft.flag(block, verdict, verdict.guard)


def _find(draft: Draft, block: int) -> Verdict | None:
    prepared = draft.prepared
    rows = _rows(draft.memory, prepared.kinds[block], prepared.key[block], prepared.same[block])
    for row in rows:
        if same_words(draft, block, row):
            same_links = int(prepared.blocks.links[block]) == draft.links_of(row)
            text, other = prepared.texts[block], draft.text_of(row)
            is_equal = prepared.key[block] == draft.key_of(row)
            fact = None if is_equal else explain_exact(other, text, same_links, draft.settings.without_guard)
            return weigh(draft, block, Verdict("exact", 1.0, row, fact))
    return None


def _rows(memory: Memory, kind: int, key: int, same: int) -> list[int]:
    """The rows of the other kind with the same words, links, signs and units, and with the same words."""
    if kind == Kind.PARAGRAPH:
        return memory.same_headlines(key, same)
    found = (memory.equal(key, same), memory.same_words(same))
    return [row for row in dict.fromkeys(found) if row is not None]
