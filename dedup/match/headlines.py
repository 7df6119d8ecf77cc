"""Similar headlines without comparing all pairs: prefix filtering.

Two word sequences of similarity s or more (`word_similarity`) share at least s·n/(2-s) of the n words of either.
Put the words of each in one fixed order: then two such sequences share a word among the first n - o + 1 of each,
where o is that least number of shared words. Indexing those first words alone therefore loses no pair.
Chaudhuri, Ganti, Kaushik: A Primitive Operator for Similarity Joins in Data Cleaning, ICDE 2006.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

from dedup.match.verify import word_similarity

CROWD = 1000
"""So many headlines are remembered under one word; "Chapter 1" to "Chapter 9999" are not compared all with all."""

Key = tuple[str, int]


class HeadlineIndex:
    """Headlines by their words, to find those that are at least as similar as `threshold`."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        # Numbers in the order of adding.
        self._by_word: dict[Key, dict[int, None]] = {}
        self._words: dict[int, tuple[str, ...]] = {}

    def add(self, number: int, words: tuple[str, ...]) -> None:
        """Remember a headline under a number."""
        for key in prefix(words, self._threshold):
            self.put(key, number, words)

    def put(self, key: Key, number: int, words: tuple[str, ...]) -> None:
        """Remember a headline under one key of its prefix, unless it is there or the key is crowded."""
        self._words[number] = words
        numbers = self._by_word.setdefault(key, {})
        if len(numbers) < CROWD:
            numbers[number] = None

    def similar(self, words: tuple[str, ...]) -> Iterable[tuple[int, float]]:
        """The numbers of the remembered headlines that are similar, with the similarity, in the order of adding."""
        candidates = {
            number for key in prefix(words, self._threshold) for number in self._by_word.get(key, ())
        }
        for number in sorted(candidates):
            similarity = word_similarity(words, self._words[number])
            if similarity >= self._threshold:
                yield number, similarity


def prefix(words: tuple[str, ...], threshold: float) -> list[Key]:
    """The first of a headline's words in the fixed order: those by which similar ones find it."""
    shared = math.ceil(threshold * len(words) / (2 - threshold) - 1e-9)
    seen: Counter[str] = Counter()
    keys: list[Key] = []
    for word in words:
        keys.append((word, seen[word]))
        seen[word] += 1
    # Long words are rare words: they first, so that few headlines share a prefix by chance.
    keys.sort(key=lambda key: (-len(key[0]), key))
    return keys[: len(words) - shared + 1]
