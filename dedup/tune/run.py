"""The whole of it: settings tried, examples chosen, a suggestion made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dedup.settings import Settings
from dedup.tune.inputs import Inputs
from dedup.tune.model import Around, Tried, Tuning
from dedup.tune.places import Texts, examples_of
from dedup.tune.suggest import suggest
from dedup.tune.trials import Pair, Trial, run_trials
from dedup.tune.valley import STEP, bands_of, edge, step_of
from dedup.words.fingerprints import fingerprint

EXAMPLES = 3
"""How many pairs are shown on either side of a threshold."""

LOWEST = 0.5
BELOW = 2
"""So many steps below the threshold in force are tried, where that is lower than `LOWEST`."""

WORDS = (5, 8, 12, 20)

SettingsFor = Callable[[Mapping[str, Any]], Settings]


def tune(
    inputs: Inputs,
    settings_for: SettingsFor,
    *,
    is_preset_given: bool,
    jobs: int | None = None,
    tick: Callable[[int, int], None] = lambda done, total: None,
) -> Tuning:
    """Tries thresholds and lengths on the inputs, and says which to choose.

    `settings_for` gives the settings of a run with some options changed, as the command line would.
    `tick` is told how many settings are tried, and of how many.
    """
    settings = settings_for({})
    looks = any(near != "off" for near in settings.values_of("near"))
    thresholds = _thresholds(settings.threshold) if looks else []
    lengths = sorted({*WORDS, settings.min_words})
    wanted: list[Settings] = [settings]

    def place(chosen: Settings) -> int:
        if chosen not in wanted:
            wanted.append(chosen)
        return wanted.index(chosen)

    by_threshold = [(value, place(settings_for({"threshold": value}))) for value in thresholds]
    by_length = [(value, place(settings_for({"min_words": value}))) for value in lengths]
    trials = run_trials(
        inputs.items,
        [(each, number == 0) for number, each in enumerate(wanted)],
        inputs.total_bytes,
        jobs,
        lambda done: tick(done, len(wanted)),
    )
    current = trials[0]
    tried = {value: trials[at] for value, at in by_threshold}
    lowest = tried[thresholds[0]] if thresholds else current
    bands = (
        bands_of(
            ((pair.similarity, pair.removed, fingerprint(pair.text)) for pair in lowest.near), thresholds[0]
        )
        if thresholds
        else []
    )
    suggestion = suggest(inputs.items, settings, current, bands, lengths, is_preset_given=is_preset_given)
    interesting = {settings.threshold} | {
        reason.value for reason in suggestion.reasons if reason.setting == "threshold"
    }
    texts = Texts(inputs.items, settings)
    return Tuning(
        settings=settings,
        sample=inputs.sample,
        current=current,
        lowest=thresholds[0] if thresholds else settings.threshold,
        thresholds=[Tried(value, tried[value], value == settings.threshold) for value in thresholds],
        min_words=[Tried(value, trials[at], value == settings.min_words) for value, at in by_length],
        bands=bands,
        around=[_around(value, tried[value], lowest, texts) for value in sorted(interesting) if thresholds],
        suggestion=suggestion,
    )


def _thresholds(current: float) -> list[float]:
    """The thresholds to try: in steps, from below the one in force, and that."""
    first = max(min(step_of(LOWEST), step_of(current) - BELOW), 1)
    return sorted({*(edge(step) for step in range(first, round(1 / STEP) + 1)), current})


def _around(threshold: float, trial: Trial, lowest: Trial, texts: Texts) -> Around:
    """The pairs on either side: what a run at the threshold finds, and what one at the lowest finds besides."""
    found = {(pair.document, pair.start) for pair in trial.near}

    def order(pair: Pair) -> float:
        return pair.similarity

    above = sorted(trial.near, key=order)
    below = [
        pair
        for pair in lowest.near
        if pair.similarity < threshold and (pair.document, pair.start) not in found
    ]
    below.sort(key=order, reverse=True)
    return Around(threshold, examples_of(above, texts, EXAMPLES), examples_of(below, texts, EXAMPLES))
