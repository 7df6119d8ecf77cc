"""The formats that standard output takes."""

from __future__ import annotations

from typing import BinaryIO

from dedup.report import as_text
from dedup.report.files import writer
from dedup.report.model import Report


def write_format(report: Report, name: str, out: BinaryIO) -> None:
    """Writes a report as `text`, or in the format whose files end in the name."""
    write = as_text.write if name == "text" else writer(f".{name}")
    write(report, out)
