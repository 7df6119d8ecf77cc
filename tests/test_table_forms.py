"""Tables in every form: in and out, plain and compressed, and all that is not the text untouched."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from table_files import (
    COMPRESSIONS,
    FORMS,
    LONG,
    OTHER,
    arrow_bytes,
    arrow_table,
    clean_folder,
    dedup,
    plain,
    read,
    run,
    texts,
    written,
)

from dedup.api import clean

ROWS = [
    {"id": "a", "text": LONG, "n": 1},
    {"id": "b", "text": f"{OTHER}\n\n{LONG}", "n": 2},
    {"id": "c", "text": "short", "n": 3},
]
CLEANED = [LONG, f"{OTHER}\n\n", "short"]


@pytest.mark.parametrize("ending", COMPRESSIONS)
@pytest.mark.parametrize("form", FORMS)
def test_each_form_comes_back_as_it_came(tmp_path: Path, form: str, ending: str) -> None:
    source = written(tmp_path / f"in.{form}{ending}", ROWS)
    target = tmp_path / f"out.{form}{ending}"
    report = clean(source, output=target)
    assert texts(target) == CLEANED
    assert [{**row, "text": ""} for row in read(target)] == [{**row, "text": ""} for row in read(source)]
    assert [(removal.line, removal.id, removal.text) for removal in report.removals] == [(2, "b", LONG)]


@pytest.mark.parametrize("target", FORMS)
@pytest.mark.parametrize("source", FORMS)
def test_from_each_form_to_each_other(tmp_path: Path, source: str, target: str) -> None:
    path, out = written(tmp_path / f"in.{source}.gz", ROWS), tmp_path / f"out.{target}.zst"
    clean(path, output=out)
    rows = read(out)
    assert [row["text"] for row in rows] == CLEANED
    assert [list(row) for row in rows] == [["id", "text", "n"]] * 3
    assert [str(row["n"]) for row in rows] == ["1", "2", "3"]


def test_where_the_name_does_not_say_it_the_user_does(tmp_path: Path, capfd: Any) -> None:
    written(tmp_path / "in.csv", ROWS).rename(tmp_path / "table")
    run(capfd, "clean", tmp_path / "table", "-o", tmp_path / "out.jsonl", "--input-format", "csv")
    assert texts(tmp_path / "out.jsonl") == CLEANED


def test_the_text_may_be_in_another_column(tmp_path: Path, capfd: Any) -> None:
    rows = [{"text": LONG, "body": row["text"]} for row in ROWS]
    path = written(tmp_path / "in.parquet", rows)
    run(capfd, "clean", path, "-o", tmp_path / "out.parquet", "--text-column", "body")
    assert [row["body"] for row in read(tmp_path / "out.parquet")] == CLEANED
    assert texts(tmp_path / "out.parquet") == [LONG] * 3


@pytest.mark.parametrize("form", FORMS)
def test_cells_are_cut_as_markdown_where_so_set(tmp_path: Path, capfd: Any, form: str) -> None:
    code = f"```\n{LONG}\n```\n"
    path = written(
        tmp_path / f"in.{form}", [{"text": LONG}, {"text": code}, {"text": f"# News\n\n{LONG}\n\n{OTHER}\n"}]
    )
    run(capfd, "clean", path, "-o", tmp_path / f"out.{form}", "--text-format", "markdown")
    assert texts(tmp_path / f"out.{form}") == [LONG, code, f"# News\n\n{OTHER}\n"]


# --- Columns beside the text


def wide(text: pa.Array) -> pa.Table:
    """A table with a column of every sort beside the text."""
    columns: dict[str, Any] = {
        "list": pa.array([[1, 2], None, []], pa.list_(pa.int16())),
        "struct": pa.array([{"a": 1, "b": ["x"]}, None, {"a": None, "b": None}]),
        "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
        "text": text,
        "decimal": pa.array([Decimal("1.20"), None, Decimal("-99.99")], pa.decimal128(10, 2)),
        "when": pa.array([dt.datetime(2024, 2, 29), None, dt.datetime(1900, 1, 1)]).cast(
            pa.timestamp("us", "Europe/Zurich")
        ),
        "day": pa.array([dt.date(2024, 1, 1), None, None]),
        "kind": pa.array(["x", None, "x"]).dictionary_encode(),
        "raw": pa.array([b"\xff\x00", None, b""], pa.binary()),
        "small": pa.array([1, None, 255], pa.uint8()),
        "real": pa.array([float("nan"), None, -0.0], pa.float32()),
        "none": pa.nulls(3),
    }
    fields = [pa.field(name, array.type, metadata={"of": name}) for name, array in columns.items()]
    return pa.Table.from_arrays(
        list(columns.values()), schema=pa.schema(fields, {"pandas": "{}", "by": "us"})
    )


TEXTS = [LONG, None, f"{OTHER}\n\n{LONG}"]


@pytest.mark.parametrize("form", ("parquet", "arrow", "stream"))
@pytest.mark.parametrize(
    "kind", (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string()))
)
def test_all_columns_but_the_text_are_untouched(tmp_path: Path, form: str, kind: pa.DataType) -> None:
    text = (
        pa.array(TEXTS).dictionary_encode().cast(kind)
        if pa.types.is_dictionary(kind)
        else pa.array(TEXTS, kind)
    )
    table = wide(text)
    source, target = tmp_path / f"in.{form}", tmp_path / f"out.{form}"
    if form == "parquet":
        pq.write_table(table, source)
        clean(source, output=target)
        before, after = pq.read_table(source), pq.read_table(target)
        metas = [pq.read_metadata(path).metadata for path in (source, target)]
        assert metas[0].keys() == metas[1].keys() and metas[1][b"by"] == b"us"
    else:
        source.write_bytes(arrow_bytes(table, stream=form == "stream"))
        clean(source, output=target, input_format="arrow")
        before, after = arrow_table(source.read_bytes()), arrow_table(target.read_bytes())
    assert after.schema.equals(before.schema, check_metadata=True)
    assert after.column("text").to_pylist() == [LONG, None, f"{OTHER}\n\n"]
    for name in table.column_names:
        if name != "text":
            assert str(after.column(name).to_pylist()) == str(before.column(name).to_pylist()), name


def test_nested_values_survive_rows_that_go(tmp_path: Path) -> None:
    table = pa.concat_tables([wide(pa.array([f"{LONG} {n}", LONG, OTHER])) for n in range(2)])
    pq.write_table(table, tmp_path / "in.parquet")
    clean(tmp_path / "in.parquet", output=tmp_path / "out.parquet", preset="corpus")
    kept = pq.read_table(tmp_path / "out.parquet")
    assert kept.drop(["text"]).to_pylist()[1:] == table.drop(["text"]).take([2]).to_pylist()
    assert kept.column("text").to_pylist() == [f"{LONG} 0", OTHER]


def test_row_groups_and_codecs_stay(tmp_path: Path) -> None:
    table = pa.table({"n": range(3000), "text": [f"{n} times {LONG}" for n in range(3000)]})
    pq.write_table(
        table, tmp_path / "in.parquet", row_group_size=700, compression={"n": "gzip", "text": "zstd"}
    )
    clean(tmp_path / "in.parquet", output=tmp_path / "out.parquet", near="off")
    before, after = (pq.read_metadata(tmp_path / name) for name in ("in.parquet", "out.parquet"))
    groups = [[meta.row_group(at).num_rows for at in range(meta.num_row_groups)] for meta in (before, after)]
    assert groups[0] == groups[1] == [700, 700, 700, 700, 200]
    assert [after.row_group(0).column(at).compression for at in range(2)] == ["GZIP", "ZSTD"]
    assert pq.read_table(tmp_path / "out.parquet").equals(table)


@pytest.mark.parametrize("source", ("arrow", "parquet"))
def test_dictionaries_fit_into_one_arrow_file(tmp_path: Path, source: str) -> None:
    """Each batch has a dictionary of its own then, of which such a file holds one."""
    rows = [LONG if n % 3 else f"{OTHER} {n}" for n in range(1200)]
    table = pa.table(
        {
            "text": pa.array(rows).dictionary_encode(),
            "o": pa.array(["a", None, "b"] * 400).dictionary_encode(),
        }
    )
    if source == "arrow":
        (tmp_path / "in.arrow").write_bytes(arrow_bytes(table))
    else:
        pq.write_table(table, tmp_path / "in.parquet", row_group_size=500)
    clean(tmp_path / f"in.{source}", output=tmp_path / "out.arrow", near="off")
    after = arrow_table((tmp_path / "out.arrow").read_bytes())
    assert after.schema.equals(table.schema)
    assert after.column("o").to_pylist() == table.column("o").to_pylist()
    assert after.column("text").to_pylist() == [
        "" if text == LONG and at > 1 else text for at, text in enumerate(rows)
    ]


def test_a_table_without_rows_is_a_table(tmp_path: Path) -> None:
    for form in ("parquet", "arrow", "csv"):
        source = tmp_path / f"in.{form}"
        table = pa.table({"text": pa.array([], pa.string()), "n": pa.array([], pa.int8())})
        if form == "parquet":
            pq.write_table(table, source)
        else:
            source.write_bytes(arrow_bytes(table) if form == "arrow" else b"text,n\r\n")
        clean(source, output=tmp_path / f"out.{form}")
        assert read(tmp_path / f"out.{form}") == []
        clean(source, output=tmp_path / "to.parquet")
        assert pq.read_schema(tmp_path / "to.parquet").names == ["text", "n"]


def test_a_line_in_which_nothing_went_keeps_its_bytes(tmp_path: Path) -> None:
    lines = [
        b'{"text":  "%s" , "n": 1e400, "n": 0.10}\r\n' % LONG.encode(),
        b"\n",
        b' {"\\u0074ext": "caf\\u00e9 \\/ \xc3\xa9", "big": %s}\n' % (b"9" * 5000),
        b'{"text": "%s", "z": {"text": [null, true]}}\n' % LONG.encode(),
        b'{"text": null}',
    ]
    (tmp_path / "in.jsonl").write_bytes(b"".join(lines))
    clean(tmp_path / "in.jsonl", output=tmp_path / "out.jsonl")
    lines[3] = b'{"text": "", "z": {"text": [null, true]}}\n'
    assert (tmp_path / "out.jsonl").read_bytes() == b"".join(lines)


# --- CSV


CSV_FILES = [
    b'id,text\r\n1,"%b"\r\n2,"say ""hi"", twice\r\n\r\n%b"\r\n3,x\r\n',
    b"text\n%b\n%b\n",
    b'\xef\xbb\xbf"text",note\n"%b","a ""b"""\n"%b",\n\n"end",z',
    b'note,text,"more, or less"\n"a\nb",%b,1\n,"%b",""\n"",,\n',
    b'"id","text"\n"1","%b"\n\n\n"2","%b"\n',
]


