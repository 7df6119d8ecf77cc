"""A document with all that comparing it needs, worked out for a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from dedup.blocks import Blocks, Kind, cut
from dedup.documents import Document
from dedup.match.verify import shingle_set
from dedup.settings import PERMUTATIONS, SHINGLE_WORDS
from dedup.sketch import keys_of
from dedup.words import I64, SEPARATOR, U32, U64, Words, analyse

_MASK = (1 << 64) - 1


class Sketch:
    """What finds and verifies near-duplicates of one block: its band keys (uint64), and its shingles."""

    __slots__ = ("_shingles", "_shown", "keys")

    def __init__(self, keys: U64, shown: str) -> None:
        self.keys = keys
        self._shown = shown
        self._shingles: U32 | None = None

    @property
    def text(self) -> bytes:
        """What is shown of the block, as the kernel takes it."""
        return self._shown.encode("utf-8", "surrogatepass")

    @property
    def shingles(self) -> U32:
        """The block's shingles, uint32, distinct and in rising order; worked out when somebody asks."""
        if self._shingles is None:
            self._shingles = shingle_set(self._shown)
        return self._shingles


@dataclass(slots=True)
class Prepared:
    """A document cut into blocks, with what identifies each block; lists of one value a block.

    levels, lists, roles: as in Blocks. counts: number of words. same: equal where the words are. key: equal where
    words, links, signs and units are. digest: equal where the bytes are, but for white space at the end. sketches:
    by `same`, for the paragraphs and list items of which no equal one was known when the batch was prepared.
    """

    document: Document
    blocks: Blocks
    texts: list[str]
    kinds: list[int]
    levels: list[int]
    lists: list[int]
    roles: list[int]
    counts: list[int]
    same: list[int]
    key: list[int]
    digest: list[int]
    sketches: dict[int, Sketch] = field(default_factory=dict)


def prepare(
    documents: Sequence[Document],
    known: Callable[[Document, int], bool],
    least: int,
    bands: tuple[int, int] | None,
) -> list[Prepared]:
    """The documents of a batch, cut and worded; with sketches of the paragraphs that `known` does not know.

    `known(document, same)` says whether a block of these words is already kept where the document is compared.
    Blocks of `least` words and more have sketches. `bands` is the number of bands and rows, None where near-duplicates
    are not looked for.
    """
    cuts = [cut(document.text, document.syntax) for document in documents]
    texts = [blocks.texts for blocks in cuts]
    # Most blocks of a repetitive batch are the same text: each distinct one is analysed once.
    place: dict[str, int] = {}
    for shown in texts:
        for text in shown:
            place.setdefault(text, len(place))
    words = analyse(SEPARATOR.join(place), len(place))
    counts, same, facts = words.counts.tolist(), words.same.tolist(), words.facts.tolist()

    prepared = []
    wanted: dict[int, int] = {}
    for document, blocks, shown in zip(documents, cuts, texts, strict=True):
        at = [place[text] for text in shown]
        links = blocks.links.tolist()
        document_same = [same[n] for n in at]
        starts, ends, kinds = blocks.start.tolist(), blocks.end.tolist(), blocks.kind.tolist()
        prepared.append(
            Prepared(
                document=document,
                blocks=blocks,
                texts=shown,
                kinds=kinds,
                levels=blocks.level.tolist(),
                lists=blocks.lists.tolist(),
                roles=blocks.role.tolist(),
                counts=[counts[n] for n in at],
                same=document_same,
                key=[_key(same[n], facts[n], link) for n, link in zip(at, links, strict=True)],
                digest=[digest_of(document.text[a:b]) for a, b in zip(starts, ends, strict=True)],
            )
        )
        if bands:
            for n, kind in zip(at, kinds, strict=True):
                if (
                    kind in (Kind.PARAGRAPH, Kind.LIST_ITEM)
                    and counts[n] >= least
                    and not known(document, same[n])
                ):
                    wanted.setdefault(same[n], n)
    if bands and wanted:
        sketches = _sketch(words, list(place), wanted, bands)
        for each in prepared:
            each.sketches = {value: sketches[value] for value in each.same if value in sketches}
    return prepared


def _sketch(
    words: Words, texts: list[str], wanted: dict[int, int], bands: tuple[int, int]
) -> dict[int, Sketch]:
    chosen: I64 = np.fromiter(wanted.values(), np.int64, len(wanted))
    keys = keys_of(words, chosen, SHINGLE_WORDS, PERMUTATIONS, bands)
    return {value: Sketch(keys[n], texts[at]) for n, (value, at) in enumerate(wanted.items())}


def _key(same: int, facts: int, links: int) -> int:
    return (same + facts * 0x9E3779B97F4A7C15 + links * 0xC2B2AE3D27D4EB4F) & _MASK


def digest_of(raw: bytes) -> int:
    """What two blocks share that have the same bytes but for white space at the end; 64 bits, never 0."""
    return int.from_bytes(blake2b(raw.rstrip(), digest_size=8).digest(), "little") or 1
