"""Short paragraphs: found by their words, whatever brings them, and judged with more care than long ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from benchmarks.bruteforce import in_so_many, keep_first, neighbours, similar_pairs, similarity
from benchmarks.stages import matched_pairs
from dedup import Cleaner, Settings, document, kernel
from dedup.match.bands import shingles_by_words
from dedup.match.verify import most_different, paragraph_similarity
from dedup.report.model import Report

# Few distinct words, so that texts are alike and shingles come twice.
words = st.lists(
    st.sampled_from("ab the of harbour ferry berth board vote 7".split()), min_size=8, max_size=41
)


@st.composite
def alike(draw: st.DrawFn) -> list[str]:
    """Texts of short paragraphs, some of them edited copies of others."""
    texts = draw(st.lists(words, min_size=1, max_size=6))
    for _ in range(draw(st.integers(0, 8))):
        copy = list(draw(st.sampled_from(texts)))
        for _ in range(draw(st.integers(1, 6))):
            at = draw(st.integers(0, len(copy) - 1))
            new = draw(st.lists(st.sampled_from(("ferry", "pier", "the", "of")), max_size=2))
            copy[at : at + draw(st.integers(0, 2))] = new
            copy = copy or ["the"]
        texts.append(copy[:41])
    return [" ".join(text) for text in texts]


def with_reference(work: Callable[[], Any]) -> Any:
    compiled, kernel.compiled = kernel.compiled, None
    try:
        return work()
    finally:
        kernel.compiled = compiled


@settings(deadline=None)
@given(texts=alike(), threshold=st.sampled_from((0.5, 0.7, 0.8, 0.85, 0.9, 1.0)))
def test_every_pair_is_found_and_no_other(texts: list[str], threshold: float) -> None:
    due = similar_pairs([tuple(text.split()) for text in texts], threshold)
    assert matched_pairs(texts, threshold) == pytest.approx(due)
    assert with_reference(lambda: matched_pairs(texts, threshold)) == matched_pairs(texts, threshold)


@settings(deadline=None)
@given(one=words, other=words | st.lists(st.sampled_from("abc"), max_size=60))
def test_the_definition(one: list[str], other: list[str]) -> None:
    found = paragraph_similarity(" ".join(one), " ".join(other))
    assert found == pytest.approx(similarity(one, other) if other else 0.0)
    assert found == paragraph_similarity(" ".join(other), " ".join(one))


def test_how_many_words_may_differ() -> None:
    assert [most_different(n) for n in (1, 7, 8, 9, 10, 15, 16, 23, 24, 44, 50)] == [
        0,
        0,
        1,
        1,
        2,
        2,
        2,
        2,
        3,
        5,
        6,
    ]
    assert all(most_different(n) == in_so_many(n) for n in range(200))
    # Eight words may be alike to ten, of which two were added; then they share two shingles of six.
    assert [shingles_by_words(n, 0.8) for n in (8, 20, 44, 50, 51)] == [5, 7, 16, 19, 0]


def report_of(texts: Sequence[str], form: str, **chosen: Any) -> Report:
    """What is found in paragraphs: as a document, a document each, or rows of a table."""
    cleaner = Cleaner(Settings.of(chosen))
    if form == "document":
        documents = [document("\n\n".join(texts) + "\n", "a.txt")]
    else:
        documents = [document(f"{text}\n", f"{number:03}.txt") for number, text in enumerate(texts)]
    for _ in cleaner.feed(documents):
        pass
    return cleaner.report


@settings(deadline=None, max_examples=60)
@given(texts=alike().map(lambda texts: [f"{text[:1].lower()}{text[1:]}." for text in texts]))
def test_what_goes_is_what_keeping_the_first_takes_out(texts: list[str]) -> None:
    texts = [text for text in texts if len(text.split()) >= 8]
    all_words = [tuple(text[:-1].split()) for text in texts]
    distinct = list(dict.fromkeys(all_words))
    pairs = neighbours(similar_pairs(distinct, 0.8))
    goes = list(keep_first([distinct.index(each) for each in all_words], pairs))
    for work in (lambda f: f(), with_reference):
        report = work(lambda: report_of(texts, "documents", near="remove"))
        assert sorted(removal.document for removal in report.removals) == [
            f"{number:03}.txt" for number, gone in enumerate(goes) if gone
        ]


HARBOUR = "The harbour board voted on Tuesday to build a second berth for the ferry at the old pier."
OTHERS = (
    "Rain fell on the northern farms all through the night and the river rose.",
    "A reader may keep three books at home for as long as nobody asks for them.",
)


@pytest.mark.parametrize(
    "edit",
    [
        ("voted on Tuesday", "voted Tuesday"),
        ("at the old pier", "at old pier"),
        ("to build", "and to build"),
        ("at the old", "by the old"),
        ("voted on Tuesday", "**voted** on TUESDAY"),
        ("build a second", "build  a second"),
    ],
)
def test_a_harmless_edit_goes(edit: tuple[str, str]) -> None:
    report = report_of([HARBOUR, *OTHERS, HARBOUR.replace(*edit)], "document")
    assert [removal.kept.line for removal in report.removals] == [1]
    assert not report.flags


@pytest.mark.parametrize(
    ("edit", "guard"),
    [
        (("old pier", "old pier 7"), "number"),
        (("Tuesday", "Friday"), "date"),
        (("on Tuesday", "on 4 July"), "date"),
        (("voted on Tuesday to", "voted on Tuesday not to"), "negation"),
        (("ferry", "lifeboat"), "word"),
        (("harbour board", "town council"), "word"),
    ],
)
def test_what_says_something_else_is_flagged(edit: tuple[str, str], guard: str) -> None:
    report = report_of([HARBOUR, *OTHERS, HARBOUR.replace(*edit)], "document")
    assert [flag.guard for flag in report.flags] == [guard]
    assert not report.removals


def test_in_a_text_of_few_words_an_added_one_counts() -> None:
    short = "The team publishes its results today in the journal Nature."
    assert [
        flag.guard
        for flag in report_of([short, *OTHERS, short.replace("The", "The international")], "d").flags
    ] == ["word"]
    longer = HARBOUR.replace("the ferry", "the new ferry")
    assert len(report_of([HARBOUR, *OTHERS, longer], "document").removals) == 1


def test_another_form_of_a_word_goes() -> None:
    for edit in (("berth", "berths"), ("voted", "votes")):
        assert len(report_of([HARBOUR, *OTHERS, HARBOUR.replace(*edit)], "document").removals) == 1


def test_sentences_of_one_pattern_stay() -> None:
    texts = [
        "Meanwhile the minister said that farmers in the north would have to wait for rain.",
        "Meanwhile the minister said that schools in the south would be given more money.",
        "According to the study published today in the journal, fish feel pain as people do.",
        "According to the study published today in the journal, birds can count to four.",
    ]
    report = report_of(texts, "document")
    assert not report.findings


def run(folder: Path, *arguments: str, variant: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, kernel.VARIABLE: variant}
    command = [sys.executable, "-m", "dedup", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


@pytest.fixture
def corpus(tmp_path: Path) -> list[str]:
    edits = [
        ("voted", "has voted"),
        ("a second", "the second"),
        ("for the ferry", "for ferry"),
        ("harbour board", "board"),
        ("old pier", "very old pier"),
    ]
    texts = [HARBOUR, *OTHERS]
    texts += [text.replace("the", "this", 1) for text in OTHERS]
    texts += [HARBOUR.replace(*edit) for edit in edits]
    return [text for number, text in enumerate(texts) for _ in range(1 + number % 2)]


@pytest.mark.parametrize("near", ["auto", "remove"])
def test_files_tables_kernels_and_batches_agree(near: str, corpus: list[str], tmp_path: Path) -> None:
    def left(name: str, variant: str) -> list[str]:
        out = tmp_path / f"{name}{variant}"
        asked = ["--near", near, "--empty", "drop", "-o", out.name]
        if name == "files":
            assert run(tmp_path, "clean", "texts", *asked, variant=variant).returncode == 0
            return [(out / path.name).read_text().strip() for path in sorted(out.glob("*.txt"))]
        if name == "rows.jsonl":
            assert run(tmp_path, "clean", "table.jsonl", *asked, variant=variant).returncode == 0
            return [json.loads(line)["text"] for line in out.read_text().splitlines()]
        found = []
        for number in range(len(corpus)):
            more = ["--index", f"index{variant}"]
            done = run(tmp_path, "clean", f"batch{number}.jsonl", *asked, *more, variant=variant)
            assert done.returncode == 0, done.stderr
            found += [json.loads(line)["text"] for line in out.read_text().splitlines()]
        return found

    (tmp_path / "texts").mkdir()
    lines = [json.dumps({"text": text}) + "\n" for text in corpus]
    for number, (text, line) in enumerate(zip(corpus, lines, strict=True)):
        (tmp_path / "texts" / f"{number:03}.txt").write_text(f"{text}\n")
        (tmp_path / f"batch{number}.jsonl").write_text(line)
    (tmp_path / "table.jsonl").write_text("".join(lines))
    expected = left("files", "")
    assert expected[:3] == [HARBOUR, *OTHERS] and len(expected) < len(corpus) / 2
    for name in ("files", "rows.jsonl", "batches.jsonl"):
        for variant in ("", "reference"):
            assert left(name, variant) == expected, (name, variant)


def test_an_index_of_the_older_definition_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{HARBOUR}\n")
    assert run(tmp_path, "clean", "a.txt", "-o", "b.txt", "--index", "index").returncode == 0
    manifest = tmp_path / "index" / "index.json"
    manifest.write_text(manifest.read_text().replace("dedup-index/2", "dedup-index/1"))
    done = run(tmp_path, "clean", "a.txt", "-o", "c.txt", "--index", "index")
    assert done.returncode == 2 and not (tmp_path / "c.txt").exists()
    assert (
        done.stderr == 'dedup: index: is an index of format "dedup-index/1", this dedup reads dedup-index/2\n'
    )


def test_explain_tells_the_similarity_that_decides(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{HARBOUR}\n\n{HARBOUR.replace('ferry', 'lifeboat')}\n")
    done = run(tmp_path, "explain", "a.txt:1", "a.txt:3")
    assert "similarity  0.944 (threshold 0.8); 0.684 by 3-word shingles, 0.944 by words" in done.stdout
    assert "near 0.94, a repeat of a.txt:1, kept by the guard `word`" in done.stdout
    # A word put in: of the measures shown one is the similarity.
    (tmp_path / "a.txt").write_text(f"{HARBOUR}\n\n{HARBOUR.replace('ferry', 'new ferry')}\n")
    done = run(tmp_path, "explain", "a.txt:1", "a.txt:3")
    assert "similarity  0.947 (threshold 0.8); 0.736 by 3-word shingles, 0.947 by words\n" in done.stdout


def test_explain_says_where_words_do_not_count(tmp_path: Path) -> None:
    long = f"{HARBOUR} " + " ".join(f"word{number}" for number in range(40))
    (tmp_path / "a.txt").write_text(f"{long}\n\n{long.replace('ferry', 'lifeboat')}\n")
    assert (
        "by words (which count only under 45 words)\n"
        in run(tmp_path, "explain", "a.txt:1", "a.txt:3").stdout
    )
    other = HARBOUR.replace("ferry", "lifeboat").replace("harbour", "town").replace("voted", "spoke")
    (tmp_path / "a.txt").write_text(f"{HARBOUR}\n\n{other}\n")
    done = run(tmp_path, "explain", "a.txt:1", "a.txt:3")
    assert "by words (of which too many differ to count)\n" in done.stdout


def test_what_changed_finds_a_short_twin_in_another_file(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"page{number}.md").write_text(
            f"# Page {number}\n\n{OTHERS[number % 2]} {number} " * 4 + "\n"
        )
    short = "It was the [board](board.md) that voted for a berth."
    (tmp_path / "old.md").write_text(f"# Old\n\n{short}\n")
    (tmp_path / "new.md").write_text(f"# New\n\n{short.replace('voted', 'had voted')}\n")
    done = run(tmp_path, "check", "--against", ".", "new.md")
    assert "new.md:3: near 0.90" in done.stdout, done.stdout + done.stderr


def test_the_distance_is_that_of_rapidfuzz() -> None:
    one, other = HARBOUR.lower()[:-1].split(), HARBOUR.lower()[:-1].replace("on tuesday", "").split()
    assert paragraph_similarity(" ".join(one), " ".join(other)) == Levenshtein.normalized_similarity(
        one, other
    )