@pytest.mark.parametrize("source", CSV_FILES)
@pytest.mark.parametrize("form", ("csv", "tsv"))
def test_csv_is_the_same_but_for_what_went(tmp_path: Path, source: bytes, form: str) -> None:
    data = source % (LONG.replace(",", "").encode(), LONG.replace(",", "").encode())
    if form == "tsv":
        data = data.replace(b",", b"\t")
    (tmp_path / f"in.{form}").write_bytes(data)
    report = clean(tmp_path / f"in.{form}", output=tmp_path / f"out.{form}")
    (removal,) = report.removals
    assert data[removal.start : removal.end] == removal.raw == LONG.encode()
    assert (tmp_path / f"out.{form}").read_bytes() == data[: removal.start] + data[removal.end :]
    assert data[removal.kept.start : removal.kept.end] == LONG.encode()


def test_a_quotation_mark_in_a_removed_text_is_removed_in_both_its_bytes(tmp_path: Path) -> None:
    quoted = LONG.replace("old bridge", '"old" bridge')
    written(tmp_path / "in.csv", [{"text": quoted}, {"text": f'{OTHER} "so"\n\n{quoted}'}])
    report = clean(tmp_path / "in.csv", output=tmp_path / "out.csv")
    assert texts(tmp_path / "out.csv") == [quoted, f'{OTHER} "so"\n\n']
    (removal,) = report.removals
    assert removal.text == quoted and removal.raw.decode() == quoted.replace('"', '""')


