"""What a document, and each of its sections, is about: the words of its path, title and headings."""

from __future__ import annotations

from collections.abc import Container, Sequence

from dedup.blocks import BOLD_LEVEL, Kind
from dedup.decide.variants import path_words
from dedup.match.prepared import Prepared
from dedup.words import folded_words


def find_subjects(prepared: Prepared, alive: Sequence[int], without: Container[int]) -> dict[int, frozenset[str]]:
    """The subject of each block that is alive; headlines in `without` count for nothing.

    A block stands under the nearest headline above it and, where that is a heading of a level, the headings of
    higher levels above that.
    """
    base = path_words(prepared.document.path) | frozenset(folded_words(prepared.blocks.title))
    stack: list[tuple[int, frozenset[str]]] = []
    subjects: dict[int, frozenset[str]] = {}
    titled = bool(prepared.blocks.title)
    current = base
    for block in alive:
        if prepared.kinds[block] == Kind.HEADLINE and block not in without:
            words = frozenset(folded_words(prepared.texts[block]))
            if not titled:
                # The first headline is the document's title.
                base, titled = base | words, True
                current = base
            level = int(prepared.blocks.level[block])
            while stack and stack[-1][0] >= level:
                stack.pop()
            stack.append((level, words))
            current = base.union(*(held for _, held in stack))
        subjects[block] = current
    return subjects


def leading_headlines(prepared: Prepared, alive: Sequence[int], without: Container[int]) -> list[int]:
    """The title and decks that a document begins with, as far as they are headlines and not headings of sections."""
    found: list[int] = []
    for block in alive:
        kind = prepared.kinds[block]
        if kind == Kind.PROTECTED:
            continue
        if kind != Kind.HEADLINE:
            break
        if block not in without and (not found or prepared.blocks.level[block] == BOLD_LEVEL):
            found.append(block)
    return found
