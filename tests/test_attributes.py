"""`.gitattributes`: what is generated or comes from elsewhere is nobody's to clean."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dedup import Settings
from dedup.sources import Sources

TEXT = "The harbour board voted on Tuesday to build a second ferry berth at Eastquay, ready in spring.\n"


def paths(root: Path) -> list[str]:
    return [file.inside for file in Sources([str(root)], Settings()).files]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("page.md", "api/page.md", "api/own.md", "third/party/page.md", "third/page.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TEXT)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    return tmp_path


def test_generated_and_vendored_files_are_passed_over(root: Path) -> None:
    (root / ".gitattributes").write_text(
        "api/** linguist-generated\nthird/party/*.md linguist-vendored=true\n"
    )
    sources = Sources([str(root)], Settings())
    assert [file.inside for file in sources.files] == ["page.md", "third/page.md"]
    assert sources.passed_over == {"generated": 2, "vendored": 1}


def test_the_last_line_and_the_nearest_file_count(root: Path) -> None:
    (root / ".gitattributes").write_text("*.md linguist-generated\nthird/** -linguist-generated\n")
    (root / "api" / ".gitattributes").write_text("own.md linguist-generated=false\n")
    assert paths(root) == ["api/own.md", "third/page.md", "third/party/page.md"]


def test_attributes_above_the_folder_count(root: Path) -> None:
    (root / ".gitattributes").write_text("api/page.md linguist-generated\n")
    assert paths(root / "api") == ["own.md"]


def test_a_file_that_is_named_is_read(root: Path) -> None:
    (root / ".gitattributes").write_text("*.md linguist-generated\n")
    assert paths(root) == []
    assert paths(root / "page.md") == ["page.md"]


def test_outside_a_repository_they_mean_nothing(tmp_path: Path) -> None:
    (tmp_path / ".gitattributes").write_text("*.md linguist-generated\n")
    (tmp_path / "page.md").write_text(TEXT)
    assert paths(tmp_path) == ["page.md"]


def test_names_that_need_care(root: Path) -> None:
    (root / "ä b\nc.md").write_text(TEXT)
    (root / ".gitattributes").write_text("api/** linguist-generated\n*b* linguist-vendored\n", "utf-8")
    assert paths(root) == ["page.md", "third/page.md", "third/party/page.md"]
