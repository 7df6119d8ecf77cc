"""Plain text into blocks: paragraphs of one line or hard-wrapped, headlines, list items.

A blank line ends a block. Where the lines between two blank lines are hard-wrapped they are one paragraph, else
each is one. What a line is depends on its own group of lines alone, never on the rest of the document, so that
taking blocks out elsewhere does not change it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dedup.blocks.columns import BOLD_LEVEL, Blocks, Kind
from dedup.blocks.directives import MARK, is_comment_line
from dedup.blocks.lines import find_lines
from dedup.sources.encoding import decode_block
from dedup.words import SEPARATOR

WRAP_WIDTH = 100
"""Text with a longer line is not hard-wrapped, unless none of its lines but the last ends a sentence."""

HEADLINE_WORDS = 12
HEADLINE_LENGTH = 80
BOLD_WORDS = 40

_BOLD = re.compile(r"\s*(\*\*|__)(?=\S)((?:(?!\1).)+?)(?<=\S)\1\s*\Z", re.DOTALL)
_BULLET = re.compile(r"[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]")
# What ends a sentence, or a part of one, in Latin, Greek and Cyrillic, Chinese and Japanese, Indic scripts, Arabic and
# Urdu, Armenian, Ethiopic, Burmese, Khmer, Tibetan; and the marks that may close behind it.
_ENDS = r".!?;:,…。！？；：，、．｡।॥؟،؛۔։።፧၊။។៕།"
_SENTENCE_END = re.compile(rf"""[{_ENDS}]["'”’»)\]」』）】》]*\s*\Z""")


@dataclass(frozen=True, slots=True)
class _Piece:
    first: int
    last: int
    kind: Kind
    group: int = 0


def cut_text(text: bytes) -> Blocks:
    """The blocks of a plain text; `text` is UTF-8 or undeclared 8-bit bytes."""
    lines = find_lines(text)
    starts = lines.start.tolist()
    shown = [decode_block(text[a:b]).rstrip() for a, b in pairwise(starts)]
    marked = [
        number
        for number, (a, b) in enumerate(pairwise(starts) if MARK in text else ())
        if is_comment_line(text[a:b].rstrip(b"\r\n"))
    ]
    pieces = [_Piece(number, number, Kind.PROTECTED) for number in marked]
    # A line of no-break or ideographic spaces parts paragraphs as an empty one does, and so does a comment for us.
    blank = np.array([not line for line in shown], bool)
    blank[marked] = True
    edges = np.flatnonzero(np.diff(np.concatenate(([True], blank, [True])).astype(np.int8))).tolist()
    for first, stop in zip(edges[::2], edges[1::2], strict=True):
        pieces += _group(shown, first, stop)
    if marked:
        pieces.sort(key=lambda piece: piece.first)

    count = len(pieces)
    firsts = np.array([piece.first for piece in pieces], np.int64)
    lasts = np.array([piece.last for piece in pieces], np.int64)
    kind = np.array([piece.kind for piece in pieces], np.uint8)
    following = np.append(firsts[1:], len(lines))[:count]
    before = np.concatenate(([-2], lasts[:-1]))[:count]
    return Blocks(
        start=lines.start[firsts],
        end=lines.start[lasts + 1],
        tail=lines.start[following],
        line=firsts + 1,
        end_line=lasts + 1,
        kind=kind,
        level=np.where(kind == Kind.HEADLINE, BOLD_LEVEL, 0).astype(np.uint8),
        lists=np.array([piece.group for piece in pieces], np.int64),
        glued=before + 1 == firsts,
        role=np.zeros(count, np.uint8),
        links=np.zeros(count, np.uint64),
        visible=SEPARATOR.join(
            "\n".join(shown[piece.first : piece.last + 1] if piece.kind else ()).replace(SEPARATOR, " ")
            for piece in pieces
        ),
    )


def _group(shown: list[str], first: int, stop: int) -> list[_Piece]:
    """The pieces of one group of lines without a blank line between them."""
    if stop - first > 1:
        bullets = [number for number in range(first, stop) if _BULLET.match(shown[number])]
        if bullets:
            pieces = _group(shown, first, bullets[0]) if bullets[0] > first else []
            for start, limit in pairwise([*bullets, stop]):
                # The lines of an item are indented, or wrapped as its first one is.
                end = start + 1
                while end < limit and (shown[end][:1].isspace() or is_wrapped(shown[start : end + 1])):
                    end += 1
                pieces.append(_Piece(start, end - 1, Kind.LIST_ITEM, first + 1))
                if end < limit:
                    pieces += _group(shown, end, limit)
            return pieces
        if stop - first > 2 and is_bare_headline(shown[first]) and is_wrapped(shown[first + 1 : stop]):
            width = max(len(line) for line in shown[first + 1 : stop])
            if not _is_full(shown[first], shown[first + 1], width):
                return [_Piece(first, first, Kind.HEADLINE), _Piece(first + 1, stop - 1, Kind.PARAGRAPH)]
        if is_wrapped(shown[first:stop]):
            return [_Piece(first, stop - 1, Kind.PARAGRAPH)]
    pieces = []
    for number in range(first, stop):
        above_is_headline = number == first or (bool(pieces) and pieces[-1].kind == Kind.HEADLINE)
        if _BULLET.match(shown[number]):
            pieces.append(_Piece(number, number, Kind.LIST_ITEM, first + 1))
            continue
        is_headline = is_bold(shown[number]) or (above_is_headline and is_bare_headline(shown[number]))
        pieces.append(_Piece(number, number, Kind.HEADLINE if is_headline else Kind.PARAGRAPH))
    return pieces


def is_bold(line: str) -> bool:
    """Whether a line is bold as a whole, and no longer than a headline or deck can be."""
    return bool(_BOLD.match(line)) and len(line.split()) <= BOLD_WORDS


def is_bare_headline(line: str) -> bool:
    """Whether a line reads as a headline: short, not a sentence, not beginning in lower case."""
    line = line.strip()
    letters = line.lstrip("\"'“”‘’«»¿¡([")
    return (
        len(line) <= HEADLINE_LENGTH
        and len(line.split()) <= HEADLINE_WORDS
        and bool(letters)
        and (letters[0].isalnum() and not letters[0].islower())
        and not _SENTENCE_END.search(line)
    )


def is_wrapped(lines: list[str]) -> bool:
    """Whether lines are one hard-wrapped paragraph: each was broken where the next word would not have fitted."""
    if len(lines) < 2:
        return False
    width = max(len(line) for line in lines)
    broken = ended = 0
    for line, following in pairwise(lines):
        broken += _is_full(line, following, width)
        ended += ends_sentence(line) or is_bold(line)
    breaks = len(lines) - 1
    return broken >= 0.75 * breaks and ended <= (0.5 * breaks if width <= WRAP_WIDTH else 0)


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the first word of the following line would not have fitted."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width * 0.85


def ends_sentence(line: str) -> bool:
    """Whether a line ends as a sentence or a paragraph does."""
    line = line.rstrip().rstrip("*_")
    return bool(_SENTENCE_END.search(line)) and not line.endswith((",", ";"))
