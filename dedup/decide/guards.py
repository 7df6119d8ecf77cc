"""Guards: what kind of fact the difference between two near-duplicates touches, if it touches one.

Each guard has a name that reports show and that `without_guard` turns off; they are asked in the order of
`dedup.settings.Guard`. What reads texts is in `facts`; it is imported when the first pair is compared, since most runs
of a hook have none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.decide.difference import Change

SAYS_OTHERWISE = frozenset(
    ("link", "date", "version", "percent", "currency", "unit", "number", "negation", "opposite")
)
"""The guards for what is said; the others are for what it is said of."""


def fact_changed(
    one: str,
    other: str,
    same_links: bool,
    found: Sequence[Change] | None = None,
    without: Collection[str] = (),
) -> str | None:
    """The name of the guard that the difference of two texts trips, or None where no fact is touched."""
    from dedup.decide.facts import trips

    tripped = trips(one, other, same_links, found)
    return next((trip.guard for trip in tripped if trip.guard not in without), None)


def explain_exact(one: str, other: str, same_links: bool, without: Collection[str] = ()) -> str | None:
    """The guard for two blocks of the same words whose links, signs or units differ; None for harmless signs."""
    from dedup.decide.facts import exact_trips

    return next((guard for guard in exact_trips(one, other, same_links) if guard not in without), None)


def is_named(change: Change, one: str, other: str) -> bool:
    """Whether all words of a change are names, identifiers or code: another thing is meant, and the same said of it."""
    from dedup.decide.facts import is_named

    return is_named(change, one, other)
