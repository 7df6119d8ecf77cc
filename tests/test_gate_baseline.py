"""What fails a check: findings that a baseline does not know, and how many may be."""

from __future__ import annotations

import csv
import json
import os
import re
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from repositories import commit, git, repository

import dedup as package
from dedup.cli import main
from dedup.gate.known import Ends, known

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
SAID = (
    "When the ferry left for the island again it was said that {} people had been waiting at the harbour for all of "
    "the night, with nothing to eat and nobody to tell them when the storm would be over."
)
BASE = ".dedup-baseline.jsonl"


def dedup(*args: str) -> Result:
    result = CliRunner().invoke(main, args, prog_name="dedup")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def check(*args: str, base: str = BASE) -> Result:
    return dedup("check", *(args or (".",)), "--baseline", base)


def update(*args: str) -> Result:
    return check(*(args or (".",)), "--update-baseline")


def paragraph(number: int, words: int = 14) -> str:
    """One of many paragraphs that have nothing in common."""
    dice = Random(number)
    return " ".join("".join(dice.choices("abcdefghijklmnop", k=7)) for _ in range(words)).capitalize() + "."


def put(path: str, *paragraphs: int | str) -> None:
    texts = [text if isinstance(text, str) else paragraph(text) for text in paragraphs]
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text("\n\n".join(texts) + "\n", "utf-8", newline="\n")


def lines(path: str = BASE) -> list[str]:
    return Path(path).read_text("utf-8").splitlines()


def rows(path: str = BASE) -> list[dict[str, str]]:
    return [json.loads(line) for line in lines(path)[1:]]


def places(result: Result) -> list[str]:
    """Where findings are, as `path:line`."""
    return re.findall(r"^(.+?:\d+): ", result.stdout, re.MULTILINE)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- The first run, and the next ones


def test_the_first_run_writes_a_baseline_and_the_next_finds_nothing() -> None:
    put("a.md", 1, 2, 3)
    put("sub/b.md", 4, 2, 3)
    first = check()
    assert (first.exit_code, first.stdout) == (2, "")
    assert first.stderr == f"dedup: {BASE}: no such baseline; add --update-baseline to make it\n"
    made = update()
    assert (made.exit_code, made.stdout) == (0, "")
    assert f"dedup: {BASE}: 2 findings, 2 of them new\n" in made.stderr
    assert lines()[0] == '{"schema": "dedup-baseline/1"}'
    assert lines()[1:] == sorted(lines()[1:])
    words = {row["words"] for row in rows()}
    assert len(words) == 2 and {row["twin"] for row in rows()} == words
    assert {(row["document"], row["kept"], row["rule"]) for row in rows()} == {
        ("sub/b.md", "a.md", "verbatim")
    }
    before = Path(BASE).read_bytes()
    again = check()
    assert (again.exit_code, again.stdout) == (0, "")
    assert f"dedup: 2 known from {BASE} not shown\n" in again.stderr
    assert again.stderr.startswith("dedup: nothing to remove in 2 documents")
    assert Path(BASE).read_bytes() == before
    update()
    assert Path(BASE).read_bytes() == before


def test_only_the_new_finding_is_told_in_every_format() -> None:
    put("a.md", 1, 2, 3)
    put("b.md", 4, 2, SAID.format(30))
    put("c.md", 5, SAID.format(32))
    update()
    assert {row["rule"] for row in rows()} == {"verbatim", "near"}
    put("d.md", 6, 3)
    result = check(
        ".", "--format", "json", *(part for end in ("json", "csv", "md") for part in ("--report", f"r.{end}"))
    )
    report = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    assert result.exit_code == 1
    assert [(row["document"], row["line"]) for row in report["removals"]] == [("d.md", 3)]
    assert report["flags"] == []
    summary = report["summary"]
    assert (summary["known"], summary["removed"], summary["flagged"], summary["documents"]) == (2, 1, 0, 4)
    size = len(paragraph(3)) + 1
    assert summary["bytes_in"] - summary["bytes_out"] == size
    assert summary["by_rule"] == {
        "verbatim": {
            "documents": 1,
            "blocks": 1,
            "removed": 1,
            "flagged": 0,
            "bytes_in": size,
            "bytes_out": 0,
        }
    }
    assert json.loads(Path("r.json").read_text("utf-8")) == report
    with Path("r.csv").open(encoding="utf-8", newline="") as file:
        assert [row["document"] for row in csv.DictReader(file)] == ["d.md"]
    page = Path("r.md").read_text("utf-8")
    assert "## d.md" in page and "b.md" not in page
    assert places(check()) == ["d.md:3"]


