"""What a single line is to AsciiDoc: Asciidoctor's expressions, as its `parser.rb` asks them.

Blocks are told apart line by line, and the meaning of a line depends on what is open; the scanner (`asciidoc.py`)
knows that and asks here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SPACE = " \t"
STRIPPED = " \t\v\f\r\n\0"
"""What Asciidoctor takes off the end of each line before it looks at it."""

CONTINUATION = "+"
"""A line that holds the next block to a list item."""

_DELIMITER = re.compile(
    r"--|-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|[|,:!]={3,}|```(?!`).*",
)
_COMPOUND = ("--", "====", "****", "____")
_ATTRIBUTES = re.compile(r"\[(?:|[\w.#%{,\"'].*|\[(?:|(?:[^\W\d]|:)[\w\-:.]*(?:, *.+)?)\])\]")
_ENTRY = re.compile(r":(!?\w[^:]*):(?:[ \t]+(.*))?")
_BLOCK_TITLE = re.compile(r"\.\.?[^ \t.].*")
_CONDITIONAL = re.compile(r"(ifdef|ifndef|ifeval|endif)::\S*?\[(.*)\]")
_INCLUDE = re.compile(r"include::[^\[][^\[]*\[.*\]")
_BREAK = re.compile(r"'{3,}|<{3,}|([-*_])( *)\1\2\1")
_INDENTED_BREAK = re.compile(r" {0,3}([-*_])( *)\1\2\1")
_MEDIA = re.compile(r"(?:image|video|audio)::\S(?:.*\S)?\[.*\]")
_MACRO = re.compile(r"\w[\w-]*::(?:|\S|\S.*?\S)\[.*\]")
_ATX = re.compile(r"(={1,6}|#{1,6})[ \t]+(?=[^ \t])")
_UNDERLINES = "=-~^+"

_UNORDERED = re.compile(r"[ \t]*(-|\*+|\u2022)[ \t]+(.*)")
_ORDERED = re.compile(r"[ \t]*(\.+|[0-9]+\.|[a-zA-Z]\.|[IVXivx]+\))[ \t]+(.*)")
_TERM = re.compile(r"(?!//[^/])[ \t]*([^ \t].*?)(:::{0,2}|;;)(?:$|[ \t]+(.*)$)")
_CALLOUT = re.compile(r"<([0-9]+|\.)>[ \t]+(.*)")
_NUMBERINGS = (
    (re.compile(r"[0-9]+\."), "1."),
    (re.compile(r"[a-z]\."), "a."),
    (re.compile(r"[ivx]+\)"), "i)"),
    (re.compile(r"[A-Z]\."), "A."),
    (re.compile(r"[IVX]+\)"), "I)"),
)
_SIBLING_TERMS = {
    mark: re.compile(rf"(?!//[^/])[ \t]*([^ \t].*?[^:]|[^ \t:])({mark})(?:$|[ \t]+(.*)$)")
    for mark in ("::", ":::", "::::")
} | {";;": re.compile(r"(?!//[^/])[ \t]*([^ \t].*?)(;;)(?:$|[ \t]+(.*)$)")}


@dataclass(frozen=True, slots=True)
class Item:
    """The first line of a list item: what kind of list (`*`, `.`, `:` or `<`), its mark, and the text beside it.

    Lines whose `trait` is the same begin items of one list. `term` is what a description list describes.
    """

    list: str
    trait: str
    text: str
    term: str = ""


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a line in brackets says of the block below: its style, and whether others can point to it."""

    style: str
    named: bool


def terminator_of(line: str) -> str | None:
    """The line that ends the block that a line opens, None where it opens none."""
    if len(line) < 2 or not _DELIMITER.fullmatch(line):
        return None
    return "```" if line.startswith("`") else line


def is_compound(delimiter: str) -> bool:
    """Whether a delimited block holds blocks: an open, example, sidebar or quote block."""
    return delimiter == "--" or delimiter.startswith(_COMPOUND[1:])