def test_a_row_of_csv_dropped_takes_its_line(tmp_path: Path) -> None:
    data = b'text,n\r\n"%b",1\r\n"%b",2\r\n"%b\n",3' % ((LONG.encode(),) * 3)
    (tmp_path / "in.csv").write_bytes(data)
    clean(tmp_path / "in.csv", output=tmp_path / "out.csv", preset="corpus")
    assert (tmp_path / "out.csv").read_bytes() == data.partition(b'"%b",2' % LONG.encode())[0]


def test_names_of_csv_rows_stand_beside_texts_of_any_length(tmp_path: Path) -> None:
    """Python's csv module ends at fields of 128 KB."""
    long = " ".join(f"word{n}" for n in range(30_000))
    written(tmp_path / "in.csv", [{"text": long, "id": 'a "1"'}, {"text": long, "id": "b,\n2"}])
    report = clean(tmp_path / "in.csv", output=tmp_path / "out.csv", id_column="id")
    assert [removal.id for removal in report.removals] == ["b,\n2"]
    csv.field_size_limit(1 << 20)
    assert texts(tmp_path / "out.csv") == [long, ""]


# --- Parts


def parts(folder: Path) -> Path:
    written(folder / "year=2023" / "part-0.parquet", ROWS)
    written(folder / "year=2024" / "part-0.parquet", [{"text": LONG, "x": 1}])
    written(folder / "year=2024" / "part-1.jsonl.gz", [{"text": "other"}, {"text": OTHER}])
    (folder / "_SUCCESS").write_bytes(b"")
    (folder / "year=2024" / ".part-0.parquet.crc").write_bytes(b"x")
    return folder


