"""`dedup review`: findings judged one after the other."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from dedup.cli.configured import Configured
from dedup.cli.gating import narrowing_options, take_gate
from dedup.cli.options import (
    PATH,
    against_option,
    comparison_options,
    index_read_option,
    jobs_option,
    memory_option,
    only_read,
    paths_argument,
)

if TYPE_CHECKING:
    from dedup.cli.say import Problems
    from dedup.decisions import Decisions
    from dedup.report.model import Summary
    from dedup.review.questions import Question


@click.command(
    cls=Configured,
    epilog="""
    \b
    Exit status:
      0  all was gone through, or you have quit
      2  wrong usage, or an input could not be worked on (the others were)

    \b
    Examples:
      dedup review docs/
      dedup review docs/ --since origin/main
      dedup review docs/ --decisions docs/decisions.json
      dedup clean docs/ --in-place --decisions dedup-decisions.json
    """,
)
@paths_argument
@click.option(
    "--decisions",
    metavar="FILE",
    type=PATH,
    help="Where decisions are read from and written to. [default: dedup-decisions.json in the current folder]",
)
@against_option
@comparison_options
@index_read_option
@click.option("--index", hidden=True, multiple=True, metavar="FOLDER")
@narrowing_options
@jobs_option
@memory_option
def review(paths: tuple[str, ...], decisions: str | None, **options: Any) -> int:
    """Judge what repeats, one finding after the other.

    PATH is a file or a directory, as for check. Each finding is shown with what it repeats, the words that differ
    marked [-so-]{+like this+}, first those that are flagged, then those that would be taken out anyway. A key and Enter
    says what becomes of it; ? lists the keys.

    Decisions are kept in a file that check and clean obey with --decisions. They are bound to the words of both
    blocks: where these change, they are asked of anew. What was decided is not asked again, so a review can be
    broken off and gone on with.
    """
    if "-" in paths:
        raise click.UsageError("standard input is for the answers; name files or folders")
    only_read(options, "review")
    from dedup.cli.say import Problems, say, standard_output
    from dedup.decisions.file import DEFAULT, read_decisions
    from dedup.report.as_text import retained

    path = Path(decisions or DEFAULT)
    held = read_decisions(path, may_be_absent=True)
    problems = Problems()
    with standard_output() as out:
        try:
            summary = _review(paths, path, held, options, problems, out)
        except KeyboardInterrupt:
            _say_where(path, held, paths)
            raise
    if problems.undone and not summary.documents:
        return 2
    _say_where(path, held, paths)
    if summary.retained:
        say(retained(summary))
    return 2 if problems.count else 0


def _review(
    paths: tuple[str, ...],
    path: Path,
    held: Decisions,
    options: dict[str, Any],
    problems: Problems,
    out: BinaryIO,
) -> Summary:
    """Asks until a run with what was decided brings up nothing more; the summary of the last run."""
    from dedup.cli.colour import takes_colour
    from dedup.cli.run import Run
    from dedup.cli.say import Quiet
    from dedup.report.shown import count
    from dedup.review.page import page
    from dedup.review.questions import questions
    from dedup.review.session import Session
    from dedup.review.texts import Texts
    from dedup.sources.files import expand

    colour = takes_colour(out)
    gate = take_gate(options, ())
    options["decisions"] = held

    def tell(text: str) -> None:
        out.write(text.encode("utf-8", "backslashreplace"))

    session = Session(held, path, lambda prompt: _ask(prompt, out), tell)
    is_first = True
    while True:
        # What is wrong with an input was said the first time.
        told = problems if is_first else Quiet()
        with Run(expand(paths), options, (), told, findings=True, apart=(path, gate.file)) as run:
            gate.order(run.sources)
            for _ in run.cleaned():
                pass
            forms = dict(run.sources.tables())
            gate.narrow(run.report, forms)
            asked = questions(run.report, held, session.skipped)
            if not asked:
                break
            if not is_first:
                tell(f"\n{count(len(asked), 'more comes', 'more come')} of what was decided.\n")
            texts = Texts(forms, run.memories)

            def show(question: Question, number: int, total: int, texts: Texts = texts) -> str:
                return page(question, number, total, texts, colour=colour)

            before = session.decided
            if not session.go_through(asked, show, texts.twin) or session.decided == before:
                break
        is_first = False
    return run.report.summary


def _ask(prompt: str, out: BinaryIO) -> str | None:
    """The answer to a prompt, None where there are no more."""
    from dedup.report.shown import visible

    out.write(prompt.encode())
    out.flush()
    line = sys.stdin.buffer.readline() if sys.stdin is not None else b""
    answer = line.decode("utf-8", "replace").strip()
    if not line or not sys.stdin.isatty():  # nobody has typed it there
        out.write(f"{visible(answer)}\n".encode("utf-8", "backslashreplace"))
        out.flush()
    return answer if line else None


def _say_where(path: Path, held: Decisions, paths: tuple[str, ...]) -> None:
    """Says what is decided by now, and which command goes by it."""
    from dedup.cli.say import say
    from dedup.report.shown import count

    if not len(held):
        say("nothing is decided")
        return
    command = shlex.join(["dedup", "clean", *paths, "--decisions", str(path)])
    say(
        f"{count(len(held), 'decision')} in {path}: {held.accepted:,} to take out, {len(held) - held.accepted:,} to keep; "
        f"`{command}` goes by them, with the same settings"
    )
