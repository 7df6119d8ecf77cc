"""JSON read value by value, so that each one's place is known."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import count
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, TypeVar

# What numbers say is of no use here, and Python would refuse the longest ones.
_DECODER = json.JSONDecoder(parse_int=lambda digits: 0)
Part = TypeVar("Part")

_SPACE = re.compile(r"[ \t\r\n]*")


class JsonReader:
    """A JSON text, read from its beginning to its end.

    `at` is where what comes next begins, `closed` where the bracket stands that ended the last object or array.

    The methods raise ValueError where it is not JSON, RecursionError where it is nested too deeply.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.at = self.closed = 0
        self._go_on(0)

    @property
    def next(self) -> str:
        """The character that comes next, empty at the end."""
        return self._text[self.at : self.at + 1]

    def members(self) -> Iterator[str]:
        """The keys of an object that begins here, one after the other; the caller reads each one's value."""
        yield from self._parts("{", "}", self._key)

    def items(self) -> Iterator[int]:
        """The numbers, from 0, of the items of an array that begins here; the caller reads each item."""
        yield from self._parts("[", "]", count().__next__)

    def value(self) -> tuple[Any, int, int]:
        """A value of any kind, with the place where it begins and that where it ends."""
        start = self.at
        value, end = _DECODER.raw_decode(self._text, start)
        self._go_on(end)
        return value, start, end

    def finish(self) -> None:
        """ValueError unless all was read."""
        if self.next:
            raise ValueError

    def _parts(self, opening: str, closing: str, part: Callable[[], Part]) -> Iterator[Part]:
        self._expect(opening)
        more = self.next != closing
        while more:
            yield part()
            more = self.next == ","
            if more:
                self._expect(",")
        self.closed = self.at
        self._expect(closing)

    def _key(self) -> str:
        if self.next != '"':
            raise ValueError
        key, end = scanstring(self._text, self.at + 1, True)
        self._go_on(end)
        self._expect(":")
        return str(key)

    def _expect(self, character: str) -> None:
        if self.next != character:
            raise ValueError
        self._go_on(self.at + 1)

    def _go_on(self, at: int) -> None:
        space = _SPACE.match(self._text, at)
        self.at = space.end() if space else at
