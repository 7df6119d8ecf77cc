"""How the similarity of short paragraphs is best defined: `python -m benchmarks.short`.

Compares definitions at several bounds: which pairs that people graded each calls near, which seeded edits it finds, and
how many other pairs of real text it lets in. Prints the table and writes it into benchmarks/README.md.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from random import Random

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

from benchmarks.bruteforce import jaccard, similarity
from benchmarks.corpora import ABC, KEDA, abc_blocks, data_file, keda_blocks, paragraphs, unpack
from benchmarks.tables import publish, table, versions
from dedup.words import folded_words

SEED = 2006
EACH = 2_000
SHORT = 45

Texts = Sequence[tuple[str, ...]]
Measure = Callable[[Sequence[str], Sequence[str]], float]


def _grams(words: Sequence[str], k: int) -> list[tuple[str, ...]]:
    return list(zip(*(words[at:] for at in range(k)), strict=False)) or [tuple(words)]


def _of_sets(k: int) -> Measure:
    return lambda one, other: jaccard(frozenset(_grams(one, k)), frozenset(_grams(other, k)))


def _of_bags(k: int) -> Measure:
    def measure(one: Sequence[str], other: Sequence[str]) -> float:
        ours, theirs = Counter(_grams(one, k)), Counter(_grams(other, k))
        return (ours & theirs).total() / (ours | theirs).total()

    return measure


def _sorted(one: Sequence[str], other: Sequence[str]) -> float:
    return fuzz.token_sort_ratio(" ".join(one), " ".join(other)) / 100


MEASURES: dict[str, tuple[Measure, Sequence[float]]] = {
    "Jaccard, 3-shingles": (_of_sets(3), (0.8, 0.6, 0.5)),
    "Jaccard, 2-shingles": (_of_sets(2), (0.8, 0.7, 0.6)),
    "Jaccard, words": (_of_sets(1), (0.85, 0.8, 0.75)),
    "the same, of bags": (_of_bags(1), (0.85, 0.8, 0.75)),
    "Indel, words": (Indel.normalized_similarity, (0.9, 0.85, 0.8)),
    "token_sort_ratio": (_sorted, (0.95, 0.9, 0.85)),
    "Levenshtein, words": (Levenshtein.normalized_similarity, (0.9, 0.875, 0.85, 0.8)),
    "dedup": (similarity, (0.8,)),
}


def graded() -> list[tuple[int, tuple[str, ...], tuple[str, ...]]]:
    """The graded pairs of sentences of 8 to 44 words that are not the same in words (SemEval STS 2016, postediting)."""
    rows = []
    for line in data_file("sts/postediting-2016.tsv").read_text("utf-8").splitlines():
        grade, one, other = line.split("\t")[:3]
        words = folded_words(one), folded_words(other)
        if grade and words[0] != words[1] and all(8 <= len(each) < SHORT for each in words):
            rows.append((int(grade), *words))
    return rows


def _replaced(count: int) -> Callable[[list[str], Random, Sequence[str]], None]:
    def edit(words: list[str], random: Random, vocabulary: Sequence[str]) -> None:
        at = random.randrange(len(words) - count + 1)
        words[at : at + count] = random.sample(vocabulary, count)

    return edit


def _added(words: list[str], random: Random, vocabulary: Sequence[str]) -> None:
    words.insert(random.randrange(len(words) + 1), random.choice(vocabulary))


def _dropped(words: list[str], random: Random, vocabulary: Sequence[str]) -> None:
    del words[random.randrange(len(words))]


def _half(words: list[str], random: Random, vocabulary: Sequence[str]) -> None:
    for at in random.sample(range(len(words)), len(words) // 4):
        words[at] = random.choice(vocabulary)


EDITS = {
    "one word replaced": _replaced(1),
    "one added": _added,
    "one dropped": _dropped,
    "two together replaced": _replaced(2),
    "a quarter replaced": _half,
}


def edited(texts: Texts, name: str) -> list[tuple[Sequence[str], Sequence[str]]]:
    """Paragraphs and a copy of each that was edited in one way."""
    random = Random(SEED)
    vocabulary = sorted({word for words in texts for word in words})
    pairs = []
    for words in random.sample(list(texts), min(EACH, len(texts))):
        copy = list(words)
        EDITS[name](copy, random, vocabulary)
        pairs.append((words, copy))
    return pairs


def neighbours(texts: Texts) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """The pairs of texts of which the shorter shares a third of its words, those that are rare, with the other."""
    counts = Counter(word for words in texts for word in set(words))
    having: dict[str, list[int]] = {}
    for number, words in enumerate(texts):
        rare = [word for word in set(words) if counts[word] <= 500]
        shared = Counter(other for word in rare for other in having.get(word, ()))
        for other, times in shared.items():
            if 3 * times >= min(len(words), len(texts[other])):
                yield words, texts[other]
        for word in rare:
            having.setdefault(word, []).append(number)


def share(measure: Measure, bound: float, pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> str:
    """How many of the pairs a measure calls near, in per cent."""
    hits = [measure(one, other) >= bound for one, other in pairs]
    return f"{100 * sum(hits) / len(hits):.1f}"


def rows(folder: Path) -> Iterator[list[object]]:
    """A row for each definition and bound."""
    abc = [folded_words(text) for text in paragraphs(abc_blocks(unpack(ABC, folder)))]
    keda = [folded_words(text) for text in paragraphs(keda_blocks(unpack(KEDA, folder)))]
    short = [[words for words in texts if 8 <= len(words) < SHORT] for texts in (abc, keda)]
    made = {name: edited(short[0], name) for name in EDITS}
    others = [list(neighbours(texts)) for texts in short]
    pairs = graded()
    same = [pair[1:] for pair in pairs if pair[0] >= 4]
    unlike = [pair[1:] for pair in pairs if pair[0] <= 2]
    for name, (measure, bounds) in MEASURES.items():
        for bound in bounds:
            let_in = [sum(measure(*pair) >= bound for pair in each) for each in others]
            yield [
                f"{name} ≥ {bound:g}",
                *(share(measure, bound, each) for each in made.values()),
                share(measure, bound, same),
                share(measure, bound, unlike),
                *(f"{count:,}" for count in let_in),
            ]


def report(folder: Path) -> str:
    """The table, with what was measured."""
    head = ["definition", *EDITS, "graded 4–5", "graded 0–2", "pairs in abc", "pairs in keda-docs"]
    return (
        f"Paragraphs of 8 to {SHORT - 1} words. Seeded edits of {EACH:,} paragraphs of abc each (seed {SEED}) and pairs of "
        "sentences that people graded (SemEval STS 2016, postediting): how many per cent of them are near. Last, how "
        f"many pairs of distinct real paragraphs are.\n\n{table(head, rows(folder))}\n\n{versions('rapidfuzz')}."
    )


def main() -> int:
    """Measures, prints, and writes the README's table."""
    return publish("short", report)


if __name__ == "__main__":
    sys.exit(main())