def test_what_a_document_repeats_as_a_whole_is_not_said_of_a_known_one() -> None:
    put("a.md", 1, 2, 3)
    put("b.md", 1, 2)
    assert dedup("check", ".").stdout == "b.md:1: repeats a.md:1\n"
    update()
    assert check().stdout == ""
    put("b.md", 1, 2, 3)
    assert places(check()) == ["b.md:5"]
    put("c.md", 2, 3)
    assert check("a.md", "c.md").stdout == "c.md:1: repeats a.md:3\n"


def test_a_change_of_words_is_new_and_a_move_is_not() -> None:
    put("a.md", 1, 2, 3)
    put("b.md", 4, 2, 3)
    update()
    put("b.md", 7, 8, 3, 4, "**" + paragraph(2) + "**")
    assert check().exit_code == 0
    put("b.md", 4, paragraph(2) + " Indeed.", 3)
    changed = check()
    assert (changed.exit_code, places(changed)) == (1, ["b.md:3"])


def test_the_number_of_an_item_says_nothing() -> None:
    items = [f"{number}. {paragraph(number, 30)}" for number in (1, 2, 3)]
    put("a.md", 1, "\n".join(items))
    put("b.md", 1, "\n".join(items), 20)
    update()
    assert len(rows()) >= 3
    moved = [f"{number + 1}. {paragraph(number, 30)}" for number in (1, 2, 3)]
    for path in ("a.md", "b.md"):
        put(path, 1, "\n".join([f"1. {paragraph(9, 30)}", *moved]), *[20] * (path == "b.md"))
    assert places(dedup("check", ".")) == ["b.md:1"], "a run from the first line on"
    new = json.loads(check(".", "--format", "json").stdout)["removals"]
    assert [row["line"] for row in new] == [3], "the item that is new"


def test_a_second_paste_into_a_document_that_has_the_block_is_new() -> None:
    put("a.md", 1, 2)
    put("b.md", 3, 2)
    update()
    put("b.md", 3, 2, 4, 2)
    assert places(check()) == ["b.md:7"]
    put("b.md", 3, 2)
    put("a.md", 1, 2, 5, 2)
    assert places(check()) == ["a.md:7"]
    update()
    put("a.md", 2, 1, 2, 5, 2)
    assert places(check()) == ["a.md:9"]


def test_findings_of_the_same_words_in_a_document_have_lines_of_their_own() -> None:
    put("a.md", 1, 1, 1, 1)
    update()
    assert sorted(row.get("nth", 1) for row in rows()) == [1, 2, 3]
    assert len(set(lines())) == 4
    assert check().exit_code == 0
    put("a.md", 1, 1, 1)
    assert check().exit_code == 0
    assert sorted(row.get("nth", 1) for row in rows()) in ([1, 2], [1, 3], [2, 3])
    put("a.md", 1, 1, 1, 1)
    assert check().exit_code == 1


def test_a_third_copy_elsewhere_is_new() -> None:
    put("a.md", 1, 2)
    put("b.md", 3, 2)
    update()
    put("c.md", 4, 2)
    assert places(check()) == ["c.md:3"]


# --- Renamed, gone, and parts of the whole


def test_renamed_files_keep_what_is_known_and_copies_do_not() -> None:
    repository()
    put("a.md", 1, 2)
    put("m/b.md", 3, 2)
    update()
    commit()
    git("mv", "a.md", "z.md")
    git("mv", "m/b.md", "y y.md")
    put("y y.md", 5, 3, 6, 2)
    assert check().exit_code == 0
    put("copy.md", 2)
    assert check().exit_code == 1
    Path("copy.md").unlink()
    put("a.md", 7)
    put("m/b.md", 8)
    assert check().exit_code == 0, "pages that take the old names do no harm"
    put("m/b.md", 8, 2)
    assert places(check()) == ["y y.md:7"], "a third copy, which is read first"


STUB = "This page has moved to another place of the manual."


def hook(*paths: str) -> Result:
    return check(*paths, "--against", ".")


