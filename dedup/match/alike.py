"""How alike two headlines are: the terms that they share against what differs between them.

`similarity` is s / (s + d): s is `SHARED` for each pair of terms that are the same or stand for one another, d the sum
of what differs by the table `COST`. It is 1 where the words are the same, at most `MOST` elsewhere, and 0 where fewer
than `FEWEST` terms are shared. Whole numbers are divided once, so that it is the same on every machine.

Headlines that both cannot be read so (`Reading.plain`) are as similar as their words in order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from dedup.match.alike_terms import Reading, Term, common, kinship, read
from dedup.match.alike_words import LIGHT
from dedup.match.verify import word_similarity
from dedup.words import folded_words

SHARED = 40
"""What each pair of terms counts for."""

COST = {
    "number": 20,
    "place": 12,
    "capital": 15,
    "name": 12,
    "detail": 10,
    "word": 8,
    "source": 4,
    "first": 4,
    "light": 2,
    "swap": 6,
    "moved": 2,
    "used-for": 2,
    "spelling": 1,
    "any": 4,
}
"""What counts against two headlines.

For each term that one of them has alone: a `number`; a `place`, which is a name after a preposition; a word with a
`capital` where capitals say nothing; another `name`; a `detail`, a word after a preposition; another `word`; the
`source` of the story; a name just before one that both have (`first`: "Paul Ryan", "Ryan"); a `light` word. For each
two such terms, one on either side: `swap`. For each shared term out of its order `moved`, said in another word
`used-for`, or spelt otherwise `spelling`. Once, where any term stands alone: `any`.
"""

FEWEST = 3
"""So many terms two headlines of different words share, two of them the same; shorter ones are names of sections."""

OPPOSED = frozenset(
    frozenset(pair.split("/"))
    for pair in "from/to from/into from/for before/after over/under above/below for/against inside/outside".split()
)
"""Prepositions that say the opposite of what they lead in."""

PARTS = frozenset("of for over against to with".split())
"""Prepositions that say whose it is, or who is met by it; what stands after others is a place, a time or a reason."""

MOST = 99
"""What headlines of different words reach at most, in hundredths."""


class Likeness(NamedTuple):
    """How alike two headlines are, and why.

    one, other: the terms that one has alone, each with its kind in `COST`. costs: what counted how much.
    turned: whether shared terms changed their parts ("Israel hits Syria", "Syria hits Israel"). plain: whether one of
    the two cannot be read as `Reading` says.
    """

    similarity: float
    one: tuple[tuple[str, str], ...]
    other: tuple[tuple[str, str], ...]
    costs: tuple[tuple[str, int], ...]
    turned: bool
    plain: bool


def alike(one: str, other: str) -> Likeness:
    """How alike two headlines are, as a reader sees them."""
    if one > other:
        found = _alike(other, one)
        return found._replace(one=found.other, other=found.one)
    return _alike(one, other)


def headline_similarity(one: str, other: str) -> float:
    """The similarity of two headlines, 0 to 1."""
    return alike(one, other).similarity


class Weights(NamedTuple):
    """What the terms of a headline cost at least where they lack a counterpart.

    terms: their keys in a fixed order, rare ones first, each with its cost. costs: the same by key, added up; total: of
    all. plain: whether the headline cannot be read as `Reading` says.
    """

    terms: tuple[tuple[str, int], ...]
    costs: dict[str, int]
    total: int
    plain: bool


@lru_cache(maxsize=1 << 14)
def weights(text: str) -> Weights:
    """The weights of a headline's terms."""
    reading = read(text)
    found: list[tuple[bool, int, str, int]] = []
    costs: dict[str, int] = {}
    for key, term in zip(reading.keys, reading.terms, strict=True):
        kind = kind_of(term)
        cost = COST["first" if kind == "name" else kind]
        found.append((common(key), -len(key), key, cost))
        costs[key] = costs.get(key, 0) + cost
    terms = tuple((key, cost) for _, _, key, cost in sorted(found))
    return Weights(terms, costs, sum(costs.values()), reading.plain)


def may_reach(ours: Weights, theirs: Weights, threshold: float) -> bool:
    """Whether two headlines may be so similar, by their keys alone."""
    if ours.plain and theirs.plain:
        return True
    both = ours.costs.keys() & theirs.costs.keys()
    if not both:
        return False
    # More than one term may have the same key.
    more = min(len(ours.terms) - len(ours.costs), len(theirs.terms) - len(theirs.costs))
    shared = SHARED * (len(both) + more)
    lost = ours.total + theirs.total - sum([ours.costs[key] + theirs.costs[key] for key in both])
    return shared / (shared + lost) >= threshold


