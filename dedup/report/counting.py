"""The numbers of a report, document by document."""

from __future__ import annotations

from collections.abc import Sequence

from dedup.report.model import Counts, Finding, Removal, Report


def count_document(report: Report, findings: Sequence[Finding], size: int, blocks: int) -> None:
    """Counts a document with its findings; `size` in bytes is 0 for a row, whose table counts its own."""
    summary = report.summary
    summary.documents += 1
    summary.blocks += blocks
    summary.bytes_in += size
    summary.bytes_out += size
    for rule in sorted({finding.rule for finding in findings}):
        summary.by_rule.setdefault(rule, Counts()).documents += 1
    affected = False
    for finding in findings:
        counts, size = summary.by_rule[finding.rule], finding.end - finding.start
        counts.blocks += 1
        counts.bytes_in += size
        if isinstance(finding, Removal):
            affected = True
            summary.removed += 1
            summary.bytes_out -= size
            counts.removed += 1
        else:
            summary.flagged += 1
            counts.flagged += 1
            counts.bytes_out += size
    summary.affected += affected


def count_removed(report: Report, rule: str, removed: int, size: int) -> None:
    """Counts removals of one rule, each a document of its own, of so many bytes in all."""
    if not removed:
        return
    summary, counts = report.summary, report.summary.by_rule.setdefault(rule, Counts())
    summary.removed += removed
    summary.affected += removed
    summary.bytes_out -= size
    counts.documents += removed
    counts.blocks += removed
    counts.removed += removed
    counts.bytes_in += size


def count_flagged(report: Report, rule: str, flagged: int, size: int) -> None:
    """Counts flags of one rule, each in a document of its own, on blocks of so many bytes in all."""
    if not flagged:
        return
    summary, counts = report.summary, report.summary.by_rule.setdefault(rule, Counts())
    summary.flagged += flagged
    counts.documents += flagged
    counts.blocks += flagged
    counts.flagged += flagged
    counts.bytes_in += size
    counts.bytes_out += size
