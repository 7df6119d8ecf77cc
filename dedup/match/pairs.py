"""Near-duplicates among the blocks of one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dedup.match.prepared import Sketch
from dedup.match.verify import near_enough
from dedup.sketch.keys import NEED

CROWD = 256
"""So many kept blocks are remembered under one key. A thousand paragraphs that differ in a number are all kept;
comparing each new one with all of them would take quadratic time, and tell no more than comparing it with the first."""


def put(bands: dict[int, list[int]], keys: Sequence[int], name: int) -> None:
    """Remember a block under each of its keys, as long as these are not crowded."""
    for key in keys:
        names = bands.setdefault(key | NEED, [])
        if len(names) < CROWD:
            names.append(name)


def candidates(bands: Mapping[int, Sequence[int]], keys: Sequence[int]) -> list[int]:
    """The blocks that share a band with the one of these keys, or enough shingles, in rising order."""
    return agreeing((bands.get(key | NEED, ()), key & NEED) for key in keys)


def agreeing(found: Iterable[tuple[Iterable[int], int]]) -> list[int]:
    """The names that were found often enough, in rising order; given for each key, with how often is asked for."""
    alike: set[int] = set()
    times: Counter[int] = Counter()
    least = 0
    for names, need in found:
        if need:
            times.update(names)
            least = need
        else:
            alike.update(names)
    alike.update(name for name, count in times.items() if count >= least)
    return sorted(alike)


def near_pairs(sketches: Mapping[int, Sketch], threshold: float) -> dict[int, list[tuple[int, float]]]:
    """The pairs at least as similar as the threshold among the blocks of one document, each under both its names."""
    found: dict[int, list[tuple[int, float]]] = {}
    bands: dict[int, list[int]] = {}
    for name, sketch in sketches.items() if len(sketches) > 1 else ():
        keys = sketch.keys.tolist()
        for other in candidates(bands, keys):
            similarity = near_enough(sketch.measured, sketches[other].measured, threshold)
            if similarity:
                found.setdefault(name, []).append((other, similarity))
                found.setdefault(other, []).append((name, similarity))
        put(bands, keys, name)
    return found
