"""The stream that everything runs on: documents in, one after the other, each back cleaned."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from dedup._version import __version__
from dedup.blocks import Kind, cut, first_difference
from dedup.decide import Decision, Twin, Verdict, decide
from dedup.documents import Document
from dedup.kernel import kernel_name
from dedup.match.bands import bands_for
from dedup.match.memory import KeptBlock, Memory, Page
from dedup.match.prepared import Prepared, prepare
from dedup.output import cut_out
from dedup.report.model import Counts, DocumentEntry, Finding, Flag, Place, Removal, Repeat, Report
from dedup.settings import Settings

BATCH_BYTES = 4 << 20
"""How much text is prepared at a time; results do not depend on it."""

_FRONT_MATTER = re.compile(rb"(?:---|\+\+\+)[ \t]*(?:[\r\n]|\Z)")
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

MOSTLY = 0.5
"""A document of which at least this share of the words repeats other documents repeats for the most part."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A document with what was found in it.

    `variants` are near-duplicates that differ in their document's own subject alone: they stay and are not reported.
    `empty` says that nothing but white space is left of the document.
    """

    document: Document
    entry: DocumentEntry
    removals: tuple[Removal, ...]
    flags: tuple[Flag, ...]
    variants: tuple[Flag, ...]
    empty: bool

    @property
    def content(self) -> bytes:
        """The cleaned bytes: the source less the removed ranges."""
        return cut_out(self.document.source, ((r.start, r.end) for r in self.removals))


class Cleaner:
    """Finds, document by document, what repeats earlier ones.

    Documents come one by one through `clean`, or as a stream through `feed`, which gives the same and is faster
    for many. What was kept of each is remembered and compared with the next. `report` grows with each document.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.report = Report(
            settings=self.settings.as_dict(),
            tool={"name": "dedup", "version": __version__, "kernel": kernel_name()},
        )
        self._group = re.compile(self.settings.group_by) if self.settings.group_by else None
        self._memories: dict[str | None, Memory] = {}
        self._bands = bands_for(self.settings)
        self._runs = 0

    def clean(self, document: Document) -> Cleaned:
        """One document, cleaned."""
        return next(self.feed((document,)))

    def feed(self, documents: Iterable[Document]) -> Iterator[Cleaned]:
        """Each of many documents, cleaned, in order; takes in a few MB ahead of what it gives out."""
        batch: list[Document] = []
        size = 0
        for document in documents:
            batch.append(document)
            size += len(document.text)
            if size >= BATCH_BYTES:
                yield from self._clean_batch(batch)
                batch, size = [], 0
        yield from self._clean_batch(batch)

    def _clean_batch(self, batch: Sequence[Document]) -> Iterator[Cleaned]:
        if not batch:
            return
        known = self._knows
        for prepared in prepare(batch, known, self.settings.min_words, self._bands):
            yield self._clean_one(prepared)

    def _memory(self, document: Document) -> Memory:
        """What a document is compared with: the kept blocks of its group."""
        match = self._group.search(document.path) if self._group else None
        name = match[0] if match else None
        if name not in self._memories:
            self._memories[name] = Memory(self.settings)
        return self._memories[name]

    def _knows(self, document: Document, same: int) -> bool:
        return self._memory(document).knows(same)

    def _clean_one(self, prepared: Prepared) -> Cleaned:
        memory = self._memory(prepared.document)
        ranges = _Ranges(prepared)
        decision = decide(prepared, memory, self.settings, ranges.check)
        cleaned = self._findings(prepared, memory, decision, ranges)
        if self.settings.scope != "within":
            _remember(memory, prepared, decision)
        self._count(prepared, cleaned, decision)
        return cleaned

    def _findings(self, prepared: Prepared, memory: Memory, decision: Decision, ranges: _Ranges) -> Cleaned:
        document = prepared.document
        spans = ranges.of(sorted(decision.removed))
        runs = self._number_runs(memory, decision)
        removals = tuple(
            self._removal(prepared, memory, block, decision.removed[block], span, runs[block])
            for block, span in zip(sorted(decision.removed), spans, strict=True)
        )
        flags = tuple(
            self._flag(prepared, memory, block, decision.flagged[block], runs[block])
            for block in sorted(decision.flagged)
        )
        variants = tuple(
            self._flag(prepared, memory, block, verdict, 0) for block, verdict in decision.variants.items()
        )
        content = cut_out(document.source, ((r.start, r.end) for r in removals))
        entry = DocumentEntry(
            path=document.path,
            inside=document.inside,
            sha256_before=sha256(document.source).hexdigest(),
            sha256_after=sha256(content).hexdigest(),
            repeats=_repeat(prepared, memory, decision),
        )
        empty = bool(removals) and not content.lstrip(b"\xef\xbb\xbf\xff\xfe").strip(b"\0 \t\r\n")
        return Cleaned(document, entry, removals, flags, variants, empty)

    def _number_runs(self, memory: Memory, decision: Decision) -> dict[int, int]:
        """A run number for each block with a finding: one for consecutive removals of consecutive twins."""
        numbers: dict[int, int] = {}
        for block in sorted({*decision.removed, *decision.flagged}):
            above = decision.removed.get(block - 1)
            verdict = decision.removed.get(block)
            if not (above and verdict and _follows(memory, above.twin, verdict.twin)):
                self._runs += 1
            numbers[block] = self._runs
        return numbers

    def _removal(
        self,
        prepared: Prepared,
        memory: Memory,
        block: int,
        verdict: Verdict,
        span: tuple[int, int],
        run: int,
    ) -> Removal:
        document, blocks = prepared.document, prepared.blocks
        start, end = document.offset(span[0]), document.offset(span[1])
        raw = document.source[start:end]
        text = document.text[span[0] : span[1]].decode("utf-8", "replace")
        return Removal(
            document=document.path,
            start=start,
            end=end,
            line=int(blocks.line[block]),
            end_line=int(blocks.end_line[block]),
            kind=Kind(prepared.kinds[block]).label,
            rule=verdict.rule,
            similarity=verdict.similarity,
            run=run,
            kept=_place(prepared, memory, verdict.twin),
            text=text,
            raw=raw,
        )

    def _flag(self, prepared: Prepared, memory: Memory, block: int, verdict: Verdict, run: int) -> Flag:
        document, blocks = prepared.document, prepared.blocks
        start, end = int(blocks.start[block]), int(blocks.end[block])
        return Flag(
            document=document.path,
            start=document.offset(start),
            end=document.offset(end),
            line=int(blocks.line[block]),
            end_line=int(blocks.end_line[block]),
            kind=Kind(prepared.kinds[block]).label,
            rule=verdict.rule,
            similarity=verdict.similarity,
            run=run,
            kept=_place(prepared, memory, verdict.twin),
            text=document.text[start:end].decode("utf-8", "replace"),
            guard=verdict.guard,
        )

    def _count(self, prepared: Prepared, cleaned: Cleaned, decision: Decision) -> None:
        report, summary = self.report, self.report.summary
        report.documents.append(cleaned.entry)
        report.removals += cleaned.removals
        report.flags += cleaned.flags
        size = len(cleaned.document.source)
        removed = sum(removal.end - removal.start for removal in cleaned.removals)
        summary.documents += 1
        summary.blocks += len(prepared.kinds)
        summary.removed += len(cleaned.removals)
        summary.flagged += len(cleaned.flags)
        summary.bytes_in += size
        summary.bytes_out += size - removed
        summary.variants += len(cleaned.variants)
        summary.natural += decision.natural
        findings: list[Finding] = [*cleaned.removals, *cleaned.flags]
        for rule in sorted({finding.rule for finding in findings}):
            summary.by_rule.setdefault(rule, Counts()).documents += 1
        for finding in findings:
            counts = summary.by_rule[finding.rule]
            counts.blocks += 1
            counts.bytes_in += finding.end - finding.start
            if isinstance(finding, Removal):
                counts.removed += 1
            else:
                counts.flagged += 1
                counts.bytes_out += finding.end - finding.start


