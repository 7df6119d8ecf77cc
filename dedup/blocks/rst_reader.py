"""What a scanner of reStructuredText works with: which lines belong together, and how what is found is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dedup.blocks import rst_lines as syntax
from dedup.blocks.columns import Kind, Role


@dataclass(slots=True)
class Leaf:
    """A block in the making.

    text: the lines that say something, each with the column where that begins. group: the number of the outermost
    list. about_next: whether it says something about the block that follows, as a target does. address: of a target,
    its name. footnote: the label of a footnote or citation. told: what it says besides its text. plain: whether it
    is a paragraph and no more. rule: whether it is a transition. holds: the leaves that it stands around.
    """

    first: int
    last: int
    kind: Kind
    level: int = 0
    group: int = 0
    role: Role = Role.NONE
    text: list[tuple[int, int]] = field(default_factory=list)
    about_next: bool = False
    address: str = ""
    footnote: str = ""
    told: str = ""
    plain: bool = False
    rule: bool = False
    holds: list[Leaf] = field(default_factory=list)


class Reader:
    """Lines, and what is found in them.

    `leaves` are in order, `events` have with them their first line and the one after the last.
    """

    def __init__(self, lines: list[str]) -> None:
        """`lines` are as `read_lines` gives them."""
        self._lines = lines
        self.leaves: list[Leaf] = []
        self.events: list[tuple[Any, int, int]] = []
        self._styles: list[str] = []
        self._level = 0
        self._levels_known = True
        self._lists = 0
        self._group = 0

    # Which lines belong together. Blank lines at the end never do.

    def _line(self, number: int, stop: int, indent: int) -> str:
        return self._lines[number][indent:] if number < stop else ""

    def _next(self, number: int, stop: int) -> int:
        """The next line from `number` on that is not blank."""
        while number < stop and not self._lines[number]:
            number += 1
        return number

    def _indented(self, number: int, stop: int, indent: int, width: int = 1) -> int:
        """Past the lines from `number` on that are indented by `width` more."""
        end = number
        while number < stop:
            line = self._lines[number]
            number += 1
            if line:
                if line[indent] != " " or line[indent : indent + width].strip():
                    break
                end = number
        return end

    def _adjacent(self, number: int, stop: int, indent: int) -> int:
        """Past the lines after `number` that are indented, up to a blank one."""
        number += 1
        while number < stop and self._lines[number] and self._lines[number][indent] == " ":
            number += 1
        return number

    def _until_blank(self, number: int, stop: int) -> int:
        while number < stop and self._lines[number]:
            number += 1
        return number

    def _margin(self, first: int, end: int, indent: int) -> int:
        """By how many columns more the lines are indented."""
        lines = (self._lines[number][indent:] for number in range(first, end))
        return min(len(line) - len(line.lstrip()) for line in lines if line)

    # What is found.

    def _event(self, event: Any, first: int, end: int) -> None:
        self.events.append((event, first, end))

    def _protect(self, first: int, end: int, what: str, role: Role = Role.NONE) -> Leaf:
        leaf = Leaf(first, end - 1, Kind.PROTECTED, group=self._group, role=role)
        leaf.about_next = syntax.ABOUT_NEXT.search(self._lines[end - 1]) is not None
        self.leaves.append(leaf)
        self._event({"Protected": what}, first, end)
        return leaf

    def _around(self, first: int, what: Any, inside: Callable[[], int], *, lists: bool = False) -> int:
        """Read what stands inside a construct, and note where that begins and ends."""
        at, outermost = len(self.events), lists and not self._group
        self._event({"Start": what}, first, first)
        if outermost:
            self._lists += 1
            self._group = self._lists
        end = inside()
        if outermost:
            self._group = 0
        self.events[at] = ({"Start": what}, first, end)
        self._event({"End": what}, first, end)
        return end

    def _opaque(
        self, number: int, stop: int, indent: int, what: str, role: Role = Role.NONE, past: int = 0
    ) -> int:
        """Protect what is not looked into: the lines up to a blank one, and what is indented after them."""
        first, end = number, max(number + 1, past)
        while True:
            end = self._until_blank(end, stop)
            end = self._indented(end, stop, indent)
            number = self._next(end, stop)
            # A paragraph that ends so may be followed by a literal block that is not indented.
            if number == stop or not self._lines[end - 1].endswith("::"):
                break
            end = number + 1
        if not indent and any(syntax.RULE.match(self._lines[number]) for number in range(first + 1, end)):
            # There may be a title in it: what is above must not change its level, and what is below may be at any.
            what = f"{what} {self._level} {self._styles}"
            self._levels_known = False
        self._protect(first, end, what, role)
        return end

    def _paragraph(self, first: int, end: int, indent: int) -> Leaf:
        kind = Kind.LIST_ITEM if self._group else Kind.PARAGRAPH
        leaf = Leaf(first, end - 1, kind, group=self._group, plain=True)
        leaf.text = [(number, indent) for number in range(first, end)]
        self.leaves.append(leaf)
        self._event({"Start": "Paragraph"}, first, end)
        self._event({"End": "Paragraph"}, first, end)
        return leaf
