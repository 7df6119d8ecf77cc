"""Settings: names, values, presets, and the errors they give."""

from __future__ import annotations

from typing import Any

import pytest

from dedup import DedupError, Settings


def test_defaults_are_those_of_prose() -> None:
    assert Settings.of() == Settings() == Settings.of(preset="prose")
    chosen = Settings()
    assert (chosen.near, chosen.headlines, chosen.threshold, chosen.min_words) == ("auto", "auto", 0.8, 8)
    assert (chosen.lists, chosen.scope, chosen.empty) == ("run", "both", "keep")


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("docs", {"near": "flag", "min_words": 20, "lists": "off"}),
        ("corpus", {"near": "remove", "empty": "drop", "lists": "run"}),
    ],
)
def test_presets(preset: str, expected: dict[str, Any]) -> None:
    chosen = Settings.of(preset=preset).as_dict()
    assert {name: chosen[name] for name in expected} == expected
    assert chosen["preset"] == preset


def test_what_is_given_goes_before_the_preset() -> None:
    chosen = Settings.of(preset="docs", near="auto")
    assert (chosen.near, chosen.min_words) == ("auto", 20)
    assert Settings.of({"preset": "docs", "min-words": 5}, min_words=6).min_words == 6


def test_names_with_hyphens_and_underscores() -> None:
    assert Settings.of({"group-by": "a", "min-words": 4}) == Settings.of(group_by="a", min_words=4)


def test_lists_and_whole_numbers_are_taken() -> None:
    assert Settings.of(prefer=["a/*", "b"]).prefer == ("a/*", "b")
    assert Settings.of(threshold=1).threshold == 1.0


def test_as_dict_gives_the_settings_back() -> None:
    chosen = Settings.of(preset="docs", prefer=["a"], group_by="b")
    assert Settings.of(chosen.as_dict()) == chosen


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"treshold": 0.5}, "unknown option 'treshold'; did you mean 'threshold'?"),
        ({"min_word": 5}, "unknown option 'min-word'; did you mean 'min-words'?"),
        ({"headline": "off"}, "unknown option 'headline'; did you mean 'headlines'?"),
        ({"qqqqqqqq": 1}, "unknown option 'qqqqqqqq'"),
        ({"near": "removed"}, "near: 'removed' is none of auto, remove, flag, off; did you mean 'remove'?"),
        ({"near": 3}, "near: 3 is none of auto, remove, flag, off"),
        ({"near": ["auto"]}, "near: ['auto'] is none of"),
        ({"preset": "doc"}, "did you mean 'docs'?"),
        ({"preset": ["docs"]}, "preset: ['docs'] is none of"),
        ({"scope": None}, "scope: None is none of"),
        ({"threshold": 0}, "threshold: must be over 0 and at most 1"),
        ({"threshold": 1.01}, "threshold: must be over 0 and at most 1"),
        ({"threshold": -0.5}, "threshold: must be over 0 and at most 1"),
        ({"threshold": float("nan")}, "threshold: must be over 0 and at most 1"),
        ({"threshold": "0.8"}, "threshold: expected a number, not '0.8'"),
        ({"threshold": True}, "threshold: expected a number, not True"),
        ({"min_words": 0}, "min-words: must be at least 1"),
        ({"min_words": 8.0}, "min-words: expected a whole number, not 8.0"),
        ({"min_words": True}, "min-words: expected a whole number, not True"),
        ({"prefer": "a/*"}, "prefer: expected a list of strings, not 'a/*'"),
        ({"include": [1]}, "include: expected a list of strings"),
        ({"group_by": 5}, "group-by: expected a string, not 5"),
        ({"group_by": "("}, "group-by: not a regular expression"),
    ],
)
def test_wrong_options(options: dict[str, Any], told: str) -> None:
    with pytest.raises(DedupError) as caught:
        Settings.of(options)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_settings_are_checked_however_they_are_made() -> None:
    with pytest.raises(DedupError, match="threshold"):
        Settings(threshold=2.0)
    with pytest.raises(DedupError, match="near"):
        Settings().with_(near="all")