def test_a_page_that_leaves_a_stub_is_followed() -> None:
    put("a.md", 1, 2, 3)
    put("b.md", 4, 2, 3)
    update()
    before = Path(BASE).read_bytes()
    Path("b.md").rename("c.md")
    put("b.md", STUB)
    assert hook("c.md").stdout == "" and hook("b.md", "c.md").stdout == ""
    assert Path(BASE).read_bytes() == before
    result = check()
    assert result.stdout == ""
    assert f"dedup: {BASE}: 2 findings moved, named by the new place\n" in result.stderr
    assert {(row["document"], row["kept"]) for row in rows()} == {("c.md", "a.md")}
    after = Path(BASE).read_bytes()
    assert check().exit_code == 0 and Path(BASE).read_bytes() == after
    put("b.md", 5, 6)
    assert check().exit_code == 0 and hook("b.md").exit_code == 0
    put("b.md", 5, 6, 2)
    assert places(hook("b.md")) == ["b.md:5"]
    assert places(hook("c.md")) == []


def test_a_kept_original_that_leaves_a_stub_is_followed() -> None:
    put("a.md", 1, 2, 3)
    put("b.md", 4, 2, 3)
    update()
    Path("a.md").rename("z.md")
    put("a.md", STUB)
    assert hook("z.md", "a.md").stdout == "" and hook("b.md").stdout == ""
    assert check().stdout == ""
    assert {(row["document"], row["kept"]) for row in rows()} == {("z.md", "b.md")}
    put("a.md", STUB, 2)
    assert places(hook("a.md")) == ["a.md:3"]
    Path("a.md").unlink()
    Path("b.md").rename("0.md")
    Path("z.md").rename("b.md")
    assert check().stdout == "", "the place that is not found moved as well"
    assert {(row["document"], row["kept"]) for row in rows()} == {("b.md", "0.md")}


def test_pages_that_swap_their_names_are_followed() -> None:
    put("a.md", 1, 2, 3)
    put("b.md", 4, 2)
    put("c.md", 5, 3, 6)
    update()
    Path("b.md").rename("t")
    Path("c.md").rename("b.md")
    Path("t").rename("c.md")
    assert hook("b.md", "c.md").stdout == ""
    assert check().stdout == ""
    words = {row["document"]: row["text"][:20] for row in rows()}
    assert words == {"b.md": paragraph(3)[:20], "c.md": paragraph(2)[:20]}


def test_a_paste_is_new_while_the_old_place_has_the_words() -> None:
    put("a.md", 1, 2, f"- {paragraph(3)}\n  {paragraph(5)}")
    put("b.md", 4, 2, f"- {paragraph(3)}\n  {paragraph(5)}")
    update()
    before = Path(BASE).read_bytes()
    for path, number in (("a.md", 6), ("b.md", 7)):  # other lines, the same words
        put(
            path,
            number,
            f"> {paragraph(3)} {paragraph(5)}",
            "**" + paragraph(2)[:-1].replace(" ", "\n") + "**.",
        )
    put("c.md", 2, 8, f"{paragraph(3)} {paragraph(5)}")
    for result in (hook("c.md"), check()):
        assert places(result) == ["c.md:1", "c.md:5"]
    assert Path(BASE).read_bytes() == before


@pytest.mark.parametrize("name", ["b.txt", "b.html"])
def test_a_page_that_cannot_be_read_is_not_left_behind(name: str) -> None:
    put("a.md", 1, 2)
    put(name, 2)
    update()
    Path("c.md").write_bytes(Path(name).read_bytes())
    for data in (b"\xe9 caf\xe9\n", b"PK\0\1"):
        Path(name).write_bytes(data)
        assert hook("c.md").exit_code == 1, "who knows what stands there"
    Path(name).write_bytes("Café\n".encode("utf-16"))
    assert hook("c.md").exit_code == 0


def test_the_file_shrinks_by_itself_and_never_grows() -> None:
    put("a.md", 1, 2, 3)
    put("b.md", 4, 2, 3)
    update()
    put("b.md", 4, 3, 1)
    result = check()
    assert result.exit_code == 1 and len(rows()) == 1
    assert f"dedup: {BASE}: 1 finding no more there, taken out\n" in result.stderr
    Path("b.md").unlink()
    assert check().exit_code == 0
    assert lines() == ['{"schema": "dedup-baseline/1"}']


