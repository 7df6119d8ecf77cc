"""What the tool finds: the match stage alone, headlines alone, and the whole of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.bruteforce import Pairs, keep_first, neighbours, similar_pairs, similarity
from dedup import Cleaner, Settings, document
from dedup.blocks import Kind, cut
from dedup.documents import Document
from dedup.match.bands import key_plan
from dedup.match.headlines import HeadlineIndex
from dedup.match.pairs import near_pairs
from dedup.match.prepared import Sketch
from dedup.report.model import Report
from dedup.settings import PERMUTATIONS, SHINGLE_WORDS
from dedup.sketch import keys_of
from dedup.sources.encoding import decode
from dedup.words import SEPARATOR, analyse, folded_words


def matched_pairs(texts: Sequence[str], threshold: float) -> Pairs:
    """The pairs that share a key and are verified, of texts that each stand for a block."""
    words = analyse(SEPARATOR.join(texts), len(texts))
    plan = key_plan(threshold)
    keys, first = keys_of(words, np.arange(len(texts)), SHINGLE_WORDS, PERMUTATIONS, plan)
    sketches = {n: Sketch(keys[first[n] : first[n + 1]], text) for n, text in enumerate(texts)}
    return {
        (one, other): similarity
        for one, found in near_pairs(sketches, threshold).items()
        for other, similarity in found
        if one < other
    }


def matched_headlines(headlines: Sequence[str], threshold: float) -> Pairs:
    """The pairs of headlines that the index finds."""
    index = HeadlineIndex(threshold)
    pairs: Pairs = {}
    for number, text in enumerate(headlines):
        pairs |= {(other, number): similarity for other, similarity in index.similar(text)}
        index.add(number, text)
    return pairs


def removing(threshold: float) -> Settings:
    """The settings under which nothing but the definition decides: what a paragraph repeats goes."""
    return Settings(near="remove", headlines="off", lists="off", threshold=threshold)


def as_paragraphs(texts: Iterable[str]) -> list[str]:
    """The texts that stand in a plain text as one paragraph of one line each."""
    lines = (" ".join(text.split()) for text in texts)
    return [line for line in lines if cut(line.encode("utf-8"), "text").kind.tolist() == [Kind.PARAGRAPH]]


def one_document(texts: Sequence[str]) -> list[Document]:
    """All texts as paragraphs of one document."""
    return [document("\n\n".join(texts) + "\n", "corpus.txt")]


def document_each(texts: Sequence[str]) -> list[Document]:
    """Each text as a document of its own."""
    return [document(f"{text}\n", f"{number:06}.txt") for number, text in enumerate(texts)]


def tree(folder: Path) -> list[Document]:
    """The Markdown files below a folder, in path order."""
    paths = sorted(folder.rglob("*.md"), key=lambda path: path.relative_to(folder).as_posix())
    return [
        decode(name := path.relative_to(folder).as_posix(), path.read_bytes(), "markdown", name)
        for path in paths
    ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the removals of a run compare with those of brute force.

    paragraphs: how many were compared. expected: how many brute force takes out. missed: of these, how many the
    tool left. wrong: removals that brute force does not make, or whose twin is not a kept, earlier block that is as
    similar as the report says.
    """

    paragraphs: int
    expected: int
    missed: tuple[str, ...]
    wrong: tuple[str, ...]

    @property
    def recall(self) -> float:
        """The share of what brute force takes out that the tool took out."""
        return 1 - len(self.missed) / self.expected if self.expected else 1.0


@dataclass(frozen=True, slots=True)
class _Place:
    document: str
    start: int
    kind: Kind
    words: tuple[str, ...]


def _places(documents: Iterable[Document], min_words: int) -> Iterator[_Place]:
    """The paragraphs and list items that near-duplicates are looked for among, in order."""
    for each in documents:
        blocks = cut(each.text, each.syntax)
        for kind, start, shown in zip(blocks.kind.tolist(), blocks.start.tolist(), blocks.texts, strict=True):
            words = folded_words(shown)
            if kind in (Kind.PARAGRAPH, Kind.LIST_ITEM) and len(words) >= min_words:
                yield _Place(each.path, each.offset(start), Kind(kind), words)


def compare_whole(documents: Sequence[Document], settings: Settings) -> Outcome:
    """The whole tool against keeping the first by brute force; list items are twins and stay themselves."""
    cleaner = Cleaner(settings)
    for _ in cleaner.feed(documents):
        pass
    report = cleaner.report
    places = list(_places(documents, settings.min_words))
    numbers: dict[tuple[str, ...], int] = {}
    texts = [numbers.setdefault(place.words, len(numbers)) for place in places]
    pairs = similar_pairs(list(numbers), settings.threshold)
    at = {(place.document, place.start): n for n, place in enumerate(places)}
    pinned = {n for flag in report.flags if (n := at.get((flag.document, flag.start))) is not None}
    items = {n for n, place in enumerate(places) if place.kind == Kind.LIST_ITEM}
    goes = list(keep_first(texts, neighbours(pairs), pinned, items))
    taken = {n for removal in report.removals if (n := at.get((removal.document, removal.start))) is not None}
    expected = {n for n, gone in enumerate(goes) if gone}

    def shown(numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(
            f"{places[n].document}@{places[n].start}: {' '.join(places[n].words[:12])}"
            for n in sorted(numbers)
        )

    return Outcome(
        paragraphs=len(places) - len(items),
        expected=len(expected),
        missed=shown(expected - taken),
        wrong=shown(taken - expected) + tuple(_bad_twins(report, places, at, taken)),
    )


def _bad_twins(
    report: Report, places: Sequence[_Place], at: dict[tuple[str, int], int], taken: set[int]
) -> Iterator[str]:
    for removal in report.removals:
        block = at.get((removal.document, removal.start))
        if block is None:
            continue
        twin = at.get((removal.kept.document, removal.kept.start))
        name = f"{removal.document}:{removal.line} = {removal.kept.document}:{removal.kept.line}"
        if twin is None or twin in taken or twin >= block:
            yield f"{name}: the twin is no kept, earlier block"
            continue
        exact = similarity(places[block].words, places[twin].words)
        if exact != removal.similarity:
            yield f"{name}: {removal.similarity} is {exact}"
