"""MinHash signatures of shingle sets, keys that find blocks, and Jaccard similarity, by the kernel that is in use."""

from __future__ import annotations

import numpy as np

from dedup import kernel
from dedup.sketch import reference
from dedup.sketch.keys import KeyPlan, find_keys
from dedup.sketch.reference import band_keys, permutations
from dedup.words import I64, U32, U64, Shingles, Words

__all__ = ["KeyPlan", "band_keys", "jaccard", "keys_of", "permutations", "signatures"]

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


def keys_of(words: Words, chosen: I64, k: int, count: int, plan: KeyPlan) -> tuple[U64, I64]:
    """The keys that find the chosen blocks, by their k-word shingles: uint64, one block's after the other's.

    Block i of them has the keys `first[i]:first[i + 1]`, where `first` is the second of what is returned.
    """
    if kernel.compiled is None or count != _COMPILED_FOR:
        return find_keys(words, chosen, k, count, plan)
    first = np.empty(len(chosen) + 1, np.int64)
    bands, rows, tables = plan
    found = kernel.compiled.sketch(
        words.hashes,
        words.first,
        np.ascontiguousarray(chosen),
        k,
        *permutations(count),
        bands,
        rows,
        tables,
        first,
    )
    return np.frombuffer(found, np.uint64), first


def jaccard(one: U32, other: U32) -> float:
    """The exact Jaccard similarity of two shingle sets given in rising order; 0 where both are empty."""
    if kernel.compiled is None:
        return reference.jaccard(one, other)
    return float(kernel.compiled.jaccard(one, other))
