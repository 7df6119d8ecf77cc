"""The rows of a table, cleaned batch by batch: read and sketched side by side, decided on in order."""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dedup import kernel
from dedup.blocks import Kind
from dedup.documents import Document
from dedup.match.memory import Matched, Page
from dedup.match.prepared import Prepared
from dedup.match.rows import MATCH, RULES, Plan, sketch_rows
from dedup.output import cut_out
from dedup.problems import DedupError, Problem, reason_of
from dedup.report.counting import count_document, count_removed
from dedup.report.model import DocumentEntry, Flag, Removal
from dedup.report.places import place_of
from dedup.sources import rows as source
from dedup.sources.rows import (
    FIRST_BLOCK,
    LINE,
    LINE_END,
    NO_TEXT,
    ODD,
    OTHER,
    RAW,
    RAW_END,
    STATE,
    TEXT_COLUMN,
    TEXT_END,
    BadRow,
    Lines,
    Rows,
    Table,
    find_text,
    read_lines,
    row_document,
)
from dedup.words.paths import path_words

if TYPE_CHECKING:
    from dedup.cleaner import Cleaner

Range = tuple[int, int]

_RAW, _COUNT, _SAME = 2, 4, 5  # columns of Rows.blocks
_RECALLED_BYTES = 48 << 20  # of a table, to look up in an index at once
_NO_MATCH = np.empty(0, MATCH)


