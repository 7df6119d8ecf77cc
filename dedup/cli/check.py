"""`dedup check`: what repeats, and nothing changed."""

from __future__ import annotations

from typing import Any

import click

from dedup.cli.configured import Configured
from dedup.cli.gating import gate_options, take_gate
from dedup.cli.options import (
    against_option,
    comparison_options,
    decisions_option,
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
      1  something to remove; with --baseline, --since or --fail-over what these say; with --drift-only, a drifted copy
      2  wrong usage, or an input could not be worked on (the others were)

    \b
    Examples:
      dedup check article.txt
      dedup check docs/ --preset docs --report report.md
      dedup check docs/ --drift-only
      dedup check releases/ --group-by '^releases/[^/]+'
      dedup check . --baseline .dedup-baseline.jsonl --update-baseline
      dedup check . --baseline .dedup-baseline.jsonl
      dedup check . --since origin/main
      dedup check --format jsonl docs/ | jq 'select(.type == "flag")'
    """,
)
@paths_argument
@against_option
@comparison_options
@index_read_option
@click.option("--index", hidden=True, multiple=True, metavar="FOLDER")
@decisions_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "jsonl", "sarif", "github", "gitlab", "junit"]),
    default="text",
    show_default=True,
    help="What goes to standard output: a line a finding, the report, or what a code host takes: SARIF, GitHub's "
    "workflow commands, GitLab's Code Quality, JUnit XML.",
)
@click.option(
    "--drift-only",
    is_flag=True,
    help="List only drifted copies (one paragraph in several places, not the same everywhere), and exit with 1 where "
    "there are any.",
)
@gate_options
@jobs_option
@memory_option
@log_option
@reports_option
def check(paths: tuple[str, ...], format_: str, reports: tuple[str, ...], **options: Any) -> int:
    """Report what repeats, and change nothing.

    PATH is a file, a directory (its texts, .gitignore respected), or - for standard input.
    What comes first is kept: the order is that of the arguments, and path order inside a directory.

    Each finding is one line, `path:line: rule similarity "first words…" = path:line`, the last being the
    place that it repeats. Flags are what a person should look at; they stay in the text.

    With --preset docs drifted copies come first, each with its wordings, the words that differ marked
    [-so-]{+like this+}, which is commonest, and which is newest by git. Words that only name what a page is about
    make no drift.
    """
    only_read(options, "check")
    from dedup.cli.formats import write_format
    from dedup.cli.run import Run
    from dedup.cli.say import Problems, say, standard_output
    from dedup.sources.files import expand

    gate = take_gate(options, reports)
    with Run(
        expand(paths), options, reports, Problems(), findings=True, drift=True, apart=[gate.file]
    ) as run:
        gate.order(run.sources)
        for _ in run.cleaned():
            pass
        run.narrow(gate)
        run.list_drift()
        run.write_reports()
        with standard_output() as out:
            write_format(run.report, format_, out, drift_only=options["drift_only"])
        run.say_summary(done=False)
        for line in gate.told(run.report):
            say(line)
    if run.problems.count:
        return 2
    return 1 if gate.fails(run.report) or (options["drift_only"] and run.report.drift) else 0
