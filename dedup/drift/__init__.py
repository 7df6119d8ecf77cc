"""Drifted copies: the same paragraph in several places, no longer the same everywhere."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from dedup.report.counting import count_document
from dedup.report.model import Drift, Finding, Report, Summary

if TYPE_CHECKING:
    from dedup.drift.groups import Copies


def list_drift(report: Report, copies: Copies) -> None:
    """Lists in a report the drifted copies of which it has a finding, with all their places."""
    left = {(finding.document, finding.start) for finding in report.findings}
    groups = [group for group in copies.groups() if not left.isdisjoint(_places(group))]
    if groups:
        from dedup.drift.newest import with_newest  # most runs find none

        report.drift = with_newest(groups)


def keep_drift_only(report: Report) -> None:
    """Leaves in a report nothing but the findings of its drifted copies, and counts anew."""
    places = {place for group in report.drift for place in _places(group)}
    report.removals = [finding for finding in report.removals if (finding.document, finding.start) in places]
    report.flags = [finding for finding in report.flags if (finding.document, finding.start) in places]
    by_document: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_document[finding.document].append(finding)
    before, report.summary = report.summary, Summary()
    for found in by_document.values():
        count_document(report, found, 0, 0)
    summary = report.summary
    summary.documents, summary.blocks, summary.bytes_in = before.documents, before.blocks, before.bytes_in
    summary.bytes_out += before.bytes_in
    summary.passed_over = before.passed_over
    report.documents = [replace(entry, repeats=None) for entry in report.documents]


def _places(group: Drift) -> list[tuple[str, int]]:
    return [(place.document, place.start) for place in group.places]
