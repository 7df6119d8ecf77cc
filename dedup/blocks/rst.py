"""reStructuredText into blocks, by their lines.

A block is a title with its lines, a paragraph, the text of a list item, or an admonition of one paragraph. What is
no prose is protected: directives, comments, literal blocks, tables, targets, footnotes, fields, and what docutils
would complain of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np

from dedup.blocks.columns import BOLD_LEVEL, Blocks, Kind, Role, links_hash
from dedup.blocks.lines import Lines, find_lines
from dedup.blocks.rst_inline import Inline, name_of, read_inline
from dedup.blocks.rst_lines import read_lines
from dedup.blocks.rst_reader import Leaf
from dedup.blocks.rst_scan import Scanner
from dedup.blocks.text import is_bold
from dedup.sources.encoding import decode_block
from dedup.words import SEPARATOR


def cut_rst(text: bytes) -> Blocks:
    """The blocks of a reStructuredText; `text` is UTF-8 or undeclared 8-bit bytes."""
    lines = find_lines(text)
    raw = [decode_block(text[a:b]) for a, b in pairwise(lines.start.tolist())]
    try:
        shown = read_lines(raw)
    except ValueError:
        leaves = [Leaf(n, n, Kind.PROTECTED) for n, blank in enumerate(lines.blank.tolist()) if not blank]
        return _columns(leaves, [Inline()] * len(leaves), lines, (), {})
    scanner = Scanner(shown)
    scanner.scan()
    inlines = [_inline(leaf, shown) for leaf in scanner.leaves]
    starts = lines.start.tolist()
    outline = tuple((event, {"start": starts[a], "end": starts[b]}) for event, a, b in scanner.events)
    return _columns(scanner.leaves, inlines, lines, outline, _addresses(scanner.leaves, shown))


def _inline(leaf: Leaf, shown: list[str]) -> Inline:
    """The inline markup of a block; of what is protected, all that looks like a reference."""
    said = [shown[number][column:].strip() for number, column in leaf.text]
    if leaf.kind == Kind.PROTECTED:
        return read_inline("\n".join(said or shown[leaf.first : leaf.last + 1]))
    if said[-1].endswith("::"):
        # The reader sees one colon where the mark stands at the end of a word, and none where it stands alone.
        said[-1] = said[-1][:-1] if said[-1][:-2].rstrip() == said[-1][:-2] else said[-1][:-2].rstrip()
    inline = read_inline("\n".join(said))
    if leaf.kind == Kind.HEADLINE:
        inline.gives.add(name_of(inline.visible))
    if leaf.told:
        inline.links.append(("note", leaf.told))
    if leaf.kind == Kind.PARAGRAPH and len(said) == 1 and not leaf.told and is_bold(said[0]):
        leaf.kind, leaf.level = Kind.HEADLINE, BOLD_LEVEL
    if inline.counted or not inline.visible.strip():
        leaf.kind, leaf.level = Kind.PROTECTED, 0
    return inline


def _addresses(leaves: list[Leaf], shown: list[str]) -> dict[str, str]:
    """What the names of targets and substitutions stand for, as far as the document says."""
    return {
        leaf.address if leaf.address.startswith("|") else name_of(leaf.address): " ".join(
            shown[number].strip() for number in range(leaf.first, leaf.last + 1)
        )
        for leaf in leaves
        if leaf.address and not leaf.about_next
    }


def _needs(leaves: list[Leaf], inlines: list[Inline]) -> list[tuple[int, tuple[int, ...]]]:
    """For blocks that need others, their number, and the numbers of those of which one must stay."""
    needs: list[tuple[int, Iterable[int]]] = []
    numbers = {id(leaf): number for number, leaf in enumerate(leaves)}
    givers: defaultdict[str, list[int]] = defaultdict(list)
    noted: defaultdict[str, list[int]] = defaultdict(list)
    for number, inline in enumerate(inlines):
        for name in inline.gives:
            givers[name].append(number)
        for name in inline.notes:
            noted[name].append(number)
    following = len(leaves)
    for number in reversed(range(len(leaves))):
        leaf, inline = leaves[number], inlines[number]
        # Where several give a name, none is meant: it must not become the name of one.
        needs += [(number, [giver]) for name in inline.asks for giver in givers[name][:2]]
        if leaf.footnote:
            needs.append((number, noted.pop(name_of(leaf.footnote.lstrip("#")), ())))
        if leaf.about_next:
            needs.append((number, range(following, min(following + 1, len(leaves)))))
        else:
            following = number
        if leaf.holds:
            needs.append((number, [numbers[id(held)] for held in leaf.holds]))
    needs += _around_rules(leaves)
    needs += _titles(leaves)
    return [
        (number, tuple(others))
        for number, others in needs
        if any(True for _ in others) and all(leaves[other].kind != Kind.PROTECTED for other in others)
    ]


def _around_rules(leaves: list[Leaf]) -> list[tuple[int, Iterable[int]]]:
    """Transitions need something before them in their section, and something after them."""
    needs: list[tuple[int, Iterable[int]]] = []
    edge, rule = 0, None
    for number, leaf in enumerate(leaves):
        if leaf.rule:
            if rule is not None:
                needs.append((rule, range(rule + 1, number)))
            needs.append((number, range(edge, number)))
            edge, rule = number + 1, number
        elif leaf.kind == Kind.HEADLINE and leaf.level < BOLD_LEVEL:
            edge = number + 1
    if rule is not None:
        needs.append((rule, range(rule + 1, len(leaves))))
    return needs


def _titles(leaves: list[Leaf]) -> list[tuple[int, Iterable[int]]]:
    """A first section that is the only one of its level becomes the title, and the first in it the subtitle.

    One that is not must not become so: it needs what stands before it, or another one.
    """
    needs: list[tuple[int, Iterable[int]]] = []
    before: list[int] = []
    wanted = 1
    for number, leaf in enumerate(leaves):
        if leaf.kind == Kind.HEADLINE and leaf.level == wanted:
            same = [other for other in range(number + 1, len(leaves)) if leaves[other].level == wanted]
            needs.append((number, [*before, *same]))
            if wanted == 2:
                break
            before, wanted = [], 2
        elif leaf.kind != Kind.PROTECTED or leaf.role != Role.NONE:
            before.append(number)
    return needs


def _columns(
    leaves: list[Leaf],
    inlines: list[Inline],
    lines: Lines,
    outline: tuple[Any, ...],
    addresses: dict[str, str],
) -> Blocks:
    first = np.array([leaf.first for leaf in leaves], np.int64)
    last = np.array([leaf.last for leaf in leaves], np.int64)
    protected = [leaf.kind == Kind.PROTECTED for leaf in leaves]
    return Blocks(
        start=lines.start[first],
        end=lines.start[last + 1],
        tail=lines.start[np.append(first[1:], len(lines))[: len(leaves)]],
        line=first + 1,
        end_line=last + 1,
        kind=np.array([leaf.kind for leaf in leaves], np.uint8),
        level=np.array([leaf.level for leaf in leaves], np.uint8),
        lists=np.array([leaf.group for leaf in leaves], np.int64),
        glued=np.concatenate(([-2], last[:-1]))[: len(leaves)] + 1 == first,
        role=np.array([leaf.role for leaf in leaves], np.uint8),
        links=np.array(
            [0 if no else _links(inline, addresses) for inline, no in zip(inlines, protected, strict=True)],
            np.uint64,
        ),
        visible=SEPARATOR.join(
            "" if no else inline.visible.replace(SEPARATOR, " ")
            for inline, no in zip(inlines, protected, strict=True)
        ),
        outline=outline,
        needs=tuple(_needs(leaves, inlines)),
    )


def _links(inline: Inline, addresses: dict[str, str]) -> int:
    return links_hash(f"{what} {_meant(what, target, addresses)}" for what, target in inline.links)


def _meant(what: str, target: str, addresses: dict[str, str]) -> str:
    key = f"|{target}|" if what == "substitution" else target
    return addresses.get(key, target) if what in ("name", "substitution") else target
