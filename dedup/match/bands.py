"""How many bands find what share of the pairs."""

from __future__ import annotations

from dedup.settings import PERMUTATIONS, Settings

RECALL = 0.9999


def recall(similarity: float, bands: int, rows: int) -> float:
    """The probability that two sets of this Jaccard similarity share a band: 1 - (1 - s^rows)^bands.

    Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4.2.
    """
    return float(1 - (1 - similarity**rows) ** bands)


def choose_bands(threshold: float, permutations: int) -> tuple[int, int]:
    """Bands and rows for a threshold: as selective as leaves a pair at the threshold found with `RECALL`.

    datasketch weighs false positives against false negatives (9 bands of 13 rows for 0.8 and 128 permutations,
    which finds 40 % of the pairs at 0.8); here every candidate is verified, so only false negatives count.
    """
    for rows in range(permutations, 0, -1):
        bands = permutations // rows
        if recall(threshold, bands, rows) >= RECALL:
            return bands, rows
    return permutations, 1


def bands_for(settings: Settings) -> tuple[int, int] | None:
    """Bands and rows that settings ask for, None where near-duplicates are not looked for.

    All documents have the same ones: enough for the lowest threshold that one of them may have.
    """
    if all(near == "off" for near in settings.values_of("near")):
        return None
    return choose_bands(min(settings.values_of("threshold")), PERMUTATIONS)


def least_words(settings: Settings) -> int:
    """How many words a block has at least that has bands: what is short to one document is not to another."""
    return int(min(settings.values_of("min_words")))
