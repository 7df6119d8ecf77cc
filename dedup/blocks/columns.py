"""The blocks of one document, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup.words import I64, SEPARATOR, U64

BOLD_LEVEL = 7
"""The level of a headline that is none of the six of Markdown: a bold line, a bare line above a paragraph."""


class Kind(IntEnum):
    """What a block is; protected blocks are never compared and never removed."""

    PROTECTED = 0
    HEADLINE = 1
    PARAGRAPH = 2
    LIST_ITEM = 3

    @property
    def label(self) -> str:
        """The word that reports use."""
        return self.name.lower().replace("_", "-")


class Role(IntEnum):
    """What a protected block is to the blocks around it."""

    NONE = 0
    SHOWN = 1
    """Code or a table: what the paragraph before it introduces."""
    WRAPPER = 2
    """Markup around others: a tag, a shortcode, the first line of an admonition."""
    COMPLETE = 3
    """Markup with all that it holds: an admonition with its body, tabs, a comment over several paragraphs."""


@dataclass(frozen=True, slots=True)
class Bonds:
    """Which blocks of a document others depend on, by their numbers.

    fixed: those that stay whatever stays around them. names: by what each can be pointed to; where two have the same
    name, the second is called by another one that counts from the first. points: the names that each points to.
    """

    fixed: frozenset[int]
    names: Mapping[int, str]
    points: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Blocks:
    """Where the blocks of a document stand and what they show, in order, all columns of the same length.

    start, end, tail: int64, byte offsets in the document's text; a block is whole lines, `start:end` its own and
        `end:tail` the blank lines that follow it; of HTML whole elements, and the white space that follows them.
    line, end_line: int64, the first and last line, counted from 1.
    kind: uint8, a Kind. level: uint8, 1 to 7 for headlines, else 0.
    lists: int64, for what stands in a list the number of the outermost list, counted from 1, else 0.
    glued: bool, whether the block stands directly under a line of another block.
    role: uint8, a Role: what a protected block is to its neighbours.
    links: uint64, a hash of the link targets and of raw HTML inside, 0 where there is none.
    visible: the text that a reader sees, of all blocks, joined by SEPARATOR.
    title: what the front matter gives as the document's title.
    needs: of blocks that do not read without others, the number, and the numbers of those of which one must stay.
    elements: of HTML the tags and all else that is no text, with where each begins, for the same purpose as:
    outline: the parser's events with their ranges, to tell whether a cleaned document parses to what was kept.
    bonds: of AsciiDoc which blocks others depend on.
    """

    start: I64
    end: I64
    tail: I64
    line: I64
    end_line: I64
    kind: npt.NDArray[np.uint8]
    level: npt.NDArray[np.uint8]
    lists: I64
    glued: npt.NDArray[np.bool_]
    role: npt.NDArray[np.uint8]
    links: U64
    visible: str
    title: str = ""
    outline: tuple[Any, ...] = ()
    elements: tuple[tuple[int, bytes], ...] = ()
    needs: tuple[tuple[int, tuple[int, ...]], ...] = ()
    bonds: Bonds | None = None

    def __len__(self) -> int:
        return len(self.start)

    @property
    def texts(self) -> list[str]:
        """What a reader sees of each block."""
        return self.visible.split(SEPARATOR) if len(self) else []


def links_hash(links: Iterable[str]) -> int:
    """What two blocks share that point to the same targets, in order: 64 bits, 0 where there are none."""
    said = "\n".join(links)
    if not said:
        return 0
    digest = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
