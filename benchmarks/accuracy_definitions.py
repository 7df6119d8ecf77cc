"""Definitions of the similarity of paragraphs, by length: which harmless edit they miss, what they call alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from benchmarks.accuracy_edits import stop_word_added, stop_word_dropped, stop_word_replaced
from benchmarks.accuracy_headlines import NEARLY, SAME, Graded, graded
from benchmarks.accuracy_pairs import Group, Pair
from benchmarks.accuracy_tools import per_cent
from benchmarks.corpora import data_file
from benchmarks.edits import EDITS
from benchmarks.stages import matched_pairs
from benchmarks.tables import table
from dedup.words import folded_words

Words = Sequence[str]
THRESHOLD = 0.8
BANDS = ((8, 9), (10, 12), (13, 15), (16, 19), (20, 24), (25, 29), (30, 37), (38, 45), (46, 60))
EACH = 300
"""So many paragraphs of each band, or all of them."""
PRODUCT = "**dedup**"


def _shingles(words: Words, size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(zip(*(words[start:] for start in range(size)), strict=False)) or frozenset(
        [tuple(words)]
    )


def _jaccard(size: int) -> Callable[[Words, Words], float]:
    def measure(one: Words, other: Words) -> float:
        ours, theirs = _shingles(one, size), _shingles(other, size)
        return len(ours & theirs) / len(ours | theirs)

    return measure


def _bag(one: Words, other: Words) -> float:
    shared = (Counter(one) & Counter(other)).total()
    return shared / (len(one) + len(other) - shared)


DEFINITIONS: dict[str, Callable[[Words, Words], float]] = {
    "3-shingles": _jaccard(3),
    "2-shingles": _jaccard(2),
    "1-shingles": _jaccard(1),
    "bag of words": _bag,
    "Levenshtein": Levenshtein.normalized_similarity,
    "Indel": Indel.normalized_similarity,
    "token_sort_ratio": lambda one, other: fuzz.token_sort_ratio(" ".join(one), " ".join(other)) / 100,
}
"""All over folded words, 0 to 1; those of shingles are the Jaccard similarity of sets."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair by its folded words."""

    pair: Pair
    one: tuple[str, ...]
    other: tuple[str, ...]

    @property
    def length(self) -> int:
        """The words of the shorter."""
        return min(len(self.one), len(self.other))


def compared(pairs: Sequence[Pair]) -> list[Compared]:
    """The pairs by their words; those of the same words are left out, since every definition agrees on them."""
    found = [(pair, folded_words(pair.one), folded_words(pair.other)) for pair in pairs]
    return [Compared(pair, one, other) for pair, one, other in found if one != other]


def _stop_word(text: str, random: Random) -> str | None:
    makers = [stop_word_added, stop_word_dropped, stop_word_replaced]
    random.shuffle(makers)
    return next((made[1] for make in makers if (made := make(text, random))), None)


def edited(texts: Sequence[str], seed: int, each: int = EACH) -> list[Pair]:
    """Of every band of lengths so many paragraphs, each with one stop word and with one and two any words edited."""
    random = Random(seed)
    vocabulary = [word for text in texts for word in text.split()]
    shuffled = [(len(folded_words(text)), text) for text in texts]
    random.shuffle(shuffled)
    pairs = []
    for low, high in BANDS:
        for text in [text for length, text in shuffled if low <= length <= high][:each]:
            if (other := _stop_word(text, random)) is not None:
                pairs.append(Pair(Group.HARMLESS, "one stop word", text, other))
            for count, kind in ((1, "one word"), (2, "two words")):
                words = text.split()
                for _ in range(count):
                    EDITS["replaced"](words, random, vocabulary)
                pairs.append(Pair(Group.HARMLESS, kind, text, " ".join(words)))
    return pairs


def product_finds(pairs: Sequence[Compared]) -> list[bool]:
    """Which pairs dedup's own matching finds at its default threshold, before any guard."""
    texts = [text for each in pairs for text in (" ".join(each.one), " ".join(each.other))]
    distinct = list(dict.fromkeys(texts))
    place = {text: number for number, text in enumerate(distinct)}
    found = matched_pairs(distinct, THRESHOLD)
    at = [(place[one], place[other]) for one, other in zip(texts[::2], texts[1::2], strict=True)]
    return [(min(pair), max(pair)) in found for pair in at]


