"""What `check` and `clean` share: documents read and cleaned one after the other, reports, the summary."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, count
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from dedup.cleaner import Cleaner
from dedup.cli.configured import settings_of
from dedup.cli.progress import shown_progress
from dedup.cli.say import Log, Problems, say
from dedup.documents import Document
from dedup.problems import DedupError
from dedup.report.as_text import summary_lines
from dedup.report.files import RESTORABLE, check_report_path, write_report
from dedup.report.model import Report
from dedup.report.rows import summary_row
from dedup.sources import Sources
from dedup.sources.forms import Table

if TYPE_CHECKING:
    from dedup.findings import Cleaned
    from dedup.index.session import Session
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
    ) -> None:
        """`output` is the folder that is written to, if any: it is not read, and reports may lie in it. `where` names
        the destination, whatever it is: with the inputs it tells a run that is run again.

        With `findings` those of tables are listed though no report is asked for.

        Raises DedupError for settings and report files that cannot be.
        """
        self._began = monotonic()
        self.was_left = False  # whether who read standard output has gone
        self.settings = settings_of(options)
        self._reports = [Path(name) for name in reports]
        for path in self._reports:
            if output is None or output not in path.parents:
                check_report_path(path)
        self.problems = problems
        self.sources = Sources(
            paths,
            self.settings,
            exclude_dirs=[str(output)] if output else [],
            on_problem=problems.tell,
            on_note=problems.note,
        )
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

    def cleaned(
        self, documents: Iterator[Document | Table] | None = None, *, quiet: bool = False
    ) -> Iterator[Cleaned | CleanedTable]:
        """Each document and table, cleaned; progress is shown on a terminal unless `quiet`."""
        stream = self._cleaner.feed_all(iter(self.sources) if documents is None else documents)
        if not quiet:
            stream = shown_progress(
                stream, lambda: self.report.summary.bytes_in, lambda: self.sources.total_bytes
            )
        yield from stream
        self.report.summary.passed_over = dict(self.sources.passed_over)

    @property
    def has_reports(self) -> bool:
        """Whether reports were asked for."""
        return bool(self._reports)

    def write_reports(self) -> None:
        """Writes the reports that were asked for; a DedupError where one cannot be written."""
        for path in self._reports:
            write_report(self.report, path)

    def write_default_report(self) -> None:
        """Writes a report to restore from into the current folder, unless one was asked for, and says so."""
        if any(path.suffix.lower() in RESTORABLE for path in self._reports):
            return
        names = chain(["dedup-report.json"], (f"dedup-report-{number}.json" for number in count(2)))
        path = next(path for path in map(Path, names) if not os.path.lexists(path))
        write_report(self.report, path)
        say(f"the removed text is kept in {path}; `dedup restore {path}` puts it back")

    def _numbers(self, *, done: bool) -> dict[str, Any]:
        """The summary for a machine."""
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
