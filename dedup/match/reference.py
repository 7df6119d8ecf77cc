"""The kept blocks in plain Python: what the compiled `Memory` of the kernel does, with the same results."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from dedup.blocks import Kind
from dedup.match.pairs import agreeing
from dedup.match.verify import Measured, measure, near_enough
from dedup.sketch.keys import NEED
from dedup.words import U32, U64

Row = tuple[int, ...]

# A key counts with its 36 highest bits, as it does in the compiled tables.
_BAND_BITS = np.uint64(28)
_SPREAD = 0x9E3779B97F4A7C15
_FEWEST = 1024


class Memory:
    """Kept blocks as rows, found by a 64-bit key and by the keys of their sketches; see `kernel/type.h`."""

    def __init__(self, crowd: int, most_text: int, file: int) -> None:
        self._crowd = crowd
        self._base = 0
        self._rows: list[Row] = []
        self._texts: list[bytes] = []
        # Rows of an index, and their texts.
        self._placed: dict[int, tuple[Row, bytes]] = {}
        # By key and by words, of blocks and then of headlines.
        self._maps: tuple[dict[int, int], ...] = ({}, {}, {}, {})
        self._bands = _BandTable()

    def rows(self) -> int:
        """How many there are."""
        return self._base + len(self._rows)

    def begin(self, base: int) -> None:
        """Lets the own rows begin at `base`; those before are for `place`."""
        self._base = base

    def place(self, row: int, *row_text: Any) -> None:
        """Puts a row of an index at its number, where nothing finds it yet."""
        *values, text = row_text
        self._placed[row] = (tuple(values), bytes(text))

    def register(self, row: int) -> bool:
        """Makes a row that was placed one that is found, as `add` does; whether it is the first of its words."""
        kind, count, same, key = self.row(row)[6:10]
        if kind == Kind.PROTECTED or not count:
            return False
        by_key, by_words = self._maps[2:] if kind == Kind.HEADLINE else self._maps[:2]
        by_key.setdefault(key, row)
        return by_words.setdefault(same, row) == row

    def band(self, keys: U64, rows: U32) -> None:
        """Remembers rows under band keys of 36 bits, pair by pair, as far as they are not there."""
        for key, row in zip(keys.tolist(), rows.tolist(), strict=True):
            self._bands.put([key], row, self._crowd)

    def reserve(self, size: int, file: int) -> bool:
        """Room for so many bytes of text there always is."""
        return True

    def held(self) -> int:
        """There is no limit here that the bytes of texts count for."""
        return 0

    def mapped(self) -> int:
        """Nothing here lies in a file."""
        return 0

    def add(self, *row_text_keys: Any) -> bool:
        """Remembers a block as the next row; whether it is the first of its words."""
        *values, text, keys = row_text_keys
        row = self.rows()
        self._rows.append(tuple(values))
        self._texts.append(bytes(text))
        first = self.register(row)
        if first and keys is not None and values[6] != Kind.HEADLINE:
            self._bands.put((keys >> _BAND_BITS).tolist(), row, self._crowd)
        return first

    def forget(self, row: int) -> None:
        """Forgets the rows from this number on, as if they had never been remembered."""
        del self._rows[row - self._base :]
        del self._texts[row - self._base :]
        for rows in self._maps:
            for key in [key for key, named in rows.items() if named >= row]:
                del rows[key]
        self._bands.forget(row)

    def find(self, headline: bool, same: int, key: int | None) -> int:
        """The first row with the words `same`, and the same key unless that is None; -1."""
        by_key, by_words = self._maps[2:] if headline else self._maps[:2]
        return by_words.get(same, -1) if key is None else by_key.get(key, -1)

    def row(self, number: int) -> Row:
        """The values of `add` up to `subject`."""
        return self._rows[number - self._base] if number >= self._base else self._placed[number][0]

    def beside(self, row: int, step: int) -> int:
        """The row directly after (step 1) or before (-1) a row in its document; -1."""
        other = row + step
        if not self._base <= other < self.rows() and other not in self._placed:
            return -1
        document, _, position, *_ = self.row(row)
        next_document, _, next_position, *_ = self.row(other)
        return other if document == next_document and next_position == position + step else -1

    def text(self, number: int) -> bytes:
        """The text of a row."""
        return self._texts[number - self._base] if number >= self._base else self._placed[number][1]

    def near(self, keys: U64, text: bytes, k: int, threshold: float, *table: Any) -> list[tuple[int, float]]:
        """The rows that share a key and are at least as similar, with the similarity, in order."""
        return [
            (row, similarity)
            for row in self._bands.find(keys)
            if (similarity := near_enough(_measured(text), _measured(self.text(row)), threshold))
        ]


@lru_cache(maxsize=1 << 12)
def _measured(text: bytes) -> Measured:
    return measure(text.decode("utf-8", "surrogatepass"))


class _BandTable:
    """Rows by band key in two flat arrays, with open addressing: a key's rows stand from its own place on."""

    def __init__(self) -> None:
        self._size = _FEWEST
        self._keys = array("Q", bytes(8 * self._size))
        self._rows = array("I", bytes(4 * self._size))  # row + 1, 0 where empty
        self._used = 0

    def put(self, keys: list[int], row: int, crowd: int) -> None:
        """Remembers a row under each of its keys, as long as these are not crowded."""
        if (self._used + len(keys)) * 4 > self._size * 3:
            self._grow()
        for key in keys:
            at, named, there = self._home(key), 0, False
            while self._rows[at]:
                if self._keys[at] == key:
                    named += 1
                    there = there or self._rows[at] == row + 1
                at = (at + 1) & (self._size - 1)
            if named < crowd and not there:
                self._keys[at], self._rows[at] = key, row + 1
                self._used += 1

    def find(self, keys: U64) -> list[int]:
        """The rows that share a band with the block of these keys, or enough shingles, in rising order."""
        shifted = (keys >> _BAND_BITS).tolist()
        return agreeing(
            (self._rows_of(key), need)
            for key, need in zip(shifted, (keys & np.uint64(NEED)).tolist(), strict=True)
        )

    def _rows_of(self, key: int) -> Iterator[int]:
        at = self._home(key)
        while row := self._rows[at]:
            if self._keys[at] == key:
                yield row - 1
            at = (at + 1) & (self._size - 1)

    def forget(self, first: int) -> None:
        """Forgets the rows from this number on."""
        pairs = [(key, row - 1) for key, row in zip(self._keys, self._rows, strict=True) if 0 < row <= first]
        # In the order in which they were put: which of a crowd were refused is as it was.
        self.__init__()  # type: ignore[misc]
        for key, row in sorted(pairs, key=lambda pair: pair[1]):
            self.put([key], row, len(pairs) + 1)

    def _home(self, key: int) -> int:
        return (key * _SPREAD >> 40) & (self._size - 1)

    def _grow(self) -> None:
        keys, rows = self._keys, self._rows
        self._size *= 2
        self._keys = array("Q", bytes(8 * self._size))
        self._rows = array("I", bytes(4 * self._size))
        for key, row in zip(keys, rows, strict=True):
            if row:
                at = self._home(key)
                while self._rows[at]:
                    at = (at + 1) & (self._size - 1)
                self._keys[at], self._rows[at] = key, row
