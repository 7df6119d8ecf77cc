"""The report as SARIF 2.1.0, for code scanning (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import quote

from dedup.report.model import Report
from dedup.report.results import Result, results
from dedup.report.shown import name_bytes

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"

_RULES = {
    "verbatim": ("Repeated text", "The same bytes as an earlier block, but for white space at the end."),
    "exact": ("Repeated words", "The same words, links, signs and units as an earlier block."),
    "near": (
        "Nearly repeated text",
        "A near-duplicate of an earlier block: mostly a copy that has drifted apart.",
    ),
    "headline": ("Repeated headline", "A headline that an earlier one gives already."),
    "comment": (
        "Comment without effect",
        "A comment for dedup that is malformed, or leaves out what nothing repeats.",
    ),
}


def write(report: Report, out: BinaryIO) -> None:
    """Writes the report as one SARIF run, a result for each finding and each comment without effect."""
    run = {
        "tool": {
            "driver": {
                "name": "dedup",
                "version": report.tool.get("version", ""),
                "rules": [_rule(name) for name in _RULES],
            }
        },
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The folder in which the command ran."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result) for result in results(report)],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    out.write(json.dumps(log, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n")


def _rule(name: str) -> dict[str, Any]:
    title, text = _RULES[name]
    return {
        "id": name,
        "name": "".join(word.capitalize() for word in title.split()),
        "shortDescription": {"text": title},
        "fullDescription": {"text": text},
        "help": {"text": f"{text} `dedup explain` shows why two places count as a repeat, or do not."},
        "defaultConfiguration": {"level": "warning"},
        "properties": {"tags": ["documentation", "duplication"]},
    }


def _result(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {
        "ruleId": result.rule,
        **({"ruleIndex": [*_RULES].index(result.rule)} if result.rule in _RULES else {}),
        "level": result.level,
        "message": {"text": _escaped(result.says)},
        "locations": [_location(result.document, result.line, result.end_line)],
        # No `primaryLocationLineHash`: GitHub works that out from the file, and warns of any other.
        "partialFingerprints": {"dedupWords/v1": result.fingerprint},
    }
    if result.twin:
        # A number in round brackets after square ones is a link to the related location of that id.
        told["message"] = {
            "text": _escaped(result.says).replace(_escaped(result.twin_place), _link(result), 1)
        }
        twin = _location(result.twin.document, result.twin.line)
        told["relatedLocations"] = [{"id": 1, **twin, "message": {"text": "What it repeats."}}]
    return told


def _link(result: Result) -> str:
    return f"[{_escaped(result.twin_place)}](1)"


def _escaped(text: str) -> str:
    """Text of a message without what would begin a link or a placeholder (3.11.5 and 3.11.6 of the standard)."""
    return re.sub(r"[\\\[\]]", r"\\\g<0>", text).replace("{", "{{").replace("}", "}}")


def _location(path: str, line: int, end_line: int = 0) -> dict[str, Any]:
    region = {"startLine": line, **({"endLine": end_line} if end_line else {})}
    return {"physicalLocation": {"artifactLocation": _artifact(path), "region": region}}


def _artifact(path: str) -> dict[str, str]:
    name = quote(name_bytes(path), safe="/")
    drive = re.match(r"([A-Za-z])%3A/", name)
    if drive:
        return {"uri": f"file:///{drive[1]}:/{name[drive.end() :]}"}
    return (
        {"uri": f"file://{name}"} if PurePosixPath(path).is_absolute() else {"uri": name, "uriBaseId": _ROOT}
    )
