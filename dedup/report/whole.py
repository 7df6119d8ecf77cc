"""A row of a table that goes as a whole, as the report has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dedup.report.model import Finding, Flag, Removal


def whole_row(data: Any, row: Sequence[int], origin: int, findings: Sequence[Finding]) -> list[Removal]:
    """A removal for each finding of a row that goes as a whole, together as long as that."""
    ordered = sorted(findings, key=lambda finding: finding.start)
    edges = [origin + row[0], *(finding.start for finding in ordered[1:]), origin + row[1]]
    removals = []
    for finding, start, end in zip(ordered, edges, edges[1:], strict=False):
        raw = bytes(data[start - origin : end - origin])
        if isinstance(finding, Removal):
            removals.append(replace(finding, start=start, end=end, raw=raw))
        else:
            common = {name: getattr(finding, name) for name in Flag.__dataclass_fields__ if name != "guard"}
            removals.append(Removal(**common | {"start": start, "end": end, "raw": raw}))
    return removals
