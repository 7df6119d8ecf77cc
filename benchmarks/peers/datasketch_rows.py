"""datasketch: one MinHash a row, a MinHashLSH of those that are kept, candidates checked by their MinHashes."""

from __future__ import annotations

from collections.abc import Callable

import rows
from datasketch import MinHash, MinHashLSH

PERMUTATIONS = 128


def main(**options: Callable[[bytes], int]) -> None:
    """Keeps the first; `options` go to MinHash."""
    ids, texts = rows.read()
    index = MinHashLSH(num_perm=PERMUTATIONS, params=(rows.BANDS, rows.ROWS))
    sets = ([shingle.encode() for shingle in rows.shingles(text)] for text in texts)
    kept: dict[str, MinHash] = {}
    for identity, sketch in zip(ids, MinHash.generator(sets, num_perm=PERMUTATIONS, **options), strict=True):
        if not any(sketch.jaccard(kept[other]) >= rows.THRESHOLD for other in index.query(sketch)):
            index.insert(identity, sketch, check_duplication=False)
            kept[identity] = sketch
    rows.write(kept)
