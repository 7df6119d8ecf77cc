"""`dedup clean`: what repeats is taken out."""

from __future__ import annotations

from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from dedup.cli.configured import Configured
from dedup.cli.options import (
    DEFAULT,
    PATH,
    against_option,
    comparison_options,
    decisions_option,
    index_options,
    jobs_option,
    log_option,
    memory_option,
    only_read,
    paths_argument,
    reports_option,
)
from dedup.settings import Empty

if TYPE_CHECKING:
    from dedup.cli.run import Run
    from dedup.output import Destination


@click.command(
    cls=Configured,
    epilog="""
    \b
    Exit status:
      0  the work is done
      2  wrong usage, or an input could not be worked on (the others were)

    \b
    Examples:
      dedup clean article.txt > clean.txt
      dedup clean docs/ -o cleaned/ --report report.json
      dedup clean docs/ --in-place
      dedup clean docs/ --diff | less -R
      dedup clean docs/ --in-place --decisions dedup-decisions.json
      dedup clean 'parts/*.parquet' -o cleaned/ --text-column body
      dedup clean today.jsonl -o clean.jsonl --index seen --batch-id 2026-11-25
      producer | dedup clean - --input-format jsonl | consumer
    """,
)
@paths_argument
@click.option(
    "-o",
    "--output",
    metavar="DEST",
    type=PATH,
    help="Write to DEST: a file for one document, else a folder that mirrors the input, unchanged files too.",
)
@click.option(
    "--in-place",
    is_flag=True,
    help="Change the files themselves, each whole or not at all. Without a --report to restore from, "
    "dedup-report.json is written to the current folder first.",
)
@click.option("--diff", is_flag=True, help="Show what would change as a unified diff, and change nothing.")
@against_option
@comparison_options
@index_options
@decisions_option
@click.option(
    "--empty",
    type=click.Choice(get_args(Empty)),
    help="What becomes of a document (with -o) or row of which nothing would be left: keep writes it empty, drop "
    f"leaves it out, flag leaves it as it is and reports it. [default: {DEFAULT.empty}]",
)
@click.option(
    "--drop-repeated",
    type=float,
    metavar="SHARE",
    help="Leave out a row of a table of which at least this share of the words, over 0 and at most 1, repeats others.",
)
@jobs_option
@memory_option
@log_option
@reports_option
def clean(
    paths: tuple[str, ...],
    output: str | None,
    in_place: bool,
    diff: bool,
    reports: tuple[str, ...],
    **options: Any,
) -> int:
    """Take out what repeats, and report every removal.

    PATH is a file, a glob, a directory (its texts, .gitignore respected; where it has none, its
    tables), or - for standard input. Tables hold a document a row: .jsonl, .csv, .tsv, .parquet, .arrow, and these
    with .gz or .zst.
    What comes first is kept: the order is that of the arguments, and path order inside a directory.

    One document goes to standard output; several need -o, --in-place or --diff. What is kept is kept byte for
    byte. With a .json or .jsonl report, `dedup restore` undoes it all.
    """
    if (output is not None) + in_place + diff > 1:
        raise click.UsageError("only one of -o, --in-place and --diff can be given")
    if in_place and "-" in paths:
        raise click.UsageError("standard input cannot be cleaned in place")
    batch = options["batch_id"]
    if batch is not None and not options["index"]:
        raise click.UsageError("--batch-id names a batch of an index: it needs --index")
    if batch is not None and not (batch and batch.isprintable()):
        raise click.UsageError("--batch-id: a name has at least one character, and no line breaks")
    if diff:
        only_read(options, "--diff")

    from dedup.cli.run import Run
    from dedup.cli.say import Problems
    from dedup.output import Destination
    from dedup.report.files import check_undo
    from dedup.sources.files import expand

    paths = tuple(expand(paths))
    problems = Problems()
    destination = Destination(output, paths, problems.tell) if output is not None else None
    folder = destination.path if destination and destination.is_folder else None
    if in_place:
        for name in reports:
            check_undo(Path(name))
    where = "--in-place" if in_place else output or ""
    with Run(paths, options, reports, problems, output=folder, findings=in_place, where=where) as run:
        if destination:
            _write(run, destination)
        elif in_place:
            _replace(run)
        elif diff:
            _show_diff(run)
        else:
            _print(run)
        run.add_to_index()
        if not run.was_left:
            run.say_summary(done=not diff)
    return 2 if problems.count else 0


def _write(run: Run, destination: Destination) -> None:
    for position, cleaned in enumerate(run.cleaned()):
        entry = destination.write(cleaned, drop_empty=run.settings_of(cleaned.path).empty == "drop")
        run.report.documents[position] = entry
    run.write_reports()


def _replace(run: Run) -> None:
    from dedup.output import check_in_place, clean_in_place

    check_in_place(run.sources, run.settings)
    for _ in run.cleaned():
        pass
    # What is taken out must be safe before the first file is touched.
    run.write_reports()
    if run.report.removals:
        run.write_default_report()
        run.ready_index()
        clean_in_place(run.report, run.problems.tell)


def _show_diff(run: Run) -> None:
    from dedup.cli.colour import is_terminal, takes_colour
    from dedup.cli.say import standard_output
    from dedup.diff import coloured, diff_of, shown
    from dedup.problems import Problem
    from dedup.rows import CleanedTable

    for cleaned in run.cleaned(quiet=True):
        if isinstance(cleaned, CleanedTable):
            run.problems.tell(Problem(cleaned.path, "a table has no diff; --report lists what would go"))
            continue
        with standard_output() as out:
            lines = diff_of(cleaned.document, ((removal.start, removal.end) for removal in cleaned.removals))
            lines = shown(lines) if is_terminal(out) else lines
            out.writelines(coloured(lines) if takes_colour(out) else lines)
    run.write_reports()


def _print(run: Run) -> None:
    from dedup.cli.say import standard_output
    from dedup.output import write_parts
    from dedup.problems import DedupError, Problem
    from dedup.rows import CleanedTable
    from dedup.tables import write_table

    documents = iter(run.sources)
    first = list(islice(documents, 2))
    if len(first) > 1:
        raise click.UsageError("several documents need -o DEST, --in-place or --diff")
    for cleaned in run.cleaned(chain(first, documents)):
        is_written = False
        try:
            with standard_output() as out:
                if isinstance(cleaned, CleanedTable):
                    if not cleaned.form.is_plain and out.isatty():
                        raise click.UsageError(f"{cleaned.form} is nothing for a terminal; use -o DEST")
                    write_table(cleaned, out, cleaned.form, out.flush if cleaned.is_stream else None)
                else:
                    write_parts(cleaned.parts(), out)
                out.flush()
                is_written = True
        except DedupError as error:
            run.problems.tell(Problem(cleaned.path, str(error)))
            continue
        if is_written:
            continue
        # Who read has gone.
        if run.adds_to_index:
            run.problems.tell(Problem(cleaned.path, "standard output was closed before all was written"))
        if isinstance(cleaned, CleanedTable) and (cleaned.is_stream or not run.has_reports):
            cleaned.stop()
            run.was_left = True
    run.write_reports()
