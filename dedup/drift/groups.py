"""Drifted copies: the places of one paragraph, gathered from what was decided, with its wordings.

Places are joined by what was found about them: a block and its twin. The twins of many findings are the same few kept
blocks, so that findings form stars, and a star joins another where its kept block is itself like an earlier one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dedup.blocks import Kind
from dedup.decide import Decision, Twin, Verdict
from dedup.decide.guards import explain_exact, fact_changed
from dedup.match.memory import Memory
from dedup.match.prepared import Prepared, wording_of
from dedup.match.verify import paragraph_similarity
from dedup.report.model import Drift, Place, Wording
from dedup.report.places import place_of
from dedup.words import folded_words

LEAST_ALIKE = 0.5
"""A wording is one of the same paragraph where it is so similar to the first; through others alone it would not do."""

_Key = tuple[str, int, bool]
_Wording = tuple[_Key, int]


@dataclass(frozen=True, slots=True)
class _Block:
    """A place and what stands there; `order` sorts by document and place, `wording` is equal where the words are.

    Links are none of the wording: from another folder the same page has another address.
    """

    place: Place
    order: tuple[int, int]
    text: str
    wording: int
    links: int


class Copies:
    """What was found about paragraphs, document by document, and the groups that it makes in the end."""

    def __init__(self) -> None:
        self._documents: dict[str, int] = {}
        self._blocks: dict[_Key, _Block] = {}
        self._twins: list[tuple[_Key, _Key]] = []

    def add(self, prepared: Prepared, memory: Memory, decision: Decision) -> None:
        """Takes in the decision on one document."""
        self._documents[prepared.document.path] = len(self._documents)
        found = {**decision.removed, **decision.flagged}
        for block in sorted(found):
            if prepared.kinds[block] == Kind.PARAGRAPH:
                self._add(prepared, memory, block, found[block])

    def _add(self, prepared: Prepared, memory: Memory, block: int, verdict: Verdict) -> None:
        twin = verdict.twin
        kind = memory[twin].kind if twin >= 0 else prepared.kinds[~twin]
        # Of one page, paragraphs that are parallel are said of different things.
        parallel = twin < 0 and verdict.guard in ("identifier", "name")
        if kind == Kind.PARAGRAPH and not parallel:
            self._twins.append((self._own(prepared, block), self._twin(prepared, memory, twin)))

    def _own(self, prepared: Prepared, block: int) -> _Key:
        document, blocks = prepared.document, prepared.blocks
        start, end = document.offset(int(blocks.start[block])), document.offset(int(blocks.end[block]))
        key = (document.path, start, False)
        if key not in self._blocks:
            line = document.line(int(blocks.start[block]), int(blocks.line[block]))
            place = Place(document.path, start, end, line)
            order = (self._documents[document.path], start)
            links = int(blocks.links[block])
            wording = wording_of(prepared.key[block], links)
            self._blocks[key] = _Block(place, order, prepared.texts[block], wording, links)
        return key

    def _twin(self, prepared: Prepared, memory: Memory, twin: Twin) -> _Key:
        if twin < 0:
            return self._own(prepared, ~twin)
        place, kept, recalled = place_of(memory, twin), memory[twin], twin < memory.base
        key = (place.document, place.start, recalled)
        if key not in self._blocks:
            # What an index remembers comes first.
            # What is compared with and not looked at comes first, as what an index has.
            order = (-1 if recalled else self._documents.get(place.document, -1), place.start)
            wording = wording_of(kept.key, kept.links)
            self._blocks[key] = _Block(replace(place, text=None), order, kept.text, wording, kept.links)
        return key

    def groups(self) -> list[Drift]:
        """The paragraphs of which there is more than one wording, in the order of their first places."""
        joined: dict[_Key, _Key] = {}  # the first block of all that are joined
        copies: dict[_Wording, dict[_Key, _Block]] = {}

        def wording(key: _Key) -> _Wording:
            block = self._blocks[key]
            found = joined[key], block.wording
            copies.setdefault(found, {})[key] = block
            return found

        groups: dict[_Wording, list[_Wording]] = {}
        home: dict[_Wording, _Wording] = {}
        for key, twin in self._twins:
            joined[key] = joined.setdefault(twin, twin)
            other, one = wording(twin), wording(key)
            if home.setdefault(other, other) == other:
                groups.setdefault(other, [other])
            if one in home:
                continue
            root = home[other]
            if root != other and not _are_alike(copies[one], copies[root]):
                root = other
            home[one] = root
            groups.setdefault(root, [root]).append(one)
        found = [
            [sorted(copies[each].values(), key=lambda block: block.order) for each in group]
            for group in groups.values()
            if len(group) > 1
        ]
        return [_group(group) for group in sorted(found, key=lambda group: min(map(_first, group)))]


def _first(copies: Sequence[_Block]) -> tuple[int, int]:
    return copies[0].order


def _are_alike(copies: Mapping[_Key, _Block], others: Mapping[_Key, _Block]) -> bool:
    one, other = next(iter(copies.values())), next(iter(others.values()))
    return paragraph_similarity(one.text, other.text) >= LEAST_ALIKE


def _group(group: Sequence[Sequence[_Block]]) -> Drift:
    """The wordings of one paragraph with their copies, the one with the most first, of these the earliest."""
    ordered = sorted(group, key=lambda copies: (-len(copies), _first(copies)))
    base = ordered[0][0]
    wordings = []
    for copies in ordered:
        similarity, guard = (1.0, None) if copies[0] is base else _compared(base, copies[0])
        places = tuple(block.place for block in copies)
        wordings.append(Wording(copies[0].text, similarity, guard, places))
    if len(ordered[0]) > len(ordered[1]):
        wordings[0] = replace(wordings[0], commonest=True)
    return Drift(tuple(wordings))


def _compared(base: _Block, other: _Block) -> tuple[float, str | None]:
    """How alike two wordings are, and the guard that names a fact in which they differ."""
    same_links = base.links == other.links
    if folded_words(base.text) == folded_words(other.text):
        return 1.0, explain_exact(base.text, other.text, same_links)
    return paragraph_similarity(base.text, other.text), fact_changed(base.text, other.text, same_links)
