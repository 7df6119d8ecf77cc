"""Deliberate variants: two blocks that differ only in what their own documents are about."""

from __future__ import annotations

from collections.abc import Iterable

from dedup.decide.difference import Change
from dedup.decide.lexicon import ARTICLES, JOINING
from dedup.words import Word

_PART = 3
"""Each part of a joined word has so many letters or more."""


def is_variant(found: Iterable[Change], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether all words that differ stand in the one document's subject and not in the other's, and the reverse.

    `one` and `other` are the subjects: the words of path, title and headings that a block stands under. Articles
    may differ with the word they belong to, and what joins two such words ("tables" / "tables and streams").
    """
    differing = 0
    for change in found:
        for words, own, foreign in ((change.one, one, other), (change.other, other, one)):
            said = [word for word in words if word.text not in ARTICLES]
            named = [word for word in said if word.text not in JOINING] or said
            if any(not _names(word, own) or _has(foreign, word.text) for word in named):
                return False
            differing += len(named)
    return differing > 0


def _names(word: Word, subject: frozenset[str]) -> bool:
    """Whether a subject has a word or the two that it is joined of (`pullRequest`)."""
    text = word.text
    return _has(subject, text) or any(
        text[:at] in subject and _has(subject, text[at:]) for at in range(_PART, len(text) - _PART + 1)
    )


def _has(subject: frozenset[str], word: str) -> bool:
    """Whether a subject has a word, in the singular or the plural."""
    return not subject.isdisjoint((word, word.removesuffix("s"), f"{word}s"))
