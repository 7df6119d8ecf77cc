"""Guards that are turned off: on the command line, in the file, for some documents, and what is said of wrong names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest
from click.testing import CliRunner, Result

from dedup import Cleaner, DedupError, Settings, document
from dedup.cli import main
from dedup.settings import Guard

FRAME = (
    "The people of the small town by the river had waited for this evening since the first snow fell, and when the "
    "doors of the old theatre opened at last they came in from the cold with their children and their neighbours, "
    "sat down in the dark and listened while {} sang to them."
)
DIFFERING = {
    "link": ("the [choir](a.md)", "the [choir](b.md)"),
    "date": ("on Monday the choir", "on Friday the choir"),
    "version": ("the choir of v1.2.3", "the choir of v1.2.4"),
    "percent": ("5 % of the choir", "6 % of the choir"),
    "currency": ("the choir for $5", "the choir for €5"),
    "unit": ("the choir 5 km away", "the choir 5 miles away"),
    "number": ("thirty men", "forty men"),
    "negation": ("the choir they liked", "the choir they never liked"),
    "opposite": ("the choir upstairs, before noon", "the choir upstairs, after noon"),
    "accent": ("das schon bekannte choir", "das schön bekannte choir"),
    "identifier": ("the `tall_choir` choir", "the `big_choir` choir"),
    "name": ("the choir of Aachen", "the choir of Cologne"),
}
HEADLINES = {
    "order": ("Storm kills three in Norway", "3 killed in storm in Norway"),
    "wording": (
        "Choir moves into the old town hall",
        "Choir moves into old town hall for good",
    ),
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, one in zip(("first.md", "second.md"), DIFFERING["number"], strict=True):
        (tmp_path / name).write_text(FRAME.format(one) + "\n", "utf-8")
    return tmp_path


def test_every_guard_is_shown_here() -> None:
    assert {*DIFFERING, "word", *HEADLINES} == set(get_args(Guard))


def test_every_guard_is_described() -> None:
    page = (Path(__file__).parent.parent / "docs" / "report.md").read_text("utf-8")
    for guard in get_args(Guard):
        assert f"\n| `{guard}` | " in page, guard


@pytest.mark.parametrize("guard", DIFFERING)
def test_a_guard_that_is_off_keeps_nothing_in(guard: str) -> None:
    for off, kept in (((), True), ((guard,), False), (tuple({*DIFFERING} - {guard}), True)):
        cleaner = Cleaner(Settings.of(without_guard=off))
        cleaner.clean(document(FRAME.format(DIFFERING[guard][0]) + "\n", "first.md"))
        cleaned = cleaner.clean(document(FRAME.format(DIFFERING[guard][1]) + "\n", "second.md"))
        assert [flag.guard for flag in cleaned.flags] == ([guard] if kept else [])
        assert len(cleaned.removals) == (0 if kept else 1)


def test_a_word_in_a_short_paragraph() -> None:
    ferry = "The old ferry leaves the harbour at dawn and carries {} over to the island on its way back."
    for off, kept in (((), ["word"]), (("word",), [])):
        cleaner = Cleaner(Settings.of(without_guard=off))
        for name, cargo in (("first.md", "mail"), ("second.md", "sand")):
            cleaned = cleaner.clean(document(ferry.format(cargo) + "\n", name))
        assert [flag.guard for flag in cleaned.flags] == kept


@pytest.mark.parametrize(("one", "other"), [("2,500", "2500"), ("12", "twelve")])
def test_a_number_in_another_form_is_no_other_word(one: str, other: str) -> None:
    ferry = "The old ferry leaves the harbour at dawn and carries {} bags of mail over to the island."
    cleaner = Cleaner(Settings.of(threshold=0.7))
    for name, count in (("first.md", one), ("second.md", other)):
        cleaned = cleaner.clean(document(ferry.format(count) + "\n", name))
    assert [removal.rule for removal in cleaned.removals] == ["near"]


@pytest.mark.parametrize("guard", HEADLINES)
def test_a_guard_of_headlines(guard: str) -> None:
    for off, kept in (((), [guard]), ((guard,), [])):
        cleaner = Cleaner(Settings.of(without_guard=off, headlines="remove"))
        for name, headline in zip(("first.md", "second.md"), HEADLINES[guard], strict=True):
            cleaned = cleaner.clean(document(f"# {headline}\n", name))
        assert [flag.guard for flag in cleaned.flags] == kept
        assert len(cleaned.removals) == (not kept)


def test_on_the_command_line(here: Path) -> None:
    assert "[number]" in run("check", "first.md", "second.md").output
    off = run("check", "first.md", "second.md", "--without-guard", "name", "--without-guard", "number")
    assert "0 flagged" in off.output
    assert off.exit_code == 1


def test_in_the_file_and_for_some_documents(here: Path) -> None:
    (here / "dedup.toml").write_text('without-guard = ["number"]\n', "utf-8")
    assert "0 flagged" in run("check", "first.md", "second.md").output
    (here / "dedup.toml").write_text('[per-path."second.md"]\nwithout-guard = ["number"]\n', "utf-8")
    assert "0 flagged" in run("check", "first.md", "second.md").output
    (here / "dedup.toml").write_text('[per-path."first.md"]\nwithout-guard = ["number"]\n', "utf-8")
    assert "[number]" in run("check", "first.md", "second.md").output


def test_an_unknown_guard_is_named_with_the_nearest(here: Path) -> None:
    wrong = run("check", "first.md", "--without-guard", "numbers")
    assert wrong.exit_code == 2
    assert "without-guard: 'numbers' is none of" in wrong.output
    assert "did you mean 'number'?" in wrong.output
    with pytest.raises(DedupError, match="did you mean 'date'"):
        Settings.of(without_guard=["dat"])
    (here / "dedup.toml").write_text('[per-path."*.md"]\nwithout-guard = ["nam"]\n', "utf-8")
    wrong = run("check", "first.md")
    assert wrong.exit_code == 2
    assert wrong.output.count("\n") == 1
    assert "dedup.toml" in wrong.output
    assert "did you mean 'name'?" in wrong.output


def test_an_index_is_for_the_guards_that_it_was_built_with(here: Path) -> None:
    assert run("clean", "first.md", "-o", "out", "--index", "index").exit_code == 0
    other = run("clean", "second.md", "-o", "out", "--index", "index", "--without-guard", "number")
    assert other.exit_code == 2
    assert "without-guard" in other.output


def test_the_report_says_what_was_off(here: Path) -> None:
    run("check", "first.md", "second.md", "--without-guard", "number", "--report", "r.json")
    report = json.loads((here / "r.json").read_bytes())
    assert report["settings"]["without_guard"] == ["number"]


def test_explain_names_the_words(here: Path) -> None:
    shown = run("explain", "first.md:1", "second.md:1").output
    assert "kept by the guard `number`: thirty / forty" in shown
