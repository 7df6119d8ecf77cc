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


def marked(one: str, other: str) -> list[Part]:
    """The second wording with what it has in place of the first one's words; `…` where they agree at length.

    Empty where no word differs.
    """
    theirs = words_in(other)
    parts: list[Part] = []
    at = 0
    found = _joined(changes(one, other))
    for number, change in enumerate(found):
        start = theirs[change.other_at].start if change.other_at < len(theirs) else len(other.rstrip())
        parts += _same(other, at, start, before=number > 0)
        at = start
        if change.one:
            text, spaced = _span(one, change.one)
            parts.append(("old", text))
            if spaced and not change.other:
                parts.append(("same", " "))
        if change.other:
            text, _ = _span(other, change.other)
            parts.append(("new", text))
            at = change.other[-1].end
    if found:
        parts += _same(other, at, len(other), before=True, after=False)
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


def _same(text: str, start: int, end: int, *, before: bool, after: bool = True) -> Iterator[Part]:
    """What stands between two changes, or before the first or after the last, with a gap where it is long."""
    words = [word for word in words_in(text) if start <= word.start and word.end <= end]
    head, tail = CONTEXT * before, CONTEXT * after
    if len(words) <= head + tail:
        yield "same", _flat(text[start:end])
        return
    first = text[start : words[head - 1].end] if head else ""
    last = text[words[-tail].start : end] if tail else ""
    yield "same", f"{_flat(first)}…{_flat(last)}"


def _span(text: str, words: Sequence[Word]) -> tuple[str, bool]:
    """The text from the first of some words to the last, and whether white space follows."""
    end = words[-1].end
    return _flat(text[words[0].start : end]), text[end : end + 1].isspace()


def _flat(text: str) -> str:
    """The text in one line, white space at its ends as one space."""
    flat = " ".join(text.split())
    if not flat:
        return " " if text else ""
    return f"{' ' * text[0].isspace()}{flat}{' ' * text[-1].isspace()}"
