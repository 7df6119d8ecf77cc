"""Whether two paragraphs say it in other words, or say something else: a word for another, or two for one another."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from dedup.decide.difference import Change
from dedup.decide.lexicon import FUNCTION_WORDS
from dedup.decide.lexicon_languages import lexicon_of
from dedup.words import folded_words
from dedup.words.common import OTHERS

_STEM = 3
_STEM_SHARE = 0.6
"""Two words are forms of one ("law" and "laws", "publish" and "published") where they begin with the same letters: so
many at least, and that share of the longer one."""


_SHORTEST = 16
"""In a text of fewer words each word with a meaning is the half of what it says."""


def says_other(found: Sequence[Change], count: int) -> bool:
    """Whether among the words that differ one with a meaning of its own stands for another.

    Words that only one of two texts has may say more ("the study" and "the new study"); they count in a text of few
    words. `count` is how many the text has.
    """
    ours, theirs = _sides(found)
    alone = _has_alone(ours, theirs), _has_alone(theirs, ours)
    return any(alone) if count < _SHORTEST else all(alone)


def change_parts(found: Sequence[Change]) -> bool:
    """Whether two words with a meaning of their own stand for one another: "the dog bit the man"."""
    ours, theirs = _sides(found)
    return (Counter(ours) & Counter(theirs)).total() > 1


def _sides(found: Sequence[Change]) -> tuple[list[str], list[str]]:
    """The words with a meaning of their own among those that differ, of either text."""
    return (
        _meaning(word.text for change in found for word in change.one),
        _meaning(word.text for change in found for word in change.other),
    )


def _meaning(words: Iterable[str]) -> list[str]:
    return [
        word for word in words if word not in FUNCTION_WORDS and word not in _others() and not _counts(word)
    ]


def _counts(word: str) -> bool:
    """Whether a word is a number: what it says is for the guard of numbers, by its value."""
    return any(character.isdigit() for character in word) or word in lexicon_of(("en",)).numbers


@lru_cache(maxsize=1)
def _others() -> frozenset[str]:
    return frozenset(folded_words(OTHERS))


def _has_alone(words: Sequence[str], others: Sequence[str]) -> bool:
    return any(not any(_is_form(word, other) for other in others) for word in words)


def _is_form(one: str, other: str) -> bool:
    stem = max(_STEM, math.ceil(_STEM_SHARE * max(len(one), len(other))))
    return one == other or (len(one) >= stem and one[:stem] == other[:stem])
