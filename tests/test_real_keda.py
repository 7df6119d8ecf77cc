"""A real documentation repository, cleaned and restored through the command line."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from real_data import Run, clean_tree, folder_of, hashes, succeed

from dedup.words import folded_words

pytestmark = pytest.mark.real

KEDA = "keda-docs"
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?(---|\+\+\+)\r?\n(?:.*\n)*?\1[ \t]*(?:\r?\n|\Z)")
# What a list, a quotation or a file ends a block with.
_AFTER = "> \t\r\n"
_SHOWN = ("fence", "code_block", "table_open", "html_block")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("keda")
    folder_of(KEDA, folder)
    return clean_tree(folder, KEDA)


def protected(text: bytes) -> list[bytes]:
    """Front matter, fences and other code, tables and raw HTML, as another parser finds them, in order."""
    found: list[bytes] = []
    if front := _FRONT_MATTER.match(text):
        found.append(front[0].rstrip())
        text = b"\n" * front[0].count(b"\n") + text[front.end() :]
    lines = text.split(b"\n")
    tokens = MarkdownIt("commonmark").enable("table").parse(text.decode("utf-8", "replace"))
    found += [
        b"\n".join(lines[token.map[0] : token.map[1]]).rstrip()
        for token in tokens
        if token.type in _SHOWN and token.map
    ]
    return found


def pages(folder: Path) -> dict[str, str]:
    """The SHA-256 of each Markdown file below a folder that is not hidden."""
    return {
        path: digest
        for path, digest in hashes(folder).items()
        if path.endswith(".md") and not any(part.startswith(".") for part in path.split("/"))
    }


def test_something_was_removed_and_everything_was_read(run: Run) -> None:
    assert run.measured.status == 0
    assert run.report["summary"]["documents"] > 2000
    assert run.report["summary"]["removed"] > 10_000
    assert set(hashes(run.output)) == set(pages(run.source))


def test_restore_gives_back_every_byte(run: Run, tmp_path: Path) -> None:
    shutil.copytree(run.output, tmp_path / "cleaned" / KEDA)
    shutil.copy(run.report_path, tmp_path)
    succeed("restore", "r.json", cwd=tmp_path)
    assert hashes(tmp_path / "cleaned" / KEDA) == pages(run.source)


def test_cleaning_what_was_cleaned_removes_nothing(run: Run) -> None:
    again = clean_tree(run.folder / "cleaned", KEDA)
    assert [(r["document"], r["line"], r["rule"]) for r in again.report["removals"]] == []
    assert hashes(again.output) == hashes(run.output)


def test_code_tables_html_and_front_matter_are_all_there(run: Run) -> None:
    changed = {removal["document"] for removal in run.report["removals"]}
    assert len(changed) > 1000
    differing = [
        document
        for document in sorted(changed)
        if protected(run.cleaned_of(document)) != protected(run.source_of(document))
    ]
    assert differing == []


def test_what_is_written_is_the_source_less_the_removals(run: Run) -> None:
    removals = defaultdict(list)
    for removal in run.report["removals"]:
        removals[removal["document"]].append(removal)
    for entry in run.report["documents"]:
        source = run.source_of(entry["path"])
        kept, position = [], 0
        for removal in removals[entry["path"]]:
            assert removal["text"].encode() == source[removal["start"] : removal["end"]]
            kept.append(source[position : removal["start"]])
            position = removal["end"]
        assert b"".join([*kept, source[position:]]) == run.cleaned_of(entry["path"]), entry["path"]


def test_every_twin_is_kept_and_earlier_and_says_the_same(run: Run) -> None:
    order = {entry["path"]: number for number, entry in enumerate(run.report["documents"])}
    gone = defaultdict(list)
    for removal in run.report["removals"]:
        gone[removal["document"]].append((removal["start"], removal["end"]))
    for removal in run.report["removals"]:
        kept = removal["kept"]
        name = f"{removal['document']}:{removal['line']}"
        before = (order[kept["document"]], kept["start"])
        assert before < (order[removal["document"]], removal["start"]), name
        assert not any(a < kept["end"] and kept["start"] < b for a, b in gone[kept["document"]]), name
        twin = run.source_of(kept["document"])[kept["start"] : kept["end"]]
        if removal["rule"] == "verbatim":
            assert removal["similarity"] == 1
            assert removal["text"].rstrip(_AFTER) == twin.decode().rstrip(_AFTER), name
        elif removal["rule"] == "exact":
            assert removal["similarity"] == 1
            # What a link points to is none of the words, so that Markdown's own text may differ in it.
            assert len(folded_words(removal["text"])) == len(folded_words(twin.decode())), name
        else:
            assert 0.8 <= removal["similarity"] <= 1, name


@pytest.mark.parametrize("preset", ["prose", "docs", "corpus"])
def test_one_release_cleaned_twice_changes_once(
    preset: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(preset)
    release = folder_of(KEDA, folder) / "content" / "docs" / "2.21"
    release.rename(folder / "2.21")
    once = clean_tree(folder, "2.21", "--preset", preset)
    assert once.report["summary"]["blocks"] > 1000
    again = clean_tree(folder / "cleaned", "2.21", "--preset", preset)
    assert again.report["summary"]["removed"] == 0
    assert hashes(again.output) == hashes(once.output)


def test_memory_stays_small(run: Run) -> None:
    assert run.measured.megabytes < 600
