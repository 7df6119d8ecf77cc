"""Markdown and MDX into blocks, by the byte ranges of pulldown-cmark's events (pyromark).

A block is a leaf of the document: a heading, a paragraph, the text of a list item. Everything that is not prose is
protected: front matter, code, tables, raw HTML, comments, footnotes, link definitions, rules, JSX, and paragraphs
that hold a line of a template language (shortcodes, admonition fences).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyromark

from dedup.blocks.columns import BOLD_LEVEL, Blocks, Kind, Role, links_hash
from dedup.blocks.directives import MARK, blanked
from dedup.blocks.joins import join_rows
from dedup.blocks.lines import Lines, find_lines
from dedup.blocks.rows import Row, protected
from dedup.blocks.templates import (
    find_regions,
    imports_modules,
    inline_templates,
    is_comment,
    is_dynamic,
    is_template,
)
from dedup.blocks.text import ends_sentence, is_bold
from dedup.sources.encoding import decode_block, structural
from dedup.words import SEPARATOR

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
)
_LONE_RETURN = re.compile(r"\r(?!\n)")
_LONE_RETURN_BYTE = re.compile(rb"\r(?!\n)")
_FRONT_MATTER = re.compile(
    r"(---|\+\+\+)[ \t]*(?>\r\n?|\n)(?=[ \t]*\S|\s*[\w-]+:\s)((?:[^\r\n]*(?>\r\n?|\n))*?)(?:\1|\.\.\.)[ \t]*(?:\r\n?|\n|\Z)"
)

LONG_LINE = 120
"""A paragraph half of whose lines are at least this long, and each of which ends a sentence, is not hard-wrapped:
each line is a paragraph."""

_LOOK = re.compile(r"</?(?:b|i|em|strong|u|s|mark|small)>", re.IGNORECASE)
"""Tags that say how a text looks and nothing else, as asterisks do."""

_TITLE = re.compile(r"^title[ \t]*[:=][ \t]*(.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE)

_PROTECTED_TAGS = {
    "CodeBlock": Role.SHOWN,
    "Table": Role.SHOWN,
    "HtmlBlock": Role.WRAPPER,
    "FootnoteDefinition": Role.NONE,
    "MetadataBlock": Role.NONE,
}


@dataclass(slots=True)
class _Leaf:
    """A block in the making: its byte range, and what it shows, by source line.

    `item` is where the list item begins that it is the first of.
    """

    start: int
    end: int
    kind: Kind
    level: int = 0
    group: int = 0
    role: Role = Role.NONE
    item: int | None = None
    fenced: bool = False
    pieces: list[list[str]] = field(default_factory=lambda: [[]])
    links: list[list[str]] = field(default_factory=lambda: [[]])

    def show(self, text: str) -> None:
        self.pieces[-1].append(text)

    def point(self, target: str) -> None:
        self.links[-1].append(target)

    def begin(self, text: bytes) -> int:
        """Where the block begins, with the mark of its list item, which may stand on a line of its own."""
        if self.item is None:
            return self.start
        # The parser's range of an item may begin with the end of the line before.
        start = self.item
        while text[start : start + 1].isspace():
            start += 1
        return min(start, self.start)

    def without(self, line: int) -> _Leaf:
        """The same without one of its lines."""
        pieces, links = (
            [each for n, each in enumerate(all_) if n != line] for all_ in (self.pieces, self.links)
        )
        return replace(self, pieces=pieces, links=links)

    def new_line(self) -> None:
        self.pieces.append([])
        self.links.append([])


def cut_markdown(text: bytes, mdx: bool = False) -> Blocks:
    """The blocks of a Markdown text; `text` is UTF-8 or undeclared 8-bit bytes."""
    parsed = structural(text)
    exact = parsed.encode("utf-8") == text
    events = _parse(parsed)
    lines = find_lines(text)
    leaves, title = _leaves(events, None if exact else text)
    shown = _LONE_RETURN_BYTE.sub(b"\n", text) if b"\r" in text else text
    # Docusaurus reads the files that end in .md as MDX, too.
    mdx = mdx or (b"import " in text and imports_modules(shown, lines, _fenced(leaves, lines)))
    rows = _rows(leaves, shown, lines, mdx)
    if mdx or any(row.role == Role.WRAPPER or is_dynamic(row.links) for row in rows):
        regions = find_regions(shown, lines, _fenced(leaves, lines), mdx)
        rows = join_rows(rows, shown, lines.start.tolist(), regions)
    return _columns(rows, text, lines, title, events)


def _parse(text: str) -> tuple[Any, ...]:
    """The parser's events with their ranges, and before them what it would say of front matter.

    Left to itself it would take two rules anywhere in the text for front matter, be one of them in a code block.
    """
    if "\r" in text:
        # The parser does not see fences and rules that end in a lone CR.
        text = _LONE_RETURN.sub("\n", text)
    if MARK.decode() in text:
        # A comment of a template is text to the parser, and would be one paragraph with what stands below it.
        text = blanked(text)
    if not (front := _front_matter(text)):
        return tuple(pyromark.events_with_range(text, options=_OPTIONS))
    end, mark, inner = front
    blank = re.sub(r"[^\r\n]", lambda shown: " " * len(shown[0].encode()), text[:end])
    span = {"start": 0, "end": len(blank)}
    return (
        ({"Start": {"MetadataBlock": mark}}, span),
        ({"Text": "\n".join(inner.splitlines())}, span),
        ({"End": {"MetadataBlock": mark}}, span),
        *pyromark.events_with_range(blank + text[end:], options=_OPTIONS),
    )


def _front_matter(text: str) -> tuple[int, str, str] | None:
    """Where front matter in YAML, TOML or JSON ends, what marks it, and its content."""
    if text.startswith("{"):
        try:
            value, end = json.JSONDecoder().raw_decode(text)
        except ValueError:
            return None
        ends = re.compile(r"[ \t]*(?:\r\n?|\n|\Z)").match(text, end)
        return (ends.end(), "{", f"title: {value.get('title', '')}") if ends else None
    match = _FRONT_MATTER.match(text)
    return (match.end(), match[1], match[2]) if match else None


def _leaves(events: tuple[Any, ...], raw: bytes | None) -> tuple[list[_Leaf], str]:
    """The leaves in order, and the title in the front matter; `raw` is given where the parser saw stand-ins."""
    leaves: list[_Leaf] = []
    stack: list[str] = []
    leaf: _Leaf | None = None
    inside = 0
    title = ""
    lists = 0
    opened: dict[int, tuple[int, int]] = {}
    for event, span in events:
        start, end = span["start"], span["end"]
        if isinstance(event, str):
            if event == "Rule":
                leaves.append(_Leaf(start, end, Kind.PROTECTED))
                leaf = None
            elif leaf is not None:
                leaf.new_line()
            continue
        name, value = next(iter(event.items()))
        if name == "Start":
            tag, data = (value, {}) if isinstance(value, str) else next(iter(value.items()))
            lists += tag == "List" and "List" not in stack
            stack.append(tag)
            group = lists if "List" in stack else 0
            if tag in _PROTECTED_TAGS:
                if not inside:
                    fenced = tag == "CodeBlock" and data != "Indented"
                    role = _PROTECTED_TAGS[tag]
                    leaves.append(_Leaf(start, end, Kind.PROTECTED, group=group, role=role, fenced=fenced))
                inside += 1
                leaf = None
            elif inside:
                continue
            elif tag == "Heading":
                level = BOLD_LEVEL if "BlockQuote" in stack else int(data["level"][1])
                kind = Kind.LIST_ITEM if group else Kind.HEADLINE
                leaf = _Leaf(start, end, kind, 0 if group else level, group)
                leaves.append(leaf)
            elif tag == "Paragraph":
                leaf = _Leaf(start, end, Kind.LIST_ITEM if group else Kind.PARAGRAPH, group=group)
                leaves.append(leaf)
            elif tag in ("Link", "Image"):
                leaf = leaf or _tight_item(leaves, start, lists)
                leaf.point(f"{tag} {data['dest_url']}")
            elif tag in ("List", "Item", "BlockQuote"):
                leaf = None
                if tag == "Item" and opened.get(len(leaves), (0, 0))[1] <= start:
                    opened[len(leaves)] = (start, end)
        elif name == "End":
            tag = stack.pop()
            if tag in _PROTECTED_TAGS:
                inside -= 1
            elif tag in ("Paragraph", "Heading", "Item", "List", "BlockQuote"):
                leaf = None
        elif inside:
            if name == "Text" and stack[-1] == "MetadataBlock" and (match := _TITLE.search(value)):
                title = match[1].strip("\"'")
        else:
            # An item of a tight list holds its text without a paragraph around it.
            leaf = leaf or _tight_item(leaves, start, lists)
            leaf.end = max(leaf.end, end)
            if name == "Text":
                leaf.show(_as_read(value, b"" if raw is None else raw[start:end]))
            elif name == "Code":
                if not (value.isalpha() and value.islower()):
                    leaf.point(f"code {value}")
                leaf.show(f"`{_as_read(value, b'' if raw is None else raw[start:end].strip(b'` '))}`")
            elif name != "InlineHtml" or not _LOOK.fullmatch(value):
                leaf.point(f"{name} {value}")
    for number, (start, end) in opened.items():
        if number < len(leaves) and leaves[number].start < end:
            leaves[number].item = start
    return leaves, title


def _as_read(value: str, raw: bytes) -> str:
    """What the parser read, or where it saw stand-ins for some of the bytes, what these bytes say."""
    return value if raw.isascii() else decode_block(raw)


def _tight_item(leaves: list[_Leaf], start: int, group: int) -> _Leaf:
    leaf = _Leaf(start, start, Kind.LIST_ITEM, group=group)
    leaves.append(leaf)
    return leaf


def _fenced(leaves: list[_Leaf], lines: Lines) -> npt.NDArray[np.bool_]:
    """Which lines are fenced code."""
    fenced = np.zeros(len(lines), bool)
    for leaf in leaves:
        if leaf.fenced:
            first, last = lines.of(np.array([leaf.start, max(leaf.end - 1, leaf.start)], np.int64)).tolist()
            fenced[first : last + 1] = True
    return fenced


def _rows(leaves: list[_Leaf], text: bytes, lines: Lines, mdx: bool) -> list[Row]:
    """The leaves as whole lines; lines that belong to none become protected blocks of their own."""
    if not len(lines):
        return []
    first = lines.of(np.array([leaf.begin(text) for leaf in leaves], np.int64)).tolist()
    last = lines.of(np.array([max(leaf.end - 1, leaf.start) for leaf in leaves], np.int64)).tolist()
    starts = lines.start.tolist()
    blank = lines.blank.tolist()
    rows: list[Row] = []
    done = 0
    for leaf, a, b in zip(leaves, first, last, strict=True):
        while b > a and blank[b]:
            b -= 1
        if a < done:
            # Two leaves on one line (a list that begins inside a list item's line): leave that line alone.
            if rows:
                rows[-1] = protected(rows[-1].first, max(rows[-1].last, b), Role.WRAPPER, leaf.group)
            done = max(done, b + 1)
            continue
        rows += _gaps(text, starts, blank, done, a)
        rows += _row(leaf, a, b, text, starts, mdx)
        done = b + 1
    rows += _gaps(text, starts, blank, done, len(blank))
    return rows


def _gaps(text: bytes, starts: list[int], blank: list[bool], first: int, stop: int) -> list[Row]:
    """The lines between leaves that hold something: link definitions, the first lines of alerts."""
    return [
        protected(number, number, _gap_role(text[starts[number] : starts[number + 1]]))
        for number in range(first, stop)
        if not blank[number]
        and (
            (line := text[starts[number] : starts[number + 1]]).strip(b"> \t\r\n")
            or _is_quote_fence(line, text[starts[number - 1] : starts[number]] if number else b"")
        )
    ]


def _is_quote_fence(line: bytes, above: bytes) -> bool:
    """Whether a line is `>>>`, which begins or ends a quotation for GitLab, and not the blank line of a nested one."""
    return line.startswith(b">>>") and not above.lstrip(b" \t").startswith(b">")


def _gap_role(line: bytes) -> Role:
    shown = line.lstrip(b"> \t")
    return Role.WRAPPER if shown.startswith(b"[!") or not shown.strip() else Role.NONE


def _row(leaf: _Leaf, a: int, b: int, text: bytes, starts: list[int], mdx: bool) -> list[Row]:
    """What a leaf becomes: mostly one block, several where its lines are paragraphs of their own."""
    if leaf.kind == Kind.PROTECTED:
        return [protected(a, b, leaf.role, leaf.group)]
    raw = text[starts[a] : starts[b + 1]]
    if mdx and leaf.kind == Kind.PARAGRAPH and len(leaf.pieces) == b - a + 1 > 1:
        for line, rest in ((a, (a + 1, b)), (b, (a, b - 1))):
            if is_comment(text[starts[line] : starts[line + 1]]):
                of_comment = protected(line, line, Role.WRAPPER)
                others = _row(leaf.without(line - a), *rest, text, starts, mdx)
                return [of_comment, *others] if line == a else [*others, of_comment]
    if leaf.kind != Kind.HEADLINE and is_template(raw, mdx):
        return [protected(a, b, Role.WRAPPER, leaf.group)]
    pieces = ["".join(piece).strip() for piece in leaf.pieces]
    inline = inline_templates(raw)
    links = tuple(target for targets in leaf.links for target in targets) + inline
    if leaf.kind == Kind.PARAGRAPH:
        own = [
            text[starts[number] : starts[number + 1]].decode("utf-8", "replace") for number in range(a, b + 1)
        ]
        if a == b and is_bold(own[0].lstrip("> \t")):
            return [Row(a, b, Kind.HEADLINE, BOLD_LEVEL, visible=pieces[0], links=links)]
        long = sum(len(line.rstrip()) >= LONG_LINE for line in own)
        whole = all(ends_sentence(line) or is_bold(line) for line in own[:-1])
        if b > a and len(pieces) == b - a + 1 and 2 * long >= len(own) and whole:
            return [
                Row(
                    a + n,
                    a + n,
                    *_line_kind(own[n]),
                    visible=pieces[n],
                    links=(*leaf.links[n], *(inline and inline_templates(own[n].encode()))),
                )
                for n in range(len(own))
            ]
    return [Row(a, b, leaf.kind, leaf.level, leaf.group, visible="\n".join(pieces), links=links)]


def _line_kind(line: str) -> tuple[Kind, int]:
    return (Kind.HEADLINE, BOLD_LEVEL) if is_bold(line) else (Kind.PARAGRAPH, 0)


def _columns(rows: list[Row], text: bytes, lines: Lines, title: str, events: tuple[Any, ...]) -> Blocks:
    first = np.array([row.first for row in rows], np.int64)
    last = np.array([row.last for row in rows], np.int64)
    return Blocks(
        start=lines.start[first],
        end=lines.start[last + 1],
        tail=np.array(_tails(rows, text, lines), np.int64),
        line=first + 1,
        end_line=last + 1,
        kind=np.array([row.kind for row in rows], np.uint8),
        level=np.array([row.level for row in rows], np.uint8),
        lists=np.array([row.group for row in rows], np.int64),
        glued=np.concatenate(([-2], last[:-1]))[: len(rows)] + 1 == first,
        role=np.array([row.role for row in rows], np.uint8),
        links=np.array([links_hash(row.links) for row in rows], np.uint64),
        visible=SEPARATOR.join(row.visible.replace(SEPARATOR, " ") for row in rows),
        title=title,
        outline=events,
    )


def _tails(rows: list[Row], text: bytes, lines: Lines) -> list[int]:
    """Where the blank lines after each block end; in a quotation a line of `>` alone is blank."""
    starts = lines.start.tolist()
    blank = lines.blank.tolist()
    limits = [*(row.first for row in rows[1:]), len(blank)][: len(rows)]
    tails = []
    for row, limit in zip(rows, limits, strict=True):
        stop = row.last + 1
        quoted = text[starts[row.first] : starts[row.first + 1]].lstrip(b" \t").startswith(b">")
        while stop < limit and (blank[stop] or quoted):
            # After a line that is blank itself, a line of `>` begins another quotation.
            quoted = quoted and not blank[stop]
            stop += 1
        tails.append(starts[stop])
    return tails
