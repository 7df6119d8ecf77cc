"""The Python calls: check, clean, document, Cleaner, and what they say to wrong use."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dedup
from dedup import Cleaner, DedupError, Document, InputProblems, Report, Settings

P = "The committee met in the town hall on a rainy evening to hear what people had to say about the new road."
Q = "Nobody in the village remembers when the old mill by the river was built, but everybody knows its story."


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs/deep").mkdir(parents=True)
    (tmp_path / "docs/a.md").write_text(f"# One\n\n{P}\n")
    (tmp_path / "docs/deep/b.txt").write_text(f"{Q}\n\n{P}\n")
    return tmp_path


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()
    }


def test_names() -> None:
    assert set(dedup.__all__) <= set(dir(dedup))
    for name in dedup.__all__:
        assert getattr(dedup, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        dedup.nonsense  # noqa: B018


def loaded_by(code: str) -> set[str]:
    """Which of the modules that take long to load a piece of Python loads."""
    show = "import sys; print(*{'numpy', 'polars', 'rich', 'datasketch', 'pyarrow'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(Path(dedup.__file__).parents[1])}
    command = [sys.executable, "-c", f"{code}; {show}"]
    return set(
        subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout.split()
    )


def test_importing_costs_nothing_and_checking_little(folder: Path) -> None:
    assert loaded_by("import dedup") == set()
    assert loaded_by("import dedup; assert dedup.check('docs')") <= {"numpy"}


def test_check_changes_nothing(folder: Path) -> None:
    before = files(folder)
    report = dedup.check("docs")
    assert isinstance(report, Report)
    assert files(folder) == before
    (removal,) = report.removals
    assert (removal.document, removal.line, removal.kept.document, removal.kept.line) == (
        "docs/deep/b.txt",
        3,
        "docs/a.md",
        3,
    )
    assert bool(report)
    assert not dedup.check("docs/a.md")


def test_paths_may_be_paths(folder: Path) -> None:
    assert dedup.check(Path("docs"), folder / "docs/a.md").summary.documents == 2


def test_clean_into_a_folder(folder: Path) -> None:
    before = files(folder)
    report = dedup.clean("docs", output="out")
    assert len(report.removals) == 1
    assert files(folder / "out") == {"a.md": f"# One\n\n{P}\n", "deep/b.txt": f"{Q}\n\n"}
    assert {name: text for name, text in files(folder).items() if not name.startswith("out")} == before
    assert [entry.output for entry in report.documents] == ["out/a.md", "out/deep/b.txt"]


def test_clean_into_a_file(folder: Path) -> None:
    Path("twice.md").write_text(f"{P}\n\n{Q}\n\n{P}\n")
    dedup.clean("twice.md", output=Path("once.md"), report="r.json")
    assert Path("once.md").read_text() == f"{P}\n\n{Q}\n\n"
    assert Path("r.json").exists()


def test_clean_in_place(folder: Path) -> None:
    report = dedup.clean("docs", in_place=True, report="r.json")
    assert report.summary.removed == 1
    assert Path("docs/deep/b.txt").read_text() == f"{Q}\n\n"
    assert Path("r.json").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({}, "output or in_place"),
        ({"output": "o", "in_place": True}, "output or in_place"),
        ({"in_place": True}, "report"),
        ({"in_place": True, "report": "r.csv"}, "report"),
        ({"output": "o", "settings": Settings(), "near": "flag"}, "either settings or single options"),
        ({"output": "docs"}, "input itself"),
    ],
)
def test_wrong_use_of_clean(folder: Path, arguments: dict[str, Any], told: str) -> None:
    before = files(folder)
    with pytest.raises(DedupError, match=told):
        dedup.clean("docs", **arguments)
    assert files(folder) == before


def test_settings_or_options(folder: Path) -> None:
    assert not dedup.check("docs", scope="within")
    assert not dedup.check("docs", settings=Settings.of(scope="within"))
    assert dedup.check("docs", min_words=9).settings["min_words"] == 9


def test_one_bad_input_does_not_stop_the_others(folder: Path) -> None:
    with pytest.raises(InputProblems) as caught:
        dedup.clean("docs", "missing.md", output="out")
    error = caught.value
    assert [problem.path for problem in error.problems] == ["missing.md"]
    assert "missing.md" in str(error)
    assert "\n" not in str(error)
    assert len(error.report.removals) == 1
    assert len(files(folder / "out")) == 2


def test_empty_documents_are_dropped_where_so_set(folder: Path) -> None:
    Path("docs/c.txt").write_text(f"{P}\n")
    dedup.clean("docs", output="kept")
    assert files(folder / "kept")["c.txt"] == ""
    report = dedup.clean("docs", output="dropped", empty="drop")
    assert "c.txt" not in files(folder / "dropped")
    assert [entry.path for entry in report.documents if entry.dropped] == ["docs/c.txt"]


def test_document_takes_text_and_bytes() -> None:
    for text in (P, P.encode(), P.encode("utf-8-sig"), P.encode("utf-16")):
        made = dedup.document(text, "a.txt")
        assert isinstance(made, Document)
        assert made.text == P.encode()
        assert made.path == "a.txt"


@pytest.mark.parametrize("data", [b"a\0b", b"\xff\xfea", "a".encode("utf-32")])
def test_document_refuses_what_is_no_text(data: bytes) -> None:
    with pytest.raises(DedupError) as caught:
        dedup.document(data, "picture.png")
    assert str(caught.value).startswith("picture.png: ")
    assert "\n" not in str(caught.value)


def test_cleaner_one_by_one() -> None:
    cleaner = Cleaner()
    first = cleaner.clean(dedup.document(f"{P}\n", "a.txt"))
    second = cleaner.clean(dedup.document(f"{Q}\n\n{P}\n", "b.txt"))
    assert first.content == f"{P}\n".encode()
    assert second.content == f"{Q}\n\n".encode()
    assert [removal.kept.document for removal in second.removals] == ["a.txt"]
    assert (cleaner.report.summary.documents, cleaner.report.summary.removed) == (2, 1)
    assert not first.empty
    assert cleaner.clean(dedup.document(f"{P}\n", "c.txt")).empty


def test_feed_takes_no_more_than_it_needs() -> None:
    """A stream without end gives cleaned documents before it is read to its end."""

    def endless() -> Iterator[Document]:
        number = 0
        while True:
            number += 1
            yield dedup.document(f"{P}\n\nPage {number}.\n" * 2000, f"{number}.txt")

    results = Cleaner().feed(endless())
    assert [next(results).document.path for _ in range(3)] == ["1.txt", "2.txt", "3.txt"]


def test_the_report_goes_back_to_the_source() -> None:
    cleaner = Cleaner()
    cleaner.clean(dedup.document(f"{P}\n", "a.txt"))
    cleaned = cleaner.clean(dedup.document(f"{Q}\n\n{P}\n\n{P}\n", "b.txt"))
    assert [[removal.raw for removal in run] for run in cleaner.report.runs()] == [
        [f"{P}\n\n".encode()],
        [f"{P}\n".encode()],
    ]
    assert cleaner.report.of_document("b.txt") == list(cleaned.removals)
    assert 0 < cleaner.report.summary.share_removed < 1
