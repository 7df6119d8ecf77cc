"""By how many keys blocks are found: bands that find nearly all pairs, and shingles of short blocks that find all."""

from __future__ import annotations

import math

from dedup.match.verify import SHORT_WORDS, most_different
from dedup.settings import PERMUTATIONS, SHINGLE_WORDS, Settings
from dedup.sketch.keys import FEW_SHINGLES, FEW_WORDS, SLOTS, KeyPlan
from dedup.words.common import common_bits

RECALL = 0.9999


def recall(similarity: float, bands: int, rows: int) -> float:
    """The probability that two sets of this Jaccard similarity share a band: 1 - (1 - s^rows)^bands.

    Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4.2.
    """
    return float(1 - (1 - similarity**rows) ** bands)


def choose_bands(threshold: float, permutations: int) -> tuple[int, int]:
    """Bands and rows for a threshold: as selective as leaves a pair at the threshold found with `RECALL`.

    datasketch weighs false positives against false negatives (9 bands of 13 rows for 0.8 and 128 permutations,
    which finds 40 % of the pairs at 0.8); here every candidate is verified, so only false negatives count.
    """
    for rows in range(permutations, 0, -1):
        bands = permutations // rows
        if recall(threshold, bands, rows) >= RECALL:
            return bands, rows
    return permutations, 1


def plan_for(settings: Settings) -> KeyPlan | None:
    """The keys that settings ask for, None where near-duplicates are not looked for.

    All documents have the same ones: enough for the lowest threshold that one of them may have.
    """
    if all(near == "off" for near in settings.values_of("near")):
        return None
    return key_plan(min(settings.values_of("threshold")))


def key_plan(threshold: float) -> KeyPlan:
    """The keys by which all pairs of short blocks and nearly all of others are found at a threshold."""
    tables = bytearray(3 * SLOTS)
    for words in range(SHINGLE_WORDS, FEW_WORDS + 1):
        tables[words] = shingles_by_words(words, threshold)
    for size in range(1, FEW_SHINGLES + 1):
        tables[SLOTS + size] = size - _least_shared(size, threshold) + 1
        # What may be like a block that has bands alone.
        tables[2 * SLOTS + size] = size >= _least_shared(FEW_SHINGLES + 1, threshold)
    return (*choose_bands(threshold, PERMUTATIONS), bytes(tables) + common_bits())


def shingles_by_words(words: int, threshold: float) -> int:
    """How many of its shingles a block of so many words has as keys, to share one with all that are like it by words.

    A word that differs takes three shingles at most. Where the longer of two blocks has n words, and d differ, they
    share n - 2 - 3d or more (Ukkonen 1992), at least one. A shingle that a block has twice counts once in what they
    share, and once in what it has.
    """
    shared = []
    for longest in range(words, FEW_WORDS + 1):
        apart = min(most_different(longest), math.floor((1 - threshold) * longest + 1e-9))
        if longest - apart <= words and min(words, longest - apart) < SHORT_WORDS:
            shared.append(longest - 2 - SHINGLE_WORDS * apart)
    return words - 2 - max(min(shared), 1) + 1 if shared else 0


def _least_shared(size: int, threshold: float) -> int:
    """How many shingles a set of so many shares at least with one that is as similar as the threshold."""
    return max(1, math.ceil(threshold * size - 1e-9))


def least_words(settings: Settings) -> int:
    """How many words a block has at least that has keys: what is short to one document is not to another."""
    return int(min(settings.values_of("min_words")))
