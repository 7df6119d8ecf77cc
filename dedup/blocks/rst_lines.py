"""The lines of a reStructuredText document as docutils reads them, and what a line may begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

BULLET = re.compile("([-+*\u2022\u2023\u2043])(?: +|$)")
_ENUMERATOR = re.compile(r"(\()?([0-9]+|[a-zA-Z]|[ivxlcdm]+|[IVXLCDM]+|#)((?(1)\)|[.)]))(?: +|$)")
FIELD = re.compile(r":(?![: ])(?:[^:\\]|\\.|:(?!(?:[ `]|$)))*(?<! ):(?: +|$)")
_ARGUMENT = r"(?:[a-zA-Z][a-zA-Z0-9_-]*|<[^<>]+>)"
_ONE_OPTION = rf"(?:[-+][a-zA-Z0-9](?: ?{_ARGUMENT})?|(?:--|/)[a-zA-Z0-9][a-zA-Z0-9_-]*(?:[ =]{_ARGUMENT})?)"
OPTION = re.compile(rf"{_ONE_OPTION}(?:, {_ONE_OPTION})*(?:  +| ?$)")
DOCTEST = re.compile(r">>>(?: +|$)")
LINE_BLOCK = re.compile(r"\|(?: +|$)")
GRID_TABLE = re.compile(r"\+-[-+]+-\+ *$")
SIMPLE_TABLE = re.compile(r"=+(?: +=+)+ *$")
TABLE_BORDER = re.compile(r"=+[ =]*$")
EXPLICIT = re.compile(r"\.\.(?: +|$)")
ANONYMOUS = re.compile(r"__(?: +|$)")
ABOUT_NEXT_NAMES = frozenset("class cssclass index rst-class".split())
"""Directives that, without content, are about what follows them."""

ABOUT_NEXT = re.compile(rf"(?:^|\s)\.\. +(?:_.*:|(?:{'|'.join(sorted(ABOUT_NEXT_NAMES))})::.*)$")
"""The last line of what, be it nested in something protected, is about what follows."""

RULE = re.compile(r"([!-/:-@\[-`{-~])\1*$")
ATTRIBUTION = re.compile("(?:---?(?!-)|\u2014) *(?=[^ ])")
LITERAL_NEXT = re.compile(r"(?<!\\)(?:\\\\)*::$")

_OTHER_LINE_ENDS = re.compile("[\x1c-\x1e\x85\u2028\u2029]")
_WHITE = str.maketrans("\v\f", "  ")
_SIMPLE_NAME = r"(?:(?!_)\w)+(?:[-._+:](?:(?!_)\w)+)*"

NOTE = re.compile(rf"\.\. +\[([0-9]+|\#(?:{_SIMPLE_NAME})?|\*|{_SIMPLE_NAME})\](?: +|$)")
TARGET = re.compile(r"\.\. +_(?![ ]|$)")
WHOLE_TARGET = re.compile(r"\.\. +_(?:_|(?!_)(`?)(?![ `])(?P<name>.+?)(?<![\s\\])\1)(?<!:) ?:(?: +|$)")
SUBSTITUTION = re.compile(r"\.\. +\|(?![ ]|$)(?P<name>[^|]*)\|")
DIRECTIVE = re.compile(rf"\.\. +(?P<name>{_SIMPLE_NAME}) ?::(?: +|$)")


def read_lines(lines: list[str]) -> list[str]:
    """Lines with their tabs as spaces and nothing at their ends.

    Raises ValueError where one holds a character that docutils takes for the end of a line, and other tools do not.
    """
    if any(_OTHER_LINE_ENDS.search(line.rstrip("\r\n")) for line in lines):
        raise ValueError
    return [line.translate(_WHITE).expandtabs(8).rstrip() for line in lines]


def width_of(text: str) -> int:
    """How many columns a text takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    wide = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
    return wide - sum(combining(letter) > 0 for letter in text)


@dataclass(frozen=True, slots=True)
class Enumerator:
    """The number that an item of a list begins with: what stands around it, its value, and its width with the space."""

    form: str
    number: str
    width: int

    @property
    def is_plain(self) -> bool:
        """Whether it is a number in digits, or one that is counted by itself."""
        return self.auto or (self.number.isdigit() and len(self.number) < 10)

    @property
    def auto(self) -> bool:
        """Whether it is counted by itself."""
        return self.number == "#"

    @property
    def ordinal(self) -> int:
        """The value of a plain one."""
        return 1 if self.auto else int(self.number)

    @property
    def following(self) -> tuple[str, str]:
        """What the next item may begin with."""
        before, after = self.form[:-1], self.form[-1]
        return f"{before}#{after} ", f"{before}{'#' if self.auto else self.ordinal + 1}{after} "


def enumerator_of(line: str) -> Enumerator | None:
    """The number that a line begins with, if one does."""
    match = _ENUMERATOR.match(line)
    return Enumerator((match[1] or "") + match[3], match[2], match.end()) if match else None


def is_text(line: str) -> bool:
    """Whether a line begins nothing but text."""
    return bool(line) and enumerator_of(line) is None and not any(p.match(line) for p in _MARKS)


_MARKS = (
    re.compile(" "),
    BULLET,
    FIELD,
    OPTION,
    DOCTEST,
    LINE_BLOCK,
    GRID_TABLE,
    SIMPLE_TABLE,
    EXPLICIT,
    ANONYMOUS,
    RULE,
)
