"""The options that commands share; their names are those of the settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, TypeVar, get_args

import click
from click.core import ParameterSource

from dedup.settings import (
    Guard,
    Headlines,
    InputFormat,
    Lists,
    Near,
    OnError,
    Preset,
    Scope,
    Settings,
    TextFormat,
)

Command = TypeVar("Command", bound=Callable[..., Any])

DEFAULT = Settings()

# A path is taken as it comes; the type is for completion in a shell.
PATH = click.Path(allow_dash=True)

paths_argument = click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PATH)

REPORT_ENDINGS = ".html, .json, .jsonl, .md, .csv, .parquet, .sarif, .gitlab.json or .junit.xml"

reports_option = click.option(
    "--report",
    "reports",
    multiple=True,
    metavar="FILE",
    type=PATH,
    help=f"Write a report, in the format of the ending: {REPORT_ENDINGS}; "
    "may be given more than once. `dedup restore` needs .json or .jsonl.",
)

# None of these has a default here: what is left out must not come before the configuration file.
_COMPARISON = (
    click.option(
        "--preset",
        type=click.Choice(get_args(Preset)),
        help="A named set of defaults. prose: articles and books. docs: documentation, where near-duplicates "
        "are flagged and lists are left alone. corpus: training text, where every near-duplicate goes. "
        f"[default: {DEFAULT.preset}]",
    ),
    click.option(
        "--near",
        type=click.Choice(get_args(Near)),
        help="What becomes of a near-duplicate. auto: removed unless the difference is a fact (a number, a "
        f"date, a negation, a link, a name), then flagged. [default: {DEFAULT.near}]",
    ),
    click.option(
        "--headlines",
        type=click.Choice(get_args(Headlines)),
        help="What becomes of a repeated headline. auto: removed where it stands over nothing else. "
        f"[default: {DEFAULT.headlines}]",
    ),
    click.option(
        "--threshold",
        type=float,
        metavar="0..1",
        help="The lowest similarity of a near-duplicate: of its 3-word shingles, or, if short, its words. "
        f"[default: {DEFAULT.threshold}]",
    ),
    click.option(
        "--min-words",
        type=int,
        metavar="N",
        help="Blocks of fewer words go only together with what stands around them. "
        f"[default: {DEFAULT.min_words}]",
    ),
    click.option(
        "--lists",
        type=click.Choice(get_args(Lists)),
        help="Whether list items go together with what stands around them, or every list stays. "
        f"[default: {DEFAULT.lists}]",
    ),
    click.option(
        "--scope",
        type=click.Choice(get_args(Scope)),
        help=f"Compare within each document, across documents, or both. [default: {DEFAULT.scope}]",
    ),
    click.option(
        "--group-by",
        metavar="REGEX",
        help="Compare only documents with each other in whose path this finds the same text.",
    ),
    click.option(
        "--without-guard",
        multiple=True,
        metavar="NAME",
        help=f"A fact that keeps no near-duplicate in: {', '.join(get_args(Guard))}; may be given more than once.",
    ),
    click.option(
        "--allow",
        multiple=True,
        metavar="REGEX",
        help="Blocks in which this is found must repeat: they are left alone; may be given more than once.",
    ),
    click.option(
        "--prefer",
        multiple=True,
        metavar="GLOB",
        help="Documents that come first, and so are kept; may be given more than once.",
    ),
    click.option(
        "--include",
        multiple=True,
        metavar="GLOB",
        help="Files to read inside directories; may be given more than once. [default: text, "
        "Markdown, reStructuredText, AsciiDoc, HTML, notebooks]",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Files and folders to pass over inside directories; may be given more than once.",
    ),
)


_TABLES = (
    click.option(
        "--text-column",
        metavar="NAME",
        help=f"Of tables, the column that holds the text. [default: {DEFAULT.text_column}]",
    ),
    click.option(
        "--id-column",
        metavar="NAME",
        help="Of tables, the column that holds the name of each row; no two rows of a table may have the same. "
        "[default: id, where there is one, and not checked]",
    ),
    click.option(
        "--text-format",
        type=click.Choice(get_args(TextFormat)),
        help=f"Of tables, what the texts are. [default: {DEFAULT.text_format}]",
    ),
    click.option(
        "--input-format",
        type=click.Choice(get_args(InputFormat)),
        help="The form of tables whose name does not say it, and of standard input.",
    ),
    click.option(
        "--on-error",
        type=click.Choice(get_args(OnError)),
        help="Whether a row that cannot be read ends its table, with no output, or is left out and counted. "
        f"[default: {DEFAULT.on_error}]",
    ),
)

LEAST_MEMORY = 128 << 20


class Size(click.ParamType):  # type: ignore[type-arg] # it takes none before click 8.4
    """A number of bytes with an optional K, M, G or T: 1024, 512M, 1.5G."""

    name = "size"
    # Which sizes are too small only numbers can tell.
    json_schema: ClassVar[dict[str, Any]] = {
        "type": ["string", "integer"],
        "pattern": r"^\s*\d+(\.\d+)?\s*[KMGTkmgt]?([Ii]?[Bb])?\s*$",
        "minimum": LEAST_MEMORY,
    }

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number of bytes."""
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?", str(value).strip(), re.IGNORECASE)
        if match is None:
            self.fail(f"{value!r} is no size such as 512M or 2G", param, ctx)
        size = int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))
        if size < LEAST_MEMORY:
            self.fail(f"at least {LEAST_MEMORY >> 20}M: the process itself takes as much", param, ctx)
        return size


