"""Deliberate variants: two blocks that differ only in what their own documents are about."""

from __future__ import annotations

from collections.abc import Iterable

from dedup.decide.difference import Change
from dedup.decide.lexicon import ARTICLES, JOINING
from dedup.words import Word

_PART = 3
"""Each part of a joined word has so many letters or more."""


def is_variant(
    found: Iterable[Change], one: frozenset[str], other: frozenset[str], *, alike: bool = True
) -> bool:
    """Whether what differs stands in the one document's subject and not in the other's, and the reverse.

    `one` and `other` are the subjects: the words of path, title and headings that a block stands under. Articles
    may differ with the word they belong to, and what joins two such words ("tables" / "tables and streams"). Where
    words stand for others, it is enough that each side names its subject ("CloudWatch" / "DynamoDB tables"), if there
    is no number among them. Of blocks that are not very much `alike` one such place says that they are built on one
    pattern.
    """
    differing = 0
    for one_words, other_words in _together(found):
        sides = []
        for words, own, foreign in ((one_words, one, other), (other_words, other, one)):
            said = [word.text for word in words if word.text not in ARTICLES]
            said = [word for word in said if word not in JOINING] or said
            naming = [word for word in said if _names(word, own) and not _has(foreign, word)]
            sides.append((said, naming))
        (ours, our_names), (theirs, their_names) = sides
        both = our_names and their_names and not any(map(_counts, (*ours, *theirs)))
        if both and not alike:
            return True
        if not both and (len(our_names) < len(ours) or len(their_names) < len(theirs)):
            return False
        differing += len(our_names) + len(their_names)
    return differing > 0


def _together(found: Iterable[Change]) -> list[tuple[list[Word], list[Word]]]:
    """The changes, those made one between which no word is the same."""
    joined: list[tuple[list[Word], list[Word]]] = []
    ends = (-1, -1)
    for change in found:
        if (change.one_at, change.other_at) != ends:
            joined.append(([], []))
        joined[-1][0].extend(change.one)
        joined[-1][1].extend(change.other)
        ends = change.one_at + len(change.one), change.other_at + len(change.other)
    return joined


def _counts(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _names(text: str, subject: frozenset[str]) -> bool:
    """Whether a subject has a word or the two that it is joined of (`pullRequest`)."""
    return _has(subject, text) or any(
        text[:at] in subject and _has(subject, text[at:]) for at in range(_PART, len(text) - _PART + 1)
    )


def _has(subject: frozenset[str], word: str) -> bool:
    """Whether a subject has a word, in the singular or the plural."""
    return not subject.isdisjoint((word, word.removesuffix("s"), f"{word}s"))
