"""What was kept so far, to compare with: rows of kept blocks, found by hash, by band, by headline."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedup.blocks import Kind
from dedup.match.headlines import HeadlineIndex
from dedup.match.prepared import Sketch
from dedup.match.verify import jaccard
from dedup.settings import HEADLINE_SIMILARITY, Settings
from dedup.words import U32, folded_words

CROWD = 256
"""So many kept blocks are remembered under one band key. A thousand paragraphs that differ in a number are all kept;
comparing each new one with all of them would take quadratic time, and tell no more than comparing it with the first."""


@dataclass(frozen=True, slots=True)
class KeptBlock:
    """A block that stays in its document, as comparison and report need it.

    `position` counts all blocks that stay in the document. `subject` holds the words of the document's path and
    title and of the headings that the block stands under, `heading` the hash of the words of the nearest heading
    of a section (0 where there is none).
    """

    position: int
    start: int
    end: int
    line: int
    kind: int
    count: int
    same: int
    key: int
    links: int
    digest: bytes
    text: str
    subject: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A document as comparison needs it: its path, the words of its title, the hashes of its section headings.

    `titled` says that the front matter gives the title, as on a page of a site.
    """

    path: str
    title: tuple[str, ...]
    titled: bool
    sections: frozenset[int]


class Memory:
    """The kept blocks of the documents so far, in order; a row is the number of a block in that order."""

    def __init__(self, settings: Settings) -> None:
        self._pages: list[Page] = []
        self._threshold = settings.threshold
        self._document = array("q")
        self._blocks: list[KeptBlock] = []
        self._by_key: dict[int, int] = {}
        self._by_words: dict[int, int] = {}
        self._headline_by_key: dict[int, int] = {}
        self._headline_by_words: dict[int, int] = {}
        self._headlines = HeadlineIndex(HEADLINE_SIMILARITY)
        self._bands: dict[int, list[int]] = {}
        self._shingles: dict[int, U32] = {}

    def add(self, page: Page, kept: Sequence[KeptBlock], sketches: dict[int, Sketch]) -> None:
        """Remember the kept blocks of one document, in order."""
        number = len(self._pages)
        self._pages.append(page)
        for block in kept:
            row = len(self._blocks)
            self._document.append(number)
            self._blocks.append(block)
            if block.kind == Kind.PROTECTED or not block.count:
                continue
            if block.kind == Kind.HEADLINE:
                self._headline_by_key.setdefault(block.key, row)
                if block.same not in self._headline_by_words:
                    self._headline_by_words[block.same] = row
                    self._headlines.add(row, folded_words(block.text))
                continue
            self._by_key.setdefault(block.key, row)
            if self._by_words.setdefault(block.same, row) == row and block.same in sketches:
                self._remember(row, sketches[block.same])

    def _remember(self, row: int, sketch: Sketch) -> None:
        self._shingles[row] = sketch.shingles
        put(self._bands, sketch.keys, row)

    def __getitem__(self, row: int) -> KeptBlock:
        return self._blocks[row]

    def page(self, row: int) -> Page:
        """The document that a row's block stands in."""
        return self._pages[self._document[row]]

    def beside(self, row: int, step: int) -> int | None:
        """The row of the block directly after (step 1) or before (step -1) a row in its document, if it has one."""
        other = row + step
        if (
            0 <= other < len(self._blocks)
            and self._document[other] == self._document[row]
            and self._blocks[other].position == self._blocks[row].position + step
        ):
            return other
        return None

    def knows(self, same: int) -> bool:
        """Whether a kept paragraph or list item has these words."""
        return same in self._by_words

    def equal(self, key: int) -> int | None:
        """The first row with the same words, links, signs and units."""
        return self._by_key.get(key)

    def same_words(self, same: int) -> int | None:
        """The first row with the same words."""
        return self._by_words.get(same)

    def near(self, sketch: Sketch) -> list[tuple[int, float]]:
        """The rows at least as similar as the threshold, with the exact similarity, in order."""
        rows = candidates(self._bands, sketch.keys)
        return [
            (row, similarity)
            for row in rows
            if (similarity := near_enough(sketch.shingles, self._shingles[row], self._threshold))
        ]

    def same_headlines(self, key: int, same: int) -> list[int]:
        """The first rows of headlines with the same words, links, signs and units, and with the same words."""
        rows = (self._headline_by_key.get(key), self._headline_by_words.get(same))
        return [row for row in dict.fromkeys(rows) if row is not None]

    def near_headlines(self, words: tuple[str, ...]) -> Iterable[tuple[int, float]]:
        """The rows of similar headlines, with the similarity, in order."""
        return self._headlines.similar(words)


def put(bands: dict[int, list[int]], keys: Sequence[int], name: int) -> None:
    """Remember a block under each of its band keys, as long as these are not crowded."""
    for key in keys:
        names = bands.setdefault(key, [])
        if len(names) < CROWD:
            names.append(name)


def candidates(bands: Mapping[int, Sequence[int]], keys: Sequence[int]) -> list[int]:
    """The blocks that share a band with the one of these keys, in rising order."""
    return sorted({name for key in keys for name in bands.get(key, ())})


def near_enough(one: U32, other: U32, threshold: float) -> float:
    """The exact Jaccard similarity of two shingle sets where it reaches the threshold, else 0."""
    # The similarity is at most the ratio of the sizes.
    small, large = sorted((len(one), len(other)))
    if small < threshold * large:
        return 0.0
    similarity = jaccard(one, other)
    return similarity if similarity >= threshold else 0.0


def near_pairs(sketches: Mapping[int, Sketch], threshold: float) -> dict[int, list[tuple[int, float]]]:
    """The pairs at least as similar as the threshold among the blocks of one document, each under both its names."""
    found: dict[int, list[tuple[int, float]]] = {}
    bands: dict[int, list[int]] = {}
    for name, sketch in sketches.items():
        for other in candidates(bands, sketch.keys):
            similarity = near_enough(sketch.shingles, sketches[other].shingles, threshold)
            if similarity:
                found.setdefault(name, []).append((other, similarity))
                found.setdefault(other, []).append((name, similarity))
        put(bands, sketch.keys, name)
    return found
