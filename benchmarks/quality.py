"""What a tool should have removed from an input, and how much of that it did."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.bruteforce import all_pairs, keep_first, neighbours, triples
from benchmarks.inputs import Input
from dedup.words import folded_words

THRESHOLD = 0.8


@dataclass(frozen=True, slots=True)
class Truth:
    """ids: of all rows. expected: of those that keeping the first removes. similar: of those that have a similar
    earlier row, removed or not: to remove one of them is no mistake.
    """

    ids: frozenset[str]
    expected: frozenset[str]
    similar: frozenset[str]


@dataclass(frozen=True, slots=True)
class Score:
    """How many rows a tool kept, what share of the expected it removed, what share of its removals is right."""

    kept: int
    recall: float
    precision: float


def _id_of(line: bytes) -> str:
    """The id of a row; it is the first field and has nothing that JSON escapes."""
    return line[8 : line.index(b'"', 8)].decode()


def ids_of(path: Path) -> Iterable[str]:
    """The ids of the rows of a file."""
    with path.open("rb") as lines:
        for line in lines:
            yield _id_of(line)


def _by_brute_force(path: Path) -> Truth:
    """Every pair compared."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    numbers: dict[tuple[str, ...], int] = {}
    texts = [numbers.setdefault(folded_words(row["text"]), len(numbers)) for row in rows]
    similar = neighbours(all_pairs([triples(words) for words in numbers], THRESHOLD))
    goes = list(keep_first(texts, similar))
    seen: set[int] = set()
    has_earlier = []
    for text in texts:
        has_earlier.append(text in seen or any(other in seen for other in similar.get(text, ())))
        seen.add(text)
    ids = [row["id"] for row in rows]
    return Truth(
        frozenset(ids),
        frozenset(identity for identity, gone in zip(ids, goes, strict=True) if gone),
        frozenset(identity for identity, is_copy in zip(ids, has_earlier, strict=True) if is_copy),
    )


def _as_planted(path: Path, truth: Path) -> Truth:
    """What the generator wrote down."""
    planted = set()
    with truth.open(encoding="utf-8") as lines:
        for line in lines:
            identity, _, similarity = line.split("\t")
            if float(similarity) >= THRESHOLD:
                planted.add(identity)
    return Truth(frozenset(ids_of(path)), frozenset(planted), frozenset(planted))


@cache
def truth_of(made: Input) -> Truth:
    """What an input holds; brute force is slow, so its answer is kept beside the input."""
    if made.truth:
        return _as_planted(made.path, made.truth)
    kept = made.path.with_suffix(".brute.json")
    if kept.exists():
        held = json.loads(kept.read_text("utf-8"))
        return Truth(frozenset(ids_of(made.path)), frozenset(held["expected"]), frozenset(held["similar"]))
    truth = _by_brute_force(made.path)
    held = {"expected": sorted(truth.expected), "similar": sorted(truth.similar)}
    kept.write_text(json.dumps(held), "utf-8")
    return truth


def score(truth: Truth, kept: Iterable[str]) -> Score:
    """How the ids that a tool kept compare with the truth."""
    stays = set(kept)
    strange = stays - truth.ids
    if strange:
        raise ValueError(f"kept rows that are not in the input: {min(strange)} and {len(strange) - 1} more")
    gone = truth.ids - stays
    return Score(
        kept=len(stays),
        recall=len(gone & truth.expected) / len(truth.expected) if truth.expected else 1.0,
        precision=len(gone & truth.similar) / len(gone) if gone else 1.0,
    )