class CleanedTable:
    """A table with what was found in it, cleaned while its parts are taken.

    `path` and `inside` are its names as in Document; `entry` is its row in the report, complete once all parts were
    taken. `empty` it never is: a table without rows is still a table.
    """

    def __init__(self, table: Table, cleaner: Cleaner, jobs: int) -> None:
        self.path, self.inside, self.empty = table.path, table.inside, False
        self._table = table
        self.entry = DocumentEntry(table.path, "", "", inside=table.inside)
        self._cleaner = cleaner
        self._jobs = jobs
        self._most = source.FRUGAL_BYTES if cleaner.is_frugal else source.BATCH_BYTES
        self._memory = cleaner.memory_of(table.path)
        self._plan = Plan.of(cleaner.settings)
        self._drops = cleaner.settings.empty == "drop"
        self._page = Page(table.path, (), False, frozenset())
        self._subject = path_words(table.path)
        self._bad: list[tuple[int, str]] = []
        self._texts = self._source = 0
        self._before, self._after = sha256(), sha256()
        self._first = 1  # the line that a batch begins with
        self._tick: Callable[[], None] | None = None
        self._parts = self._clean()

    def watch(self, tick: Callable[[], None]) -> None:
        """Has `tick` called after each part."""
        self._tick = tick

    def parts(self) -> Iterator[bytes]:
        """The cleaned bytes, a few MB at a time; can be gone through once. DedupError where there cannot be more."""
        return self._parts

    def finish(self) -> None:
        """Takes the parts that nobody took."""
        try:
            for _ in self._parts:
                pass
        except DedupError as error:
            self._table.tell(Problem(self.path, str(error)))

    def _clean(self) -> Iterator[bytes]:
        try:
            with Path(self._table.real).open("rb") as file:
                if kernel.compiled is not None:
                    # A file of its own: what is read here must not move the place where the other reads.
                    self._source = self._memory.source(Path(self._table.real))
                for rows, ready in self._prepared(self._sketched(read_lines(file, self._most))):
                    yield self._clean_batch(rows, ready)
                    if self._tick is not None:
                        self._tick()
        except OSError as error:
            changed = error.errno == getattr(errno, "ESTALE", errno.EIO)
            raise DedupError("changed while it was read" if changed else reason_of(error)) from None
        finally:
            self._tell_what_is_wrong()
            if self._cleaner.lists_findings:
                before, after = self._before.hexdigest(), self._after.hexdigest()
                self.entry = replace(self.entry, sha256_before=before, sha256_after=after)
            self._cleaner.report.documents.append(self.entry)

    def _sketched(self, batches: Iterator[Lines]) -> Iterator[Rows]:
        """The batches as columns, in order, some worked on ahead where the kernel lets threads run side by side."""
        settings, bands = self._cleaner.settings, self._cleaner.bands

        def sketch(lines: Lines) -> Rows:
            return sketch_rows(lines, TEXT_COLUMN, settings.min_words, bands)

        if self._jobs < 2 or kernel.compiled is None:
            yield from map(sketch, batches)
            return
        from concurrent.futures import Future, ThreadPoolExecutor

        with ThreadPoolExecutor(self._jobs) as pool:
            ahead: deque[Future[Rows]] = deque()
            for lines in batches:
                ahead.append(pool.submit(sketch, lines))
                if len(ahead) > self._jobs + 1:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def _prepared(self, batches: Iterator[Rows]) -> Iterator[tuple[Rows, dict[int, Prepared]]]:
        """The batches with the documents of their rows; an index is asked for several at once."""
        most = _RECALLED_BYTES if self._cleaner.recalls and not self._cleaner.is_frugal else 0
        while True:
            group, size, first = [], 0, self._first
            for rows in batches:
                group.append((rows, self._prepare(rows, first)))
                first += len(rows.rows)
                size += len(rows.lines.data)
                if size >= most:
                    break
            if not group:
                return
            documents = chain.from_iterable(ready.values() for _, ready in group)
            self._cleaner.recall(documents, self.path, [rows for rows, _ in group])
            for rows, ready in group:
                if self._cleaner.recalls:
                    self._prepare_known(rows, ready)
                yield rows, ready

    def _prepare_known(self, rows: Rows, ready: dict[int, Prepared]) -> None:
        """Prepares the plain rows that repeat what is known already: one by one it would take three times as long."""
        knows = self._memory.knows
        long = np.flatnonzero(rows.blocks[:, _COUNT] >= self._plan.min_words)
        known = np.fromiter(map(knows, rows.blocks[long, _SAME].tolist()), bool, len(long))
        numbers = np.searchsorted(rows.rows[:, FIRST_BLOCK], long[known], side="right") - 1
        documents: dict[int, Document] = {}
        for number in np.unique(numbers).tolist():
            document = self._document(rows, number, self._first)
            if document is not None:
                documents[number] = document
        prepared = self._cleaner.prepare(list(documents.values()), recall=False)
        ready.update(zip(documents, prepared, strict=True))

    def _clean_batch(self, rows: Rows, ready: dict[int, Prepared]) -> bytes:
        report, size = self._cleaner.report, len(rows.lines.data)
        report.summary.bytes_in += size
        report.summary.bytes_out += size
        cuts: list[Range] = []
        at, count = 0, len(rows.rows)
        while at < count:
            asks = bool(rows.rows[at, STATE] >= OTHER)
            if not asks:
                matched = self._match(rows, at)
                cuts += self._take(rows, matched)
                at, asks = matched.stop, matched.asks
            if asks:
                cuts += self._decide(rows, at, ready)
                at += 1
        content = cut_out(rows.lines.data, cuts)
        if self._cleaner.lists_findings:
            self._before.update(rows.lines.data)
            self._after.update(content)
        self._first += count
        return content

    # --- Rows that the kernel decided on

    def _match(self, rows: Rows, begin: int) -> Matched:
        """What the rows from `begin` on repeat, up to one that is to be decided on; counts them."""
        summary = self._cleaner.report.summary
        if kernel.compiled is None:  # what has a text is for `decide`
            with_text = np.flatnonzero(rows.rows[begin:, STATE] != NO_TEXT)
            stop = begin + int(with_text[0]) if len(with_text) else len(rows.rows)
            return Matched(stop, stop < len(rows.rows), _NO_MATCH, 0)
        matched = self._memory.match(
            rows, begin, self._plan, self._page, self._subject, self._first, self._source
        )
        texts = int(np.count_nonzero(rows.rows[begin : matched.stop, STATE] != NO_TEXT))
        first = rows.rows[begin : matched.stop + 1, FIRST_BLOCK]
        summary.documents += texts
        summary.blocks += int((first[-1] if matched.stop < len(rows.rows) else len(rows.blocks)) - first[0])
        summary.natural += matched.natural
        self._texts += texts
        return matched

    def _take(self, rows: Rows, matched: Matched) -> list[Range]:
        """The ranges that go with the rows that were found, which are counted, and listed where that is wanted."""
        found = matched.found
        if not len(found):
            return []
        where = rows.rows[found["row"]]
        starts = where[:, LINE] if self._drops else rows.blocks[found["block"], _RAW].astype(np.int64)
        ends = where[:, LINE_END] if self._drops else where[:, RAW_END]
        sizes, rules = ends - starts, found["rule"]
        ranges: list[Range] = list(zip(starts.tolist(), ends.tolist(), strict=True))
        for number, rule in enumerate(RULES):
            chosen = rules == number
            count_removed(self._cleaner.report, rule, int(chosen.sum()), int(sizes[chosen].sum()))
        if self._cleaner.lists_findings:
            self._list(rows, matched, ranges)
        return ranges

    def _list(self, rows: Rows, matched: Matched, ranges: Sequence[Range]) -> None:
        removals, lines, texts = self._cleaner.report.removals, rows.lines, memoryview(rows.text)
        for match, (start, end) in zip(matched.found.tolist(), ranges, strict=True):
            row, block, twin, rule, similarity = match
            # As in any document, with the blank lines that followed.
            text, shown = int(rows.blocks[block, 0]), int(rows.rows[row, TEXT_END])
            removals.append(
                Removal(
                    document=self._table.path,
                    start=lines.origin + start,
                    end=lines.origin + end,
                    line=self._first + row,
                    end_line=self._first + row,
                    kind=Kind.PARAGRAPH.label,
                    rule=RULES[rule],
                    similarity=similarity,
                    run=self._cleaner.next_run(),
                    kept=place_of(self._memory, twin),
                    text=bytes(texts[text:shown]).decode("utf-8", "replace"),
                    raw=lines.data[start:end],
                )
            )

    # --- Rows that `decide` decides on

    def _decide(self, rows: Rows, number: int, ready: dict[int, Prepared]) -> list[Range]:
        """The ranges that go with one row, decided on by itself."""
        if number in ready:
            prepared = ready.pop(number)
        else:
            document = self._document(rows, number, self._first)
            assert document is not None
            (prepared,) = self._cleaner.prepare([document], recall=False)
        cleaned = self._cleaner.decide(prepared)
        self._texts += 1
        lines, row, origin = rows.lines, rows.rows[number], rows.lines.origin
        removals: Sequence[Removal] = cleaned.removals
        if cleaned.empty and self._drops:
            removals = _whole_line(lines, int(row[LINE]), int(row[LINE_END]), removals)
        report = self._cleaner.report
        findings: list[Removal | Flag] = [*removals, *cleaned.flags]
        count_document(report, findings, 0, cleaned.blocks)
        if self._cleaner.lists_findings:
            report.removals += removals
            report.flags += cleaned.flags
        return [(removal.start - origin, removal.end - origin) for removal in removals]

    def _prepare(self, rows: Rows, first: int) -> dict[int, Prepared]:
        """The documents of the rows that the kernel left alone, prepared together; other such rows have no text."""
        documents: dict[int, Document] = {}
        for number in np.flatnonzero(rows.rows[:, STATE] >= OTHER).tolist():
            document = None
            try:
                document = self._document(rows, number, first)
            except BadRow as error:
                self._bad.append((first + number, str(error)))
            if document is None:
                rows.rows[number, STATE] = NO_TEXT
            else:
                documents[number] = document
        prepared = self._cleaner.prepare(list(documents.values()), recall=False)
        return dict(zip(documents, prepared, strict=True))

    def _document(self, rows: Rows, number: int, first: int) -> Document | None:
        """The document of a row, None where it has no text; BadRow where it is none."""
        lines, row = rows.lines, rows.rows[number].tolist()
        start, end = row[RAW], row[RAW_END]
        if row[STATE] == ODD:
            place = find_text(lines.data[row[LINE] : row[LINE_END]], TEXT_COLUMN)
            if place is None:
                return None
            start, end = (row[LINE] + offset for offset in place)
        return row_document(self._table, first + number, lines.origin + start, lines.data[start:end])

    def _tell_what_is_wrong(self) -> None:
        if self._bad:
            line, reason = self._bad[0]
            more = len(self._bad) - 1
            others = f", and {more:,} more such line{'s' * (more > 1)}" if more else ""
            self._table.tell(
                Problem(self._table.path, f"line {line}: {reason}{others}; passed through", True)
            )
        elif not self._texts and self._first > 1:
            self._table.tell(Problem(self._table.path, f'no row has a string under "{TEXT_COLUMN}"', True))


def _whole_line(lines: Lines, start: int, end: int, removals: Sequence[Removal]) -> list[Removal]:
    """The removals of a row of which nothing is left, together as long as its line."""
    edges = [lines.origin + start, *(removal.start for removal in removals[1:]), lines.origin + end]
    return [
        replace(removal, start=first, end=last, raw=lines.data[first - lines.origin : last - lines.origin])
        for removal, first, last in zip(removals, edges, edges[1:], strict=False)
    ]


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
