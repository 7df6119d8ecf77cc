"""Which blocks of a document its own comments take out of the comparison."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from dedup.blocks.columns import Blocks, Kind, Role
from dedup.blocks.directives import (
    END,
    FILE,
    IGNORE,
    LIKE_MARK,
    MARK,
    START,
    Comment,
    find_comments,
    find_inline,
    find_inline_like,
    find_like,
)
from dedup.blocks.lines import find_lines
from dedup.sources.encoding import decode_block


@dataclass(frozen=True, slots=True)
class Directive:
    """A comment that takes blocks out of the comparison, or would: `wrong` says why it does not.

    `line` counts from 1. An `ignore-end` that ends something is none by itself.
    """

    line: int
    word: str
    blocks: tuple[int, ...] = ()
    wrong: str | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """What a document's comments say.

    markers: the protected blocks that are nothing but such comments; to their neighbours they are not there.
    """

    directives: tuple[Directive, ...] = ()
    markers: frozenset[int] = frozenset()

    @property
    def blocks(self) -> frozenset[int]:
        """The blocks that are taken out of the comparison."""
        return frozenset(block for directive in self.directives for block in directive.blocks)


NOTHING = Ignored()


def find_near_misses(text: bytes, blocks: Blocks, *, is_text: bool) -> tuple[Directive, ...]:
    """What is written nearly as a comment for us, and so does nothing; `is_text` tells of a plain text.

    In that a comment stands in a paragraph, where lines of other formats are prose.
    """
    lower = text.lower()
    if LIKE_MARK not in lower:
        return ()
    found: list[Directive] = []
    start, end = blocks.start.tolist(), blocks.end.tolist()
    for block in _blocks_with(LIKE_MARK, lower, blocks):
        if blocks.role[block] == Role.SHOWN:
            continue
        raw, first_line = text[start[block] : end[block]], int(blocks.line[block])
        own_line = is_text or blocks.kind[block] == Kind.PROTECTED
        comments = find_like(raw, is_text=is_text) if own_line else []
        comments += [
            comment
            for comment in find_inline_like(raw)
            if not any(own.start <= comment.start < own.end for own in comments)
            and decode_block(raw[comment.start : comment.end]) not in blocks.texts[block]
        ]
        found += [
            Directive(_line(raw, first_line, _begin(raw, comment)), comment.word, (), comment.wrong)
            for comment in comments
        ]
    return tuple(found)


def find_ignored(text: bytes, blocks: Blocks, compared: Sequence[bool]) -> Ignored:
    """What the comments in a document's text say; `compared` tells of each block whether it would be compared.

    `ignore` is for the next such block, in a list for the whole list.
    """
    if MARK not in text:
        return NOTHING
    found: list[tuple[int, Directive]] = []
    markers: set[int] = set()
    start, end, texts = blocks.start.tolist(), blocks.end.tolist(), blocks.texts
    for block in _blocks_with(MARK, text, blocks):
        if blocks.role[block] == Role.SHOWN:
            continue
        raw, first_line = text[start[block] : end[block]], int(blocks.line[block])
        comments = find_comments(raw) if blocks.kind[block] == Kind.PROTECTED else []
        found += [
            (block, Directive(_line(raw, first_line, _begin(raw, comment)), comment.word, (), comment.wrong))
            for comment in comments
        ]
        if comments and not _without(raw, comments).strip(b"> \t\r\n\f"):
            markers.add(block)
        found += [
            (block, Directive(_line(raw, first_line, at), IGNORE, (), _inside(said)))
            for at, said in find_inline(raw)
            if not any(comment.start <= at < comment.end for comment in comments)
            and said not in texts[block]  # in code, a reader sees it
        ]
    return Ignored(tuple(_bound(found, compared, blocks.lists.tolist())), frozenset(markers))


def _blocks_with(mark: bytes, text: bytes, blocks: Blocks) -> list[int]:
    places, at = [], text.find(mark)
    while at >= 0:
        places.append(at)
        at = text.find(mark, at + 1)
    numbers = np.unique(np.searchsorted(blocks.start, places, side="right") - 1)
    return [int(number) for number in numbers if number >= 0]


def _begin(raw: bytes, comment: Comment) -> int:
    """Where a comment itself begins, behind the white space of its line."""
    return comment.end - len(raw[comment.start : comment.end].lstrip(b"> \t"))


def _line(raw: bytes, first_line: int, place: int) -> int:
    lines = find_lines(raw)
    return first_line + int(lines.of(np.array([place], np.int64))[0])


def _without(raw: bytes, comments: Sequence[Comment]) -> bytes:
    for comment in reversed(comments):
        raw = raw[: comment.start] + raw[comment.end :]
    return raw


def _inside(said: str) -> str:
    word = said.removeprefix("<!--").removesuffix("-->").strip().removeprefix("dedup:").split(maxsplit=1)
    return f'"dedup: {word[0] if word else ""}" has no line of its own'


def _bound(
    found: Sequence[tuple[int, Directive]], compared: Sequence[bool], lists: Sequence[int]
) -> list[Directive]:
    """The directives with their blocks, and with what is wrong with those that do not fit together."""
    given: list[Directive] = []
    begun: tuple[int, int] | None = None  # the number of an ignore-start in `given`, and its block
    for block, directive in found:
        if directive.wrong is not None:
            given.append(directive)
        elif directive.word == IGNORE:
            unit = _next(block, compared, lists)
            wrong = None if unit else f'"dedup: {IGNORE}" has nothing after it'
            given.append(replace(directive, blocks=unit, wrong=wrong))
        elif directive.word == FILE:
            given.append(replace(directive, blocks=_compared(range(len(compared)), compared)))
        elif directive.word == START and begun is None:
            begun = len(given), block
            given.append(replace(directive, wrong=f'"dedup: {START}" without an {END}'))
        elif directive.word == START:
            given.append(replace(directive, wrong=f'"dedup: {START}" stands inside another'))
        elif begun is None:
            given.append(replace(directive, wrong=f'"dedup: {END}" without an {START}'))
        else:
            number, first = begun
            inside = _compared(range(first + 1, block), compared)
            given[number] = replace(given[number], blocks=inside, wrong=None)
            begun = None
    return given


def _compared(numbers: range, compared: Sequence[bool]) -> tuple[int, ...]:
    return tuple(number for number in numbers if compared[number])


def _next(block: int, compared: Sequence[bool], lists: Sequence[int]) -> tuple[int, ...]:
    """The next block that is compared, or the list that it stands in."""
    following = next((number for number in range(block + 1, len(compared)) if compared[number]), None)
    if following is None:
        return ()
    first, stop = following, following + 1
    while lists[following] and first and lists[first - 1] == lists[following]:
        first -= 1
    while lists[following] and stop < len(lists) and lists[stop] == lists[following]:
        stop += 1
    return _compared(range(first, stop), compared)
