"""What `dedup tune` found, for machines; `docs/tune.md` describes the fields."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from dedup._version import __version__
from dedup.report.shown import cut
from dedup.tune.model import SCHEMA, Around, Example, Tried, Tuning
from dedup.tune.trials import Trial

DIGITS = 4

Row = dict[str, Any]


def written(tuning: Tuning) -> bytes:
    """One JSON object, indented, in UTF-8."""
    text = json.dumps(as_row(tuning), indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def as_row(tuning: Tuning) -> Row:
    """The object as plain values."""
    current = tuning.current
    suggestion = tuning.suggestion
    return {
        "schema": SCHEMA,
        "tool": {"name": "dedup", "version": __version__},
        "settings": tuning.settings.as_dict(),
        "input": {
            "documents": current.documents,
            "blocks": current.blocks,
            "bytes": current.bytes_in,
            "sample": None if tuning.sample is None else asdict(tuning.sample),
        },
        "current": _trial_row(current),
        "thresholds": [
            _tried_row("threshold", tried) | {"near": _near_row(tried.trial)} for tried in tuning.thresholds
        ],
        "similarities": [
            {
                "from": band.low,
                "to": band.high,
                "removed": band.removed,
                "flagged": band.flagged,
                "texts": band.texts,
            }
            for band in tuning.bands
        ],
        "min_words": [_tried_row("min_words", tried) for tried in tuning.min_words],
        "examples": [row for around in tuning.around for row in _around_rows(around)],
        "suggestion": {
            "settings": suggestion.settings,
            "again": suggestion.again,
            "reasons": [asdict(reason) for reason in suggestion.reasons],
        },
    }


def _tried_row(name: str, tried: Tried) -> Row:
    return {name: tried.value, "current": tried.is_current, **_trial_row(tried.trial)}


def _trial_row(trial: Trial) -> Row:
    return {
        "removed": trial.removed,
        "flagged": trial.flagged,
        "bytes_removed": trial.bytes_in - trial.bytes_out,
        "share_removed": cut(1 - trial.bytes_out / trial.bytes_in if trial.bytes_in else 0.0, DIGITS),
        "variants": trial.variants,
        "short_repeats": trial.natural,
        "by_rule": {
            rule: {"removed": removed, "flagged": flagged} for rule, (removed, flagged) in trial.rules.items()
        },
    }


def _near_row(trial: Trial) -> Row:
    removed, flagged = trial.rules.get("near", (0, 0))
    return {"removed": removed, "flagged": flagged, "guards": trial.guards}


def _around_rows(around: Around) -> list[Row]:
    sides = (("above", around.above), ("below", around.below))
    return [
        {"threshold": around.threshold, "side": side, **_example_row(example)}
        for side, examples in sides
        for example in examples
    ]


def _example_row(example: Example) -> Row:
    pair = example.pair
    return {
        "similarity": cut(pair.similarity, DIGITS),
        "removed": pair.removed,
        "guard": pair.guard,
        "document": pair.document,
        "line": pair.line,
        "kept": {"document": pair.kept, "line": pair.kept_line},
        "text": example.text,
        "kept_text": example.twin,
        "words": [list(part) for part in example.parts],
    }
