"""`dedup report`: a saved report in another format."""

from __future__ import annotations

from pathlib import Path

import click

from dedup.cli.options import REPORT_ENDINGS


@click.command(
    epilog="""
    \b
    Exit status:
      0  the report was written
      2  wrong usage, or the report cannot be read

    \b
    Examples:
      dedup report report.json
      dedup report report.json -o report.html
      dedup report report.jsonl -o report.md
      dedup report report.json -o findings.parquet
      dedup report report.json --format md | less
    """
)
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help=f"Write to FILE, in the format of its ending: {REPORT_ENDINGS}.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl", "md", "sarif", "github", "gitlab", "junit"]),
    help="What goes to standard output. [default: text]",
)
def report(report: Path, output: Path | None, format_: str | None) -> None:
    """Render a saved report in another format.

    REPORT is a .json or .jsonl file that check or clean wrote with --report.
    """
    if output is not None and format_ is not None:
        raise click.UsageError("only one of -o and --format can be given")

    from dedup.cli.formats import write_format
    from dedup.cli.say import standard_output
    from dedup.report.files import read_report, write_report

    saved = read_report(report)
    if output is not None:
        write_report(saved, output)
        return
    with standard_output() as out:
        write_format(saved, format_ or "text", out)