class _Ranges:
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

    def check(self, staying: Sequence[int], removable: Sequence[int]) -> int | None:
        """Which of the removable blocks cannot be taken out: cut again, the text would not give what stays."""
        blocks, document = self._prepared.blocks, self._prepared.document
        removed = np.ones(len(blocks), bool)
        removed[list(staying)] = False
        cleaned = cut_out(document.text, self.of(np.flatnonzero(removed).tolist()))
        if self._begins_otherwise(cleaned):
            place: int | None = self._start[staying[0]]
        else:
            after = cut(cleaned, document.syntax)
            place = first_difference(document.text, blocks, removed, cleaned, after)
        if place is None:
            return None
        before = [block for block in removable if self._start[block] <= place]
        return before[-1] if before else removable[0]

    def _begins_otherwise(self, cleaned: bytes) -> bool:
        """Whether what began a block would now begin the file and say how it is read: a mark, or front matter."""
        document = self._prepared.document
        if not document.offset(0) and cleaned.startswith(_BYTE_ORDER_MARKS):
            return True
        fence = document.syntax != "text" and _FRONT_MATTER.match(cleaned)
        return bool(fence) and not _FRONT_MATTER.match(document.text)


def _remember(memory: Memory, prepared: Prepared, decision: Decision) -> None:
    blocks, subjects = prepared.blocks, decision.subjects
    kept = [
        KeptBlock(
            position=position,
            start=prepared.document.offset(int(blocks.start[block])),
            end=prepared.document.offset(int(blocks.end[block])),
            line=int(blocks.line[block]),
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
        if block not in decision.pinned
    ]
    page = Page(
        path=prepared.document.path,
        title=subjects.title,
        titled=subjects.titled,
        sections=frozenset(prepared.same[block] for block in subjects.section_headings),
    )
    memory.add(page, kept, prepared.sketches)


def _place(prepared: Prepared, memory: Memory, twin: Twin) -> Place:
    if twin >= 0:
        block = memory[twin]
        return Place(memory.page(twin).path, block.start, block.end, block.line)
    document, blocks = prepared.document, prepared.blocks
    start, end = int(blocks.start[~twin]), int(blocks.end[~twin])
    return Place(document.path, document.offset(start), document.offset(end), int(blocks.line[~twin]))


def _follows(memory: Memory, twin: Twin, following: Twin) -> bool:
    """Whether a twin stands directly after another in the same document."""
    if twin >= 0:
        return memory.beside(twin, 1) == following
    return ~twin + 1 == ~following


def _repeat(prepared: Prepared, memory: Memory, decision: Decision) -> Repeat | None:
    """Which document this one repeats, where nothing else is left of it or it is repeated for the most part."""
    words: Counter[str] = Counter()
    for block, verdict in (*decision.removed.items(), *decision.flagged.items()):
        if verdict.twin >= 0 and prepared.kinds[block] != Kind.HEADLINE:
            words[memory.page(verdict.twin).path] += prepared.counts[block]
    total = sum(
        count
        for count, kind in zip(prepared.counts, prepared.kinds, strict=True)
        if kind in (Kind.PARAGRAPH, Kind.LIST_ITEM)
    )
    if not words:
        return None
    whole = all(
        prepared.kinds[block] == Kind.PROTECTED or not prepared.counts[block] for block in decision.kept
    )
    share = sum(words.values()) / total
    if not whole and share < MOSTLY:
        return None
    document = max(words, key=lambda path: words[path])
    return Repeat(document, share, whole)
