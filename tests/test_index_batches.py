"""Batches with an index give what one run over everything gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from corpora import HEADLINES, PARAGRAPHS, corpora, edit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import kernel
from dedup.cleaner import Cleaner
from dedup.documents import Document
from dedup.index.folder import Identity, open_indexes
from dedup.index.remove import Change
from dedup.index.verify import problems_of
from dedup.index.write import commit
from dedup.report.rows import document_row, finding_row
from dedup.settings import Settings
from dedup.sources.forms import Form, Table

Sources = Sequence[Document | Table]
Seen = tuple[list[bytes], list[dict[str, Any]], list[dict[str, Any]]]


@contextmanager
def reference() -> Iterator[None]:
    compiled, kernel.compiled = kernel.compiled, None
    try:
        yield
    finally:
        kernel.compiled = compiled


def run(sources: Sources, chosen: Settings, indexes: Sequence[Path] = (), read: Sequence[Path] = ()) -> Seen:
    opened = open_indexes([str(path) for path in indexes], [str(path) for path in read], chosen)
    cleaner = Cleaner(chosen, indexes=opened)
    outputs = [b"".join(cleaned.parts()) for cleaned in cleaner.feed_all(sources)]
    cleaner.close()
    for index in opened:
        if index.adds:
            commit(index, cleaner.memories, chosen, Identity(None, None, None), (), alone=len(opened) == 1)
        index.close()
    report = cleaner.report
    return outputs, [*map(finding_row, report.findings)], [*map(document_row, report.documents)]


def plain(seen: Seen) -> Seen:
    """What must be the same: run numbers begin anew in each run, an index names batches and shows texts."""
    findings = []
    for row in seen[1]:
        kept = {name: row["kept"][name] for name in ("document", "start", "end", "line")}
        findings.append({**row, "kept": kept, "run": 0})
    order = sorted(findings, key=lambda row: (row["document"], row["line"], row["start"], "guard" in row))
    return seen[0], order, seen[2]


def in_batches(sources: Sources, splits: Sequence[int], chosen: Settings, folders: Sequence[Path]) -> Seen:
    together: Seen = ([], [], [])
    edges = [0, *sorted(splits), len(sources)]
    for begin, end in pairwise(edges):
        for part, more in zip(together, run(sources[begin:end], chosen, folders), strict=True):
            part += more  # type: ignore[operator]
    for folder in folders:
        assert problems_of(folder) == []
    return together


some_settings = st.builds(
    Settings,
    near=st.sampled_from(("auto", "remove", "flag", "off")),
    headlines=st.sampled_from(("auto", "remove")),
    lists=st.sampled_from(("run", "off")),
    min_words=st.sampled_from((4, 8)),
    scope=st.sampled_from(("both", "across")),
    group_by=st.sampled_from((None, "^[ab]/", "mill")),
)
many = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)


@many
@given(
    corpora(),
    corpora(),
    some_settings,
    st.lists(st.integers(0, 8), max_size=4),
    st.booleans(),
    st.booleans(),
)
def test_documents_in_batches(
    one: list[Document],
    other: list[Document],
    chosen: Settings,
    splits: list[int],
    two_indexes: bool,
    by_reference: bool,
) -> None:
    documents = one + other
    splits = [min(split, len(documents)) for split in splits]
    with TemporaryDirectory() as name:
        folders = [Path(name, "one"), Path(name, "two")][: 1 + two_indexes]
        if by_reference:
            with reference():
                found = in_batches(documents, splits, chosen, folders)
        else:
            found = in_batches(documents, splits, chosen, folders)
    assert plain(found) == plain(run(documents, chosen))


blocks = st.one_of(
    st.builds(edit, st.sampled_from(PARAGRAPHS), st.integers(0, 17)),
    st.sampled_from(PARAGRAPHS),
    st.sampled_from(HEADLINES),
    st.just("- one of the things\n- another of the things that there are"),
)
rows = st.lists(blocks, max_size=4).map("\n\n".join)


@many
@given(
    st.lists(st.lists(rows, max_size=6), min_size=1, max_size=4), some_settings, st.booleans(), st.booleans()
)
def test_tables_in_batches(
    tables: list[list[str]], chosen: Settings, two_indexes: bool, by_reference: bool
) -> None:
    def unexpected(problem: object) -> None:
        assert "no row" in str(problem)

    with TemporaryDirectory() as name:
        sources = []
        for number, texts in enumerate(tables):
            path = Path(name, f"{number}.jsonl")
            path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
            sources.append(
                Table(f"a/{number}.jsonl", str(path), path.name, Form("jsonl"), unexpected, unexpected)
            )
        folders = [Path(name, "one"), Path(name, "two")][: 1 + two_indexes]
        splits = range(1, len(sources))
        if by_reference:
            with reference():
                found = in_batches(sources, splits, chosen, folders)
        else:
            found = in_batches(sources, splits, chosen, folders)
        assert plain(found) == plain(run(sources, chosen))


def test_crowded_keys_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dedup.match.memory.CROWD", 3)
    monkeypatch.setattr("dedup.match.headlines.CROWD", 2)
    text = PARAGRAPHS[0]
    documents = [
        Document(f"{n}.md", data, data, "markdown", f"{n}.md")
        for n in range(12)
        for data in [
            f"# What happens next in the valley of river number {n}\n\n{text} And {n} more.\n".encode()
        ]
    ]
    chosen = Settings()
    found = in_batches(documents, [3, 5, 9], chosen, [tmp_path / "index"])
    assert plain(found) == plain(run(documents, chosen))


def test_a_twin_in_an_index_is_shown(tmp_path: Path) -> None:
    data = (PARAGRAPHS[0] + "\n").encode()
    document: Callable[[str], Document] = lambda path: Document(path, data, data, "text", path)  # noqa: E731
    run([document("a")], Settings(), [tmp_path / "index"])
    _, (row,), _ = run([document("b")], Settings(), [], [tmp_path / "index"])
    assert row["kept"] == {"document": "a", "start": 0, "end": len(data), "line": 1, "text": PARAGRAPHS[0]}


def test_documents_with_ids(tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text("".join(json.dumps({"text": text}) + "\n" for text in PARAGRAPHS[:3]))
    source = Table("t.jsonl", str(table), "t.jsonl", Form("jsonl"), print, print)
    chosen, folder = Settings(), tmp_path / "index"
    (index,) = open_indexes([str(folder)], [], chosen)
    cleaner = Cleaner(chosen, indexes=[index])
    for cleaned in cleaner.feed_all([source]):
        b"".join(cleaned.parts())
    (memory,) = cleaner.memories.values()
    memory.name_rows(memory.row_of(memory.base)[0], ["one", None, "three"])
    commit(index, cleaner.memories, chosen, Identity("b", None, None), (), alone=True)
    index.close()

    _, findings, _ = run([source], chosen, [], [folder])
    assert [row["kept"].get("id") for row in findings] == ["one", None, "three"]
    assert {row["kept"]["batch"] for row in findings} == {"b"}
    change = Change(folder)
    assert change.remove_document("three") == 1
    change.close()
    assert problems_of(folder) == []
    _, findings, _ = run([source], chosen, [], [folder])
    assert [row["line"] for row in findings] == [1, 2]
