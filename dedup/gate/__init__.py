"""What fails a check: the findings that a baseline does not know, on lines that were changed, over a limit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.gate.leaving_out import leave_out
from dedup.gate.limit import Limit
from dedup.problems import Problem, reason_of
from dedup.report.model import Report
from dedup.report.shown import count
from dedup.sources import Sources
from dedup.sources.forms import Form

if TYPE_CHECKING:
    from dedup.gate.baseline import Baseline
    from dedup.gate.since import Changes

Tell = Callable[[Problem], None]


def _say_nothing(_: Problem) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Gate:
    """Which findings of a check are told of, and whether they fail it.

    With `updates` the baseline is given all findings, and so none is left.
    """

    baseline: Baseline | None = None
    changes: Changes | None = None
    limit: Limit | None = None
    updates: bool = False

    @property
    def file(self) -> Path | None:
        """The baseline's file."""
        return self.baseline.path if self.baseline is not None else None

    def order(self, sources: Sources) -> None:
        """Lets what was changed come last, so that a copy is found where it was made.

        Raises DedupError where it cannot be said what was changed.
        """
        if self.changes is not None:
            changes = self.changes
            sources.put_last(lambda file: changes.are_in(file.path))

    def narrow(
        self,
        report: Report,
        forms: Mapping[str, Form],
        *,
        is_whole: bool = False,
        on_problem: Tell = _say_nothing,
        on_note: Tell = _say_nothing,
    ) -> None:
        """Takes the findings out of a report that are not to be told of, and brings the baseline's file up to date.

        `forms` are those of the tables that were read, by path. `is_whole` says that all findings of the documents in
        the report are in it, so that a baseline's that is not there is no more; else the file does not shrink. A file
        that cannot be written is told.
        """
        keep = [True] * len(report.findings)
        if self.baseline is not None:
            known = self._known(self.baseline, report, forms, is_whole, on_problem, on_note)
            keep = [not is_known for is_known in known]
            report.summary.known = sum(known)
        if self.changes is not None:
            for position, finding in enumerate(report.findings):
                if keep[position] and not self.changes.touch(finding):
                    keep[position] = False
                    report.summary.unchanged += 1
        leave_out(report, keep, forms)

    def fails(self, report: Report) -> bool:
        """Whether what is left in a report fails the check: by default something to remove."""
        if self.limit is not None:
            return self.limit.is_exceeded(report)
        if self.baseline is not None or self.changes is not None:
            return bool(report.removals or report.flags)
        return bool(report)

    def told(self, report: Report) -> list[str]:
        """What a person is told of what is left out and of the limit."""
        summary, told = report.summary, []
        if self.baseline is not None and summary.known:
            told.append(f"{summary.known:,} known from {self.baseline.path} not shown")
        if self.changes is not None and summary.unchanged:
            told.append(f"{summary.unchanged:,} on lines not changed since {self.changes.ref} not shown")
        if self.limit is not None:
            told.append(self.limit.told(report))
        return told

    def _known(
        self,
        baseline: Baseline,
        report: Report,
        forms: Mapping[str, Form],
        is_whole: bool,
        on_problem: Tell,
        on_note: Tell,
    ) -> list[bool]:
        """Which findings the baseline knows, once it is up to date."""
        name = str(baseline.path)
        findings = report.findings
        read = {baseline.names.of(entry.path) for entry in report.documents} if is_whole else set[str]()
        known = baseline.know(findings, read)
        if self.updates:
            try:
                held = baseline.update(findings, forms)
            except OSError as error:
                on_problem(Problem(name, reason_of(error)))
                return known
            on_note(Problem(name, f"{count(held, 'finding')}, {known.count(False):,} of them new"))
            return [True] * len(known)
        if is_whole:
            try:
                gone, moved = baseline.follow(findings, forms)
            except OSError as error:
                on_note(Problem(name, reason_of(error)))
            else:
                if gone:
                    on_note(Problem(name, f"{count(gone, 'finding')} no more there, taken out"))
                if moved:
                    on_note(Problem(name, f"{count(moved, 'finding')} moved, named by the new place"))
        return known


def gate_of(
    baseline: str | None = None,
    since: str | None = None,
    limit: Limit | None = None,
    *,
    updates: bool = False,
) -> Gate:
    """The gate that the options of a check ask for: a baseline's file, a commit, a limit.

    Raises DedupError where the file cannot be read (where it `updates`, it need not be there) or the limit is none.
    """
    known = changes = None
    # Most checks ask for neither.
    if baseline is not None:
        from dedup.gate.baseline import Baseline

        known = Baseline.read(Path(baseline), may_be_absent=updates)
    if since is not None:
        from dedup.gate.since import Changes

        changes = Changes(since)
    return Gate(known, changes, limit, updates)
