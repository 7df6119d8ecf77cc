"""The same rows in any form, by any kernel, on any cores, in batches of any size: the same texts and findings."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from table_files import EDITED, FORMS, LONG, OTHER, Row, read, written

from dedup import kernel
from dedup.api import clean
from dedup.cleaner import Cleaner
from dedup.frames import clean_table
from dedup.problems import DedupError
from dedup.report.model import Report
from dedup.settings import Settings
from dedup.sources import Sources
from dedup.sources import rows as source_rows
from dedup.sources.csv_rows import Records

PIECES = (
    LONG,
    EDITED,
    OTHER,
    OTHER.replace("second", "third"),
    'He said "no", and "no" again, to all who had come down to the harbour that morning to ask him for it.',
    "A Headline Of Some Words",
    "- an item of a list, which is long enough to be taken for a paragraph if it were one, which it is not",
    "Привет, как дела сегодня утром на большой площади у старого моста?",
    "one line\nand the next",
    '"',
    "tab\there, comma",
    "# dedup: ignore",
    "<!-- dedup: ignore-file -->",
    "about dedup: nothing",
    " ",
    "short",
)
piece = st.sampled_from(PIECES) | st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
)
text = st.lists(st.tuples(piece, st.sampled_from(("\n\n", "\n", "\r\n\r\n", ", "))), max_size=4).map(
    lambda parts: "".join(words + gap for words, gap in parts)
)
options = st.fixed_dictionaries(
    {
        "preset": st.sampled_from(("prose", "docs", "corpus")),
        "empty": st.sampled_from(("keep", "drop", "flag")),
    },
    optional={
        "drop_repeated": st.sampled_from((0.3, 0.9)),
        "scope": st.sampled_from(("within", "across")),
        "text_format": st.just("markdown"),
        "min_words": st.just(1),
        "allow": st.just(("harbour", "^on")),
    },
)


def cleaned(path: Path, jobs: int, chosen: dict[str, Any], out: Path) -> tuple[list[str], Report]:
    """The texts that are left, and the report, with a number of threads."""
    from dedup.output import Destination

    cleaner = Cleaner(Settings.of(chosen), jobs=jobs)
    problems: list[Any] = []
    destination = Destination(str(out), [str(path)], problems.append)
    for document in cleaner.feed_all(Sources([str(path)], cleaner.settings, on_problem=problems.append)):
        destination.write(document)
    cleaner.end()
    assert not problems
    return [row["text"] or "" for row in read(out)], cleaner.report


def found(report: Report) -> list[tuple[Any, ...]]:
    """What a report says of rows, whatever the bytes of their form."""
    return [
        (
            type(each).__name__,
            each.line,
            each.end_line,
            each.kind,
            each.rule,
            each.similarity,
            each.kept.line,
            each.text,
        )
        for each in report.findings
    ]


def counted(report: Report) -> dict[str, Any]:
    names = ("documents", "blocks", "removed", "flagged", "variants", "natural", "dropped", "skipped")
    left_out = {name: getattr(report.summary, name) for name in (*names, "ignored", "allowed")}
    return {**left_out, "directives": [(each.line, each.text) for each in report.directives]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts=st.lists(text, min_size=1, max_size=7), chosen=options, size=st.sampled_from((1 << 22, 300, 1)))
def test_the_same_rows_give_the_same_in_any_form(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], chosen: dict[str, Any], size: int
) -> None:
    folder = tmp_path_factory.mktemp("same")
    # An empty text is null in CSV, which has no other way to say it.
    rows: list[Row] = [{"id": f"r{number}", "text": each or " "} for number, each in enumerate(texts)]
    results = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_rows, "BATCH_BYTES", size)
        for form in FORMS:
            path = written(folder / f"in.{form}", rows)
            for name, jobs in (("compiled", 1), ("compiled", 2), ("reference", 1)):
                if name == "compiled" and kernel.compiled is None:
                    continue
                with pytest.MonkeyPatch.context() as inner:
                    if name == "reference":
                        inner.setattr(
                            "dedup.rows.sketch_rows", lambda chunk, *_: source_rows.plain_rows(chunk)
                        )
                    left, report = cleaned(path, jobs, chosen, folder / f"out.{form}")
                results[form, name, jobs] = (left, found(report), counted(report))
                check_offsets(path, report, form)
        left_dicts, report_rows = clean_table(rows, **chosen)
    first, *others = results.values()
    for which, other in zip(list(results)[1:], others, strict=True):
        assert other == first, which
    assert [row["text"] for row in left_dicts] == first[0]
    assert [(row["line"], row["rule"], row["kept_line"], row["text"]) for row in report_rows] == [
        (each[1], each[4], each[6], each[7]) for each in first[1]
    ]


def check_offsets(path: Path, report: Report, form: str) -> None:
    """Of JSON Lines and CSV offsets are those of the file, and what stands there is what the report shows."""
    data = path.read_bytes()
    for removal in report.removals if form in ("jsonl", "csv", "tsv") else ():
        assert data[removal.start : removal.end] == removal.raw
    for finding in report.findings if form == "jsonl" and not report.summary.dropped else ():
        shown = data[finding.start : finding.end].decode()
        assert json.loads(f'"{shown}"').startswith(finding.text.rstrip())


cell = st.none() | st.text(st.sampled_from('ab,"\n\r\t é'), max_size=6)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            cell, st.sampled_from((LONG, f'"{LONG}"', f"{OTHER}\n\n{LONG}", "x, y", 'a "b"\r\nc')), cell
        ),
        max_size=6,
    ),
    names=st.permutations(("a", "text", 'b "c", d')),
    quoting=st.sampled_from((csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC)),
    ending=st.sampled_from(("\n", "\r\n")),
    ended=st.booleans(),
    form=st.sampled_from(("csv", "tsv")),
    size=st.sampled_from((1 << 22, 1)),
)
def test_python_reads_the_cleaned_csv_as_the_original_less_what_went(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str | None, ...]],
    names: list[str],
    quoting: Any,
    ending: str,
    ended: bool,
    form: str,
    size: int,
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    separator = "\t" if form == "tsv" else ","
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=ending).writerows([names, *rows])
    data = out.getvalue() if ended else out.getvalue().removesuffix(ending)
    path, target = folder / f"in.{form}", folder / f"out.{form}"
    path.write_bytes(data.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_rows, "BATCH_BYTES", size)
        column = names[1]
        # Python writes a carriage return as it is, and reads it as the end of a row.
        assume(rows and ("\r" not in data or ending == "\r\n" or quoting != csv.QUOTE_MINIMAL))
        report = clean(path, output=target, text_column=column)
    before, after = (
        [*csv.reader(io.StringIO(d.read_bytes().decode(), newline=""), delimiter=separator)]
        for d in (path, target)
    )
    gone: dict[int, str] = {}
    for removal in report.removals:
        gone[removal.line] = gone.get(removal.line, "") + removal.raw.decode().replace('""', '"')
    assert len(before) == len(after) and (len(gone) > 0) == (before != after)
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if number in gone:
            lost = gone[number]
            assert any(
                old[1][:at] + old[1][at + len(lost) :] == new[1] and old[1][at:].startswith(lost)
                for at in range(len(old[1]) + 1)
            )
            old[1] = new[1] = ""
        assert old == new


@settings(max_examples=300, deadline=None)
@given(tail=st.text(st.sampled_from('ab,"\n'), max_size=24), size=st.integers(1, 30), mark=st.booleans())
def test_any_quotation_marks_leave_records_where_python_has_them(tail: str, size: int, mark: bool) -> None:
    """Whatever the marks and wherever a batch ends; those that are no quotation make their own row bad, no other."""
    data = (b"\xef\xbb\xbf" if mark else b"") + b'"a",b\n' + tail.encode()
    source = io.BytesIO(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.sources.csv_rows._FIRST_BYTES", size)
        records, bad, at = [], [], 0
        try:
            for chunk in Records(source.read, ",", "a", size).chunks():
                assert chunk.places is not None and chunk.origin == at
                bad += [len(records) + row for row in chunk.bad]
                records += [
                    chunk.data[start:end].decode("utf-8-sig") for start, end in chunk.places[:, :2].tolist()
                ]
                at += len(chunk.data)
        except DedupError as error:
            assert str(error) == f"row {len(records)}: a quotation that does not end"
            rest = data[at:].decode("utf-8-sig")
            assert len(list(csv.reader(io.StringIO(rest, newline="")))) == 1
            return
    whole = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [next(csv.reader(io.StringIO(each, newline="")), []) for each in records] == whole
    strict = [row for row, each in enumerate(records) if is_odd(each)]
    # A quotation that does not end, in the last row after one that is bad for its marks, is not seen as bad yet.
    unended = len(records) - 1 if records and records[-1].count('"') % 2 else None
    expected = [row for row, each in enumerate(whole) if each and (len(each) != 2 or row in strict)]
    assert [row for row in sorted(bad) if row != unended] == [row for row in expected if row != unended]


def is_odd(record: str) -> bool:
    """Whether quotation marks stand in it otherwise than RFC 4180 has them."""
    fields = r'(?:"(?:[^"]|"")*"|[^",\n]*)'
    return re.fullmatch(rf"{fields}(?:,{fields})*\n?", record) is None
