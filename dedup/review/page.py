"""One question as a terminal shows it."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from dedup.report.marks import Part, marked
from dedup.report.model import Finding, Flag, Place
from dedup.report.shown import count, first_words, two_digits, visible
from dedup.review.questions import Question
from dedup.review.reasons import reason_of
from dedup.review.texts import Texts

WHOLE = 4000
"""A longer block is shown around the words that differ, or by its first words."""

_MARKS = {"same": ("", ""), "old": ("[-", "-]"), "new": ("{+", "+}")}
_STYLES = {"same": "", "old": "red strike", "new": "green underline"}

Line = tuple[int, Text]
"""How far a line is indented, and what it says."""


def page(question: Question, number: int, total: int, texts: Texts, *, colour: bool) -> str:
    """A question, wrapped to the terminal's width; the words that differ in colours, or in brackets."""
    width = shutil.get_terminal_size((80, 24)).columns
    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for indent, line in _page(question, f"({number} of {total})", texts, width, colour):
        console.print(Padding(line, (0, 0, 0, indent)))
    # What pads a line to the width is in the way when it is copied.
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _page(question: Question, number: str, texts: Texts, width: int, colour: bool) -> Iterator[Line]:
    finding = question.shown
    twin = texts.twin(finding)
    yield 0, Text()
    yield 0, _title(finding, number)
    yield 0, Text(reason_of(finding))
    more = [_at(other) for other in question.findings[1:]]
    if more:
        told = ", ".join(more[:3]) + (f" and {len(more) - 3:,} more" if len(more) > 3 else "")
        yield 0, Text(f"The same is asked of {count(len(more), 'other place')}: {told}")
    yield 0, Text()
    above, below = texts.around(finding)
    for line in above:
        yield 4, Text(first_words(line, max(width - 6, 20)), "dim")
    yield 2, _block(finding.text, twin, colour)
    for line in below:
        yield 4, Text(first_words(line, max(width - 6, 20)), "dim")
    yield 0, Text()
    yield 0, Text(f"= {_at(finding.kept)}", "bold")
    if twin is not None and _flat(twin) != _flat(finding.text):
        yield 2, Text(_shortened(twin), "dim")


def _title(finding: Finding, number: str) -> Text:
    title = Text(f"{_at(finding)}: ", "bold")
    verdict = f"{visible(finding.rule)} {two_digits(finding.similarity)}"
    if isinstance(finding, Flag):
        title.append(f"flag {verdict}", "yellow")
        title.append(f" [{visible(finding.guard)}]" if finding.guard else "", "not bold")
    else:
        title.append(verdict, "red")
    title.append(f"  {number}", "not bold dim")
    return title


def _at(place: Finding | Place) -> str:
    name = f" ({visible(place.id)})" if place.id is not None else ""
    return f"{visible(place.document)}:{place.line}{name}"


def _block(text: str, twin: str | None, colour: bool) -> Text:
    """The block in one line, the words in which it differs from its twin marked."""
    parts: list[Part] = [] if twin is None else marked(twin, text, whole=len(text) <= WHOLE)
    if not parts:
        return Text(_shortened(text))
    shown = Text()
    for kind, part in parts:
        before, after = ("", "") if colour else _MARKS[kind]
        shown.append(f"{before}{visible(part)}{after}", _STYLES[kind])
    return shown


def _shortened(text: str) -> str:
    return first_words(text, WHOLE)


def _flat(text: str) -> str:
    return " ".join(text.split())
