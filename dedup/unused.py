"""Which comments of a run leave out blocks that nothing repeats: they can go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dedup.blocks import Kind
from dedup.blocks.lines import find_lines
from dedup.decide import Decision
from dedup.match.headlines import HeadlineIndex
from dedup.match.memory import Memory
from dedup.match.pairs import near_pairs
from dedup.match.prepared import Prepared, Sketch
from dedup.report.model import MALFORMED, UNUSED, DirectiveEntry
from dedup.settings import HEADLINE_SIMILARITY, Settings


@dataclass(frozen=True, slots=True)
class _Block:
    """A block that is compared with others only to know whether it repeats, and the comments that leave it out."""

    is_headline: bool
    same: int
    text: str
    sketch: Sketch | None
    memory: Memory
    directives: tuple[int, ...]


class Directives:
    """The comments of all documents of a run so far, each with what is known of its use."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._entries: list[DirectiveEntry] = []
        self._used: set[int] = set()
        # Of what is not known yet to repeat, what later documents will tell.
        self._open: list[_Block] = []

    def __len__(self) -> int:
        return len(self._entries)

    def forget(self, number: int) -> None:
        """Forgets the comments from this number on."""
        del self._entries[number:]
        self._used = {used for used in self._used if used < number}
        self._open = [block for block in self._open if block.directives[0] < number]

    def add(self, prepared: Prepared, memory: Memory, decision: Decision) -> None:
        """Takes in the comments of a document; `memory` is what it was compared with."""
        document = prepared.document
        by_block: dict[int, list[int]] = {}
        starts = find_lines(document.text).start
        for directive in prepared.ignored.directives:
            for block in directive.blocks:
                by_block.setdefault(block, []).append(len(self._entries))
            problem = UNUSED if directive.wrong is None else MALFORMED
            text = (
                directive.wrong
                or f'unused "dedup: {directive.word}": nothing in this run repeats what it leaves out'
            )
            line = document.line(int(starts[directive.line - 1]), directive.line)
            self._entries.append(DirectiveEntry(document.path, line, problem, text, bool(document.row)))
        found = _beside_removed(prepared, decision)
        blocks = {block: self._block(prepared, memory, block, by_block) for block in _compared(prepared)}
        if self._settings.scope != "across":
            found |= set(_repeated(blocks, self._settings))
        for block, directives in by_block.items():
            if block in found:
                self._used.update(directives)
            elif self._settings.scope != "within":
                self._open.append(blocks[block])

    def _block(
        self, prepared: Prepared, memory: Memory, block: int, by_block: Mapping[int, Sequence[int]]
    ) -> _Block:
        same = prepared.same[block]
        return _Block(
            is_headline=prepared.kinds[block] == Kind.HEADLINE,
            same=same,
            text=prepared.texts[block],
            sketch=prepared.sketches.get(same),
            memory=memory,
            directives=tuple(by_block.get(block, ())),
        )

    def entries(self) -> list[DirectiveEntry]:
        """The comments that are malformed or, by all documents so far, unused; in order."""
        by_memory: dict[int, dict[int, _Block]] = {}
        for number, block in enumerate(self._open):
            by_memory.setdefault(id(block.memory), {})[number] = block
        for blocks in by_memory.values():
            found = set(_repeated(blocks, self._settings))
            for number, block in blocks.items():
                if number in found or _is_known(block, self._settings):
                    self._used.update(block.directives)
        self._open = [block for block in self._open if not self._used.issuperset(block.directives)]
        return [entry for number, entry in enumerate(self._entries) if number not in self._used]


def _compared(prepared: Prepared) -> Iterable[int]:
    return (
        block
        for block, (kind, count) in enumerate(zip(prepared.kinds, prepared.counts, strict=True))
        if kind != Kind.PROTECTED and count
    )


def _repeated(blocks: Mapping[int, _Block], settings: Settings) -> Iterable[int]:
    """The blocks that others of the same ones repeat."""
    words = Counter((block.is_headline, block.same) for block in blocks.values())
    sketches = {block.same: block.sketch for block in blocks.values() if block.sketch is not None}
    near = near_pairs(sketches, _threshold(settings))
    index = HeadlineIndex(HEADLINE_SIMILARITY)
    similar: set[int] = set()
    for number, block in blocks.items():
        if block.is_headline:
            others = [other for other, _ in index.similar(block.text)]
            similar.update([number, *others] if others else ())
            index.add(number, block.text)
    for number, block in blocks.items():
        is_near = block.sketch is not None and not block.is_headline and block.same in near
        if words[block.is_headline, block.same] > 1 or is_near or number in similar:
            yield number


def _threshold(settings: Settings) -> float:
    """The lowest threshold of a document: what one might report is of use."""
    return float(min(settings.values_of("threshold")))


def _is_known(block: _Block, settings: Settings) -> bool:
    """Whether a kept block of another document says the same, or nearly so."""
    if block.is_headline:
        return any(True for _ in block.memory.near_headlines(block.text))
    return block.memory.knows(block.same) or (
        block.sketch is not None and bool(block.memory.near(block.sketch, _threshold(settings)))
    )


def _beside_removed(prepared: Prepared, decision: Decision) -> set[int]:
    """The blocks left out that stand beside a removed one: a run might go on over them."""
    order = [block for block in range(len(prepared.kinds)) if block not in prepared.ignored.markers]
    found: set[int] = set()
    for step in (-1, 1):
        reached = False
        for block in order[::step]:
            reached = block in decision.removed or (reached and block in prepared.exempt)
            if reached:
                found.add(block)
    return found
