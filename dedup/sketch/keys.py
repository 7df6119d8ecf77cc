"""The keys under which a block is found: bands of its signature, and of a short one some of its shingles.

Bands find long blocks. Short ones that differ in a word or two share few of their shingles, but these all can be
looked at: put the shingles of every block in one fixed order; then two blocks that share o shingles or more share one
of the first n - o + 1 of each, where n is how many a block has (prefix filtering; Chaudhuri, Ganti, Kaushik: A
Primitive Operator for Similarity Joins in Data Cleaning, ICDE 2006). With these as keys no pair is lost. In the order
shingles of few common words come first, and two blocks must share three of some more keys where they share as many
shingles, so that few blocks are compared that are not alike.
"""

from __future__ import annotations

import numpy as np

from dedup.sketch.reference import band_keys, signatures
from dedup.words import I64, U64, Shingles, Words

KeyPlan = tuple[int, int, bytes]
"""How blocks are found: the number of bands, the values of each, and tables of `SLOTS` bytes, one after the other: how
many of its shingles a block has as keys to share one, by the number of its words and by that of its distinct shingles
(the greater one holds); by the latter whether it has bands as well; then the bits of `words.common`.

A block with more than FEW_SHINGLES distinct shingles has bands alone.
"""

SLOTS = 64
FEW_SHINGLES = 48
FEW_WORDS = FEW_SHINGLES + 2

AGREEING = 3
NEED = 15
"""The bits of a shingle's key that say how many of them two blocks must share; they are 0 in that of a band."""

_RARE = np.uint64(0x5D << 32)


def find_keys(words: Words, chosen: I64, k: int, count: int, plan: KeyPlan) -> tuple[U64, I64]:
    """The keys of the chosen blocks in NumPy: the definition that the compiled kernel must match in every bit."""
    from dedup.words import reference  # where there is a kernel nobody needs it

    bands, rows, tables = plan
    by_words, by_size, banded = (tables[at * SLOTS : (at + 1) * SLOTS] for at in range(3))
    bits = np.unpackbits(np.frombuffer(tables, np.uint8)[3 * SLOTS :], bitorder="little")
    common = bits[words.hashes & np.uint64(len(bits) - 1)].astype(np.uint64)
    rare: list[U64] = []
    with_bands = []
    for block in chosen.tolist():
        first, stop = int(words.first[block]), int(words.first[block + 1])
        values = reference.shingle_values(words.hashes[first:stop], k)
        commons = [int(common[at : min(at + k, stop)].sum()) for at in range(first, first + len(values))]
        ranked = np.unique(np.array(commons, np.uint64) << np.uint64(32) | values)
        size = len(ranked) if len(ranked) <= FEW_SHINGLES else 0
        least = max(by_size[size], by_words[stop - first] if stop - first <= FEW_WORDS else 0) if size else 0
        least = min(least, size)
        need = min(AGREEING, size - least + 1)
        keys = reference.mix(_RARE | ranked[: least + AGREEING - 1 if size else 0] & np.uint64(0xFFFFFFFF))
        rare.append(keys & ~np.uint64(NEED) | np.uint64(need))
        with_bands.append(len(values) > 0 and (not size or bool(banded[size])))
    sets = Shingles(*reference.shingles(words.hashes, words.first, chosen[np.flatnonzero(with_bands)], k))
    signed = band_keys(signatures(sets, count), bands, rows)
    found: list[U64] = []
    at = 0
    for keys, has_bands in zip(rare, with_bands, strict=True):
        found.append(np.concatenate([keys, signed[at] & ~np.uint64(NEED)]) if has_bands else keys)
        at += has_bands
    limits = np.zeros(len(found) + 1, np.int64)
    np.cumsum([len(keys) for keys in found], out=limits[1:])
    return np.concatenate([np.zeros(0, np.uint64), *found]), limits
