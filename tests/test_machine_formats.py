"""What code hosts take: SARIF, GitHub's workflow commands, GitLab's Code Quality, JUnit XML."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from npm import tool

FIRST = "The harbour board voted on Tuesday to build a second ferry berth at Eastquay, which is to be ready in spring."
LAST = "You may have twelve books at home for as long as nobody else asks for them, and each may be renewed by telephone, at the desk, or by a letter to the librarian."
FLAGGED = LAST.replace("twelve", "fifteen")
COMMENTS = "<!-- dedup: ingore -->\n\nMiddle.\n\n<!-- dedup: ignore -->\nAnd no more.\n"
FORMATS = ("sarif", "github", "gitlab", "junit")


def dedup(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "dedup", *arguments], capture_output=True, cwd=cwd)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text(f"# One\n\n{FIRST}\n\n{LAST}\n\nAn end.\n")
    (tmp_path / "b, 100%: [x].md").write_text(f"# Two\n\nA start.\n\n{FIRST}\n\n{FIRST}\n\n{FLAGGED}\n")
    return tmp_path


def shown(folder: Path, format_: str) -> str:
    done = dedup("check", ".", "--format", format_, cwd=folder)
    assert done.returncode == 1
    return done.stdout.decode()


def sarif(folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(shown(folder, "sarif"))["runs"][0]["results"]
    return found


class TestSarif:
    def test_it_is_valid(self, folder: Path) -> None:
        validator = tool("@microsoft/sarif-multitool-linux", "Sarif.Multitool")
        (folder / "c.md").write_text(COMMENTS)
        dedup("check", ".", "--report", "r.sarif", cwd=folder)
        done = subprocess.run(
            [validator, "validate", "r.sarif"],
            cwd=folder,
            capture_output=True,
            text=True,
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
        )
        assert "Analysis completed successfully" in done.stdout and ": error " not in done.stdout, done.stdout
        assert set(re.findall(r"SARIF\d+", done.stdout)) <= {"SARIF2005"}  # it has no home page yet

    def test_a_result_says_where_and_what_it_repeats(self, folder: Path) -> None:
        first, _, flagged = sarif(folder)
        place = first["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "b%2C%20100%25%3A%20%5Bx%5D.md", "uriBaseId": "%SRCROOT%"}
        assert place["region"] == {"startLine": 5, "endLine": 5}
        twin = first["relatedLocations"][0]
        assert twin["id"] == 1 and twin["physicalLocation"]["region"] == {"startLine": 3}
        assert twin["physicalLocation"]["artifactLocation"]["uri"] == "a.md"
        assert (first["ruleId"], first["level"]) == ("verbatim", "warning")
        assert first["message"]["text"].endswith("repeats [a.md:3](1) word for word")
        assert (flagged["ruleId"], flagged["level"]) == ("near", "note")

    def test_fingerprints_hold_while_lines_move(self, folder: Path) -> None:
        before = [result["partialFingerprints"] for result in sarif(folder)]
        assert len({each["dedupWords/v1"] for each in before}) == 3
        assert all({*each} == {"dedupWords/v1"} for each in before)  # GitHub works its own out
        page = folder / "b, 100%: [x].md"
        page.write_text("# Two\n\nAnother start.\n\n" + page.read_text().split("\n", 1)[1])
        assert [result["partialFingerprints"] for result in sarif(folder)] == before


def test_github(folder: Path) -> None:
    first, second, flagged = shown(folder, "github").splitlines()
    place = "file=b%2C 100%25%3A [x].md,line=5,endLine=5"
    assert first.startswith(f"::warning {place},title=dedup%3A verbatim::“The harbour board")
    assert first.endswith("repeats a.md:3 word for word")
    assert second.startswith("::warning ") and flagged.startswith("::notice ")
    assert flagged.endswith("left for a person to judge (number)")


def test_gitlab(folder: Path) -> None:
    issues = json.loads(shown(folder, "gitlab"))
    assert [issue["location"]["lines"]["begin"] for issue in issues] == [5, 7, 9]
    assert [issue["severity"] for issue in issues] == ["minor", "minor", "info"]
    assert len({issue["fingerprint"] for issue in issues}) == 3
    assert {*issues[0]} == {"description", "check_name", "fingerprint", "severity", "location"}


def test_junit(folder: Path) -> None:
    suite = ElementTree.fromstring(shown(folder, "junit"))[0]
    assert suite.attrib == {"name": "dedup", "tests": "4", "failures": "2", "skipped": "1", "errors": "0"}
    assert [(case.get("name"), [child.tag for child in case]) for case in suite] == [
        ("no repeats", []),
        ("line 5: verbatim", ["failure"]),
        ("line 7: verbatim", ["failure"]),
        ("line 9: near", ["skipped"]),
    ]


def test_a_drifted_copy_is_told_as_one(folder: Path) -> None:
    done = dedup("check", ".", "--preset", "docs", "--drift-only", "--format", "github", cwd=folder)
    assert done.returncode == 1
    (line,) = done.stdout.decode().splitlines()
    assert line.startswith("::warning ") and "[-twelve-]{+fifteen+}" in line
    assert line.endswith("is a drifted copy of a.md:5 (number)")


class TestComments:
    """Those in the texts that are malformed or unused."""

    WRONG = 'unknown "dedup: ingore"; did you mean "ignore"?'
    UNUSED = 'unused "dedup: ignore": nothing in this run repeats what it leaves out'

    @pytest.fixture
    def told(self, tmp_path: Path) -> Path:
        (tmp_path / "c.md").write_text(COMMENTS)
        return tmp_path

    def shown(self, folder: Path, format_: str) -> str:
        done = dedup("check", ".", "--format", format_, "--report", "r.json", cwd=folder)
        assert done.returncode == 2
        assert dedup("report", "r.json", "--format", format_, cwd=folder).stdout == done.stdout
        return done.stdout.decode()

    def test_github(self, told: Path) -> None:
        assert self.shown(told, "github").splitlines() == [
            f"::error file=c.md,line=1,endLine=1,title=dedup::{self.WRONG}",
            f"::notice file=c.md,line=5,endLine=5,title=dedup::{self.UNUSED}",
        ]

    def test_gitlab(self, told: Path) -> None:
        issues = json.loads(self.shown(told, "gitlab"))
        assert [(each["severity"], each["description"]) for each in issues] == [
            ("major", self.WRONG),
            ("info", self.UNUSED),
        ]
        assert {each["check_name"] for each in issues} == {"dedup/comment"}
        assert [each["location"] for each in issues] == [
            {"path": "c.md", "lines": {"begin": 1, "end": 1}},
            {"path": "c.md", "lines": {"begin": 5, "end": 5}},
        ]
        assert len({each["fingerprint"] for each in issues}) == 2

    def test_junit(self, told: Path) -> None:
        suite = ElementTree.fromstring(self.shown(told, "junit"))[0]
        assert suite.attrib == {"name": "dedup", "tests": "2", "failures": "0", "skipped": "1", "errors": "1"}
        assert [(each.tag, each.get("message")) for case in suite for each in case] == [
            ("error", self.WRONG),
            ("skipped", self.UNUSED),
        ]

    def test_sarif(self, told: Path) -> None:
        run = json.loads(self.shown(told, "sarif"))["runs"][0]
        assert [(each["level"], each["message"]["text"]) for each in run["results"]] == [
            ("error", self.WRONG),
            ("note", self.UNUSED),
        ]
        for result in run["results"]:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "comment"
            assert "relatedLocations" not in result

    def test_each_of_several_of_one_kind_is_known_by_its_own(self, tmp_path: Path) -> None:
        (tmp_path / "c.md").write_text("<!-- dedup: ingore -->\n\n" * 2)
        issues = json.loads(self.shown(tmp_path, "gitlab"))
        assert len({each["fingerprint"] for each in issues}) == len(issues) == 2


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_found_is_a_whole_file_as_well(tmp_path: Path, format_: str) -> None:
    (tmp_path / "a.md").write_text(f"{FIRST}\n")
    done = dedup("check", "a.md", "--format", format_, cwd=tmp_path)
    assert done.returncode == 0
    if format_ in ("sarif", "gitlab"):
        json.loads(done.stdout)
    assert done.stdout or format_ == "github"


def test_several_at_once_and_each_by_its_ending(folder: Path) -> None:
    names = ("r.sarif", "r.sarif.json", "r.gitlab.json", "R.JUNIT.XML", "r.json")
    reports = [argument for name in names for argument in ("--report", name)]
    done = dedup("check", ".", "--format", "github", *reports, cwd=folder)
    assert done.stdout.decode() == shown(folder, "github")
    assert (folder / "r.sarif").read_text() == (folder / "r.sarif.json").read_text() == shown(folder, "sarif")
    assert (folder / "r.gitlab.json").read_text() == shown(folder, "gitlab")
    assert (folder / "R.JUNIT.XML").read_text() == shown(folder, "junit")
    for format_ in FORMATS:
        rendered = dedup("report", "r.json", "--format", format_, cwd=folder)
        assert rendered.stdout.decode() == shown(folder, format_)


def test_only_a_whole_report_can_be_restored(folder: Path) -> None:
    dedup("check", ".", "--report", "r.gitlab.json", cwd=folder)
    done = dedup("restore", "r.gitlab.json", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == b"dedup: r.gitlab.json: only .json or .jsonl reports can be read back\n"


def test_a_document_that_repeats_another_is_one_result(tmp_path: Path) -> None:
    text = f"# One\n\n{FIRST}\n\n{LAST}\n"
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(text)
    (result,) = sarif(tmp_path)
    assert result["message"]["text"] == "This document repeats a.md (100 %)"
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 1, "endLine": 5}


@pytest.mark.parametrize("format_", FORMATS)
def test_hostile_names_and_texts(tmp_path: Path, format_: str) -> None:
    name = os.fsdecode(b"x\xff\n::error::%0A<b>&{0}[y](z)'\".md")
    text = FIRST.replace("Tuesday", "<script>\x1b[31m]]>{{1}}[a](2)::error::\x85")
    try:
        (tmp_path / name).write_text(f"# One\n\n{text}\n\nBetween.\n\n{text}\n", "utf-8")
    except OSError:
        pytest.skip("no file can have this name here")
    out = dedup("check", ".", "--format", format_, cwd=tmp_path).stdout
    assert b"\x1b" not in out
    if format_ == "github":
        assert out.count(b"\n") == 1 and out.startswith(b"::warning file=")
    elif format_ == "junit":
        ElementTree.fromstring(out)
    else:
        json.loads(out)
        assert b"\\udc" not in out
