"""The exact similarity of two blocks."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Indel

from dedup.sketch.reference import jaccard

__all__ = ["jaccard", "word_similarity"]


def word_similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """rapidfuzz's normalised similarity of two word sequences, 0 to 1: twice the longest common subsequence over
    the sum of the lengths; 0 where both are empty."""
    return float(Indel.normalized_similarity(one, other)) if one or other else 0.0
