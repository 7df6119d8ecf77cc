"""The findings as the formats for machines have them: one result for what stands together, with a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dedup.report.as_text import by_document, drift_notes, marked_words, runs
from dedup.report.model import MALFORMED, DirectiveEntry, DocumentEntry, Flag, Place, Removal, Report, Wording
from dedup.report.shown import first_words, percent, two_digits, visible, weakest
from dedup.words.fingerprints import fingerprint


@dataclass(frozen=True, slots=True)
class Result:
    """A finding, the consecutive removals that repeat consecutive blocks of one document, or a comment for us.

    `line` and `end_line` are its lines in the document, `twin` the place that it repeats (None for a comment, whose
    rule is `comment`), `says` what is wrong in one sentence. `level` is `error` for a malformed comment, `warning` for
    what is to be removed or has drifted apart, `note` for what else stays in the text. `fingerprint` stays the same
    while lines move; of results of the same words in one document each has its own.
    """

    document: str
    line: int
    end_line: int
    rule: str
    twin: Place | None
    says: str
    level: Literal["error", "warning", "note"]
    fingerprint: str

    @property
    def twin_place(self) -> str:
        """The place that it repeats, as `path:line`; nothing for a comment."""
        return "" if self.twin is None else f"{visible(self.twin.document)}:{self.twin.line}"


def results(report: Report) -> Iterator[Result]:
    """The results of a report, document by document, in the order in which they stand there; then the comments."""
    drifted = {
        (place.document, place.start): (wording, group.wordings[0])
        for group in report.drift
        for wording in group.wordings
        for place in wording.places
    }
    for _, entry, findings in by_document(report):
        seen: Counter[str] = Counter()
        units = list(runs(findings))
        whole = [unit for unit in units if isinstance(unit, list)]
        if entry and entry.repeats and entry.repeats.whole and whole:
            units = [unit for unit in units if isinstance(unit, Flag)]
            yield _result([removal for unit in whole for removal in unit], entry, seen)
        for unit in units:
            copy = drifted.get((unit.document, unit.start)) if isinstance(unit, Flag) else None
            yield _result(unit, None, seen, copy)
    same: Counter[tuple[str, str]] = Counter()
    for comment in report.directives:
        same[comment.document, comment.text] += 1
        yield _comment(comment, same[comment.document, comment.text])


def _result(
    unit: list[Removal] | Flag,
    entry: DocumentEntry | None,
    seen: Counter[str],
    copy: tuple[Wording, Wording] | None = None,
) -> Result:
    first = unit if isinstance(unit, Flag) else unit[0]
    last = unit if isinstance(unit, Flag) else unit[-1]
    shown = unit if isinstance(unit, Flag) else weakest(unit)
    words = fingerprint(first.text)
    seen[words] += 1
    place = f"{visible(first.kept.document)}:{first.kept.line}"
    if entry and entry.repeats:
        says = f"This document repeats {visible(entry.repeats.document)} ({percent(entry.repeats.share, 1)})"
    else:
        several = f" and what follows, up to line {last.end_line}," if last is not first else ""
        says = f"“{first_words(first.text)}”{several} {_verb(shown.rule, shown.similarity, place)}"
    if copy is not None:
        says = _drift_says(*copy, place)
    elif isinstance(unit, Flag):
        says += (
            f"; left for a person to judge ({unit.guard})" if unit.guard else "; left for a person to judge"
        )
    elif any(removal.decision for removal in unit):
        says += "; to be removed as was decided"
    return Result(
        document=first.document,
        line=first.line,
        end_line=last.end_line,
        rule=shown.rule,
        twin=first.kept,
        says=says,
        level="note" if isinstance(unit, Flag) and copy is None else "warning",
        fingerprint=f"{words}:{seen[words]}",
    )


def _drift_says(wording: Wording, base: Wording, place: str) -> str:
    """That a place is a drifted copy, with the words that differ from the first wording, and what is said of it."""
    first = f"{visible(base.places[0].document)}:{base.places[0].line}"
    of = place if wording is base else first
    notes = drift_notes(wording)
    told = f" ({', '.join(notes)})" if notes else ""
    return f"“{marked_words(base, wording)}” is a drifted copy of {of}{told}"


def _comment(entry: DirectiveEntry, number: int) -> Result:
    return Result(
        document=entry.document,
        line=entry.line,
        end_line=entry.line,
        rule="comment",
        twin=None,
        says=visible(entry.text),
        level="error" if entry.problem == MALFORMED else "note",
        fingerprint=f"{fingerprint(entry.text)}:{number}",
    )


def _verb(rule: str, similarity: float, place: str) -> str:
    """What a rule says of a block and the place that it repeats."""
    if rule == "verbatim":
        return f"repeats {place} word for word"
    if rule == "exact":
        return f"has the words of {place}"
    if rule == "headline":
        return f"repeats the headline at {place}"
    return f"is nearly the same as {place} (similarity {two_digits(similarity)})"
