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

# Where each ending's writer is; a module is imported when its format is wanted.
_WRITERS = {
    ".json": ("dedup.report.as_json", "write"),
    ".jsonl": ("dedup.report.as_jsonl", "write"),
    ".md": ("dedup.report.as_markdown", "write"),
    ".csv": ("dedup.report.as_table", "write_csv"),
    ".parquet": ("dedup.report.as_table", "write_parquet"),
}
ENDINGS = tuple(_WRITERS)
RESTORABLE = (".json", ".jsonl")


def check_report_path(path: Path) -> None:
    """Raises DedupError where no report can be written to `path`: an unknown ending, or no such folder."""
    if path.suffix.lower() not in _WRITERS:
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
            writer(path.suffix.lower())(report, out)
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


def writer(ending: str) -> Callable[[Report, BinaryIO], None]:
    """The function that writes the format of an ending such as `.json`."""
    module, name = _WRITERS[ending]
    write: Callable[[Report, BinaryIO], None] = getattr(import_module(module), name)
    return write


def read_report(path: Path) -> Report:
    """The report that a .json or .jsonl file holds; a DedupError says in one line what is wrong with it."""
    ending = path.suffix.lower()
    if ending not in RESTORABLE:
        raise DedupError(f"{path}: only {_either(RESTORABLE)} reports can be read back")
    report: Report = import_module(_WRITERS[ending][0]).read(path)
    return report


def _either(endings: tuple[str, ...]) -> str:
    return f"{', '.join(endings[:-1])} or {endings[-1]}"


def check_undo(path: Path) -> None:
    """Raises DedupError where a file holds the report of an earlier clean, which only that file can undo."""
    if path.suffix.lower() not in RESTORABLE or not path.is_file():
        return
    try:
        earlier = read_report(path)
    except DedupError:
        return
    if earlier.removals:
        raise DedupError(
            f"{path}: holds the report of an earlier clean, which could not be undone without it; name another"
        )
