"""`dedup tune`: what each threshold would take, to choose one by looking."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from dedup.cli.configured import Configured, OfThisRun, given_by_file, settings_of
from dedup.cli.options import comparison_options, log_option, paths_argument

if TYPE_CHECKING:
    from dedup.tune.model import Tuning

_NARROW, _WIDE = 60, 120


@click.command(
    cls=Configured,
    epilog="""
    \b
    Exit status:
      0  the work is done, whatever was found
      2  wrong usage, or an input could not be worked on (the others were)

    \b
    Examples:
      dedup tune docs/ --preset docs
      dedup tune articles/
      dedup tune corpus.jsonl --text-column body
      dedup tune docs/ --format json | jq '.thresholds[] | [.threshold, .removed]'
    """,
)
@paths_argument
@comparison_options
@click.option(
    "--format",
    "format_",
    cls=OfThisRun,
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What goes to standard output: a report to read, or the same numbers as JSON.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many processes try settings side by side; the result is the same. [default: one a processor]",
)
@log_option
def tune(paths: tuple[str, ...], format_: str, jobs: int | None, **options: Any) -> int:
    """Show what each threshold would take, and suggest one.

    PATH is a file, a directory (its texts, .gitignore respected), or - for standard input. Nothing is changed.

    Each number is that of a `dedup check` of its own with this threshold or these min-words and all other settings as
    they are, but for indexes, --against, baselines and decisions, which are not looked at. Of more than 16 MB of text,
    or 64 MB of a table, a sample is tried, always the same.

    Below the table stand the pairs nearest to the threshold in force and to the one suggested, on either side, the
    words that differ marked [-so-]{+like this+}; then settings for dedup.toml, with the reason for each.
    """
    from dedup.cli.say import Log, Problems, say, standard_output
    from dedup.sources import Sources
    from dedup.sources.files import expand
    from dedup.tune.inputs import Inputs
    from dedup.tune.run import tune as try_all

    settings = settings_of(options)
    problems = Problems()
    sources = Sources(expand(paths), settings, on_problem=problems.tell, on_note=problems.note)
    tables = {path for path, _ in sources.tables()}
    expected = sum(file.size for file in sources.files if file.path not in tables)
    with Inputs() as inputs:
        inputs.read(sources, expected, settings, problems.tell)
        if problems.count and not inputs.items:
            return 2
        tuning = try_all(
            inputs,
            lambda changes: settings_of({**options, **changes}),
            is_preset_given=_is_preset_given(options),
            jobs=jobs,
            tick=_progress(),
        )
    for problem in tuning.current.problems:
        problems.tell(problem)
    for note in tuning.current.notes:
        problems.note(note)
    with standard_output() as out:
        if format_ == "json":
            from dedup.tune.as_json import written

            out.write(written(tuning))
        else:
            again = _command(paths, tuning.suggestion.settings)
            out.write(_text(tuning, again, coloured=_takes_colour(out)))
    if Log.as_json:
        tried = tuning.current
        say(
            "",
            "summary",
            documents=tried.documents,
            blocks=tried.blocks,
            bytes_in=tried.bytes_in,
            problems=problems.count,
        )
    return 2 if problems.count else 0


def _is_preset_given(options: dict[str, Any]) -> bool:
    given = given_by_file()
    return options["preset"] is not None or (given is not None and "preset" in given.settings)


def _takes_colour(out: Any) -> bool:
    from dedup.cli.colour import takes_colour

    return takes_colour(out)


def _text(tuning: Tuning, again: str, *, coloured: bool) -> bytes:
    from dedup.cli.colour import changed
    from dedup.tune.as_text import lines

    width = min(max(shutil.get_terminal_size((100, 24)).columns, _NARROW), _WIDE)
    text = "".join(f"{line}\n" for line in lines(tuning, again, width))
    return (changed(text) if coloured else text).encode("utf-8", "backslashreplace")


def _command(paths: tuple[str, ...], settings: Mapping[str, Any]) -> str:
    """The command line that was given, with settings changed."""
    context = click.get_current_context()
    words = ["dedup", "tune", *paths]
    for parameter in context.command.params:
        name = str(parameter.name)
        if (
            isinstance(parameter, click.Option)
            and context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        ):
            option = parameter.opts[0]
            value = context.params.get(name)
            if option.removeprefix("--") not in settings and value not in (None, True):
                values = value if isinstance(value, tuple) else (value,)
                words += [word for each in values for word in (option, str(each))]
    words += [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    return shlex.join(words)


def _progress() -> Callable[[int, int], None]:
    """Tells on a terminal, where it takes long, how many settings are tried."""
    from dedup.cli.progress import PATIENCE

    began = monotonic()

    def tick(done: int, total: int) -> None:
        if sys.stderr is not None and sys.stderr.isatty() and monotonic() - began > PATIENCE:
            end = "\r\x1b[K" if done == total else ""
            click.echo(f"\r\x1b[K{done} of {total} settings tried{end}", nl=False, err=True)

    return tick
