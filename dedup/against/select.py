"""Which files may hold something like the blocks that are looked at."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.against.sketch import sketch_texts
from dedup.blocks import Kind
from dedup.match.bands import least_words, shingles_by_words
from dedup.match.prepared import Prepared
from dedup.settings import SHINGLE_WORDS, Settings
from dedup.sketch.keys import FEW_SHINGLES
from dedup.sources.encoding import decode_block
from dedup.words import I64, U32, Shingles

SHARE = 0.6
"""So much of what two blocks must share is asked of a file's sketch. The rest is for markup: a link in the middle of a
sentence takes two of its shingles out of the file's own text."""

HEADLINE_SHARE = 0.3
"""The same for headlines, of all their shingles: a word that differs takes three of seven words' five shingles."""

_BITS = 16
_MOST = 20_000_000
"""So many pairs of a sketch and a block that share a shingle are looked at; where there are more, all files may."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The blocks that may be reported by themselves, each distinct one once, and what each looks like.

    blocks: whether it is a headline, and its key: what has the same is a repeat as good as any. texts: what a reader
    sees of each, and what its bytes say, one after the other.
    """

    blocks: list[tuple[bool, int]]
    texts: list[str]

    def find(self, documents: Mapping[int, Sequence[Prepared]]) -> dict[int, int]:
        """The blocks that stand in numbered documents as they are, each with the lowest number."""
        first: dict[tuple[bool, int], int] = {}
        for number in sorted(documents):
            for document in documents[number]:
                for block, kind in enumerate(document.kinds):
                    if kind != Kind.PROTECTED and block not in document.exempt:
                        first.setdefault(_mark(document, block), number)
        return {n: first[mark] for n, mark in enumerate(self.blocks) if mark in first}


def wanted_of(asked: Iterable[Prepared], settings: Settings) -> Wanted:
    """The blocks of documents that may have a twin for themselves."""
    texts: dict[tuple[bool, int], tuple[str, str]] = {}
    for document in asked:
        starts, ends = document.blocks.start.tolist(), document.blocks.end.tolist()
        for block, (kind, count) in enumerate(zip(document.kinds, document.counts, strict=True)):
            # Short blocks and list items go with what stands around them, which is sought.
            least = {Kind.HEADLINE: SHINGLE_WORDS, Kind.PARAGRAPH: least_words(settings)}.get(Kind(kind))
            if least is not None and count >= least:
                raw = decode_block(document.document.text[starts[block] : ends[block]])
                texts.setdefault(_mark(document, block), (document.texts[block], raw))
    return Wanted(list(texts), [text for both in texts.values() for text in both])


def _mark(document: Prepared, block: int) -> tuple[bool, int]:
    return document.kinds[block] == Kind.HEADLINE, document.key[block]


@dataclass(frozen=True, slots=True)
class Holders:
    """What each sketch says of its file: the blocks that it may hold a twin of, and those that it seems to hold."""

    maybe: list[list[int]]
    likely: list[list[int]]


def select(wanted: Wanted, sketches: Shingles, settings: Settings) -> Holders | None:
    """For each sketch the blocks that its file may hold a twin of; None where any file may.

    A twin's file has enough of a block's shingles: those of what a reader sees of it, or those of its own bytes.
    What has under three words has none, and is reported only beside what is longer, but for `headlines = "remove"`.
    """
    if "remove" in settings.values_of("headlines") or least_words(settings) < SHINGLE_WORDS:
        return None
    holders = Holders([[] for _ in sketches.first[1:]], [[] for _ in sketches.first[1:]])
    if not wanted.texts:
        return holders
    asked = sketch_texts(wanted.texts)
    threshold = min(settings.values_of("threshold"))
    sizes = np.diff(asked.first)
    is_headline = np.repeat([headline for headline, _ in wanted.blocks], 2)
    least = np.where(is_headline, HEADLINE_SHARE * sizes, SHARE * _shared(sizes, threshold))
    least = np.maximum(1, np.ceil(least)).astype(np.int64)
    pairs = _enough(sketches, asked, least)
    if pairs is None:
        return None
    for owner, text, is_whole in zip(*(column.tolist() for column in pairs), strict=True):
        for found in (holders.maybe, holders.likely) if is_whole else (holders.maybe,):
            if not found[owner] or found[owner][-1] != text // 2:
                found[owner].append(text // 2)
    return holders


def _shared(sizes: I64, threshold: float) -> npt.NDArray[np.float64]:
    """How many of so many shingles two paragraphs share at least that are as similar as the threshold."""
    # Short ones that are alike by their words share fewer of them.
    keys = np.zeros(FEW_SHINGLES + 1)
    for size in range(1, FEW_SHINGLES + 1):
        keys[size] = shingles_by_words(size + SHINGLE_WORDS - 1, threshold)
    by_words = np.where(sizes <= FEW_SHINGLES, sizes - keys[np.minimum(sizes, FEW_SHINGLES)] + 1, sizes)
    least: npt.NDArray[np.float64] = np.minimum(threshold * sizes, by_words)
    return least


def first_holders(
    likely: Iterable[tuple[int, list[int]]], found: Mapping[int, int], taken: Container[int]
) -> list[int]:
    """Of files, each with the blocks that it seems to hold, the first for each block that is not taken yet.

    `found` are the blocks that stand in one that is taken, and its number: later ones are not asked for these.
    """
    first: list[int] = []
    asked: set[int] = set()
    for number, blocks in likely:
        if number in taken:
            continue
        new = [block for block in blocks if block not in asked and number < found.get(block, number + 1)]
        if new:
            asked.update(new)
            first.append(number)
    return first


def _enough(sketches: Shingles, asked: Shingles, least: I64) -> tuple[I64, I64, npt.NDArray[np.bool_]] | None:
    """The sketches that hold as many of the shingles of a text as it needs, these texts, in rising order, and whether
    they hold all of them.

    None where that is much to ask.
    """
    values, inverse = np.unique(asked.values, return_inverse=True)
    texts = np.repeat(np.arange(len(least)), np.diff(asked.first))[np.argsort(inverse, kind="stable")]
    count = np.bincount(inverse, minlength=len(values))
    first = np.cumsum(count) - count

    place, at = _common(sketches.values, values)
    times = count[at]
    if int(times.sum()) > _MOST:
        return None
    owner = np.searchsorted(sketches.first, place, side="right") - 1
    within = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
    pairs = np.repeat(owner * len(least), times) + texts[np.repeat(first[at], times) + within]
    pair, shared = np.unique(pairs, return_counts=True)
    enough = shared >= least[pair % len(least)]
    owners, found = np.divmod(pair[enough], len(least))
    return owners, found, shared[enough] == np.diff(asked.first)[found]


def _common(held: U32, values: U32) -> tuple[I64, I64]:
    """The places in `held` of what stands in `values` too, and its places there; `values` are in rising order."""
    # Nearly all of what is held is met by nothing; a table of their last bits says so of most at once.
    seen = np.zeros(1 << _BITS, bool)
    last = np.uint32((1 << _BITS) - 1)
    seen[values & last] = True
    place = np.flatnonzero(seen[held & last])
    at = np.minimum(np.searchsorted(values, held[place]), len(values) - 1)
    equal = values[at] == held[place]
    return place[equal], at[equal]
