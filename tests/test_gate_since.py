"""`--since`: findings on lines that were changed, in real repositories of git."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from repositories import NOBODY, commit, git, repository
from test_gate_baseline import BASE, ROOT, SCHEMA, check, dedup, here, paragraph, places, put, update

import dedup as package

__all__ = ["here"]  # a fixture that every test uses


def since(ref: str, *paths: str) -> list[str]:
    """Where the findings since a commit are; the exit status is as they say."""
    result = dedup("check", *(paths or (".",)), "--since", ref)
    assert result.exit_code in (0, 1), result.stderr
    assert (result.exit_code == 1) == bool(result.stdout)
    return places(result)


def test_only_what_was_changed_is_told() -> None:
    repository()
    put("a.md", 1, 2, 3)
    put("b.md", 4, 2, 5)
    commit()
    assert since("HEAD") == []
    put("b.md", 4, 2, 5, 3)
    assert since("HEAD") == ["b.md:7"]
    git("add", "-A")
    assert since("HEAD") == ["b.md:7"], "staged"
    commit()
    assert since("HEAD~1") == ["b.md:7"]
    assert since("HEAD") == []
    told = dedup("check", ".", "--since", "HEAD").stderr
    assert "dedup: 2 on lines not changed since HEAD not shown\n" in told
    report = json.loads(dedup("check", ".", "--since", "HEAD~1", "--format", "json").stdout)
    Draft202012Validator(SCHEMA).validate(report)
    summary = report["summary"]
    assert (summary["removed"], summary["unchanged"], len(report["removals"])) == (1, 1, 1)


def test_a_paste_is_reported_where_it_was_made() -> None:
    repository()
    put("z.md", 1, 2)
    put("m.md", 3)
    commit()
    put("a.md", 4, 5, 6, 2)
    result = dedup("check", ".", "--since", "HEAD")
    assert result.stdout.startswith("a.md:7: ") and result.stdout.endswith("= z.md:3\n")
    put("m.md", 3, 2)
    assert since("HEAD") == ["a.md:7", "m.md:3"]
    assert places(dedup("check", ".")) == ["m.md:3", "z.md:3"], "else the order is as it was"


def test_a_finding_counts_by_the_lines_of_its_twin() -> None:
    repository()
    put("a.md", 1, 2, 3)
    commit()
    put("a.md", 3, 1, 2, 3)
    assert since("HEAD") == ["a.md:7"], "what stood there before repeats what is new"


def test_what_both_branches_did_since_they_parted() -> None:
    repository()
    put("a.md", 1, 2)
    put("b.md", 3)
    commit()
    git("checkout", "-q", "-b", "topic")
    put("c.md", 4, 1)
    commit()
    git("checkout", "-q", "main")
    put("b.md", 3, 2)
    commit()
    git("checkout", "-q", "topic")
    assert since("main") == ["c.md:3"]
    git("merge", "-q", "-m", "m", "main")
    assert since("main") == ["c.md:3"], "what came with main was there on main"
    git("tag", "v1")
    assert since("v1") == []


def test_a_line_taken_out_of_a_block_changes_it() -> None:
    repository()
    one, two = paragraph(1), paragraph(2)
    put("a.md", f"{one}\n{two}", 3)
    put("b.md", f"{one}\nNot here.\n{two}", 4, 3, 5)
    commit()
    put("b.md", f"{one}\n{two}", 4, 3, 5)
    assert since("HEAD") == ["b.md:1"]
    commit()
    put("b.md", f"{one}\n{two}", 4, 3)
    assert since("HEAD") == [], "what stands above was there"
    put("b.md", f"{one}\n{two}", 3, 5)
    assert since("HEAD") == [], "and what stands around"


def test_untracked_and_ignored_files_are_new() -> None:
    repository()
    Path(".gitignore").write_text("out.md\n")
    put("a.md", 1)
    commit()
    put("b b.md", 1)
    put("out.md", 1)
    assert "b b.md:1: repeats a.md:1" in dedup("check", ".", "--since", "HEAD").stdout
    assert "out.md:1: repeats a.md:1" in dedup("check", "a.md", "out.md", "--since", "HEAD").stdout
    git("add", "-N", "b b.md")
    assert "b b.md:1: repeats a.md:1" in dedup("check", ".", "--since", "HEAD").stdout


@pytest.mark.parametrize(
    "name",
    ["b b.md", "ü/é è.md", 'q"uo\\te.md', "tab\tand ' .md", "new\nline.md", "b/ b/c.md", " .md", "-x.md"]
    + ([] if sys.platform in ("win32", "darwin") else [os.fsdecode(b"\xff\xe9.md")]),
)
def test_names_that_git_would_quote(name: str) -> None:
    repository()
    put("a.md", 1, 2, 3)
    put(name, 4, 1, 6, 7, 8)
    commit()
    put(name, 4, 1, 6, 7, 8, 5, 2)
    report = package.check(".", since="HEAD")
    assert [(each.document, each.line) for each in report.findings] == [(name, 13)]
    git("mv", "--", name, "old.md")
    report = package.check(".", since="HEAD")
    assert [(each.document, each.line) for each in report.findings] == [("old.md", 13)], (
        "renamed, and changed"
    )


def test_a_renamed_file_is_not_new() -> None:
    repository()
    put("a.md", 1, 2, 3, 4, 5)
    put("b.md", 1, 2, 3, 4, 6)
    commit()
    git("mv", "b.md", "c.md")
    assert since("HEAD") == []
    put("c.md", 1, 2, 3, 4, 6, 5)
    assert since("HEAD") == ["c.md:11"]
    git("mv", "a.md", "z.md")
    assert since("HEAD") == ["c.md:11"]


def test_a_moved_page_that_leaves_a_stub_is_not_new() -> None:
    repository()
    put("a.md", *range(1, 9))
    put("b.md", "# The port", *range(1, 7), 10)
    commit()
    git("mv", "b.md", "c.md")
    put("b.md", "# The port", "This page has moved.")
    git("add", "-N", ".")
    assert since("HEAD") == []
    put("b.md", "# The port", 1, "This page has moved.")
    assert since("HEAD") == ["b.md:3"], "what stays is there once more"
    put("b.md", "# The port", "This page has moved.")
    put("c.md", "# The port", *range(1, 7), 10, 7)
    assert since("HEAD") == ["c.md:17"]
    put("c.md", "# The port", *range(1, 7), 10)
    put("d.md", "# The port", *range(1, 7), 10, 11)
    git("add", "-N", ".")
    assert since("HEAD") == ["d.md:3", "d.md:15"], "moved once, copied once"
    put("d.md", "# The port", *range(1, 7), 10)
    assert dedup("check", ".", "--since", "HEAD").stdout == "d.md:1: repeats a.md:1\n"


def test_pages_that_swap_their_names_are_not_new() -> None:
    repository()
    put("a.md", *range(1, 10))
    put("b.md", *range(1, 6), 11)
    put("c.md", *range(6, 10), 12, 13)
    commit()
    Path("b.md").rename("t")
    Path("c.md").rename("b.md")
    Path("t").rename("c.md")
    assert since("HEAD") == []
    put("c.md", *range(1, 6), 11, 12)
    assert since("HEAD") == ["c.md:13"]


def test_what_stays_of_a_rewritten_page_is_not_new() -> None:
    repository()
    put("a.md", *range(1, 9))
    put("b.md", 1, 2, *range(10, 20))
    put("c.md", *range(20, 30))
    commit()
    put("b.md", 1, 2, *range(30, 40))
    assert since("HEAD") == []
    put("b.md", 1, 2, *range(20, 30), 3)
    Path("c.md").unlink()
    assert since("HEAD") == ["b.md:25"], "nor where it took in another"


def test_lines_that_look_like_a_patch() -> None:
    repository()
    odd = "++ b/a.md\n@@ -1 +1 @@\n-- a/x\ndiff --git a/b b/b"
    put("a.md", 1, 2)
    put("b.md", 3, f"```\n{odd}\n```")
    commit()
    put("b.md", 3, f"```\n{odd}\n{odd}\n```", 2)
    Path("c.md").write_text(f"{paragraph(5)}\n\n++ b/a.md", "utf-8")
    commit()
    Path("c.md").write_text(f"{paragraph(6)}\n\n{paragraph(1)}\n++ b/b.md", "utf-8")
    put("c.md", 5, 1)
    assert since("HEAD") == ["c.md:3"]
    assert since("HEAD~1") == ["b.md:14", "c.md:3"]


@pytest.mark.parametrize("setting", ["true", "input", "false"])
def test_other_line_ends_are_no_change(setting: str) -> None:
    repository()
    put("a.md", 1, 2)
    put("b.md", 3, 1)
    commit()
    git("config", "core.autocrlf", setting)
    for name in ("a.md", "b.md"):
        Path(name).write_bytes(Path(name).read_bytes().replace(b"\n", b"\r\n"))
    assert since("HEAD") == []
    with Path("b.md").open("ab") as file:
        file.write(b"\r\n" + paragraph(2).encode() + b"\r\n")
    assert since("HEAD") == ["b.md:5"]


def test_settings_of_git_do_not_matter() -> None:
    repository()
    put("a.md", *range(9))
    put("b/b.md", 20, 1, 21)
    commit()
    for name, value in {
        "diff.noprefix": "true",
        "diff.mnemonicPrefix": "true",
        "diff.context": "9",
        "diff.interHunkContext": "9",
        "diff.renames": "copies",
        "color.ui": "always",
        "diff.external": "false",
        "diff.relative": "true",
        "core.quotePath": "true",
    }.items():
        git("config", name, value)
    put("b/b.md", 22, 20, 1, 21, 2)
    put("c.md", *range(9))
    assert since("HEAD", "a.md", "b") == ["b/b.md:9"]
    assert "c.md:1: repeats a.md:1" in dedup("check", ".", "--since", "HEAD").stdout, "a copy is no rename"


def test_other_encodings_and_lone_returns() -> None:
    repository()
    put("a.txt", 1, 2)
    Path("w.txt").write_bytes(f"{paragraph(3)}\n\n{paragraph(1)}\n".encode("utf-16"))
    Path("r.txt").write_bytes(
        f"{paragraph(4)}\r\r{paragraph(5)}\r\r{paragraph(1)}\n\n{paragraph(6)}\n".encode()
    )
    commit()
    assert since("HEAD") == []
    git("mv", "w.txt", "v.txt")
    assert since("HEAD") == []
    Path("v.txt").write_bytes(f"{paragraph(3)}\n\n{paragraph(1)}\n\n{paragraph(2)}\n".encode("utf-16"))
    assert since("HEAD") == ["v.txt:3"], "to git it is no text: every line counts"
    git("reset", "-q", "--hard")
    with Path("r.txt").open("ab") as file:
        file.write(f"\n{paragraph(2)}\n".encode())
    assert since("HEAD") == ["r.txt:9"]


def test_rows_of_a_table() -> None:
    repository()
    rows = [{"text": paragraph(number)} for number in (1, 2, 1)]
    lines = [json.dumps(row) + "\n" for row in rows]
    Path("t.jsonl").write_text("".join(lines), "utf-8")
    Path("t.csv").write_text(f'text\n"{paragraph(3)}\n\n{paragraph(4)}"\n"{paragraph(3)}\n\n"\n', "utf-8")
    commit()
    assert since("HEAD", "t.jsonl", "t.csv") == []
    with Path("t.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"text": paragraph(2)}) + "\n")
    with Path("t.csv").open("a", encoding="utf-8") as file:
        file.write(f'"{paragraph(5)}"\n"{paragraph(4)}"\n')
    report = package.check("t.jsonl", "t.csv", since="HEAD")
    assert [
        (each.document, paragraph(2) in each.text or paragraph(4) in each.text) for each in report.findings
    ] == [
        ("t.jsonl", True),
        ("t.csv", True),
    ]


def test_worktrees_and_other_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    repository("r")
    put("r/docs/a.md", 1, 2)
    put("r/docs/b.md", 1)
    commit("r")
    git("worktree", "add", "-q", "-b", "side", "../w", at="r")
    put("w/docs/b.md", 3, 2)
    assert since("main", "w") == ["w/docs/b.md:3"]
    assert since("main", "r") == []
    monkeypatch.chdir("w/docs")
    assert since("main", ".") == ["b.md:3"]
    commit("..")
    assert since("HEAD") == []
    assert since("main", "../docs") == ["../docs/b.md:3"]


def test_submodules(monkeypatch: pytest.MonkeyPatch) -> None:
    repository("lib")
    put("lib/a.md", 1, 2)
    commit("lib")
    repository("r")
    put("r/top.md", 7, 2)
    commit("r")
    git("submodule", "add", "-q", str(Path("lib").resolve()), "sub", at="r")
    put("r/sub/b.md", 8, 7)
    monkeypatch.chdir("r")
    report = package.check(".", since="HEAD")
    assert {each.document for each in report.findings} == {"sub/a.md", "sub/b.md"}, "the submodule is new"
    git("add", "-A", at="sub")
    git("commit", "-q", "-m", "m", at="sub")
    commit()
    assert since("HEAD") == []
    put("sub/a.md", 1, 2, 9, 7)
    assert since("HEAD") == ["sub/a.md:7"]
    commit("sub")
    assert since("HEAD") == ["sub/a.md:7"], "compared with the commit that the repository above has"
    commit()
    assert since("HEAD") == []
    assert since("HEAD~1") == ["sub/a.md:7"]
    monkeypatch.chdir("sub")
    put("c.md", 5, 1)
    assert since("HEAD") == ["c.md:3"], "inside it is a repository of its own"


def test_in_a_hook_of_git() -> None:
    repository("lib")
    put("lib/a.md", 1)
    commit("lib")
    repository("r")
    git("submodule", "add", "-q", str(Path("lib").resolve()), "sub", at="r")
    put("r/b.md", 2, 3)
    commit("r")
    hook = Path("r/.git/hooks/pre-commit")
    hook.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup check . --since HEAD\n')
    hook.chmod(0o755)
    put("r/c.md", 4, 3)
    git("add", "c.md", at="r")
    done = subprocess.run(
        ["git", "commit", "-m", "m"],
        cwd="r",
        capture_output=True,
        text=True,
        env={**os.environ, **NOBODY, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 1 and "c.md:3: verbatim" in done.stdout + done.stderr, done.stderr


def test_with_a_baseline() -> None:
    repository()
    put("a.md", 1, 2, 3)
    put("b.md", 1, 4)
    update()
    commit()
    put("a.md", 5, 1, 2, 3)
    put("c.md", 6, 3)
    result = check(".", "--since", "HEAD")
    assert places(result) == ["c.md:3"]
    put("a.md", 1, 5, 2, 3)
    update()
    assert check(".", "--since", "HEAD").exit_code == 0
    put("b.md", 7)
    assert check(".", "--since", "HEAD").exit_code == 0
    assert "b.md" not in Path(BASE).read_text("utf-8"), "it shrinks as ever"


def test_what_cannot_be_said_is_one_line() -> None:
    put("a.md", 1)
    lonely = dedup("check", "a.md", "--since", "HEAD")
    assert (lonely.exit_code, lonely.stderr) == (2, "dedup: --since HEAD: a.md: not in a git repository\n")
    repository()
    top = Path.cwd()
    empty = dedup("check", ".", "--since", "HEAD")
    assert (empty.exit_code, empty.stderr) == (2, f"dedup: --since HEAD: no such commit in {top}\n")
    commit()
    for ref in ("nope", "", "--all", "HEAD:a.md", "HEAD~7"):
        bad = dedup("check", ".", f"--since={ref}")
        assert (bad.exit_code, bad.stdout, bad.stderr.count("\n")) == (2, "", 1), ref
        assert bad.stderr.startswith(f"dedup: --since {ref}: ")
    stdin = dedup("check", "-", "a.md", "--since", "HEAD")
    assert (stdin.exit_code, stdin.stderr) == (2, "dedup: --since HEAD: standard input has no history\n")
    git("checkout", "-q", "--orphan", "other")
    put("b.md", 2)
    commit()
    apart = dedup("check", ".", "--since", "main")
    assert apart.exit_code == 2 and "no commit in common with HEAD" in apart.stderr


def test_a_broken_repository_is_one_line() -> None:
    put("a.md", 1)
    Path(".git").mkdir()
    result = dedup("check", ".", "--since", "HEAD")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "not a git repository" in result.stderr


PARAGRAPHS = st.lists(st.integers(1, 9), min_size=1, max_size=7)


@given(st.dictionaries(st.sampled_from("abc"), PARAGRAPHS, min_size=1), st.data())
@settings(max_examples=15, deadline=None)
def test_what_git_says_was_added_is_what_counts(tree: dict[str, list[int]], data: st.DataObject) -> None:
    """One line a paragraph: a finding is told of where its line, or its twin's, is not one of git's blame."""
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            repository()
            for name, numbers in tree.items():
                put(f"{name}.md", *numbers)
            commit()
            for name, numbers in tree.items():
                put(
                    f"{name}.md",
                    *data.draw(st.permutations(numbers)),
                    *data.draw(st.lists(st.integers(1, 9), max_size=2)),
                )
            told = Counter((each.document, each.line) for each in package.check(".", since="HEAD").findings)
            new = {}
            for name in tree:
                blamed = git("blame", "--porcelain", f"{name}.md").splitlines()
                heads = [line.split() for line in blamed if len(line.split(" ")[0]) == 40]
                new[f"{name}.md"] = {int(head[2]) for head in heads if set(head[0]) == {"0"}}
            late = sorted(tree, key=lambda name: (bool(new[f"{name}.md"]) or _is_changed(name), name))
            everything = package.check(*(f"{name}.md" for name in late)).findings
            wanted = Counter(
                (each.document, each.line)
                for each in everything
                if each.line in new[each.document] or each.kept.line in new[each.kept.document]
            )
            assert told == wanted
        finally:
            os.chdir(here)


def _is_changed(name: str) -> bool:
    return f"{name}.md" in git("diff", "--name-only", "HEAD").split()
