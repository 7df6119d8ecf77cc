"""Drifted copies: the groups, the words that differ, the newest wording by git, and what lists them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import dedup
from dedup import Cleaner, Settings, document
from dedup.cli import main
from dedup.drift import list_drift
from dedup.drift.groups import Copies
from dedup.report.marks import CONTEXT, marked
from dedup.report.model import Drift, Report
from dedup.sources.encoding import decode
from dedup.words import folded_words

ROOT = Path(__file__).parent.parent
FIXTURE = ROOT / "fixtures" / "drift"
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))

STATE = (
    "The agent keeps its state in a folder of its own, writes to it every {} seconds, and needs no more than a few "
    "megabytes there however long it {}."
)
OLD, NEW = STATE.format(30, "runs"), STATE.format(60, "runs")
OTHER = (
    "Start it once by hand and look at what it writes, so that you know what to expect before it runs without anybody "
    "who watches it."
)


def check(*args: str) -> Result:
    result = CliRunner().invoke(main, ["check", *args], prog_name="dedup")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def put(name: str, *paragraphs: str, encoding: str = "utf-8") -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("\n\n".join([f"# {path.stem}", *paragraphs, ""]).encode(encoding))


def found(**options: Any) -> list[Drift]:
    return dedup.check(".", preset="docs", **options).drift


def shape(groups: Sequence[Drift]) -> list[list[list[str]]]:
    """The places of each wording of each group."""
    return [[[f"{p.document}:{p.line}" for p in w.places] for w in group.wordings] for group in groups]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return tmp_path


# --- the listing ----------------------------------------------------------------------------------------------


def test_the_listing_of_a_small_documentation() -> None:
    shutil.copytree(FIXTURE / "docs", "docs")
    result = check("docs", "--preset", "docs")
    assert result.stdout_bytes == (FIXTURE / "expected.txt").read_bytes()
    assert "dedup: 2 drifted copies in 5 places\n" in result.stderr


def test_every_place_has_a_line_that_tools_can_read() -> None:
    shutil.copytree(FIXTURE / "docs", "docs")
    (*groups, _) = check("docs", "--drift-only", "--preset", "docs").stdout.split("\n\n")
    assert len(groups) == 2
    for group in groups:
        head, *lines = group.splitlines()
        assert re.fullmatch(r"drifted copy \d of 2, \d wordings in \d places", head)
        assert all(re.match(r"[^:]+:\d+: drift [01]\.\d\d( \"|$| = )", line) for line in lines)


def test_drift_only_lists_nothing_else_in_any_format() -> None:
    put("a.md", OLD, OTHER)
    put("b.md", NEW, OTHER)
    assert check(".", "--preset", "docs").exit_code == 1  # OTHER repeats
    result = check(".", "--preset", "docs", "--drift-only", "--format", "json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    assert [flag["line"] for flag in report["flags"]] == [3]
    assert report["removals"] == []
    assert report["documents"][1]["repeats"] is None
    summary = report["summary"]
    assert (summary["documents"], summary["removed"], summary["flagged"]) == (2, 0, 1)
    assert summary["bytes_in"] == summary["bytes_out"]
    assert list(summary["by_rule"]) == ["near"]


def test_drift_only_fails_where_there_is_drift_alone() -> None:
    put("a.md", OLD, OTHER)
    put("b.md", OTHER)
    assert check(".", "--preset", "docs", "--drift-only").exit_code == 0
    put("b.md", NEW)
    assert check(".", "--preset", "docs").exit_code == 0
    assert check(".", "--preset", "docs", "--drift-only").exit_code == 1
    # Other presets remove and flag in other ways, and what drifted is the same.
    assert check(".", "--drift-only").exit_code == 1


def test_other_presets_list_as_before() -> None:
    put("a.md", OLD)
    put("b.md", NEW)
    result = check(".", "--near", "flag", "--min-words", "20", "--lists", "off")
    assert result.stdout.splitlines()[1].startswith("b.md:3: flag near 0.")
    assert "drift" not in result.output
    assert "drift" not in json.loads(check(".", "--format", "json").stdout)


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_a_saved_report_shows_the_same(ending: str) -> None:
    shutil.copytree(FIXTURE / "docs", "docs")
    shown = check("docs", "--preset", "docs", "--report", f"r.{ending}").stdout
    again = CliRunner().invoke(main, ["report", f"r.{ending}"], prog_name="dedup")
    assert again.stdout == shown
    saved = CliRunner().invoke(main, ["report", f"r.{ending}", "--format", ending], prog_name="dedup")
    assert saved.stdout_bytes == Path(f"r.{ending}").read_bytes()


def test_the_fields_are_those_described() -> None:
    shutil.copytree(FIXTURE / "docs", "docs")
    report = json.loads(check("docs", "--preset", "docs", "--format", "json").stdout)
    Draft202012Validator(SCHEMA).validate(report)
    assert set(report) == set(SCHEMA["properties"]) - {"directives"}
    for group in report["drift"]:
        assert set(group) == set(SCHEMA["$defs"]["drift"]["properties"])
        for wording in group["wordings"]:
            assert set(wording) == set(SCHEMA["$defs"]["wording"]["properties"])


@pytest.mark.parametrize(
    ("drift", "reason"),
    [
        ({}, "'drift' must be a list"),
        ([{}], r"drift\[0\]: 'wordings' is missing"),
        ([{"wordings": []}], r"drift\[0\]: 'wordings' must hold at least two"),
        ([{"wordings": [3]}], r"drift\[0\]: wordings\[0\]: must be an object"),
        ([{"wordings": [{"places": []}]}], r"wordings\[0\]: 'places' must hold at least one"),
        ([{"wordings": [{"places": [{"document": 1}]}]}], r"places\[0\]: 'document' must be a string"),
    ],
)
def test_a_bad_list_is_one_clear_line(drift: Any, reason: str) -> None:
    put("a.md", OLD)
    row = json.loads(check(".", "--format", "json").stdout)
    Path("r.json").write_text(json.dumps({**row, "drift": drift}))
    result = CliRunner().invoke(main, ["report", "r.json"], prog_name="dedup")
    assert result.exit_code == 2
    assert re.fullmatch(rf"dedup: r\.json: .*{reason}\n", result.stderr)


def test_the_markdown_page() -> None:
    put("a.md", OLD)
    put("b.md", OLD)
    put("c.md", NEW)
    check(".", "--preset", "docs", "--report", "r.md")
    assert Path("r.md").read_text().split("## Drifted copies\n")[1] == (
        "\n"
        "**2 wordings of one paragraph in 3 places**\n"
        "\n"
        "- “The agent keeps its state in a folder of its own, writes to it every 30 seconds, and needs no more than a"
        " few megabytes there however long it runs.” (commonest, in 2 places)\n"
        "  - a.md line 3\n"
        "  - b.md line 3\n"
        "- “…own, writes to it every ~~30~~**60** seconds, and needs no more…” (0.96 alike, number)\n"
        "  - c.md line 3\n"
        "\n"
        "## b.md\n"
        "\n"
        "This document repeats **a.md** for the most part (100 %).\n"
        "\n"
        "- **line 3** repeats a.md line 3 (verbatim 1.00)\n"
        "  - “The agent keeps its state in a folder of its own, writes to it every 30 seconds, and needs no more than"
        " a few megabytes there however long it runs.”\n"
        "\n"
        "## c.md\n"
        "\n"
        "This document repeats **a.md** for the most part (100 %).\n"
        "\n"
    )


# --- the groups -----------------------------------------------------------------------------------------------


def test_all_copies_are_there_and_the_commonest_comes_first() -> None:
    put("a.md", NEW)
    put("b.md", OLD)
    put("c.md", OLD, OTHER)
    put("d.md", NEW.replace("agent", "Agent"))
    put("e.md", OLD, OTHER)
    (group,) = found()
    assert shape([group]) == [[["b.md:3", "c.md:3", "e.md:3"], ["a.md:3", "d.md:3"]]]
    assert [(w.similarity, w.guard, w.commonest) for w in group.wordings] == [
        (1.0, None, True),
        (pytest.approx(1 - 1 / 30), "number", False),
    ]


def test_of_equally_common_ones_none_is_the_commonest() -> None:
    put("a.md", OLD)
    put("b.md", NEW)
    (group,) = found()
    assert shape([group]) == [[["a.md:3"], ["b.md:3"]]]
    assert not any(wording.commonest for wording in group.wordings)


def test_a_deliberate_variant_is_passed_over() -> None:
    put("mysql.md", OLD.replace("The agent", "The MySQL agent"))
    put("mssql.md", OLD.replace("The agent", "The MSSQL agent"))
    assert found() == []


def test_a_link_that_leads_from_elsewhere_is_no_drift() -> None:
    put("a/one.md", OLD.replace("folder", "[folder](../folder.md)"))
    put("two.md", OLD.replace("folder", "[folder](folder.md)"))
    assert found() == []


def test_a_list_item_is_no_copy_of_a_paragraph() -> None:
    put("a.md", f"- [its page](b.md) {OLD}")
    put("b.md", OLD)
    assert found(min_words=8) == []


def test_paragraphs_that_are_parallel_on_one_page_are_no_drift() -> None:
    put("a.md", OLD.replace("folder", "`folder_a`"), OLD.replace("folder", "`folder_b`"))
    report = dedup.check(".", preset="docs", threshold=0.7)
    assert report.drift == []
    assert [flag.guard for flag in report.flags] == ["identifier"]  # and are told of all the same


def test_a_number_that_changed_on_one_page_is_drift() -> None:
    put("a.md", OLD, NEW)
    assert shape(found()) == [[["a.md:3"], ["a.md:5"]]]


def test_groups_of_documents_are_apart() -> None:
    for release in ("1", "2"):
        put(f"{release}/a.md", OLD)
        put(f"{release}/b.md", NEW)
    assert shape(found(group_by="^[0-9]")) == [
        [["1/a.md:3"], ["1/b.md:3"]],
        [["2/a.md:3"], ["2/b.md:3"]],
    ]
    assert shape(found()) == [[["1/a.md:3", "2/a.md:3"], ["1/b.md:3", "2/b.md:3"]]]


def words(first: int, stop: int) -> str:
    return " ".join(f"word{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(first, stop)) + "."


def test_a_chain_is_one_group_as_long_as_all_are_like_the_first() -> None:
    for name, first in (("a", 0), ("b", 9), ("c", 18), ("d", 27), ("e", 36)):
        put(f"{name}.md", words(first, first + 100))
    groups = found()
    # The wordings move away from the first step by step; where they are too far, another group begins.
    assert shape(groups) == [
        [["a.md:3"], ["b.md:3"], ["c.md:3"], ["d.md:3"]],
        [["d.md:3"], ["e.md:3"]],
    ]
    similarities = [wording.similarity for wording in groups[0].wordings]
    assert similarities == sorted(similarities, reverse=True)
    assert similarities[-1] >= 0.5


def test_a_copy_of_a_wording_in_two_groups_is_in_both() -> None:
    for name, first in (("a", 0), ("b", 9), ("c", 18), ("d", 27), ("e", 36), ("f", 27)):
        put(f"{name}.md", words(first, first + 100))
    assert [sorted(max(group, key=len)) for group in shape(found())] == [["d.md:3", "f.md:3"]] * 2


def test_utf_16_has_its_own_offsets() -> None:
    put("a.md", OTHER, OLD, encoding="utf-16")
    put("b.md", NEW)
    (group,) = found()
    assert [wording.text for wording in group.wordings] == [OLD, NEW]
    place = group.wordings[0].places[0]
    assert Path("a.md").read_bytes()[place.start : place.end].decode("utf-16-le") == f"{OLD}\n"
    assert place.line == 5


def test_html_is_shown_as_it_reads() -> None:
    bold = OLD.replace("folder", "<b>folder</b>")
    pages = (f"<p class='x'>{bold}</p>\n", f"<p>{NEW}</p>\n", f"<p id='y'>{OLD}</p>\n")
    cleaner = Cleaner(Settings.of(preset="docs"), drift=True)
    for name, page in zip("abc", pages, strict=True):
        cleaner.clean(document(page, f"{name}.html", "html"))
    assert cleaner.copies is not None
    (group,) = cleaner.copies.groups()
    assert shape([group]) == [[["a.html:1", "c.html:1"], ["b.html:1"]]]
    assert group.wordings[0].text == OLD


def test_what_an_index_remembers_is_a_place() -> None:
    put("a.md", OLD)
    cleaned = CliRunner().invoke(
        main, ["clean", "a.md", "-o", "out.md", "--index", "ix", "--batch-id", "one"]
    )
    assert cleaned.exit_code == 0, cleaned.output
    Path("a.md").unlink()
    put("b.md", NEW)
    lines = check("b.md", "--drift-only", "--index-read", "ix").stdout.splitlines()
    assert [line.split(" ")[0] for line in lines[1:3]] == ["a.md:3:", "b.md:3:"]


def test_a_group_is_listed_where_one_of_its_findings_is_left() -> None:
    put("a.md", OLD)
    put("b.md", NEW)
    put("c.md", OLD)
    put("d.md", OTHER)
    put("e.md", OTHER.replace("anybody who watches", "anybody there who watches"))
    report, copies = gathered()
    assert len(report.drift) == 2
    everything = report.drift[0]
    for left in ("b.md", "c.md"):
        report, copies = gathered()
        report.flags = [flag for flag in report.flags if flag.document == left]
        report.removals = [removal for removal in report.removals if removal.document == left]
        list_drift(report, copies)
        assert report.drift == [everything]


def gathered() -> tuple[Report, Copies]:
    cleaner = Cleaner(Settings.of(preset="docs"), drift=True)
    for path in sorted(Path().glob("*.md")):
        cleaner.clean(decode(str(path), path.read_bytes(), "markdown", str(path)))
    assert cleaner.copies is not None
    list_drift(cleaner.report, cleaner.copies)
    return cleaner.report, cleaner.copies


PLACES = st.lists(
    st.lists(
        st.tuples(st.sampled_from((30, 60, 90)), st.sampled_from(("runs", "works", "stays"))), max_size=3
    ),
    min_size=1,
    max_size=6,
)


@given(PLACES)
@settings(max_examples=40, deadline=None)
def test_groups_hold_all_copies_in_whatever_batches(pages: list[list[tuple[int, str]]]) -> None:
    texts = [[STATE.format(*each) for each in page] for page in pages]
    documents = [
        document("\n\n".join([f"# Page {chr(97 + n)}", *page]), f"{n}.md", "markdown")
        for n, page in enumerate(texts)
    ]
    results = []
    for feed in (lambda c: list(c.feed(documents)), lambda c: [c.clean(each) for each in documents]):
        cleaner = Cleaner(Settings.of(preset="docs"), drift=True)
        feed(cleaner)
        assert cleaner.copies is not None
        results.append(cleaner.copies.groups())
    assert results[0] == results[1]
    for group in results[0]:
        assert (
            len({tuple(folded_words(wording.text)) for wording in group.wordings}) == len(group.wordings) > 1
        )
        assert len({(p.document, p.start) for p in group.places}) == len(group.places)
        counts = [len(wording.places) for wording in group.wordings]
        assert counts == sorted(counts, reverse=True)
        assert group.wordings[0].commonest == (counts[0] > counts[1])
        for wording in group.wordings:
            # Each page that has a wording is named, and so is each time that it has it.
            places = [place.document for place in wording.places]
            assert places == [
                f"{n}.md" for n, page in enumerate(texts) for text in page if text == wording.text
            ]


# --- the words that differ ------------------------------------------------------------------------------------


def shown(one: str, other: str) -> str:
    marks = {"same": "{}", "old": "[-{}-]", "new": "{{+{}+}}"}
    return "".join(marks[kind].format(text) for kind, text in marked(one, other))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("every 30 seconds", "every 60 seconds", "every [-30-]{+60+} seconds"),
        ("so it goes", "so it always goes", "so it {+always+} goes"),
        ("so it always goes", "so it goes", "so it [-always-] goes"),
        ("always so", "so", "[-always-] so"),
        ("so always.", "so.", "so [-always-]."),
        ("version 2.11.2, the", "version 2.11, the", "version 2.11[-.2-], the"),
        ("Some parameters", "The authentication parameters", "[-Some-]{+The authentication+} parameters"),
        ("Same, words", "same words", ""),
        ("東京に行く", "大阪に行く", "[-東京-]{+大阪+}に行く"),
        ("one two", "three", "[-one two-]{+three+}"),
        ("a\nb\nc", "a\nx y\nc", "a [-b-]{+x y+} c"),
    ],
)
def test_marks(one: str, other: str, expected: str) -> None:
    assert shown(one, other) == expected


def test_where_they_agree_at_length_there_is_a_gap() -> None:
    long = " ".join("abcdefghijklmnopqrst")
    assert shown(f"{long} 1 {long} 2 {long}", f"{long} x {long} y {long}") == (
        "…p q r s t [-1-]{+x+} a b c d e…p q r s t [-2-]{+y+} a b c d e…"
    )


SENTENCES = st.lists(st.sampled_from("red blue, green (grey) white.".split()), max_size=CONTEXT).map(" ".join)


@given(SENTENCES, SENTENCES)
@settings(max_examples=200, deadline=None)
def test_marks_hold_both_wordings(one: str, other: str) -> None:
    parts = marked(one, other)
    if folded_words(one) == folded_words(other):
        assert parts == []
        return
    assert folded_words(" ".join(text for kind, text in parts if kind != "new")) == folded_words(one)
    assert folded_words(" ".join(text for kind, text in parts if kind != "old")) == folded_words(other)


# --- the newest, by git ---------------------------------------------------------------------------------------


def git(*args: str, day: str | None = None) -> None:
    dates = (
        {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": "2030-01-01T12:00:00Z"} if day else {}
    )
    user = ("-c", "user.name=Writer", "-c", "user.email=writer@example.org")
    subprocess.run(["git", *user, *args], check=True, capture_output=True, env={**os.environ, **dates})


def commit(day: str) -> None:
    git("add", "--all")
    git("commit", "--message", day, day=day)


@pytest.fixture
def repository(here: Path) -> Iterator[Path]:
    git("init", "--quiet")
    yield here


def newest() -> list[tuple[str, str | None]]:
    """The first place and the day of each wording that is the newest."""
    return [
        (wording.places[0].document, wording.written)
        for group in found()
        for wording in group.wordings
        if wording.newest
    ]


def test_the_newest_is_what_was_written_last(repository: Path) -> None:
    put("a.md", OLD)
    put("b.md", OLD)
    put("c.md", OLD)
    commit("2024-01-02")
    put("b.md", OTHER, NEW)
    commit("2024-03-04")
    (group,) = found()
    assert shape([group]) == [[["a.md:3", "c.md:3"], ["b.md:5"]]]
    assert [(w.newest, w.written) for w in group.wordings] == [(False, "2024-01-02"), (True, "2024-03-04")]
    line = check(".", "--preset", "docs").stdout.splitlines()[3]
    assert line.startswith("b.md:5: drift 0.")
    assert line.endswith(" = a.md:3 [number, newest, 2024-03-04]")


def test_an_old_wording_pasted_again_is_no_newer(repository: Path) -> None:
    put("a.md", OLD)
    commit("2024-01-02")
    put("b.md", NEW)
    commit("2024-03-04")
    put("c.md", OLD)
    commit("2024-05-06")
    assert newest() == [("b.md", "2024-03-04")]


def test_a_place_is_as_old_as_its_youngest_line(repository: Path) -> None:
    wrapped = OLD.replace(", ", ",\n")
    put("a.md", wrapped)
    commit("2024-01-02")
    put("b.md", OLD)
    commit("2024-03-04")
    put("a.md", wrapped.replace("megabytes", "gigabytes"))
    commit("2024-05-06")
    assert newest() == [("a.md", "2024-05-06")]


def test_what_follows_a_place_makes_it_no_younger(repository: Path) -> None:
    Path("a.md").write_text(f"{OLD}\n")
    commit("2024-01-02")
    put("b.md", NEW)
    commit("2024-03-04")
    Path("a.md").write_text(f"{OLD}\n\n{OTHER}\n")
    commit("2024-05-06")
    assert newest() == [("b.md", "2024-03-04")]


@pytest.mark.parametrize("staged", [False, True])
def test_what_is_in_no_commit_is_newest(repository: Path, staged: bool) -> None:
    put("a.md", OLD)
    put("b.md", OLD)
    commit("2024-01-02")
    put("b.md", NEW)
    if staged:
        git("add", "b.md")
    assert newest() == [("b.md", None)]
    assert check(".", "--preset", "docs").stdout.splitlines()[2].endswith(" [number, newest, not committed]")


def test_a_new_file_is_newest_once_it_is_staged(repository: Path) -> None:
    put("a.md", OLD)
    commit("2024-01-02")
    put("b.md", NEW)
    assert newest() == []  # git does not know it
    git("add", "b.md")
    assert newest() == [("b.md", None)]


def test_where_two_came_together_none_is_newest(repository: Path) -> None:
    put("a.md", OLD)
    put("b.md", NEW)
    commit("2024-01-02")
    assert newest() == []
    (group,) = found()
    assert [wording.written for wording in group.wordings] == ["2024-01-02"] * 2


def test_without_a_repository_none_is_newest() -> None:
    put("a.md", OLD)
    put("b.md", NEW)
    (group,) = found()
    assert [(w.newest, w.written) for w in group.wordings] == [(False, None)] * 2


def test_many_places_in_a_folder_below_and_odd_names(repository: Path) -> None:
    put("docs/[a] ü.md", OLD, OTHER)
    commit("2024-01-02")
    put("docs/:b.md", OTHER, NEW)
    commit("2024-03-04")
    put("docs/[a] ü.md", OLD, OTHER.replace("anybody who watches", "anybody there who watches"))
    commit("2024-05-06")
    assert newest() == [("docs/[a] ü.md", "2024-05-06"), ("docs/:b.md", "2024-03-04")]


def test_lines_are_counted_as_git_counts_them(repository: Path) -> None:
    Path("a.md").write_bytes(f"# One\r\r{OTHER}\r\r{OLD}\r".encode())  # to git a single line
    put("b.md", OTHER.replace("once", "twice"), OLD, encoding="utf-16")
    commit("2024-01-02")
    put("b.md", OTHER.replace("once", "twice"), NEW, encoding="utf-16")
    commit("2024-03-04")
    groups = found()
    assert [w.written for w in groups[-1].wordings] == ["2024-01-02", "2024-03-04"]
