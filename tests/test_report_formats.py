"""Reports as files: what is written can be read back, validated, and shown without harm."""

from __future__ import annotations

import json
import os
import stat
from io import BytesIO
from pathlib import Path
from typing import Any

import polars
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from dedup.problems import DedupError
from dedup.report import as_json, as_jsonl, as_markdown, as_text
from dedup.report.files import ENDINGS, read_report, write_report
from dedup.report.model import (
    Counts,
    DirectiveEntry,
    DocumentEntry,
    Flag,
    Place,
    Removal,
    Repeat,
    Report,
    Summary,
)
from dedup.report.shown import first_words, two_digits, visible

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "report.schema.json").read_text("utf-8"))


PAIR = f"{7:016x}-{8:016x}"


def removal(document: str = "a.md", line: int = 12, **changes: Any) -> Removal:
    text = changes.pop("text", "In a significant turn of events\n")
    values: dict[str, Any] = {
        "start": line * 100,
        "end": line * 100 + len(text.encode("utf-8", "replace")),
        "end_line": line,
        "kind": "paragraph",
        "rule": "verbatim",
        "similarity": 1.0,
        "run": 1,
        "kept": Place("a.md", line, line + 1, line - 5),
        "text": text,
        "raw": text.encode("utf-8", "replace"),
    }
    return Removal(document=document, line=line, **{**values, **changes})


def flag(document: str = "a.md", line: int = 12, **changes: Any) -> Flag:
    values: dict[str, Any] = {
        "start": line * 100,
        "end": line * 100 + 9,
        "end_line": line,
        "kind": "paragraph",
        "rule": "near",
        "similarity": 0.9166,
        "run": 2,
        "kept": Place("b.md", 20, 30, 3),
        "text": "30 people were injured",
        "guard": "number",
    }
    return Flag(document=document, line=line, **{**values, **changes})


def report(*findings: Removal | Flag, documents: tuple[DocumentEntry, ...] = ()) -> Report:
    removals = [finding for finding in findings if isinstance(finding, Removal)]
    flags = [finding for finding in findings if isinstance(finding, Flag)]
    names = dict.fromkeys(finding.document for finding in findings)
    return Report(
        settings={"near": "auto", "threshold": 0.8, "prefer": []},
        tool={"name": "dedup", "version": "0.1.0"},
        summary=Summary(
            documents=1,
            blocks=19,
            removed=len(removals),
            flagged=len(flags),
            bytes_in=7910,
            bytes_out=4489,
            variants=3,
            natural=0,
            passed_over={"binary": 1},
            by_rule={"verbatim": Counts(1, len(removals), len(removals), 0, 3421, 0)},
        ),
        documents=list(documents) or [DocumentEntry(name, "0" * 64, "f" * 64) for name in names],
        removals=removals,
        flags=flags,
    )


def lines_of(shown: Report) -> list[str]:
    return [*as_text.drift_lines(shown), *as_text.finding_lines(shown)]


# --- written and read back ------------------------------------------------------------------------------------

texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)
names = st.binary(min_size=1, max_size=12).map(os.fsdecode)
counts = st.integers(0, 2**62)
places = st.builds(Place, names, counts, counts, counts)
shares = st.integers(0, 10_000).map(lambda number: number / 10_000)


decided = st.just({}) | st.fixed_dictionaries({"guard": st.none() | texts, "decision": st.just("accept")})


@st.composite
def removals(draw: st.DrawFn) -> Removal:
    raw = draw(st.binary(max_size=20))
    return Removal(
        draw(names),
        start=draw(counts),
        end=draw(counts),
        line=draw(counts),
        end_line=draw(counts),
        kind="paragraph",
        rule="near",
        similarity=draw(shares),
        run=draw(counts),
        kept=draw(places),
        text=draw(st.just(raw.decode("utf-8", "replace")) | st.just(raw.decode("latin-1"))),
        raw=raw,
        pair=draw(st.none() | st.just(PAIR)),
        **draw(decided),
    )


flags = st.builds(
    Flag,
    names,
    counts,
    counts,
    counts,
    counts,
    texts,
    texts,
    shares,
    counts,
    places,
    texts,
    st.none() | texts,
    pair=st.none() | st.just(PAIR),
)
entries = st.builds(
    DocumentEntry,
    names,
    texts,
    texts,
    output=st.none() | names,
    dropped=st.booleans(),
    repeats=st.none() | st.builds(Repeat, names, shares, st.booleans()),
    inside=st.none() | names,
    rest=st.binary(max_size=4),
)


