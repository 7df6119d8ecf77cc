"""What matching and deciding should find, worked out another way: every pair, plain Python sets, no hashing.

Nothing here comes from `dedup.match`, `dedup.sketch` or `dedup.decide`; only what a word is.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from dedup.words import folded_words

Triple = tuple[str, ...]
Pairs = dict[tuple[int, int], float]
"""Pairs (one, other) with one < other, each with its similarity."""


def triples(words: Sequence[str]) -> frozenset[Triple]:
    """The sequences of three words in a row; all the words where there are fewer."""
    if len(words) < 3:
        return frozenset([tuple(words)] if words else [])
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def triples_of(texts: Iterable[str]) -> list[frozenset[Triple]]:
    """The triples of each text."""
    return [triples(folded_words(text)) for text in texts]


def jaccard(one: frozenset[Triple], other: frozenset[Triple]) -> float:
    """The shared members of two sets over all members."""
    return len(one & other) / len(one | other)


def all_pairs(sets: Sequence[frozenset[Hashable]], threshold: float) -> Pairs:
    """All pairs of sets with a Jaccard similarity of at least `threshold`, which must be over 0.

    Every pair that shares a member is counted: each set is looked up member by member in the list of the sets that
    have it.
    """
    sizes = np.array([len(members) for members in sets], np.int64)
    having: dict[Hashable, list[int]] = {}
    for number, members in enumerate(sets):
        for member in members:
            having.setdefault(member, []).append(number)
    lists: dict[Hashable, npt.NDArray[np.int64]] = {
        member: np.array(numbers, np.int64) for member, numbers in having.items() if len(numbers) > 1
    }
    pairs: Pairs = {}
    for number, members in enumerate(sets):
        found = [lists[member] for member in members if member in lists]
        if not found:
            continue
        others, shared = np.unique(np.concatenate(found), return_counts=True)
        similarity = shared / (sizes[number] + sizes[others] - shared)
        for place in np.flatnonzero((similarity >= threshold) & (others > number)).tolist():
            pairs[number, int(others[place])] = float(similarity[place])
    return pairs


def in_so_many(longest: int) -> int:
    """In how many words two blocks may differ to be alike by their words: one in eight, or two from ten on."""
    return 2 if 10 <= longest < 16 else longest // 8


def alike_by_words(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of the words in which two blocks agree, where one of them is short and few differ; else 0."""
    longest = max(len(one), len(other))
    apart = Levenshtein.distance(one, other)
    if not one or not other or min(len(one), len(other)) >= 45 or apart > in_so_many(longest):
        return 0.0
    return 1 - apart / longest


def similarity(one: Sequence[str], other: Sequence[str]) -> float:
    """How similar two paragraphs are, by the definition: by their triples or by their words."""
    return max(jaccard(triples(one), triples(other)), alike_by_words(one, other))


def similar_pairs(words: Sequence[Sequence[str]], threshold: float) -> Pairs:
    """All pairs of paragraphs with a similarity of at least `threshold`, which must be over 0."""
    pairs = all_pairs([triples(each) for each in words], threshold)
    for (one, other), found in _pairs_by_words(words).items():
        if found >= threshold:
            pairs[one, other] = max(found, pairs.get((one, other), 0.0))
    return pairs


def _pairs_by_words(words: Sequence[Sequence[str]]) -> Pairs:
    """All pairs that are alike by their words: each with each whose length allows it."""
    order = sorted((n for n, each in enumerate(words) if 0 < len(each) <= 50), key=lambda n: len(words[n]))
    # A character stands for a word.
    numbers: dict[str, int] = {}
    texts = ["".join(chr(0xE000 + numbers.setdefault(w, len(numbers))) for w in words[n]) for n in order]
    lengths = np.array([len(text) for text in texts])
    pairs: Pairs = {}
    for start in range(0, len(texts), 500):
        stop = min(start + 500, len(texts))
        end = int(np.searchsorted(lengths, lengths[stop - 1] + 6, side="right"))
        apart = process.cdist(
            texts[start:stop],
            texts[start:end],
            scorer=Levenshtein.distance,
            score_cutoff=6,
            dtype=np.uint8,
            workers=-1,
        )
        for row, column in np.argwhere(apart <= 6).tolist():
            one, other = order[start + row], order[start + column]
            found = alike_by_words(words[one], words[other]) if column > row else 0.0
            if found:
                pairs[min(one, other), max(one, other)] = found
    return pairs


def neighbours(pairs: Pairs) -> Mapping[int, list[int]]:
    """For each number the numbers that it is paired with."""
    found: dict[int, list[int]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return found


def keep_first(
    texts: Sequence[int],
    similar: Mapping[int, list[int]],
    pinned: Container[int] = (),
    fixed: Container[int] = (),
) -> Iterator[bool]:
    """Whether each block goes, in order: an earlier kept one is the same text or a similar one.

    `texts` gives for each block the number of its text, `similar` for each text those that are similar. A block
    whose place is in `pinned` stays and is nobody's twin, one in `fixed` stays and is a twin.
    """
    kept: set[int] = set()
    for place, text in enumerate(texts):
        goes = place not in fixed and (text in kept or any(other in kept for other in similar.get(text, ())))
        if not goes and place not in pinned:
            kept.add(text)
        yield goes and place not in pinned
