"""What a decision comes to: the findings of a document, its cleaned bytes, and what later ones are compared with."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np

from dedup.blocks import Kind, cut, first_difference
from dedup.decide import Decision, Twin, Verdict
from dedup.documents import Document, Span
from dedup.match.memory import KeptBlock, Memory, Page
from dedup.match.prepared import Prepared
from dedup.output import cut_out
from dedup.report.model import EMPTY, DocumentEntry, Finding, Flag, Place, Removal, Repeat
from dedup.report.places import place_of
from dedup.settings import Settings
from dedup.words.fingerprints import pair_of

_FRONT_MATTER = re.compile(rb"(?:---|\+\+\+)[ \t]*(?:[\r\n]|\Z)")
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

MOSTLY = 0.5
"""A document of which at least this share of the words repeats other documents repeats for the most part."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A document with what was found in it.

    `variants` are near-duplicates that differ in their document's own subject alone: they stay and are not reported.
    `empty` says that nothing but white space is left of the document, `dropped` that it is a row that goes as a whole
    because it repeats too much; `blocks` counts what it was cut into.
    """

    document: Document
    entry: DocumentEntry
    removals: tuple[Removal, ...]
    flags: tuple[Flag, ...]
    variants: tuple[Flag, ...]
    empty: bool
    blocks: int = 0
    dropped: bool = False

    @property
    def path(self) -> str:
        """The document's name as it is reported."""
        return self.document.path

    @property
    def inside(self) -> str:
        """The document's place below the folder that it was found in."""
        return self.document.inside

    def parts(self) -> Iterator[bytes]:
        """The cleaned bytes, in one part."""
        yield self.content

    @property
    def findings(self) -> list[Finding]:
        """The removals, then the flags."""
        return [*self.removals, *self.flags]

    @property
    def content(self) -> bytes:
        """The cleaned bytes: the source less the removed ranges."""
        origin = self.document.origin
        return cut_out(self.document.source, ((r.start - origin, r.end - origin) for r in self.removals))


def cleaned_of(
    prepared: Prepared, memory: Memory, decision: Decision, ranges: Ranges, run: int, settings: Settings
) -> tuple[Cleaned, int]:
    """A document cleaned as was decided; its runs are numbered from `run` on, and the last number comes with it."""
    document = prepared.document
    removed = sorted(decision.removed)
    runs = _number_runs(memory, decision, run)

    def common(block: int, verdict: Verdict, span: Span, place: Span) -> dict[str, Any]:
        return _common(prepared, memory, block, verdict, span, place) | {"run": runs.get(block, 0)}

    def flag(block: int, verdict: Verdict, guard: str | None = None) -> Flag:
        span = ranges.own(block)
        place = document.offset(span[0]), document.offset(span[1])
        return Flag(**common(block, verdict, span, place), guard=guard or verdict.guard)

    def removal(block: int, span: Span, place: Span) -> Removal:
        verdict = decision.removed[block]
        return Removal(
            **common(block, verdict, span, place),
            raw=document.raw(*place),
            guard=verdict.guard,
            decision="accept" if verdict.accepted else None,
        )

    spans = ranges.of(removed)
    empty = bool(removed) and not cut_out(document.text, spans).strip()
    held: list[int] = []
    if empty and settings.empty == "flag":
        removed, spans, held = [], [], removed
    removals = map(removal, removed, spans, document.ranges(spans))
    flags = tuple(
        flag(block, decision.removed[block], EMPTY) if block in held else flag(block, decision.flagged[block])
        for block in sorted({*decision.flagged, *held})
    )
    variants = tuple(flag(block, verdict) for block, verdict in decision.variants.items())
    empty = empty and not held
    entry = DocumentEntry(document.path, "", "", inside=document.inside)
    most = settings.drop_repeated
    dropped = (
        bool(document.row)
        and most is not None
        and not prepared.exempt
        and _share(prepared, _words(prepared, memory, decision)) >= most
    )
    cleaned = Cleaned(document, entry, tuple(removals), flags, variants, empty, len(prepared.kinds), dropped)
    if not document.row:  # of the rows of a table, the table is listed
        before, after = sha256(document.source), sha256(cleaned.content)
        entry = replace(
            entry,
            sha256_before=before.hexdigest(),
            sha256_after=after.hexdigest(),
            repeats=_repeat(prepared, memory, decision),
        )
        cleaned = replace(cleaned, entry=entry)
    return cleaned, max(runs.values(), default=run)


def _number_runs(memory: Memory, decision: Decision, run: int) -> dict[int, int]:
    """A run number for each block with a finding: one for consecutive removals of consecutive twins."""
    numbers: dict[int, int] = {}
    for block in sorted({*decision.removed, *decision.flagged}):
        above = decision.removed.get(block - 1)
        verdict = decision.removed.get(block)
        if not (above and verdict and _follows(memory, above.twin, verdict.twin)):
            run += 1
        numbers[block] = run
    return numbers


def _common(
    prepared: Prepared, memory: Memory, block: int, verdict: Verdict, span: Span, place: Span
) -> dict[str, Any]:
    """What a removal and a flag both say; `span` is the range in the document's text, `place` that in its file."""
    document, blocks = prepared.document, prepared.blocks
    twin = memory[verdict.twin].text if verdict.twin >= 0 else prepared.texts[~verdict.twin]
    return {
        "document": document.path,
        "start": place[0],
        "end": place[1],
        "line": document.line(int(blocks.start[block]), int(blocks.line[block])),
        "end_line": document.line(int(blocks.end[block]) - 1, int(blocks.end_line[block])),
        "kind": Kind(prepared.kinds[block]).label,
        "rule": verdict.rule,
        "similarity": verdict.similarity,
        "kept": _place(prepared, memory, verdict.twin),
        "text": document.text[span[0] : span[1]].decode("utf-8", "replace"),
        "pair": pair_of(prepared.texts[block], twin),
    }


