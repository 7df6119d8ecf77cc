"""The report as one JSON object, a row a line, so that a large one is written as it goes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from dedup.problems import DedupError, reason_of
from dedup.report.model import Report
from dedup.report.rows import (
    Row,
    document_row,
    drift_row,
    finding_row,
    head_row,
    read_document,
    read_drift,
    read_flag,
    read_head,
    read_removal,
)

Item = TypeVar("Item")

# Unpaired surrogates (bytes of file names that are no UTF-8) cannot be written as UTF-8; on the others a
# terminal would act, or a reader of lines would break a line.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def write(report: Report, out: BinaryIO) -> None:
    """Writes the report as JSON."""
    out.write(b"{\n")
    for name, value in head_row(report).items():
        out.write(b'"%s": %s,\n' % (name.encode(), encoded(value)))
    _write_rows("documents", map(document_row, report.documents), out)
    out.write(b",\n")
    _write_rows("removals", map(finding_row, report.removals), out)
    out.write(b",\n")
    _write_rows("flags", map(finding_row, report.flags), out)
    if report.drift:
        out.write(b",\n")
        _write_rows("drift", map(drift_row, report.drift), out)
    out.write(b"\n}\n")


def _write_rows(name: str, rows: Iterable[Row], out: BinaryIO) -> None:
    separators = chain([b"\n"], iter(lambda: b",\n", None))
    out.write(b'"%s": [' % name.encode())
    for separator, row in zip(separators, rows, strict=False):
        out.write(separator + encoded(row))
    out.write(b"\n]")


def encoded(value: Any) -> bytes:
    """A value as JSON in one line of UTF-8; text stays readable, unpaired surrogates are escaped."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", text).encode("utf-8")


def decoded(data: bytes, where: str) -> Any:
    """The value of JSON; a DedupError that says where and why there is none."""
    try:
        return json.loads(data)
    except RecursionError:
        raise DedupError(f"{where}: nested too deeply for a report") from None
    except json.JSONDecodeError as error:
        raise DedupError(f"{where}: not valid JSON: {error}") from None
    except ValueError as error:  # bytes that are no text, numbers without end
        raise DedupError(f"{where}: not valid JSON: {str(error).splitlines()[0]}") from None


def read(path: Path) -> Report:
    """The report that a JSON file holds; a DedupError says in one line what is wrong with it."""
    try:
        row = decoded(path.read_bytes(), str(path))
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None
    report = read_head(row, str(path))
    report.documents.extend(_read_rows(row, "documents", read_document, path))
    report.removals.extend(_read_rows(row, "removals", read_removal, path))
    report.flags.extend(_read_rows(row, "flags", read_flag, path))
    if "drift" in row:
        report.drift.extend(_read_rows(row, "drift", read_drift, path))
    return report


def _read_rows(row: Row, name: str, read_row: Callable[[Any, str], Item], path: Path) -> Iterator[Item]:
    saved = row.get(name)
    if not isinstance(saved, list):
        raise DedupError(f"{path}: {name!r} must be a list")
    for number, item in enumerate(saved):
        yield read_row(item, f"{path}: {name}[{number}]")
