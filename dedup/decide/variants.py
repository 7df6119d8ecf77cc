"""Deliberate variants: two blocks that differ only in what their own documents are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dedup.decide.difference import Change, together

ARTICLES = frozenset(("a", "an", "the"))

JOINING = frozenset(("and", "of", "for", "in", "on"))
"""Small words between names."""

VARIANT = "variant"

_PART = 3
"""Each part of a joined word has so many letters or more."""


def is_variant(found: Iterable[Change], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether what differs stands in the one document's subject and not in the other's, and the reverse.

    `one` and `other` are the subjects: the words of path, title and headings that a block stands under. Articles
    may differ with the word they belong to, and what joins two such words ("tables" / "tables and streams"). Where
    words stand for others, it is enough that each side names its subject ("CloudWatch" / "DynamoDB tables"), if there
    is no number among them.
    """
    names, rest = _parted(found, one, other)
    return names and not rest


def other_changes(
    found: Iterable[Change], one: frozenset[str], other: frozenset[str]
) -> Sequence[Change] | None:
    """What differs besides the subjects, where each side names its own at one place at least; else None."""
    names, rest = _parted(found, one, other)
    return rest if names else None


def _parted(
    found: Iterable[Change], one: frozenset[str], other: frozenset[str]
) -> tuple[bool, Sequence[Change]]:
    """Whether a change names the subjects, and the changes that do not."""
    differing = False
    rest = []
    for change in together(found):
        sides = []
        for words, own, foreign in ((change.one, one, other), (change.other, other, one)):
            said = [word.text for word in words if word.text not in ARTICLES]
            said = [word for word in said if word not in JOINING] or said
            naming = [word for word in said if _names(word, own) and not _has(foreign, word)]
            sides.append((said, naming))
        (ours, our_names), (theirs, their_names) = sides
        both = our_names and their_names and not any(map(_counts, (*ours, *theirs)))
        if not both and (len(our_names) < len(ours) or len(their_names) < len(theirs)):
            rest.append(change)
        elif our_names or their_names:
            differing = True
    return differing, rest


def _counts(word: str) -> bool:
    return any(character.isdigit() for character in word)


def _names(text: str, subject: frozenset[str]) -> bool:
    """Whether a subject has a word or the two that it is joined of (`pullRequest`)."""
    return _has(subject, text) or any(
        text[:at] in subject and _has(subject, text[at:]) for at in range(_PART, len(text) - _PART + 1)
    )


def _has(subject: frozenset[str], word: str) -> bool:
    """Whether a subject has a word, in the singular or the plural; "as" is no plural of "a"."""
    forms = (word, word.removesuffix("s"), f"{word}s") if len(word) >= _PART else (word,)
    return not subject.isdisjoint(forms)
