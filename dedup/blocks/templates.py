"""The syntax that site generators and note-taking tools add to Markdown, and which the parser takes for prose.

Shortcodes (Hugo), Liquid (Jekyll, GitBook), admonitions, tabs and snippets (Docusaurus, MkDocs, MyST, Pandoc,
VitePress), attributes (kramdown, Pandoc), mathematics, embeds and comments (Obsidian), JSX (MDX).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dedup.blocks.columns import Role
from dedup.blocks.lines import Lines
from dedup.blocks.mdx import find_scripts

_TEMPLATE_LINE = re.compile(
    rb"""^[ \t>]*(?=[|{:!?=/%<@*\-+;($\\\[^])(?:
      \| | \{\{ | \{[%\#] | \{/\* | \{[ \t]*[.:\#]      # tables, shortcodes, Liquid, attributes
    | :::|::\w|:[ \t] | !!! | \?\?\? | /// | ===[!+]?[ \t]*["']
    | %% | %[ \t] | <!-- | <[A-Za-z/!?] | <<< | @\w+\{
    | \*\[[^\]\r\n]+\]: | ;?-+8<-+ | \+\+\+(?:[ \t]|\r?$) | \([^()\s]+\)=[ \t]*\r?$
    | \$\$ | \\\[ | \\begin\{ | !\[\[ | \[{1,2}_?(?:TOC|toc)_?\]{1,2}[ \t]*\r?$ | \$\{toc\} | \^[\w-]*[ \t]*\r?$
    )""",
    re.MULTILINE | re.VERBOSE,
)
_JSX_LINE = re.compile(rb"^(?:import\s|export\s|[ \t]*[<{])", re.MULTILINE)
_MDX_COMMENT = re.compile(rb"[ \t]*\{/\*(?:(?!\*/).)*\*/\}\s*")
_IMPORT = re.compile(rb"^import\s(?:[\w\s{},*$]{1,500}\sfrom\s*)?(['\"])[^'\"\r\n]+\1", re.MULTILINE)
_BLOCK_ID = re.compile(rb"[ \t]\^[\w-]+\s*\Z")
_CODE_SPAN = re.compile(rb"(`+)[^`](?:.*?[^`])?\1(?!`)", re.DOTALL)
_INLINE = re.compile(rb"\{\{.*?(?:\}\}|\Z)|\{%.*?(?:%\}|\Z)|\{[^{}]*\}|!?\[\[[^\]\r\n]+\]\]", re.DOTALL)
_DYNAMIC = "template "


def imports_modules(text: bytes, lines: Lines, fenced: npt.NDArray[np.bool_]) -> bool:
    """Whether a text, outside its fenced code, imports modules of JavaScript, and so is MDX."""
    found = [match.start() for match in _IMPORT.finditer(text)]
    return bool(found) and not fenced[lines.of(np.array(found, np.int64))].all()


def is_template(raw: bytes, mdx: bool) -> bool:
    """Whether a paragraph's lines hold a line of a template language or carry the name that an embed asks for."""
    if _TEMPLATE_LINE.search(raw) or (mdx and _JSX_LINE.search(raw)):
        return True
    return b"^" in raw and _BLOCK_ID.search(raw) is not None


def is_comment(line: bytes) -> bool:
    """Whether a line is a comment of MDX and nothing else."""
    return _MDX_COMMENT.fullmatch(line) is not None


def inline_templates(raw: bytes) -> tuple[str, ...]:
    """What a paragraph holds of template languages inside its lines, which its words do not tell."""
    if b"{" not in raw and b"[[" not in raw:
        return ()
    found = _INLINE.findall(_CODE_SPAN.sub(b"", raw) if b"`" in raw else raw)
    return tuple(
        _DYNAMIC + b" ".join(each.split()).decode("utf-8", "surrogateescape")
        for each in found
        if each != b"{}"
    )


def is_dynamic(links: tuple[str, ...]) -> bool:
    """Whether a template language says something inside a paragraph with these links."""
    return bool(links) and links[-1].startswith(_DYNAMIC)


@dataclass(frozen=True, slots=True)
class Region:
    """Lines from the first to the last that are one block, or part of one, and protected."""

    first: int
    last: int
    role: Role = Role.COMPLETE


_OPENER = re.compile(rb"\{\{[<%]?|\{[%#]|\{/\*|\{::(?P<option>\w+)|%%|\$\$|\\\[|\\begin\{(?P<math>[\w*]+)\}")
_ANYWHERE = (b"{{<", b"{{%", b"{%")
"""What is looked for inside lines too; all else begins a line."""

_CLOSERS = {
    b"{{<": b">}}",
    b"{{%": b"%}}",
    b"{%": b"%}",
    b"{{": b"}}",
    b"{#": b"#}",
    b"{/*": b"*/}",
    b"%%": b"%%",
    b"$$": b"$$",
    b"\\[": b"\\]",
}
_MATH = (b"$$", b"\\[")
_NAME = re.compile(rb"/?[ \t]*([\w./-]+)")
_END_OF_RAW = re.compile(rb"\{%[-\s]*end(?:raw|comment|highlight)[-\s]*%\}")
_FENCE = re.compile(rb"^[ \t>]*(:{3,})[ \t]*\{?([\w-]*)[^\r\n]*", re.MULTILINE)
_TAB = re.compile(rb"<(/?)((?i:tabs|tabitem|tab)|CodeGroup)\b")
_SNIPPETS = re.compile(rb"^[ \t]*-+8<-+[ \t]*\r?$", re.MULTILINE)

_HELD = frozenset(
    (
        # No prose, or not yet.
        *(
            b"comment",
            b"highlight",
            b"mermaid",
            b"katex",
            b"math",
            b"plantuml",
            b"chart",
            b"raw-html",
            b"rawhtml",
        ),
        *(b"code", b"code-block", b"code-cell", b"codeblock", b"capture", b"raw", b"diagram"),
        # One reader sees one of these, another reader another.
        *(
            b"if",
            b"unless",
            b"case",
            b"for",
            b"tabs",
            b"tab",
            b"tabitem",
            b"tabpane",
            b"tab-set",
            b"tab-item",
        ),
        *(b"code-group", b"codegroup", b"codetabs", b"codetab"),
    )
)
"""What stands in these is protected as a whole."""

_OPEN_TAGS = 2000
"""How many tags before it are looked at for the one that a tag closes."""


class _Finder:
    """The regions of one text; `code` says which lines are fenced code."""

    def __init__(self, text: bytes, lines: Lines, code: npt.NDArray[np.bool_]) -> None:
        self.text = text
        self.starts: list[int] = lines.start.tolist()
        self.code: list[bool] = code.tolist()
        self._next: dict[bytes, int] = {}

    def line(self, offset: int) -> int:
        return bisect_right(self.starts, offset, hi=len(self.code)) - 1

    def find(self, mark: bytes, position: int) -> int:
        """Where a mark comes next, -1 where it does not: looked for once for all positions before it."""
        known = self._next.get(mark, 0)
        if 0 <= known < position or mark not in self._next:
            known = self._next[mark] = self.text.find(mark, position)
        return known

    def is_code(self, offset: int) -> bool:
        return self.code[self.line(offset)]

    def region(self, start: int, end: int, role: Role = Role.COMPLETE) -> Region:
        return Region(self.line(start), self.line(max(end - 1, start)), role)

    def delimited(self) -> Iterator[Region]:
        """What goes on over several lines between its marks, and tags in pairs."""
        text = self.text
        open_tags: list[tuple[bytes, int, int]] = []
        position = 0
        while match := _OPENER.search(text, position):
            start, position = match.start(), match.end()
            mark = match[0]
            line = self.line(start)
            if self.code[line] or not (
                mark in _ANYWHERE or not text[self.starts[line] : start].strip(b" \t>")
            ):
                continue
            if option := match["option"]:
                end = self._end_of_option(option, position)
                if end is not None:
                    yield self.region(start, end)
                    position = end
                continue
            closer = b"\\end{%b}" % match["math"] if match["math"] else _CLOSERS[mark]
            close = self.find(closer, position)
            if close < 0 or (mark != closer and text.find(mark, position, close) >= 0):
                continue
            end = close + len(closer)
            role = Role.SHOWN if match["math"] or mark in _MATH else Role.COMPLETE
            span = self.region(start, end, role)
            if span.last > span.first:
                yield span
            if mark in _ANYWHERE:
                yield from self._tag(text[position:close], start, end, open_tags)
                if mark == b"{%" and (ahead := self._end_of_raw(text[position:close], end)) is not None:
                    end = ahead
            position = end

    def _tag(
        self, inner: bytes, start: int, end: int, open_tags: list[tuple[bytes, int, int]]
    ) -> Iterator[Region]:
        """A tag of a template language; the region of what it closes, or the two lines of the pair."""
        inner = inner.strip(b" \t\r\n-~")
        match = _NAME.match(inner)
        if not match or inner.endswith(b"/"):
            return
        name = match[1]
        closes = inner.startswith(b"/")
        if name.startswith(b"end"):
            name, closes = name[3:], True
        if not closes:
            open_tags.append((name, start, end))
            return
        # Most tags are never closed.
        for number in range(len(open_tags) - 1, max(len(open_tags) - 1 - _OPEN_TAGS, -1), -1):
            if open_tags[number][0] == name:
                _, first, stop = open_tags[number]
                del open_tags[number:]
                yield from self._pair(name, (first, stop), (start, end))
                return
        yield self.region(start, end, Role.WRAPPER)

    def _pair(self, name: bytes, opened: tuple[int, int], closed: tuple[int, int]) -> Iterator[Region]:
        if self.line(opened[0]) == self.line(closed[1] - 1):
            return
        if name.lower() in _HELD:
            yield self.region(opened[0], closed[1])
        else:
            yield self.region(*opened, Role.WRAPPER)
            yield self.region(*closed, Role.WRAPPER)

    def _end_of_raw(self, inner: bytes, position: int) -> int | None:
        """Where a tag stands that ends what Liquid does not read, if this one begins it."""
        match = _NAME.match(inner.strip(b" \t\r\n-"))
        if not match or match[1] not in (b"raw", b"comment", b"highlight"):
            return None
        end = self._next.get(b"raw", 0)
        if 0 <= end < position:
            found = _END_OF_RAW.search(self.text, position)
            end = self._next[b"raw"] = found.start() if found else -1
        return end if end >= 0 else None

    def _end_of_option(self, name: bytes, position: int) -> int | None:
        """Where `{::comment}` and its like end in kramdown."""
        brace = self.find(b"}", position)
        if brace < 0 or self.text[brace - 1 : brace] == b"/":
            return None
        ends = [self.find(mark, brace) for mark in (b"{:/%b}" % name, b"{:/}")]
        found = [end for end in ends if end >= 0]
        return self.text.index(b"}", min(found)) + 1 if found else None

    def fences(self) -> Iterator[Region]:
        """Containers between lines of colons whose content is held."""
        opened: list[tuple[int, bytes, int]] = []
        for match in _FENCE.finditer(self.text):
            if self.is_code(match.start()):
                continue
            width, name = len(match[1]), match[2].lower()
            if match[0].strip(b" \t>\r").strip(b":"):
                opened.append((width, name, match.start()))
            elif opened:
                fitting = [number for number, one in enumerate(opened) if one[0] <= width]
                number = fitting[-1] if fitting else len(opened) - 1
                name, start = opened[number][1:]
                del opened[number:]
                if name in _HELD:
                    yield self.region(start, match.end())

    def tabs(self) -> Iterator[Region]:
        """Elements of tabs, from tag to tag."""
        opened: list[tuple[bytes, int]] = []
        for match in _TAB.finditer(self.text):
            if self.is_code(match.start()):
                continue
            name = match[2]
            if not match[1]:
                opened.append((name, match.start()))
                continue
            while opened:
                one, start = opened.pop()
                if one == name:
                    yield self.region(start, match.end() + 1)
                    break

    def snippets(self) -> Iterator[Region]:
        """The files that MkDocs puts in, listed between two lines."""
        marks = [match.start() for match in _SNIPPETS.finditer(self.text) if not self.is_code(match.start())]
        for start, end in zip(marks[::2], marks[1::2], strict=False):
            yield self.region(start, end + 1)

    def scripts(self) -> Iterator[Region]:
        """The tags, expressions, imports and exports of MDX that go on over several lines."""
        for start, end in find_scripts(self.text, self.is_code):
            span = self.region(start, end)
            if span.last > span.first:
                yield span


def find_regions(text: bytes, lines: Lines, fenced: npt.NDArray[np.bool_], mdx: bool) -> list[Region]:
    """The lines that belong together in a template language, in order, without overlaps.

    `fenced` says which lines are fenced code, in which nothing of this is looked for.
    """
    finder = _Finder(text, lines, fenced)
    found = [*finder.delimited(), *finder.tabs()]
    if b":::" in text:
        found += finder.fences()
    if b"8<-" in text:
        found += finder.snippets()
    if mdx:
        found += finder.scripts()
    regions: list[Region] = []
    for region in sorted(found, key=lambda one: (one.first, -one.last)):
        if regions and region.first <= regions[-1].last:
            above = regions[-1]
            role = above.role if region.role == above.role else Role.COMPLETE
            regions[-1] = Region(above.first, max(above.last, region.last), role)
        else:
            regions.append(region)
    return regions
