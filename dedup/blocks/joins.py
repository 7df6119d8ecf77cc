"""Blocks of Markdown that belong together though blank lines part them, as site generators read them."""

from __future__ import annotations

import re
from dataclasses import replace

from dedup.blocks.columns import Kind, Role
from dedup.blocks.rows import Row, protected
from dedup.blocks.templates import Region

_MARKER = re.compile(
    rb"^([ \t>]*)(?:!!!|\?\?\?|:::|(?P<tab>===)(?P<new>!?)\+?[ \t]*[\"']|(?P<definition>:)[ \t])",
    re.MULTILINE,
)
_INDENT = re.compile(rb"[ \t>]*")
_BODY_INDENT, _DEFINITION_INDENT = 4, 2
_ATTRIBUTES = re.compile(
    rb"\s*(?:[ \t>]*\{[ \t]*(?::(?![:/])|[#.](?=[\w-]))[^\r\n]*\}[ \t]*(?:\r\n?|\n|\Z))+"
)
_TARGETS = re.compile(rb"\s*(?:[ \t>]*\([^()\s]+\)=[ \t]*(?:\r\n?|\n|\Z))+")


class _Text:
    def __init__(self, text: bytes, starts: list[int]) -> None:
        self._text, self._starts = text, starts

    def of(self, row: Row) -> bytes:
        return self._text[self._starts[row.first] : self._starts[row.last + 1]]

    def indent(self, row: Row) -> int:
        return _width(_INDENT.match(self.of(row))[0])  # type: ignore[index]


def _width(indent: bytes) -> int:
    return len(indent.replace(b">", b"").expandtabs(4))


def join_rows(rows: list[Row], text: bytes, starts: list[int], regions: list[Region]) -> list[Row]:
    """The rows, with those made one that a site generator reads as one."""
    source = _Text(text, starts)
    return _join_targets(_join_regions(_join_bodies(rows, source), regions), source)


def _join_bodies(rows: list[Row], source: _Text) -> list[Row]:
    """Join admonitions, tabs and definitions with the indented blocks that follow; and those tabs in a row."""
    marks = [_marker(row, source) for row in rows]
    done: list[Row] = []
    number = 0
    while number < len(rows):
        first, mark = number, marks[number]
        if mark is None and _is_term(rows, marks, number, source):
            number += 1
            mark = marks[number]
        if mark is None:
            done.append(rows[number])
            number += 1
            continue
        while True:
            least = _width(mark[1]) + (_DEFINITION_INDENT if mark["definition"] else _BODY_INDENT)
            number += 1
            while number < len(rows) and source.indent(rows[number]) >= least:
                number += 1
            following = _follows(rows, marks, number, mark, source)
            if following is None:
                break
            number = following
            mark = marks[number] or mark
        done.append(
            rows[first]
            if number == first + 1
            else protected(rows[first].first, rows[number - 1].last, Role.COMPLETE, rows[first].group)
        )
    return done


def _marker(row: Row, source: _Text) -> re.Match[bytes] | None:
    """The last line of a row that an indented body may follow."""
    if row.role != Role.WRAPPER:
        return None
    found = list(_MARKER.finditer(source.of(row)))
    return found[-1] if found else None


def _is_term(rows: list[Row], marks: list[re.Match[bytes] | None], number: int, source: _Text) -> bool:
    """Whether a paragraph is what the definition below it defines."""
    if number + 1 == len(rows) or rows[number].kind != Kind.PARAGRAPH:
        return False
    mark = marks[number + 1]
    return bool(mark and mark["definition"] and source.of(rows[number + 1]).lstrip(b" \t>").startswith(b":"))


def _follows(
    rows: list[Row],
    marks: list[re.Match[bytes] | None],
    number: int,
    mark: re.Match[bytes],
    source: _Text,
) -> int | None:
    """The row with the next mark of the same tabs or the same definitions, where they go on at this row."""
    if number >= len(rows):
        return None
    following = marks[number]
    if mark["definition"] and _is_term(rows, marks, number, source):
        return number + 1
    if following is None or _width(following[1]) != _width(mark[1]):
        return None
    same_tabs = mark["tab"] and following["tab"] and not following["new"]
    return number if same_tabs or (mark["definition"] and following["definition"]) else None


def _join_regions(rows: list[Row], regions: list[Region]) -> list[Row]:
    """Make one protected row of the rows that a region touches."""
    done: list[Row] = []
    number = 0
    for region in regions:
        while number < len(rows) and rows[number].last < region.first:
            done.append(rows[number])
            number += 1
        touched: list[Row] = []
        if done and done[-1].last >= region.first:
            touched.append(done.pop())
        while number < len(rows) and rows[number].first <= region.last:
            touched.append(rows[number])
            number += 1
        if len(touched) == 1 and touched[0].kind == Kind.PROTECTED:
            done += touched
        elif touched:
            group = max(row.group for row in touched)
            done.append(protected(touched[0].first, touched[-1].last, region.role, group))
    return done + rows[number:]


def _join_targets(rows: list[Row], source: _Text) -> list[Row]:
    """Join the line of a name with the block after it, and one of attributes with the block that it touches."""
    done: list[Row] = []
    waiting: Row | None = None
    for row in rows:
        raw = source.of(row) if row.kind == Kind.PROTECTED else b""
        if waiting is not None:
            row, waiting = _with(row, waiting, source), None
        elif _TARGETS.fullmatch(raw):
            waiting = row
            continue
        elif done and done[-1].last + 1 == row.first:
            if _ATTRIBUTES.fullmatch(raw):
                row = _with(done.pop(), row, source)
            elif _ATTRIBUTES.match(raw):
                # Its first lines are for the block above, which may go as little as these.
                above = done.pop()
                row = protected(above.first, row.last, row.role, max(above.group, row.group))
            elif _is_attributes(done[-1], source):
                row = _with(row, done.pop(), source)
        done.append(row)
    return [*done, waiting] if waiting is not None else done


def _is_attributes(row: Row, source: _Text) -> bool:
    return row.kind == Kind.PROTECTED and _ATTRIBUTES.fullmatch(source.of(row)) is not None


def _with(row: Row, line: Row, source: _Text) -> Row:
    first, last = min(row.first, line.first), max(row.last, line.last)
    if row.kind not in (Kind.HEADLINE, Kind.PARAGRAPH):
        return protected(first, last, row.role, row.group)
    links = (*row.links, f"template {source.of(line).strip().decode('utf-8', 'surrogateescape')}")
    return replace(row, first=first, last=last, links=links)
