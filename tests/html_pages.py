"""Reports made for pages, pages read as data, and a browser to open them in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zlib
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.page import NoBrowser, browser
from dedup.report.files import write_report
from dedup.report.model import Counts, DocumentEntry, Flag, Place, Removal, Report, Summary
from dedup.words.fingerprints import fingerprint

ROOT = Path(__file__).resolve().parent.parent

LAST_YEAR = (
    "The harbour office had thirty berths for guests in the summer of last year, and most of them were free on "
    "weekdays, since boats that come for a day only lie at the northern quay, where nobody asks them for money."
)
THIS_YEAR = LAST_YEAR.replace("thirty", "forty")
FERRY = (
    "The ferry leaves at noon from the northern quay and takes an hour to the islands when the sea is calm."
)


def pair(one: str, other: str) -> str:
    return f"{fingerprint(one)}-{fingerprint(other)}"


def removal(document: str, line: int, text: str = FERRY, **changes: Any) -> Removal:
    values: dict[str, Any] = {
        "start": line * 1000,
        "end": line * 1000 + len(text),
        "end_line": line,
        "kind": "paragraph",
        "rule": "verbatim",
        "similarity": 1.0,
        "run": line,
        "kept": Place("docs/a.md", 10, 100, 3),
        "raw": text.encode("utf-8", "surrogatepass"),
        "pair": pair(text, text),
    }
    return Removal(document=document, line=line, text=text, **{**values, **changes})


def flag(document: str, line: int, text: str = THIS_YEAR, twin: str = LAST_YEAR, **changes: Any) -> Flag:
    values: dict[str, Any] = {
        "start": line * 1000,
        "end": line * 1000 + len(text),
        "end_line": line,
        "kind": "paragraph",
        "rule": "near",
        "similarity": 0.8519,
        "run": line,
        "kept": Place("docs/a.md", 200, 300, 7, text=twin),
        "guard": "number",
        "pair": pair(text, twin),
    }
    return Flag(document=document, line=line, text=text, **{**values, **changes})


def report_of(*findings: Removal | Flag, **changes: Any) -> Report:
    """A report of some findings, its numbers as they would be counted."""
    removals = [each for each in findings if isinstance(each, Removal)]
    flags = [each for each in findings if isinstance(each, Flag)]
    names = dict.fromkeys(each.document for each in findings)
    rules = {
        rule: Counts(
            documents=len({each.document for each in findings if each.rule == rule}),
            removed=sum(each.rule == rule for each in removals),
            flagged=sum(each.rule == rule for each in flags),
        )
        for rule in sorted({each.rule for each in findings})
    }
    summary = Summary(
        documents=len(names) + 1,
        blocks=3 * len(findings),
        removed=len(removals),
        flagged=len(flags),
        bytes_in=10_000,
        bytes_out=8_000,
        by_rule=rules,
    )
    values: dict[str, Any] = {
        "settings": {"threshold": 0.8, "preset": "prose"},
        "tool": {"name": "dedup", "version": "1.0", "kernel": "compiled"},
        "summary": summary,
        "documents": [DocumentEntry(name, "0" * 64, "0" * 64) for name in ("docs/a.md", *names)],
    }
    return Report(**{**values, **changes}, removals=removals, flags=flags)


def page_of(report: Report, folder: Path, name: str = "r.html") -> Path:
    write_report(report, folder / name)
    return folder / name


class Elements(HTMLParser):
    """The elements of a page that matter to a browser's safety, as a parser that is not ours finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.data: dict[int, str] = {}
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            at = len(self.tags) - 1
            self.data[at] = self.data.get(at, "") + data


def elements(path: Path) -> Elements:
    parser = Elements()
    parser.feed(path.read_text("utf-8"))
    parser.close()
    return parser


def data_of(path: Path) -> dict[str, Any]:
    """The data that a page holds."""
    found = elements(path)
    at = next(at for at, (_, attributes) in enumerate(found.tags) if attributes.get("id") == "data")
    held = found.data[at]
    if found.tags[at][1]["type"] == "application/json":
        return dict(json.loads(held))
    return dict(json.loads(zlib.decompress(b64decode(held))))


def shown(data: dict[str, Any], column: str, finding: int = 0) -> str | None:
    """The text of a column of a finding; None where there is none."""
    number = data["findings"][column][finding]
    if number == -2:
        number = data["findings"]["text"][finding]
    return None if number == -1 else str(data["texts"][number])


def dedup(*arguments: str, cwd: Path, status: int = 0) -> str:
    """Runs the command; gives what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "dedup", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == status, done.stderr.decode()
    return done.stderr.decode()


@contextmanager
def chromium() -> Iterator[Any]:
    """A Chromium; where there is none the test skips and says how to get it."""
    opened = browser()
    try:
        program = opened.__enter__()
    except NoBrowser as error:
        pytest.skip(str(error))
    try:
        yield program
    finally:
        opened.__exit__(None, None, None)
