"""What a decision on one document is made of while it is being made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedup.blocks import Kind
from dedup.decide.subjects import Subjects
from dedup.match.memory import Memory
from dedup.match.prepared import Prepared
from dedup.settings import Settings

if TYPE_CHECKING:
    from dedup.decisions import Decisions  # most runs have none

Twin = int
"""A kept block: a row of the memory where 0 or more, else the complement (`~`) of a block number of this document."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a block: the rule, the exact similarity, the twin; `guard` names what keeps it in.

    `accepted` says that a person decided that it goes all the same.
    """

    rule: str
    similarity: float
    twin: Twin
    guard: str | None = None
    accepted: bool = False

    @property
    def goes(self) -> bool:
        """Whether the block is to be taken out."""
        return self.guard is None or self.accepted


@dataclass(frozen=True, slots=True)
class Near:
    """The near-duplicates of a document's paragraphs, by the hash of their words.

    rows: (row, similarity) of kept blocks of earlier documents. locals: (hash of words, similarity) of other
    paragraphs of the document itself. headlines: for each headline that repeats earlier ones, those and the
    similarity, the most similar first.
    """

    rows: Mapping[int, list[tuple[int, float]]]
    locals: Mapping[int, list[tuple[int, float]]]
    headlines: Mapping[int, list[tuple[Twin, float]]]


@dataclass(slots=True)
class Draft:
    """The decision on the blocks `alive` of a document, given what earlier documents kept.

    `pinned` are blocks that must stay, with the guard that keeps them; they are nobody's twin, so that taking one
    out later loses nothing. `subjects` say what each block stands under. `spared` are blocks of which a finding was
    withheld, since a person decided that they stay.
    """

    prepared: Prepared
    memory: Memory
    settings: Settings
    near: Near
    alive: list[int]
    pinned: Mapping[int, str]
    subjects: Subjects
    decisions: Decisions | None = None
    removed: dict[int, Verdict] = field(default_factory=dict)
    flagged: dict[int, Verdict] = field(default_factory=dict)
    variants: dict[int, Verdict] = field(default_factory=dict)
    natural: int = 0
    spared: set[int] = field(default_factory=set)

    def remove(self, block: int, verdict: Verdict) -> None:
        """Take a block out, or flag it where something pins it."""
        guard = self.pinned.get(block)
        if guard is None:
            self.removed[block] = verdict
            self.flagged.pop(block, None)
        else:
            self.flag(block, verdict, guard)

    def flag(self, block: int, verdict: Verdict, guard: str | None) -> None:
        """Report a block and leave it in."""
        self.flagged[block] = Verdict(verdict.rule, verdict.similarity, verdict.twin, guard)

    def compared(self, kind: Kind) -> Iterator[int]:
        """The blocks of a kind that have words."""
        return (b for b in self.alive if self.prepared.kinds[b] == kind and self.prepared.counts[b])

    def is_gone(self) -> bool:
        """Whether nothing is left that says something: only protected blocks and such without words."""
        return not any(
            self.prepared.counts[b] and self.prepared.kinds[b] != Kind.PROTECTED and b not in self.removed
            for b in self.alive
        )

    def is_short(self, block: int) -> bool:
        """Whether a block is too short to go by itself."""
        return self.prepared.counts[block] < self.settings.min_words

    def stays(self, block: int) -> bool:
        """Whether a block is not taken out so far, by this draft or one before it."""
        return block not in self.removed and block in self.subjects.words

    def may_be_twin(self, block: int) -> bool:
        """Whether others may repeat a block, as far as this draft goes."""
        return self.stays(block) and block not in self.pinned and block not in self.prepared.exempt

    def text_of(self, twin: Twin) -> str:
        """What a reader sees of a twin."""
        return self.memory[twin].text if twin >= 0 else self.prepared.texts[~twin]

    def kind_of(self, twin: Twin) -> int:
        """The Kind of a twin."""
        return self.memory[twin].kind if twin >= 0 else self.prepared.kinds[~twin]

    def key_of(self, twin: Twin) -> int:
        """What two blocks share that have the same words, links, signs and units."""
        return self.memory[twin].key if twin >= 0 else self.prepared.key[~twin]

    def digest_of(self, twin: Twin) -> int:
        """What two blocks share that have the same bytes."""
        return self.memory[twin].digest if twin >= 0 else self.prepared.digest[~twin]

    def subject_of(self, twin: Twin) -> frozenset[str]:
        """The words of the path, title and headings that a twin stands under."""
        return self.memory[twin].subject if twin >= 0 else self.subjects.words[~twin]

    def links_of(self, twin: Twin) -> int:
        """What two blocks share that point to the same targets."""
        return self.memory[twin].links if twin >= 0 else int(self.prepared.blocks.links[~twin])

    def rule_for(self, block: int, twin: Twin) -> str:
        """`verbatim` or `exact`, for two blocks of the same words."""
        return "verbatim" if self.prepared.digest[block] == self.digest_of(twin) else "exact"
