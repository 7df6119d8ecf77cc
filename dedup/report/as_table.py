"""The report as a flat table, one row a finding, for those who count and join: CSV and Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from dedup.report.model import Finding, Flag, Report, bytes_field
from dedup.report.rows import SIMILARITY_DIGITS
from dedup.report.shown import cut

if TYPE_CHECKING:
    import polars


def write_csv(report: Report, out: BinaryIO) -> None:
    """Writes the findings as CSV."""
    table(report).write_csv(out)


def write_parquet(report: Report, out: BinaryIO) -> None:
    """Writes the findings as Parquet."""
    table(report).write_parquet(out)


def table(report: Report) -> polars.DataFrame:
    """The findings as a polars table: the removals, then the flags, in the report's order."""
    # Takes a third of a second, which a check of a few files need not spend.
    import polars

    schema: dict[str, Any] = {
        "type": polars.String,
        "document": polars.String,
        "start": polars.Int64,
        "end": polars.Int64,
        "line": polars.Int64,
        "end_line": polars.Int64,
        "kind": polars.String,
        "rule": polars.String,
        "similarity": polars.Float64,
        "run": polars.Int64,
        "kept_document": polars.String,
        "kept_start": polars.Int64,
        "kept_end": polars.Int64,
        "kept_line": polars.Int64,
        "guard": polars.String,
        "text": polars.String,
        "bytes": polars.String,
        "id": polars.String,
        "kept_id": polars.String,
        "kept_batch": polars.String,
        "pair": polars.String,
        "decision": polars.String,
    }
    rows = [
        (
            "flag" if isinstance(finding, Flag) else "removal",
            _storable(finding.document),
            finding.start,
            finding.end,
            finding.line,
            finding.end_line,
            _storable(finding.kind),
            _storable(finding.rule),
            cut(finding.similarity, SIMILARITY_DIGITS),
            finding.run,
            _storable(finding.kept.document),
            finding.kept.start,
            finding.kept.end,
            finding.kept.line,
            _storable(finding.guard) if finding.guard else None,
            _storable(finding.text),
            None if isinstance(finding, Flag) else bytes_field(finding.text, finding.raw),
            *(None if each is None else _storable(each) for each in _names_of(finding)),
        )
        for finding in report.findings
    ]
    return polars.DataFrame(rows, schema=schema, orient="row")


def _names_of(finding: Finding) -> tuple[str | None, ...]:
    decision = None if isinstance(finding, Flag) else finding.decision
    return finding.id, finding.kept.id, finding.kept.batch, finding.pair, decision


def _storable(text: str) -> str:
    """The text with unpaired surrogates (bytes of file names that are no UTF-8) written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
