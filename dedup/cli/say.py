"""What goes out: messages for a person on stderr, results as bytes on stdout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter, RawIOBase
from typing import Any, BinaryIO

import click

from dedup.cli.colour import is_terminal
from dedup.problems import DedupError, Problem, reason_of
from dedup.report.graphemes import isolated
from dedup.report.shown import visible


class Log:
    """Whether what goes to stderr is for a person, or a JSON object a line."""

    as_json = False


def say(message: str, event: str = "message", **values: Any) -> None:
    """One line on stderr; as JSON it has the `event`, and `values` in place of the message where there are any."""
    if Log.as_json:
        import json  # most runs speak to a person

        line = json.dumps({"event": event, **(values or {"message": message})}, ensure_ascii=True)
    else:
        line = f"dedup: {visible(message)}"
        if not line.isascii() and "path" in values and is_terminal(sys.stderr):
            path = visible(values["path"])
            line = line.replace(path, isolated(path), 1)
    click.echo(line, err=True)


class Problems:
    """Says each problem at once, and counts them; `undone` counts the inputs that were not worked on."""

    def __init__(self) -> None:
        self.count = self.undone = 0

    def tell(self, problem: Problem) -> None:
        """Says what is wrong with an input."""
        self.count += 1
        self.undone += not problem.done
        say(str(problem), "problem", path=problem.path, reason=problem.reason)

    def note(self, note: Problem) -> None:
        """Says something about an input that is no error."""
        say(str(note), "note", path=note.path, reason=note.reason)


class Quiet(Problems):
    """Problems that were said before."""

    def tell(self, problem: Problem) -> None:
        """Says nothing."""

    def note(self, note: Problem) -> None:
        """Says nothing."""


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Standard output for bytes; when its reader has gone, what more is written is dropped without a word.

    Raises DedupError where it cannot be written to for another reason.
    """
    if sys.stdout is None:  # what Python makes of a closed one
        raise DedupError("standard output is closed")
    out: BinaryIO = sys.stdout.buffer
    # Under PYTHONUNBUFFERED there is no buffer, and what is there may write a part and not say so.
    buffer = BufferedWriter(out) if isinstance(out, RawIOBase) else None
    try:
        yield buffer or out
        (buffer or out).flush()
    except OSError as error:
        # What is still in the buffer would fail again, with a traceback, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        if not isinstance(error, BrokenPipeError):
            raise DedupError(f"standard output: {reason_of(error)}") from None
    finally:
        if buffer is not None:
            buffer.detach()
