"""Decisions, as properties of random corpora: all promises hold with them, and they are obeyed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from corpora import corpora
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import EDITED, FORMS, LONG, OTHER, Row, read, written

from dedup import Cleaned, Cleaner, Decisions, Document, Report, Settings, kernel
from dedup.decisions import ACCEPT, REJECT, Choice, Decided
from dedup.frames import clean_table
from dedup.output import Destination
from dedup.report.model import Finding, Flag
from dedup.sources import Sources
from dedup.sources import rows as source_rows
from dedup.sources.encoding import decode
from dedup.words import folded_words
from dedup.words.fingerprints import fingerprint, pair_of

SETTINGS = (
    Settings.of(),
    Settings.of(preset="docs"),
    Settings.of(preset="corpus"),
    Settings.of(scope="within"),
    Settings.of(headlines="flag", near="flag"),
    Settings.of(headlines="remove", min_words=3, threshold=0.5),
)
HELD_ANYWAY = ("structure", "empty")
"""Guards that no decision overrules."""

many = settings(
    max_examples=400,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
any_settings = st.sampled_from(SETTINGS)


def clean(
    documents: Sequence[Document], chosen: Settings, decisions: Decisions | None = None
) -> tuple[Report, list[Cleaned]]:
    cleaner = Cleaner(chosen, decisions=decisions)
    return cleaner.report, list(cleaner.feed(documents))


def decided(finding: Finding, choice: Choice) -> Decided:
    assert finding.pair is not None
    return Decided(finding.pair, choice, finding.rule, "", "", finding.guard if choice == ACCEPT else None)


def some_decisions(draw: st.DrawFn, findings: Sequence[Finding]) -> Decisions:
    """Decisions on some of the findings."""
    choices = st.lists(
        st.sampled_from((ACCEPT, REJECT, None)), min_size=len(findings), max_size=len(findings)
    )
    chosen = zip(findings, draw(choices), strict=True)
    return Decisions(decided(finding, choice) for finding, choice in chosen if choice is not None)


@st.composite
def decided_corpora(draw: st.DrawFn) -> tuple[list[Document], Settings, Decisions]:
    """Documents, settings, and decisions on what a first run finds in them."""
    documents, chosen = draw(corpora()), draw(any_settings)
    return documents, chosen, some_decisions(draw, clean(documents, chosen)[0].findings)


@many
@given(case=decided_corpora())
def test_all_promises_hold_with_decisions(case: tuple[list[Document], Settings, Decisions]) -> None:
    documents, chosen, decisions = case
    report, results = clean(documents, chosen, decisions)
    number = {document.path: place for place, document in enumerate(documents)}
    for document, cleaned in zip(documents, results, strict=True):
        left = cleaned.content
        for removal in report.of_document(document.path):  # what went can be put back
            left = left[: removal.start] + removal.raw + left[removal.start :]
        assert left == document.source
    for removal in report.removals:  # each twin stands earlier, and stays
        twin = removal.kept
        assert (number[twin.document], twin.end) <= (number[removal.document], removal.start)
        for gone in report.of_document(twin.document):
            assert twin.end <= gone.start or gone.end <= twin.start
        if removal.decision:
            assert decisions.of(str(removal.pair), removal.rule) == ACCEPT
    cleaned_again = [
        decode(document.path, result.content, document.syntax, document.inside)
        for document, result in zip(documents, results, strict=True)
    ]
    assert clean(cleaned_again, chosen, decisions)[0].removals == []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.cleaner.BATCH_BYTES", 300)
        assert clean(documents, chosen, decisions)[0] == report


@many
@given(case=decided_corpora())
def test_what_was_decided_is_obeyed(case: tuple[list[Document], Settings, Decisions]) -> None:
    documents, chosen, decisions = case
    report, _ = clean(documents, chosen, decisions)
    for finding in report.findings:
        guard = None if finding.guard in HELD_ANYWAY else finding.guard
        decision = decisions.of(str(finding.pair), finding.rule, guard)
        assert decision != REJECT
        if decision == ACCEPT and isinstance(finding, Flag):
            half = str(finding.pair)[:16]
            assert finding.guard in HELD_ANYWAY or decisions.of(f"{half}-{half}", "exact") == REJECT


@many
@given(documents=corpora(), chosen=any_settings)
def test_rejecting_everything_leaves_every_byte(documents: list[Document], chosen: Settings) -> None:
    decisions = Decisions()
    while (report := clean(documents, chosen, decisions)[0]).findings:
        before = len(decisions)
        for finding in report.findings:
            decisions.put(decided(finding, REJECT))
        assert len(decisions) > before, "each round brings up new pairs, or none"
    assert [each.content for each in clean(documents, chosen, decisions)[1]] == [d.source for d in documents]


@many
@given(documents=corpora(), chosen=any_settings)
def test_every_finding_names_the_words_of_its_block_and_its_twin(
    documents: list[Document], chosen: Settings
) -> None:
    report, _ = clean(documents, chosen)
    for finding in report.findings:
        one, _, other = str(finding.pair).partition("-")
        assert len(one) == len(other) == 16
        assert one == other or finding.rule not in ("verbatim", "exact")


@settings(max_examples=500, deadline=None)
@given(text=st.text() | st.text(st.sampled_from("aÄß'’-½ﬁ 的ไท한é\u0301\0٣₂")), other=st.text(max_size=5))
def test_a_fingerprint_is_that_of_the_folded_words(text: str, other: str) -> None:
    from hashlib import blake2b

    words = " ".join(folded_words(text)).encode("utf-8", "surrogatepass")
    assert fingerprint(text) == blake2b(words, digest_size=8).hexdigest()
    assert pair_of(text, other) == f"{fingerprint(text)}-{fingerprint(other)}"


PIECES = (
    LONG,
    EDITED,
    LONG.replace("Tuesday", "Friday"),
    OTHER,
    OTHER.replace("second", "third"),
    OTHER.replace("A second ferry", "A second, slower ferry"),
    "# dedup: ignore",
    "A Headline Of Some Words",
    "short",
)
texts = st.lists(st.lists(st.sampled_from(PIECES), max_size=4).map("\n\n".join), min_size=2, max_size=7)


def cleaned_table(path: Any, jobs: int, chosen: Settings, decisions: Decisions, out: Any) -> Any:
    cleaner = Cleaner(chosen, jobs=jobs, decisions=decisions)
    problems: list[Any] = []
    destination = Destination(str(out), [str(path)], problems.append)
    for document in cleaner.feed_all(Sources([str(path)], cleaner.settings, on_problem=problems.append)):
        destination.write(document)
    assert not problems
    return [row["text"] or "" for row in read(out)], said(cleaner.report)


def said(report: Report) -> Any:
    """What a report says of rows, whatever the bytes of their form."""
    return report.summary.decided, [
        (
            type(each).__name__,
            each.line,
            each.rule,
            each.similarity,
            each.kept.line,
            each.text,
            each.pair,
            each.guard,
            getattr(each, "decision", None),
        )
        for each in report.findings
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.data(),
    rows=texts,
    empty=st.sampled_from(("keep", "drop", "flag")),
    near=st.sampled_from(("auto", "remove")),
)
def test_tables_in_any_form_and_files_obey_decisions_alike(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, rows: list[str], empty: str, near: str
) -> None:
    folder = tmp_path_factory.mktemp("same")
    chosen = Settings.of(empty=empty, near=near)
    table: list[Row] = [{"id": f"r{number}", "text": each or " "} for number, each in enumerate(rows)]
    documents = [decode("t.txt", row["text"].encode(), "text", "") for row in table]
    first, _ = clean(documents, chosen)
    decisions = data.draw(st.composite(some_decisions)(first.findings))
    results = {}
    for form in FORMS:
        path = written(folder / f"in.{form}", table)
        for name, jobs in (("compiled", 1), ("compiled", 2), ("reference", 1)):
            if name == "compiled" and kernel.compiled is None:
                continue
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(source_rows, "BATCH_BYTES", 300)
                if name == "reference":
                    patch.setattr("dedup.rows.sketch_rows", lambda chunk, *_: source_rows.plain_rows(chunk))
                out = folder / f"out.{form}"
                results[form, name, jobs] = cleaned_table(path, jobs, chosen, decisions, out)
    expected, *others = results.values()
    assert all(other == expected for other in others)
    left, findings = clean_table(table, decisions=decisions, empty=empty, near=near)
    assert [row["text"] for row in left] == expected[0]
    assert [(row["pair"], row["decision"]) for row in findings] == [
        (each[6], each[8]) for each in expected[1][1]
    ]
    if empty != "drop":
        report, cleaned = clean(documents, chosen, decisions)
        assert [each.content.decode() for each in cleaned] == expected[0]
        assert [(each.rule, each.pair) for each in report.findings] == [
            (each[2], each[6]) for each in expected[1][1]
        ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=texts, near=st.sampled_from(("auto", "remove")))
def test_rows_that_the_kernel_decides_on_name_the_same_pairs(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], near: str
) -> None:
    folder = tmp_path_factory.mktemp("pairs")
    path = written(folder / "in.jsonl", [{"text": each or " "} for each in rows])
    plain = Cleaner(Settings.of(near=near))
    for _ in plain.feed_all(Sources([str(path)], plain.settings)):
        pass
    decided_on = Cleaner(Settings.of(near=near), decisions=Decisions())
    for _ in decided_on.feed_all(Sources([str(path)], decided_on.settings)):
        pass
    assert said(plain.report) == said(decided_on.report)
    assert all(each.pair for each in plain.report.findings)
