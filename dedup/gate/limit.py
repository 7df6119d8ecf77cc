"""How much may be found before a check fails."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dedup.problems import DedupError
from dedup.report.model import Report
from dedup.report.shown import count


@dataclass(frozen=True, slots=True)
class Limit:
    """So many findings, or such a share of the bytes read, may be found; `shown` is how the user wrote it.

    Findings are removals and flags alike. Of a share, which is `most` of `whole`, the bytes of their blocks count.
    """

    most: int
    whole: int
    is_share: bool
    shown: str

    @classmethod
    def of(cls, text: str) -> Limit:
        """The limit that `3`, `5%` or `0.5%` says; DedupError where a text says none."""
        match = re.fullmatch(r"\s*([0-9]{1,18})(?:\.([0-9]{1,9}))?\s*(%?)\s*", text)
        if match is None or (match[2] and not match[3]):
            raise DedupError(
                f"{text!r} is neither a number of findings, as 10, nor a share of the bytes, as 2.5%"
            )
        most, whole = int(match[1] + (match[2] or "")), 100 * 10 ** len(match[2] or "")
        if match[3] and most > whole:
            raise DedupError(f"{text!r} is more than all: a share is at most 100%")
        return cls(most, whole, bool(match[3]), "".join(text.split()))

    def is_exceeded(self, report: Report) -> bool:
        """Whether more was found."""
        if self.is_share:
            return self.whole * _found(report) > self.most * report.summary.bytes_in
        return len(report.findings) > self.most

    def told(self, report: Report) -> str:
        """What was found beside what may be, for a person."""
        findings = report.findings
        found = count(len(findings), "finding")
        if self.is_share:
            found += f" of {_found(report):,} bytes"
        return f"{found}, {'over' if self.is_exceeded(report) else 'within'} the limit of {self.shown}"


def _found(report: Report) -> int:
    return sum(finding.end - finding.start for finding in report.findings)
