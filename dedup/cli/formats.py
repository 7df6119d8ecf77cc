"""The formats that standard output takes."""

from __future__ import annotations

from itertools import chain
from typing import BinaryIO

from dedup.cli.colour import coloured, takes_colour
from dedup.report import as_text
from dedup.report.files import writer
from dedup.report.model import Report


def write_format(report: Report, name: str, out: BinaryIO) -> None:
    """Writes a report as `text`, or in another format by its name."""
    if name != "text":
        writer(name)(report, out)
        return
    shown = coloured if takes_colour(out) else str
    for line in chain(as_text.drift_lines(report), as_text.finding_lines(report)):
        out.write(shown(line).encode("utf-8") + b"\n")