@lru_cache(maxsize=1 << 12)
def _alike(one: str, other: str) -> Likeness:
    words, others = folded_words(one), folded_words(other)
    ours, theirs = read(one), read(other)
    plain = ours.plain or theirs.plain
    if words == others:
        return Likeness(1.0 if words else 0.0, (), (), (), False, plain)
    if ours.plain and theirs.plain:
        return Likeness(word_similarity(words, others), (), (), (), False, plain)
    pairs = _pairs(ours, theirs)
    left = _alone(ours.terms, {a for a, _, _ in pairs})
    right = _alone(theirs.terms, {b for _, b, _ in pairs})
    counts = dict.fromkeys(COST, 0)
    for _, kind in (*left, *right):
        counts[kind] += 1
    counts["swap"] = min(len(left), len(right))
    counts["moved"] = len(pairs) - _in_order([b for _, b, _ in pairs])
    counts["used-for"] = sum(kin == 1 for _, _, kin in pairs)
    counts["spelling"] = sum(kin == 2 for _, _, kin in pairs)
    counts["any"] = int(bool(left or right))
    costs = tuple((name, count * COST[name]) for name, count in counts.items() if count)
    shared = SHARED * len(pairs)
    against = sum(cost for _, cost in costs)
    same = sum(kin == 3 for _, _, kin in pairs)
    enough = len(pairs) >= FEWEST and same >= FEWEST - 1
    similarity = min(shared / (shared + against), MOST / 100) if enough else 0.0
    return Likeness(similarity, left, right, costs, _turned(ours.terms, theirs.terms, pairs), plain)


def _pairs(ours: Reading, theirs: Reading) -> list[tuple[int, int, int]]:
    """The places of terms that stand for one another, in the order of the first headline, each with its kinship."""
    found = [
        (-kin, abs(a - b), a, b)
        for a, one in enumerate(ours.terms)
        for b, other in enumerate(theirs.terms)
        if (kin := kinship(one, other))
    ]
    pairs: dict[int, tuple[int, int, int]] = {}
    taken: set[int] = set()
    for kin, _, a, b in sorted(found):
        if a not in pairs and b not in taken:
            pairs[a] = (a, b, -kin)
            taken.add(b)
    return [pairs[a] for a in sorted(pairs)]


def _alone(terms: Sequence[Term], shared: set[int]) -> tuple[tuple[str, str], ...]:
    """The terms of a headline that the other one lacks, each with its kind in `COST`."""
    found = []
    for at, term in enumerate(terms):
        if at not in shared:
            kind = kind_of(term)
            if kind == "name" and at + 1 in shared and terms[at + 1].kind == "name":
                kind = "first"
            found.append((term.word, kind))
    return tuple(found)


def kind_of(term: Term) -> str:
    """The kind in `COST` of a term that the other headline lacks; a `name` may turn out to be a `first` one."""
    if term.kind == "number":
        return term.kind
    if term.source:
        return "source"
    if term.word in LIGHT:
        return "light"
    if term.kind == "name":
        return "place" if term.led else "name"
    if term.kind == "word" and term.led:
        return "detail"
    return term.kind


def _in_order(places: Sequence[int]) -> int:
    """How many of some places can be gone through in rising order."""
    ends: list[int] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)


def _turned(ours: Sequence[Term], theirs: Sequence[Term], pairs: Sequence[tuple[int, int, int]]) -> bool:
    """Whether shared terms have changed their parts: who does it, and to whom; from where, and to where."""
    # Two change sides of a third.
    if _in_order([-b for _, b, _ in pairs]) > 2:
        return True
    # Two exchange what leads them in: "win for A over B", "win for B over A"; "son of mayor hits driver", "mayor hits
    # son of driver".
    leads = [(ours[a].led, theirs[b].led) for a, b, _ in pairs]
    changed = [pair for pair in leads if pair[0] != pair[1] and not PARTS.isdisjoint(pair)]
    if any((other, led) in changed for led, other in changed):
        return True
    for one, other, before in (
        (ours, theirs, {a: b for a, b, _ in pairs}),
        (theirs, ours, {b: a for a, b, _ in pairs}),
    ):
        for at, place in before.items():
            led, otherwise = one[at].led, other[place].led
            if frozenset((led, otherwise)) in OPPOSED:
                return True
            if led == "by" and otherwise != "by" and any(b < place for a, b in before.items() if a < at):
                return True
    return False
