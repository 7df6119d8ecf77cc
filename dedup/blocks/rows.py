"""The blocks of a Markdown text as ranges of lines, on the way from the parser's events to columns."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.blocks.columns import Kind, Role


@dataclass(frozen=True, slots=True)
class Row:
    """A finished block: first and last line, what it is, what it shows."""

    first: int
    last: int
    kind: Kind
    level: int = 0
    group: int = 0
    role: Role = Role.NONE
    visible: str = ""
    links: tuple[str, ...] = ()


def protected(first: int, last: int, role: Role, group: int = 0) -> Row:
    """A row that is never compared and never removed."""
    return Row(first, last, Kind.PROTECTED, group=group, role=role)
