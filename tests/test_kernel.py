"""The compiled kernel gives every bit that the reference in NumPy gives."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import kernel
from dedup.match.bands import key_plan
from dedup.sketch import jaccard, keys_of, reference, signatures
from dedup.sketch.keys import find_keys
from dedup.words import SEPARATOR, Words, analyse, shingles
from dedup.words import reference as words_reference

pytestmark = pytest.mark.skipif(kernel.compiled is None, reason="the compiled kernel is not in use")

# Every character, surrogates too: a lone one can stand in an escape of JSON.
anything = st.text(st.characters(codec=None), max_size=80)
noise = st.binary(max_size=80).map(lambda data: data.decode("latin-1"))
mixed = st.one_of(
    anything, noise, st.text(st.sampled_from("ab1 .,-–−_~!=%'é漢々ガ゙น้้\u0301\u200b"), max_size=60)
)
text = mixed.map(lambda value: value.replace(SEPARATOR, " "))


def check(texts: list[str]) -> Words:
    """Both kernels on the same blocks; every column must be the same."""
    found = analyse(SEPARATOR.join(texts), len(texts))
    expected = Words(*words_reference.analyse(SEPARATOR.join(texts), len(texts)))
    for name in ("hashes", "first", "same", "facts"):
        one, other = getattr(found, name), getattr(expected, name)
        assert one.dtype == other.dtype, name
        if not np.array_equal(one, other):
            place = int(np.flatnonzero(one != other)[0]) if len(one) == len(other) else -1
            raise AssertionError(f"{name} differ at {place}")
    return found


def check_keys(words: Words, chosen: np.ndarray, k: int, threshold: float) -> None:
    plan = key_plan(threshold)
    for one, other in zip(
        keys_of(words, chosen, k, 128, plan), find_keys(words, chosen, k, 128, plan), strict=True
    ):
        assert one.dtype == other.dtype
        assert np.array_equal(one, other)


def test_all_of_unicode() -> None:
    codes = [chr(code) for code in range(1, 0x110000)]
    # Each character alone, then all of them side by side, then between letters and between digits.
    check(codes)
    for frame in ("{}", "a{}b", "1{}2", " {}1", "a{} "):
        check(
            [
                "".join(frame.format(code) for code in codes[at : at + 5000])
                for at in range(0, len(codes), 5000)
            ]
        )


@settings(max_examples=1000, deadline=None)
@given(texts=st.lists(text, min_size=1, max_size=8), k=st.integers(1, 5))
def test_words_shingles_signatures_and_keys(texts: list[str], k: int) -> None:
    words = check(texts)
    chosen = np.arange(len(texts))[:: 1 + k % 2]
    sets = shingles(words, chosen, k)
    values, first = words_reference.shingles(words.hashes, words.first, chosen, k)
    assert np.array_equal(sets.values, values) and np.array_equal(sets.first, first)
    found = signatures(sets, 128)
    assert np.array_equal(found, reference.signatures(sets, 128))
    for threshold in (0.5, 0.8, 1.0):
        check_keys(words, chosen, k, threshold)
    for number in range(1, len(chosen)):
        one, other = sets.of(0), sets.of(number)
        assert jaccard(one, other) == reference.jaccard(one, other)


@pytest.mark.parametrize("count", (1, 24, 25, 300, 2047, 2048, 5000, 70_000))
def test_long_blocks(count: int) -> None:
    generator = np.random.default_rng(count)
    long = " ".join(f"w{number}" for number in generator.integers(0, count, count))
    words = check([long, "", long.upper()])
    sets = shingles(words, np.arange(3), 3)
    values, _ = words_reference.shingles(words.hashes, words.first, np.arange(3), 3)
    assert np.array_equal(sets.values, values)
    assert jaccard(sets.of(0), sets.of(2)) == 1.0
    check_keys(words, np.arange(3), 3, 0.8)


@pytest.mark.parametrize("different", (1, 2, 47, 48, 49, 60))
@pytest.mark.parametrize("count", (1, 3, 48, 50, 51, 60, 200))
def test_keys_of_blocks_with_few_shingles(count: int, different: int) -> None:
    text = " ".join(f"w{number % different}" for number in range(count))
    words = check([text, "The " + text, text + " and of the"])
    for threshold in (0.3, 0.8, 0.95):
        check_keys(words, np.arange(3), 3, threshold)


def test_more_words_than_bytes() -> None:
    """One character can stand for several words."""
    check(["㌖" * 1000, "\ufdfa" * 1000])


def test_a_reference_works_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"word {number} and 1.{number}" for number in range(50)] + ["", "", "end"]
    whole = words_reference.analyse(SEPARATOR.join(texts), len(texts))
    monkeypatch.setattr(words_reference, "AT_A_TIME", 30)
    for one, other in zip(whole, words_reference.analyse(SEPARATOR.join(texts), len(texts)), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    ("value", "name"), [("reference", "reference"), ("", "compiled"), ("compiled", "compiled")]
)
def test_a_variable_asks_for_the_reference(value: str, name: str) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "dedup", "--version"],
        env={**os.environ, kernel.VARIABLE: value},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.endswith(f"(kernel: {name})\n")


def test_a_misspelt_kernel_is_told() -> None:
    environment = {**os.environ, kernel.VARIABLE: "referense"}
    command = [sys.executable, "-m", "dedup", "--version"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "dedup: DEDUP_KERNEL: 'referense' is none of compiled, reference\n"
