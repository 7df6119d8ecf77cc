"""Sentences that are shown as headlines, and elsewhere are paragraphs.

In plain text a short line that ends without a full stop is a headline, everywhere one that is bold as a whole, so that
a paragraph and its copy may be of different kinds. Those of the same words are compared all the same, across documents,
where the line heads nothing or ends as a sentence does.
"""

from __future__ import annotations

from dedup.blocks import BOLD_LEVEL, Kind
from dedup.blocks.text import ends_sentence
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
    """Decide on the paragraphs that repeat a headline, and the headlines that repeat a paragraph."""
    prepared, settings = draft.prepared, draft.settings
    if settings.headlines == "off":
        return
    for kind in (Kind.PARAGRAPH, Kind.HEADLINE):
        for block in draft.compared(kind):
            if draft.is_short(block) or block in prepared.exempt or not draft.stays(block):
                continue
            if block in draft.flagged or (kind == Kind.HEADLINE and not _is_sentence(draft, block)):
                continue
            verdict = _find(draft, block)
            if verdict is not None and verdict.goes and settings.headlines != "flag":
                draft.remove(block, verdict)
            elif verdict is not None:
                draft.flag(block, verdict, verdict.guard)


def _is_sentence(draft: Draft, block: int) -> bool:
    if draft.prepared.levels[block] != BOLD_LEVEL:
        return False
    return heads_nothing(draft, block) or ends_sentence(draft.prepared.texts[block])


def _find(draft: Draft, block: int) -> Verdict | None:
    prepared = draft.prepared
    rows = _rows(draft.memory, prepared.kinds[block], prepared.key[block], prepared.same[block])
    is_text = prepared.document.syntax == "text"
    of_headline = prepared.kinds[block] == Kind.PARAGRAPH
    for row in rows:
        if of_headline and not is_text and not ends_sentence(draft.text_of(row)):
            continue  # a heading says the same, and is none of a sentence
        if same_words(draft, block, row):
            same_links = int(prepared.blocks.links[block]) == draft.links_of(row)
            text, other = prepared.texts[block], draft.text_of(row)
            is_equal = prepared.key[block] == draft.key_of(row)
            fact = None if is_equal else explain_exact(other, text, same_links, draft.settings.without_guard)
            return weigh(draft, block, Verdict("exact", 1.0, row, fact))
    return None


def _rows(memory: Memory, kind: int, key: int, same: int) -> list[int]:
    """The rows of the other kind with the same words, links, signs and units, and with the same words."""
    return memory.worded(key, same, headlines=kind == Kind.PARAGRAPH)