@given(st.lists(entries, max_size=3), st.lists(removals(), max_size=3), st.lists(flags, max_size=3))
@settings(max_examples=300, deadline=None)
def test_json_and_jsonl_hold_everything(
    tmp_path_factory: pytest.TempPathFactory,
    documents: list[DocumentEntry],
    found: list[Removal],
    flagged: list[Flag],
) -> None:
    saved = report(removal())
    saved.documents, saved.removals, saved.flags = documents, found, flagged
    saved.directives = [DirectiveEntry(entry.path, 3, "unused", "nothing") for entry in documents]
    saved.summary.allowed = len(found)
    folder = tmp_path_factory.getbasetemp()
    for ending in (".json", ".jsonl"):
        path = folder / f"any{ending}"
        write_report(saved, path)
        path.read_bytes().decode("utf-8")
        assert read_report(path) == saved
    for ending in sorted({*ENDINGS} - {".json", ".jsonl"}):
        write_report(saved, folder / f"any{ending}")
    for line in lines_of(saved):
        assert line == visible(line)


def test_json_is_as_the_schema_says(tmp_path: Path) -> None:
    saved = report(
        removal(),
        removal(line=14, raw=b"caf\xe9", text="café", id="7", pair=PAIR, guard="number", decision="accept"),
        flag(id="8", pair=PAIR),
        flag(line=15, guard=None),
        documents=(
            DocumentEntry("a.md", "0" * 64, "f" * 64, output="out/a.md", inside="a.md"),
            DocumentEntry(
                "b.md", "0" * 64, "f" * 64, dropped=True, rest=b"\n", repeats=Repeat("a.md", 1.0, True)
            ),
        ),
    )
    saved.summary.skipped = saved.summary.dropped = saved.summary.ignored = saved.summary.allowed = 1
    saved.summary.known = saved.summary.unchanged = saved.summary.decided = saved.summary.retained = 1
    saved.directives.append(DirectiveEntry("a.md", 3, "malformed", 'unknown "dedup: ingore"'))
    write_report(saved, tmp_path / "r.json")
    Draft202012Validator.check_schema(SCHEMA)
    saved_row = json.loads((tmp_path / "r.json").read_bytes())
    Draft202012Validator(SCHEMA).validate(saved_row)
    head = ["schema", "tool", "settings", "summary", "directives"]
    assert list(saved_row) == [*head, "documents", "removals", "flags"]
    assert {*saved_row["directives"][0]} == {*SCHEMA["$defs"]["directive"]["properties"]}
    assert "bytes" not in saved_row["removals"][0]
    assert saved_row["removals"][1]["bytes"] == "Y2Fm6Q=="
    assert {*saved_row["removals"][1]} == {*SCHEMA["$defs"]["removal"]["properties"]}
    assert {*saved_row["flags"][0]} == {*SCHEMA["$defs"]["flag"]["properties"]}
    assert {*saved_row["documents"][1]} == {*SCHEMA["$defs"]["document"]["properties"]}
    assert {*saved_row["summary"]} == {*SCHEMA["$defs"]["summary"]["properties"]}


def test_every_field_is_described() -> None:
    page = (Path(__file__).parent.parent / "docs" / "report.md").read_text("utf-8")
    for name, definition in SCHEMA["$defs"].items():
        for field in definition["properties"]:
            assert f"| `{field}` |" in page, f"{field} of {name}"


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_report_is_the_same_file(tmp_path: Path, ending: str) -> None:
    for name in ("one", "two"):
        write_report(report(removal(), flag()), tmp_path / f"{name}{ending}")
    assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()


def test_text_stays_readable_in_json() -> None:
    out = BytesIO()
    as_json.write(report(removal(text="Ein Müller – 東京\u2028\x9b\n")), out)
    assert "Ein Müller – 東京\\u2028\\u009b\\n".encode() in out.getvalue()


@pytest.mark.parametrize("similarity", [0.99996, 0.9999999999, 1 - 2**-53])
def test_what_is_not_quite_the_same_is_never_shown_as_the_same(similarity: float) -> None:
    saved = report(removal(rule="near", similarity=similarity))
    out = BytesIO()
    as_json.write(saved, out)
    assert json.loads(out.getvalue())["removals"][0]["similarity"] == 0.9999
    assert " near 0.99 " in lines_of(saved)[0]


