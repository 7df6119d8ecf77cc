"""The report for a person at a terminal: a line a finding, as compilers write it, and a summary.

`apart` is what is done with each text and name before it stands in a line: nothing, or `graphemes.isolated`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby

from dedup.report.model import DocumentEntry, Finding, Flag, Place, Removal, Repeat, Report, Summary, Wording
from dedup.report.shown import count, first_words, lines, percent, twin_lines, two_digits, visible, weakest

Apart = Callable[[str], str]


def drift_lines(report: Report, apart: Apart = str) -> Iterator[str]:
    """The drifted copies, each with a line a place, and a blank line after it."""
    number = len(report.drift)
    for n, group in enumerate(report.drift, 1):
        yield f"drifted copy {n} of {number}, {count(len(group.wordings), 'wording')} in {count(len(group.places), 'place')}"
        base = group.wordings[0]
        for wording in group.wordings:
            first = wording.places[0]
            for place in wording.places:
                line = f"{_at(place, apart)}: drift {two_digits(wording.similarity)}"
                if place is not first:
                    yield f"{line} = {_at(first, apart)}"
                    continue
                line += f' "{apart(marked_words(base, wording))}"'
                line += "" if wording is base else f" = {_at(base.places[0], apart)}"
                notes = drift_notes(wording)
                yield f"{line} [{', '.join(notes)}]" if notes else line
        yield ""


def drift_notes(wording: Wording) -> list[str]:
    """What is said of a wording: the fact in which it differs, whether it is the commonest, and the newest."""
    notes = [visible(wording.guard)] if wording.guard else []
    if wording.commonest:
        notes.append(f"commonest, in {count(len(wording.places), 'place')}")
    if wording.newest:
        notes.append(f"newest, {visible(wording.written or 'not committed')}")
    return notes


def marked_words(base: Wording, wording: Wording) -> str:
    """The words of a wording that differ from the first one's, as `git diff --word-diff` marks them."""
    from dedup.report.marks import marked  # brings rapidfuzz, and most reports have no drift

    parts = marked(base.text, wording.text)
    if not parts:
        return first_words(wording.text)
    marks = {"same": ("", ""), "old": ("[-", "-]"), "new": ("{+", "+}")}
    return "".join(f"{marks[kind][0]}{visible(text)}{marks[kind][1]}" for kind, text in parts)


def _at(place: Place, apart: Apart) -> str:
    return f"{apart(visible(place.document))}:{place.line}"


def finding_lines(report: Report, apart: Apart = str) -> Iterator[str]:
    """The lines of the findings, document by document, in the order in which they stand there.

    Flags of drifted copies are told there.
    """
    drifted = drifted_places(report)
    for name, entry, findings in by_document(report):
        repeats = entry.repeats if entry else None
        if repeats and repeats.whole:
            yield _whole_line(name, repeats, findings, apart)
        elif repeats:
            share = percent(repeats.share, 1)
            yield f"{apart(visible(name))}: repeats {apart(visible(repeats.document))} for the most part ({share})"
        for run in runs(findings):
            if isinstance(run, Flag):
                if (run.document, run.start) not in drifted:
                    yield _flag_line(run, apart)
            elif not (repeats and repeats.whole):
                yield _run_line(run, apart)


def _whole_line(name: str, repeats: Repeat, findings: list[Finding], apart: Apart) -> str:
    """That a document repeats another, from which line on and what stands where there."""
    of_it = [finding for finding in findings if finding.kept.document == repeats.document]
    if not of_it:
        return f"{apart(visible(name))}: repeats {apart(visible(repeats.document))}"
    return f"{apart(visible(name))}:{findings[0].line}: repeats {_at(of_it[0].kept, apart)}"


def by_document(report: Report) -> Iterator[tuple[str, DocumentEntry | None, list[Finding]]]:
    """Each document of which there is something to say, with its findings in the order of their places."""
    entries: dict[str, DocumentEntry | None] = {entry.path: entry for entry in report.documents}
    findings: dict[str, list[Finding]] = {name: [] for name in entries}
    for finding in report.findings:
        findings.setdefault(finding.document, []).append(finding)
    for name, found in findings.items():
        entry = entries.get(name)
        if found or (entry and entry.repeats):
            yield name, entry, sorted(found, key=lambda finding: finding.start)


def runs(findings: list[Finding]) -> Iterator[list[Removal] | Flag]:
    """The findings of one document with the removals of a run together; a flag stands by itself."""
    removals = [finding for finding in findings if isinstance(finding, Removal)]
    units: list[list[Removal] | Flag] = [finding for finding in findings if isinstance(finding, Flag)]
    units += [list(run) for _, run in groupby(removals, key=lambda removal: removal.run)]
    return iter(sorted(units, key=lambda unit: unit.start if isinstance(unit, Flag) else unit[0].start))


