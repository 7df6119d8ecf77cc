"""Signatures: the numbers that datasketch computes, the way to it and back, bands, exact similarity."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.match.bands import choose_bands, recall
from dedup.sketch import band_keys, jaccard, signatures
from dedup.sketch.lean import from_lean, to_lean
from dedup.words import U32, Shingles

shingle = st.integers(0, 2**32 - 1)
sets = st.sets(st.one_of(shingle, st.integers(0, 20)), max_size=40)


def columns(*values: set[int]) -> Shingles:
    ordered = [np.array(sorted(each), np.uint32) for each in values]
    first = np.cumsum([0, *(len(each) for each in ordered)])
    return Shingles(np.concatenate([np.zeros(0, np.uint32), *ordered]), first.astype(np.int64))


def datasketch_of(values: set[int], count: int) -> MinHash:
    sketch = MinHash(num_perm=count, hashfunc=int, scheme="affine32")
    for value in values:
        sketch.update(value)
    return sketch


def random_sets(seed: int, *sizes: int) -> list[set[int]]:
    generator = np.random.default_rng(seed)
    return [set(generator.integers(0, 2**32, size).tolist()) for size in sizes]


def signature(*values: int) -> U32:
    return signatures(columns(set(values)), 128)[0]


@settings(max_examples=200, deadline=None)
@given(values=st.lists(sets, max_size=6), count=st.sampled_from((1, 16, 128, 130)))
def test_signatures_are_those_of_datasketch(values: list[set[int]], count: int) -> None:
    found = signatures(columns(*values), count)
    assert found.dtype == np.uint32
    assert found.shape == (len(values), count)
    for row, each in zip(found, values, strict=True):
        assert row.tolist() == datasketch_of(each, count).hashvalues.tolist()


@pytest.mark.parametrize(
    "sizes",
    [(40_000,), (0, 33_000, 0), (32_768, 1), (20_000, 20_000, 5), (1,) * 300 + (32_769, 0, 2)],
    ids=lambda sizes: f"{len(sizes)} sets, {max(sizes)} at most",
)
def test_sets_larger_than_what_is_worked_on_at_a_time(sizes: tuple[int, ...]) -> None:
    values = random_sets(5, *sizes)
    found = signatures(columns(*values), 16)
    for row, each in zip(found, values, strict=True):
        assert row.tolist() == datasketch_of(each, 16).hashvalues.tolist()


def test_an_empty_set_has_all_ones() -> None:
    assert set(signatures(columns(set()), 128)[0].tolist()) == {2**32 - 1}


def test_to_lean_and_back() -> None:
    for values in ({1, 2, 3}, set(), *random_sets(6, 1, 500)):
        ours = signatures(columns(values), 128)[0]
        theirs = LeanMinHash(datasketch_of(values, 128))
        lean = to_lean(ours)
        assert lean == theirs
        assert from_lean(lean).tolist() == ours.tolist()
        assert from_lean(theirs).tolist() == ours.tolist()


def test_to_lean_and_back_through_bytes() -> None:
    ours = signature(*range(300))
    lean = to_lean(ours)
    data = bytearray(lean.bytesize())
    lean.serialize(data)
    theirs = bytearray(lean.bytesize())
    LeanMinHash(datasketch_of(set(range(300)), 128)).serialize(theirs)
    assert data == theirs
    assert from_lean(LeanMinHash.deserialize(data)).tolist() == ours.tolist()


def test_datasketch_estimates_with_our_signatures() -> None:
    one, other = to_lean(signature(*range(300))), to_lean(signature(*range(30, 330)))
    exact = 270 / 330
    assert one.jaccard(other) == pytest.approx(exact, abs=0.12)
    assert one.jaccard(one) == 1


def test_what_cannot_be_taken_from_lean() -> None:
    with pytest.raises(ValueError, match="affine32"):
        from_lean(LeanMinHash(MinHash(num_perm=128, hashfunc=int, scheme="mersenne61")))
    with pytest.raises(ValueError, match="seed"):
        from_lean(LeanMinHash(MinHash(num_perm=128, hashfunc=int, scheme="affine32", seed=7)))


@settings(max_examples=300, deadline=None)
@given(
    rows=st.integers(1, 8),
    bands=st.integers(1, 12),
    data=st.data(),
)
def test_keys_are_equal_where_the_rows_of_a_band_are(rows: int, bands: int, data: st.DataObject) -> None:
    few = st.lists(st.integers(0, 1), min_size=rows * bands + 3, max_size=rows * bands + 3)
    found = np.array(data.draw(st.lists(few, min_size=2, max_size=4)), np.uint32)
    keys = band_keys(found, bands, rows)
    assert keys.shape == (len(found), bands)
    assert keys.dtype == np.uint64
    for one in range(len(found)):
        for other in range(len(found)):
            for band in range(bands):
                cut = slice(band * rows, (band + 1) * rows)
                equal = found[one, cut].tolist() == found[other, cut].tolist()
                assert (keys[one, band] == keys[other, band]) == equal


def test_different_bands_with_equal_rows_have_different_keys() -> None:
    keys = band_keys(np.zeros((1, 128), np.uint32), 32, 4)
    assert len(set(keys[0].tolist())) == 32


@settings(max_examples=500, deadline=None)
@given(one=sets, other=sets)
def test_jaccard_is_that_of_the_sets(one: set[int], other: set[int]) -> None:
    ours, theirs = (np.array(sorted(each), np.uint32) for each in (one, other))
    expected = len(one & other) / len(one | other) if one | other else 0.0
    assert jaccard(ours, theirs) == expected
    assert jaccard(theirs, ours) == expected


@pytest.mark.parametrize("permutations", [64, 128, 256])
@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0])
def test_bands_find_a_pair_at_the_threshold(threshold: float, permutations: int) -> None:
    bands, rows = choose_bands(threshold, permutations)
    assert bands >= 1
    assert rows >= 1
    assert bands * rows <= permutations
    assert 1 - (1 - threshold**rows) ** bands >= 0.999
    assert recall(threshold, bands, rows) == pytest.approx(1 - (1 - threshold**rows) ** bands)


def test_bands_for_the_default() -> None:
    bands, rows = choose_bands(0.8, 128)
    assert recall(0.8, bands, rows) > 0.9999
    # One row more would find fewer than that; nothing more selective would do.
    assert recall(0.8, 128 // (rows + 1), rows + 1) < 0.9999


@pytest.mark.parametrize("similarity", [0.8, 0.85, 0.9])
def test_bands_find_pairs_as_often_as_the_formula_says(similarity: float) -> None:
    bands, rows = choose_bands(0.8, 128)
    generator = np.random.default_rng(11)
    pairs, size = 400, 200
    shared = round(2 * size * similarity / (1 + similarity))
    values: list[set[int]] = []
    for _ in range(pairs):
        drawn = np.unique(generator.integers(0, 2**32, 3 * size))
        generator.shuffle(drawn)
        common, mine, yours = np.split(drawn[: 2 * size - shared], [shared, size])
        values += [set(common.tolist()) | set(mine.tolist()), set(common.tolist()) | set(yours.tolist())]
    keys = band_keys(signatures(columns(*values), 128), bands, rows)
    found = (keys[0::2] == keys[1::2]).any(axis=1)
    assert found.mean() >= 0.995
