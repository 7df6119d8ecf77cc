"""The keys under which an index finds: salted by the name of the group, so that each group has its own."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np

from dedup.match.headlines import Key
from dedup.words import U64

BAND_BITS = np.uint64(28)
"""A band key counts with the bits above these, as it does in the tables of the kernel."""

MASK = (1 << 64) - 1


def salt_of(group: str | None) -> int:
    """What the hashes of a group are combined with; 0 where there are no groups."""
    return 0 if group is None else _hash(group.encode("utf-8", "surrogatepass"))


def headline_key(key: Key, salt: int) -> int:
    """The hash of a key of a headline's prefix."""
    word, number = key
    return _hash(f"{word}\0{number}".encode("utf-8", "surrogatepass")) ^ salt


def band_keys(keys: U64, salt: int) -> U64:
    """Band keys as they are stored."""
    return (keys >> BAND_BITS) ^ (np.uint64(salt) >> BAND_BITS)


def _hash(data: bytes) -> int:
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "little")
