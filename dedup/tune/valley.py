"""Where in a histogram of similarities there is a valley, and so a threshold that parts two kinds of pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STEP = 0.05
"""How wide a band of similarity is, and how far apart the thresholds are that are tried."""

ENOUGH = 30
"""So many near-duplicates of different words are needed to read something from their similarities."""

HIGHER, MORE = 2, 5
"""A valley has on either side a band of at least `HIGHER` times as many texts as its own bands, and `MORE` more."""


@dataclass(frozen=True, slots=True)
class Band:
    """The near-duplicates whose similarity is at least `low` and under `high` (or 1).

    texts: how many different ones they are. What stands in each of twenty releases is one thing to judge, not twenty.
    """

    low: float
    high: float
    removed: int
    flagged: int
    texts: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.removed + self.flagged


@dataclass(frozen=True, slots=True)
class Valley:
    """Bands of few texts, `low` to `high`, between two peaks; `most` is how many a band in it holds at most."""

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


def bands_of(found: Iterable[tuple[float, bool, str]], lowest: float) -> list[Band]:
    """The bands from the threshold `lowest` on; of each pair its similarity, whether it is removed, its words."""
    first = step_of(lowest)
    removed, flagged = ([0] * (round(1 / STEP) - first) for _ in range(2))
    texts: list[set[str]] = [set() for _ in removed]
    for similarity, goes, words in found:
        at = step_of(similarity) - first
        (removed if goes else flagged)[at] += 1
        texts[at].add(words)
    return [
        Band(edge(first + n), edge(first + n + 1), removed[n], flagged[n], len(texts[n]))
        for n in range(len(texts))
    ]


def find_valley(bands: Sequence[Band]) -> Valley | None:
    """The valley of a histogram, as wide as it is; None where there is none, or another one nearly as deep."""
    counts = [band.texts for band in bands]
    if sum(counts) < ENOUGH:
        return None
    found: list[tuple[int, int, int]] = []  # first and last band, depth
    for first in range(1, len(counts) - 1):
        for last in range(first, len(counts) - 1):
            most, peak = max(counts[first : last + 1]), min(max(counts[:first]), max(counts[last + 1 :]))
            if peak >= max(HIGHER * most, most + MORE):
                found.append((first, last, peak - most))
    if not found:
        return None
    deep = max(found, key=lambda each: each[2])
    first, last, _ = max(
        (each for each in found if each[0] <= deep[0] and deep[1] <= each[1]),
        key=lambda each: each[1] - each[0],
    )
    if any(other[2] * HIGHER > deep[2] and (other[1] < first or last < other[0]) for other in found):
        return None
    return Valley(
        bands[first].low,
        bands[last].high,
        max(counts[first : last + 1]),
        max(counts[:first]),
        max(counts[last + 1 :]),
    )


def inside(valley: Valley) -> float:
    """The threshold in a valley: its middle, rounded up, since to take too little is the lesser harm."""
    steps = round(valley.low / STEP), round(valley.high / STEP)
    return edge(-(-sum(steps) // 2))
