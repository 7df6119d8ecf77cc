"""AsciiDoc lists: where one ends, as Asciidoctor's `Parser.read_lines_for_list_item` tells, and its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dedup.blocks.asciidoc_lines import (
    CONTINUATION,
    SPACE,
    Item,
    attributes_of,
    directive_of,
    entry_of,
    is_block_title,
    is_comment,
    is_comment_fence,
    is_macro,
    item_of,
    sibling_of,
    terminator_of,
)
from dedup.blocks.asciidoc_rows import Row
from dedup.blocks.columns import Kind, Role

Close = Callable[[str, int, int], int]
"""Given a delimiter and two lines, the line between them that ends the block, or the second where none does."""

_NESTED = "*.:"
_CHECKBOXES = ("[ ] ", "[x] ", "[*] ")


def list_end(lines: Sequence[str], at: int, stop: int, item: Item, close_of: Close) -> int:
    """The line after a list that begins at a line with an item; nested lists are parts of it."""
    following: Item | None = item
    while following is not None:
        at = _ItemReader(lines, at + 1, stop, following, close_of).read()
        while at < stop and not lines[at]:
            at += 1
        if at == stop:
            break
        following = sibling_of(lines[at], item) if item.list == ":" else item_of(lines[at], item.list)
    return at


def list_rows(
    lines: Sequence[str], shown: Sequence[str], first: int, last: int, close_of: Close
) -> Iterator[tuple[Row, str]]:
    """The parts of a list with the text that each shows: its items, and the paragraphs and blocks held to them."""
    at = first
    while at <= last:
        row, words = Row(at, at, "item", Kind.LIST_ITEM), []
        begins = True
        while at <= last and (line := lines[at]):
            item = item_of(line)
            if not begins and (item is not None or line == CONTINUATION):
                break
            terminator = terminator_of(line)
            end = min(close_of(terminator, at + 1, last + 1), last) if terminator else at
            if item is not None:
                words.append(_text_of(item_of(shown[at]) or item, row))
            elif line != CONTINUATION:
                words.append(shown[at].lstrip(SPACE))
            if terminator:
                row.role = Role.SHOWN
            if terminator or _is_special(line) or (begins and item is None and line[0] in SPACE):
                row.kind = Kind.PROTECTED
            # A block stands directly below the line that holds it.
            begins = line == CONTINUATION
            row.last = end
            at = end + 1
        yield row, "\n".join(words)
        while at <= last and not lines[at]:
            at += 1


def _text_of(item: Item, row: Row) -> str:
    """What the first line of an item shows."""
    if item.list == "<":
        row.kind = Kind.PROTECTED
    if item.list == "*" and item.text.startswith(_CHECKBOXES):
        row.links.append(item.text[:3].replace("*", "x"))
        return item.text[4:]
    return f"{item.term}: {item.text}" if item.term else item.text


def _is_special(line: str) -> bool:
    """Whether a line of a list is no text."""
    return (
        is_comment(line)
        or is_comment_fence(line)
        or attributes_of(line) is not None
        or is_block_title(line)
        or entry_of(line) is not None
        or directive_of(line) is not None
        or is_macro(line)
    )


class _ItemReader:
    """Takes the lines of one item, from the second on, under the rules of continuation."""

    def __init__(self, lines: Sequence[str], at: int, stop: int, item: Item, close_of: Close) -> None:
        self._lines = lines
        self._at = at
        self._stop = stop
        self._item = item
        self._close_of = close_of
        self._terms = item.list == ":"
        self._has_text = not self._terms or bool(item.text)
        self._nested = False
        self._before: str | None = None

    def read(self) -> int:
        """The first line that is not the item's."""
        lines, stop = self._lines, self._stop
        active = frozen = False
        while self._at < stop:
            line = lines[self._at]
            if line and directive_of(line):
                self._at += 1
                continue
            if sibling_of(line, self._item):
                return self._at
            before = self._before
            if before == CONTINUATION:
                if not active and not frozen:
                    active = self._has_text = True
                if line == CONTINUATION:
                    if not frozen:
                        active, frozen = False, True
                        self._before = line
                    self._at += 1
                    continue
            terminator = terminator_of(line)
            if terminator is not None:
                if not active:
                    return self._at
                self._at = min(self._close_of(terminator, self._at + 1, stop) + 1, stop)
                self._before = terminator
                active = False
            elif self._terms and not active and attributes_of(line):
                return self._at
            elif active and line:
                if line[0] in SPACE:
                    self._read_literal()
                    active = False
                else:
                    if not (is_block_title(line) or attributes_of(line) or entry_of(line)):
                        # Asciidoctor looks for the text of a term held to an item in the wrong place.
                        self._note_nested(line, has_text=False)
                        active = False
                    self._take(line)
            elif before == "":
                if not self._go_on():
                    return self._at
            else:
                if line:
                    self._has_text = True
                self._note_nested(line)
                self._take(line)
        return self._at

    def _take(self, line: str) -> None:
        self._before = line
        self._at += 1

    def _note_nested(self, line: str, has_text: bool = True) -> None:
        nested = item_of(line, ":" if self._nested else _NESTED)
        if nested is not None:
            self._nested = True
            if nested.list == ":" and not (nested.text and has_text):
                self._has_text = False

    def _read_literal(self) -> None:
        """Take an indented paragraph as a whole, whatever its lines look like."""
        first = self._at
        while self._at < self._stop and (line := self._lines[self._at]):
            if self._at > first and line == CONTINUATION:
                break
            if self._terms and sibling_of(line, self._item):
                break
            self._take(line)

    def _go_on(self) -> bool:
        """Whether the item goes on after a blank line; what it goes on with is taken."""
        lines = self._lines
        while self._at < self._stop and (not lines[self._at] or directive_of(lines[self._at])):
            self._at += 1
        if self._at == self._stop:
            return True
        line = lines[self._at]
        if sibling_of(line, self._item):
            return False
        if line == CONTINUATION:
            self._take(line)
            return True
        if not self._has_text:
            self._take(line)
            self._has_text = True
            return True
        nested = item_of(line, _NESTED)
        if nested is not None:
            self._nested = True
            if nested.list == ":" and not nested.text:
                self._has_text = False
            self._take(line)
        elif line[0] in SPACE:
            self._read_literal()
        else:
            return False
        return True