memory_option = click.option(
    "--memory-limit",
    type=Size(),
    metavar="SIZE",
    help="Such as 512M or 2G: what is remembered of many paragraphs goes to a temporary file where the process "
    "would take more memory. Slower, and the result is the same.",
)


def _log_json(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    from dedup.cli.say import Log

    Log.as_json = wanted


log_option = click.option(
    "--log-json",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_log_json,
    help="Write what goes to stderr as JSON, an object a line; the last is the summary.",
)

jobs_option = click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many threads read and sketch tables; the result is the same. [default: one a processor]",
)


_INDEX = click.option(
    "--index",
    "index",
    multiple=True,
    metavar="FOLDER",
    type=PATH,
    help="Compare with all that earlier runs kept in this index, and add what is kept now; made where there is none. "
    "May be given more than once.",
)
_INDEX_READ = click.option(
    "--index-read",
    "index_read",
    multiple=True,
    metavar="FOLDER",
    type=PATH,
    help="Compare with this index and leave it as it is; may be given more than once.",
)
_BATCH = click.option(
    "--batch-id",
    metavar="NAME",
    help="What this batch is called in the index. The same batch again gives the same output and adds nothing.",
)


def index_options(command: Command) -> Command:
    """Adds the options of indexes that are compared with and added to."""
    return _INDEX(_INDEX_READ(_BATCH(command)))


index_read_option = _INDEX_READ

against_option = click.option(
    "--against",
    multiple=True,
    metavar="PATH",
    type=PATH,
    help="Compare with the documents of this file or folder as well, of a git repository with those that git tracks. "
    "They count as earlier ones, stay as they are, and are not reported on; may be given more than once.",
)


decisions_option = click.option(
    "--decisions",
    metavar="FILE",
    type=PATH,
    help="Obey the decisions in FILE, as `dedup review` and the HTML report write them: what was accepted goes, though it "
    "would be flagged, what was rejected stays and is not reported.",
)


def only_read(options: dict[str, Any], what: str) -> None:
    """Has the indexes that a file names compared with alone: `what` changes nothing, but finds what a clean would.

    Raises click.UsageError where one to add to was asked for on the command line.
    """
    index, options["index"] = options["index"], ()
    source = click.get_current_context().get_parameter_source("index")
    if index and source is ParameterSource.COMMANDLINE:
        raise click.UsageError(f"{what} changes nothing: use --index-read")
    # The first clean makes it.
    options["index_read"] = (*(name for name in index if Path(name).exists()), *options["index_read"])


def comparison_options(command: Command) -> Command:
    """Adds the options that say what is compared and what becomes of it."""
    for option in reversed((*_COMPARISON, *_TABLES)):
        command = option(command)
    return command