def found_by(pairs: Sequence[Compared]) -> dict[str, list[bool]]:
    """By each definition and by dedup, which pairs reach 0.8."""
    found = {PRODUCT: product_finds(pairs)}
    for name, measure in DEFINITIONS.items():
        found[name] = [measure(each.one, each.other) >= THRESHOLD - 1e-9 for each in pairs]
    return found


def _band(length: int) -> tuple[int, int] | None:
    return next(((low, high) for low, high in BANDS if low <= length <= high), None)


Cells = dict[tuple[int, int], tuple[int, int]]


def by_length(pairs: Sequence[Compared], found: Sequence[bool], kinds: Sequence[str]) -> Cells:
    """For each band how many pairs of some kinds are found, of how many."""
    counts = {band: [0, 0] for band in BANDS}
    for each, hit in zip(pairs, found, strict=True):
        band = _band(each.length)
        if band and each.pair.kind in kinds:
            counts[band][0] += hit
            counts[band][1] += 1
    return {band: (hits, of) for band, (hits, of) in counts.items()}


def length_table(pairs: Sequence[Compared], found: Mapping[str, Sequence[bool]], kinds: Sequence[str]) -> str:
    """A row for each definition, a column for each band: the share of the pairs that reach 0.8, in per cent."""
    rows = []
    for name, hits in found.items():
        cells = by_length(pairs, hits, kinds).values()
        whole = (sum(hit for hit, _ in cells), sum(of for _, of in cells))
        rows.append([name, *(f"{100 * hit / of:.1f}" if of else "–" for hit, of in cells), per_cent(*whole)])
    counts = by_length(pairs, [True] * len(pairs), kinds).values()
    rows.append(["pairs", *(f"{of:,}" for _, of in counts), f"{sum(of for _, of in counts):,}"])
    return table(["words", *(f"{low}–{high}" for low, high in BANDS), "all"], rows)


def thresholds_table(pairs: Sequence[Compared], harmless: Sequence[str], false: Sequence[str]) -> str:
    """What each definition calls alike at the threshold that finds 99 % of the harmless edits.

    The longer paragraphs tell little, so those of 8 to 29 words are looked at.
    """
    short = [each for each in pairs if 8 <= each.length <= 29]
    rows = []
    for name, measure in DEFINITIONS.items():
        due = sorted(
            (measure(each.one, each.other) for each in short if each.pair.kind in harmless), reverse=True
        )
        threshold = due[-(-len(due) * 99 // 100) - 1]
        wrong = [measure(each.one, each.other) >= threshold for each in short if each.pair.kind in false]
        rows.append([name, f"{threshold:.2f}", per_cent(sum(wrong), len(wrong))])
    return table(["definition", "threshold for 99 %", "look-alikes that reach it"], rows)


def postedited() -> list[Graded]:
    """The graded pairs of a machine's translation and its edited form."""
    return graded(data_file("sts/postediting-2016.tsv").read_text("utf-8").splitlines(), 2016)


def graded_table(sentences: Sequence[Graded]) -> str:
    """What each definition finds among sentences that people graded, at 0.8."""
    pairs = [Pair(Group.HARMLESS, "graded", each.one, each.other) for each in sentences]
    kept = [
        (Compared(pair, one, other), each.grade)
        for pair, each in zip(pairs, sentences, strict=True)
        if min(len(one := folded_words(each.one)), len(other := folded_words(each.other))) >= BANDS[0][0]
        and one != other
    ]
    same = sum(grade >= SAME for _, grade in kept)
    rows = []
    for name, hits in found_by([each for each, _ in kept]).items():
        grades = [grade for (_, grade), hit in zip(kept, hits, strict=True) if hit]
        right = sum(grade >= SAME for grade in grades)
        under = sum(grade < NEARLY for grade in grades)
        rows.append(
            [name, f"{len(grades):,}", per_cent(right, len(grades)), per_cent(right, same), f"{under:,}"]
        )
    head = [f"{len(kept):,} pairs, {same:,} of grade ≥ 4", "found", "grade ≥ 4", "recall of ≥ 4", "under 3"]
    return table(head, rows)


def curves(
    pairs: Sequence[Compared], found: Mapping[str, Sequence[bool]], kind: str
) -> dict[str, list[tuple[float, float]]]:
    """For each definition the share that is found, over the middle of each band."""
    return {
        name.strip("*"): [
            ((low + high) / 2, hit / of)
            for (low, high), (hit, of) in by_length(pairs, hits, [kind]).items()
            if of
        ]
        for name, hits in found.items()
    }
