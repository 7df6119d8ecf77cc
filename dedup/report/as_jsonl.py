"""The report as JSON Lines: the run first, then a line a document, removal, flag and drifted copy."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from dedup.problems import DedupError, reason_of
from dedup.report.as_json import decoded, encoded
from dedup.report.model import Report
from dedup.report.rows import (
    document_row,
    drift_row,
    finding_row,
    head_row,
    read_document,
    read_drift,
    read_flag,
    read_head,
    read_removal,
)


def write(report: Report, out: BinaryIO) -> None:
    """Writes the report as JSON Lines."""
    out.write(encoded({"type": "run", **head_row(report)}) + b"\n")
    for entry in report.documents:
        out.write(encoded({"type": "document", **document_row(entry)}) + b"\n")
    for removal in report.removals:
        out.write(encoded({"type": "removal", **finding_row(removal)}) + b"\n")
    for flag in report.flags:
        out.write(encoded({"type": "flag", **finding_row(flag)}) + b"\n")
    for group in report.drift:
        out.write(encoded({"type": "drift", **drift_row(group)}) + b"\n")


def read(path: Path) -> Report:
    """The report that a JSON Lines file holds; a DedupError says in one line what is wrong with it."""
    report: Report | None = None
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                where = f"{path}: line {number}"
                row = decoded(line, where)
                kind = row.get("type") if isinstance(row, dict) else None
                if report is None:
                    # The version is said of the file, not of its first line.
                    report = read_head(row, str(path))
                elif kind == "document":
                    report.documents.append(read_document(row, where))
                elif kind == "removal":
                    report.removals.append(read_removal(row, where))
                elif kind == "flag":
                    report.flags.append(read_flag(row, where))
                elif kind == "drift":
                    report.drift.append(read_drift(row, where))
                else:
                    raise DedupError(f"{where}: 'type' must be document, removal, flag or drift")
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None
    if report is None:
        raise DedupError(f"{path}: not a report of dedup: it is empty")
    return report
