"""The exact similarity of two blocks.

Of long paragraphs it is the Jaccard similarity of their sets of 3-word shingles. In a short one a single word stands in
three of a few shingles: of 25 words with one changed the sets share 20 of 26. So where one of two has fewer than 45
words, their words are compared too, by Levenshtein distance, and the greater similarity holds. It counts where at most
one word in eight differs, or two in ten to fifteen: that is the same paragraph to an editor, and more is not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Indel, Levenshtein

from dedup.settings import SHINGLE_WORDS
from dedup.sketch import jaccard
from dedup.sketch.keys import FEW_WORDS
from dedup.words import U32, analyse, shingles

__all__ = [
    "edit_similarity",
    "jaccard",
    "measure",
    "near_enough",
    "paragraph_similarity",
    "shingle_similarity",
    "word_similarity",
]

SHORT_WORDS = 45
"""Of two blocks of which one has fewer words, the words are compared too; the other has no more than FEW_WORDS."""


def most_different(longest: int) -> int:
    """In how many words two blocks may differ, of which the longer has so many, to be alike by their words."""
    return max(longest // 8, 2 if longest >= 10 else 0)


class Measured:
    """What a text is compared by.

    shingles: uint32, distinct and in rising order. words: a hash for each word, None where there are more than
    FEW_WORDS.
    """

    __slots__ = ("shingles", "words")

    def __init__(self, shingles: U32, words: Sequence[int] | None) -> None:
        self.shingles = shingles
        self.words = words


def measure(text: str) -> Measured:
    """What a text is compared by."""
    words = analyse(text, 1)
    hashes = words.hashes.tolist() if len(words.hashes) <= FEW_WORDS else None
    return Measured(shingles(words, np.arange(1), SHINGLE_WORDS).values, hashes)


def near_enough(one: Measured, other: Measured, threshold: float) -> float:
    """The exact similarity of two texts where it reaches the threshold, else 0."""
    similarity = _alike_by_words(one.words, other.words)
    # That of the sets is at most the ratio of their sizes.
    small, large = sorted((len(one.shingles), len(other.shingles)))
    if small >= threshold * large:
        similarity = max(similarity, jaccard(one.shingles, other.shingles))
    return similarity if similarity >= threshold else 0.0


def paragraph_similarity(one: str, other: str) -> float:
    """The exact similarity of two texts, 0 to 1."""
    return near_enough(measure(one), measure(other), 0.0)


def shingle_similarity(one: str, other: str) -> float:
    """The exact Jaccard similarity of the shingle sets of two texts, 0 to 1."""
    return jaccard(measure(one).shingles, measure(other).shingles)


def edit_similarity(one: str, other: str) -> float:
    """The similarity of the words of two texts by Levenshtein distance, 0 to 1, also where it does not count."""
    words, others = (analyse(text, 1).hashes.tolist() for text in (one, other))
    return 1 - Levenshtein.distance(words, others) / max(len(words), len(others)) if words or others else 0.0


def word_similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """rapidfuzz's normalised similarity of two word sequences, 0 to 1: twice the longest common subsequence over
    the sum of the lengths; 0 where both are empty."""
    return float(Indel.normalized_similarity(one, other)) if one or other else 0.0


def _alike_by_words(one: Sequence[int] | None, other: Sequence[int] | None) -> float:
    """The similarity of two word sequences, 0 where they differ in too many words, or neither is short."""
    if not one or not other:
        return 0.0
    shortest, longest = sorted((len(one), len(other)))
    limit = most_different(longest)
    if shortest >= SHORT_WORDS or longest - shortest > limit:
        return 0.0
    apart = Levenshtein.distance(one, other, score_cutoff=limit)
    return 1 - apart / longest if apart <= limit else 0.0