def test_parts_in_are_parts_out_under_the_same_names(tmp_path: Path) -> None:
    clean(parts(tmp_path / "in"), output=tmp_path / "out")
    assert clean_folder(tmp_path / "out") == [
        "year=2023/part-0.parquet",
        "year=2024/part-0.parquet",
        "year=2024/part-1.jsonl.gz",
    ]
    assert texts(tmp_path / "out/year=2024/part-0.parquet") == [""]
    assert texts(tmp_path / "out/year=2024/part-1.jsonl.gz") == ["other", ""]
    assert pq.read_schema(tmp_path / "out/year=2023/part-0.parquet").names == ["id", "text", "n"]


def test_one_broken_part_does_not_hinder_the_others(tmp_path: Path, capfd: Any) -> None:
    parts(tmp_path / "in")
    (tmp_path / "in/year=2023/part-0.parquet").write_bytes(b"PAR1 and no more")
    told = run(capfd, "clean", tmp_path / "in", "-o", tmp_path / "out", status=2)
    assert told[0].startswith(f"dedup: {tmp_path}/in/year=2023/part-0.parquet: ")
    assert clean_folder(tmp_path / "out") == ["year=2024/part-0.parquet", "year=2024/part-1.jsonl.gz"]


def test_a_glob_names_parts_too(tmp_path: Path) -> None:
    parts(tmp_path / "in")
    done = dedup("clean", "in/year=*/*.parquet", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0
    assert clean_folder(tmp_path / "out") == ["year=2023/part-0.parquet", "year=2024/part-0.parquet"]
    assert texts(tmp_path / "out/year=2024/part-0.parquet") == [""]


# --- From one form to another


def test_what_a_form_has_no_place_for_is_told_in_one_line(tmp_path: Path, capfd: Any) -> None:
    pq.write_table(pa.table({"text": ["a"], "list": [[1, 2]]}), tmp_path / "in.parquet")
    told = run(capfd, "clean", tmp_path / "in.parquet", "-o", tmp_path / "out.csv", status=2)
    assert told[0].startswith(f"dedup: {tmp_path}/in.parquet: cannot be written as csv: ")
    assert clean_folder(tmp_path) == ["in.parquet"]


def test_json_lines_become_columns_with_what_they_hold(tmp_path: Path) -> None:
    rows = [
        {"text": LONG, "n": 2**62, "deep": {"a": [{"b": 1}]}, "x": 1.5},
        {"text": LONG, "n": None, "deep": {"a": []}, "new": "é"},
    ]
    clean(written(tmp_path / "in.jsonl", rows), output=tmp_path / "out.parquet")
    assert read(tmp_path / "out.parquet") == [
        {"text": LONG, "n": 2**62, "deep": {"a": [{"b": 1}]}, "x": 1.5, "new": None},
        {"text": "", "n": None, "deep": {"a": []}, "x": None, "new": "é"},
    ]


@pytest.mark.parametrize("values", ((1, "x"), (2**70, 1), ([1], "x"), ({"a": 1}, 2), (True, 3), (0.5, "1")))
def test_json_values_of_two_types_are_kept_or_the_table_is_refused(
    tmp_path: Path, capfd: Any, values: tuple[Any, Any]
) -> None:
    from dedup.problems import DedupError

    path = written(tmp_path / "in.jsonl", [{"text": "a", "v": value} for value in values])
    try:
        clean(path, output=tmp_path / "out.parquet")
    except DedupError as error:
        assert "cannot be written as parquet" in str(error)
        return
    kept = [row["v"] for row in read(tmp_path / "out.parquet")]
    assert all(
        new == old or new in (str(old), json.dumps(old)) for new, old in zip(kept, values, strict=True)
    ), kept


def test_csv_cells_become_strings_as_they_stand(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b'text,zip,e\n"a ""b""\nc",007,""\nx,1e5,\n')
    clean(tmp_path / "in.csv", output=tmp_path / "out.parquet")
    assert read(tmp_path / "out.parquet") == [
        {"text": 'a "b"\nc', "zip": "007", "e": ""},
        {"text": "x", "zip": "1e5", "e": None},
    ]


def test_parquet_becomes_json_lines(tmp_path: Path) -> None:
    pq.write_table(wide(pa.array(TEXTS)).drop(["raw", "map"]), tmp_path / "in.parquet")
    clean(tmp_path / "in.parquet", output=tmp_path / "out.jsonl")
    rows = [json.loads(line) for line in io.StringIO(plain(tmp_path / "out.jsonl").decode())]
    assert [row["text"] for row in rows] == [LONG, None, f"{OTHER}\n\n"]
    assert rows[0]["struct"] == {"a": 1, "b": ["x"]} and rows[0]["list"] == [1, 2]
    assert rows[0]["day"] == "2024-01-01" and float(rows[0]["decimal"]) == 1.2


@pytest.mark.parametrize("target", ("jsonl", "csv"))
@pytest.mark.parametrize(
    "array", (pa.array([b"\xff"]), pa.array([{"a": [b"x"]}]), pa.array([Decimal(1)], pa.decimal256(50, 2)))
)
def test_bytes_have_no_place_in_text(tmp_path: Path, capfd: Any, array: pa.Array, target: str) -> None:
    pq.write_table(pa.table({"text": ["a"], "raw": array}), tmp_path / "in.parquet")
    (told, *_) = run(capfd, "clean", tmp_path / "in.parquet", "-o", tmp_path / f"out.{target}", status=2)
    kind = pq.read_schema(tmp_path / "in.parquet").field("raw").type
    assert told.endswith(f'cannot be written as {target}: "raw" holds {kind}')
    assert clean_folder(tmp_path) == ["in.parquet"]


@pytest.mark.parametrize("empty", ("keep", "drop"))
def test_what_polars_writes_is_full_of_views(tmp_path: Path, empty: str) -> None:
    frame = polars.DataFrame(
        {
            "text": [LONG, "b", LONG, OTHER],
            "s": ["a" * 30, None, "c", "d"],
            "l": [["x"], [], None, ["y"]],
            "c": polars.Series(["a", "b", None, "a"], dtype=polars.Categorical),
            "raw": [b"1", b"2", None, b"4"],
            "st": [{"a": "q" * 20}] * 4,
            "none": [None] * 4,
        }
    )
    left = frame.with_columns(text=polars.Series([LONG, "b", "", OTHER]))
    for name, write, scan in (
        ("t.arrow", frame.write_ipc, polars.read_ipc),
        ("s.arrow", frame.write_ipc_stream, polars.read_ipc_stream),
        ("t.parquet", frame.write_parquet, polars.read_parquet),
    ):
        write(tmp_path / name)  # type: ignore[operator]
        clean(tmp_path / name, output=tmp_path / f"out.{name}", empty=empty)
        after = scan(tmp_path / f"out.{name}")  # type: ignore[operator]
        assert after.equals(left if empty == "keep" else left[[0, 1, 3]]) and after.schema == frame.schema
