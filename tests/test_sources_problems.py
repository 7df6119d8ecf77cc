from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from trees import feed, link, write

from dedup.problems import Problem
from dedup.settings import Settings
from dedup.sources import Sources

DEFAULT = Settings()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def unprivileged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A current folder whose modes hold for this process, also where the tests run as root."""
    pytest.importorskip("pathspec")  # now, as the packages' folder may be closed to another user
    place = Path(tempfile.mkdtemp())
    place.chmod(0o777)
    monkeypatch.chdir(place)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    yield place
    if root:
        os.seteuid(0)
    shutil.rmtree(place)


def problems(*paths: str) -> list[str]:
    sources = Sources(paths, DEFAULT)
    list(sources)
    return [str(problem) for problem in sources.problems]


def test_bad_links_are_told_and_the_rest_is_read() -> None:
    write("t/a.md", "t/d/b.md")
    link("t/broken.md", "nowhere.md")
    link("t/d/up", "..")
    link("t/self.md", "self.md")
    link("t/.hidden", "nowhere")
    sources = Sources(["t", "t/broken.md", "t/self.md"], DEFAULT)
    assert [document.path for document in sources] == ["t/a.md", "t/d/b.md"]
    assert [str(problem) for problem in sources.problems] == [
        "t/broken.md: broken symlink",
        "t/self.md: symlink loop",
        "t/d/up: symlink loop",
        "t/broken.md: broken symlink",
        "t/self.md: symlink loop",
    ]


def test_what_is_not_there() -> None:
    write("a.md")
    assert problems("./no.md", "a.md", "") == [
        "no.md: no such file or directory",
        "'': no such file or directory",
    ]


def test_a_directory_without_text() -> None:
    write("t/a.png", "u/.b.md")
    link("v/broken.md", "nowhere.md")
    assert problems("t", "./u/", "v", "a") == [
        "t: no text in this directory",
        "u: no text in this directory",
        "v/broken.md: broken symlink",
        "a: no such file or directory",
    ]


def test_a_directory_whose_text_was_named_before_is_no_problem() -> None:
    write("t/a.md")
    assert problems("t/a.md", "t") == []


def test_named_files_that_are_no_text() -> None:
    write("binary", content=b"\0")
    write("t/bad.txt", content=b"\xff\xfea")
    os.mkfifo("fifo")
    assert problems("binary", "t", "fifo") == [
        "fifo: not a regular file",
        "binary: binary file",
        "t/bad.txt: not valid UTF-16",
    ]


def test_what_may_not_be_read(unprivileged: Path) -> None:
    write("t/a.md", "t/b.md", "t/c/d.md", "t/e/f.md", "t/e/g.md")
    write("t/.gitignore", content=b"g.md\n")
    write("t/e/.gitignore", content=b"f.md\n")
    closed = [Path("t/a.md"), Path("t/c"), Path("t/e/.gitignore")]
    for path in closed:
        path.chmod(0)
    sources = Sources(["t", "t/c/d.md"], DEFAULT)
    assert [document.path for document in sources] == ["t/b.md", "t/e/f.md"]
    for path in closed:
        path.chmod(0o700)
    reason = "permission denied"
    named = ["t/c", "t/e/.gitignore", "t/c/d.md", "t/a.md"]
    assert [str(problem) for problem in sources.problems] == [f"{path}: {reason}" for path in named]


@pytest.mark.skipif(
    not Path("/proc/self/mem").exists(), reason="needs a file that is there and cannot be read"
)
def test_an_error_while_reading() -> None:
    write("a.md")
    sources = Sources(["/proc/self/mem", "a.md"], DEFAULT)
    assert [document.path for document in sources] == ["a.md"]
    assert [str(problem) for problem in sources.problems] == ["/proc/self/mem: input/output error"]


def test_problems_are_told_when_they_arise_and_files_are_read_in_turn() -> None:
    write("t/a.md", "t/b.md", "t/c.md")
    told: list[Problem] = []
    sources = Sources(["no", "t"], DEFAULT, on_problem=told.append)
    assert told == sources.problems == [Problem("no", "no such file or directory")]
    assert (len(sources), sources.total_bytes) == (3, 3 * len(b"This is t/a.md.\n"))
    stream = iter(sources)
    assert next(stream).path == "t/a.md"
    Path("t/b.md").unlink()
    write("t/c.md", content=b"changed")
    assert next(stream).source == b"changed"
    assert told == sources.problems
    assert told[1:] == [Problem("t/b.md", "no such file or directory")]


def test_an_empty_file_is_a_document() -> None:
    write("a.md", content=b"")
    assert [document.text for document in Sources(["a.md"], DEFAULT)] == [b""]


def test_bad_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"\0")
    assert problems("-") == ["-: binary file"]
    monkeypatch.setattr(sys, "stdin", None)
    assert problems("-") == ["-: standard input is closed"]
