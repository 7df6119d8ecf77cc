"""Near-duplicates among the blocks of one document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dedup.match.prepared import Sketch
from dedup.match.verify import near_enough

CROWD = 256
"""So many kept blocks are remembered under one key. A thousand paragraphs that differ in a number are all kept;
comparing each new one with all of them would take quadratic time, and tell no more than comparing it with the first."""


def put(bands: dict[int, list[int]], keys: Sequence[int], name: int) -> None:
    """Remember a block under each of its keys, as long as these are not crowded."""
    for key in keys:
        names = bands.setdefault(key, [])
        if len(names) < CROWD:
            names.append(name)


def candidates(bands: Mapping[int, Sequence[int]], keys: Sequence[int]) -> list[int]:
    """The blocks that share a key with the one of these keys, in rising order."""
    return sorted({name for key in keys for name in bands.get(key, ())})


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
