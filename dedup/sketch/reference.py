"""The MinHash of shingle sets in NumPy: the definition that any faster kernel must match in every bit."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import numpy as np

from dedup.words import U32, U64, Shingles

SEED = 1

# Shingles worked on at a time: the values of one permutation stay in the processor's cache.
_CHUNK = 1 << 15


@lru_cache(maxsize=4)
def permutations(count: int) -> tuple[U32, U32]:
    """The factors (odd) and offsets of datasketch 2's `affine32` permutations for seed 1, uint32 each.

    They are the first numbers of NumPy's RandomState(1), which are those of the Mersenne Twister (Matsumoto and
    Nishimura 1998, `init_genrand`). To import numpy.random for them takes longer than to read ten files.
    """
    state = [SEED]
    for place in range(1, 624):
        state.append((1812433253 * (state[-1] ^ (state[-1] >> 30)) + place) & 0xFFFFFFFF)
    twister = Random()
    twister.setstate((3, (*state, 624), None))
    numbers = np.array([twister.getrandbits(32) for _ in range(2 * count)], np.uint32)
    return numbers[:count] << np.uint32(1) | np.uint32(1), numbers[count:]


def signatures(shingles: Shingles, count: int) -> U32:
    """The MinHash of each shingle set, shape (blocks, count), uint32; all ones where a set is empty.

    The numbers are those of `datasketch.MinHash(num_perm=count, scheme="affine32")` updated with the same 32-bit
    values: the value is mixed once by MurmurHash3's finaliser, then permuted as a·h + b modulo 2^32.
    """
    factors, offsets = permutations(count)
    blocks = len(shingles.first) - 1
    found = np.full((blocks, count), 0xFFFFFFFF, np.uint32)
    mixed = _mix32(shingles.values)
    start = 0
    while start < blocks:
        # As many whole blocks as fit a chunk, at least one.
        stop = int(np.searchsorted(shingles.first, shingles.first[start] + _CHUNK, side="right")) - 1
        stop = min(max(stop, start + 1), blocks)
        low, high = shingles.first[start], shingles.first[stop]
        filled = np.flatnonzero(np.diff(shingles.first[start : stop + 1]))
        if len(filled):
            limits = shingles.first[start:stop][filled] - low
            part = mixed[low:high]
            for number in range(count):
                values = part * factors[number] + offsets[number]
                found[start + filled, number] = np.minimum.reduceat(values, limits)
        start = stop
    return found


def band_keys(signatures: U32, bands: int, rows: int) -> U64:
    """One 64-bit key for each band of each signature, shape (blocks, bands); equal where the band's rows are."""
    cut = signatures[:, : bands * rows].reshape(len(signatures), bands, rows).astype(np.uint64)
    keys = np.broadcast_to(np.arange(1, bands + 1, dtype=np.uint64), cut.shape[:2]).copy()
    for row in range(rows):
        keys = (keys ^ cut[:, :, row]) * np.uint64(0x9DDFEA08EB382D69)
        keys ^= keys >> np.uint64(32)
    return keys


def jaccard(one: U32, other: U32) -> float:
    """The exact Jaccard similarity of two shingle sets given in rising order; 0 where both are empty."""
    if not len(one) or not len(other):
        return 0.0
    merged = np.concatenate((one, other))
    merged.sort(kind="stable")
    shared = int(np.count_nonzero(merged[1:] == merged[:-1]))
    return shared / (len(merged) - shared)


def _mix32(values: U32) -> U32:
    values = (values ^ (values >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    values = (values ^ (values >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return values ^ (values >> np.uint32(16))
