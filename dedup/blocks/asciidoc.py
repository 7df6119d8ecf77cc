"""AsciiDoc into blocks, line by line as Asciidoctor's parser reads them.

A block is whole lines: a section title with the attribute lines that belong to it, a paragraph, a part of a list.
Prose inside open, example, sidebar and quote blocks is cut in the same way. Everything else is protected: the header,
attribute entries, delimiters, what stands verbatim, comments, macros and directives of the preprocessor, and
whatever others may point to or depend on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from dedup.blocks.asciidoc_lines import STRIPPED
from dedup.blocks.asciidoc_rows import Row
from dedup.blocks.asciidoc_scan import Scanner
from dedup.blocks.columns import Blocks, Bonds, Kind, links_hash
from dedup.blocks.lines import find_lines
from dedup.sources.encoding import decode_block, structural
from dedup.words import SEPARATOR

_REFERENCE = re.compile(r"<<#?([^<>,\n]{1,300})|\bxref:(?:[^\s\[\]#]{0,300}#)?([^\s\[\]]{1,300})\[")


def cut_asciidoc(text: bytes) -> Blocks:
    """The blocks of an AsciiDoc text; `text` is UTF-8 or undeclared 8-bit bytes."""
    # Asciidoctor's lines end with LF; a lone CR is a character like any other.
    bounds = np.concatenate(([0], np.flatnonzero(np.frombuffer(text, np.uint8) == 10) + 1, [len(text)]))
    parsed = structural(text)
    lines = [line.rstrip(STRIPPED) for line in parsed.split("\n")]
    shown = lines if parsed.encode("utf-8") == text else [decode_block(line) for line in text.split(b"\n")]
    scanner = Scanner(lines, shown)
    scanner.scan()
    rows = scanner.rows
    count = len(rows)
    first = np.array([row.first for row in rows], np.int64)
    last = np.array([row.last for row in rows], np.int64)
    start, end = bounds[first], bounds[last + 1]
    of_lines = find_lines(text)
    line, end_line = of_lines.of(start) + 1, of_lines.of(end - 1) + 1
    spans = zip(start.tolist(), end.tolist(), strict=True)
    return Blocks(
        start=start,
        end=end,
        tail=np.append(start[1:], len(text))[:count],
        line=line,
        end_line=end_line,
        kind=np.array([row.kind for row in rows], np.uint8),
        level=np.array([row.level for row in rows], np.uint8),
        lists=np.array([row.group for row in rows], np.int64),
        glued=np.concatenate(([-2], last[:-1]))[:count] + 1 == first,
        role=np.array([row.role for row in rows], np.uint8),
        links=np.array(
            [links_hash(() if row.kind == Kind.PROTECTED else row.links) for row in rows], np.uint64
        ),
        visible=SEPARATOR.join(row.visible.replace(SEPARATOR, " ") for row in rows),
        title=scanner.title,
        outline=tuple((row.tag, {"start": a, "end": b}) for row, (a, b) in zip(rows, spans, strict=True)),
        bonds=_bonds(rows, lines, scanner.values),
    )


def _bonds(rows: list[Row], lines: list[str], values: Mapping[str, str]) -> Bonds:
    """Which blocks others point to: a section is known by its title, if it has no other name."""
    prefix = _key(values.get("idprefix", ""))
    points: dict[int, frozenset[str]] = {}
    for number, row in enumerate(rows):
        found: set[str] = set()
        for line in lines[row.first : row.last + 1]:
            if "<<" in line or "xref:" in line:
                found.update(_key(one or other) for one, other in _REFERENCE.findall(line))
        if found:
            found |= {name.removeprefix(prefix) for name in found}
            points[number] = frozenset(found | {name.rstrip("0123456789") for name in found})
    return Bonds(
        fixed=frozenset(number for number, row in enumerate(rows) if row.fixed),
        names={
            number: _key(row.visible)
            for number, row in enumerate(rows)
            if row.kind == Kind.HEADLINE and row.tag != "paragraph" and not row.named
        },
        points=points,
    )


def _key(name: str) -> str:
    """What a title and the name made of it have in common: its letters and digits."""
    return "".join(character for character in name.lower() if character.isalnum())
