"""Every option of the commands by the name that it has in a file, for the schema and for what `dedup init` writes."""

from __future__ import annotations

import re

import click

from dedup.cli.configured import NOT_IN_FILE, OfThisRun, configured_commands


def all_options() -> dict[str, list[click.Option]]:
    """The options that can stand in a file, settings too, in the order of the commands; those of one name together."""
    found: dict[str, list[click.Option]] = {}
    for command in configured_commands():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not (
                parameter.hidden or isinstance(parameter, OfThisRun)
            ):
                long = [name.removeprefix("--") for name in parameter.opts if name.startswith("--")]
                if long and long[0] not in NOT_IN_FILE:
                    found.setdefault(long[0], []).append(parameter)
    return found


def told(option: click.Option) -> str:
    """What the help says of an option, less what does not hold for a file."""
    text = re.sub(r"\s*\[default: [^]]*\]", "", option.help or "").strip()
    return re.sub(r"[;,] may be given more than once", "", text)


def told_in_short(option: click.Option) -> str:
    """The first sentence of it."""
    return re.split(r"(?<=[^.]\.)\s", told(option), maxsplit=1)[0]
