"""A document with all that comparing it needs, worked out for a batch at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import numpy as np

from dedup.blocks import Blocks, Kind, cut
from dedup.blocks.directives import MARK
from dedup.blocks.ignored import NOTHING, Ignored, find_ignored, find_near_misses
from dedup.documents import Document
from dedup.match.verify import Measured, measure
from dedup.settings import PERMUTATIONS, SHINGLE_WORDS
from dedup.sketch import KeyPlan, keys_of
from dedup.words import I64, SEPARATOR, U64, Words, analyse

_MASK = (1 << 64) - 1
_LINKS = 0xC2B2AE3D27D4EB4F


class Sketch:
    """What finds and verifies near-duplicates of one block: its keys (uint64), and what it is compared by."""

    __slots__ = ("_measured", "_shown", "keys")

    def __init__(self, keys: U64, shown: str) -> None:
        self.keys = keys
        self._shown = shown
        self._measured: Measured | None = None

    @property
    def text(self) -> bytes:
        """What is shown of the block, as the kernel takes it."""
        return self._shown.encode("utf-8", "surrogatepass")

    @property
    def measured(self) -> Measured:
        """What the block is compared by; worked out when somebody asks."""
        if self._measured is None:
            self._measured = measure(self._shown)
        return self._measured


@dataclass(slots=True)
class Prepared:
    """A document cut into blocks, with what identifies each block; lists of one value a block.

    levels, lists, roles: as in Blocks. counts: number of words. same: equal where the words are. key: equal where
    words, links, signs and units are. digest: equal where the bytes are, but for white space at the end. sketches:
    by `same`, for the paragraphs and list items of which no equal one was known when the batch was prepared.
    ignored: what the document's own comments take out of the comparison. allowed: what `allow` takes out besides, each
    block with the expression that it matches. exempt: all these blocks; they stay, and nothing repeats them.
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
    ignored: Ignored = NOTHING
    allowed: Mapping[int, str] = field(default_factory=dict)
    exempt: frozenset[int] = frozenset()


def prepare(
    documents: Sequence[Document],
    known: Callable[[Document, int], bool],
    least: int,
    plan: KeyPlan | None,
    allow_of: Callable[[Document], tuple[str, ...]] = lambda document: (),
) -> list[Prepared]:
    """The documents of a batch, cut and worded; with sketches of the paragraphs that `known` does not know.

    `known(document, same)` says whether a block of these words is already kept where the document is compared.
    Blocks of `least` words and more have sketches. `plan` says by which keys they are found, and is None where
    near-duplicates are not looked for. `allow_of(document)` are the regular expressions for what must repeat.
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

    allowed_by: dict[tuple[str, ...], Mapping[int, str]] = {}
    prepared = []
    wanted: dict[int, int] = {}
    for document, blocks, shown in zip(documents, cuts, texts, strict=True):
        at = [place[text] for text in shown]
        allow = allow_of(document)
        if allow not in allowed_by:
            allowed_by[allow] = _allowed(place, allow)
        allowed = allowed_by[allow]
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
        if MARK in document.text or allowed:
            _exempt(prepared[-1], [allowed.get(n) for n in at])
        if not document.row:  # what a kernel cuts of a table it passes on for the exact mark only
            _add_near_misses(prepared[-1])
        if plan:
            for n, kind in zip(at, kinds, strict=True):
                if (
                    kind in (Kind.PARAGRAPH, Kind.LIST_ITEM)
                    and counts[n] >= least
                    and n not in allowed
                    and not known(document, same[n])
                ):
                    wanted.setdefault(same[n], n)
    if plan and wanted:
        sketches = _sketch(words, list(place), wanted, plan)
        for each in prepared:
            each.sketches = {value: sketches[value] for value in each.same if value in sketches}
    return prepared


def _allowed(texts: Mapping[str, int], allow: Sequence[str]) -> dict[int, str]:
    """The first expression that each text matches, white space being one space, by the text's number."""
    if not allow:
        return {}
    patterns = [re.compile(expression) for expression in allow]
    found = {}
    for text, number in texts.items():
        shown = " ".join(text.split())
        for pattern in patterns:
            if pattern.search(shown):
                found[number] = pattern.pattern
                break
    return found


def _exempt(prepared: Prepared, allowed: Sequence[str | None]) -> None:
    """Fills in which blocks of a document are in no comparison."""
    compared = [
        kind != Kind.PROTECTED and count > 0
        for kind, count in zip(prepared.kinds, prepared.counts, strict=True)
    ]
    prepared.ignored = find_ignored(prepared.document.text, prepared.blocks, compared)
    ignored = prepared.ignored.blocks
    prepared.allowed = {
        block: expression
        for block, expression in enumerate(allowed)
        if expression is not None and compared[block] and block not in ignored
    }
    prepared.exempt = ignored.union(prepared.allowed)


def _add_near_misses(prepared: Prepared) -> None:
    """Adds to what a document's comments say those that are written wrongly and so say nothing."""
    document, ignored = prepared.document, prepared.ignored
    found = find_near_misses(document.text, prepared.blocks, is_text=document.syntax == "text")
    if found:
        in_order = sorted((*ignored.directives, *found), key=lambda directive: directive.line)
        prepared.ignored = replace(ignored, directives=tuple(in_order))


def _sketch(words: Words, texts: list[str], wanted: dict[int, int], plan: KeyPlan) -> dict[int, Sketch]:
    chosen: I64 = np.fromiter(wanted.values(), np.int64, len(wanted))
    keys, first = keys_of(words, chosen, SHINGLE_WORDS, PERMUTATIONS, plan)
    return {
        value: Sketch(keys[first[n] : first[n + 1]], texts[at])
        for n, (value, at) in enumerate(wanted.items())
    }


def _key(same: int, facts: int, links: int) -> int:
    return (same + facts * 0x9E3779B97F4A7C15 + links * _LINKS) & _MASK


def wording_of(key: int, links: int) -> int:
    """What two blocks share that have the same words, signs and units, whatever they link to."""
    return (key - links * _LINKS) & _MASK


def digest_of(raw: bytes) -> int:
    """What two blocks share that have the same bytes but for white space at the end; 64 bits, never 0."""
    return int.from_bytes(blake2b(raw.rstrip(), digest_size=8).digest(), "little") or 1
