"""Folding as a table of code points, for the forms that work on columns."""

from __future__ import annotations

from collections.abc import Iterable
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup import kernel
from dedup.words.folding import class_of, fold, is_fact

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
BOOL = npt.NDArray[np.bool_]

KIND_BIT = np.uint32(24)
FACT_BIT = np.uint32(28)
CODE_MASK = np.uint32(0x1FFFFF)

_CODES = 0x110000
# All of Unicode folds to some thousand characters more than it has.
_ROOM = _CODES + (1 << 18)


class Table:
    """What each code point folds to, filled in as code points are met (a text uses few of the 1.1 million).

    entry: uint64 for each code point, its place in the pool counted from 1, and above bit 32 how many characters
        it folds to; 0 where it was not met yet.
    pool: uint32, the folded characters: 21 bits of code point, 3 of class from bit 24, is-fact at bit 28.
    size: how much of the pool is filled. It only grows, and what is filled never changes: a thread may read up to
        the size that it has seen while another one learns.
    """

    def __init__(self) -> None:
        # Pages of zeros take no memory until they are written to.
        self.entry: U64 = np.zeros(_CODES, np.uint64)
        self.pool: U32 = np.zeros(_ROOM, np.uint32)
        self.size = 0
        self._lock = Lock()
        self.learn(range(128))

    def learn(self, codes: Iterable[int]) -> None:
        """Fill in some code points."""
        with self._lock:
            at = self.size
            for code in codes:
                if self.entry[code]:
                    continue
                folded = "\0" if code == 0 else fold(chr(code))
                for number, part in enumerate(folded):
                    self.pool[at + number] = (
                        ord(part) | class_of(part) << int(KIND_BIT) | is_fact(part) << int(FACT_BIT)
                    )
                self.entry[code] = len(folded) << 32 | (at + 1)
                at += len(folded)
            self.size = at

    def learn_text(self, text: Any) -> None:
        """Fill in all characters of a text in UTF-8 (surrogates allowed); only with the compiled kernel."""
        assert kernel.compiled is not None
        while unknown := kernel.compiled.unknown(text, self.entry, self.size):
            self.learn(sorted(unknown))

    def folded(self, codes: U32) -> U32:
        """The pool's characters for a text given as code points."""
        entries = self.entry[codes]
        unknown = entries == 0
        if unknown.any():
            self.learn(np.unique(codes[unknown]).tolist())
            entries = self.entry[codes]
        at = (entries & np.uint64(0xFFFFFFFF)).astype(np.int64) - 1
        lengths = (entries >> np.uint64(32)).astype(np.int64)
        if (lengths == 1).all():
            return self.pool[at]
        ends = np.cumsum(lengths)
        index = np.repeat(at - (ends - lengths), lengths) + np.arange(ends[-1] if len(ends) else 0)
        found: U32 = self.pool[index]
        return found


TABLE = Table()
