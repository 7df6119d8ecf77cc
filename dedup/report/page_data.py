"""A report as the columns that its page works on: numbers, with each text once in a table of texts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from dedup.report.as_text import left, passed_over
from dedup.report.model import DocumentEntry, Drift, Finding, Flag, Report, Summary
from dedup.report.nearby import Originals, Passage
from dedup.report.rows import summary_row
from dedup.report.shown import count, cut, visible

SCALE = 10_000
"""Similarities and shares are whole numbers of so many parts."""

NONE, SAME = -1, -2
"""In place of the number of a text: there is none, or it is that of the block itself."""

# What a browser would not show, or would let turn the direction of what stands around it. The marks that texts
# written from right to left need are left in.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_BREAKS = re.compile("\r\n|[\r\x85\u2028\u2029]")
_PAIR = re.compile("[0-9a-f]{16}-[0-9a-f]{16}")

Columns = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of each text goes into a page, in characters, and whether what stands around it does."""

    text: int
    around: bool


class Surroundings:
    """What the disk has on the findings of a report: the twins, what stands around both, and the documents' sizes."""

    def __init__(self, report: Report, findings: Sequence[Finding]) -> None:
        self.sizes: dict[str, int] = {}
        self.here: list[Passage | None] = [None] * len(findings)
        self.there: list[Passage | None] = [None] * len(findings)
        wanted: dict[str, list[tuple[list[Passage | None], int, int, int]]] = {}
        for number, finding in enumerate(findings):
            kept = finding.kept
            wanted.setdefault(finding.document, []).append((self.here, number, finding.start, finding.end))
            # What an index remembers may have become something else since.
            if kept.text is None and kept.batch is None:
                wanted.setdefault(kept.document, []).append((self.there, number, kept.start, kept.end))
        originals = Originals(report)
        for path, places in wanted.items():
            original = originals.of(path)
            if original is None:
                continue
            self.sizes[path] = original.size
            for side, number, start, end in places:
                side[number] = original.passage(start, end)


class _Table:
    """Values by the numbers that stand for them in columns."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, value: str) -> int:
        return self._numbers.setdefault(value, len(self._numbers))

    @property
    def values(self) -> list[str]:
        return list(self._numbers)


class _Texts(_Table):
    """Texts as they are shown, cut to a limit; `cut` counts those that were."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit
        self.cut = 0

    def number(self, value: str) -> int:
        shown = readable(value[: self._limit + 1].rstrip())
        if len(value.rstrip()) > self._limit:
            shown = f"{shown[: self._limit]}…"
            self.cut += 1
        return super().number(shown)


def readable(text: str) -> str:
    """A text of several lines with everything written as an escape that a browser would not show."""
    if text.isprintable():
        return text
    return _UNSEEN.sub(lambda match: visible(match.group()), _BREAKS.sub("\n", text))


def findings_in_order(report: Report) -> list[Finding]:
    """Removals and flags together, in the order of the documents and of their places."""
    place = {entry.path: number for number, entry in enumerate(report.documents)}
    last = len(place)
    return sorted(
        report.findings, key=lambda each: (place.get(each.document, last), each.document, each.start)
    )


def page_data(
    report: Report, findings: Sequence[Finding], surroundings: Surroundings, limits: Limits
) -> Columns:
    """What the page is given: the head of the report, tables of values, and the findings as columns."""
    documents, texts = _Table(), _Texts(limits.text)
    entries = {entry.path: entry for entry in report.documents}
    for path in entries:
        documents.number(path)
    columns = _findings(findings, surroundings, limits, documents, texts)
    drift = [_drift(group, documents, texts) for group in report.drift]
    directives = [
        [documents.number(each.document), each.line, visible(each.text)] for each in report.directives
    ]
    listed = _documents(documents, entries, surroundings.sizes)
    decisions: list[Columns] | None = None
    if report.decisions is not None:
        rows = map(asdict, report.decisions)
        decisions = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return {
        "key": _key(findings, decisions or ()),
        "tool": {visible(name): visible(str(value)) for name, value in report.tool.items()},
        "settings": [
            [visible(str(name)), visible(json.dumps(value, ensure_ascii=False))]
            for name, value in report.settings.items()
        ],
        "threshold": _threshold(report),
        "summary": _summary(report.summary),
        "notes": _notes(report.summary),
        "cut": {"limit": limits.text, "texts": texts.cut, "around": limits.around},
        "documents": listed,
        "texts": texts.values,
        "findings": columns,
        "drift": drift,
        "directives": directives,
        "decisions": decisions,
        "obeyed": _has_obeyed(report),
    }