def test_a_run_over_a_part_drops_nothing_of_the_rest() -> None:
    for name in "abc":
        put(f"{name}/x.md", ord(name), 1, 2)
    update()
    before = Path(BASE).read_bytes()
    for arguments in (("a",), ("c", "a"), ("b", "c"), ("c/x.md",)):
        assert check(*arguments).exit_code == 0
        assert Path(BASE).read_bytes() == before
    put("c/x.md", 9)
    assert check("c").exit_code == 0
    assert Path(BASE).read_bytes() == before, "the other document was not read"
    assert check("a", "c").exit_code == 0
    assert {row["document"] for row in rows()} == {"b/x.md"}
    put("b/x.md", 9)
    put("bad.md", "x")
    Path("bad.md").write_bytes(b"\xff\xfe\0")
    assert check("a", "b", "bad.md").exit_code == 2
    assert len(rows()) == 2, "not all inputs were read"


def test_an_update_of_a_part_keeps_the_rest() -> None:
    for name in "abc":
        put(f"{name}/x.md", ord(name), 1)
    update()
    put("d/x.md", 3, 3)
    before = lines()
    update("d", "c", "b")
    assert len(rows()) == 3 and set(before) < set(lines())
    assert check().exit_code == 0
    put("a/x.md", 2)
    update("a", "b", "c")
    assert Counter(row["document"] for row in rows()) == {"c/x.md": 1, "d/x.md": 1}


def test_paths_are_told_from_the_folder_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    put("docs/a.md", 1, 2)
    put("docs/sub/b.md", 2, 3)
    Path("etc").mkdir()
    assert dedup("check", "docs", "--baseline", "etc/base", "--update-baseline").exit_code == 0
    assert rows("etc/base")[0]["document"] == "../docs/sub/b.md"
    monkeypatch.chdir("docs/sub")
    assert check("../a.md", "b.md", base="../../etc/base").exit_code == 0
    assert check("..", base=str(Path("../../etc/base").resolve())).exit_code == 0


def test_the_file_is_no_document() -> None:
    put("a.md", 1, 1)
    assert dedup("check", ".", "--baseline", "base.jsonl", "--update-baseline").exit_code == 0
    again = dedup("check", ".", "--baseline", "base.jsonl")
    assert "passed over" not in again.stderr


