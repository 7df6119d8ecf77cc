"""The findings as a Code Quality report, which GitLab shows in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any, BinaryIO

from dedup.report.model import Report
from dedup.report.results import Result, results
from dedup.report.shown import name_bytes

_SEVERITIES = {"error": "major", "warning": "minor", "note": "info"}


def write(report: Report, out: BinaryIO) -> None:
    """Writes an array with an issue for each finding, and for each comment for us that is malformed or unused."""
    issues = [_issue(result) for result in results(report)]
    out.write(json.dumps(issues, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n")


def _issue(result: Result) -> dict[str, Any]:
    name = name_bytes(result.document)
    # GitLab tells issues apart by this alone.
    identity = name + name_bytes(f"\n{result.fingerprint}")
    return {
        "description": result.says,
        "check_name": f"dedup/{result.rule}",
        "fingerprint": blake2b(identity, digest_size=16).hexdigest(),
        "severity": _SEVERITIES[result.level],
        "location": {
            "path": name.decode("utf-8", "replace"),
            "lines": {"begin": result.line, "end": result.end_line},
        },
    }