def test_table_has_a_row_a_finding(tmp_path: Path) -> None:
    saved = report(removal(raw=b"caf\xe9", text="café"), removal("n\udce9.md", 13, text='a "b",\nc'), flag())
    write_report(saved, tmp_path / "r.csv")
    write_report(saved, tmp_path / "r.parquet")
    table = polars.read_parquet(tmp_path / "r.parquet")
    assert table.equals(polars.read_csv(tmp_path / "r.csv", schema=table.schema))
    assert table["type"].to_list() == ["removal", "removal", "flag"]
    assert table["document"].to_list() == ["a.md", "n\\udce9.md", "a.md"]
    assert table["text"].to_list() == ["café", 'a "b",\nc', "30 people were injured"]
    assert table["bytes"].to_list() == ["Y2Fm6Q==", None, None]
    assert table["kept_line"].to_list() == [7, 8, 3]
    assert table["guard"].to_list() == [None, None, "number"]


# --- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("r.txt", "a report's name ends in .gitlab.json, .junit.xml, .*.csv or .parquet"),
        ("report", "a report's name ends in"),
        ("none/r.json", "no such folder"),
    ],
)
def test_a_report_goes_only_where_it_can(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(DedupError, match=reason):
        write_report(report(), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_a_report_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text("old")
    path.chmod(0o640)
    broken = report(removal())
    broken.flags = [object()]  # type: ignore[list-item]
    with pytest.raises(AttributeError):
        write_report(broken, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    write_report(report(removal()), path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def saved_rows() -> dict[str, Any]:
    out = BytesIO()
    as_json.write(report(removal(), flag()), out)
    rows: dict[str, Any] = json.loads(out.getvalue())
    return rows


def changed(path: str, value: Any) -> bytes:
    """A saved report with one value changed, or taken away where the value is `...`."""
    rows: Any = saved_rows()
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    inner = rows
    for part in way:
        inner = inner[part]
    if value is ...:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(rows).encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (
            changed("schema", "dedup-report/2"),
            r'version \("dedup-report/2"\), this dedup reads dedup-report/1',
        ),
        (changed("schema", ...), "names no schema"),
        (changed("schema", ["x"]), "another version"),
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe\xff", "not valid JSON"),
        (b"[" * 100_000, "nested too deeply|not valid JSON"),
        (b"[]", "must be an object"),
        (b"1" * 5000, "not valid JSON"),
        (changed("documents", ...), "'documents' must be a list"),
        (changed("removals", {}), "'removals' must be a list"),
        (changed("documents.0", "a.md"), r"documents\[0\]: must be an object"),
        (changed("documents.0.path", ...), r"documents\[0\]: 'path' is missing"),
        (changed("documents.0.path", 3), r"documents\[0\]: 'path' must be a string"),
        (changed("documents.0.dropped", 1), "'dropped' must be true or false"),
        (changed("documents.0.repeats", "b.md"), "'repeats' must be an object"),
        (changed("documents.0.rest", "?"), "'rest' does not hold the bytes"),
        (changed("removals.0.start", "0"), r"removals\[0\]: 'start' must be a whole number"),
        (changed("removals.0.start", True), r"removals\[0\]: 'start' must be a whole number"),
        (changed("removals.0.start", 1.5), r"removals\[0\]: 'start' must be a whole number"),
        (changed("removals.0.start", 10**30), r"removals\[0\]: 'start' is too large"),
        (changed("removals.0.similarity", 1e300), r"'similarity' must lie between 0 and 1"),
        (changed("removals.0.similarity", None), r"'similarity' must be a number"),
        (changed("removals.0.kept", None), r"'kept' must be an object"),
        (changed("removals.0.kept.line", ...), r"removals\[0\]: kept: 'line' is missing"),
        (changed("removals.0.text", None), r"'text' must be a string"),
        (changed("removals.0.text", "\udc80"), r"'text' does not hold the bytes"),
        (changed("removals.0.bytes", 7), r"'bytes' must be a string"),
        (changed("removals.0.bytes", "é"), r"'bytes' does not hold the bytes"),
        (changed("flags.0.guard", ...), r"flags\[0\]: 'guard' is missing"),
        (changed("summary", 3), "'summary' must be an object"),
        (changed("summary.removed", "6"), "summary: 'removed' must be a whole number"),
        (changed("summary.by_rule.verbatim", 6), "by_rule: verbatim: must be an object"),
        (changed("summary.passed_over", {"binary": None}), "'binary' must be a whole number"),
        (changed("tool", {"name": 1}), "tool: 'name' must be a string"),
    ],
)
def test_a_bad_report_is_one_clear_line(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "r.json"
    path.write_bytes(data)
    with pytest.raises(DedupError, match=reason) as caught:
        read_report(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b'{"type": "run"}\n', "names no schema"),
        (b"RUN{}\n", "line 2: 'type' must be document, removal, flag or drift"),
        (b"RUN[]\n", "line 2: 'type' must be"),
        (b'RUN{"type": "removal"', "line 2: not valid JSON"),
        (b'RUN{"type": "removal"}', "line 2: 'kept' is missing"),
    ],
)
def test_a_bad_jsonl_report_names_the_line(tmp_path: Path, data: bytes, reason: str) -> None:
    out = BytesIO()
    as_jsonl.write(report(), out)
    path = tmp_path / "r.jsonl"
    path.write_bytes(data.replace(b"RUN", out.getvalue()))
    with pytest.raises(DedupError, match=reason):
        read_report(path)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("r.json", "no such file"), ("r.jsonl", "no such file"), ("r.csv", "only .json or .jsonl")],
)
def test_a_report_that_is_not_there(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(DedupError, match=reason):
        read_report(tmp_path / name)


# --- shown to a person ----------------------------------------------------------------------------------------


def test_a_run_is_one_line() -> None:
    run = [removal(line=line) for line in range(12, 17)]
    assert lines_of(report(*run)) == [
        'a.md:12: verbatim 1.00 "In a significant turn of events" = a.md:7 (lines 12–16 repeat 7–11)'
    ]


def test_a_run_is_said_to_be_what_its_weakest_part_is() -> None:
    run = [removal(line=12), removal(line=13, rule="near", similarity=0.8399), removal(line=14, rule="exact")]
    assert lines_of(report(*run)) == [
        'a.md:12: near 0.83 "In a significant turn of events" = a.md:7 (lines 12–14 repeat 7–9)'
    ]


def test_a_run_of_hard_wrapped_blocks_ends_where_its_last_twin_does() -> None:
    run = [removal(line=12, end_line=14), removal(line=16, end_line=19)]
    assert lines_of(report(*run))[0].endswith("(lines 12–19 repeat 7–14)")


def test_findings_stand_in_the_order_of_their_places() -> None:
    found = report(removal("b.md", 30, run=2), removal("a.md", 12), flag("b.md", 3), flag("a.md", 20))
    found.documents.reverse()
    assert [line.split(" ")[0:2] for line in lines_of(found)] == [
        ["a.md:12:", "verbatim"],
        ["a.md:20:", "flag"],
        ["b.md:3:", "flag"],
        ["b.md:30:", "verbatim"],
    ]


def test_a_flag_names_its_guard() -> None:
    assert lines_of(report(flag(), flag(line=13, guard=None))) == [
        'a.md:12: flag near 0.91 "30 people were injured" = b.md:3 [number]',
        'a.md:13: flag near 0.91 "30 people were injured" = b.md:3',
    ]


def test_a_document_that_repeats_another_is_one_finding() -> None:
    whole = DocumentEntry("b.md", "0" * 64, "f" * 64, repeats=Repeat("a.md", 1.0, True))
    assert lines_of(report(removal("b.md"), documents=(whole,))) == ["b.md:12: repeats a.md:7"]
    mostly = DocumentEntry("b.md", "0" * 64, "f" * 64, repeats=Repeat("a.md", 0.839, False))
    assert lines_of(report(removal("b.md"), documents=(mostly,))) == [
        "b.md: repeats a.md for the most part (83 %)",
        'b.md:12: verbatim 1.00 "In a significant turn of events" = a.md:7',
    ]


def test_nothing_of_a_document_reaches_the_terminal_raw() -> None:
    shown = lines_of(
        report(removal("a\n\x1b[2J\udce9.md", text="one\x07 \x1b]0;title\x07\ttwo\r\nthree\u202e\x9b"))
    )
    assert shown == [
        r'a\n\x1b[2J\xe9.md:12: verbatim 1.00 "one\x07 \x1b]0;title\x07 two three\u202e\x9b" = a.md:7'
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one two", "one two"),
        ("  one\n two  ", "one two"),
        ("word " * 13, "word " * 11 + "word…"),
        ("x" * 70, "x" * 60 + "…"),
        ("東" * 70, "東" * 30 + "…"),
        ("a" + " " * 500 + "b", "a…"),
        ("", ""),
    ],
)
def test_first_words(text: str, shown: str) -> None:
    assert first_words(text) == shown


