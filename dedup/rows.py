"""The rows of a table, cleaned batch by batch: read and sketched side by side, decided on in order."""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup import kernel
from dedup.blocks import Kind
from dedup.documents import Document
from dedup.match.memory import Matched, Page
from dedup.match.prepared import Prepared
from dedup.match.rows import MATCH, OF_ROW, RULES, Plan, sketch_rows
from dedup.output import cut_out
from dedup.problems import DedupError, Problem, reason_of
from dedup.report.counting import count_document, count_flagged, count_removed
from dedup.report.model import EMPTY, DocumentEntry, Flag, Removal
from dedup.report.places import place_of
from dedup.report.whole import whole_row
from dedup.sources import rows as source
from dedup.sources.forms import Table, is_waiting
from dedup.sources.ids import Seen
from dedup.sources.rows import (
    FIRST_BLOCK,
    LINE,
    LINE_END,
    NO_TEXT,
    OTHER,
    RAW_END,
    STATE,
    TEXT_END,
    BadRow,
    Chunk,
    Rows,
)
from dedup.sources.tables import read_table
from dedup.words.fingerprints import pair_of
from dedup.words.paths import path_words

if TYPE_CHECKING:
    from dedup.cleaner import Cleaner

Range = tuple[int, int]

_RAW, _RAW_LENGTH, _COUNT, _SAME = 2, 3, 4, 5  # columns of Rows.blocks
_RECALLED_BYTES = 48 << 20  # of a table, to look up in an index at once
_NO_MATCH = np.empty(0, MATCH)


