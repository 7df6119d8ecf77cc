"""The Python calls: `check` and `clean` on files and directories, `document` for texts at hand."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dedup.cleaner import Cleaner
from dedup.decisions import Decisions
from dedup.documents import Document, Syntax
from dedup.drift import list_drift
from dedup.gate import gate_of
from dedup.output import Destination, check_in_place, clean_in_place
from dedup.problems import DedupError, Problem
from dedup.report.files import RESTORABLE, check_undo, is_restorable, write_report
from dedup.report.model import Report
from dedup.settings import Settings
from dedup.sources import Sources
from dedup.sources.encoding import NotText, decode
from dedup.sources.walk import syntax_of

PathName = str | os.PathLike[str]


class InputProblems(DedupError):
    """Some inputs could not be worked on; the others were: `report` is theirs, `problems` says which and why."""

    def __init__(self, problems: Sequence[Problem], report: Report) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = tuple(problems)
        self.report = report


def document(text: str | bytes, path: str = "text", syntax: Syntax | None = None) -> Document:
    """A text at hand as a Document for a `Cleaner`, under a path of your choice; DedupError where it is no text.

    The syntax is that of the path's ending (`.md`, `.rst`, `.html`, `.ipynb`, else plain text) where none is given.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        return decode(path, data, syntax or syntax_of(path), path)
    except NotText as error:
        raise DedupError(f"{path}: {error}") from None


def check(
    *paths: PathName,
    baseline: PathName | None = None,
    since: str | None = None,
    decisions: Decisions | PathName | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> Report:
    """What repeats in files and directories; changes nothing. With `preset="docs"` also which copies drifted apart.

    With a `baseline` only what that file does not know, and with `since` only what is on lines that were changed since
    that branch, tag or commit of git. `decisions`, or the file that holds them, say what becomes of pairs of blocks.

    `settings`, or options by their names as in `Settings.of(near="flag")`. Raises DedupError for wrong settings,
    InputProblems once all other inputs are done.
    """
    chosen = _settings(settings, options)
    cleaner = Cleaner(chosen, drift=chosen.preset == "docs", decisions=decisions)
    problems: list[Problem] = []
    gate = gate_of(None if baseline is None else os.fspath(baseline), since)
    apart = [str(gate.file)] if gate.file else []
    apart += _file_of(decisions)
    sources = Sources(_names(paths), cleaner.settings, exclude_dirs=apart, on_problem=problems.append)
    gate.order(sources)
    for _ in cleaner.feed_all(sources):
        pass
    cleaner.end()
    gate.narrow(cleaner.report, dict(sources.tables()))
    if cleaner.copies is not None:
        list_drift(cleaner.report, cleaner.copies)
    return _finished(cleaner.report, sources, problems)


def clean(
    *paths: PathName,
    output: PathName | None = None,
    in_place: bool = False,
    report: PathName | None = None,
    decisions: Decisions | PathName | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> Report:
    """Takes what repeats out of files and directories, into `output` or `in_place`, and gives the report.

    `output` is a file for one document, else a folder that mirrors the input. `report` is a file to write the
    report to, its format by its ending; `in_place` needs one that can be restored from (.json, .jsonl), which is on
    the disk before the first file changes. `decisions`, or the file that holds them, are obeyed. Raises DedupError for
    wrong use, InputProblems once all other inputs are done.
    """
    if (output is not None) == in_place:
        raise DedupError("clean needs either output or in_place")
    if in_place and (report is None or not is_restorable(Path(report))):
        raise DedupError(f"in_place needs a report to restore from ({', '.join(RESTORABLE)})")
    if in_place and report is not None:
        check_undo(Path(report))
    cleaner = Cleaner(_settings(settings, options), decisions=decisions)
    problems: list[Problem] = []
    names = _names(paths)
    destination = None if output is None else Destination(os.fspath(output), names, problems.append)
    folder = destination.path if destination and destination.is_folder else None
    apart = [str(folder)] if folder else []
    apart += _file_of(decisions)
    sources = Sources(names, cleaner.settings, exclude_dirs=apart, on_problem=problems.append)
    if in_place:
        check_in_place(sources, cleaner.settings)
    for position, cleaned in enumerate(cleaner.feed_all(sources)):
        if destination:
            drop = cleaner.settings_of(cleaned.path).empty == "drop"
            cleaner.report.documents[position] = destination.write(cleaned, drop_empty=drop)
    cleaner.end()
    if report is not None:
        write_report(cleaner.report, Path(report))
    if in_place:
        clean_in_place(cleaner.report, problems.append)
    return _finished(cleaner.report, sources, problems)


def _settings(settings: Settings | None, options: dict[str, Any]) -> Settings:
    if settings is not None and options:
        raise DedupError("give either settings or single options")
    return settings or Settings.of(options)


def _file_of(decisions: Decisions | PathName | None) -> list[str]:
    """The file of decisions, which is no document."""
    return [] if decisions is None or isinstance(decisions, Decisions) else [os.fspath(decisions)]


def _names(paths: Sequence[PathName]) -> list[str]:
    return [os.fspath(path) for path in paths]


def _finished(report: Report, sources: Sources, problems: list[Problem]) -> Report:
    report.summary.passed_over = dict(sources.passed_over)
    if problems:
        raise InputProblems(problems, report)
    return report