@pytest.mark.parametrize(
    ("similarity", "shown"), [(1.0, "1.00"), (0.9999, "0.99"), (0.57, "0.57"), (0.29, "0.29"), (0.0, "0.00")]
)
def test_two_digits_are_cut(similarity: float, shown: str) -> None:
    assert two_digits(similarity) == shown


def summary(done: bool, problems: int = 0, **changes: Any) -> list[str]:
    saved = report(*(removal(line=line) for line in range(12, 17)), removal(line=4, rule="headline", run=2))
    saved.summary.by_rule = {
        "verbatim": Counts(removed=5),
        "headline": Counts(removed=1),
        "near": Counts(flagged=1),
    }
    saved.summary.variants = 0
    saved.summary.passed_over = {}
    for name, value in changes.items():
        setattr(saved.summary, name, value)
    return list(as_text.summary_lines(saved, done=done, problems=problems))


def test_summary() -> None:
    assert summary(done=True) == [
        "6 of 19 blocks removed in 1 document (3,421 of 7,910 bytes, 43 %): 1 headline, 5 verbatim; 0 flagged"
    ]
    assert summary(done=False, documents=3)[0].startswith("6 of 19 blocks to remove in 1 of 3 documents (")
    assert summary(done=False, removed=0, blocks=1, bytes_in=1) == [
        "nothing to remove in 1 document (1 block, 1 byte); 0 flagged"
    ]
    assert (
        summary(done=True, bytes_in=10**6, bytes_out=10**6 - 9)[0]
        .split("(")[1]
        .startswith("9 of 1,000,000 bytes, under 1 %)")
    )
    assert summary(
        done=True, problems=1, variants=1, natural=2, passed_over={"binary": 1, "other": 2, "none": 0}
    )[1:] == [
        "left alone: 1 deliberate variant, 2 short repeats",
        "passed over: 1 binary file, 2 files of another kind",
        "1 problem, named above",
    ]


