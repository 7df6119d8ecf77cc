"""The promises, as properties of random corpora: bytes, twins, one result, once is enough, nothing lost."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

import pytest
from corpora import corpora
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from benchmarks.bruteforce import similarity as paragraph_similarity
from dedup import Cleaned, Cleaner, Document, Report, Settings
from dedup.report.model import Removal
from dedup.sources.encoding import decode, decode_block
from dedup.words import split

PRESETS = {name: Settings.of(preset=name) for name in ("prose", "docs", "corpus")}
OTHERS = (
    Settings.of(scope="within"),
    Settings.of(scope="across"),
    Settings.of(group_by="^[ab]/"),
    Settings.of(headlines="remove"),
    Settings.of(headlines="flag", near="off"),
    Settings.of(threshold=0.5, min_words=3),
    Settings.of(threshold=0.6, min_words=2, headlines="remove", near="remove", lists="off"),
)
HEADLINE_SIMILARITY = 0.85

many = settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
each_preset = pytest.mark.parametrize("preset", [*PRESETS, "others"])
anything = given(documents=corpora(), other=st.sampled_from(OTHERS))


def clean(
    documents: Sequence[Document], preset: str, other: Settings = OTHERS[0]
) -> tuple[Report, list[Cleaned]]:
    cleaner = Cleaner(PRESETS.get(preset, other))
    return cleaner.report, list(cleaner.feed(documents))


def without(source: bytes, removals: Sequence[Removal]) -> bytes:
    """`source` less the ranges, taken out from the end, so that no offset moves."""
    for removal in sorted(removals, key=lambda removal: -removal.start):
        source = source[: removal.start] + source[removal.end :]
    return source


def put_back(cleaned: bytes, removals: Sequence[Removal]) -> bytes:
    """The source, from a cleaned document and what the report says was taken out of it."""
    for removal in sorted(removals, key=lambda removal: removal.start):
        cleaned = cleaned[: removal.start] + removal.raw + cleaned[removal.start :]
    return cleaned


def words_shown(document: Document, start: int, end: int) -> list[str]:
    """The words that a reader sees of a range of the source."""
    raw = document.source[start:end]
    # In Markdown each line is decoded by itself: one may be UTF-8, the next not.
    pieces = [raw] if document.syntax == "text" else raw.splitlines(keepends=True)
    whole = "".join(map(decode_block, pieces))
    text = raw.decode("utf-16-le").lstrip("\ufeff") if document.table is not None else whole
    if document.syntax != "text":
        text = html.unescape(re.sub(r"\]\([^)]*\)", "]", text))
        text = re.sub(r"^[> \t]*\d+[.)]\s", "", text)
    return [word.text for word in split(text)]


@each_preset
@many
@anything
def test_what_is_kept_is_kept_byte_for_byte_and_what_went_can_be_put_back(
    preset: str, documents: list[Document], other: Settings
) -> None:
    report, results = clean(documents, preset, other)
    for document, cleaned in zip(documents, results, strict=True):
        removals = report.of_document(document.path)
        assert cleaned.content == without(document.source, removals)
        assert put_back(cleaned.content, removals) == document.source
        wide = document.table is not None
        ends = tuple(end.encode("utf-16-le") for end in "\r\n") if wide else (b"\r", b"\n")
        last = 2 if wide else document.shift
        for removal in removals:
            assert last <= removal.start < removal.end <= len(document.source)
            for edge in (removal.start, removal.end):  # whole lines
                whole = edge in (last, len(document.source)) or document.source[:edge].endswith(ends)
                assert whole, removal
            last = removal.end


@each_preset
@many
@anything
def test_every_removal_repeats_a_kept_block_that_stands_earlier(
    preset: str, documents: list[Document], other: Settings
) -> None:
    report, _ = clean(documents, preset, other)
    number = {document.path: place for place, document in enumerate(documents)}
    for removal in report.removals:
        twin = removal.kept
        assert (number[twin.document], twin.end) <= (number[removal.document], removal.start)
        for gone in report.of_document(twin.document):
            assert twin.end <= gone.start or gone.end <= twin.start, "the twin is gone itself"
        _check_similarity(
            removal,
            words_shown(documents[number[removal.document]], removal.start, removal.end),
            words_shown(documents[number[twin.document]], twin.start, twin.end),
            PRESETS.get(preset, other),
        )


def _check_similarity(removal: Removal, ours: list[str], theirs: list[str], chosen: Settings) -> None:
    if removal.rule in ("verbatim", "exact"):
        assert ours == theirs
        assert removal.similarity == 1
        return
    least = HEADLINE_SIMILARITY
    if removal.kind == "headline":
        assert least <= removal.similarity <= 1
        assert (removal.similarity == 1) == (ours == theirs)
        assert Indel.normalized_similarity(sorted(ours), sorted(theirs)) > 0.5
        return
    if len(ours) >= chosen.min_words:
        least = chosen.threshold
        similarity = paragraph_similarity(ours, theirs)
    else:
        similarity = Indel.normalized_similarity(ours, theirs)
    assert removal.similarity == pytest.approx(similarity, abs=1e-12)
    assert similarity >= least


@each_preset
@many
@anything
def test_the_same_documents_give_the_same_result(
    preset: str, documents: list[Document], other: Settings
) -> None:
    report, results = clean(documents, preset, other)
    again, _ = clean(documents, preset, other)
    assert again == report

    one_by_one = Cleaner(PRESETS.get(preset, other))
    assert [one_by_one.clean(document).content for document in documents] == [r.content for r in results]
    assert one_by_one.report == report

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.cleaner.BATCH_BYTES", 300)
        in_small_batches, _ = clean(documents, preset, other)
    assert in_small_batches == report


@each_preset
@many
@anything
def test_cleaning_what_was_cleaned_removes_nothing(
    preset: str, documents: list[Document], other: Settings
) -> None:
    _, results = clean(documents, preset, other)
    cleaned = [
        decode(document.path, result.content, document.syntax, document.inside)
        for document, result in zip(documents, results, strict=True)
    ]
    report, _ = clean(cleaned, preset, other)
    assert report.removals == []


@many
@given(documents=corpora())
def test_a_report_counts_what_it_lists(documents: list[Document]) -> None:
    report, results = clean(documents, "prose")
    summary = report.summary
    assert summary.documents == len(documents) == len(report.documents)
    assert summary.removed == len(report.removals)
    assert summary.flagged == len(report.flags)
    assert summary.bytes_in == sum(len(document.source) for document in documents)
    assert summary.bytes_out == sum(len(result.content) for result in results)
    assert sum(counts.removed for counts in summary.by_rule.values()) == summary.removed
    assert sum(counts.bytes_in - counts.bytes_out for counts in summary.by_rule.values()) <= (
        summary.bytes_in - summary.bytes_out
    )


def test_the_corpora_try_every_rule() -> None:
    """The properties above say nothing unless the corpora hold repeats of every kind."""
    seen: set[tuple[str, str]] = set()

    @settings(max_examples=400, deadline=None, database=None, derandomize=True)
    @given(documents=corpora())
    def look(documents: list[Document]) -> None:
        report, _ = clean(documents, "prose")
        seen.update((removal.rule, removal.kind) for removal in report.removals)
        seen.update(("flag", str(flag.guard)) for flag in report.flags)

    run: Callable[[], None] = look
    run()
    assert {
        ("verbatim", "paragraph"),
        ("exact", "paragraph"),
        ("near", "paragraph"),
        ("headline", "headline"),
        ("verbatim", "list-item"),
        ("flag", "number"),
        ("flag", "negation"),
        ("flag", "link"),
        ("flag", "lead-in"),
        ("flag", "structure"),
    } <= seen, seen
