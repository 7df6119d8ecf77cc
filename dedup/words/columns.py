"""Words and shingles of many blocks as columns, by the kernel that is in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dedup import kernel
from dedup.words.table import I64, TABLE, U32, U64

SEPARATOR = "\0"
"""Stands between the blocks of a batch of text; no block holds it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch of blocks, as columns.

    hashes: uint64, a hash for each word, all blocks one after the other.
    first: int64, blocks + 1; block i has the words `first[i]:first[i + 1]`.
    same: uint64 for each block, equal for two blocks where their words are the same in the same order.
    facts: uint64 for each block, a hash of the signs, units, decimal points and accents that the words leave out.
    """

    hashes: U64
    first: I64
    same: U64
    facts: U64

    @property
    def counts(self) -> I64:
        """How many words each block has."""
        return np.diff(self.first)


def analyse(texts: str, blocks: int) -> Words:
    """The words of a batch: the texts of `blocks` blocks joined by SEPARATOR."""
    if not blocks:
        return Words(*(np.zeros(n, kind) for n, kind in ((0, "u8"), (1, "i8"), (0, "u8"), (0, "u8"))))
    if kernel.compiled is None:
        from dedup.words import reference  # where there is a kernel nobody needs it

        return Words(*reference.analyse(texts, blocks))
    data = texts.encode("utf-8", "surrogatepass")
    limits = np.flatnonzero(np.frombuffer(data, np.uint8) == 0)
    start, end = np.append(0, limits + 1), np.append(limits, len(data))
    while (words := analyse_ranges(data, start, end)) is None:
        TABLE.learn_text(data)
    return words


def analyse_ranges(data: bytes, start: I64, end: I64) -> Words | None:
    """The words of blocks of UTF-8 given by their byte ranges; None where the table lacks a character.

    Only with the compiled kernel. Lone surrogates may stand in it as three bytes.
    """
    assert kernel.compiled is not None
    blocks = len(start)
    first = np.empty(blocks + 1, np.int64)
    same, facts = np.empty(blocks, np.uint64), np.empty(blocks, np.uint64)
    hashes = kernel.compiled.words(data, start, end, TABLE.entry, TABLE.pool, TABLE.size, first, same, facts)
    return None if hashes is None else Words(np.frombuffer(hashes, np.uint64), first, same, facts)


@dataclass(frozen=True, slots=True)
class Shingles:
    """The shingle sets of some blocks, as columns.

    values: uint32, each block's distinct shingles in rising order, all blocks one after the other.
    first: int64, blocks + 1; block i has the shingles `values[first[i]:first[i + 1]]`.
    """

    values: U32
    first: I64

    def of(self, block: int) -> U32:
        """The shingles of one block, uint32 in rising order."""
        return self.values[self.first[block] : self.first[block + 1]]


def shingles(words: Words, chosen: I64, k: int) -> Shingles:
    """The shingle sets of the chosen blocks: every k consecutive words, hashed; all the words where there are fewer."""
    if kernel.compiled is None:
        from dedup.words import reference

        return Shingles(*reference.shingles(words.hashes, words.first, chosen, k))
    first = np.empty(len(chosen) + 1, np.int64)
    values = kernel.compiled.shingles(words.hashes, words.first, np.ascontiguousarray(chosen), k, first)
    return Shingles(np.frombuffer(values, np.uint32), first)
