"""Whether two similar headlines say the same: the guards, and the line above which one may go.

Headlines put one thing in many ways, so a changed word is no fact by itself; what stands alone in one of them decides.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from dedup.decide.guards import fact_changed
from dedup.settings import HEADLINE_SIMILARITY

if TYPE_CHECKING:
    from dedup.decide.difference import Change
    from dedup.decide.lexicon_languages import Lexicon
    from dedup.match.alike import Likeness

SAME = 0.95
"""So similar are two headlines of which one may go; those below, from `HEADLINE_SIMILARITY` on, are only flagged."""

WORDING = "wording"
"""The guard of headlines that are alike and not surely the same: too much is said otherwise, or only once."""

ORDER = "order"
"""The guard of texts that say the same words of one another: who does it, and to whom."""


def headline_guard(
    one: str,
    other: str,
    same_links: bool = True,
    found: Sequence[Change] | None = None,
    without: Collection[str] = (),
) -> str | None:
    """The name of the guard that the difference of two similar headlines trips, or None where they say the same."""
    from dedup.match.alike import alike  # most runs compare no headlines

    likeness = alike(one, other)
    if not same_links or likeness.plain or likeness.similarity == 1:
        guard = fact_changed(one, other, same_links, found, without)
        if guard or likeness.similarity == 1 or not (likeness.one or likeness.other):
            return guard
    return next((guard for guard in _tripped(one, other, likeness) if guard not in without), None)


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


def _tripped(one: str, other: str, likeness: Likeness) -> Iterator[str]:
    """The guards that trip, in the order in which they are asked."""
    from dedup.decide.lexicon_languages import languages_of, lexicon_of
    from dedup.match.alike_terms import read
    from dedup.words import folded_words

    ours, theirs = likeness.one, likeness.other
    alone = (*ours, *theirs)
    lexicon = lexicon_of(languages_of(one, other))
    if any(_is_date(word, kind, lexicon) for word, kind in alone):
        yield "date"
    if (
        any(kind == "number" or _counts(word, lexicon) for word, kind in alone)
        or read(one).numbers != read(other).numbers
        or _bounds(one) != _bounds(other)
    ):
        yield "number"
    if _negations(one, lexicon) != _negations(other, lexicon):
        yield "negation"
    if any(frozenset((_core(a), _core(b))) in _opposites() for a, _ in ours for b, _ in theirs):
        yield "opposite"
    if any(kind in ("name", "place") for _, kind in alone):
        yield "name"
    if likeness.turned:
        yield ORDER
    if not _TURNING.isdisjoint({*folded_words(one)} ^ {*folded_words(other)}):
        yield "opposite"
    if likeness.similarity < SAME and likeness.costs:
        yield WORDING


def _is_date(word: str, kind: str, lexicon: Lexicon) -> bool:
    from dedup.decide.lexicon import DAY_PARTS, ONLY_CAPITALISED, SHORT_SPANS, SPANS

    if any(word in known for known in (SPANS, lexicon.spans)) and word not in SHORT_SPANS:
        return True
    unsure = word in ONLY_CAPITALISED or word in lexicon.short or word in SHORT_SPANS
    named = any(word in known for known in (lexicon.months, lexicon.weekdays, lexicon.days, DAY_PARTS))
    return named and not (unsure and kind in ("word", "detail", "light"))


def _counts(word: str, lexicon: Lexicon) -> bool:
    from dedup.decide.lexicon import PARTS, QUANTIFIERS, SCALES, SOFT

    known = (lexicon.numbers, lexicon.ordinals, QUANTIFIERS, SOFT, SCALES, PARTS, _LAST)
    return any(word in words for words in known)


_TURNING = frozenset("off out would almost nearly ex former".split())
"""Small words that make the contrary of what they stand beside: "calls off strike", "would-be bomber"."""

_LAST = ("last", "none", "percent")

_MEANT = frozenset("least most nearly almost approximately roughly exactly fewer minimum maximum".split())


def _bounds(text: str) -> list[str]:
    """The words that say how a number is meant, where a headline has a number."""
    from dedup.match.alike_terms import read
    from dedup.words import folded_words

    return [word for word in folded_words(text) if word in _MEANT] if read(text).numbers else []


def _negations(text: str, lexicon: Lexicon) -> list[str]:
    from dedup.decide.lexicon import NEGATIONS, PLAIN_NEGATIONS
    from dedup.words import folded_words

    found = (word for word in folded_words(text) if word in NEGATIONS or word in lexicon.negations)
    return sorted("not" if word in PLAIN_NEGATIONS else word for word in found)


def _core(word: str) -> str:
    from dedup.match.alike_terms import core

    return core(word)


@lru_cache(maxsize=1)
def _opposites() -> frozenset[frozenset[str]]:
    """The cores of words that say the opposite."""
    from dedup.decide.lexicon import OPPOSITES

    return frozenset(frozenset(map(_core, pair)) for pair in OPPOSITES)
