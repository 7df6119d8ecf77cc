"""Between the report's dataclasses and the plain rows that JSON and JSON Lines hold."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from dedup.problems import DedupError
from dedup.report.model import (
    SCHEMA,
    Counts,
    DirectiveEntry,
    DocumentEntry,
    Drift,
    Finding,
    Flag,
    Place,
    Removal,
    Repeat,
    Report,
    Summary,
    Wording,
    bytes_field,
    raw_of,
)
from dedup.report.shown import cut

Row = dict[str, Any]

SIMILARITY_DIGITS = 4

# What only some places have.
PLACE_EXTRAS = ("id", "batch", "text")

# Numbers that are saved where they are not 0.
OPTIONAL_COUNTS = ("skipped", "dropped", "ignored", "allowed", "decided", "retained", "known", "unchanged")

DIRECTIVE_FIELDS = ("document", "line", "problem", "text")

# What a table's columns hold; no file has more bytes.
LARGEST = 2**63 - 1


def head_row(report: Report) -> Row:
    """What a saved report says of the run as a whole."""
    row: Row = {
        "schema": SCHEMA,
        "tool": report.tool,
        "settings": report.settings,
        "summary": summary_row(report.summary),
    }
    if report.directives:
        row["directives"] = [
            {name: getattr(entry, name) for name in DIRECTIVE_FIELDS} for entry in report.directives
        ]
    return row


def document_row(entry: DocumentEntry) -> Row:
    """The saved row of a document."""
    row: Row = {
        "path": entry.path,
        "sha256_before": entry.sha256_before,
        "sha256_after": entry.sha256_after,
        "inside": entry.inside,
        "output": entry.output,
        "dropped": entry.dropped,
        "repeats": None,
    }
    if (repeats := entry.repeats) is not None:
        row["repeats"] = {
            "document": repeats.document,
            "share": cut(repeats.share, SIMILARITY_DIGITS),
            "whole": repeats.whole,
        }
    if entry.rest:
        row["rest"] = b64encode(entry.rest).decode("ascii")
    return row


def finding_row(finding: Finding) -> Row:
    """The saved row of a removal or flag."""
    row: Row = {
        "document": finding.document,
        "start": finding.start,
        "end": finding.end,
        "line": finding.line,
        "end_line": finding.end_line,
        "kind": finding.kind,
        "rule": finding.rule,
        "similarity": cut(finding.similarity, SIMILARITY_DIGITS),
        "run": finding.run,
        "kept": place_row(finding.kept),
        "text": finding.text,
    }
    if finding.id is not None:
        row["id"] = finding.id
    if finding.pair is not None:
        row["pair"] = finding.pair
    if isinstance(finding, Flag):
        row["guard"] = finding.guard
        return row
    if finding.decision is not None:
        row |= {"guard": finding.guard, "decision": finding.decision}
    if (encoded := bytes_field(finding.text, finding.raw)) is not None:
        row["bytes"] = encoded
    return row


def place_row(place: Place) -> Row:
    """The saved row of a place."""
    row: Row = {name: getattr(place, name) for name in ("document", "start", "end", "line")}
    return row | {name: value for name in PLACE_EXTRAS if (value := getattr(place, name)) is not None}


def drift_row(group: Drift) -> Row:
    """The saved row of a drifted copy."""
    return {
        "wordings": [
            {
                "similarity": cut(wording.similarity, SIMILARITY_DIGITS),
                "guard": wording.guard,
                "commonest": wording.commonest,
                "newest": wording.newest,
                "written": wording.written,
                "places": [place_row(place) for place in wording.places],
                "text": wording.text,
            }
            for wording in group.wordings
        ]
    }


def summary_row(summary: Summary) -> Row:
    """The saved numbers of a run."""
    row: Row = {field.name: getattr(summary, field.name) for field in fields(Counts)}
    row["variants"] = summary.variants
    row["natural"] = summary.natural
    # What has none keeps to what it was.
    row |= {name: value for name in OPTIONAL_COUNTS if (value := getattr(summary, name))}
    row["passed_over"] = dict(sorted(summary.passed_over.items()))
    row["by_rule"] = {
        rule: {field.name: getattr(counts, field.name) for field in fields(Counts)}
        for rule, counts in summary.by_rule.items()
    }
    return row


def read_head(row: Any, where: str) -> Report:
    """An empty report with the head of a saved one; a DedupError says what is wrong with it."""
    _mapping(row, where)
    schema = row.get("schema")
    if schema != SCHEMA:
        if schema is None:
            raise DedupError(f"{where}: not a report of dedup: it names no schema")
        raise DedupError(f'{where}: a report of another version ("{schema}"), this dedup reads {SCHEMA}')
    tool = _get(row, "tool", dict, where)
    for name in tool:
        _get(tool, name, str, f"{where}: tool")
    summary = _get(row, "summary", dict, where)
    by_rule = _get(summary, "by_rule", dict, f"{where}: summary")
    passed_over = _get(summary, "passed_over", dict, f"{where}: summary")
    return Report(
        settings=_get(row, "settings", dict, where),
        tool=tool,
        summary=Summary(
            **_counts(summary, f"{where}: summary"),
            variants=_get(summary, "variants", int, f"{where}: summary"),
            natural=_get(summary, "natural", int, f"{where}: summary"),
            **{
                name: _get(summary, name, int, f"{where}: summary")
                for name in OPTIONAL_COUNTS
                if name in summary
            },
            passed_over={
                name: _get(passed_over, name, int, f"{where}: summary: passed_over") for name in passed_over
            },
            by_rule={
                rule: Counts(**_counts(counts, f"{where}: summary: by_rule: {rule}"))
                for rule, counts in by_rule.items()
            },
        ),
        directives=_directives(row, where),
        read_back=True,
    )


def _directives(row: Row, where: str) -> list[DirectiveEntry]:
    entries = _get(row, "directives", list, where) if "directives" in row else []
    found = []
    for number, entry in enumerate(entries):
        inner = f"{where}: directives[{number}]"
        _mapping(entry, inner)
        kinds = {name: int if name == "line" else str for name in DIRECTIVE_FIELDS}
        found.append(DirectiveEntry(**{name: _get(entry, name, kind, inner) for name, kind in kinds.items()}))
    return found


def read_document(row: Any, where: str) -> DocumentEntry:
    """A document from its saved row; a DedupError says what is wrong with it."""
    _mapping(row, where)
    repeats = _get(row, "repeats", dict, where, or_none=True)
    if repeats is not None:
        inner = f"{where}: repeats"
        repeats = Repeat(
            document=_get(repeats, "document", str, inner),
            share=_share(repeats, "share", inner),
            whole=_get(repeats, "whole", bool, inner),
        )
    rest = _get(row, "rest", str, where) if "rest" in row else ""
    return DocumentEntry(
        path=_get(row, "path", str, where),
        sha256_before=_get(row, "sha256_before", str, where),
        sha256_after=_get(row, "sha256_after", str, where),
        output=_get(row, "output", str, where, or_none=True),
        dropped=_get(row, "dropped", bool, where),
        repeats=repeats,
        inside=_get(row, "inside", str, where, or_none=True),
        rest=_decoded(lambda: b64decode(rest, validate=True), "rest", where),
    )


def read_removal(row: Any, where: str) -> Removal:
    """A removal from its saved row; a DedupError says what is wrong with it."""
    common = _finding(row, where)
    if "bytes" in row:
        _get(row, "bytes", str, where)
    return Removal(
        **common,
        raw=_decoded(lambda: raw_of(row), "bytes" if "bytes" in row else "text", where),
        guard=_get(row, "guard", str, where, or_none=True) if "guard" in row else None,
        decision=_get(row, "decision", str, where) if "decision" in row else None,
    )


def read_flag(row: Any, where: str) -> Flag:
    """A flag from its saved row; a DedupError says what is wrong with it."""
    return Flag(**_finding(row, where), guard=_get(row, "guard", str, where, or_none=True))


def read_drift(row: Any, where: str) -> Drift:
    """A drifted copy from its saved row; a DedupError says what is wrong with it."""
    _mapping(row, where)
    wordings = [
        _wording(wording, f"{where}: wordings[{number}]")
        for number, wording in enumerate(_get(row, "wordings", list, where))
    ]
    if len(wordings) < 2:
        raise DedupError(f"{where}: 'wordings' must hold at least two")
    return Drift(tuple(wordings))


def _wording(row: Any, where: str) -> Wording:
    _mapping(row, where)
    places = [
        _place(place, f"{where}: places[{number}]")
        for number, place in enumerate(_get(row, "places", list, where))
    ]
    if not places:
        raise DedupError(f"{where}: 'places' must hold at least one")
    return Wording(
        text=_get(row, "text", str, where),
        similarity=_share(row, "similarity", where),
        guard=_get(row, "guard", str, where, or_none=True),
        places=tuple(places),
        commonest=_get(row, "commonest", bool, where),
        newest=_get(row, "newest", bool, where),
        written=_get(row, "written", str, where, or_none=True),
    )


def _place(row: Any, where: str) -> Place:
    _mapping(row, where)
    return Place(
        document=_get(row, "document", str, where),
        start=_get(row, "start", int, where),
        end=_get(row, "end", int, where),
        line=_get(row, "line", int, where),
        **{name: _get(row, name, str, where) for name in PLACE_EXTRAS if name in row},
    )


def _finding(row: Any, where: str) -> Row:
    _mapping(row, where)
    kept = _place(_get(row, "kept", dict, where), f"{where}: kept")
    return {
        "document": _get(row, "document", str, where),
        "start": _get(row, "start", int, where),
        "end": _get(row, "end", int, where),
        "line": _get(row, "line", int, where),
        "end_line": _get(row, "end_line", int, where),
        "kind": _get(row, "kind", str, where),
        "rule": _get(row, "rule", str, where),
        "similarity": _share(row, "similarity", where),
        "run": _get(row, "run", int, where),
        "kept": kept,
        "text": _get(row, "text", str, where),
        **{name: _get(row, name, str, where) for name in ("id", "pair") if name in row},
    }


def _counts(row: Any, where: str) -> dict[str, int]:
    _mapping(row, where)
    return {field.name: _get(row, field.name, int, where) for field in fields(Counts)}


_WANTED: dict[type, str] = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}


def _get(row: Mapping[str, Any], name: str, wanted: type, where: str, *, or_none: bool = False) -> Any:
    if name not in row:
        raise DedupError(f"{where}: {name!r} is missing")
    value = row[name]
    if or_none and value is None:
        return None
    # JSON has one kind of number, and Python takes True for 1.
    right = isinstance(value, (int, float) if wanted is float else wanted)
    if not right or (isinstance(value, bool) and wanted is not bool):
        raise DedupError(f"{where}: {name!r} must be {_WANTED[wanted]}")
    if wanted is int and abs(value) > LARGEST:
        raise DedupError(f"{where}: {name!r} is too large")
    return value


def _share(row: Mapping[str, Any], name: str, where: str) -> float:
    value = _get(row, name, float, where)
    if not 0 <= value <= 1:
        raise DedupError(f"{where}: {name!r} must lie between 0 and 1")
    return float(value)


def _mapping(row: Any, where: str) -> None:
    if not isinstance(row, dict):
        raise DedupError(f"{where}: must be an object")


def _decoded(decode: Callable[[], bytes], name: str, where: str) -> bytes:
    try:
        return decode()
    except ValueError:
        raise DedupError(f"{where}: {name!r} does not hold the bytes that were removed") from None
