"""Rows of tables: which go, which stay, which cannot be read, and what is said of them."""

from __future__ import annotations

import gzip
import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from table_files import (
    EDITED,
    FORMS,
    LONG,
    OTHER,
    Row,
    arrow_bytes,
    clean_folder,
    dedup,
    read,
    run,
    texts,
    written,
)

from dedup.api import InputProblems, clean
from dedup.problems import DedupError

ROWS: list[Row] = [
    {"id": "1", "text": LONG},
    {"id": "2", "text": LONG},
    {"id": "3", "text": f"{LONG}\n\n{OTHER}"},
    {"id": "4", "text": f"x\n\n{OTHER}"},
]


@pytest.fixture(params=FORMS)
def form(request: pytest.FixtureRequest) -> str:
    return str(request.param)


# --- Rows that become empty, or repeat


@pytest.mark.parametrize(
    ("empty", "left"),
    (
        ("keep", [LONG, "", OTHER, "x\n\n"]),
        ("drop", [LONG, OTHER, "x\n\n"]),
        ("flag", [LONG, LONG, OTHER, "x\n\n"]),
    ),
)
def test_what_becomes_of_a_row_of_which_nothing_is_left(
    tmp_path: Path, form: str, empty: str, left: list[str]
) -> None:
    source, target = written(tmp_path / f"in.{form}", ROWS), tmp_path / f"out.{form}"
    report = clean(source, output=target, empty=empty)
    assert texts(target) == left
    flags = [(flag.line, flag.id, flag.guard) for flag in report.flags]
    assert flags == ([(2, "2", "empty")] if empty == "flag" else [])
    assert report.summary.dropped == (empty == "drop")


@pytest.mark.parametrize(("share", "left"), ((0.4, ["1", "4"]), (0.6, ["1", "3"]), (1.0, ["1", "3", "4"])))
def test_rows_that_repeat_enough_are_dropped(
    tmp_path: Path, form: str, share: float, left: list[str]
) -> None:
    source, target = written(tmp_path / f"in.{form}", ROWS), tmp_path / f"out.{form}"
    report = clean(source, output=target, drop_repeated=share)
    assert [row["id"] for row in read(target)] == left
    assert report.summary.dropped == 4 - len(left)
    # What went with a row that went as a whole was never kept: its other paragraph is the first of its sort.
    assert texts(target)[-1] == {0.4: f"x\n\n{OTHER}", 0.6: OTHER, 1.0: "x\n\n"}[share]


def test_null_passes_and_is_no_text(tmp_path: Path, form: str) -> None:
    if form in ("csv", "tsv"):
        (tmp_path / f"in.{form}").write_text(f"text\n{LONG.replace(',', '')}\n\n\n{LONG}\n".replace(",", ""))
        source = tmp_path / f"in.{form}"
    else:
        source = written(tmp_path / f"in.{form}", [{"text": LONG}, {"text": None}, {"text": LONG}])
    report = clean(source, output=tmp_path / f"out.{form}", empty="drop")
    assert report.summary.documents == 2
    if form not in ("csv", "tsv"):
        assert read(tmp_path / f"out.{form}") == [{"text": LONG}, {"text": None}]


# --- Names of rows


TWICE = [
    {"id": 7, "text": "first"},
    {"id": 8, "text": f"{OTHER} and so on"},
    {"id": 7, "text": LONG},
    {"id": 9, "text": LONG},
]


def test_two_rows_with_one_name_end_their_table(tmp_path: Path, form: str, capfd: Any) -> None:
    written(tmp_path / f"a.{form}", TWICE)
    written(tmp_path / f"b.{form}", TWICE[:2])
    inputs = [tmp_path / f"{name}.{form}" for name in "ab"]
    told = run(capfd, "clean", *inputs, "-o", tmp_path / "out", "--id-column", "id", status=2)
    assert told[0] == f'dedup: {tmp_path}/a.{form}: row 3: has the id "7" of an earlier row'
    assert clean_folder(tmp_path / "out") == [f"b.{form}"]


def test_or_the_second_is_left_out(tmp_path: Path, form: str, capfd: Any) -> None:
    source = written(tmp_path / f"in.{form}", TWICE)
    options = ("--id-column", "id", "--on-error", "skip", "--report", tmp_path / "r.json")
    told = run(capfd, "clean", source, "-o", tmp_path / f"out.{form}", *options)
    assert told[0].endswith(f'in.{form}: row 3: has the id "7" of an earlier row; left out')
    assert told[-1] == "dedup: 1 row could not be read and is left out"
    assert texts(tmp_path / f"out.{form}") == ["first", f"{OTHER} and so on", LONG]
    assert json.loads((tmp_path / "r.json").read_bytes())["summary"]["skipped"] == 1


