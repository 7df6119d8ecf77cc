"""What a reader found who tried to break the first version, and may not come back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dedup import Cleaner, Settings, document

FRAME = (
    "The harbour office told the fishermen on the quay that {} would be needed for the repair of the old wall, which "
    "the engineers had looked at in the spring when the tide was low and the boats could not leave, and it asked them "
    "to move their nets to the northern shed until the masons have gone home again in the late summer of the year."
)


def run(one: str, other: str, path: str = "a.txt", **options: object) -> list[tuple[str, str | None]]:
    cleaner = Cleaner(Settings.of(options))
    cleaner.clean(document(one, path))
    cleaned = cleaner.clean(document(other, f"b-{path}"))
    return [(r.rule, "gone") for r in cleaned.removals] + [(f.rule, f.guard) for f in cleaned.flags]


@pytest.mark.parametrize(
    ("one", "other", "guard"),
    [
        ("5 dollars", "5 pounds", "currency"),
        ("5 km", "5 miles", "unit"),
        ("about 30 men", "over 30 men", "number"),
        ("up to 30 men", "at least 30 men", "number"),
        ("~5 men", "5 men", "number"),
        ("x = y", "x != y", "identifier"),
        ("x ≠ y", "x = y", "identifier"),
        ("a ✅", "a ❌", "identifier"),
        ("not yet this", "hardly yet this", "negation"),
        ("the flag -f", "the flag -q", "identifier"),
        ('{{< ref "install" >}}', '{{< ref "upgrade" >}}', "identifier"),
        ("${foo}", "${bar}", "identifier"),
    ],
)
def test_a_fact_that_words_alone_do_not_show(one: str, other: str, guard: str) -> None:
    ((_, found),) = run(FRAME.format(one), FRAME.format(other))
    assert found == guard


def test_code_is_compared_to_the_letter() -> None:
    assert run(FRAME.format("`a.b`"), FRAME.format("`a-b`"), "a.md") == [("exact", "identifier")]
    assert run(FRAME.format("`Foo`"), FRAME.format("`Foo`"), "a.md") == [("verbatim", "gone")]


def test_fences_that_end_in_lone_returns() -> None:
    said = FRAME.format("stone")
    text = f"{said}\r\r```\rfoo\r\r{said}\r\rbar\r```\rEnd of it.\r"
    assert not Cleaner().clean(document(text, "a.md")).removals


def test_front_matter_in_json_and_broken_tables_are_protected() -> None:
    said = FRAME.format("stone")
    for text in (f'{{ "title": "x", "description": "{said}" }}\n', f"| {said} |\n| {said} |\n"):
        assert run(text, text + "\nMore of it.\n", "a.md") == []


def test_a_short_block_that_says_something_else_ends_a_run() -> None:
    one, two = FRAME.format("stone"), FRAME.replace("harbour", "town").replace("old", "new").format("sand")
    text = f"{one}\n\nNot supported yet.\n\n{two}\n\n{one}\n\nNot supported.\n\nThe end of it.\n"
    assert [r.line for r in Cleaner().clean(document(text, "a.md")).removals] == [7]


def test_a_title_given_again_goes() -> None:
    title = "# The harbour office of Westhaven"
    text = (
        f"{title}\n\n{FRAME.format('stone')}\n\n{title}\n\nSomething that stands nowhere else in this text.\n"
    )
    assert [(r.line, r.rule) for r in Cleaner().clean(document(text, "a.md")).removals] == [(5, "headline")]


def dedup(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dedup", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_report_that_undoes_an_earlier_clean_is_not_overwritten(tmp_path: Path) -> None:
    source = f"{FRAME.format('stone')}\n\n{FRAME.format('stone')}\n"
    (tmp_path / "a.txt").write_text(source)
    assert dedup(tmp_path, "clean", "a.txt", "--in-place", "--report", "r.json").returncode == 0
    again = dedup(tmp_path, "clean", "a.txt", "--in-place", "--report", "r.json")
    assert again.returncode == 2
    assert again.stderr.count("\n") == 1
    assert dedup(tmp_path, "restore", "r.json").returncode == 0
    assert (tmp_path / "a.txt").read_text() == source


@pytest.mark.parametrize("text", ["[tool]\ndedup = 3\n", "tool = 1\n"])
def test_a_configuration_of_another_shape(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "a.txt").write_text("Some text.\n")
    found = dedup(tmp_path, "check", "a.txt")
    assert "Traceback" not in found.stderr
    assert found.returncode == (2 if "dedup" in text else 0)
