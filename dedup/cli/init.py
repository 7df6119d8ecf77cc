"""`dedup init`: a configuration file to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from dedup.settings import Preset


@click.command(
    epilog="""
    \b
    Exit status:
      0  the file was written
      2  wrong usage, or there are settings already

    \b
    Examples:
      dedup init
      dedup init --preset docs
      dedup init --pyproject
    """
)
@click.option(
    "--preset",
    type=click.Choice(get_args(Preset)),
    default="prose",
    show_default=True,
    help="The set of defaults that is written out.",
)
@click.option(
    "--pyproject",
    is_flag=True,
    help="Add a table [tool.dedup] to pyproject.toml instead of writing dedup.toml.",
)
def init(preset: str, pyproject: bool) -> int:
    """Write a configuration file with every setting.

    Each has its default and a line that says what it does. The file is dedup.toml in the current folder, and
    holds for this folder and all below it. Nothing that is there is overwritten.
    """
    from dedup.cli.say import say
    from dedup.config.template import template
    from dedup.config.write import add_table, write_new

    if pyproject:
        path = Path("pyproject.toml")
        add_table(path, template(preset, "tool.dedup"))
        say(f"added [tool.dedup] to {path}: every setting, with the values of the preset {preset}")
    else:
        path = Path("dedup.toml")
        write_new(path, template(preset))
        say(f"wrote {path}: every setting, with the values of the preset {preset}")
    say("next: dedup check .")
    return 0
