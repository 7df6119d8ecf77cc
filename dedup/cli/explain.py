"""`dedup explain`: two places side by side."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from dedup.cli.configured import Configured, settings_of
from dedup.cli.options import comparison_options
from dedup.problems import DedupError

if TYPE_CHECKING:
    from dedup.documents import Document
    from dedup.explain import Explanation
    from dedup.match.alike import Likeness
    from dedup.settings import Settings

_PLACE = re.compile(r"(?P<path>.+):(?P<line>[1-9][0-9]{0,9})\Z", re.DOTALL)


@click.command(
    cls=Configured,
    epilog="""
    \b
    Exit status:
      0  the two places were compared
      2  wrong usage, or a file could not be read

    \b
    Examples:
      dedup explain article.txt:7 article.txt:12
      dedup explain docs/a.md:30 docs/b.md:12 --near flag
    """,
)
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@comparison_options
def explain(one: str, other: str, **options: Any) -> int:
    """Show why two places count as a repeat, or why not.

    A and B are places as findings show them, FILE:LINE. Both blocks are shown side by side, the words that differ
    in brackets, with their similarity and what was decided about the later one, and by which rule.
    """
    from dedup.cli.colour import is_terminal
    from dedup.cli.say import standard_output
    from dedup.explain import explain as compare
    from dedup.report.graphemes import isolated

    settings = settings_of(options)
    (first, line), (second, other_line) = _read(one, settings), _read(other, settings)
    found = compare(first, line, second, other_line, settings)
    with standard_output() as out:
        shown = _render(found, isolated if is_terminal(out) else str)
        out.write(shown.encode("utf-8", "backslashreplace"))
    return 0


def _read(place: str, settings: Settings) -> tuple[Document, int]:
    from dedup.sources import Sources
    from dedup.sources.forms import Table
    from dedup.sources.tables import read_row

    match = _PLACE.match(place)
    if match is None:
        raise click.UsageError(f"{place!r} is no place of the form FILE:LINE")
    sources = Sources([match["path"]], settings)
    documents = list(sources)
    if sources.problems:
        raise DedupError(str(sources.problems[0]))
    if len(documents) != 1:
        raise DedupError(f"{match['path']}: not a file")
    document, line = documents[0], int(match["line"])
    if isinstance(document, Table):
        document = read_row(document, line, settings)
    return document, line


_TRIPPED = re.compile(r"(kept by the guard `[^`]+`: )(.*) / (.*)", re.DOTALL)
"""The words of either text that tripped a guard."""


def _render(found: Explanation, apart: Callable[[str], str]) -> str:
    import io
    import shutil

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from dedup.report.shown import lines, visible

    table = Table(show_lines=False, expand=True)
    texts = []
    for spot, side in ((found.one, "one"), (found.other, "other")):
        where = f"{apart(visible(spot.path))}:{lines(spot.line, spot.end_line)}"
        table.add_column(Text(f"{where}  {spot.kind}, {spot.words} words"), ratio=1, overflow="fold")
        words = [word for change in found.changes for word in getattr(change, side)]
        texts.append(Text(visible(_marked(spot.text, [(w.start, w.end) for w in words]))))
    table.add_row(*texts)
    width = shutil.get_terminal_size((100, 24)).columns
    console = Console(file=io.StringIO(), width=width, color_system=None)
    verdict = visible(found.verdict)
    for path in {visible(found.one.path), visible(found.other.path)}:
        verdict = verdict.replace(path, apart(path))
    verdict = _TRIPPED.sub(lambda found: f"{found[1]}{apart(found[2])} / {apart(found[3])}", verdict)
    # A part is what stands in one line of a cell, or the line between two: so no cell runs into the next.
    shown = "".join(apart(part.text) for part in console.render(table))
    return (
        f"{shown}similarity  {_digits(found.similarity)} (threshold {found.threshold}); "
        f"{_digits(found.jaccard)} by 3-word shingles, {_digits(found.word_similarity)} by words{_uncounted(found)}\n"
        f"{_alike(found.headlines)}"
        f"decision    {verdict}\n"
    )


def _uncounted(found: Explanation) -> str:
    """Why the words do not decide, where they are more alike than the similarity that does."""
    from dedup.match.verify import SHORT_WORDS

    if found.word_similarity <= found.similarity:
        return ""
    if min(found.one.words, found.other.words) >= SHORT_WORDS:
        return f" (which count only under {SHORT_WORDS} words)"
    return " (of which too many differ to count)"


def _marked(text: str, spans: list[tuple[int, int]]) -> str:
    """The text in one line, what differs in brackets; no letter is parted from its marks."""
    from dedup.report.graphemes import joins

    whole: list[tuple[int, int]] = []
    for start, end in spans:
        while joins(text, start):
            start -= 1
        while joins(text, end):
            end += 1
        if whole and start <= whole[-1][1]:
            start, _ = whole.pop()
        whole.append((start, end))
    parts, position = [], 0
    for start, end in whole:
        parts += [text[position:start], "[", text[start:end], "]"]
        position = end
    return " ".join("".join([*parts, text[position:]]).split())


def _alike(found: Likeness | None) -> str:
    """How alike two headlines are, with what only one of them says and what counts against them; a line or none."""
    from dedup.report.shown import visible

    if found is None:
        return ""
    told = [f"{name} {cost}" for name, cost in found.costs]
    for which, alone in (("first", found.one), ("second", found.other)):
        if alone:
            told.append(f"only in the {which}: " + ", ".join(f"{word} ({kind})" for word, kind in alone))
    if found.turned:
        told.append("in other parts")
    return visible(f"headlines   {'; '.join([_digits(found.similarity), *told])}") + "\n"


def _digits(similarity: float) -> str:
    # Cut, not rounded: what is not the same never shows as 1.
    return f"{int(similarity * 1000) / 1000:.3f}"
