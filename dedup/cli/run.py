"""What `check` and `clean` share: documents read and cleaned one after the other, reports, the summary."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from dedup.cleaner import BATCH_BYTES, Cleaner
from dedup.cli.configured import settings_of
from dedup.cli.progress import shown_progress
from dedup.cli.say import Log, Problems, say
from dedup.documents import Document
from dedup.problems import DedupError, Problem
from dedup.report.as_text import summary_lines
from dedup.report.files import check_report_path, is_restorable, write_report
from dedup.report.model import UNUSED, Report
from dedup.sources import Sources
from dedup.sources.forms import Table

if TYPE_CHECKING:
    from dedup.findings import Cleaned
    from dedup.gate import Gate
    from dedup.index.session import Session
    from dedup.match.memory import Memory
    from dedup.rows import CleanedTable
    from dedup.settings import Settings


class Run:
    """One call of `check` or `clean`."""

    def __init__(
        self,
        paths: Sequence[str],
        options: Mapping[str, Any],
        reports: Sequence[str],
        problems: Problems,
        *,
        output: Path | None = None,
        findings: bool = False,
        where: str = "",
        drift: bool = False,
        apart: Sequence[Path | None] = (),
    ) -> None:
        """`output` is the folder that is written to, if any: it is not read, and reports may lie in it. `where` names
        the destination, whatever it is: with the inputs it tells a run that is run again.

        `apart` are files of our own that are no documents though they lie in a folder that is read.

        `decisions` among the options is the name of a file, or Decisions.

        With `findings` those of tables are listed though no report is asked for. With `drift` copies that drifted
        apart are listed where the preset is that of documentation, or `drift_only` is among the options.

        Raises DedupError for settings and report files that cannot be.
        """
        self._began = monotonic()
        own = [str(path) for path in (output, *apart) if path]
        self.was_left = False  # whether who read standard output has gone
        self.settings = settings_of(options)
        self._reports = [Path(name) for name in reports]
        for path in self._reports:
            if output is None or output not in path.parents:
                check_report_path(path)
        self._drift_only = bool(options.get("drift_only"))
        decisions = options.get("decisions")
        if isinstance(decisions, str):
            from dedup.decisions.file import check_apart, read_decisions

            check_apart(decisions, reports)
            own.append(decisions)
            decisions = read_decisions(Path(decisions))
        self.problems = problems
        self.sources = Sources(
            paths,
            self.settings,
            exclude_dirs=own,
            on_problem=problems.tell,
            on_note=problems.note,
        )
        self._against = options.get("against") or ()
        if self._against:
            from dedup.against import not_read

            real = [file.real for file in self.sources.files]
            self.sources.leave_out(not_read(real, self._against, self.settings))
        self._session: Session | None = None
        write, read = options.get("index", ()), options.get("index_read", ())
        if write or read:
            from dedup.index.session import Session

            self._session = Session(write, read, self.settings, options.get("batch_id"), where)
            if write and self.sources.tables_passed:
                # Else a batch that was never read would be known as done.
                raise DedupError(
                    f"{self.sources.tables_passed[0]}: holds texts and tables; name those to read"
                )
            if write:
                self._session.expect(self.sources.files, self.sources.take_stdin())
        self._cleaner = Cleaner(
            self.settings,
            jobs=options.get("jobs"),
            memory_limit=options.get("memory_limit"),
            findings=findings or bool(reports),
            indexes=self._session.indexes if self._session else (),
            drift=drift and (self._drift_only or self.settings.preset == "docs"),
            decisions=decisions,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._cleaner.close()
        if self._session is not None:
            self._session.close()

    @property
    def adds_to_index(self) -> bool:
        """Whether something is to be added to an index."""
        return self._session is not None and self._session.adds

    def ready_index(self) -> None:
        """Writes what is to be added to the indexes, before the first file is replaced: for `add_to_index`."""
        if self._session is not None:
            self._cleaner.close()
            after = {entry.path: entry.sha256_after for entry in self.report.documents}
            self._session.stage(self._cleaner.memories, after)

    def add_to_index(self) -> None:
        """Adds what was kept to the indexes, once everything else is done; a DedupError where that cannot be.

        Where an input could not be worked on the batch is not whole, and is not added.
        """
        if self._session is None:
            return
        if self.problems.undone and self._session.adds:
            say("nothing was added to the index: not all of the batch could be worked on")
            return
        self._cleaner.close()
        self._session.add(self._cleaner.memories, self.sources.stdin_digest.hexdigest())

    def settings_of(self, path: str) -> Settings:
        """The settings of a document."""
        return self._cleaner.settings_of(path)

    @property
    def report(self) -> Report:
        """The report as far as the run has come."""
        return self._cleaner.report

    @property
    def memories(self) -> Iterable[Memory]:
        """What was kept, a memory for each group of documents."""
        return self._cleaner.memories.values()

    def cleaned(
        self, documents: Iterator[Document | Table] | None = None, *, quiet: bool = False
    ) -> Iterator[Cleaned | CleanedTable]:
        """Each document and table, cleaned; progress is shown on a terminal unless `quiet`."""
        documents = iter(self.sources) if documents is None else documents
        if self._against:
            documents = self._compare_with(documents)
        stream = self._cleaner.feed_all(documents)
        if not quiet:
            stream = shown_progress(
                stream, lambda: self.report.summary.bytes_in, lambda: self.sources.total_bytes
            )
        yield from stream
        self.report.summary.passed_over = dict(self.sources.passed_over)
        self._tell_directives()

    def _tell_directives(self) -> None:
        """Says which comments in the texts leave out nothing; those with a mistake are problems, in files."""
        self._cleaner.end()
        if self._against:  # not all was compared, so nobody knows what is of no use
            self.report.directives = [entry for entry in self.report.directives if entry.problem != UNUSED]
        for entry in self.report.directives:
            problem = Problem(f"{entry.document}:{entry.line}", entry.text, done=True)
            if entry.problem == UNUSED or entry.of_row:  # a row is somebody else's text
                self.problems.note(problem)
            else:
                self.problems.tell(problem)

    def narrow(self, gate: Gate) -> None:
        """Takes out of the report what a gate leaves out, before anything is made of it."""
        gate.narrow(
            self.report,
            dict(self.sources.tables()),
            is_whole=not (self._against or self.problems.undone),
            on_problem=self.problems.tell,
            on_note=self.problems.note,
        )

    def _compare_with(self, documents: Iterator[Document | Table]) -> Iterator[Document | Table]:
        """The same documents, after what `--against` names was remembered, as far as it matters for them."""
        from dedup.against import Against

        looked_at = {file.real for file in self.sources.files}
        against = Against(self._against, self.settings, looked_at, self.problems.tell)
        if self.sources.total_bytes > BATCH_BYTES:
            self._cleaner.remember_against(against, None)
            return documents
        every = list(documents)
        texts = [each for each in every if isinstance(each, Document)]
        # Of the rows of a table nobody knows yet what they hold.
        self._cleaner.remember_against(against, texts if len(texts) == len(every) else None)
        return iter(every)

    def list_drift(self) -> None:
        """Lists the copies that drifted apart of which there is a finding; nothing else where that was asked for."""
        if self._cleaner.copies is None:
            return
        from dedup.drift import keep_drift_only, list_drift

        list_drift(self.report, self._cleaner.copies)
        if self._drift_only:
            keep_drift_only(self.report)

    @property
    def has_reports(self) -> bool:
        """Whether reports were asked for."""
        return bool(self._reports)

    def write_reports(self) -> None:
        """Writes the reports that were asked for; a DedupError where one cannot be written."""
        for path in self._reports:
            write_report(self.report, path)

    def write_default_report(self) -> None:
        """Writes a report to restore from, unless one was asked for, and says so.

        It goes into the current folder, or with `--against`, where commit after commit is cleaned, into the cache's.
        """
        if any(map(is_restorable, self._reports)):
            return
        folder = Path()
        if self._against:
            from dedup.against import cache_folder, make_folder

            folder = Path(os.path.relpath(cache_folder(Path(self._against[0]))))
            make_folder(folder)
        names = chain(["dedup-report.json"], (f"dedup-report-{number}.json" for number in count(2)))
        path = next(path for path in (folder / name for name in names) if not os.path.lexists(path))
        write_report(self.report, path)
        say(f"the removed text is kept in {path}; `dedup restore {path}` puts it back")

    def _numbers(self, *, done: bool) -> dict[str, Any]:
        """The summary for a machine."""
        from dedup.report.rows import summary_row

        return {
            **summary_row(self.report.summary),
            "done": done,
            "problems": self.problems.count,
            "seconds": round(monotonic() - self._began, 3),
            "tool": self.report.tool,
        }

    def say_summary(self, *, done: bool) -> None:
        """Says the summary; `done` tells whether the repeats are removed, or are to be."""
        if Log.as_json:
            say("", "summary", **self._numbers(done=done))
            return
        for line in summary_lines(self.report, done=done, problems=self.problems.count):
            say(line)
