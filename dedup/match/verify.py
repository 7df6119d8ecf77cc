"""The exact similarity of two blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Indel

from dedup.settings import SHINGLE_WORDS
from dedup.sketch import jaccard
from dedup.words import U32, analyse, shingles

__all__ = ["jaccard", "near_enough", "shingle_set", "shingle_similarity", "word_similarity"]


def shingle_set(text: str) -> U32:
    """The shingles of a text, uint32, distinct and in rising order."""
    return shingles(analyse(text, 1), np.arange(1), SHINGLE_WORDS).values


def near_enough(one: U32, other: U32, threshold: float) -> float:
    """The exact Jaccard similarity of two shingle sets where it reaches the threshold, else 0."""
    # The similarity is at most the ratio of the sizes.
    small, large = sorted((len(one), len(other)))
    if small < threshold * large:
        return 0.0
    similarity = jaccard(one, other)
    return similarity if similarity >= threshold else 0.0


def shingle_similarity(one: str, other: str) -> float:
    """The exact Jaccard similarity of the shingle sets of two texts, 0 to 1."""
    return jaccard(shingle_set(one), shingle_set(other))


def word_similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """rapidfuzz's normalised similarity of two word sequences, 0 to 1: twice the longest common subsequence over
    the sum of the lengths; 0 where both are empty."""
    return float(Indel.normalized_similarity(one, other)) if one or other else 0.0
