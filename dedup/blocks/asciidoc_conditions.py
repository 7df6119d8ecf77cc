"""What the preprocessor of AsciiDoc decides on: lines inside `ifdef::a[]` and its like may be there or not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from dedup.blocks.asciidoc_lines import directive_of


class Conditions:
    """Where the directives of a document stand; in most there are none."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._depths: list[int] = []
        depth, found = 0, False
        for line in lines:
            self._depths.append(depth)
            if line and (what := directive_of(line)):
                found = True
                depth = max(depth + (what == "if") - (what == "end"), 0)
        self._depths.append(depth)
        self._found = found

    def holds(self, line: int) -> bool:
        """Whether a line stands in a condition."""
        return self._found and self._depths[line] > 0

    def touch(self, first: int, last: int) -> bool:
        """Whether there is a directive among some lines."""
        return self._found and any(directive_of(line) for line in self._lines[first : last + 1])

    def are_whole(self, first: int, last: int) -> bool:
        """Whether the conditions that begin among some lines end there."""
        if not self._found:
            return True
        depths = self._depths[first : last + 2]
        return depths[0] == depths[-1] == min(depths)

    def begin(self, first: int, last: int) -> bool:
        """Whether conditions begin among some lines that stand in none themselves."""
        return self._found and not self._depths[first] and any(self._depths[first : last + 2])

    @cached_property
    def without(self) -> list[str]:
        """The lines with a directive, which is passed over, in the place of each that stands in a condition."""
        return [
            "endif::[]" if depth else line for depth, line in zip(self._depths, self._lines, strict=False)
        ]
