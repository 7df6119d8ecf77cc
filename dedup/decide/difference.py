"""The words in which two texts differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from dedup.words import Word, split


@dataclass(frozen=True, slots=True)
class Change:
    """A place where two texts differ: the words of the one that stand for the words of the other; one may be empty.

    `one_at` and `other_at` are the numbers of the first of these words in their texts.
    """

    one: tuple[Word, ...]
    other: tuple[Word, ...]
    one_at: int
    other_at: int


@lru_cache(maxsize=1 << 12)
def words_in(text: str) -> tuple[Word, ...]:
    """The words of a text with their places; remembered, since a kept block is compared again and again."""
    return tuple(split(text))


def changes(one: str, other: str) -> Sequence[Change]:
    """Where the words of two texts differ, in order."""
    ours, theirs = words_in(one), words_in(other)
    codes = Levenshtein.opcodes([word.text for word in ours], [word.text for word in theirs])
    return [
        Change(
            ours[code.src_start : code.src_end],
            theirs[code.dest_start : code.dest_end],
            code.src_start,
            code.dest_start,
        )
        for code in codes
        if code.tag != "equal"
    ]


def together(found: Iterable[Change]) -> list[Change]:
    """The changes, those made one between which no word is the same."""
    joined: list[Change] = []
    for change in found:
        last = joined[-1] if joined else None
        if last and (change.one_at, change.other_at) == (
            last.one_at + len(last.one),
            last.other_at + len(last.other),
        ):
            joined[-1] = replace(last, one=last.one + change.one, other=last.other + change.other)
        else:
            joined.append(change)
    return joined


def accented(one: str, other: str, found: Sequence[Change]) -> list[Change]:
    """Where words that are the same have accents that make others of them; `found` is where the words differ."""
    ours, theirs = words_in(one), words_in(other)
    ends = [(change.one_at + len(change.one), change.other_at + len(change.other)) for change in found]
    begins = [(change.one_at, change.other_at) for change in found]
    return [
        Change((ours[at + number],), (theirs[other_at + number],), at + number, other_at + number)
        for (at, other_at), (end, _) in zip([(0, 0), *ends], [*begins, (len(ours), len(theirs))], strict=True)
        for number in range(end - at)
        if ours[at + number].accents != theirs[other_at + number].accents
    ]


def in_order(one: str, other: str) -> list[Change]:
    """Where the words of two texts differ, or their accents, in order."""
    found = changes(one, other)
    return sorted((*found, *accented(one, other, found)), key=lambda change: (change.one_at, change.other_at))
