"""The way back: every byte, from a mirror or in place, and nothing where the exact original is not certain."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.output import cut_out
from dedup.problems import DedupError
from dedup.report.files import read_report, write_report
from dedup.report.model import DocumentEntry, Place, Removal, Report
from dedup.restore import Restored, put_back, restore

A = b"\xef\xbb\xbfone\r\n\r\ntw\xf6\r\n\r\none"
B = b"one\n\nthree\n"
CUTS = {"a.md": (A, [(10, 17)]), "sub/b.md": (B, [(0, 5)]), "c.md": (b"new\n", [])}
CLEAN_A = cut_out(A, [(10, 17)])


def removals_of(path: str, source: bytes, ranges: list[tuple[int, int]]) -> list[Removal]:
    kept = Place("a.md", 3, 6, 1)
    return [
        Removal(
            path, start, end, 1, 1, "paragraph", "verbatim", 1.0, 1, kept, raw.decode("utf-8", "replace"), raw
        )
        for start, end in ranges
        for raw in [source[start:end]]
    ]


def digest(data: bytes) -> str:
    return sha256(data).hexdigest()


def run(folder: str, *, mirror: str | None = None, done: bool = True) -> Report:
    """Sources under `folder`, cleaned into the mirror or in place (unless not `done`), and the report of it."""
    report = Report()
    for name, (source, ranges) in CUTS.items():
        path, content = f"{folder}/{name}", cut_out(source, ranges)
        put(path, source)
        output = f"{mirror}/{name}" if mirror else None
        if done:
            put(output or path, content)
        report.documents.append(
            DocumentEntry(path, digest(source), digest(content), output=output, inside=name)
        )
        report.removals += removals_of(path, source, ranges)
    return report


def put(path: str, content: bytes) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def tree(folder: str) -> dict[str, bytes]:
    root = Path(folder)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


ORIGINAL = {name: CUTS[name][0] for name in sorted(CUTS)}


def reasons(result: Restored) -> list[str]:
    return list(map(str, result.problems))


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- exact ----------------------------------------------------------------------------------------------------


@given(
    st.binary(max_size=80), st.lists(st.integers(0, 80), max_size=10), st.sampled_from([".json", ".jsonl"])
)
@settings(max_examples=500, deadline=None)
def test_cut_out_and_put_back_give_the_source(
    tmp_path_factory: pytest.TempPathFactory, source: bytes, edges: list[int], ending: str
) -> None:
    edges = sorted(min(edge, len(source)) for edge in edges)
    ranges = list(zip(edges[::2], edges[1::2], strict=False))
    cleaned = cut_out(source, ranges)
    saved = Report(
        documents=[DocumentEntry("a.md", digest(source), digest(cleaned))],
        removals=removals_of("a.md", source, ranges),
    )
    folder = tmp_path_factory.getbasetemp()
    (folder / "a.md").write_bytes(cleaned)
    write_report(saved, folder / f"r{ending}")
    result = restore(read_report(folder / f"r{ending}"), folder)
    assert not result.problems
    assert (folder / "a.md").read_bytes() == source


def test_in_place() -> None:
    report = run("docs")
    Path("docs/a.md").chmod(0o640)
    result = restore(report)
    assert result == Restored(restored=["docs/a.md", "docs/sub/b.md"])
    assert tree("docs") == ORIGINAL
    assert stat.S_IMODE(Path("docs/a.md").stat().st_mode) == 0o640


def test_mirror() -> None:
    report = run("docs", mirror="out")
    put("docs/a.md", b"gone on since")
    assert restore(report).restored == ["out/a.md", "out/sub/b.md"]
    assert tree("out") == ORIGINAL
    assert Path("docs/a.md").read_bytes() == b"gone on since"


def test_twice_is_once() -> None:
    report = run("docs")
    restore(report)
    before = Path("docs/a.md").stat()
    assert restore(report) == Restored(already=["docs/a.md", "docs/sub/b.md"])
    assert Path("docs/a.md").stat().st_ino == before.st_ino


def test_after_a_clean_that_was_cut_short() -> None:
    report = run("docs", done=False)
    put("docs/sub/b.md", cut_out(*CUTS["sub/b.md"]))
    assert restore(report) == Restored(restored=["docs/sub/b.md"], already=["docs/a.md"])
    assert tree("docs") == ORIGINAL


def test_a_link_stays_and_its_target_is_restored() -> None:
    report = run("docs")
    Path("docs/a.md").rename("docs/real.md")
    Path("docs/a.md").symlink_to("real.md")
    restore(report)
    assert Path("docs/a.md").is_symlink()
    assert Path("docs/real.md").read_bytes() == A


def dropped_report() -> Report:
    source = b"\n\none\n"
    return Report(
        documents=[
            DocumentEntry(
                "docs/d.md",
                digest(source),
                digest(b"\n\n"),
                output="out/deep/d.md",
                dropped=True,
                inside="deep/d.md",
                rest=b"\n\n",
            )
        ],
        removals=removals_of("docs/d.md", source, [(2, 6)]),
    )


def test_a_dropped_document_is_made_anew() -> None:
    report = dropped_report()
    assert restore(report) == Restored(restored=["out/deep/d.md"])
    assert Path("out/deep/d.md").read_bytes() == b"\n\none\n"
    assert restore(report) == Restored(already=["out/deep/d.md"])
    put("out/deep/d.md", b"mine")
    assert reasons(restore(report)) == ["out/deep/d.md: edited since; left as it is"]


@pytest.mark.parametrize("root", ["out", "."])
def test_a_dropped_document_is_made_where_it_would_have_been(root: str) -> None:
    restore(dropped_report(), Path(root))
    assert list(tree(".")) == ["out/deep/d.md"]


def test_a_dropped_document_goes_where_its_tree_went() -> None:
    report = run("docs", mirror="out")
    gone = dropped_report()
    report.documents += gone.documents
    report.removals += gone.removals
    Path("out").rename("moved")
    assert not restore(report, Path("moved")).problems
    assert tree("moved") == {**ORIGINAL, "deep/d.md": b"\n\none\n"}


# --- where ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mirror", "moved", "folder", "root"),
    [
        (None, None, ".", "docs"),
        (None, None, "docs", ".."),
        (None, None, "elsewhere", ".."),
        (None, "moved/tree", ".", "moved/tree"),
        (None, "moved/docs", ".", "moved"),
        ("out", None, ".", "out"),
        ("out", None, "elsewhere", "../out"),
        ("out", None, "elsewhere", ".."),
        ("out", "moved", ".", "moved"),
        ("HERE/out", None, "elsewhere", ".."),
        ("HERE/out", "moved", "elsewhere", "../moved"),
    ],
)
def test_root_finds_the_tree(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    mirror: str | None,
    moved: str | None,
    folder: str,
    root: str,
) -> None:
    report = run("docs", mirror=mirror.replace("HERE", str(here)) if mirror else None)
    place = "out" if mirror else "docs"
    if moved:
        Path(moved).parent.mkdir(parents=True, exist_ok=True)
        Path(place).rename(moved)
    Path("elsewhere").mkdir()
    monkeypatch.chdir(folder)
    result = restore(report, Path(root))
    assert not result.problems
    assert len(result.restored) == 2
    assert tree(str(here / (moved or place))) == ORIGINAL


@pytest.mark.parametrize("name", ["../a.md", "HERE/a.md", "docs/../../a.md", "link/a.md", "linked.md"])
def test_nothing_outside_is_touched(here: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    put("a.md", CLEAN_A)
    Path("root").mkdir()
    monkeypatch.chdir("root")
    Path("link").symlink_to("..")
    Path("linked.md").symlink_to("../a.md")
    Path("docs").mkdir()
    report = run("docs")
    path = name.replace("HERE", str(here))
    report.documents[0] = replace(report.documents[0], path=path, inside=path)
    report.removals = [
        replace(item, document=path) for item in report.removals if item.document == "docs/a.md"
    ]
    for root in (None, Path(), Path("docs")):
        result = restore(report, root)
        assert len(result.problems) == 1
        # Below docs there are no such links.
        assert "lies outside" in reasons(result)[0] or (root == Path("docs") and "link" in path)
    assert (here / "a.md").read_bytes() == CLEAN_A


@pytest.mark.parametrize("name", ["a\0.md", "\ud800.md", "", ".", "docs", "x" * 300])
def test_a_path_that_is_none_is_a_problem(name: str) -> None:
    report = run("docs")
    report.documents[0] = replace(report.documents[0], path=name)
    report.removals[0] = replace(report.removals[0], document=name)
    result = restore(report)
    assert [problem.path for problem in result.problems] == [name]
    assert result.restored == ["docs/sub/b.md"]


# --- not certain ----------------------------------------------------------------------------------------------


def test_what_was_edited_or_is_gone_is_said_and_left_alone() -> None:
    report = run("docs")
    put("docs/a.md", CLEAN_A + b"!")
    Path("docs/sub/b.md").unlink()
    told: list[Any] = []
    result = restore(report, on_problem=told.append)
    assert reasons(result) == ["docs/a.md: edited since; left as it is", "docs/sub/b.md: not found"]
    assert told == result.problems
    assert tree("docs") == {"a.md": CLEAN_A + b"!", "c.md": b"new\n"}


@pytest.mark.parametrize(
    "changes",
    [
        [{"start": -7, "end": 0}],
        [{"start": 17, "end": 10}],
        [{"start": 11, "end": 18}],
        [{"start": 10, "end": 16}],
        [{"end": 10**15}],
        [{"start": 10**15, "end": 10**15 + 7}],
        [{"raw": b"forged!"}],
        [{}, {}],
        [{}, {"start": 0, "end": 7}],
    ],
)
def test_a_report_that_does_not_give_the_original_changes_nothing(changes: list[dict[str, Any]]) -> None:
    report = run("docs")
    report.removals[:1] = [replace(report.removals[0], **change) for change in changes]
    result = restore(report)
    assert result.restored == ["docs/sub/b.md"]
    assert [problem.path for problem in result.problems] == ["docs/a.md"]
    assert "left as it is" in result.problems[0].reason
    assert Path("docs/a.md").read_bytes() == CLEAN_A
    assert len(list(Path("docs").iterdir())) == 3


def test_a_removal_of_no_document_is_a_problem() -> None:
    report = run("docs")
    del report.documents[0]
    assert reasons(restore(report)) == ["docs/a.md: has removals and is not among the report's documents"]


@given(
    st.binary(max_size=20),
    st.lists(
        st.tuples(st.integers(-3, 30), st.binary(max_size=5), st.sampled_from([0, 0, 0, 1, -9])), max_size=4
    ),
)
@settings(max_examples=500)
def test_hostile_ranges_never_do_more_than_fail(
    cleaned: bytes, claimed: list[tuple[int, bytes, int]]
) -> None:
    removed = [(start, start + len(raw) + wrong, raw) for start, raw, wrong in claimed]
    try:
        source = put_back(cleaned, removed)
    except DedupError:
        return
    assert cut_out(source, [(start, end) for start, end, _ in removed]) == cleaned
    assert all(source[start:end] == raw for start, end, raw in removed)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_to_is_a_problem() -> None:
    report = run("docs")
    Path("docs").chmod(0o555)
    try:
        result = restore(report)
    finally:
        Path("docs").chmod(0o755)
    assert reasons(result) == ["docs/a.md: left as it is: permission denied"]
    assert result.restored == ["docs/sub/b.md"]
