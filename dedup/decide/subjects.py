"""What a document, and each of its sections, is about: the words of its path, title and headings."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from dedup.blocks import BOLD_LEVEL, Kind
from dedup.match.prepared import Prepared
from dedup.words import folded_words
from dedup.words.paths import path_words

SHARED_SECTIONS = 2
"""Pages that share this many section headings follow one pattern."""

LEADING = 4
"""A document begins with no more than so many titles and decks."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """What a document's blocks stand under.

    words: for each block the words of the path, the title and the headings above it. heading: for each block the
    nearest heading of a section above it, None where there is none. title: the words of the document's title.
    titled: whether the front matter gives it, as on a page of a site. section_headings: the headings of its
    sections.
    """

    words: Mapping[int, frozenset[str]]
    heading: Mapping[int, int | None]
    title: tuple[str, ...]
    titled: bool
    section_headings: tuple[int, ...]


def find_subjects(prepared: Prepared, alive: Sequence[int], without: Container[int]) -> Subjects:
    """The subjects of the blocks that are alive; headlines in `without` lend no words.

    A block stands under the nearest headline above it and, where that is a heading of a level, the headings of
    higher levels above that. The first headline is the document's title where the front matter gives none.
    """
    title = folded_words(prepared.blocks.title)
    titled = bool(title)
    base = path_words(prepared.document.path) | frozenset(title)
    stack: list[tuple[int, frozenset[str]]] = []
    words: dict[int, frozenset[str]] = {}
    heading: dict[int, int | None] = {}
    sections: list[int] = []
    current, section = base, None
    for block in alive:
        level = prepared.levels[block]
        if prepared.kinds[block] == Kind.HEADLINE and block in without:
            section = block if level < BOLD_LEVEL else section
        elif prepared.kinds[block] == Kind.HEADLINE:
            own = folded_words(prepared.texts[block])
            if not titled:
                title, titled = own, True
                base |= frozenset(own)
            elif level < BOLD_LEVEL:
                sections.append(block)
                section = block
            while stack and stack[-1][0] >= level:
                stack.pop()
            stack.append((level, frozenset(own)))
            current = base.union(*(held for _, held in stack))
        words[block] = current
        heading[block] = section
    return Subjects(words, heading, title, bool(prepared.blocks.title), tuple(sections))


def leading_headlines(prepared: Prepared, alive: Sequence[int], without: Container[int]) -> list[int]:
    """The title and decks that a document begins with, as far as they are headlines and not headings of sections."""
    found: list[int] = []
    for block in alive:
        kind = prepared.kinds[block]
        if kind == Kind.PROTECTED:
            continue
        if kind != Kind.HEADLINE:
            break
        if block not in without and (not found or prepared.levels[block] == BOLD_LEVEL):
            found.append(block)
        if len(found) == LEADING:
            break
    return found