class CleanedTable:
    """A table with what was found in it, cleaned while its parts are taken.

    `path` and `inside` are its names as in Document, `form` is its Form; `entry` is its row in the report, complete
    once all parts were taken. `empty` it never is: a table without rows is still a table.
    """

    def __init__(self, table: Table, cleaner: Cleaner, jobs: int | None) -> None:
        self.path, self.inside, self.form, self.empty = table.path, table.inside, table.form, False
        self.is_stream, self.text_column = table.is_stream, cleaner.settings.text_column
        self.batches: Any = None
        self.entry = DocumentEntry(table.path, "", "", inside=table.inside)
        self._table = table
        self._cleaner = cleaner
        self._jobs = jobs or processors()
        self._most = source.FRUGAL_BYTES if cleaner.is_frugal else source.BATCH_BYTES
        self._memory = cleaner.memory_of(table.path)
        self._settings = settings = cleaner.settings_of(table.path)
        self._plan = Plan.of(settings)
        if cleaner.decisions is not None:
            # The kernel knows nothing of decisions: whatever repeats is asked about.
            self._plan = replace(self._plan, remove=False)
        self._drops = settings.empty == "drop" or settings.drop_repeated is not None
        self._tells_names = cleaner.recalls or settings.id_column is not None
        self._names = Seen() if settings.id_column is not None else None
        self._page = Page(table.path, (), False, frozenset())
        self._subject = path_words(table.path)
        self._bad: list[tuple[int, str]] = []
        self._texts = self._source = self._rows = 0
        self._has_column = self._is_named = False
        self._dropped: set[int] = set()  # of the batch at work, the rows that go as a whole
        self._before, self._after = sha256(), sha256()
        self._tick: Callable[[], None] | None = None
        self._parts = self._clean()

    def watch(self, tick: Callable[[], None]) -> None:
        """Has `tick` called after each part."""
        self._tick = tick

    def parts(self) -> Iterator[Any]:
        """The cleaned rows, a few MB at a time, bytes or pyarrow record batches as the form has it.

        Can be gone through once. DedupError where there cannot be more.
        """
        return self._parts

    def stop(self) -> None:
        """Reads no further: nobody wants the rest."""
        self._parts.close()

    def finish(self) -> None:
        """Takes the parts that nobody took."""
        try:
            for _ in self._parts:
                pass
        except DedupError as error:
            self._table.tell(Problem(self.path, str(error)))

    def _clean(self) -> Generator[Any, None, None]:
        done = False
        began = self._cleaner.mark(), self._memory.rows(), self._memory.documents
        try:
            with read_table(self._table, self._cleaner.settings, self._most) as self._reader:
                self.batches = self._reader.batches
                self._next = self._reader.first  # the number of the row that a batch begins with
                if kernel.compiled is not None and self.form.is_plain and not self.is_stream:
                    # A file of its own: what is read here must not move the place where the other reads.
                    self._source = self._memory.source(Path(self._table.real))
                chunks = self._reader.chunks
                if self.batches is not None and self._jobs > 1 and not self.is_stream:
                    from dedup.sources.ahead import read_ahead

                    chunks = read_ahead(chunks)
                for rows, ready in self._prepared(self._sketched(chunks)):
                    yield self._clean_batch(rows, ready)
                    if self._tick is not None:
                        self._tick()
                self._tell_what_is_missing()
            done = True
        except OSError as error:
            changed = error.errno == getattr(errno, "ESTALE", errno.EIO)
            raise DedupError("changed while it was read" if changed else reason_of(error)) from None
        finally:
            if not done:
                # There will be no such table: what it held is no reason to take out anything.
                self._cleaner.roll_back(began[0])
                self._memory.forget(*began[1:])
            elif self._cleaner.lists_findings:
                before, after = self._before.hexdigest(), self._after.hexdigest()
                self.entry = replace(self.entry, sha256_before=before, sha256_after=after)
            self._cleaner.report.documents.append(self.entry)

    def _sketched(self, chunks: Iterator[Chunk]) -> Iterator[Rows]:
        """The batches as columns, in order, some worked on ahead where the kernel lets threads run side by side."""
        settings, keys, least = self._settings, self._cleaner.key_plan, self._cleaner.least_words

        def sketch(chunk: Chunk) -> Rows:
            return sketch_rows(chunk, settings.text_column, settings, keys, least)

        if self._jobs < 2 or kernel.compiled is None:
            yield from map(sketch, chunks)
            return
        from concurrent.futures import Future, ThreadPoolExecutor

        with ThreadPoolExecutor(self._jobs) as pool:
            ahead: deque[Future[Rows]] = deque()
            for chunk in chunks:
                ahead.append(pool.submit(sketch, chunk))
                # Of a stream, what is there is passed on before more is waited for.
                while ahead and (len(ahead) > self._jobs + 1 or (self.is_stream and not is_waiting())):
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()

    def _prepared(self, batches: Iterator[Rows]) -> Iterator[tuple[Rows, dict[int, Prepared]]]:
        """The batches with the documents of their rows; an index is asked for several at once."""
        most = _RECALLED_BYTES if self._cleaner.recalls and not self._cleaner.is_frugal else 0
        while True:
            group, size, first = [], 0, self._next
            for rows in batches:
                self._check_names(rows, first)
                group.append((rows, self._prepare(rows, first)))
                first += len(rows.rows)
                size += len(rows.chunk.data)
                if size >= most or (self.is_stream and not is_waiting()):
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
            document = self._reader.document(rows, number, self._next + number)
            if document is not None:
                documents[number] = document
        prepared = self._cleaner.prepare(list(documents.values()), recall=False)
        ready.update(zip(documents, prepared, strict=True))

    def _clean_batch(self, rows: Rows, ready: dict[int, Prepared]) -> Any:
        report, data = self._cleaner.report, rows.chunk.data
        report.summary.bytes_in += len(data)
        report.summary.bytes_out += len(data)
        self._dropped = set()
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
        self._next += count
        self._rows += count
        # Asked of as many rows as there are before the first text.
        self._has_column = self._has_column or bool(self._texts) or self._reader.has_texts(rows)
        dropped = self._left_out(rows)
        if dropped:
            cuts = sorted([*cuts, *map(tuple, rows.rows[dropped][:, [LINE, LINE_END]].tolist())])
        content = cut_out(data, cuts)
        if self._cleaner.lists_findings:
            self._before.update(data)
            self._after.update(content)
        if self.batches is None:
            return content
        from dedup.sources.columnar import cleaned_batch

        return cleaned_batch(rows, self.text_column, cuts, content, [*self._dropped, *dropped])

    # --- Rows that the kernel decided on

    def _match(self, rows: Rows, begin: int) -> Matched:
        """What the rows from `begin` on repeat, up to one that is to be decided on; counts them."""
        summary = self._cleaner.report.summary
        if kernel.compiled is None:  # what has a text is for `decide`
            with_text = np.flatnonzero(rows.rows[begin:, STATE] != NO_TEXT)
            stop = begin + int(with_text[0]) if len(with_text) else len(rows.rows)
            return Matched(stop, stop < len(rows.rows), _NO_MATCH, 0)
        origin = rows.chunk.origin if self.batches is None else OF_ROW
        where = (self._page, self._subject, self._next, origin, self._source)
        document = self._memory.documents
        matched = self._memory.match(rows, begin, self._plan, *where)
        if self._tells_names:
            has_text = (rows.rows[begin : matched.stop, STATE] != NO_TEXT).tolist()
            names = [self._reader.name(rows, begin + n) if has else None for n, has in enumerate(has_text)]
            self._memory.name_rows(document + begin, names)
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
        whole = self._drops
        keeps = self._settings.empty == "flag" and not whole
        starts = where[:, LINE] if whole else rows.blocks[found["block"], _RAW].astype(np.int64)
        ends = where[:, LINE_END] if whole else where[:, RAW_END]
        if keeps:
            ends = starts + rows.blocks[found["block"], _RAW_LENGTH].astype(np.int64)
        ranges: list[Range] = list(zip(starts.tolist(), ends.tolist(), strict=True))
        sizes, rules = ends - starts, found["rule"]
        for number, rule in enumerate(RULES):
            chosen = rules == number
            count = count_flagged if keeps else count_removed
            count(self._cleaner.report, rule, int(chosen.sum()), int(sizes[chosen].sum()))
        if whole:
            self._cleaner.report.summary.dropped += len(found)
            self._dropped.update(found["row"].tolist())
        if self._cleaner.lists_findings:
            self._list(rows, matched, ranges, keeps)
        return [] if keeps else ranges

    def _list(self, rows: Rows, matched: Matched, ranges: Sequence[Range], keeps: bool) -> None:
        report, texts = self._cleaner.report, memoryview(rows.text)
        for match, (start, end) in zip(matched.found.tolist(), ranges, strict=True):
            row, block, twin, rule, similarity = match
            # As in any document, with the blank lines that followed.
            text, shown = int(rows.blocks[block, 0]), int(rows.rows[row, TEXT_END])
            if self._settings.empty == "flag":
                # There `decide` has a flag, which has the block's own lines.
                shown = min(int(rows.blocks[block, 1]) + 1, shown)
            origin = self._reader.origin(rows, row)
            common: dict[str, Any] = {
                "document": self._table.path,
                "start": origin + start,
                "end": origin + end,
                "line": self._next + row,
                "end_line": self._next + row,
                "kind": Kind.PARAGRAPH.label,
                "rule": RULES[rule],
                "similarity": similarity,
                "run": self._cleaner.next_run(),
                "kept": place_of(self._memory, twin),
                "text": bytes(texts[text:shown]).decode("utf-8", "replace"),
                "id": self._reader.name(rows, row),
                "pair": self._pair(bytes(texts[text : int(rows.blocks[block, 1])]), rule, twin),
            }
            if keeps:
                report.flags.append(Flag(**common, guard=EMPTY))
            else:
                report.removals.append(Removal(**common, raw=bytes(rows.chunk.data[start:end])))

    def _pair(self, shown: bytes, rule: int, twin: int) -> str:
        text = shown.decode("utf-8", "replace")
        return pair_of(text, self._memory[twin].text if RULES[rule] == "near" else text)

    # --- Rows that `decide` decides on

    def _decide(self, rows: Rows, number: int, ready: dict[int, Prepared]) -> list[Range]:
        """The ranges that go with one row, decided on by itself."""
        if number in ready:
            prepared = ready.pop(number)
        else:
            document = self._reader.document(rows, number, self._next + number)
            assert document is not None
            (prepared,) = self._cleaner.prepare([document], recall=False)
        name = self._reader.name(rows, number) if self._tells_names else None
        cleaned = self._cleaner.decide(prepared, name)
        self._texts += 1
        row, origin = rows.rows[number], self._reader.origin(rows, number)
        removals: Sequence[Removal] = cleaned.removals
        flags: Sequence[Flag] = cleaned.flags
        if cleaned.dropped or (cleaned.empty and self._drops):
            removals = whole_row(rows.chunk.data, row[[LINE, LINE_END]].tolist(), origin, cleaned.findings)
            flags = ()
            self._cleaner.report.summary.dropped += 1
            self._dropped.add(number)
        report = self._cleaner.report
        count_document(report, [*removals, *flags], 0, cleaned.blocks)
        if self._cleaner.lists_findings and (removals or flags):
            name = name if self._tells_names else self._reader.name(rows, number)
            report.removals += [replace(removal, id=name) for removal in removals]
            report.flags += [replace(flag, id=name) for flag in flags]
        return [(removal.start - origin, removal.end - origin) for removal in removals]

    def _prepare(self, rows: Rows, first: int) -> dict[int, Prepared]:
        """The documents of the rows that the kernel left alone, prepared together; other such rows have no text."""
        documents: dict[int, Document] = {}
        for number in np.flatnonzero(
            rows.rows[:, LINE_END] - rows.rows[:, LINE] > source.MOST_BYTES
        ).tolist():
            rows.chunk.bad.setdefault(number, source.TOO_LONG)
            rows.rows[number, STATE] = NO_TEXT
        for number in np.flatnonzero(rows.rows[:, STATE] >= OTHER).tolist():
            document = None
            try:
                document = self._reader.document(rows, number, first + number)
            except BadRow as error:
                rows.chunk.bad[number] = str(error)
            if document is None or number in rows.chunk.bad:
                rows.rows[number, STATE] = NO_TEXT
            else:
                documents[number] = document
        if rows.chunk.bad and self._cleaner.settings.on_error == "fail":
            number = min(rows.chunk.bad)
            raise DedupError(f"row {first + number}: {rows.chunk.bad[number]}")
        prepared = self._cleaner.prepare(list(documents.values()), recall=False)
        return dict(zip(documents, prepared, strict=True))

    def _check_names(self, rows: Rows, first: int) -> None:
        """Finds the rows whose name another row has."""
        if self._names is None:
            return
        if first == self._reader.first:
            self._reader.check_id_column()
        names: list[str | None] = []
        for number in range(len(rows.rows)):
            try:
                is_row = number not in rows.chunk.bad and first + number > 0
                names.append(self._reader.name(rows, number) if is_row else None)
            except BadRow as error:
                rows.chunk.bad[number] = str(error)
                names.append(None)
        self._is_named = self._is_named or any(name is not None for name in names)
        for again in self._names.again(names):
            rows.chunk.bad[again] = (
                f'has the {self._cleaner.settings.id_column} "{names[again]}" of an earlier row'
            )
            rows.rows[again, STATE] = NO_TEXT

    def _left_out(self, rows: Rows) -> list[int]:
        """The rows of a batch that could not be read; tells of the first of a table."""
        bad = sorted(rows.chunk.bad)
        first = self._next - len(rows.rows)
        self._bad += [(first + number, rows.chunk.bad[number]) for number in bad]
        self._cleaner.report.summary.skipped += len(bad)
        return bad

    def _tell_what_is_missing(self) -> None:
        if self._bad:
            number, reason = self._bad[0]
            more = len(self._bad) - 1
            others = f", and {more:,} more" if more else ""
            self._table.note(Problem(self.path, f"row {number}: {reason}{others}; left out"))
        if self._rows and not self._has_column:
            raise DedupError(f'no row has a "{self.text_column}"')
        if self._names is not None and self._texts and not self._is_named:
            raise DedupError(f'no row has a "{self._cleaner.settings.id_column}"')


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