def test_names_are_not_checked_unless_they_are_asked_for(tmp_path: Path, form: str) -> None:
    source = written(tmp_path / f"in.{form}", [*TWICE[:3], {"id": 7, "text": LONG}])
    report = clean(source, output=tmp_path / f"out.{form}")
    assert [removal.id for removal in report.removals] == ["7"]


def test_rows_without_a_name_are_not_the_same_row(tmp_path: Path) -> None:
    for form in ("jsonl", "parquet", "arrow"):
        source = written(
            tmp_path / f"in.{form}",
            [{"id": None, "text": "a"}, {"id": None, "text": "b"}, {"id": 1, "text": "c"}],
        )
        clean(source, output=tmp_path / f"out.{form}", id_column="id")
        assert texts(tmp_path / f"out.{form}") == ["a", "b", "c"]


# --- Tables that cannot be read


def broken(folder: Path, name: str) -> Path:
    """A table with one thing wrong; its name says which."""
    whole = written(folder / "whole.parquet", ROWS * 300).read_bytes()
    lines = "".join(json.dumps(row) + "\n" for row in ROWS * 300).encode()
    (folder / "whole.parquet").unlink()
    path = folder / name
    data = {
        "column.csv": b"id,txt\n1,a\n",
        "column.parquet": None,
        "type.parquet": None,
        "type.jsonl": b'{"text": "a"}\n{"text": 5}\n',
        "cut.parquet": whole[: len(whole) // 2],
        "flipped.parquet": whole[:60] + b"\xff" * 60 + whole[120:],
        "cut.jsonl.gz": gzip.compress(lines)[:-9],
        "cut.csv.zst": pa.Codec("zstd").compress(b"text\n" + os.urandom(30000).hex().encode(), asbytes=True)[
            :-9
        ],
        "no.jsonl.gz": b"no gzip at all",
        "cut.arrow": arrow_bytes(pa.table({"text": ["a"] * 999}))[:900],
        "middle.jsonl": lines + b'{"text": "a\n' + lines,
        "list.jsonl": b'{"text": "a"}\n["text"]\n',
        "utf8.jsonl": b'{"text": "a"}\n{"text": "\xff"}\n',
        "fields.csv": b"id,text\n1,a\n2,b,c\n",
        "quote.csv": b'id,text\n1,a\n2,b"c\n3,d\n',
        "quotes.csv": b'id,text\n1,"a"\n2,"b"c\n"3","d ""e""\n\n"\n4,f\n',
        "open.csv": b'id,text\n1,a\n2,"b\n3,c\n',
        "utf8.csv": b"id,text\n1,a\n2,\xff\n",
        "empty.parquet": b"",
    }[name]
    if name == "column.parquet":
        return written(path, [{"id": 1, "body": "a"}])
    if name == "type.parquet":
        return written(path, [{"id": 1, "text": 5}])
    path.write_bytes(data or b"")
    return path


BAD = {
    "column.csv": 'no column "text"; did you mean "txt"?',
    "column.parquet": 'no column "text"; there are id, body',
    "type.parquet": 'column "text" holds int64, not text',
    "type.jsonl": 'row 2: a number under "text", not a string',
    "cut.parquet": "",
    "flipped.parquet": "",
    "cut.jsonl.gz": "the gzip data is truncated",
    "cut.csv.zst": "the zstd data is truncated",
    "no.jsonl.gz": "the gzip data is damaged",
    "cut.arrow": "",
    "middle.jsonl": "row 1201: not a JSON object",
    "list.jsonl": "row 2: not a JSON object",
    "utf8.jsonl": "row 2: not valid UTF-8",
    "fields.csv": "row 2: 3 fields, the header has 2",
    "quotes.csv": "row 2: a quotation mark that neither begins nor ends a field",
    "quote.csv": "row 2: a quotation mark that neither begins nor ends a field",
    "open.csv": "row 2: a quotation that does not end",
    "utf8.csv": "row 2: not valid UTF-8",
    "empty.parquet": "",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_table_is_one_line_and_no_output_and_the_others_are_done(
    tmp_path: Path, capfd: Any, name: str
) -> None:
    path = broken(tmp_path, name)
    good = written(tmp_path / "good.jsonl", [{"text": LONG}, {"text": LONG}])
    told = run(capfd, "clean", path, good, "-o", tmp_path / "out", status=2)
    assert told[0].startswith(f"dedup: {path}: {BAD[name]}")
    assert sum(str(path) in line for line in told) == 1 and told[-1] == "dedup: 1 problem, named above"
    assert clean_folder(tmp_path / "out") == ["good.jsonl"]
    assert texts(tmp_path / "out/good.jsonl")[1] == ""


SKIPPED = (
    "type.jsonl",
    "middle.jsonl",
    "list.jsonl",
    "utf8.jsonl",
    "fields.csv",
    "quote.csv",
    "quotes.csv",
    "utf8.csv",
)


@pytest.mark.parametrize("name", SKIPPED)
def test_a_row_that_cannot_be_read_is_left_out_where_so_set(tmp_path: Path, capfd: Any, name: str) -> None:
    path = broken(tmp_path, name)
    before = path.read_bytes().splitlines(keepends=True)
    target = tmp_path / f"out.{name.rpartition('.')[2]}"
    told = run(capfd, "clean", path, "-o", target, "--on-error", "skip", "--near", "off", "--min-words", "99")
    assert told[0] == f"dedup: {path}: {BAD[name]}; left out"
    del before[1200 if name.startswith("middle") else 2 if name.endswith("csv") else 1]
    assert target.read_bytes() == b"".join(before)


def test_text_that_is_no_utf8_is_a_bad_row_of_parquet_too(tmp_path: Path, capfd: Any) -> None:
    column = pa.array([LONG.encode(), b"\xff\xfe", OTHER.encode(), LONG.encode()], pa.binary()).view(
        pa.string()
    )
    pq.write_table(pa.table({"n": [1, 2, 3, 4], "text": column}), tmp_path / "in.parquet")
    run(capfd, "clean", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet", status=2)
    run(capfd, "clean", tmp_path / "in.parquet", "-o", tmp_path / "out.parquet", "--on-error", "skip")
    kept = [{"n": 1, "text": LONG}, {"n": 3, "text": OTHER}, {"n": 4, "text": ""}]
    assert read(tmp_path / "out.parquet") == kept


@pytest.mark.parametrize("name", ("in.jsonl", "in.parquet", "in.csv"))
def test_a_row_of_40_mb_is_too_long(tmp_path: Path, capfd: Any, name: str) -> None:
    source = written(
        tmp_path / name, [{"text": LONG}, {"text": "x" * (40 << 20)}, {"text": LONG}, {"text": OTHER}]
    )
    target = tmp_path / f"out{source.suffix}"
    if name == "in.csv":
        told = run(capfd, "clean", source, "-o", target, status=2)
        assert told[0] == f"dedup: {source}: row 2: longer than 32 MB"
        assert not target.exists()
        return
    told = run(capfd, "clean", source, "-o", target, "--on-error", "skip")
    assert told[0] == f"dedup: {source}: row 2: longer than 32 MB; left out"
    assert texts(target) == [LONG, "", OTHER]


def test_a_row_that_is_too_long_ends_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any, form: str
) -> None:
    for module in ("rows", "jsonl", "csv_rows", "columnar"):
        monkeypatch.setattr(f"dedup.sources.{module}.MOST_BYTES", 1000)
    source = written(tmp_path / f"in.{form}", [{"text": LONG}, {"text": "x" * 600_000}, {"text": LONG}])
    told = run(capfd, "clean", source, "-o", tmp_path / f"out.{form}", status=2)
    assert "longer than 32 MB" in told[0]
    assert clean_folder(tmp_path) == [f"in.{form}"]


def test_what_goes_wrong_is_json_where_so_wanted(tmp_path: Path, capfd: Any) -> None:
    path = broken(tmp_path, "type.jsonl")
    run_json = [
        json.loads(line)
        for line in run(capfd, "clean", path, "-o", tmp_path / "o.jsonl", "--log-json", status=2)
    ]
    assert run_json[0] == {"event": "problem", "path": str(path), "reason": BAD["type.jsonl"]}
    assert run_json[-1]["event"] == "summary" and run_json[-1]["problems"] == 1
    skipped = run(capfd, "clean", path, "-o", tmp_path / "o.jsonl", "--log-json", "--on-error", "skip")
    first, *_, last = map(json.loads, skipped)
    assert (
        first["event"] == "note" and last["skipped"] == 1 and last["documents"] == 1 and last["done"] is True
    )


def test_the_call_names_what_it_could_not_read(tmp_path: Path) -> None:
    good = written(tmp_path / "good.parquet", [{"text": LONG}, {"text": LONG}])
    with pytest.raises(InputProblems, match="row 2: a number") as caught:
        clean(broken(tmp_path, "type.jsonl"), good, output=tmp_path / "out", report=tmp_path / "r.parquet")
    assert [removal.line for removal in caught.value.report.removals] == [2]
    assert texts(tmp_path / "out/good.parquet") == [LONG, ""]
    assert pq.read_table(tmp_path / "r.parquet").column("line").to_pylist() == [2]


# --- In place, and back


@pytest.mark.parametrize("name", ("t.jsonl", "t.csv", "t.tsv"))
def test_a_plain_table_is_cleaned_in_place_and_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    source = written(Path(name), [*ROWS, {"id": "5", "text": f'"{EDITED}"\n\n"{EDITED}"'}])
    before = source.read_bytes()
    for target in (source, Path("out") / name):
        place = ["--in-place"] if target == source else ["-o", "out/"]
        run(capfd, "clean", name, *place, "--empty", "drop", "--report", "r.jsonl")
        assert target.read_bytes() != before and len(texts(target)) == 4
        run(capfd, "restore", "r.jsonl")
        assert target.read_bytes() == before


@pytest.mark.parametrize("name", ("t.parquet", "t.arrow", "t.jsonl.gz", "t.csv.zst"))
def test_other_forms_are_refused_in_place_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(Path("a.jsonl"), ROWS)
    written(Path(name), ROWS)
    before = {each: Path(each).read_bytes() for each in clean_folder(tmp_path)}
    (told,) = run(capfd, "clean", "a.jsonl", name, "--in-place", status=2)
    assert told.startswith(f"dedup: {name}: ") and told.endswith("cannot be cleaned in place; use -o")
    with pytest.raises(DedupError, match="cannot be cleaned in place"):
        clean("a.jsonl", name, in_place=True, report="r.json")
    assert {each: Path(each).read_bytes() for each in clean_folder(tmp_path)} == before


def test_rows_are_not_left_out_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    """They could not be put back."""
    monkeypatch.chdir(tmp_path)
    path = broken(tmp_path, "type.jsonl")
    before = path.read_bytes()
    (told,) = run(capfd, "clean", path.name, "--in-place", "--on-error", "skip", status=2)
    assert "could not be put back" in told and path.read_bytes() == before


@pytest.mark.parametrize(
    ("source", "target"),
    (
        ("t.parquet", "o.parquet"),
        ("t.arrow", "o.arrow"),
        ("t.jsonl.gz", "o.jsonl.gz"),
        ("t.jsonl", "o.parquet"),
        ("t.parquet", "o.jsonl"),
        ("t.csv", "o.csv.zst"),
        ("t.csv", "o.tsv"),
    ),
)
def test_other_tables_are_not_put_back_since_the_input_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any, source: str, target: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(Path(source), ROWS)
    run(capfd, "clean", source, "-o", target, "--report", "r.json")
    cleaned = Path(target).read_bytes()
    told = run(capfd, "restore", "r.json", status=2)
    assert told[0] == f"dedup: {target}: such a table is not put back; {source} is as it was"
    assert Path(target).read_bytes() == cleaned


# --- Standard output


def test_a_table_goes_to_standard_output_in_its_form(tmp_path: Path, form: str) -> None:
    source = written(tmp_path / f"in.{form}", ROWS)
    done = dedup("clean", source, cwd=tmp_path)
    (tmp_path / f"out.{form}").write_bytes(done.stdout)
    assert done.returncode == 0 and texts(tmp_path / f"out.{form}") == [LONG, "", OTHER, "x\n\n"]


@pytest.mark.parametrize("name", ("t.parquet", "t.jsonl.gz"))
def test_what_is_no_text_does_not_go_to_a_terminal(tmp_path: Path, name: str) -> None:
    written(tmp_path / name, ROWS)
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "dedup", "clean", name]
    done = subprocess.run(command, cwd=tmp_path, stdout=slave, stderr=subprocess.PIPE, check=False)
    os.close(slave)
    assert done.returncode == 2 and b"is nothing for a terminal; use -o DEST" in done.stderr
    assert done.stderr.count(b"\n") == 1
    with pytest.raises(OSError):  # nothing is there to read
        os.read(master, 1)
    os.close(master)


def test_a_table_has_no_diff(tmp_path: Path, capfd: Any) -> None:
    told = run(capfd, "clean", written(tmp_path / "t.csv", ROWS), "--diff", status=2)
    assert "a table has no diff" in told[0]


def test_a_report_of_parquet_counts_in_its_rows(tmp_path: Path) -> None:
    report = clean(written(tmp_path / "t.parquet", ROWS), output=tmp_path / "o.parquet", empty="drop")
    assert [(f.line, f.start, f.end, f.kept.line) for f in report.removals] == [
        (2, 0, len(LONG), 1),
        (3, 0, len(LONG) + 2, 1),
        (4, 3, 3 + len(OTHER), 3),
    ]
    assert io.BytesIO(report.removals[1].raw).read() == f"{LONG}\n\n".encode()
