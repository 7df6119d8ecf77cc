"""The lines of a text, as columns: LF, CRLF and CR each end one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.words import I64


@dataclass(frozen=True, slots=True)
class Lines:
    """Where lines begin: int64, lines + 1 (the last is the length of the text), and which hold only white space."""

    start: I64
    blank: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.blank)

    def of(self, positions: I64) -> I64:
        """The number, from 0, of the line that each byte offset stands in."""
        return np.searchsorted(self.start[:-1], positions, side="right") - 1


def find_lines(text: bytes) -> Lines:
    """The lines of a text given as bytes of an encoding in which a byte below 128 is that ASCII character."""
    data = np.frombuffer(text, np.uint8)
    if not len(data):
        return Lines(np.zeros(1, np.int64), np.zeros(0, bool))
    ends = data == 10
    returns = data == 13
    if returns.any():
        lone = returns.copy()
        lone[:-1] &= ~ends[1:]
        ends = ends | lone
    start = np.concatenate(([0], np.flatnonzero(ends) + 1, [len(data)]))
    if start[-2] == len(data):
        start = start[:-1]
    return Lines(start, ~np.logical_or.reduceat(data > 32, start[:-1]))
