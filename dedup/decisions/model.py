"""Decisions as they are looked up: by the pair of words, and by the rule that the person saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Choice = Literal["accept", "reject"]
ACCEPT: Choice = "accept"
REJECT: Choice = "reject"

SURROUNDINGS = frozenset(
    {"lead-in", "caption", "section", "parallel", "boilerplate", "opening", "structure", "empty"}
)
"""The guards that ask what stands around a block; all others ask what it says."""

UNMOVED = frozenset({"structure", "empty"})
"""Those that hold whatever was decided."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: whether the block of a pair may go (`accept`), or stays and is no finding any more (`reject`).

    `pair` names the two blocks by their words, `rule` and `guard` are those that the finding was shown with, no guard
    where none was. `text` and `twin` are the first words of both, for people.
    """

    pair: str
    decision: Choice
    rule: str
    text: str
    twin: str
    guard: str | None = None


_Entries = dict[tuple[str, str | None], Decided]
"""The decisions about a pair, by rule and guard."""


class Decisions:
    """The decisions of a file; a pair may have several of the same kind, one a rule and guard."""

    def __init__(self, entries: Iterable[Decided] = ()) -> None:
        self._pairs: dict[str, _Entries] = {}
        for entry in entries:
            self.put(entry)

    def put(self, entry: Decided) -> None:
        """Adds a decision; one that says otherwise of the same pair goes."""
        held = self._pairs.setdefault(entry.pair, {})
        if any(other.decision != entry.decision for other in held.values()):
            held.clear()
        held[entry.rule, entry.guard] = entry

    def about(self, pair: str) -> tuple[Decided, ...]:
        """The decisions about a pair."""
        return tuple(self._pairs.get(pair, {}).values())

    def set(self, pair: str, entries: Iterable[Decided]) -> None:
        """Puts these in the place of all decisions about a pair."""
        self._pairs.pop(pair, None)
        for entry in entries:
            self.put(entry)

    def of(self, pair: str, rule: str, guard: str | None = None) -> Choice | None:
        """What was decided about a finding that a guard holds, if any does; None where nothing was.

        To reject is to keep both texts, whatever the rule, and whichever of them comes first. To accept is for the rule
        that was seen: who accepted a verbatim copy has not seen the link that differs in another one of the same words.
        It is for the guard that was seen as well. Where none is named, it is for all that ask what the two say, which
        the words do not change, and for none that asks what stands around them.
        """
        held = self._pairs.get(pair, {})
        rules = (rule, "exact") if rule == "verbatim" else (rule,)
        guards = {entry.guard for entry in held.values() if entry.decision == ACCEPT and entry.rule in rules}
        if guards:
            seen = guard is None or guard in guards or (None in guards and guard not in SURROUNDINGS)
            return ACCEPT if seen else None
        block, _, twin = pair.partition("-")
        return REJECT if self._is_rejected(pair) or self._is_rejected(f"{twin}-{block}") else None

    def _is_rejected(self, pair: str) -> bool:
        return any(entry.decision == REJECT for entry in self._pairs.get(pair, {}).values())

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self._pairs)

    @property
    def accepted(self) -> int:
        """The number of pairs that may go."""
        return sum(next(iter(held.values())).decision == ACCEPT for held in self._pairs.values())

    def __iter__(self) -> Iterator[Decided]:
        """All of them, by pair, rule and guard."""
        for _, held in sorted(self._pairs.items()):
            yield from sorted(held.values(), key=lambda entry: (entry.rule, entry.guard or ""))
