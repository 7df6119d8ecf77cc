"""Pairs of headlines that people graded: which of them dedup takes, and what other measures would."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, utils

from benchmarks.accuracy_tools import SEMHASH, per_cent
from benchmarks.corpora import data_file
from benchmarks.environments import NotInstalled, python_of
from benchmarks.process import measure
from benchmarks.tables import table
from benchmarks.tools import SCRIPTS
from dedup import Cleaner, Settings, document
from dedup.words import folded_words

YEARS = (2013, 2014, 2015)
SAME, NEARLY = 4.0, 3.0
"""The grades from which two headlines mean the same, and say nearly the same."""
AIM = 0.95
LEAST = 20
"""A threshold that chooses fewer pairs is not learnt from."""

Scores = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Graded:
    """A pair with the year of its file and the mean grade that people gave it, 0 to 5."""

    year: int
    grade: float
    one: str
    other: str


def graded(lines: Sequence[str], year: int) -> list[Graded]:
    """The pairs of a file that have a grade."""
    split = (line.split("\t") for line in lines)
    return [Graded(year, float(grade), one, other) for grade, one, other, *_ in split if grade]


def all_graded() -> list[Graded]:
    """The graded pairs of all years."""
    return [
        pair
        for year in YEARS
        for pair in graded(data_file(f"sts/headlines-{year}.tsv").read_text("utf-8").splitlines(), year)
    ]


def verdicts(pairs: Sequence[Graded]) -> list[str | None]:
    """What dedup makes of each pair, as a document of two headlines: `removed`, `flagged` or None."""
    cleaner = Cleaner(Settings(scope="within"))
    documents = [document(f"# {pair.one}\n\n# {pair.other}\n", f"{n}.md") for n, pair in enumerate(pairs)]
    for _ in cleaner.feed(documents):
        pass
    said: dict[str, str] = {flag.document: "flagged" for flag in cleaner.report.flags}
    said |= {removal.document: "removed" for removal in cleaner.report.removals}
    return [said.get(each.path) for each in documents]


def _shingles(text: str, size: int) -> frozenset[tuple[str, ...]]:
    words = folded_words(text)
    return frozenset(zip(*(words[start:] for start in range(size)), strict=False)) or frozenset([words])


def _share(one: frozenset[object], other: frozenset[object]) -> float:
    return len(one & other) / len(one | other)


def _letters(text: str, size: int = 5) -> frozenset[str]:
    lower = " ".join(text.lower().split())
    return frozenset(lower[at : at + size] for at in range(max(len(lower) - size + 1, 1)))


MEASURES: dict[str, Callable[[str, str], float]] = {
    "token_sort_ratio": lambda one, other: (
        fuzz.token_sort_ratio(one, other, processor=utils.default_process) / 100
    ),
    "difflib": lambda one, other: difflib.SequenceMatcher(None, one, other, autojunk=False).ratio(),
    "word 1-shingles": lambda one, other: _share(_shingles(one, 1), _shingles(other, 1)),
    "word 2-shingles": lambda one, other: _share(_shingles(one, 2), _shingles(other, 2)),
    "word 3-shingles": lambda one, other: _share(_shingles(one, 3), _shingles(other, 3)),
    "5 characters": lambda one, other: _share(_letters(one), _letters(other)),
}
"""What other tools measure. MinHash estimates the Jaccard similarity of shingles; here it is exact."""

_COUNTS = (
    "one two three four five six seven eight nine ten eleven twelve dozen hundred thousand million billion"
)
_DATES = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday"
)
_FACTS = frozenset(f"{_COUNTS} {_DATES} no not never without nor none cannot".split())


def naive_facts(text: str) -> list[str]:
    """The words of a headline that count, date or negate: what a naive guard compares."""
    words = re.findall(r"[^\W_]+(?:'[^\W_]+)?", text.lower())
    return sorted(
        word for word in words if word in _FACTS or word.endswith("n't") or any(map(str.isdigit, word))
    )


def cosines(pairs: Sequence[Graded], folder: Path) -> list[float] | None:
    """The cosines of word vectors, which semhash compares by; None where it cannot be installed."""
    source, out = folder / "pairs.json", folder / "cosines.json"
    source.write_text(json.dumps([[pair.one, pair.other] for pair in pairs]), "utf-8")
    try:
        python = python_of(SEMHASH.package)
    except NotInstalled:
        return None
    measured = measure([python, SCRIPTS / "cosines.py", source, out], folder, {"HF_HUB_OFFLINE": "1"})
    return json.loads(out.read_bytes()) if measured.status == 0 else None


def scores_of(pairs: Sequence[Graded], folder: Path | None) -> Scores:
    """The similarity of each pair by each measure; by word vectors where there is a folder to work in."""
    found = {name: [measure(pair.one, pair.other) for pair in pairs] for name, measure in MEASURES.items()}
    vectors = cosines(pairs, folder) if folder else None
    return found | ({"semhash with WordLlama": vectors} if vectors else {})


@dataclass(frozen=True, slots=True)
class Choice:
    """Which pairs something chooses. chosen, same, near: how many, of grade 4 and more, of 3 and more."""

    chosen: int
    same: int
    near: int
    all_same: int
    all_near: int

    def cells(self) -> list[str]:
        """The columns of a table after the name."""
        return [
            f"{self.chosen:,}",
            per_cent(self.same, self.chosen),
            per_cent(self.same, self.all_same),
            f"{self.chosen - self.near:,}",
            per_cent(self.near, self.chosen),
            per_cent(self.near, self.all_near),
        ]

    def point(self) -> tuple[float, float]:
        """Recall and precision, for pairs of grade 4 and more."""
        return self.same / self.all_same, self.same / self.chosen if self.chosen else 1.0


def choose(pairs: Sequence[Graded], taken: Sequence[bool]) -> Choice:
    """Counts what is chosen."""
    chosen = [pair.grade for pair, yes in zip(pairs, taken, strict=True) if yes]
    return Choice(
        len(chosen),
        sum(grade >= SAME for grade in chosen),
        sum(grade >= NEARLY for grade in chosen),
        sum(pair.grade >= SAME for pair in pairs),
        sum(pair.grade >= NEARLY for pair in pairs),
    )


HEAD = ["chosen", "grade ≥ 4", "recall of ≥ 4", "under 3", "grade ≥ 3", "recall of ≥ 3"]


def fixed_points(pairs: Sequence[Graded], scores: Scores, said: Sequence[str | None]) -> dict[str, Choice]:
    """dedup as it is shipped, and the thresholds that the comparison is made with."""
    sort = scores["token_sort_ratio"]
    agree = [naive_facts(pair.one) == naive_facts(pair.other) for pair in pairs]
    found = {
        "**dedup**, removed": [verdict == "removed" for verdict in said],
        "**dedup**, removed or flagged": [verdict is not None for verdict in said],
    }
    for least in (92, 80):
        found[f"token_sort_ratio ≥ {least}"] = [score >= least / 100 for score in sort]
        found[f"token_sort_ratio ≥ {least}, naive guard"] = [
            score >= least / 100 and same for score, same in zip(sort, agree, strict=True)
        ]
    return {name: choose(pairs, taken) for name, taken in found.items()}


def points_table(points: dict[str, Choice]) -> str:
    """A row for each way to choose."""
    return table(["", *HEAD], ([name, *choice.cells()] for name, choice in points.items()))


def years_table(pairs: Sequence[Graded], said: Sequence[str | None]) -> str:
    """dedup's choice in each year by itself."""
    rows = []
    for year in YEARS:
        at = [number for number, pair in enumerate(pairs) if pair.year == year]
        some = [pairs[number] for number in at]
        for name, wanted in (("removed", ("removed",)), ("removed or flagged", ("removed", "flagged"))):
            rows.append([f"{year}, {name}", *choose(some, [said[number] in wanted for number in at]).cells()])
    return table(["dedup", *HEAD], rows)