def test_rows_of_a_table() -> None:
    texts = [paragraph(1), paragraph(2), f'"{paragraph(1)}"\n', paragraph(2)]
    Path("t.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    assert update("t.jsonl").exit_code == 0
    assert len(rows()) == 2 and all(row["twin"] == row["words"] for row in rows())
    assert check("t.jsonl").exit_code == 0
    with Path("t.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"text": paragraph(1)}) + "\n")
    more = dedup("check", "t.jsonl", "--baseline", BASE, "--format", "json")
    report = json.loads(more.stdout)
    assert [row["line"] for row in report["removals"]] == [5]
    assert report["summary"]["by_rule"]["verbatim"]["documents"] == 1
    for _ in range(2):
        with Path("t.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"text": paragraph(1)}) + "\n")
    more = dedup("check", "t.jsonl", "--baseline", BASE, "--format", "json")
    assert json.loads(more.stdout)["summary"]["by_rule"]["verbatim"]["documents"] == 3, "rows are documents"
    pytest.importorskip("polars").DataFrame({"text": texts}).write_parquet("t.parquet")
    assert update("t.parquet").exit_code == 0
    assert check("t.parquet").exit_code == 0


def test_other_encodings() -> None:
    text = f"Café {paragraph(1)}\n\n{paragraph(2)}\n"
    for name, encoding in (("a.txt", "utf-16"), ("b.txt", "utf-8-sig"), ("c.txt", "cp1252")):
        Path(name).write_bytes(text.encode(encoding))
    update()
    assert check("c.txt", "b.txt", "a.txt").exit_code == 0
    assert check().exit_code == 0


# --- What the file may look like


def test_any_order_twice_and_other_line_ends_are_read() -> None:
    put("a.md", 1, 2, 3)
    put("b.md", 1, 4, 2, 5, 3)
    update()
    head, *rest = lines()
    odd = [rest[2], head, "", rest[0], rest[0], rest[1], rest[2], head]
    Path(BASE).write_bytes("\r\n".join(odd).encode())
    assert check().exit_code == 0
    put("b.md", 1, 4, 2, 5, 3, 1)
    assert places(check()) == ["b.md:11"], "a line that is there twice is one finding"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '{"schema": "dedup-baseline/2"}\n',
            'line 1: names the schema "dedup-baseline/2"; this dedup reads dedup-baseline/1',
        ),
        (
            '{"schema": "dedup-baseline/1"}\n<<<<<<< HEAD\n',
            "line 2: a conflict of a merge; keep the lines of both sides",
        ),
        ('{"schema": "dedup-baseline/1"}\n{"words": 1}\n', "line 2: 'words' must be a string"),
        ('{"schema": "dedup-baseline/1"}\n[]\n', "line 2: must be an object"),
        (
            '{"schema": "dedup-baseline/1"}\nnonsense\n',
            "line 2: not valid JSON: Expecting value: line 1 column 1 (char 0)",
        ),
        ("", "not a baseline of dedup: it names no schema"),
        ("# A page\n", "line 1: not valid JSON: Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_a_broken_file_is_one_line(content: str, said: str) -> None:
    put("a.md", 1, 1)
    Path(BASE).write_text(content, "utf-8")
    for arguments in ((), ("--update-baseline",)):
        result = check(".", *arguments)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"dedup: {BASE}: {said}\n")
        assert Path(BASE).read_text("utf-8") == content


def test_wrong_use_is_one_line() -> None:
    put("a.md", 1, 1)
    for arguments, said in (
        (("--update-baseline",), "--update-baseline needs --baseline FILE"),
        (("--baseline", "no/b", "--update-baseline"), "no/b: no such folder"),
        (("--baseline", "."), ".: is a directory"),
        (
            ("--baseline", "b.jsonl", "--report", "./b.jsonl"),
            "b.jsonl: the report would overwrite the baseline",
        ),
    ):
        result = dedup("check", "a.md", *arguments)
        assert (result.exit_code, result.stderr) == (2, f"dedup: {said}\n")


def test_a_file_that_cannot_be_written_leaves_the_result() -> None:
    def full(*arguments: str) -> tuple[int, str, str]:
        """The command where no file can grow, as on a full disk."""
        done = subprocess.run(
            [sys.executable, "-m", "dedup", "check", ".", "--baseline", BASE, *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    put("a.md", 1, 1)
    put("b.md", 2, 2)
    update()
    before = Path(BASE).read_bytes()
    put("b.md", 2, 3, 3)
    status, out, said = full()
    assert (status, re.findall(r"^\S+:\d+", out)) == (1, ["b.md:5"])
    assert f"dedup: {BASE}: file too large\n" in said
    status, out, said = full("--update-baseline")
    assert (status, re.findall(r"^\S+:\d+", out)) == (2, ["b.md:5"])
    assert f"dedup: {BASE}: file too large\n" in said
    assert Path(BASE).read_bytes() == before and {path.name for path in Path().iterdir()} == {
        BASE,
        "a.md",
        "b.md",
    }


def test_branches_that_each_add_merge_in_git() -> None:
    repository()
    Path(".gitattributes").write_text(f"{BASE} merge=union\n")
    put("a.md", *range(1, 9))
    put("b.md", 1, 2)
    update()
    commit()
    git("checkout", "-q", "-b", "one")
    put("c.md", 11, 3, 4)
    put("b.md", 1, 2, 7)
    update()
    commit()
    git("checkout", "-q", "main")
    put("d.md", 12, 5, 6)
    put("b.md", 1, 13, 2, 14)
    update()
    commit()
    git("merge", "-q", "-m", "m", "one", fails=True)  # b.md, not the baseline
    put("b.md", 1, 13, 2, 14, 7)
    commit()
    assert check().exit_code == 0
    assert len(set(lines())) == 8
    put("e.md", 15, 7)
    assert places(check()) == ["e.md:3"]
    update()
    assert lines()[1:] == sorted(set(lines()[1:]))


def test_branches_that_add_in_different_places_merge_without_a_driver() -> None:
    repository()
    put("a.md", *range(40))
    put("b.md", *range(30))
    update()
    commit()
    by_words = {}
    for number in range(30, 40):
        put("probe.md", number)
        dedup("check", "a.md", "probe.md", "--baseline", "probe", "--update-baseline")
        (by_words[number],) = (row["words"] for row in rows("probe"))
        Path("probe").unlink()
        Path("probe.md").unlink()
    first, last = min(by_words, key=by_words.__getitem__), max(by_words, key=by_words.__getitem__)
    git("checkout", "-q", "-b", "one")
    put("c.md", first)
    update()
    commit()
    git("checkout", "-q", "main")
    put("d.md", last)
    update()
    commit()
    git("merge", "-q", "-m", "m", "one")
    assert check().exit_code == 0 and len(rows()) == 32
    assert lines()[1:] == sorted(lines()[1:])


# --- Limits


def test_how_much_may_be_found() -> None:
    put("a.md", SAID.format(30))
    put("b.md", SAID.format(32))
    assert dedup("check", ".").exit_code == 0, "flags do not count"
    assert dedup("check", ".", "--fail-over", "0").exit_code == 1
    one = dedup("check", ".", "--fail-over", "1")
    assert one.exit_code == 0 and "dedup: 1 finding, within the limit of 1\n" in one.stderr
    put("c.md", 1, 1)
    assert dedup("check", ".", "--fail-over", "2").exit_code == 0
    two = dedup("check", ".", "--fail-over", "1")
    assert two.exit_code == 1 and "dedup: 2 findings, over the limit of 1\n" in two.stderr
    update()
    put("d.md", 2, 2)
    assert check(".").exit_code == 1
    assert check(".", "--fail-over", "1").exit_code == 0


def test_a_share_of_the_bytes_may_be_found() -> None:
    put("a.txt", "x" * 10, paragraph(1), paragraph(1))
    report = json.loads(dedup("check", "a.txt", "--format", "json").stdout)
    (removal,) = report["removals"]
    share = 100 * (removal["end"] - removal["start"]) / report["summary"]["bytes_in"]
    for limit, status in ((share + 0.01, 0), (share - 0.01, 1), (0, 1), (100, 0)):
        assert dedup("check", "a.txt", "--fail-over", f"{limit:.4f}%").exit_code == status
    for wrong in ("", "x", "-1", "1.5", "101%", "1e3", "٣", "9" * 5000):
        result = dedup("check", "a.txt", "--fail-over", wrong)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), wrong


def test_the_same_in_python() -> None:
    put("a.md", 1, 2, 1)
    update()
    before = Path(BASE).read_bytes()
    assert package.check("a.md", baseline=BASE).findings == []
    put("a.md", 1, 2)
    put("b.md", 2)
    report = package.check("a.md", "b.md", baseline=Path(BASE))
    assert [finding.document for finding in report.findings] == ["b.md"]
    assert Path(BASE).read_bytes() == before, "the call changes nothing"


# --- Whatever the documents

ENDS = st.tuples(st.sampled_from("wv"), st.sampled_from("abcd"))
ENTRIES = st.builds(lambda found, twins: Ends(found, tuple(twins)), ENDS, st.lists(ENDS, max_size=2))


def test_entries_are_exchanged_where_all_can_be_known() -> None:
    entries = [
        Ends(("v", "b"), (("w", "a"),)),
        Ends(("x", "c"), (("v", "b"),)),
        Ends(("y", "d"), (("x", "c"),)),
    ]
    findings = [("w", "a"), ("v", "b"), ("x", "c"), ("w", "a")]
    assert known(findings, entries, lambda end: False) == [0, 1, 2, None]


NAMES = st.sets(st.sampled_from("abcd"))


@given(st.lists(ENDS, max_size=7), st.lists(ENTRIES, max_size=6), NAMES, NAMES)
@settings(max_examples=300, deadline=None)
def test_as_many_findings_as_can_be_are_known(
    findings: list[tuple[str, str]], entries: list[Ends], gone: set[str], read: set[str]
) -> None:
    def claims(end: tuple[str, str], entry: Ends) -> bool:
        ends = (entry.found, *entry.twins)
        new = not any(end in (each.found, *each.twins) for each in entries)
        return end in ends or (new and any(w == end[0] and d in gone for w, d in ends))

    judged = [entry.found[1] in read and all(d in read for _, d in entry.twins) for entry in entries]
    found = known(findings, entries, lambda end: end[1] in gone, judged)
    used = [entry for entry in found if entry is not None]
    assert len(used) == len(set(used))
    assert all(e is None or claims(end, entries[e]) for end, e in zip(findings, found, strict=True))
    for end in set(findings):
        mine = [e is None for each, e in zip(findings, found, strict=True) if each == end]
        assert mine == sorted(mine), "of equal ones the first are known"
    exact = Counter(entry.found for entry in entries)
    for end, number in Counter(findings).items():
        known_here = sum(e is not None for each, e in zip(findings, found, strict=True) if each == end)
        assert known_here >= min(number, exact[end])

    def most(left: list[tuple[str, str]], free: frozenset[int]) -> tuple[int, int]:
        """How many findings can be known, and how many judged entries stand for one then."""
        if not left:
            return 0, 0
        options = [most(left[1:], free)]
        for entry in free:
            if claims(left[0], entries[entry]):
                known_then, judged_then = most(left[1:], free - {entry})
                options.append((known_then + 1, judged_then + judged[entry]))
        return max(options)

    if len(findings) <= 5:
        best = most(findings, frozenset(range(len(entries))))
        assert (len(used), sum(judged[entry] for entry in used)) == best


TREES = st.dictionaries(
    st.sampled_from(["a.md", "b.md", "c/d.md", "c/e.md"]),
    st.lists(st.integers(1, 6), min_size=1, max_size=6),
    min_size=1,
)


def write(tree: dict[str, list[int]]) -> None:
    for path, paragraphs in tree.items():
        put(path, *paragraphs)


@given(TREES, st.data())
@settings(max_examples=25, deadline=None)
def test_moves_renames_other_orders_and_parts_bring_nothing_new(
    tree: dict[str, list[int]], data: st.DataObject
) -> None:
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            write(tree)
            assert update().exit_code == 0
            first = Path(BASE).read_bytes()
            assert check().stdout == ""
            for _ in range(2):
                some = data.draw(st.lists(st.sampled_from(sorted(tree)), unique=True, min_size=1))
                assert check(*some).stdout == "", "in another order, or some of them"
                assert Path(BASE).read_bytes() == first
            moved = {
                path: data.draw(st.permutations([*it, 90 + n])) for n, (path, it) in enumerate(tree.items())
            }
            names = data.draw(st.permutations(["a.md", "b.md", "c/d.md", "c/e.md", "n.md", "c/n.md"]))
            new = (
                dict(zip(tree, names, strict=False))
                if data.draw(st.booleans())
                else {path: path for path in tree}
            )
            for path in tree:
                Path(path).unlink()
            swapped = set(new.values()) & set(tree)
            if any(new[path] != path for path in tree) and swapped:
                new = {path: f"new-{number}.md" for number, path in enumerate(tree)}
            write({new[path]: paragraphs for path, paragraphs in moved.items()})
            if data.draw(st.booleans()):
                for number, path in enumerate(set(tree) - set(new.values())):
                    put(path, 80 + number)
            assert hook(data.draw(st.sampled_from(sorted(new.values())))).stdout == ""
            assert Path(BASE).read_bytes() == first
            assert check().stdout == ""
            after = Path(BASE).read_bytes()
            assert (set(tree) - set(new.values())).isdisjoint(
                row[end] for row in rows() for end in ("document", "kept")
            )
            assert check().stdout == "" and Path(BASE).read_bytes() == after
        finally:
            os.chdir(here)


@given(TREES, st.lists(st.tuples(st.integers(0, 3), st.integers(1, 8)), max_size=4))
@settings(max_examples=40, deadline=None)
def test_what_is_pasted_is_new_and_nothing_else(
    tree: dict[str, list[int]], pastes: list[tuple[int, int]]
) -> None:
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            write(tree)
            update()
            before = Counter(number for paragraphs in tree.values() for number in paragraphs)
            order = sorted(tree, key=lambda path: path.split("/"))

            def root(number: int) -> str:
                """The first document that has a paragraph, in which its first copy is kept."""
                return next(path for path in order if number in tree[path])

            roots = {number: root(number) for number in before}
            pasted: Counter[tuple[str, int]] = Counter()
            for where, number in pastes:
                path = order[where % len(order)]
                tree[path] = [*tree[path], number]
                pasted[path, number] += 1
            write(tree)
            after = Counter(number for paragraphs in tree.values() for number in paragraphs)
            report = json.loads(dedup("check", ".", "--baseline", BASE, "--format", "json").stdout)
            texts = {paragraph(number): number for number in after}
            new = Counter((row["document"], texts[row["text"].strip()]) for row in report["removals"])
            assert report["flags"] == []
            wanted = {number: after[number] - max(before[number], 1) for number in after}
            told = Counter(number for (_, number), many in new.items() for _ in range(many))
            assert told == Counter({number: many for number, many in wanted.items() if many})
            for number in before:
                if roots[number] == root(number):
                    for path in tree:
                        assert new[path, number] == pasted[path, number]
        finally:
            os.chdir(here)
