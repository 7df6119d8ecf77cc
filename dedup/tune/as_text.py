"""What `dedup tune` found, for a person: tables, the pairs on either side of a threshold, what to set and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dedup.config.values import shown_name
from dedup.report.shown import count, first_words, percent, two_digits, visible
from dedup.tune.fitting import fitted
from dedup.tune.model import Around, Example, Tuning
from dedup.tune.trials import BY_SETTING, Trial
from dedup.tune.valley import Band

_BAR = 40
_REMOVED, _FLAGGED = "█", "░"


def lines(tuning: Tuning, command: str, width: int) -> Iterator[str]:
    """The lines of the report, none much wider than `width`; `command` is how it is called again."""
    yield from _head(tuning)
    if tuning.thresholds:
        yield ""
        yield from _thresholds(tuning)
        yield ""
        yield from _histogram(tuning)
    for around in tuning.around:
        yield ""
        yield from _around(around, tuning, width)
    yield ""
    yield from _min_words(tuning)
    yield ""
    yield from _suggestion(tuning, command, width)


def _head(tuning: Tuning) -> Iterator[str]:
    settings, current = tuning.settings, tuning.current
    yield (
        f"{count(current.documents, 'document')}, {count(current.blocks, 'block')}, {count(current.bytes_in, 'byte')}; "
        f"preset {settings.preset}, near {settings.near}, threshold {settings.threshold:.2f}, min-words {settings.min_words}"
    )
    sample = tuning.sample
    if sample is not None:
        yield (
            f"A sample: {sample.documents:,} of {count(sample.of, 'document')}, always the same ones. A copy is found only "
            "where the sample holds both, so in all there are more."
        )


def _thresholds(tuning: Tuning) -> Iterator[str]:
    yield "What goes at each threshold"
    yield ""
    yield "             near-duplicates               all blocks"
    yield "threshold    removed   flagged  variants   removed   flagged          bytes"
    for tried in tuning.thresholds:
        trial = tried.trial
        removed, flagged = trial.rules.get("near", (0, 0))
        gone = trial.bytes_in - trial.bytes_out
        mark = f"  {_mark(tuning, tried.value)}".rstrip()
        yield (
            f"{tried.value:>9.2f}  {removed:>9,} {flagged:>9,} {trial.variants:>9,} {trial.removed:>9,} {trial.flagged:>9,} "
            f"{gone:>14,}  {percent(gone, trial.bytes_in)}{mark}"
        )
    guards = _guards(_of(tuning, tuning.settings.threshold))
    if guards:
        yield ""
        yield f"Near-duplicates flagged at {tuning.settings.threshold:.2f}, by what keeps them: {guards}."


def _of(tuning: Tuning, threshold: float) -> Trial:
    return next(tried.trial for tried in tuning.thresholds if tried.value == threshold)


def _guards(trial: Trial) -> str:
    """How many near-duplicates each guard keeps, most first."""
    by_number = sorted(trial.guards.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number:,} {_named(guard)}" for guard, number in by_number)


def _named(guard: str) -> str:
    return "the setting" if guard == BY_SETTING else visible(guard)


def _mark(tuning: Tuning, threshold: float) -> str:
    marks = ["in force"] if threshold == tuning.settings.threshold else []
    marks += (
        ["suggested"]
        if any(
            reason.setting == "threshold" and reason.changes and reason.value == threshold
            for reason in tuning.suggestion.reasons
        )
        else []
    )
    return f"← {', '.join(marks)}" if marks else ""


def _histogram(tuning: Tuning) -> Iterator[str]:
    bands = tuning.bands
    total = sum(band.count for band in bands)
    if not total:
        yield f"No near-duplicates from {tuning.lowest:.2f} on."
        return
    texts = sum(band.texts for band in bands)
    what = "1 near-duplicate is" if total == 1 else f"{total:,} near-duplicates are"
    yield f"How alike {what}, found at threshold {tuning.lowest:.2f}"
    yield ""
    yield f"similarity     blocks     texts  ({_REMOVED} removed, {_FLAGGED} flagged)"
    most = max(band.texts for band in bands)
    for band in bands:
        yield f"{band.low:.2f}–{band.high:.2f} {band.count:>10,} {band.texts:>9,}  {_bar(band, most)}".rstrip()
    if texts < total:
        yield ""
        yield "Texts are counted once however often they stand there; the bars show these."


def _bar(band: Band, most: int) -> str:
    """A bar as long as there are texts, of what goes and what is flagged as there are blocks."""
    whole = -(-band.texts * _BAR // most)  # what there is, is seen
    removed = -(-band.removed * whole // band.count) if band.count else 0
    removed = min(removed, whole - bool(band.flagged)) if whole > 1 else removed
    return _REMOVED * removed + _FLAGGED * (whole - removed)


def _around(around: Around, tuning: Tuning, width: int) -> Iterator[str]:
    mark = _mark(tuning, around.threshold).removeprefix("← ")
    yield f"Threshold {around.threshold:.2f}{f' ({mark})' if mark else ''}"
    yield ""
    yield "  The least alike that it finds:" if around.above else "  It finds no near-duplicate."
    for example in around.above:
        yield from _example(example, width)
    yield ""
    if around.below:
        yield "  The most alike that it leaves:"
    else:
        yield f"  It leaves no near-duplicate of {tuning.lowest:.2f} or more."
    for example in around.below:
        yield from _example(example, width, stays=True)


def _example(example: Example, width: int, *, stays: bool = False) -> Iterator[str]:
    pair = example.pair
    fate = "goes" if pair.removed else "flag"
    if stays:
        fate = f"stays (else {'goes' if pair.removed else 'flagged'})"
    guard = f" [{visible(pair.guard)}]" if pair.guard else ""
    yield (
        f"  {visible(pair.document)}:{pair.line}: {fate} {two_digits(pair.similarity)} = "
        f"{visible(pair.kept)}:{pair.kept_line}{guard}"
    )
    if not example.parts:
        yield f"      {first_words(example.text, width - 7)}"
        return
    for line in fitted(example.parts, width - 6):
        yield f"      {line}"


def _min_words(tuning: Tuning) -> Iterator[str]:
    yield f"What goes at each min-words, at threshold {tuning.settings.threshold:.2f}"
    yield ""
    yield "             paragraphs, lists        headlines           short repeats"
    yield "min-words    removed   flagged   removed   flagged           that stay          bytes"
    for tried in tuning.min_words:
        trial = tried.trial
        gone = trial.bytes_in - trial.bytes_out
        removed, flagged = trial.rules.get("headline", (0, 0))
        mark = " ← in force" if tried.is_current else ""
        suggested = any(
            reason.setting == "min_words" and reason.changes and reason.value == tried.value
            for reason in tuning.suggestion.reasons
        )
        mark = " ← suggested" if suggested else mark
        yield (
            f"{tried.value:>9}  {trial.removed - removed:>9,} {trial.flagged - flagged:>9,} {removed:>9,} {flagged:>9,} "
            f"{trial.natural:>19,} {gone:>14,}  {percent(gone, trial.bytes_in)}{mark}"
        )


def _suggestion(tuning: Tuning, command: str, width: int) -> Iterator[str]:
    suggestion = tuning.suggestion
    yield "Suggestion"
    yield ""
    for reason in suggestion.reasons:
        name, value = shown_name(reason.setting), _toml(reason.value)
        verb = "" if reason.changes else "keep "
        told = f"{verb}{name} = {value}: {reason.reason}."
        if reason.changes and reason.setting == "threshold":
            told += f" {_effect(tuning, reason.value)}"
        yield from _wrapped(told, width)
    if not suggestion.settings:
        yield ""
        yield "Nothing need be set: these are the defaults."
        return
    yield ""
    changes = any(reason.changes for reason in suggestion.reasons)
    yield "For dedup.toml:" if changes else "Nothing need change. What is in force, for dedup.toml:"
    yield ""
    yield from toml_lines(suggestion.settings)
    if suggestion.again:
        yield ""
        yield "The numbers above are without that. To see those with it, and choose the threshold by them:"
        yield ""
        yield f"  {command}"


def _effect(tuning: Tuning, threshold: float) -> str:
    """What another threshold comes to, beside the one in force."""
    numbers = [
        sum(_of(tuning, each).rules.get("near", (0, 0))) for each in (threshold, tuning.settings.threshold)
    ]
    return f"It finds {count(numbers[0], 'near-duplicate')}, where {tuning.settings.threshold:.2f} finds {numbers[1]:,}."


def toml_lines(settings: dict[str, Any]) -> Iterator[str]:
    """Settings as they stand in dedup.toml."""
    for name, value in settings.items():
        yield f"{shown_name(name)} = {_toml(value)}"


def _toml(value: Any) -> str:
    if isinstance(value, str):
        return (
            f"'{value}'"
            if "\\" in value and "'" not in value
            else '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        )
    return f"{value:.2f}" if isinstance(value, float) else f"{value}"


def _wrapped(text: str, width: int) -> Sequence[str]:
    from textwrap import wrap

    return wrap(
        text,
        width,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