def attributes_of(line: str) -> Attributes | None:
    """What a block attribute line or an anchor says."""
    if not line.startswith("[") or not _ATTRIBUTES.fullmatch(line):
        return None
    inside = line[1:-1]
    if inside.startswith("["):
        return Attributes("", inside != "[]")
    first = inside.split(",", 1)[0].strip(" \t\"'")
    # What an attribute stands for is not known here.
    style = "{" if "{" in inside else "" if "=" in first else re.split(r"[.#%]", first, maxsplit=1)[0].strip()
    return Attributes(style, "#" in first or re.search(r"\bid\s*=", inside) is not None)


def is_block_title(line: str) -> bool:
    """Whether a line is the title of the block below."""
    return line.startswith(".") and _BLOCK_TITLE.fullmatch(line) is not None


def entry_of(line: str) -> tuple[str, str] | None:
    """The name and value of an attribute entry."""
    match = _ENTRY.fullmatch(line) if line.startswith(":") else None
    return (match[1], match[2] or "") if match else None


def is_comment(line: str) -> bool:
    """Whether a line is a comment of one line."""
    return line.startswith("//") and not line.startswith("///")


def is_comment_fence(line: str) -> bool:
    """Whether a line begins and ends a comment of several lines."""
    return len(line) > 3 and line == "/" * len(line)


def directive_of(line: str) -> str | None:
    """What the preprocessor does with a line: `include`, `if`, `end`, or `line` for a condition with its text."""
    if not line.endswith("]") or "::" not in line:
        return None
    if match := _CONDITIONAL.fullmatch(line):
        if match[1] == "endif":
            return "end"
        return "if" if match[1] == "ifeval" or not match[2] else "line"
    return "include" if line.startswith("include::") and _INCLUDE.fullmatch(line) else None


def is_break(line: str) -> bool:
    """Whether a line is a thematic break or a page break."""
    pattern = _INDENTED_BREAK if line.startswith(" ") else _BREAK
    return pattern.fullmatch(line) is not None


def is_media(line: str) -> bool:
    """Whether a line is a picture, a video, a sound, or the table of contents."""
    return line.endswith("]") and bool(_MEDIA.fullmatch(line) or (line.startswith("toc::[")))


def is_macro(line: str) -> bool:
    """Whether a line is a block macro of any name; what it does depends on extensions."""
    return line.endswith("]") and "::" in line and _MACRO.fullmatch(line) is not None


def section_of(line: str, below: str) -> tuple[int, str, int] | None:
    """The level, from 0, title and number of lines of a section title: `== One`, or one with an underline."""
    if match := _ATX.match(line):
        mark, title = match[1], line[match.end() :]
        if title.endswith(mark) and title[: -len(mark)].rstrip(SPACE) not in ("", title[: -len(mark)]):
            title = title[: -len(mark)].rstrip(SPACE)
        return len(mark) - 1, title, 1
    level = _UNDERLINES.find(below[:1]) if below else -1
    if (
        level >= 0
        and below == below[0] * len(below)
        and abs(len(line) - len(below)) < 2
        and not line.startswith(".")
        and any(character.isalnum() for character in line)
    ):
        return level, line, 2
    return None


def item_of(line: str, kinds: str = "*.:<") -> Item | None:
    """The list item that a line begins, of one of the kinds."""
    if "*" in kinds and (match := _UNORDERED.fullmatch(line)):
        return Item("*", match[1], match[2])
    if "." in kinds and (match := _ORDERED.fullmatch(line)):
        return Item(".", _numbering(match[1]), match[2])
    if ":" in kinds and ("::" in line or ";;" in line) and (match := _TERM.match(line)):
        return Item(":", match[2], match[3] or "", match[1])
    if "<" in kinds and line.startswith("<") and (match := _CALLOUT.fullmatch(line)):
        return Item("<", "<1>", match[2])
    return None


def sibling_of(line: str, item: Item) -> Item | None:
    """The item that a line begins in the same list as another."""
    if item.list == ":":
        match = _SIBLING_TERMS[item.trait].match(line)
        return Item(":", item.trait, match[3] or "", match[1]) if match else None
    other = item_of(line, item.list)
    return other if other is not None and other.trait == item.trait else None


def _numbering(mark: str) -> str:
    if mark.startswith("."):
        return mark
    return next(first for pattern, first in _NUMBERINGS if pattern.search(mark))
