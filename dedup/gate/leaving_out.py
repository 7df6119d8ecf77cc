"""A report without some of its findings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from dedup.report.model import Counts, Finding, Removal, Report


def leave_out(report: Report, keep: Sequence[bool], tables: Collection[str]) -> None:
    """Takes the findings out for which `keep`, in the order of `report.findings`, is False; the numbers follow.

    `tables` are the paths whose rows are documents. What a document of which a finding goes repeats as a whole is no
    longer said: it was said of all its findings.
    """
    findings = report.findings
    gone = [finding for finding, stays in zip(findings, keep, strict=True) if not stays]
    if not gone:
        return
    affected_before = len(_units(report.removals, tables))
    split = len(report.removals)
    report.removals = [each for each, stays in zip(report.removals, keep[:split], strict=True) if stays]
    report.flags = [each for each, stays in zip(report.flags, keep[split:], strict=True) if stays]
    touched = {finding.document for finding in gone}
    report.documents = [
        replace(entry, repeats=None) if entry.repeats and entry.path in touched else entry
        for entry in report.documents
    ]
    summary = report.summary
    summary.affected += len(_units(report.removals, tables)) - affected_before
    for finding in gone:
        size, counts = finding.end - finding.start, summary.by_rule[finding.rule]
        counts.blocks -= 1
        counts.bytes_in -= size
        if isinstance(finding, Removal):
            summary.removed -= 1
            summary.bytes_out += size
            counts.removed -= 1
        else:
            summary.flagged -= 1
            counts.flagged -= 1
            counts.bytes_out -= size
    left = report.findings
    for rule in {finding.rule for finding in gone}:
        of_rule = [finding for finding in left if finding.rule == rule]
        summary.by_rule[rule].documents = len(_units(of_rule, tables))
        if summary.by_rule[rule] == Counts():
            del summary.by_rule[rule]


def _units(findings: Sequence[Finding], tables: Collection[str]) -> set[tuple[str, int]]:
    """The documents of findings; of a table, its rows."""
    return {(each.document, each.line if each.document in tables else 0) for each in findings}
