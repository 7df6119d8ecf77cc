"""Whether two similar headlines say the same: the guards, and the line above which one may go.

Headlines put one thing in many ways, so a changed word is no fact by itself; what stands alone in one of them decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from dedup.decide.difference import Change
from dedup.decide.guards import fact_changed
from dedup.decide.lexicon import (
    BOUNDS,
    DAYS,
    MONTHS,
    NEGATIONS,
    NUMBERS,
    ONLY_CAPITALISED,
    OPPOSITES,
    PLAIN_NEGATIONS,
    SPANS,
)
from dedup.settings import HEADLINE_SIMILARITY
from dedup.words import folded_words

SAME = 0.95
"""So similar are two headlines of which one may go; those below, from `HEADLINE_SIMILARITY` on, are only flagged."""

WORDING = "wording"
"""The guard of headlines that are alike and not surely the same: too much is said otherwise, or only once."""

ORDER = "order"
"""The guard of headlines that say the same words of one another: who does it, and to whom."""


def headline_guard(
    one: str, other: str, same_links: bool = True, found: Sequence[Change] | None = None
) -> str | None:
    """The name of the guard that the difference of two similar headlines trips, or None where they say the same."""
    from dedup.match.alike import alike  # most runs compare no headlines

    likeness = alike(one, other)
    if not same_links or likeness.plain or likeness.similarity == 1:
        guard = fact_changed(one, other, same_links, found)
        if guard or likeness.similarity == 1 or not (likeness.one or likeness.other):
            return guard
    guard = _contradiction(one, other, likeness.one, likeness.other)
    if guard is None and likeness.turned:
        guard = ORDER
    return guard or (WORDING if likeness.similarity < SAME and likeness.costs else None)


def by_words(one: str, other: str) -> bool:
    """Whether two headlines are compared by their words alone: one is in another language, or has code in it."""
    from dedup.match.alike import alike

    return alike(one, other).plain


def headline_verdict(one: str, other: str) -> str:
    """What becomes of a headline with nothing but an earlier one known: `remove`, `flag` or `keep`."""
    from dedup.match.alike import headline_similarity

    if headline_similarity(one, other) < HEADLINE_SIMILARITY:
        return "keep"
    return "remove" if headline_guard(one, other) is None else "flag"


def _contradiction(
    one: str, other: str, ours: Sequence[tuple[str, str]], theirs: Sequence[tuple[str, str]]
) -> str | None:
    """The fact that is in one headline alone, `ours` and `theirs` being the terms that each has alone."""
    from dedup.match.alike_terms import read

    alone = (*ours, *theirs)
    if any(_is_date(word, kind) for word, kind in alone):
        return "date"
    counting = any(kind == "number" or word in NUMBERS for word, kind in alone)
    if counting or read(one).numbers != read(other).numbers or _bounds(one) != _bounds(other):
        return "number"
    if _negations(one) != _negations(other) or _opposed(ours, theirs):
        return "negation"
    if any(kind in ("name", "place") for _, kind in alone):
        return "name"
    return None


def _is_date(word: str, kind: str) -> bool:
    named = word in MONTHS or word in DAYS
    return (
        named and (word not in ONLY_CAPITALISED or kind not in ("word", "detail", "light"))
    ) or word in SPANS


def _bounds(text: str) -> list[str]:
    """The words that say how a number is meant, where a headline has a number."""
    from dedup.match.alike_terms import read

    return [word for word in folded_words(text) if word in _MEANT] if read(text).numbers else []


_MEANT = BOUNDS & frozenset(
    "least most nearly almost approximately roughly exactly fewer minimum maximum".split()
)


def _negations(text: str) -> list[str]:
    found = (word for word in folded_words(text) if word in NEGATIONS)
    return sorted("not" if word in PLAIN_NEGATIONS else word for word in found)


def _opposed(ours: Iterable[tuple[str, str]], theirs: Iterable[tuple[str, str]]) -> bool:
    from dedup.match.alike_terms import core

    return any(frozenset((core(a), core(b))) in _opposites() for a, _ in ours for b, _ in theirs)


@lru_cache(maxsize=1)
def _opposites() -> frozenset[frozenset[str]]:
    """The cores of words that say the opposite."""
    from dedup.match.alike_terms import core

    return frozenset(frozenset(map(core, pair)) for pair in OPPOSITES)
