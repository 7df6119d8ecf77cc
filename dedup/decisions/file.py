"""The file of decisions: one JSON object, a decision a line, in the order of the pairs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from dedup.atomic import replacing
from dedup.decisions.model import Choice, Decided, Decisions
from dedup.problems import DedupError, reason_of
from dedup.report.as_json import decoded, encoded

SCHEMA = "dedup-decisions/1"
DEFAULT = "dedup-decisions.json"

_FIELDS = ("pair", "decision", "rule", "text", "twin")
_PAIR = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}")
_CONFLICT = (b"<<<<<<<", b"|||||||", b">>>>>>>")


def decisions_of(given: Decisions | str | os.PathLike[str] | None) -> Decisions | None:
    """Decisions as they come, or those of a file that is named; DedupError where that cannot be read."""
    if given is None or isinstance(given, Decisions):
        return given
    return read_decisions(Path(given))


def read_decisions(path: Path, *, may_be_absent: bool = False) -> Decisions:
    """The decisions that a file holds; where it may be absent, none.

    Raises DedupError with the file and the reason where it cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if may_be_absent and path.parent.is_dir():
            return Decisions()
        hint = "no such folder" if may_be_absent else "no such file; `dedup review` makes it"
        raise DedupError(f"{path}: {hint}") from None
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.startswith(_CONFLICT):
            raise DedupError(f"{path}: line {number}: a conflict of a merge; keep the lines of both sides")
    return Decisions(_entries(decoded(data, str(path)), str(path)))


def _entries(value: Any, where: str) -> list[Decided]:
    schema = value.get("schema") if isinstance(value, dict) else None
    if schema is None:
        raise DedupError(f"{where}: no file of decisions: it names no schema")
    if schema != SCHEMA:
        raise DedupError(f"{where}: names the schema {json.dumps(schema)}; this dedup reads {SCHEMA}")
    rows = value.get("decisions")
    if not isinstance(rows, list):
        raise DedupError(f"{where}: 'decisions' must be a list")
    entries: list[Decided] = []
    before: dict[str, Choice] = {}
    for number, row in enumerate(rows):
        entry = _entry(row, f"{where}: decisions[{number}]")
        if before.setdefault(entry.pair, entry.decision) != entry.decision:
            raise DedupError(
                f"{where}: decisions[{number}]: {entry.pair} is decided twice, as accept and as reject"
            )
        entries.append(entry)
    return entries


def _entry(row: Any, where: str) -> Decided:
    if not isinstance(row, dict):
        raise DedupError(f"{where}: must be an object")
    for name in _FIELDS:
        if not isinstance(row.get(name), str):
            raise DedupError(
                f"{where}: {name!r} must be a string" if name in row else f"{where}: {name!r} is missing"
            )
    if not _PAIR.fullmatch(row["pair"]):
        raise DedupError(
            f"{where}: 'pair' must be two fingerprints of 16 hex digits, not {json.dumps(row['pair'])}"
        )
    if row["decision"] not in get_args(Choice):
        raise DedupError(f"{where}: 'decision' must be accept or reject, not {json.dumps(row['decision'])}")
    guard = row.get("guard")
    if guard is not None and not isinstance(guard, str):
        raise DedupError(f"{where}: 'guard' must be a string")
    return Decided(**{name: row[name] for name in _FIELDS}, guard=guard)


def _row(entry: Decided) -> dict[str, str]:
    row: dict[str, str] = {name: getattr(entry, name) for name in _FIELDS}
    return row if entry.guard is None else {**row, "guard": entry.guard}


def check_apart(decisions: str, reports: Sequence[str]) -> None:
    """Raises DedupError where a report would be written over the file of decisions."""
    if os.path.realpath(decisions) in map(os.path.realpath, reports):
        raise DedupError(f"{decisions}: the report would overwrite the decisions")


def write_decisions(decisions: Decisions, path: Path) -> None:
    """Writes decisions, the whole file or nothing; the same decisions are the same bytes.

    Raises DedupError where the file cannot be written.
    """
    lines = (encoded(_row(entry)) for entry in decisions)
    try:
        with replacing(path) as out:
            out.write(b'{"schema": %s, "decisions": [\n' % encoded(SCHEMA))
            out.write(b",\n".join(lines))
            out.write(b"\n]}\n")
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None
