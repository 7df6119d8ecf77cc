"""MinHash signatures of shingle sets, bands, and exact similarity, by the kernel that is in use."""

from __future__ import annotations

import numpy as np

from dedup import kernel
from dedup.sketch import reference
from dedup.sketch.reference import band_keys, permutations
from dedup.words import I64, U32, U64, Shingles, Words, shingles

__all__ = ["band_keys", "jaccard", "keys_of", "permutations", "signatures"]

_COMPILED_FOR = 128
"""The number of permutations that the compiled kernel holds in registers."""


def signatures(sets: Shingles, count: int) -> U32:
    """The MinHash of each shingle set, shape (blocks, count), uint32; all ones where a set is empty.

    The numbers are those of `datasketch.MinHash(num_perm=count, scheme="affine32")` updated with the same 32-bit
    values.
    """
    if kernel.compiled is None or count != _COMPILED_FOR:
        return reference.signatures(sets, count)
    found = np.empty((len(sets.first) - 1, count), np.uint32)
    kernel.compiled.signatures(sets.values, sets.first, *permutations(count), found)
    return found


def keys_of(words: Words, chosen: I64, k: int, count: int, bands: tuple[int, int]) -> U64:
    """The band keys of the chosen blocks, shape (blocks, bands), uint64: of their k-word shingles' signatures."""
    if kernel.compiled is None or count != _COMPILED_FOR:
        return band_keys(signatures(shingles(words, chosen, k), count), *bands)
    found = np.empty((len(chosen), bands[0]), np.uint64)
    kernel.compiled.sketch(
        words.hashes, words.first, np.ascontiguousarray(chosen), k, *permutations(count), *bands, found
    )
    return found


def jaccard(one: U32, other: U32) -> float:
    """The exact Jaccard similarity of two shingle sets given in rising order; 0 where both are empty."""
    if kernel.compiled is None:
        return reference.jaccard(one, other)
    return float(kernel.compiled.jaccard(one, other))
