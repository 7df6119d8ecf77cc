"""The group of commands: imports a command when it is called, and says every error in one line."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from dedup.cli.say import Log, say
from dedup.problems import DedupError, reason_of

USAGE, INTERRUPTED = 2, 130


def _end(number: int, _: Any) -> None:
    raise SystemExit(128 + number)


class LazyGroup(click.Group):
    """A group whose commands stand in modules of their own names, beside this one."""

    def __init__(self, *args: Any, summaries: Mapping[str, str], **options: Any) -> None:
        """`summaries` says of each command in one line what it does, so that help need not import it."""
        super().__init__(*args, **options)
        self._summaries = summaries

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they were given."""
        return list(self._summaries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, imported now."""
        if cmd_name not in self._summaries:
            return None
        command: click.Command = getattr(import_module(f"dedup.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments call; an unknown one is an error that names the nearest."""
        name = args[0]
        if name not in self._summaries and not name.startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(name, self._summaries, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise click.UsageError(f"No such command {name!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands for the help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(self._summaries.items()))

    def main(self, *args: Any, **options: Any) -> Any:
        """Runs the command line and exits with its status; whatever is wrong is one line on stderr."""
        options["standalone_mode"] = False
        raise SystemExit(self._status(*args, **options))

    def _status(self, *args: Any, **options: Any) -> int:
        # Else what was begun beside a file would be left there.
        with suppress(ValueError):  # only the main thread of a program may say so
            signal.signal(signal.SIGTERM, _end)
        # What is wrong with the arguments is told before they are read.
        Log.as_json = "--log-json" in (args[0] if args else options.get("args") or sys.argv[1:])
        try:
            return super().main(*args, **options) or 0
        except click.Abort:
            return INTERRUPTED
        except click.ClickException as error:
            say(" ".join(error.format_message().split()), "error")
        except DedupError as error:
            say(str(error), "error")
        except OSError as error:
            say(f"{error.filename}: {reason_of(error)}" if error.filename else reason_of(error), "error")
        except MemoryError:
            say("not enough memory", "error")
        except Exception:
            import traceback

            # A mistake of the program: 1 would tell a CI job that there is something to remove.
            traceback.print_exc()
        return USAGE
