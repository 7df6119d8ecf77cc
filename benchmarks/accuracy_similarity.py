"""Recall by similarity: what dedup finds of the pairs that brute force finds, and of which pairs tools take one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import floor

from benchmarks.accuracy_pairs import Group, Pair
from benchmarks.accuracy_tools import Answer, per_cent
from benchmarks.bruteforce import jaccard, triples
from benchmarks.recall import BUCKETS, match_rows, whole_row
from benchmarks.stages import as_paragraphs, document_each
from benchmarks.tables import table
from dedup.words import folded_words

THRESHOLD = 0.8
STEP, LOWEST = 0.05, 0.4
"""The spans that a plot tells apart, and where the first of them begins: few edited pairs are less similar."""
FEW = 20
"""A point that stands for fewer pairs is not drawn."""


def found_table(texts: Mapping[str, Sequence[str]]) -> str:
    """A row for each corpus: of the pairs in each span of similarity how many dedup finds; and its false ones."""
    spans = [f"{low:.2f}–{high:.2f}" for low, high in pairwise(BUCKETS)] + ["1"]
    first = sum(low < THRESHOLD for low in BUCKETS)
    rows = []
    for name, some in texts.items():
        for lead, threshold, _, *cells, _, wrong in match_rows(name, some):
            if threshold != THRESHOLD:
                continue
            counts = [
                (int(hit), int(of))
                for hit, _, of in (str(cell).replace(",", "").partition("/") for cell in cells)
                if of
            ]
            hits, due = sum(hit for hit, _ in counts), sum(of for _, of in counts)
            found = hits + int(str(wrong))
            rows.append([lead, *cells[first:], per_cent(hits, due), per_cent(hits, found)])
    return table(["corpus", *spans[first:], "recall", "precision"], rows)


def whole_table(texts: Mapping[str, Sequence[str]]) -> str:
    """A row for each corpus: what the whole tool takes out, against keeping the first by brute force."""
    rows = []
    for name, some in texts.items():
        row = whole_row(name, document_each(as_paragraphs(some)), THRESHOLD)
        rows.append([row[0], *row[2:]])
    return table(["corpus, a document each", "paragraphs", "to remove", "missed", "wrong", "recall"], rows)


def taken_by_similarity(
    pairs: Sequence[Pair], answers: Sequence[Answer]
) -> dict[str, list[tuple[float, float]]]:
    """For each tool the share of the edited pairs of different words that it takes one of, or flags, by similarity."""
    at: dict[int, list[int]] = {}
    for number, pair in enumerate(pairs):
        one, other = folded_words(pair.one), folded_words(pair.other)
        if one != other and pair.group in (Group.HARMLESS, Group.CHANGED):
            at.setdefault(floor(jaccard(triples(one), triples(other)) / STEP + 1e-9), []).append(number)
    return {
        answer.name: [
            (
                (bucket + 0.5) * STEP,
                sum(number in answer.taken or number in answer.flagged for number in numbers) / len(numbers),
            )
            for bucket, numbers in sorted(at.items())
            if len(numbers) >= FEW and (bucket + 0.5) * STEP > LOWEST
        ]
        for answer in answers
    }