def learnt(pairs: Sequence[Graded], scores: Sequence[float]) -> float | None:
    """The lowest threshold from which at least 95 % of the pairs have grade 4 and more; None where there is none."""
    order = sorted(range(len(pairs)), key=lambda number: -scores[number])
    best, same = None, 0
    for count, number in enumerate(order, 1):
        same += pairs[number].grade >= SAME
        last = count == len(order) or scores[order[count]] < scores[number]
        if last and count >= LEAST and same >= AIM * count:
            best = scores[number]
    return best


def left_out_table(pairs: Sequence[Graded], scores: Scores) -> str:
    """Each measure at the threshold that two years teach, on the third; the three put together."""
    rows = []
    for name, found in scores.items():
        taken = [False] * len(pairs)
        thresholds = []
        for year in YEARS:
            rest = [number for number, pair in enumerate(pairs) if pair.year != year]
            least = learnt([pairs[n] for n in rest], [found[n] for n in rest])
            thresholds.append("–" if least is None else f"{least:.2f}")
            for number, pair in enumerate(pairs):
                taken[number] |= pair.year == year and least is not None and found[number] >= least
        rows.append([name, " ".join(thresholds), *choose(pairs, taken).cells()])
    return table(["measure", "thresholds", *HEAD], rows)


def curve(pairs: Sequence[Graded], scores: Sequence[float]) -> list[tuple[float, float]]:
    """Recall and precision at falling thresholds, from the first at which enough pairs are chosen."""
    order = sorted(range(len(pairs)), key=lambda number: -scores[number])
    everything = sum(pair.grade >= SAME for pair in pairs)
    points: list[tuple[float, float]] = []
    same = 0
    for count, number in enumerate(order, 1):
        same += pairs[number].grade >= SAME
        last = count == len(order) or scores[order[count]] < scores[number]
        if last and count >= LEAST and (not points or same / everything - points[-1][0] >= 0.01):
            points.append((same / everything, same / count))
    return points
