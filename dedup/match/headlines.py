"""Similar headlines without comparing all pairs: prefix filtering, for the similarity of `alike`.

Terms that can stand for one another have a key in common. Put the keys of each headline in one fixed order; its prefix
is the first so many of which not all can lack a counterpart, since the similarity would not reach the threshold however
alike the rest. The first key that two similar headlines share is then in the prefix of both, since all before it lack a
counterpart. Indexing prefixes alone therefore loses no pair. Where only the words are compared, two sequences of a
similarity s share s·n/(2-s) of the n words of either, and the prefix is the first n - s·n/(2-s) + 1.
Chaudhuri, Ganti, Kaushik: A Primitive Operator for Similarity Joins in Data Cleaning, ICDE 2006.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from dedup.words import folded_words

CROWD = 1000
"""So many headlines are remembered under one key; "Chapter 1" to "Chapter 9999" are not compared all with all."""

Key = tuple[str, int]
"""A word and how many like it stand before it; or what terms have in common, and -1."""


class HeadlineIndex:
    """Headlines of different words by what they say, to find those that are at least as similar as `threshold`."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        # Numbers in the order of adding.
        self._by_key: dict[Key, dict[int, None]] = {}
        self._texts: dict[int, str] = {}

    def add(self, number: int, text: str) -> None:
        """Remember a headline under a number."""
        for key in prefix(text, self._threshold):
            self.put(key, number, text)

    def put(self, key: Key, number: int, text: str) -> None:
        """Remember a headline under one key of its prefix, unless it is there or the key is crowded."""
        self._texts[number] = text
        numbers = self._by_key.setdefault(key, {})
        if len(numbers) < CROWD:
            numbers[number] = None

    def forget(self, first: int) -> None:
        """Forgets the headlines of this number and later ones."""
        for numbers in self._by_key.values():
            for number in [number for number in numbers if number >= first]:
                del numbers[number]

    def similar(self, text: str) -> Iterable[tuple[int, float]]:
        """The numbers of the remembered headlines that are similar, with the similarity, in the order of adding."""
        if not self._by_key:
            return
        from dedup.match.alike import (
            headline_similarity,
            may_reach,
            weights,
        )  # most runs compare no headlines

        candidates = {number for key in prefix(text, self._threshold) for number in self._by_key.get(key, ())}
        ours = weights(text)
        for number in sorted(candidates):
            other = self._texts[number]
            if may_reach(ours, weights(other), self._threshold):
                similarity = headline_similarity(text, other)
                if similarity >= self._threshold:
                    yield number, similarity


@lru_cache(maxsize=1 << 12)
def prefix(text: str, threshold: float) -> tuple[Key, ...]:
    """The keys by which similar headlines find one: of its terms, and of its words where only they can be compared."""
    from dedup.match.alike import weights

    found = weights(text)
    keys = _of_terms(found.terms, threshold)
    return keys + _of_words(folded_words(text), threshold) if found.plain else keys


def _of_terms(terms: Sequence[tuple[str, int]], threshold: float) -> tuple[Key, ...]:
    """The keys of the first terms that cannot all lack a counterpart; each term has what that costs at least."""
    from dedup.match.alike import SHARED

    lost = 0
    for first, (_, cost) in enumerate(terms, 1):
        lost += cost
        shared = SHARED * (len(terms) - first)
        if not shared or shared / (shared + lost) < threshold:
            terms = terms[:first]
            break
    return tuple(dict.fromkeys((key, -1) for key, _ in terms))


def _of_words(words: Sequence[str], threshold: float) -> tuple[Key, ...]:
    shared = math.ceil(threshold * len(words) / (2 - threshold) - 1e-9)
    seen: Counter[str] = Counter()
    keys: list[Key] = []
    for word in words:
        keys.append((word, seen[word]))
        seen[word] += 1
    # Long words are rare words: they first, so that few headlines share a prefix by chance.
    keys.sort(key=lambda key: (-len(key[0]), key))
    return tuple(keys[: len(words) - shared + 1])
