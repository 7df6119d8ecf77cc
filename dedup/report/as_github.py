"""The findings as workflow commands, which GitHub Actions shows beside the lines.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from typing import BinaryIO

from dedup.report.model import Report
from dedup.report.results import results
from dedup.report.shown import name_bytes


def write(report: Report, out: BinaryIO) -> None:
    """Writes a line for each finding, and for each comment for us that is malformed or unused."""
    for result in results(report):
        command = "notice" if result.level == "note" else result.level
        title = f"dedup: {result.rule}" if result.twin else "dedup"
        place = f"file={_property(result.document)},line={result.line},endLine={result.end_line}"
        line = f"::{command} {place},title={_property(title)}::{_data(result.says)}\n"
        out.write(name_bytes(line))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
