"""The names of a table's rows, and whether one comes twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

import numpy as np

from dedup.words import U64


def name_of(value: Any) -> str | None:
    """A row's name as text; None where it has none."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, default=str, ensure_ascii=False)


class Seen:
    """The names so far, as hashes of 64 bits: of ten million names two have one by chance in one of 370,000 tables."""

    def __init__(self) -> None:
        # Each is sorted, and larger than the next: as many as the number has digits.
        self._sorted: list[U64] = []

    def again(self, names: Iterable[str | None]) -> list[int]:
        """The places of those of these names that came before, or earlier among them; remembers all."""
        hashes = [(at, _hash(name)) for at, name in enumerate(names) if name is not None]
        if not hashes:
            return []
        places = np.array([at for at, _ in hashes])
        values = np.array([value for _, value in hashes], np.uint64)
        _, firsts = np.unique(values, return_index=True)
        again = np.ones(len(values), bool)
        again[firsts] = False
        for known in self._sorted:
            at = np.minimum(np.searchsorted(known, values), len(known) - 1)
            again |= known[at] == values
        new = np.sort(values)
        while self._sorted and len(self._sorted[-1]) <= len(new):
            new = np.sort(np.concatenate((self._sorted.pop(), new)))
        self._sorted.append(new)
        return [int(place) for place in places[again]]


def _hash(name: str) -> int:
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
