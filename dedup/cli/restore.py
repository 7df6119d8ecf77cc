"""`dedup restore`: the way back."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(
    epilog="""
    \b
    Exit status:
      0  every document is its original again
      2  wrong usage, or a document could not be put back (the others were)

    \b
    Examples:
      dedup restore dedup-report.json
      dedup restore report.json --root cleaned/
      dedup restore ../reports/monday.jsonl --root .
    """
)
@click.argument("report", metavar="REPORT", type=click.Path(path_type=Path))
@click.option(
    "--root",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the documents are now; nothing outside is touched. [default: the current folder]",
)
def restore(report: Path, root: Path | None) -> int:
    """Put back what a clean took out, byte for byte.

    REPORT is a .json or .jsonl report that the clean wrote. Its paths are those seen from the folder where
    the clean ran: call restore there too, or say with --root where the documents are.

    What was written with -o is made whole there; what was cleaned in place, in place. A file that is the
    original already is left alone, and so is one that was edited since, which is said. To restore twice, or
    after a clean that was cut short, is safe.
    """
    from dedup.cli.say import Problems, say
    from dedup.report.files import read_report
    from dedup.report.shown import count
    from dedup.restore import restore as put_back

    problems = Problems()
    result = put_back(read_report(report), root, problems.tell)
    parts = [f"{count(len(result.restored), 'document')} restored"]
    if result.already:
        parts.append(f"{len(result.already):,} already the original")
    if problems.count:
        parts.append(f"{count(problems.count, 'problem')}, named above")
    say("; ".join(parts))
    return 2 if problems.count else 0
