"""Headlines that people graded: which pairs are removed and flagged: `python -m benchmarks.headlines [FILE.tsv …]`.

A file has a line for each pair: its grade from 0 (another story) to 5 (the same), one headline, the other; further
columns are passed over. Without files the three years of `sts/headlines-*.tsv` are judged, and thresholds chosen on two
of them on the third; the table goes into benchmarks/README.md (`--print`: nowhere). With files these are judged by what
dedup does. The worst errors follow.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from rapidfuzz import fuzz, utils

from benchmarks.corpora import YEARS, DataMissing, data_file
from benchmarks.tables import README, table, write_between
from dedup.decide.headline_guards import SAME, WORDING, headline_guard, headline_verdict
from dedup.match.alike import headline_similarity
from dedup.settings import HEADLINE_SIMILARITY

_GRADE = re.compile(r"[0-4](?:\.[0-9]*)?|5(?:\.0*)?")
SAME_GRADE, ALIKE_GRADE = 4.0, 3.0
WORST = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """Two headlines and the grade that people gave them."""

    grade: float
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many pairs were chosen of how many: all, of grade 4 and more, of grade 3 and more."""

    pairs: int
    same: int
    alike: int
    all_same: int
    all_alike: int

    def __add__(self, more: Chosen) -> Chosen:
        return Chosen(
            self.pairs + more.pairs,
            self.same + more.same,
            self.alike + more.alike,
            self.all_same + more.all_same,
            self.all_alike + more.all_alike,
        )


class BadPairs(Exception):
    """A file of pairs cannot be read; the message names it and says why, in one line."""


