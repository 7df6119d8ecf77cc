"""`dedup index`: what an index holds, and what is taken out of it."""

from __future__ import annotations

import json
from pathlib import Path

import click

folder_argument = click.argument("path", metavar="PATH", type=click.Path(path_type=Path))


@click.group(
    epilog="""
    \b
    Exit status:
      0  the work is done, nothing is wrong
      2  wrong usage, no such index or document, or something is wrong with the index

    \b
    Examples:
      dedup index info kept/
      dedup index remove kept/ --document 4711
      dedup index remove kept/ --batch 2024-06
      dedup index verify kept/
    """
)
def index() -> None:
    """Show what an index holds, take out of it, check it.

    An index is what `dedup clean --index` remembers of earlier batches.
    """


@index.command()
@folder_argument
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How."
)
def info(path: Path, format_: str) -> int:
    """Show what an index holds: batches, documents, paragraphs, bytes, settings."""
    from dedup.cli.say import standard_output
    from dedup.index.info import info_of, lines_of

    found = info_of(path)
    text = json.dumps(found, indent=2) if format_ == "json" else "\n".join(lines_of(found))
    with standard_output() as out:
        out.write(text.encode("utf-8", "backslashreplace") + b"\n")
    return 0


@index.command()
@folder_argument
@click.option("--document", metavar="NAME", help="Its id, its path, or path:line for the row of a table.")
@click.option("--batch", metavar="NAME", help="A batch by the name that --batch-id gave it.")
def remove(path: Path, document: str | None, batch: str | None) -> int:
    """Take a document or a batch out of an index, its text and all.

    What it alone had kept back is then no reason to remove anything any more.
    """
    if (document is None) == (batch is None):
        raise click.UsageError("give either --document or --batch")
    from dedup.cli.say import say
    from dedup.index.remove import Change

    change = Change(path)
    try:
        count = change.remove_batch(batch) if batch is not None else change.remove_document(document or "")
    finally:
        change.close()
    say(f"{count:,} document{'s' * (count != 1)} removed from {path}")
    return 0


@index.command()
@folder_argument
def compact(path: Path) -> int:
    """Put the files of an index together into one."""
    from dedup.index.remove import Change

    change = Change(path)
    try:
        change.compact()
    finally:
        change.close()
    return 0


@index.command()
@folder_argument
def verify(path: Path) -> int:
    """Check an index: counts, hashes, keys, and that every number leads somewhere; a line for each problem."""
    from dedup.cli.say import say
    from dedup.index.verify import problems_of

    problems = problems_of(path)
    for problem in problems:
        say(f"{path}: {problem}")
    if not problems:
        say(f"{path}: nothing is wrong")
    return 2 if problems else 0