HOSTILE = "<script>alert(1)</script> [x](javascript:y) ![i](z) `c` | *e* _f_ &amp; # h\n\n---\n> q\n\n<b>"


def test_hostile_text_cannot_break_the_markdown_page() -> None:
    out = BytesIO()
    as_markdown.write(
        report(removal(f"{HOSTILE}.md", text=HOSTILE), removal(f"{HOSTILE}.md", 13), flag(guard=HOSTILE)), out
    )
    page = out.getvalue().decode()
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(page)
    inline = [child for token in tokens for child in token.children or []]
    kinds = {token.type for token in (*tokens, *inline)}
    assert not kinds & {
        "html_block",
        "html_inline",
        "link_open",
        "image",
        "code_inline",
        "em_open",
        "hr",
        "fence",
    }
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h1", "h2", "h2"]
    shown = "".join(child.content for child in inline if child.type == "text")
    assert "<script>alert(1)</script> [x](javascript:y)" in shown
    assert "**lines 12–13** repeat a.md lines 7–8 (verbatim 1.00)" in page


def test_markdown_page_for_a_person() -> None:
    out = BytesIO()
    as_markdown.write(report(removal(), flag(line=20)), out)
    assert out.getvalue().decode() == (
        "# Repeats found by dedup\n"
        "\n"
        "| rule | documents | removed | flagged | bytes removed |\n"
        "|---|---:|---:|---:|---:|\n"
        "| verbatim | 1 | 1 | 0 | 3,421 |\n"
        "| **all** | 1 | 1 | 1 | 3,421 |\n"
        "\n"
        "19 blocks in 1 document; 3,421 of 7,910 bytes removed (43 %).\n"
        "\n"
        "Left alone: 3 deliberate variants.\n"
        "\n"
        "Passed over: 1 binary file.\n"
        "\n"
        "## a.md\n"
        "\n"
        "- **line 12** repeats this document's line 7 (verbatim 1.00)\n"
        "  - “In a significant turn of events”\n"
        "- **line 20** flagged, like b.md line 3 (near 0.91, number)\n"
        "  - “30 people were injured”\n"
    )
