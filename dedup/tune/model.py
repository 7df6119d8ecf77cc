"""What `dedup tune` found: a row for each setting tried, examples, a suggestion."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dedup.report.marks import Part
from dedup.settings import Settings
from dedup.tune.inputs import Sample
from dedup.tune.trials import Pair, Trial
from dedup.tune.valley import Band

SCHEMA = "dedup-tune/1"


@dataclass(frozen=True, slots=True)
class Tried:
    """A value of a setting and what a run with it comes to."""

    value: float
    trial: Trial
    is_current: bool


@dataclass(frozen=True, slots=True)
class Example:
    """A pair with what a reader sees of both blocks, and the words that differ; None for a text that is not found."""

    pair: Pair
    text: str
    twin: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Around:
    """The pairs nearest to a threshold: those that it takes, the least alike first, and those that it leaves."""

    threshold: float
    above: list[Example]
    below: list[Example]


@dataclass(frozen=True, slots=True)
class Reason:
    """What is said of a setting; `value` is the one suggested, and where it is that in force, `changes` is False."""

    setting: str
    value: Any
    changes: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Settings to choose, each with its reason. `settings` are those to write down, by their names in a file.

    With `again` the numbers are to be looked at anew under those settings, for which they do not hold.
    """

    reasons: list[Reason]
    settings: dict[str, Any] = field(default_factory=dict)
    again: bool = False


@dataclass(frozen=True, slots=True)
class Tuning:
    """All of it. `current` is the trial of the settings in force, `lowest` the lowest threshold that was tried.

    thresholds and min_words: in rising order; the first are empty where near-duplicates are not looked for.
    """

    settings: Settings
    sample: Sample | None
    current: Trial
    lowest: float
    thresholds: list[Tried]
    min_words: list[Tried]
    bands: list[Band]
    around: list[Around]
    suggestion: Suggestion