def drifted_places(report: Report) -> set[tuple[str, int]]:
    """Where the places of drifted copies begin."""
    return {(place.document, place.start) for group in report.drift for place in group.places}


def _run_line(run: list[Removal], apart: Apart) -> str:
    first, sure = run[0], weakest(run)
    line = (
        f"{apart(visible(first.document))}:{first.line}: {visible(sure.rule)} {two_digits(sure.similarity)}"
        f' "{apart(first_words(first.text))}" = {_at(first.kept, apart)}'
    )
    if len(run) > 1:
        line += f" (lines {lines(first.line, run[-1].end_line)} repeat {twin_lines(run)})"
    notes = decision_notes(run)
    return f"{line} [{', '.join(notes)}]" if notes else line


def decision_notes(run: list[Removal]) -> list[str]:
    """What is said of removals that a person decided on: the guards that would have kept them in, and that."""
    accepted = [removal for removal in run if removal.decision]
    guards = dict.fromkeys(visible(removal.guard) for removal in accepted if removal.guard)
    if not accepted:
        return []
    return [*guards, "accepted" if accepted[0] is run[0] else f"accepted in line {accepted[0].line}"]


def _flag_line(flag: Flag, apart: Apart) -> str:
    line = (
        f"{apart(visible(flag.document))}:{flag.line}: flag {visible(flag.rule)} {two_digits(flag.similarity)}"
        f' "{apart(first_words(flag.text))}" = {_at(flag.kept, apart)}'
    )
    return f"{line} [{visible(flag.guard)}]" if flag.guard else line


def summary_lines(report: Report, *, done: bool, problems: int = 0) -> Iterator[str]:
    """The summary: `done` says whether the blocks are removed (`clean`) or only to be (`check`)."""
    summary = report.summary
    flagged = f"{summary.flagged:,} flagged"
    if not summary.removed:
        yield (
            f"nothing to remove in {count(summary.documents, 'document')} "
            f"({count(summary.blocks, 'block')}, {count(summary.bytes_in, 'byte')}); {flagged}"
        )
    else:
        gone = summary.bytes_in - summary.bytes_out
        yield (
            f"{summary.removed:,} of {count(summary.blocks, 'block')} {'removed' if done else 'to remove'} "
            f"in {_documents(report)} ({gone:,} of {count(summary.bytes_in, 'byte')}, "
            f"{percent(gone, summary.bytes_in)}): {_by_rule(summary)}; {flagged}"
        )
    if report.drift:
        places = sum(len(group.places) for group in report.drift)
        yield f"{count(len(report.drift), 'drifted copy', 'drifted copies')} in {count(places, 'place')}"
    left_alone = left(summary)
    if left_alone:
        yield f"left alone: {', '.join(left_alone)}"
    if summary.retained:
        yield retained(summary)
    skipped = passed_over(summary)
    if skipped:
        yield f"passed over: {', '.join(skipped)}"
    if summary.dropped:
        yield f"{count(summary.dropped, 'row')} left out as a whole"
    if summary.skipped:
        yield f"{count(summary.skipped, 'row')} could not be read and {'is' if summary.skipped == 1 else 'are'} left out"
    if problems:
        yield f"{count(problems, 'problem')}, named above"


def retained(summary: Summary) -> str:
    """What is said of blocks that stay though they were accepted."""
    blocks = count(summary.retained, "accepted block")
    return f"{blocks} {'stays' if summary.retained == 1 else 'stay'}: a guard that no decision names, or what stands around"


def left(summary: Summary) -> list[str]:
    """What was left where it is though it repeats, or may, each with its number."""
    kinds = (("deliberate variant", summary.variants), ("short repeat", summary.natural))
    told = [count(number, kind) for kind, number in kinds if number]
    out = (("by decision", summary.decided), ("allowed", summary.allowed), ("ignored", summary.ignored))
    return told + [f"{number:,} {kind}" for kind, number in out if number]


def passed_over(summary: Summary) -> list[str]:
    """The files that were not read, each kind with its number."""
    return [
        f"{count(number, 'file')} of another kind"
        if kind == "other"
        else count(number, f"{visible(kind)} file")
        for kind, number in sorted(summary.passed_over.items())
        if number
    ]


def _documents(report: Report) -> str:
    """The documents with removals, `1 document` where that is all of them, else `1 of 3 documents`."""
    affected = report.summary.affected or len({removal.document for removal in report.removals})
    if affected == report.summary.documents:
        return count(affected, "document")
    return f"{affected:,} of {count(report.summary.documents, 'document')}"


def _by_rule(summary: Summary) -> str:
    """The removed blocks by rule: `1 headline, 5 verbatim`."""
    return ", ".join(
        f"{counts.removed:,} {visible(rule)}"
        for rule, counts in sorted(summary.by_rule.items())
        if counts.removed
    )
