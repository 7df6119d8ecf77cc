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


def write(report: Report, out: BinaryIO) -> None:
    """Writes an array with an issue for each finding."""
    issues = [_issue(result) for result in results(report)]
    out.write(json.dumps(issues, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n")


def _issue(result: Result) -> dict[str, Any]:
    # GitLab tells issues apart by this alone.
    identity = name_bytes(f"{result.document}\n{result.fingerprint}")
    return {
        "description": result.says,
        "check_name": f"dedup/{result.rule}",
        "fingerprint": blake2b(identity, digest_size=16).hexdigest(),
        "severity": "info" if result.is_flag else "minor",
        "location": {"path": result.document, "lines": {"begin": result.line, "end": result.end_line}},
    }
