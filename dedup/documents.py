"""What a source gives and the rest works on: one document with its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

Syntax = Literal["text", "markdown", "mdx", "html", "notebook", "rst", "asciidoc"]

Span = tuple[int, int]


class Layout(Protocol):
    """How the pieces that a text is put together from, as that of a notebook is from its cells, lie in their file."""

    def line(self, position: int) -> int:
        """The line of the file, counted from 1, in which an offset in the text stands."""

    def ranges(self, spans: Sequence[Span]) -> list[Span]:
        """The byte ranges of the file that go where spans of the text go, which are in order and do not overlap."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document.

    `path` is its name as it is reported, `source` its bytes as they came. `text` is what is cut and compared:
    UTF-8 bytes without byte order mark where the source declares or is Unicode, else the source's own bytes. An
    offset in `text` becomes an offset in its file through `offset`. `inside` is the path relative to the
    directory argument that it was found in (the file name where it was named itself). A row of a table has the
    path of its file: `origin` is where `source` begins in that, and `row` its line, counted from 1. A text with a
    `layout` is put together from pieces of the source.
    """

    path: str
    source: bytes
    text: bytes
    syntax: Syntax
    inside: str
    shift: int = 0
    table: npt.NDArray[np.int64] | None = None
    origin: int = 0
    row: int = 0
    layout: Layout | None = None

    def offset(self, position: int) -> int:
        """The offset in the file of an offset in `text`, in bytes."""
        inside = int(self.table[position]) if self.table is not None else position + self.shift
        return self.origin + inside

    def line(self, position: int, number: int) -> int:
        """The line of the file, counted from 1, of an offset in `text`; `number` is its line there."""
        if self.layout is not None:
            return self.layout.line(position)
        return self.row or number

    def ranges(self, spans: Sequence[Span]) -> list[Span]:
        """The byte ranges of the file that go where spans of `text` go, which are in order and do not overlap."""
        if self.layout is not None:
            return self.layout.ranges(spans)
        return [(self.offset(start), self.offset(end)) for start, end in spans]

    def raw(self, start: int, end: int) -> bytes:
        """The bytes of the source between two offsets in the file."""
        return self.source[start - self.origin : end - self.origin]
