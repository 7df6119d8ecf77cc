"""Which settings the numbers speak for, each with its reason; where they say nothing, that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from dedup.config.values import shown_name
from dedup.documents import Document
from dedup.report.shown import count, percent
from dedup.settings import PRESETS, Settings
from dedup.tune.model import Reason, Suggestion
from dedup.tune.trials import BY_SETTING, SHORT_WORDS, Items, Trial
from dedup.tune.valley import ENOUGH, Band, find_valley, inside

RELEASES = r"(^|/)v?[0-9]+(\.[0-9]+)+/"
"""Finds the folder of a release, such as docs/2.1/."""

_VERSION = re.compile(r"v?[0-9]+(\.[0-9]+)+")

MOSTLY = 0.5
FEW_DOCUMENTS = 20
OFTEN = 5
"""A short paragraph that goes so many times is a phrase."""


def suggest(
    items: Items,
    settings: Settings,
    current: Trial,
    bands: Sequence[Band],
    min_words: Sequence[int],
    *,
    is_preset_given: bool,
) -> Suggestion:
    """What to set, given what the settings in force come to and how alike the near-duplicates are.

    What says which documents are compared comes first; with another answer to that, all other numbers are others.
    """
    first = [
        reason
        for reason in (
            None if is_preset_given else _docs(items, settings, current),
            _versions(settings, current),
        )
        if reason is not None
    ]
    if first:
        return Suggestion(first, {shown_name(each.setting): each.value for each in first}, again=True)
    reasons = [_threshold(settings, bands)] if bands else []
    reasons += [_min_words(settings, current, min_words), _near(items, settings, current)]
    changed = {reason.setting: reason.value for reason in reasons if reason.changes}
    return Suggestion(reasons, _lines(settings, changed))


def _lines(settings: Settings, changed: dict[str, Any]) -> dict[str, Any]:
    """What to write into a file for all of it to hold: what changes, and what is in force and no default."""
    preset = {} if settings.preset == "prose" else {"preset": settings.preset}
    group = {} if settings.group_by is None else {"group-by": settings.group_by}
    kept = {
        shown_name(name): getattr(settings, name)
        for name in ("near", "threshold", "min_words")
        if getattr(settings, name) != PRESETS[settings.preset].get(name, getattr(Settings(), name))
    }
    return {**preset, **group, **kept, **{shown_name(name): value for name, value in changed.items()}}


def _docs(items: Items, settings: Settings, current: Trial) -> Reason | None:
    """Documentation: markup, and the same headlines over other content on page after page."""
    documents = [item for item in items if isinstance(item, Document)]
    markup = sum(document.syntax != "text" for document in documents)
    evidence = current.evidence
    if (
        evidence is None
        or settings.preset == "docs"
        or len(documents) < FEW_DOCUMENTS
        or len(documents) < len(items)
        or markup < 0.8 * len(documents)
        or evidence.section < len(documents) / 4
    ):
        return None
    return Reason(
        "preset",
        "docs",
        True,
        f"{markup:,} of {count(len(documents), 'document')} are markup, and {count(evidence.section, 'headline')} stand "
        "over other content as they do elsewhere: documentation, whose lists and short phrases repeat for good reasons "
        "and whose near-duplicates are for a person to look at",
    )


def _versions(settings: Settings, current: Trial) -> Reason | None:
    """Folders of releases, where most repeats are one release saying what another says."""
    if settings.group_by is not None or settings.scope == "within" or current.evidence is None:
        return None
    every = across = 0
    versions: set[str] = set()
    for (document, kept), number in current.evidence.pairs.items():
        every += number
        one, other = _version(document), _version(kept)
        if one is not None and other is not None and one != other:
            across += number
            versions |= {one, other}
    if across < ENOUGH or across <= MOSTLY * every:
        return None
    names = sorted(versions, key=_in_order)
    return Reason(
        "group_by",
        RELEASES,
        True,
        f"{percent(across, every)} of the repeats are one release's of another ({names[0]} … {names[-1]}, "
        f"{count(len(names), 'folder')}): with this each is compared with itself alone",
    )


def _version(path: str) -> str | None:
    """The folder of a path that is named as a release is."""
    return next((part for part in PurePath(path).parts[:-1] if _VERSION.fullmatch(part)), None)


def _in_order(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)]


def _threshold(settings: Settings, bands: Sequence[Band]) -> Reason:
    current = settings.threshold
    total = sum(band.texts for band in bands)
    told = (
        f"{current:.2f} is fine" if current == _default(settings) else f"nothing speaks against {current:.2f}"
    )
    if total < ENOUGH:
        few = f"only {count(total, 'different near-duplicate')}" if total else "no near-duplicates"
        return Reason(
            "threshold", current, False, f"{few} from {bands[0].low:.2f} on, too few to choose by: {told}"
        )
    valley = find_valley(bands)
    if valley is None:
        return Reason("threshold", current, False, _no_valley(bands, told))
    between = f"between {valley.low:.2f} and {valley.high:.2f}"
    few = f"{'is' if valley.most == 1 else 'are'} at most {count(valley.most, 'text')} in a band"
    shape = (
        f"{between} there {few if valley.most else 'is no text'}, below that "
        f"up to {valley.left:,}, above it up to {valley.right:,}: two kinds of pairs, which a threshold in between parts"
    )
    if valley.low <= current <= valley.high:
        return Reason("threshold", current, False, f"{shape}; {current:.2f} does")
    return Reason("threshold", inside(valley), True, shape)


def _no_valley(bands: Sequence[Band], told: str) -> str:
    filled = [band for band in bands if band.count]
    if filled[0] is not bands[0]:
        return f"all near-duplicates are at least {filled[0].low:.2f} alike, so each threshold up to that takes the same: {told}"
    return (
        "there is no one gap between those that are alike and those that are not, so the numbers alone do not choose: "
        f"{told}; look at the examples"
    )


def _default(settings: Settings) -> Any:
    return PRESETS[settings.preset].get("threshold", Settings().threshold)


def _min_words(settings: Settings, current: Trial, tried: Sequence[int]) -> Reason:
    """More words where most short paragraphs that go by themselves are a few phrases that are said again and again."""
    now = settings.min_words
    if now >= SHORT_WORDS:
        stay = count(current.natural, "short repeat")
        return Reason(
            "min_words", now, False, f"what is shorter goes only with what stands around it; {stay} stay"
        )
    lone = current.evidence.lone if current.evidence is not None else Counter[tuple[int, str]]()
    total = sum(lone.values())
    if total < ENOUGH:
        what = f"only {total:,}" if total else "no"
        what += f" paragraph{'' if total == 1 else 's'} of under {SHORT_WORDS} words"
        return Reason(
            "min_words", now, False, f"{what} would go by {'itself' if total == 1 else 'themselves'}"
        )
    phrases = {key: number for key, number in lone.items() if number >= OFTEN}
    said = sum(phrases.values())
    shape = (
        f"of {count(total, 'paragraph')} of under {SHORT_WORDS} words that would go by themselves {said:,} say one of "
        f"{count(len(phrases), 'text')} that go {OFTEN} times or more each"
    )
    if said <= MOSTLY * total:
        return Reason(
            "min_words", now, False, f"{shape}, so most are no phrases" if said else _no_phrase(total)
        )
    for more in tried:
        left = sum(number for (words, _), number in phrases.items() if words < more)
        if more > now and left >= 0.8 * said:
            return Reason(
                "min_words",
                more,
                True,
                f"{shape}: phrases more than copies, and {more} leaves {left:,} of these",
            )
    return Reason("min_words", now, False, shape)


def _no_phrase(total: int) -> str:
    return f"of {total:,} paragraphs of under {SHORT_WORDS} words that would go by themselves none goes {OFTEN} times or more"


def _near(items: Items, settings: Settings, current: Trial) -> Reason:
    removed, flagged = current.rules.get("near", (0, 0))
    kept = sum(number for guard, number in current.guards.items() if guard != BY_SETTING)
    said = {
        "auto": f"{count(removed, 'near-duplicate')} to remove, {kept:,} kept by a guard and flagged for a person",
        "flag": f"{count(flagged, 'near-duplicate')} flagged for a person, {kept:,} of them where a guard would keep them",
        "remove": f"{count(removed, 'near-duplicate')} to remove, whatever differs; `auto` keeps those that differ in a fact",
        "off": "near-duplicates are not looked for, so there is no threshold to choose",
    }[settings.near]
    if settings.near == "auto" and kept and not any(isinstance(item, Document) for item in items):
        said += "; of text to train a model on, the preset corpus takes these as well"
    return Reason("near", settings.near, False, said)
