"""Where in a histogram of similarities there is a valley, and so a threshold that parts two kinds of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STEP = 0.05
"""How wide a band of similarity is, and how far apart the thresholds are that are tried."""

ENOUGH = 30
"""So many near-duplicates are needed to read something from their similarities."""

HIGHER, MORE = 2, 5
"""A valley has on either side a band of at least `HIGHER` times as many pairs as its own bands, and `MORE` more."""


@dataclass(frozen=True, slots=True)
class Band:
    """The near-duplicates whose similarity is at least `low` and under `high` (or 1)."""

    low: float
    high: float
    removed: int
    flagged: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.removed + self.flagged


@dataclass(frozen=True, slots=True)
class Valley:
    """Bands with few pairs, `low` to `high`, between two peaks; `most` is how many a band in it holds at most."""

    low: float
    high: float
    most: int
    left: int
    right: int


def step_of(similarity: float) -> int:
    """The number of the band of a similarity, that of 1 being the last."""
    return min(int(similarity / STEP + 1e-9), round(1 / STEP) - 1)


def edge(step: int) -> float:
    """Where a band begins."""
    return round(step * STEP, 2)


def bands_of(similarities: Iterable[tuple[float, bool]], lowest: float) -> list[Band]:
    """The bands from the threshold `lowest` on; of each pair its similarity, and whether it is removed."""
    first = step_of(lowest)
    removed, flagged = ([0] * (round(1 / STEP) - first) for _ in range(2))
    for similarity, goes in similarities:
        (removed if goes else flagged)[step_of(similarity) - first] += 1
    return [
        Band(edge(first + n), edge(first + n + 1), gone, kept)
        for n, (gone, kept) in enumerate(zip(removed, flagged, strict=True))
    ]


def find_valley(bands: Sequence[Band]) -> Valley | None:
    """The deepest valley of a histogram, of equally deep ones the widest, then the first; None where there is none."""
    counts = [band.count for band in bands]
    if sum(counts) < ENOUGH:
        return None
    found: list[tuple[int, int, int, Valley]] = []
    for first in range(1, len(counts) - 1):
        for last in range(first, len(counts) - 1):
            most = max(counts[first : last + 1])
            left, right = max(counts[:first]), max(counts[last + 1 :])
            if min(left, right) >= max(HIGHER * most, most + MORE):
                valley = Valley(bands[first].low, bands[last].high, most, left, right)
                found.append((min(left, right) - most, last - first, -first, valley))
    return max(found, key=lambda each: each[:3])[3] if found else None


def inside(valley: Valley) -> float:
    """The threshold in a valley: its middle, rounded up, since to take too little is the lesser harm."""
    steps = round(valley.low / STEP), round(valley.high / STEP)
    return edge(-(-sum(steps) // 2))
