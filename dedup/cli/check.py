"""`dedup check`: what repeats, and nothing changed."""

from __future__ import annotations

from typing import Any

import click

from dedup.cli.configured import Configured
from dedup.cli.options import (
    comparison_options,
    index_read_option,
    jobs_option,
    log_option,
    memory_option,
    only_read,
    paths_argument,
    reports_option,
)


@click.command(
    cls=Configured,
    epilog="""
    \b
    Exit status:
      0  nothing to remove
      1  something to remove
      2  wrong usage, or an input could not be worked on (the others were)

    \b
    Examples:
      dedup check article.txt
      dedup check docs/ --preset docs --report report.md
      dedup check releases/ --group-by '^releases/[^/]+'
      dedup check --format jsonl docs/ | jq 'select(.type == "flag")'
    """,
)
@paths_argument
@comparison_options
@index_read_option
@click.option("--index", hidden=True, multiple=True, metavar="FOLDER")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    show_default=True,
    help="What goes to standard output: a line a finding, or the report.",
)
@jobs_option
@memory_option
@log_option
@reports_option
def check(paths: tuple[str, ...], format_: str, reports: tuple[str, ...], **options: Any) -> int:
    """Report what repeats, and change nothing.

    PATH is a file, a directory (its text and Markdown files, .gitignore respected), or - for standard input.
    What comes first is kept: the order is that of the arguments, and path order inside a directory.

    Each finding is one line, `path:line: rule similarity "first words…" = path:line`, the last being the
    place that it repeats. Flags are what a person should look at; they stay in the text.
    """
    only_read(options, "check")
    from dedup.cli.formats import write_format
    from dedup.cli.run import Run
    from dedup.cli.say import Problems, standard_output
    from dedup.sources.files import expand

    with Run(expand(paths), options, reports, Problems(), findings=True) as run:
        for _ in run.cleaned():
            pass
        run.write_reports()
        with standard_output() as out:
            write_format(run.report, format_, out)
        run.say_summary(done=False)
    if run.problems.count:
        return 2
    return 1 if run.report else 0