def _findings(
    findings: Sequence[Finding],
    surroundings: Surroundings,
    limits: Limits,
    documents: _Table,
    texts: _Texts,
) -> Columns:
    rules, kinds, guards, hashes, names = _Table(), _Table(), _Table(), _Table(), _Table()
    rows = []
    for finding, here, there in zip(findings, surroundings.here, surroundings.there, strict=True):
        kept = finding.kept
        text = texts.number(finding.text)
        guard: str | None = finding.guard
        pair = finding.pair if finding.pair and _PAIR.fullmatch(finding.pair) else None
        around = [NONE] * 4
        if limits.around:
            sides = [
                each for side in (here, there) for each in ((side.above, side.below) if side else ("", ""))
            ]
            around = [texts.number(each) if each else NONE for each in sides]
        rows.append(
            (
                int(isinstance(finding, Flag)),
                documents.number(finding.document),
                finding.line,
                finding.end_line - finding.line,
                kinds.number(visible(finding.kind)),
                rules.number(visible(finding.rule)),
                guards.number(visible(guard)) if guard else NONE,
                _parts(finding.similarity),
                finding.run,
                finding.end - finding.start,
                documents.number(kept.document),
                kept.line,
                text,
                _twin(finding, there, text, texts),
                *around,
                hashes.number(pair[:16]) if pair else NONE,
                hashes.number(pair[17:]) if pair else NONE,
                names.number(visible(finding.id)) if finding.id is not None else NONE,
                names.number(visible(kept.id)) if kept.id is not None else NONE,
                names.number(visible(kept.batch)) if kept.batch is not None else NONE,
            )
        )
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in _COLUMNS]
    return {
        **dict(zip(_COLUMNS, columns, strict=True)),
        "rules": rules.values,
        "kinds": kinds.values,
        "guards": guards.values,
        "hashes": hashes.values,
        "names": names.values,
    }


_COLUMNS = (
    "flag document line height kind rule guard similarity run bytes twinDocument twinLine text twin "
    "above below twinAbove twinBelow one other id twinId batch"
).split()


def _twin(finding: Finding, there: Passage | None, text: int, texts: _Texts) -> int:
    """The number of the twin's text; of a verbatim repeat it is the block's own."""
    if finding.rule == "verbatim":
        return SAME
    found = finding.kept.text if finding.kept.text is not None else there.text if there else None
    if found is None:
        return NONE
    number = texts.number(found)
    return SAME if number == text else number


def _documents(documents: _Table, entries: dict[str, DocumentEntry], sizes: dict[str, int]) -> Columns:
    """The documents as columns; the size is -1 where it is not known."""
    repeats = [entry.repeats if (entry := entries.get(path)) else None for path in documents.values]
    shares = [_parts(each.share) if each else NONE for each in repeats]
    twins = [documents.number(each.document) if each else NONE for each in repeats]
    paths = documents.values
    added = len(paths) - len(shares)
    return {
        "paths": [visible(path) for path in paths],
        "sizes": [sizes.get(path, NONE) for path in paths],
        "shares": shares + [NONE] * added,
        "repeats": twins + [NONE] * added,
        "whole": [number for number, each in enumerate(repeats) if each and each.whole],
        "dropped": [number for number, path in enumerate(paths) if path in entries and entries[path].dropped],
    }


def _drift(group: Drift, documents: _Table, texts: _Texts) -> list[Columns]:
    return [
        {
            "text": texts.number(wording.text),
            "similarity": _parts(wording.similarity),
            "guard": visible(wording.guard) if wording.guard else None,
            "commonest": wording.commonest,
            "newest": wording.newest,
            "written": visible(wording.written) if wording.written else None,
            "places": [[documents.number(place.document), place.line] for place in wording.places],
        }
        for wording in group.wordings
    ]


def _parts(share: float) -> int:
    return int(cut(share, 4) * SCALE + 0.5)


def _threshold(report: Report) -> float | None:
    value = report.settings.get("threshold")
    return float(value) if isinstance(value, (int, float)) and 0 < value <= 1 else None


def _summary(summary: Summary) -> Columns:
    row = summary_row(summary)
    row["by_rule"] = {visible(rule): counts for rule, counts in row["by_rule"].items()}
    del row["passed_over"]  # told among the notes
    return row


def _notes(summary: Summary) -> list[str]:
    """What else there is to say of a run, a sentence each."""
    told: Iterable[tuple[str, list[str]]] = (
        ("Left alone", left(summary)),
        ("Passed over", passed_over(summary)),
        ("Not listed", [f"{count(summary.known, 'finding')} that a baseline knows"] if summary.known else []),
        (
            "Not listed",
            [f"{count(summary.unchanged, 'finding')} on unchanged lines"] if summary.unchanged else [],
        ),
        ("Rows of tables left out as a whole", [f"{summary.dropped:,}"] if summary.dropped else []),
        ("Rows of tables that could not be read", [f"{summary.skipped:,}"] if summary.skipped else []),
    )
    return [f"{title}: {', '.join(notes)}." for title, notes in told if notes]


def _has_obeyed(report: Report) -> bool:
    """Whether there were decisions that changed what the run found."""
    return report.summary.decided > 0 or any(each.decision for each in report.removals)


def _key(findings: Sequence[Finding], decisions: Iterable[Columns]) -> str:
    """What tells this report from others where a browser remembers decisions on it."""
    digest = blake2b(b"by pair, rule and guard\n", digest_size=8)
    for row in decisions:
        digest.update(json.dumps(row).encode())
    for each in findings:
        place = f"{each.document}\n{each.start} {each.end} {each.pair}\n"
        digest.update(place.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
