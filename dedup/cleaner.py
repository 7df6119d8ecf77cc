"""The stream that everything runs on: documents in, one after the other, each back cleaned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from itertools import chain
from os import PathLike
from typing import TYPE_CHECKING, cast

from dedup._version import __version__
from dedup.config.per_path import ByPath
from dedup.documents import Document
from dedup.kernel import kernel_name
from dedup.match.bands import least_words, plan_for
from dedup.match.memory import Memory
from dedup.match.prepared import Prepared, prepare
from dedup.report.counting import count_document
from dedup.report.model import Report, Summary
from dedup.settings import Settings
from dedup.sources.forms import Table

if TYPE_CHECKING:
    from dedup.against import Against
    from dedup.decide import Decision
    from dedup.decisions import Decisions
    from dedup.drift.groups import Copies
    from dedup.findings import Cleaned
    from dedup.index.folder import Index
    from dedup.index.recall import Recall
    from dedup.rows import CleanedTable
    from dedup.sources.rows import Rows
    from dedup.unused import Directives

BATCH_BYTES = 4 << 20
"""How much text is prepared at a time; results do not depend on it."""

RECALLED_BYTES = 16 << 20
"""The same with an index: to look into it takes some time, however little is asked."""

PROCESS_BYTES = 112 << 20
"""What a process takes beside what it remembers: Python, its libraries, the batches under way."""


Mark = tuple[Summary, int, int, int, int]


class Cleaner:
    """Finds, document by document, what repeats earlier ones.

    Documents come one by one through `clean`, or as a stream through `feed`, which gives the same and is faster
    for many. What was kept of each is remembered and compared with the next. `report` grows with each document.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        jobs: int | None = None,
        memory_limit: int | None = None,
        findings: bool = True,
        indexes: Sequence[Index] = (),
        drift: bool = False,
        decisions: Decisions | str | PathLike[str] | None = None,
    ) -> None:
        """`jobs` is how many threads read and sketch tables, as many as there are processors where none is given.

        `memory_limit` in bytes is for the whole process: what is remembered goes to a file where it would be more.
        Without `findings` the report counts what is found in tables and does not list it: it may be millions.

        `indexes` hold what earlier batches kept, which comes first, in this order. To add what is kept now is for the
        caller, at the end: see `memories`.

        With `drift` what is found in files is gathered in `copies`, for the list of drifted copies.

        `decisions`, or the file that holds them, say of pairs what becomes of them whatever the rules say. Raises
        DedupError where the file cannot be read.
        """
        self.settings = settings or Settings()
        self.report = Report(
            settings=self.settings.as_dict(),
            tool={"name": "dedup", "version": __version__, "kernel": kernel_name()},
        )
        self.lists_findings = findings
        self.decisions: Decisions | None = None
        if decisions is not None:
            from dedup.decisions.file import decisions_of

            self.decisions = self.report.decisions = decisions_of(decisions)
        self._jobs = jobs
        self.is_frugal = memory_limit is not None
        self._limit = None if memory_limit is None else max(memory_limit - PROCESS_BYTES, PROCESS_BYTES // 8)
        self.key_plan, self.least_words = plan_for(self.settings), least_words(self.settings)
        self.settings_of = ByPath(self.settings).of
        self._group = re.compile(self.settings.group_by) if self.settings.group_by else None
        self.memories: dict[str | None, Memory] = {}
        self.copies: Copies | None = None
        if drift:
            from dedup.drift.groups import Copies

            self.copies = Copies()
        self._runs = 0
        self._directives: Directives | None = None
        self._recall: Recall | None = None
        if indexes:
            from dedup.index.recall import Recall

            self._recall = Recall(indexes)

    def clean(self, document: Document) -> Cleaned:
        """One document, cleaned."""
        return next(self.feed((document,)))

    def feed(self, documents: Iterable[Document]) -> Iterator[Cleaned]:
        """Each of many documents, cleaned, in order; takes in a few MB ahead of what it gives out."""
        yield from cast("Iterator[Cleaned]", self.feed_all(documents))

    def feed_all(self, sources: Iterable[Document | Table]) -> Iterator[Cleaned | CleanedTable]:
        """Each of many documents and tables, cleaned, in order; a table is read while its parts are taken."""
        batch: list[Document] = []
        size = 0
        for source in sources:
            if isinstance(source, Document):
                batch.append(source)
                size += len(source.text)
            if size >= (BATCH_BYTES if self._recall is None else RECALLED_BYTES) or isinstance(source, Table):
                yield from self._clean_batch(batch)
                batch, size = [], 0
            if isinstance(source, Table):
                from dedup.rows import CleanedTable  # most runs are about texts

                table = CleanedTable(source, self, self._jobs)
                yield table
                table.finish()
        yield from self._clean_batch(batch)

    def _clean_batch(self, batch: Sequence[Document]) -> Iterator[Cleaned]:
        for prepared in self.prepare(batch):
            yield self.decide(prepared)

    def group_of(self, path: str) -> str | None:
        """The name of the group of documents that one is compared with."""
        match = self._group.search(path) if self._group else None
        return match[0] if match else None

    def memory_of(self, path: str) -> Memory:
        """What a document is compared with: the kept blocks of its group."""
        name = self.group_of(path)
        if name not in self.memories:
            self.memories[name] = Memory(self.settings, self._limit)
            if self._recall is not None:
                self._recall.begin(self.memories[name], name)
        return self.memories[name]

    def remember_against(self, against: Against, documents: Sequence[Document] | None) -> None:
        """Compares documents with those that they are to be compared with, as far as these matter for them.

        Where the documents are not known yet (None), all are remembered. They are not cleaned and not counted.
        """
        from dedup.decide import keep_all
        from dedup.findings import remember

        if all(scope == "within" for scope in self.settings.values_of("scope")):
            return

        def take(batch: Sequence[Document]) -> list[Prepared]:
            others = (each for each in batch if self.settings_of(each.path).scope != "within")
            return self.prepare(list(others))

        others: Iterator[Prepared]
        if documents is None:
            others = chain.from_iterable(map(take, _batches(against.documents())))
        else:
            others = against.prepared(self.prepare(documents, recall=False), self.group_of, take)
        for prepared in others:
            remember(self.memory_of(prepared.document.path), prepared, keep_all(prepared))

    def _knows(self, document: Document, same: int) -> bool:
        # What is compared inside itself alone needs sketches whatever others have.
        if self.settings_of(document.path).scope == "within":
            return False
        return self.memory_of(document.path).knows(same)

    def mark(self) -> Mark:
        """Where the report is now, to come back to."""
        return (
            deepcopy(self.report.summary),
            len(self.report.removals),
            len(self.report.flags),
            self._runs,
            self._known_directives(),
        )

    def roll_back(self, mark: Mark) -> None:
        """Takes out of the report what it was given since."""
        self.report.summary, removals, flags, self._runs, directives = mark
        if self._directives is not None:
            self._directives.forget(directives)
        del self.report.removals[removals:]
        del self.report.flags[flags:]

    def next_run(self) -> int:
        """A number for one more run."""
        self._runs += 1
        return self._runs

    def prepare(self, documents: Sequence[Document], *, recall: bool = True) -> list[Prepared]:
        """Documents with all that `decide` needs, in the same order.

        Without `recall` what indexes know of them is not looked up: it was, or `recall` does it for more at once.
        """
        if not documents:
            return []

        def allow_of(document: Document) -> tuple[str, ...]:
            return self.settings_of(document.path).allow

        prepared = prepare(documents, self._knows, self.least_words, self.key_plan, allow_of)
        if recall:
            self.recall(prepared)
        return prepared

    @property
    def recalls(self) -> bool:
        """Whether there is an index to look into."""
        return self._recall is not None

    def recall(self, prepared: Iterable[Prepared], path: str = "", rows: Sequence[Rows] = ()) -> None:
        """Looks up what indexes know of documents, and of the plain rows of the table `path`."""
        if self._recall is None:
            return
        from dedup.index.recall import Wanted

        wanted: dict[int, tuple[Memory, Wanted]] = {}
        for document in prepared:
            memory = self.memory_of(document.document.path)
            wanted.setdefault(id(memory), (memory, Wanted()))[1].add_document(document)
        for batch in rows:
            memory = self.memory_of(path)
            wanted.setdefault(id(memory), (memory, Wanted()))[1].add_rows(batch)
        for memory, asked in wanted.values():
            self._recall.recall(memory, asked)

    def close(self) -> None:
        """Lets go of the indexes' files."""
        if self._recall is not None:
            self._recall.close()

    def decide(self, prepared: Prepared, name: str | None = None) -> Cleaned:
        """One document, cleaned and remembered; of the row of a table, which may have a name, nothing is listed yet."""
        # Tables of plain rows get here late or never; meanwhile other threads are at work.
        from dedup.decide import decide
        from dedup.findings import Ranges, cleaned_of, remember

        memory, settings = self.memory_of(prepared.document.path), self.settings_of(prepared.document.path)
        ranges = Ranges(prepared)
        decision = decide(prepared, memory, settings, ranges.check, self.decisions)
        cleaned, self._runs = cleaned_of(prepared, memory, decision, ranges, self._runs, settings)
        if settings.scope != "within" and not cleaned.dropped:
            remember(memory, prepared, decision, name)
        if not prepared.document.row:
            size = len(prepared.document.source)
            count_document(self.report, cleaned.findings, size, cleaned.blocks)
            self.report.add(cleaned.entry, cleaned.removals, cleaned.flags)
            if self.copies is not None:
                self.copies.add(prepared, memory, decision)
        self.report.summary.variants += len(cleaned.variants)
        self.report.summary.natural += decision.natural
        self.report.summary.allowed += len(prepared.allowed)
        self.report.summary.decided += decision.decided
        self.report.summary.retained += decision.retained
        if prepared.ignored.directives:
            self._take_directives(prepared, memory, decision)
        return cleaned

    def _take_directives(self, prepared: Prepared, memory: Memory, decision: Decision) -> None:
        from dedup.unused import Directives  # most runs meet none

        self._directives = self._directives or Directives(self.settings)
        self._directives.add(prepared, memory, decision)
        self.report.summary.ignored += len(prepared.ignored.blocks)

    def _known_directives(self) -> int:
        return 0 if self._directives is None else len(self._directives)

    def end(self) -> None:
        """Tells the report, once all documents are in, which comments in them are malformed or of no use."""
        if self._directives is not None:
            self.report.directives = self._directives.entries()


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Documents in lists of a few MB."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.text)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    yield batch
