"""HTML into blocks, by the byte ranges of tree-sitter's elements.

A block is a whole element that holds nothing but text and inline elements (a paragraph, a heading, a `div`), a run
of text and inline elements between block elements, or a part of a list; the parts of a list together are all of
it, tags and all, and go together. Everything else is protected: tags of containers, code, tables, media, forms,
scripts, comments, elements without an end tag, and what cannot be read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise

import numpy as np

from dedup.blocks.columns import BOLD_LEVEL, Blocks, Kind, Role, links_hash
from dedup.blocks.elements import CLOSE, COMMENT, OPAQUE, OPEN, TEXT, VOID, Event, read_events
from dedup.blocks.lines import find_lines
from dedup.blocks.text import BOLD_WORDS
from dedup.sources.encoding import decode_block
from dedup.words import SEPARATOR

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd mark nobr q s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)
_LEAVES = {"p": 0, "h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_ROOTS = frozenset(("html", "body"))
_LISTS = frozenset(("ul", "ol", "dl"))
_ITEMS = frozenset(("li", "dt", "dd"))
_CONTAINERS = frozenset(
    "address article aside blockquote center details div footer header hgroup main section summary".split()
)
_SHOWN = frozenset(
    "pre table figure svg math iframe video audio object canvas picture form ul ol dl xmp listing".split()
)
_SAID = frozenset(("code", "kbd", "samp", "var", "sub", "sup", "del", "s", "strike", "ins"))
"""Inline elements that say something of their text which its words do not."""

_TARGET = re.compile(rb"""(?<![\w-])(href|src)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
_NAMED = re.compile(rb"""(?<![\w-])(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)
_ASKED = re.compile(
    rb"""(?<![\w-])(?:(?:href|usemap)\s*=\s*["']?\#|(?:aria-[a-z]+|for|headers)\s*=\s*["']?)([^"'>]+)""",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(rb"(?:\r\n|\n|\r(?!\n))[ \t\f]*(?:\r\n|\n|\r)\s*")
_SPACE = re.compile(rb"[ \t\f\r\n]*")
_TEMPLATE = re.compile(rb"\{[{%#]")


@dataclass(frozen=True, slots=True)
class _Row:
    """A block: its range, what it is, and the first and last event that it consists of.

    `shows` is the range of what a reader sees, which in a list is less than the block.
    """

    start: int
    end: int
    kind: Kind
    first: int
    last: int
    level: int = 0
    group: int = 0
    role: Role = Role.NONE
    shows: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class _Frame:
    """An open container: its first event, how many rows came before it, whether it holds inline content alone."""

    name: str
    event: int
    mark: int
    plain: bool = True


def cut_html(text: bytes) -> Blocks:
    """The blocks of an HTML text, a whole page or a fragment; `text` is UTF-8 or undeclared 8-bit bytes."""
    cutter = _Cutter(text, read_events(text))
    cutter.cut()
    return cutter.columns()


class _Cutter:
    def __init__(self, text: bytes, events: list[Event]) -> None:
        self._text = text
        self._events = events
        self._starts = [event[1] for event in events]
        self._rows: list[_Row] = []
        self._frames = [_Frame("", -1, 0)]
        self._run: list[tuple[int, int]] = []
        self._run_holds = True
        self._lists = 0
        self._list: _Frame | None = None
        self._list_holds = True
        self._title = ""
        # What the page itself points to: without it a link would lead to nothing.
        self._asked = frozenset(name for names in _ASKED.findall(text) for name in names.split())

    def cut(self) -> None:
        number = 0
        while number < len(self._events):
            number = self._read(number) + 1
        self._end_run()

    def _read(self, number: int) -> int:
        """Take in an event, and with it the element that it opens unless that is a container; the last one taken."""
        what, _, _, name = self._events[number]
        if what == TEXT or (what == VOID and name in _INLINE):
            self._run.append((number, number))
            return number
        if what == OPEN and name in _INLINE:
            last, holds = self._skip(number)
            self._run.append((number, last))
            self._run_holds &= holds
            return last
        if what == CLOSE:
            self._close(number)
            return number
        self._end_run()
        self._frames[-1].plain = False
        if what == OPEN and self._is_container(name):
            self._open(number, name)
            return number
        last, holds = self._skip(number) if what == OPEN else (number, False)
        if holds and name in _LEAVES:
            self._add_leaf(number, last, _LEAVES[name])
        else:
            self._title = self._title or self._find_title(number, last)
            self._protect(number, last, Role.SHOWN if name in _SHOWN else Role.NONE)
        return last

    def _is_container(self, name: str) -> bool:
        return (
            name in _CONTAINERS
            or name in _LISTS
            or (name in _ROOTS and self._list is None)
            or (name in _ITEMS and self._list is not None)
        )

    def _skip(self, number: int) -> tuple[int, bool]:
        """The last event of an element, and whether it holds inline content alone and all in it has its end tag."""
        depth, holds = 0, True
        for last in range(number, len(self._events)):
            what, start, end, name = self._events[last]
            if what == OPEN:
                depth += 1
                holds &= last == number or name in _INLINE
            elif what == CLOSE:
                depth -= 1
                holds &= start < end
                if not depth:
                    return last, holds
            elif what == OPAQUE or (what == VOID and name not in _INLINE):
                holds = False
        return len(self._events) - 1, False

    def _open(self, number: int, name: str) -> None:
        frame = _Frame(name, number, len(self._rows))
        self._frames.append(frame)
        if self._list is None and name in _LISTS:
            self._lists += 1
            self._list, self._list_holds = frame, True
        if self._list is None:
            self._protect(number, number, Role.WRAPPER)

    def _close(self, number: int) -> None:
        frame = self._frames.pop()
        has_end = self._events[number][1] < self._events[number][2]
        self._list_holds &= has_end
        if has_end and frame.plain and self._run and frame.name not in _ROOTS | _LISTS:
            del self._rows[frame.mark :]
            if self._run_holds:
                self._add_leaf(frame.event, number)
            else:
                self._protect(frame.event, number, Role.NONE)
            self._run, self._run_holds = [], True
            return
        self._end_run()
        if frame is self._list:
            self._list = None
            self._end_list(frame, number)
        elif has_end and self._list is None:
            self._protect(number, number, Role.WRAPPER)

    def _end_run(self) -> None:
        """Make blocks of the text and inline elements since the last block element, parted at blank lines."""
        run, holds = self._run, self._run_holds
        self._run, self._run_holds = [], True
        if not run:
            return
        if not holds:
            self._protect(run[0][0], run[-1][1], Role.NONE)
            return
        pieces: list[tuple[int, int, int, int]] = []
        for first, last in run:
            start, end = self._starts[first], self._events[last][2]
            parts = [start, end]
            if first == last:
                for match in _BLANK_LINE.finditer(self._text, start, end):
                    parts[-1:] = [match.start(), match.end(), end]
            new = [(first, last, a, b) for a, b in zip(parts[::2], parts[1::2], strict=True)]
            if pieces and not _BLANK_LINE.search(self._text, pieces[-1][3], start):
                new[0] = (pieces[-1][0], last, pieces.pop()[2], new[0][3])
            pieces += new
        for first, last, start, end in pieces:
            self._rows.append(_Row(start, end, Kind.PARAGRAPH, first, last, shows=(start, end)))

    def _end_list(self, frame: _Frame, number: int) -> None:
        """Part a list among its rows: tags that open go with the text after them, others with the text before."""
        rows = self._rows[frame.mark :]
        start, end = self._starts[frame.event], self._events[number][2]
        del self._rows[frame.mark :]
        if (
            not rows
            or not self._list_holds
            or any(row.kind == Kind.PROTECTED for row in rows)
            or _TEMPLATE.search(self._text, start, end)
        ):
            self._protect(frame.event, number, Role.SHOWN, self._lists)
            return
        starts, ends = [start], []
        for row, following in pairwise(rows):
            last_end, first_start = row.end, following.start
            for what, a, b, _ in self._events[row.last + 1 : following.first]:
                if what == OPEN:
                    first_start = a
                    break
                last_end = b
            ends.append(last_end)
            starts.append(first_start)
        ends.append(end)
        self._rows += [
            replace(row, start=a, end=b, kind=Kind.LIST_ITEM, level=0, group=self._lists)
            for row, a, b in zip(rows, starts, ends, strict=True)
        ]

    def _protect(self, first: int, last: int, role: Role, group: int = 0) -> None:
        start, end = self._starts[first], self._events[last][2]
        if start < end:
            self._rows.append(_Row(start, end, Kind.PROTECTED, first, last, group=group, role=role))
        else:  # the parser misses something here
            self._list_holds = False

    def _add_leaf(self, first: int, last: int, level: int = 0) -> None:
        start, end = self._starts[first], self._events[last][2]
        if level and any(frame.name == "blockquote" for frame in self._frames):
            level = BOLD_LEVEL
        if not level and self._is_bold(first, last):
            level = BOLD_LEVEL
        kind = Kind.HEADLINE if level else Kind.PARAGRAPH
        self._rows.append(_Row(start, end, kind, first, last, level, shows=(start, end)))

    def _is_bold(self, first: int, last: int) -> bool:
        """Whether all of an element is bold, and no longer than a headline or deck can be."""
        what, start, _, name = self._events[first + 1]
        if what != OPEN or name not in ("b", "strong") or self._skip(first + 1)[0] != last - 1:
            return False
        return len(self._visible((start, self._events[last - 1][2])).split()) <= BOLD_WORDS

    def _find_title(self, first: int, last: int) -> str:
        if self._events[first][3] not in ("head", "title"):
            return ""
        for number in range(first, last):
            if self._events[number][3] == "title":
                return self._visible((self._starts[number], self._events[self._skip(number)[0]][2]))
        return ""

    def _within(self, place: tuple[int, int]) -> list[Event]:
        return self._events[bisect_left(self._starts, place[0]) : bisect_left(self._starts, place[1])]

    def _visible(self, place: tuple[int, int]) -> str:
        """What a reader sees of a range: its text without tags, white space as one space."""
        parts: list[bytes] = []
        position, end = place
        for what, start, stop, name in self._within(place):
            if what == TEXT:
                continue
            parts.append(self._text[position:start])
            if name == "br":
                parts.append(b" ")
            position = stop
        parts.append(self._text[position:end])
        return " ".join(unescape(decode_block(b"".join(parts))).split())

    def _links(self, place: tuple[int, int]) -> int:
        """A hash of link targets and of markup that says something, 0 where there is none."""
        said: list[str] = []
        marked: list[int] = []
        for what, start, end, name in self._within(place):
            if what in (OPEN, VOID):
                tag = self._text[start:end]
                said += (
                    f"{name} {unescape(decode_block(value).strip(chr(34) + chr(39)))}"
                    for _, value in _TARGET.findall(tag)
                )
                if name in _SAID:
                    marked.append(end)
            elif what == CLOSE and name in _SAID:
                said.append(f"{name} {self._visible((marked.pop(), start))}")
            elif what == COMMENT:
                said.append(decode_block(self._text[start:end]))
        return links_hash(said)

    def columns(self) -> Blocks:
        """The rows as columns."""
        text, lines = self._text, find_lines(self._text)
        shown = ["" if row.kind == Kind.PROTECTED else self._visible(row.shows) for row in self._rows]
        rows = [self._checked(row, said) for row, said in zip(self._rows, shown, strict=True)]
        start = np.array([row.start for row in rows], np.int64)
        end = np.array([row.end for row in rows], np.int64)
        first_line = lines.of(start)
        line_starts = lines.start[first_line].tolist()
        tails = []
        for number, row in enumerate(rows):
            following = rows[number + 1] if number + 1 < len(rows) else None
            if following is not None and row.group and following.group == row.group:
                tails.append(following.start)  # a list goes as a whole
            elif text[line_starts[number] : row.start].strip():
                tails.append(row.end)
            else:
                # With the indentation of what follows: that of the block itself stays in its place.
                match = _SPACE.match(text, row.end)
                tails.append(match.end() if match else row.end)
        return Blocks(
            start=start,
            end=end,
            tail=np.array(tails, np.int64),
            line=first_line + 1,
            end_line=lines.of(end - 1) + 1,
            kind=np.array([row.kind for row in rows], np.uint8),
            level=np.array([row.level for row in rows], np.uint8),
            lists=np.array([row.group for row in rows], np.int64),
            glued=np.zeros(len(rows), np.bool_),
            role=np.array([row.role for row in rows], np.uint8),
            links=np.array(
                [0 if row.kind == Kind.PROTECTED else self._links(row.shows) for row in rows], np.uint64
            ),
            visible=SEPARATOR.join(
                "" if row.kind == Kind.PROTECTED else said.replace(SEPARATOR, " ")
                for row, said in zip(rows, shown, strict=True)
            ),
            title=self._title,
            elements=tuple(
                (start if start < end else max(start - 1, 0), text[start:end])
                for what, start, end, _ in self._events
                if what != TEXT
            ),
        )

    def _checked(self, row: _Row, said: str) -> _Row:
        """A row, protected where it says nothing, the page points to it, or it holds a template's code."""
        if row.kind in (Kind.PROTECTED, Kind.LIST_ITEM):
            return row
        if not said:
            picture = any(name == "img" for _, _, _, name in self._within(row.shows))
            return replace(row, kind=Kind.PROTECTED, level=0, role=Role.SHOWN if picture else Role.NONE)
        if not self._asked.isdisjoint(_NAMED.findall(self._text, row.start, row.end)):
            return replace(row, kind=Kind.PROTECTED, level=0)
        if _TEMPLATE.search(self._text, row.start, row.end):
            return replace(row, kind=Kind.PROTECTED, level=0, role=Role.WRAPPER)
        return row
