"""Sentences that stand with their full stop and without it, as paragraph and as headline of plain text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

MARKET = "Growers were looking for better prices at the market in Eastquay"
STORY = "The growers had waited for the rain since March, and when it came at last the fields were too dry to hold it."


def dedup(folder: Path, *arguments: str, kernel: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"DEDUP_KERNEL": kernel} if kernel else {})}
    command = [sys.executable, "-m", "dedup", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def rows(path: Path, *texts: str) -> None:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))


@pytest.mark.parametrize("kernel", ["", "reference"])
@pytest.mark.parametrize("texts", [(f"{MARKET}.", MARKET), (MARKET, f"{MARKET}.")])
@pytest.mark.parametrize("near", ["auto", "remove"])
def test_the_copy_goes_in_tables_and_in_files(
    tmp_path: Path, kernel: str, texts: tuple[str, str], near: str
) -> None:
    rows(tmp_path / "rows.jsonl", *texts)
    done = dedup(tmp_path, "clean", "rows.jsonl", "-o", "out.jsonl", "--near", near, kernel=kernel)
    assert "1 exact" in done.stderr, done.stderr
    assert (tmp_path / "out.jsonl").read_text() == "".join(
        json.dumps({"text": text}) + "\n" for text in (texts[0], "")
    )
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.txt").write_text(text + "\n")
    found = dedup(tmp_path, "check", "0.txt", "1.txt", "--near", near, kernel=kernel).stdout
    assert found.startswith(("1.txt:1: exact 1.00", "1.txt:1: repeats 0.txt:1"))


@pytest.mark.parametrize("texts", [(f"{MARKET}.", MARKET), (MARKET, f"{MARKET}.")])
def test_from_one_batch_to_the_next(tmp_path: Path, texts: tuple[str, str]) -> None:
    for number, text in enumerate(texts):
        rows(tmp_path / f"{number}.jsonl", text)
        done = dedup(tmp_path, "clean", f"{number}.jsonl", "-o", f"out{number}.jsonl", "--index", "index")
    assert "1 exact" in done.stderr


def test_another_fact_stays(tmp_path: Path) -> None:
    rows(tmp_path / "rows.jsonl", f"{MARKET} at 5%.", f"{MARKET} at 5°")
    done = dedup(tmp_path, "check", "rows.jsonl")
    assert "flag exact 1.00" in done.stdout and done.returncode == 0


def test_a_headline_that_heads_a_story_stays(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{MARKET}.\n\n{STORY}\n")
    (tmp_path / "b.txt").write_text(f"{MARKET}\n\n{STORY[:60]} and went.\n")
    assert dedup(tmp_path, "check", "a.txt", "b.txt").returncode == 0


@pytest.mark.parametrize("headlines", ["off", "flag"])
def test_settings_of_headlines_hold(tmp_path: Path, headlines: str) -> None:
    rows(tmp_path / "rows.jsonl", f"{MARKET}.", MARKET)
    done = dedup(tmp_path, "check", "rows.jsonl", "--headlines", headlines)
    assert done.returncode == 0
    assert ("flag exact" in done.stdout) == (headlines == "flag")


def test_short_ones_stay(tmp_path: Path) -> None:
    rows(tmp_path / "rows.jsonl", "Growers look for prices.", "Growers look for prices")
    assert dedup(tmp_path, "check", "rows.jsonl").returncode == 0


WHOLE = "The growers had waited for the rain since March, and the fields were dry when it came at last."


@pytest.mark.parametrize("form", ["**{}**", "__{}__"])
@pytest.mark.parametrize(
    "after", ["", "\n\nThe market opened at nine, and nobody had much to sell this time."]
)
@pytest.mark.parametrize("ending", ["md", "txt"])
def test_a_paragraph_in_bold_goes_as_it_does_without(
    tmp_path: Path, form: str, after: str, ending: str
) -> None:
    (tmp_path / f"a.{ending}").write_text(f"# One\n\n{WHOLE}\n")
    (tmp_path / f"b.{ending}").write_text(f"# Two\n\n{form.format(WHOLE)}{after}\n")
    assert ": exact 1.00" in dedup(tmp_path, "check", f"a.{ending}", f"b.{ending}").stdout
    assert ": exact 1.00" in dedup(tmp_path, "check", f"b.{ending}", f"a.{ending}").stdout


def test_a_paragraph_that_says_what_a_heading_says_stays(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"# {MARKET}\n\n{STORY}\n")
    (tmp_path / "b.md").write_text(f"# Markets\n\n{MARKET}.\n")
    assert dedup(tmp_path, "check", "a.md", "b.md").returncode == 0


def test_who_does_it_to_whom(tmp_path: Path) -> None:
    story = "In the long run it came out that {} and that was the end of it for the people of the village."
    (tmp_path / "a.txt").write_text(story.format("the farmer sued the bank") + "\n")
    (tmp_path / "b.txt").write_text(story.format("the bank sued the farmer") + "\n")
    assert "flag near" in (said := dedup(tmp_path, "check", "a.txt", "b.txt").stdout) and "[order]" in said


def test_the_number_of_a_page_is_not_its_subject(tmp_path: Path) -> None:
    story = "In the long run it came out that they won by 3-{} and that was the end of it for the people of the village."
    for number in (1, 2):
        (tmp_path / f"{number}.txt").write_text(story.format(number) + "\n")
    assert "[number]" in dedup(tmp_path, "check", "1.txt", "2.txt").stdout
