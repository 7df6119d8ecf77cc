"""A report as a file: the format follows from the file name's ending."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from dedup.atomic import replacing, sync_folder
from dedup.problems import DedupError, reason_of
from dedup.report.model import Report

# Where each ending's writer is; a module is imported when its format is wanted. Of endings that fit the first counts.
_WRITERS = {
    ".gitlab.json": ("dedup.report.as_gitlab", "write"),
    ".junit.xml": ("dedup.report.as_junit", "write"),
    ".sarif": ("dedup.report.as_sarif", "write"),
    ".sarif.json": ("dedup.report.as_sarif", "write"),
    ".json": ("dedup.report.as_json", "write"),
    ".jsonl": ("dedup.report.as_jsonl", "write"),
    ".md": ("dedup.report.as_markdown", "write"),
    ".html": ("dedup.report.as_html", "write"),
    ".csv": ("dedup.report.as_table", "write_csv"),
    ".parquet": ("dedup.report.as_table", "write_parquet"),
}
ENDINGS = tuple(_WRITERS)
RESTORABLE = (".json", ".jsonl")

# The formats by name that have no file of their own ending, or another one.
_NAMED = {
    "github": ("dedup.report.as_github", "write"),
    "gitlab": _WRITERS[".gitlab.json"],
    "junit": _WRITERS[".junit.xml"],
}


def ending_of(path: Path) -> str | None:
    """The ending of a report's name that says its format, None where none does."""
    return next((ending for ending in _WRITERS if path.name.lower().endswith(ending)), None)


def is_restorable(path: Path) -> bool:
    """Whether a report of this name holds what `restore` needs."""
    return ending_of(path) in RESTORABLE


def check_report_path(path: Path) -> None:
    """Raises DedupError where no report can be written to `path`: an unknown ending, or no such folder."""
    if ending_of(path) is None:
        raise DedupError(f"{path}: a report's name ends in {_either(ENDINGS)}")
    if not path.parent.is_dir():
        raise DedupError(f"{path}: no such folder: {path.parent}")


def write_report(report: Report, path: Path) -> None:
    """Writes a report in the format of the path's ending; when this returns it is on the disk, whole.

    Raises DedupError where the ending is unknown, the file cannot be written, or is a document of the report;
    then nothing is written.
    """
    check_report_path(path)
    if path.exists() and _is_document(path, report):
        raise DedupError(f"{path}: the report would overwrite a document of this run")
    try:
        with replacing(path) as out:
            _load(*_WRITERS[ending_of(path) or ""])(report, out)
        sync_folder(path.resolve().parent)
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None


def _is_document(path: Path, report: Report) -> bool:
    """Whether the path is what one of the documents was read from, or written to."""
    real = os.path.realpath(path)
    for name in (name for entry in report.documents for name in (entry.path, entry.output) if name):
        with suppress(ValueError):  # a saved report may name what no file can be called
            if os.path.realpath(name) == real:
                return True
    return False


def writer(format_: str) -> Callable[[Report, BinaryIO], None]:
    """The function that writes a format by its name, such as `json` or `github`."""
    return _load(*_NAMED.get(format_) or _WRITERS[f".{format_}"])


def _load(module: str, name: str) -> Callable[[Report, BinaryIO], None]:
    write: Callable[[Report, BinaryIO], None] = getattr(import_module(module), name)
    return write


def read_report(path: Path) -> Report:
    """The report that a .json or .jsonl file holds; a DedupError says in one line what is wrong with it."""
    ending = ending_of(path)
    if ending not in RESTORABLE:
        raise DedupError(f"{path}: only {_either(RESTORABLE)} reports can be read back")
    report: Report = import_module(_WRITERS[ending][0]).read(path)
    return report


def _either(endings: tuple[str, ...]) -> str:
    return f"{', '.join(endings[:-1])} or {endings[-1]}"


def check_undo(path: Path) -> None:
    """Raises DedupError where a file holds the report of an earlier clean, which only that file can undo."""
    if not is_restorable(path) or not path.is_file():
        return
    try:
        earlier = read_report(path)
    except DedupError:
        return
    if earlier.removals:
        raise DedupError(
            f"{path}: holds the report of an earlier clean, which could not be undone without it; name another"
        )