class Ranges:
    """The byte ranges that go with blocks, in the text of a document, and whether it reads without them."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        blocks = prepared.blocks
        self._start, self._end, self._tail = blocks.start.tolist(), blocks.end.tolist(), blocks.tail.tolist()
        self._glued = blocks.glued.tolist()

    def of(self, removed: Sequence[int]) -> list[tuple[int, int]]:
        """For each removed block its lines and the blank lines that followed it.

        The blank lines stay where the block stands directly under one that stays: they part that from what
        comes next.
        """
        gone = set(removed)
        spans: list[tuple[int, int]] = []
        held = False
        for block in removed:
            held = self._glued[block] and (block - 1 not in gone or held)
            spans.append((self._start[block], self._end[block] if held else self._tail[block]))
        return spans

    def own(self, block: int) -> tuple[int, int]:
        """The lines of a block itself."""
        return self._start[block], self._end[block]

    def check(self, staying: Sequence[int], removable: Sequence[int]) -> int | None:
        """Which of the removable blocks cannot be taken out: cut again, the text would not give what stays."""
        blocks, document = self._prepared.blocks, self._prepared.document
        removed = np.ones(len(blocks), bool)
        removed[[*staying, *self._prepared.ignored.markers]] = False
        cleaned = cut_out(document.text, self.of(np.flatnonzero(removed).tolist()))
        if self._begins_otherwise(cleaned):
            place: int | None = self._start[staying[0]]
        else:
            after = cut(cleaned, document.syntax)
            place = first_difference(document.text, blocks, removed, cleaned, after, document.syntax)
        if place is None:
            return None
        after_it = [block for block in removable if self._start[block] > place]
        if document.syntax == "html" and after_it:
            # A block that reads otherwise has taken in what one after it had parted from it.
            return after_it[0]
        before = [block for block in removable if self._start[block] <= place]
        return before[-1] if before else removable[0]

    def _begins_otherwise(self, cleaned: bytes) -> bool:
        """Whether what began a block would now begin the file and say how it is read: a mark, or front matter."""
        document = self._prepared.document
        if not document.offset(0) and cleaned.startswith(_BYTE_ORDER_MARKS):
            return True
        fence = document.syntax != "text" and _FRONT_MATTER.match(cleaned)
        return bool(fence) and not _FRONT_MATTER.match(document.text)


def remember(memory: Memory, prepared: Prepared, decision: Decision, name: str | None = None) -> None:
    """Adds what stays of a document to what later ones are compared with."""
    blocks, subjects = prepared.blocks, decision.subjects
    kept = [
        KeptBlock(
            position=position,
            start=prepared.document.offset(int(blocks.start[block])),
            end=prepared.document.offset(int(blocks.end[block])),
            line=prepared.document.line(int(blocks.start[block]), int(blocks.line[block])),
            kind=prepared.kinds[block],
            count=prepared.counts[block],
            same=prepared.same[block],
            key=prepared.key[block],
            links=int(blocks.links[block]),
            digest=prepared.digest[block],
            text=prepared.texts[block],
            subject=subjects.words[block],
        )
        for position, block in enumerate(decision.kept)
        if block not in decision.pinned and block not in prepared.exempt
    ]
    page = Page(
        path=prepared.document.path,
        title=subjects.title,
        titled=subjects.titled,
        sections=frozenset(prepared.same[block] for block in subjects.section_headings),
    )
    memory.add(page, kept, prepared.sketches, name)


def _place(prepared: Prepared, memory: Memory, twin: Twin) -> Place:
    if twin >= 0:
        return place_of(memory, twin)
    document, blocks = prepared.document, prepared.blocks
    start, end = int(blocks.start[~twin]), int(blocks.end[~twin])
    line = document.line(start, int(blocks.line[~twin]))
    return Place(document.path, document.offset(start), document.offset(end), line)


def _follows(memory: Memory, twin: Twin, following: Twin) -> bool:
    """Whether a twin stands directly after another in the same document."""
    if twin >= 0:
        return memory.beside(twin, 1) == following
    return ~twin + 1 == ~following


def _repeat(prepared: Prepared, memory: Memory, decision: Decision) -> Repeat | None:
    """Which document this one repeats, where nothing else is left of it or it is repeated for the most part."""
    words = _words(prepared, memory, decision)
    if not words:
        return None
    whole = all(
        prepared.kinds[block] == Kind.PROTECTED or not prepared.counts[block] for block in decision.kept
    )
    share = _share(prepared, words)
    if not whole and share < MOSTLY:
        return None
    document = max(words, key=lambda path: words[path])
    return Repeat(document, share, whole)


def _words(prepared: Prepared, memory: Memory, decision: Decision) -> Counter[str]:
    """How many words of a document stand in which others."""
    words: Counter[str] = Counter()
    for block, verdict in (*decision.removed.items(), *decision.flagged.items()):
        if verdict.twin >= 0 and prepared.kinds[block] != Kind.HEADLINE:
            words[memory.page(verdict.twin).path] += prepared.counts[block]
    return words


def _share(prepared: Prepared, words: Counter[str]) -> float:
    """The share that these are of the words of a document's paragraphs and lists."""
    total = sum(
        count
        for count, kind in zip(prepared.counts, prepared.kinds, strict=True)
        if kind in (Kind.PARAGRAPH, Kind.LIST_ITEM)
    )
    return sum(words.values()) / total if total else 0.0