def graded_pairs(path: Path) -> list[Pair]:
    """The pairs of a file that have a grade, of the first three columns; BadPairs where there is none."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise BadPairs(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadPairs(f"{path}: is not UTF-8 (byte {error.start})") from None
    pairs = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        grade, *headlines = line.rstrip("\r").split("\t")
        if not grade:
            continue
        if len(headlines) < 2:
            raise BadPairs(f"{path}:{number}: is no grade and two headlines, with tabs between them")
        if not _GRADE.fullmatch(grade):
            raise BadPairs(f"{path}:{number}: {grade[:40]!r} is no grade from 0 to 5")
        pairs.append(Pair(float(grade), headlines[0], headlines[1]))
    if not pairs:
        raise BadPairs(f"{path}: holds no pair with a grade")
    return pairs


def choose(pairs: Sequence[Pair], chooses: Callable[[Pair], bool]) -> Chosen:
    """What a way of choosing chooses."""
    grades = [pair.grade for pair in pairs if chooses(pair)]
    return Chosen(
        len(grades),
        sum(grade >= SAME_GRADE for grade in grades),
        sum(grade >= ALIKE_GRADE for grade in grades),
        sum(pair.grade >= SAME_GRADE for pair in pairs),
        sum(pair.grade >= ALIKE_GRADE for pair in pairs),
    )


def removed(pair: Pair) -> bool:
    """Whether dedup takes a headline out for the other one."""
    return headline_verdict(pair.one, pair.other) == "remove"


def reported(pair: Pair) -> bool:
    """Whether dedup takes it out or flags it."""
    return headline_verdict(pair.one, pair.other) != "keep"


_FACTS = re.compile(
    r"\d+|\b(?:not?|never|without|jan\w*|feb\w*|march|april|may|june|july|aug\w*|sept\w*|oct\w*|nov\w*|dec\w*|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow)\b",
    re.IGNORECASE,
)


def by_letters(least: float, guarded: bool) -> Callable[[Pair], bool]:
    """Pairs by `token_sort_ratio` alone, or only those with the same numbers, dates and negations."""

    def facts(text: str) -> list[str]:
        return sorted(word.lower() for word in _FACTS.findall(text))

    return lambda pair: (
        fuzz.token_sort_ratio(pair.one, pair.other, processor=utils.default_process) >= least
        and not (guarded and facts(pair.one) != facts(pair.other))
    )


def interval(part: int, whole: int) -> str:
    """A share in per cent with its Wilson interval of 95 %."""
    if not whole:
        return "–"
    z, share = 1.96, part / whole
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    reach = z / (1 + z * z / whole) * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    return f"{share * 100:.1f} ({max(middle - reach, 0) * 100:.1f}–{min(middle + reach, 1) * 100:.1f})"


HEAD = [
    "pairs",
    "chosen",
    "which",
    "grade ≥ 4, %",
    "grade ≥ 3, %",
    "under 3",
    "recall of ≥ 4, %",
    "recall of ≥ 3, %",
]


def row(name: str, which: str, found: Chosen) -> list[object]:
    """A line of the table."""
    return [
        name,
        found.pairs,
        which,
        interval(found.same, found.pairs),
        interval(found.alike, found.pairs),
        found.pairs - found.alike,
        interval(found.same, found.all_same),
        interval(found.alike, found.all_alike),
    ]


def rows(name: str, pairs: Sequence[Pair]) -> Iterator[list[object]]:
    """What is chosen of some pairs: by dedup, and by ratios for comparison."""
    yield row(name, "removed", choose(pairs, removed))
    yield row(name, "removed or flagged", choose(pairs, reported))
    for least in (92, 80):
        for guarded in (False, True):
            which = f"token_sort_ratio ≥ {least}{', guarded' if guarded else ''}"
            yield row(name, which, choose(pairs, by_letters(least, guarded)))


STEPS = [step / 200 for step in range(160, 199)]


def cross_validated(years: dict[str, Sequence[Pair]]) -> Iterator[list[object]]:
    """Each year by the thresholds that the other two would choose, and all of them together.

    Of thresholds at which 97 % of what is chosen has the grade, the lowest.
    """
    sums: dict[str, list[Chosen]] = {"removed": [], "removed or flagged": []}
    for year, pairs in years.items():
        others = [pair for other, some in years.items() if other != year for pair in some]
        for which, grade in (("removed", SAME_GRADE), ("removed or flagged", ALIKE_GRADE)):
            at = _lowest(others, which, grade)
            found = choose(pairs, _choosing(which, at))
            sums[which].append(found)
            yield row(f"{year}, by the others", f"{which}, from {at:.3f}", found)
    for which, found in sums.items():
        yield row("all, each by the others", which, sum(found[1:], found[0]))


def _choosing(which: str, at: float) -> Callable[[Pair], bool]:
    def chooses(pair: Pair) -> bool:
        if headline_similarity(pair.one, pair.other) < at:
            return False
        return which != "removed" or headline_guard(pair.one, pair.other) in (None, WORDING)

    return chooses


def _lowest(pairs: Sequence[Pair], which: str, grade: float) -> float:
    for at in STEPS:
        found = choose(pairs, _choosing(which, at))
        if found.pairs and (found.same if grade == SAME_GRADE else found.alike) >= 0.97 * found.pairs:
            return at
    return STEPS[-1]


def worst(pairs: Sequence[Pair]) -> Iterator[str]:
    """The removed pairs of low grade, then the flagged ones, then those of high grade that are kept."""
    wrong = [pair for pair in pairs if removed(pair) and pair.grade < SAME_GRADE]
    noisy = [pair for pair in pairs if reported(pair) and pair.grade < ALIKE_GRADE]
    missed = [pair for pair in pairs if not reported(pair) and pair.grade >= SAME_GRADE]
    missed.sort(key=lambda pair: -pair.grade)
    for name, found in (("removed", wrong), ("flagged", noisy), ("kept", missed)):
        for pair in sorted(found, key=lambda pair: pair.grade)[:WORST] if name != "kept" else found[:WORST]:
            yield f"{name} {pair.grade:g} {headline_similarity(pair.one, pair.other):.3f} {pair.one} | {pair.other}"


def report(years: dict[str, Sequence[Pair]], validate: bool) -> str:
    """The tables."""
    every = [pair for pairs in years.values() for pair in pairs]
    lines = [line for name, pairs in years.items() for line in rows(name, pairs)]
    if len(years) > 1:
        lines += rows("all", every)
    parts = [
        f"Pairs of headlines by what dedup does with nothing but the two known: removed from {SAME:g} on where no guard "
        f"objects, flagged from {HEADLINE_SIMILARITY:g} on. In brackets the Wilson interval of 95 %.",
        table(HEAD, lines),
    ]
    if validate:
        parts += [
            "The same with both thresholds chosen on the other two years: the lowest at which 97 % have the grade.",
            table(HEAD, cross_validated(years)),
        ]
    return "\n\n".join(parts)


def main() -> int:
    """Judges, prints, and writes the README's table."""
    files = [Path(name) for name in sys.argv[1:] if name != "--print"]
    try:
        paths = {str(year): data_file(f"sts/headlines-{year}.tsv") for year in YEARS} if not files else {}
        years = {name: graded_pairs(path) for name, path in paths.items()}
        years |= {path.stem: graded_pairs(path) for path in files}
    except (BadPairs, DataMissing) as error:
        print(error, file=sys.stderr)
        return 2
    text = report(years, validate=not files)
    print(text, end="\n\n")
    for line in worst([pair for pairs in years.values() for pair in pairs]):
        print(line)
    if not files and "--print" not in sys.argv[1:]:
        write_between(README, "headlines", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
