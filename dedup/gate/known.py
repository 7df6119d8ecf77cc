"""Which findings a baseline knows: each of its entries stands for one finding."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

End = tuple[str, str]
"""One side of a pair: the fingerprint of the words, and the document."""


@dataclass(frozen=True, slots=True)
class Ends:
    """An entry of a baseline: the end that was found, and those that it was found to repeat.

    Which of two copies is the finding depends on which is read first, so an entry knows either; there are more than
    two where branches that were merged named different twins.
    """

    found: End
    twins: tuple[End, ...]


def known(
    findings: Sequence[End],
    entries: Sequence[Ends],
    is_lost: Callable[[End], bool],
    is_judged: Sequence[bool] | None = None,
) -> list[int | None]:
    """For each finding, in reading order, the entry that stands for it; None where it is new.

    As many as can be are known; of findings in the same document with the same words the first ones are. Findings
    that an entry found come first, then those that an entry found to be repeated, then those whose words an entry
    knows in a document that has lost them, where no entry knows these words in theirs: they were moved.

    A judged entry that stands for none is no more. Where there is a choice, those that are not judged stand for none.
    """
    found, twins, moved = (defaultdict[End, list[int]](list) for _ in range(3))
    here = set(findings)
    for number, entry in enumerate(entries):
        if entry.found in here:
            found[entry.found].append(number)
        for end in dict.fromkeys(entry.twins):
            if end in here:
                twins[end].append(number)
    strange = here - found.keys() - twins.keys()
    if strange:
        lost = _lost(entries, {words for words, _ in strange}, is_lost)
        moved.update((end, lost[end[0]]) for end in strange)
    matching = _Matching(findings, len(entries))
    for ends in (found, twins, moved):
        matching.extend(ends)
    if is_judged is not None:
        matching.spare(is_judged)
    return matching.entry_of


def _lost(
    entries: Sequence[Ends], words: Collection[str], is_lost: Callable[[End], bool]
) -> defaultdict[str, list[int]]:
    """For each of some words the entries that know them in a document that has lost them."""
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        for each in {end[0] for end in (entry.found, *entry.twins) if end[0] in words and is_lost(end)}:
            numbers[each].append(number)
    return numbers


class _Matching:
    """Findings matched to entries, one to one, as many as can be; grows as more may be matched."""

    def __init__(self, findings: Sequence[End], entries: int) -> None:
        self._findings = findings
        self.entry_of: list[int | None] = [None] * len(findings)
        self._finding_of: list[int | None] = [None] * entries
        self._ends: list[Mapping[End, list[int]]] = []

    def extend(self, ends: Mapping[End, list[int]]) -> None:
        """Matches what can be matched when findings may also have these entries; what is matched stays so."""
        self._ends.append(ends)
        # What is taken stays taken, so of each end the entries are looked at once.
        free = {
            end: (each for each in entries if self._finding_of[each] is None) for end, entries in ends.items()
        }
        stuck: set[End] = set()  # from these no way leads to a free entry
        for finding, entry in enumerate(self.entry_of):
            if entry is not None:
                continue
            end = self._findings[finding]
            first = next(free[end], None) if end in free else None
            if first is not None:
                self.entry_of[finding], self._finding_of[first] = first, finding
            elif end not in stuck:
                self._search(finding, stuck)

    def spare(self, is_judged: Sequence[bool]) -> None:
        """Gives findings of entries that are not judged to such as are and have none, where that can be."""
        claims: defaultdict[int, set[End]] = defaultdict(set)
        for ends in self._ends:
            for end, entries in ends.items():
                for number in entries:
                    claims[number].add(end)
        matched: defaultdict[End, list[int]] = defaultdict(list)
        for finding, entry in enumerate(self.entry_of):
            if entry is not None:
                matched[self._findings[finding]].append(finding)
        stuck: set[End] = set()
        for entry, held in enumerate(self._finding_of):
            if held is None and is_judged[entry]:
                self._take_over(entry, is_judged, claims, matched, stuck)

    def _take_over(
        self,
        entry: int,
        is_judged: Sequence[bool],
        claims: Mapping[int, set[End]],
        matched: Mapping[End, list[int]],
        stuck: set[End],
    ) -> None:
        """Gives an entry a finding, whose own takes another, until one that is not judged is left without."""
        taker_of: dict[int, int] = {}
        tried: set[End] = set()
        ahead = deque([entry])
        while ahead:
            taker = ahead.popleft()
            for end in claims.get(taker, set()) - tried - stuck:
                tried.add(end)
                for finding in matched.get(end, ()):
                    taker_of[finding] = taker
                    holder = self.entry_of[finding]
                    assert holder is not None
                    if is_judged[holder]:
                        ahead.append(holder)
                        continue
                    self._finding_of[holder] = None
                    self._hand_over(finding, taker_of)
                    return
        stuck |= tried

    def _hand_over(self, finding: int, taker_of: Mapping[int, int]) -> None:
        free: int | None = finding
        while free is not None:
            taker = taker_of[free]
            before = self._finding_of[taker]
            self.entry_of[free], self._finding_of[taker] = taker, free
            free = before

    def _search(self, finding: int, stuck: set[End]) -> None:
        """Gives a finding an entry, others theirs in exchange where need be."""
        came_from: dict[int, int] = {}
        tried: set[End] = set()
        ahead = deque([finding])
        while ahead:
            at = ahead.popleft()
            end = self._findings[at]
            if end in stuck or end in tried:
                continue
            tried.add(end)
            for entry in self._entries(end):
                if entry in came_from:
                    continue
                came_from[entry] = at
                holder = self._finding_of[entry]
                if holder is None:
                    self._exchange(entry, came_from)
                    return
                ahead.append(holder)
        stuck |= tried

    def _exchange(self, entry: int, came_from: Mapping[int, int]) -> None:
        free: int | None = entry
        while free is not None:
            finding = came_from[free]
            before = self.entry_of[finding]
            self.entry_of[finding], self._finding_of[free] = free, finding
            free = before

    def _entries(self, end: End) -> Iterable[int]:
        for ends in self._ends:
            yield from ends.get(end, ())
