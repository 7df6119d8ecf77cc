"""The command line: a click command a file, imported when it is called."""

from __future__ import annotations

import gc
import os

import click

from dedup.cli.group import LazyGroup

# NumPy's linear algebra is not used here, and would start a thread for each processor.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Arrow's own pool gives its memory back and takes it anew for each batch, which costs the system a third of a run.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

# What is imported and remembered is never garbage; looking through it again and again took a fifth of the time.
gc.set_threshold(200_000, 20, 100)

COMMANDS = {
    "check": "Report what repeats, and change nothing.",
    "clean": "Take out what repeats, and report every removal.",
    "restore": "Put back what a clean took out, byte for byte.",
    "review": "Judge what repeats, one finding after the other.",
    "explain": "Show why two places count as a repeat, or why not.",
    "tune": "Show what each threshold would take, and suggest one.",
    "report": "Render a saved report in another format.",
    "init": "Write a configuration file with every setting.",
    "index": "Show what an index holds, take out of it, check it.",
}


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        from dedup._version import __version__
        from dedup.kernel import kernel_name

        click.echo(f"dedup {__version__} (kernel: {kernel_name()})")
        context.exit()


@click.group(
    cls=LazyGroup,
    summaries=COMMANDS,
    invoke_without_command=True,
    name="dedup",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""
    Settings come from the command line, then from dedup.toml, .dedup.toml or [tool.dedup] in pyproject.toml
    (the nearest one upwards from the current folder), then from the preset. `dedup COMMAND --help` tells
    more.

    \b
    Exit status:
      0  nothing found, or the work is done
      1  check found something to remove
      2  wrong usage, or an input could not be worked on (the others were)

    \b
    Examples:
      dedup check docs/
      dedup tune docs/
      dedup clean article.txt > clean.txt
      dedup clean docs/ -o cleaned/ --report report.json
      dedup restore report.json
    """,
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and which kernel is in use, and exit.",
)
@click.pass_context
def main(context: click.Context) -> None:
    """Find paragraphs and headlines that repeat earlier ones, inside one document and across documents.

    Repeats are taken out, everything else is kept byte for byte, and every removal is reported with the place
    that it repeats, so that it can be checked and undone.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help(), err=True)
        context.exit(2)
