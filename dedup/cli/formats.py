"""The formats that standard output takes."""

from __future__ import annotations

from itertools import chain
from typing import BinaryIO

from dedup.cli.colour import coloured, is_terminal, takes_colour
from dedup.report import as_text
from dedup.report.files import writer
from dedup.report.graphemes import isolated
from dedup.report.model import Report


def write_format(report: Report, name: str, out: BinaryIO, *, drift_only: bool = False) -> None:
    """Writes a report as `text`, or in another format by its name; as text with nothing but drifted copies if so."""
    if name != "text":
        writer(name)(report, out)
        return
    shown = coloured if takes_colour(out) else str
    # What goes although it is a drifted copy is told among these.
    apart = isolated if is_terminal(out) else str
    others = () if drift_only else as_text.finding_lines(report, apart)
    for line in chain(as_text.drift_lines(report, apart), others):
        out.write(shown(line).encode("utf-8") + b"\n")
