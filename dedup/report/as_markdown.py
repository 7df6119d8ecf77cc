"""The report as a Markdown page: numbers first, then each document's repeats with their twins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from dedup.report.as_text import (
    by_document,
    decision_notes,
    drift_notes,
    drifted_places,
    left,
    passed_over,
    runs,
)
from dedup.report.model import Counts, DocumentEntry, Drift, Finding, Flag, Place, Removal, Report, Wording
from dedup.report.shown import count, first_words, lines, percent, twin_lines, two_digits, visible, weakest

# Whatever begins something inside a line, in CommonMark or in what GitHub adds: code, emphasis, links, HTML,
# entities, table cells, mentions, issue numbers, mathematics, emoji and bare addresses.
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~!$@#:{}^]|(?<=[wW])\.")

QUOTE = 160


def write(report: Report, out: BinaryIO) -> None:
    """Writes the report as a Markdown page."""
    for line in _page(report):
        out.write(line.encode("utf-8") + b"\n")


def _page(report: Report) -> Iterator[str]:
    yield "# Repeats found by dedup"
    yield ""
    yield from _summary(report)
    if report.drift:
        yield ""
        yield "## Drifted copies"
        for group in report.drift:
            yield ""
            yield from _drift(group)
    drifted = drifted_places(report)
    for name, entry, findings in by_document(report):
        told = [each for each in findings if isinstance(each, Removal) or (name, each.start) not in drifted]
        if told or (entry and entry.repeats):
            yield ""
            yield from _document(name, entry, told)


def _drift(group: Drift) -> Iterator[str]:
    yield f"**{count(len(group.wordings), 'wording')} of one paragraph in {count(len(group.places), 'place')}**"
    yield ""
    base = group.wordings[0]
    for wording in group.wordings:
        notes = [] if wording is base else [f"{two_digits(wording.similarity)} alike"]
        notes += [_escaped(note) for note in drift_notes(wording)]
        told = f" ({', '.join(notes)})" if notes else ""
        yield f"- “{_marked(base, wording)}”{told}"
        for place in wording.places:
            yield f"  - {_escaped(place.document)} line {place.line}"


def _marked(base: Wording, wording: Wording) -> str:
    """The words of a wording that differ from the first one's: theirs in bold, that one's struck out before them."""
    from dedup.report.marks import marked  # brings rapidfuzz, and most reports have no drift

    parts = marked(base.text, wording.text)
    if not parts:
        return _escaped(first_words(wording.text, QUOTE))
    marks = {"same": "", "old": "~~", "new": "**"}
    return "".join(f"{marks[kind]}{_escaped(text)}{marks[kind]}" for kind, text in parts)


def _summary(report: Report) -> Iterator[str]:
    summary = report.summary
    yield "| rule | documents | removed | flagged | bytes removed |"
    yield "|---|---:|---:|---:|---:|"
    for rule in sorted(summary.by_rule):
        yield _summary_row(_escaped(rule), summary.by_rule[rule])
    yield _summary_row("**all**", summary)
    yield ""
    gone = summary.bytes_in - summary.bytes_out
    yield (
        f"{count(summary.blocks, 'block')} in {count(summary.documents, 'document')}; "
        f"{gone:,} of {count(summary.bytes_in, 'byte')} removed ({percent(gone, summary.bytes_in)})."
    )
    for title, told in (("Left alone", left(summary)), ("Passed over", passed_over(summary))):
        if told:
            yield ""
            yield f"{title}: {_escaped(', '.join(told))}."


def _summary_row(name: str, counts: Counts) -> str:
    gone = counts.bytes_in - counts.bytes_out
    return f"| {name} | {counts.documents:,} | {counts.removed:,} | {counts.flagged:,} | {gone:,} |"


def _document(name: str, entry: DocumentEntry | None, findings: list[Finding]) -> Iterator[str]:
    yield f"## {_escaped(name)}"
    yield ""
    if entry and entry.repeats:
        repeats = entry.repeats
        share = "" if repeats.whole else f" for the most part ({percent(repeats.share, 1)})"
        yield f"This document repeats **{_escaped(repeats.document)}**{share}."
        yield ""
    for run in runs(findings):
        yield from _flag(run) if isinstance(run, Flag) else _run(run)


def _run(run: list[Removal]) -> Iterator[str]:
    first, sure = run[0], weakest(run)
    same = ", ".join(
        [f"{_escaped(sure.rule)} {two_digits(sure.similarity)}", *map(_escaped, decision_notes(run))]
    )
    where = _lines(first.line, run[-1].end_line)
    verb = "repeat" if where.startswith("lines") else "repeats"
    twin = f"line {first.kept.line}" if len(run) == 1 else f"lines {twin_lines(run)}"
    yield f"- **{where}** {verb} {_twin(first.document, first.kept)} {twin} ({same})"
    for removal in run:
        yield f"  - “{_escaped(first_words(removal.text, QUOTE))}”"


def _flag(flag: Flag) -> Iterator[str]:
    why = f", {_escaped(flag.guard)}" if flag.guard else ""
    yield (
        f"- **{_lines(flag.line, flag.end_line)}** flagged, like {_twin(flag.document, flag.kept)}"
        f" line {flag.kept.line} ({_escaped(flag.rule)} {two_digits(flag.similarity)}{why})"
    )
    yield f"  - “{_escaped(first_words(flag.text, QUOTE))}”"


def _twin(document: str, kept: Place) -> str:
    return "this document's" if kept.document == document else _escaped(kept.document)


def _lines(first: int, last: int) -> str:
    return f"{'lines' if last > first else 'line'} {lines(first, last)}"


def _escaped(text: str) -> str:
    """The text in one line, with everything in it that Markdown would take for markup escaped."""
    return _MARKUP.sub(lambda match: "\\" + match.group(), visible(text))
