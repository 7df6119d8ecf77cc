"""The exact similarity of two blocks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Indel

from dedup.settings import SHINGLE_WORDS
from dedup.sketch import jaccard
from dedup.words import SEPARATOR, analyse, shingles

__all__ = ["jaccard", "shingle_similarity", "word_similarity"]


def shingle_similarity(one: str, other: str) -> float:
    """The exact Jaccard similarity of the shingle sets of two texts, 0 to 1."""
    sets = shingles(analyse(f"{one}{SEPARATOR}{other}", 2), np.arange(2), SHINGLE_WORDS)
    return jaccard(sets.of(0), sets.of(1))


def word_similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """rapidfuzz's normalised similarity of two word sequences, 0 to 1: twice the longest common subsequence over
    the sum of the lengths; 0 where both are empty."""
    return float(Indel.normalized_similarity(one, other)) if one or other else 0.0
