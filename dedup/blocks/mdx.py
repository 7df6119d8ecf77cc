"""Where the JavaScript and JSX of MDX end: they go on over blank lines, where Markdown sees paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_FAILURES = 50
"""After so many that do not end a text is no MDX, and each would be looked for up to the end of the text."""

_BEGIN = re.compile(
    rb"^(?:[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(?=[<{])|(?=(?:import|export)\b))", re.MULTILINE
)
_STRING = re.compile(rb"\"(?:\\.|[^\"\\\r\n])*\"|'(?:\\.|[^'\\\r\n])*'", re.DOTALL)
_BRACE = re.compile(rb"[\"'`{}]|/[/*]")
_BRACKET = re.compile(rb"[\"'`{}()\[\]]|/[/*]|(?:\r\n?|\n)(?=[ \t]*(?:[\r\n]|\Z))")
_IN_LITERAL = re.compile(rb"\\.|`|\$\{", re.DOTALL)
_TAG = re.compile(rb"</?(?:[A-Za-z_$][\w$.:-]*)?(?=[\s/>{])")
_IN_TAG = re.compile(rb"[\"'{>]")
_LINE_END = re.compile(rb"[\r\n]|\Z")
_AFTER = re.compile(rb"[ \t]*(?=[<{])")


def find_scripts(text: bytes, code: Callable[[int], bool]) -> Iterator[tuple[int, int]]:
    """The byte ranges of tags, expressions, imports and exports that begin a line; `code` says where code is."""
    position = failed = 0
    while failed < _FAILURES and (match := _BEGIN.search(text, position)):
        begin = match.end()
        is_code = code(begin)
        end = None if is_code else _end_of_flow(text, begin)
        if end is None:
            failed += not is_code
            position = begin + 1
        else:
            yield begin, end
            position = end


def _end_of_flow(text: bytes, position: int) -> int | None:
    """Where a line's tags and expressions end, one directly after the other, or an import or export."""
    if text[position : position + 1] not in (b"<", b"{"):
        return _end_of_brackets(text, position, _BRACKET)
    while True:
        end = (
            _end_of_tag(text, position) if text[position] == ord("<") else _end_of_expression(text, position)
        )
        if end is None or not (match := _AFTER.match(text, end)):
            return end
        position = match.end()


def _end_of_tag(text: bytes, position: int) -> int | None:
    match = _TAG.match(text, position)
    place = match.end() if match else None
    while place is not None and (match := _IN_TAG.search(text, place)):
        mark = match[0]
        if mark == b">":
            return match.end()
        if mark == b"{":
            place = _end_of_expression(text, match.start())
        else:
            quote = text.find(mark, match.end())
            place = quote + 1 if quote >= 0 else None
    return None


def _end_of_expression(text: bytes, position: int) -> int | None:
    return _end_of_brackets(text, position, _BRACE)


def _end_of_brackets(text: bytes, position: int, marks: re.Pattern[bytes]) -> int | None:
    """Where what opens at a position is closed; with line ends among the marks, the blank line where all is."""
    depth = 0
    place: int | None = position
    while place is not None and (match := marks.search(text, place)):
        mark, place = match[0], match.end()
        if mark in b"{([":
            depth += 1
        elif mark in b"})]":
            depth -= 1
            if depth <= 0 and marks is _BRACE:
                return place
        elif mark == b"`":
            place = _end_of_literal(text, place)
        elif mark == b"/*":
            end = text.find(b"*/", place)
            place = end + 2 if end >= 0 else None
        elif mark == b"//":
            if text[match.start() - 1 : match.start()] != b":":  # an address
                place = _line_end(text, place)
        elif mark in b"\"'":
            string = (
                None
                if text[match.start() - 1 : match.start()].isalnum()
                else _STRING.match(text, match.start())
            )
            place = string.end() if string else place  # else an apostrophe
        elif depth <= 0:
            return match.start()
    return len(text) if depth <= 0 and marks is _BRACKET and place is not None else None


def _line_end(text: bytes, position: int) -> int:
    match = _LINE_END.search(text, position)
    return match.start() if match else len(text)


def _end_of_literal(text: bytes, position: int) -> int | None:
    place: int | None = position
    while place is not None and (match := _IN_LITERAL.search(text, place)):
        if match[0] == b"`":
            return match.end()
        place = _end_of_expression(text, match.end() - 1) if match[0] == b"${" else match.end()
    return None
