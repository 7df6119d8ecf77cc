"""Decisions as they are looked up: by the pair of words, and by the rule that the person saw."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Choice = Literal["accept", "reject"]
ACCEPT: Choice = "accept"
REJECT: Choice = "reject"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision: whether the block of a pair may go (`accept`), or stays and is no finding any more (`reject`).

    `pair` names the two blocks by their words, `rule` is the one that the finding was shown with. `text` and `twin`
    are the first words of both, for people.
    """

    pair: str
    decision: Choice
    rule: str
    text: str
    twin: str


class Decisions:
    """The decisions of a file; a pair may have several of the same kind, one a rule."""

    def __init__(self, entries: Iterable[Decided] = ()) -> None:
        self._pairs: dict[str, dict[str, Decided]] = {}
        for entry in entries:
            self.put(entry)

    def put(self, entry: Decided) -> None:
        """Adds a decision; one that says otherwise of the same pair goes."""
        rules = self._pairs.setdefault(entry.pair, {})
        if any(other.decision != entry.decision for other in rules.values()):
            rules.clear()
        rules[entry.rule] = entry

    def about(self, pair: str) -> tuple[Decided, ...]:
        """The decisions about a pair."""
        return tuple(self._pairs.get(pair, {}).values())

    def set(self, pair: str, entries: Iterable[Decided]) -> None:
        """Puts these in the place of all decisions about a pair."""
        self._pairs.pop(pair, None)
        for entry in entries:
            self.put(entry)

    def of(self, pair: str, rule: str) -> Choice | None:
        """What was decided about a finding; None where nothing was.

        To reject is to keep both texts, whatever the rule, and whichever of them comes first. To accept is for the rule
        that was seen: who accepted a verbatim copy has not seen the link that differs in another one of the same words.
        """
        rules = self._pairs.get(pair, {})
        entry = rules.get(rule) or (rules.get("exact") if rule == "verbatim" else None)
        if entry is not None:
            return entry.decision
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
        return sum(next(iter(rules.values())).decision == ACCEPT for rules in self._pairs.values())

    def __iter__(self) -> Iterator[Decided]:
        """All of them, by pair and rule."""
        for _, rules in sorted(self._pairs.items()):
            yield from (entry for _, entry in sorted(rules.items()))
