"""Real articles, cleaned and restored through the command line."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from real_data import clean_tree, data, folder_of, hashes, succeed

pytestmark = pytest.mark.real


def test_the_article_loses_a_headline_and_five_paragraphs(tmp_path: Path) -> None:
    shutil.copy(data("article.txt"), tmp_path)
    source = (tmp_path / "article.txt").read_bytes()
    succeed("clean", "article.txt", "-o", "clean.txt", "--report", "r.json", cwd=tmp_path)
    lines = source.splitlines(keepends=True)
    gone = {4, *range(12, 17)}
    assert (tmp_path / "clean.txt").read_bytes() == b"".join(
        line for number, line in enumerate(lines, 1) if number not in gone
    )
    report = json.loads((tmp_path / "r.json").read_bytes())
    found = [(r["line"], r["end_line"], r["rule"], r["kept"]["line"]) for r in report["removals"]]
    assert found == [(4, 4, "headline", 2), *((n, n, "verbatim", n - 5) for n in range(12, 17))]
    assert report["flags"] == []
    succeed("restore", "r.json", cwd=tmp_path)
    assert (tmp_path / "clean.txt").read_bytes() == source


@pytest.mark.parametrize("preset", ["prose", "corpus"])
def test_news_with_latin_1_bytes_is_cleaned_and_restored(preset: str, tmp_path: Path) -> None:
    source = folder_of("abc", tmp_path)
    original = {name: digest for name, digest in hashes(source).items() if name.endswith(".txt")}
    raw = {name: (source / name).read_bytes() for name in original}
    assert any(_is_latin_1(text) for text in raw.values())

    run = clean_tree(tmp_path, "abc", "--preset", preset)
    assert run.report["summary"]["removed"] > 30
    for name, text in raw.items():
        # What is left are lines of the source, in their order.
        rest = iter(text.splitlines(keepends=True))
        assert all(line in rest for line in run.cleaned_of(f"abc/{name}").splitlines(keepends=True))

    again = clean_tree(tmp_path / "cleaned", "abc", "--preset", preset)
    assert again.report["summary"]["removed"] == 0

    succeed("restore", "r.json", cwd=tmp_path)
    assert hashes(run.output) == original


def test_news_cleaned_in_place_is_restored(tmp_path: Path) -> None:
    source = folder_of("abc", tmp_path)
    original = hashes(source)
    succeed("clean", "abc", "--in-place", "--report", "r.json", cwd=tmp_path)
    changed = Counter(hashes(source)[name] != digest for name, digest in original.items())
    assert changed[True] == 2
    succeed("restore", "r.json", cwd=tmp_path)
    assert hashes(source) == original


def _is_latin_1(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False
