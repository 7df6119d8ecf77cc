"""The words in which two wordings of a paragraph differ, marked where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from dedup.decide.difference import Change, changes, words_in
from dedup.words import Word

Part = tuple[Literal["same", "old", "new"], str]
"""A piece of text, and whether both wordings have it, only the first, or only the second."""

CONTEXT = 5
"""So many words are shown before and after those that differ."""


def marked(one: str, other: str, *, whole: bool = False) -> list[Part]:
    """The second wording with what it has in place of the first one's words; `…` where they agree at length.

    The `whole` of it on demand.

    Empty where no word differs.
    """
    ours, theirs = words_in(one), words_in(other)
    parts: list[Part] = []
    at = 0
    found = _joined(changes(one, other))
    for number, change in enumerate(found):
        if change.other:
            start = change.other[0].start
        else:
            start = theirs[change.other_at - 1].end if change.other_at else 0
        parts += _same(other, at, start, before=number > 0, whole=whole)
        at = start
        if change.one and not change.other:
            parts += _left_out(one, change, ours)
        elif change.one:
            parts.append(("old", _span(one, change.one)))
        if change.other:
            parts.append(("new", _span(other, change.other)))
            at = change.other[-1].end
    if found:
        parts += _same(other, at, len(other), before=True, after=False, whole=whole)
    return [(kind, text) for kind, text in parts if text]


def _joined(found: Sequence[Change]) -> list[Change]:
    """The changes, those together between which no word is the same."""
    joined: list[Change] = []
    for change in found:
        last = joined[-1] if joined else None
        if last is not None and (last.one_at + len(last.one), last.other_at + len(last.other)) == (
            change.one_at,
            change.other_at,
        ):
            joined[-1] = Change(last.one + change.one, last.other + change.other, last.one_at, last.other_at)
        else:
            joined.append(change)
    return joined


def _same(
    text: str, start: int, end: int, *, before: bool, after: bool = True, whole: bool = False
) -> Iterator[Part]:
    """What stands between two changes, or before the first or after the last, with a gap where it is long."""
    if whole:
        yield "same", _flat(text[start:end])
        return
    words = [word for word in words_in(text) if start <= word.start and word.end <= end]
    head, tail = CONTEXT * before, CONTEXT * after
    if len(words) <= head + tail:
        yield "same", _flat(text[start:end])
        return
    first = text[start : words[head - 1].end] if head else ""
    last = text[words[-tail].start : end] if tail else ""
    yield "same", f"{_flat(first)}…{_flat(last)}"


def _left_out(one: str, change: Change, ours: Sequence[Word]) -> Iterator[Part]:
    """Words that nothing stands for, apart from the word before them as they were there."""
    between = one[ours[change.one_at - 1].end : change.one[0].start] if change.one_at else ""
    spaced = any(character.isspace() for character in between)
    if spaced:
        yield "same", " "
    yield "old", ("" if spaced else between) + _span(one, change.one)
    if not change.other_at and change.one_at + len(change.one) < len(ours):
        yield "same", " "


def _span(text: str, words: Sequence[Word]) -> str:
    """The text from the first of some words to the last."""
    return _flat(text[words[0].start : words[-1].end])


def _flat(text: str) -> str:
    """The text in one line, white space at its ends as one space."""
    flat = " ".join(text.split())
    if not flat:
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{flat}{' ' * text[-1].isspace()}"
