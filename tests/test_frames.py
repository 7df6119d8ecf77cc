"""Tables at hand: frames, relations and dicts, each back as what it was, less what repeats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal
from table_files import LONG, OTHER

import dedup.polars
from dedup.frames import clean_table
from dedup.problems import DedupError

TEXTS = [LONG, None, f"{OTHER}\n\n{LONG}", "short", LONG]
CLEANED = [LONG, None, f"{OTHER}\n\n", "short", ""]

FRAME = pl.DataFrame(
    {
        "list": [[1], None, [], [2, None], [3]],
        "text": TEXTS,
        "struct": [{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}, {"a": 2, "b": None}, {"a": 3, "b": "z"}],
        "when": [dt.datetime(2024, 1, day, tzinfo=dt.UTC) for day in range(1, 6)],
        "price": [Decimal("1.10"), None, Decimal("2"), Decimal("3"), Decimal("4")],
        "kind": pl.Series(["a", "b", None, "a", "b"], dtype=pl.Enum(["b", "a"])),
        "cat": pl.Series(["a", "b", None, "a", "b"], dtype=pl.Categorical),
        "pair": pl.Series([[1, 2]] * 5, dtype=pl.Array(pl.Int8, 2)),
        "gap": pl.Series([dt.timedelta(seconds=1)] * 5),
        "big": pl.Series([2**100] * 5, dtype=pl.Int128),
        "thing": pl.Series([object()] * 5, dtype=pl.Object),
    }
)
NO_THING = FRAME.drop("thing")


def rows_of(report: Any) -> list[tuple[Any, ...]]:
    if isinstance(report, list):
        report = pl.DataFrame(report)
    report = report if isinstance(report, pl.DataFrame) else pl.DataFrame(report)
    return report.select("document", "line", "rule", "kept_line", "text").rows()


FOUND = [("table", 3, "verbatim", 1, LONG), ("table", 5, "verbatim", 1, LONG)]


def test_a_polars_frame() -> None:
    cleaned, report = clean_table(NO_THING)
    assert_frame_equal(cleaned, NO_THING.with_columns(text=pl.Series(CLEANED)))
    assert cleaned.schema == NO_THING.schema
    assert isinstance(report, pl.DataFrame) and rows_of(report) == FOUND
    assert clean_table(FRAME)[0]["thing"].to_list() == FRAME["thing"].to_list()


def test_a_lazy_one_stays_lazy() -> None:
    cleaned, report = clean_table(NO_THING.lazy().filter(pl.col("text") != "short"), empty="drop")
    assert isinstance(cleaned, pl.LazyFrame) and isinstance(report, pl.DataFrame)
    assert_frame_equal(cleaned.collect(), NO_THING.with_columns(text=pl.Series(CLEANED))[[0, 2]])


@pytest.mark.parametrize("kind", (pl.Categorical, pl.Enum([LONG, f"{OTHER}\n\n{LONG}", "short"])))
def test_texts_of_few_values(kind: Any) -> None:
    frame = FRAME.select(pl.col("text").cast(kind))
    assert clean_table(frame)[0]["text"].cast(pl.String).to_list() == CLEANED


def test_the_namespace() -> None:
    assert dedup.polars is not None
    frame = NO_THING.rename({"text": "body"}).with_row_index("key")
    cleaned = frame.dedup.clean("body", id="key", empty="drop")  # type: ignore[attr-defined]
    assert cleaned["key"].to_list() == [0, 1, 2, 3]
    assert cleaned["body"].to_list() == CLEANED[:4]
    assert frame.lazy().dedup.clean("body").collect()["body"].to_list() == CLEANED  # type: ignore[attr-defined]
    assert rows_of(frame.dedup.report("body", name="mine"))[0][0] == "mine"  # type: ignore[attr-defined]


def test_pandas_keeps_index_and_types_and_any_object() -> None:
    pandas = pytest.importorskip("pandas")
    things = [{1}, object(), [1, {"a": None}], {"a": 1}, {"b": [2]}]
    frame = pandas.DataFrame(
        {"thing": things, "text": TEXTS, "n": [1, 2, 3, 4, 5], "c": pandas.Categorical(list("abcab"))},
        index=pandas.Index([5, 5, 3, 2, 1], name="key"),
    )
    frame[("a", 1)] = pandas.array([1, None, 2, 3, None], dtype="Int8")
    before = frame.copy(deep=True)
    cleaned, report = clean_table(frame)
    assert [None if pandas.isna(text) else text for text in cleaned["text"]] == CLEANED
    assert all(new is old for new, old in zip(cleaned["thing"], things, strict=True))
    assert isinstance(report, pandas.DataFrame) and rows_of(report) == FOUND
    pandas.testing.assert_frame_equal(frame, before)
    pandas.testing.assert_frame_equal(cleaned.drop(columns="text"), frame.drop(columns="text"))
    dropped = clean_table(frame, empty="drop")[0]
    assert dropped.index.tolist() == [5, 5, 3, 2] and dropped.index.name == "key"
    assert (dropped.dtypes == frame.dtypes).all()


@pytest.mark.parametrize("kind", ("object", "string", "category", "string[pyarrow]"))
def test_pandas_texts_of_any_type(kind: str) -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": pandas.Series(TEXTS, dtype=kind)})
    cleaned = clean_table(frame)[0]["text"]
    assert [None if pandas.isna(text) else text for text in cleaned] == CLEANED
    assert cleaned.dtype == frame["text"].dtype or kind == "category"


@pytest.mark.parametrize("make", (lambda t: t, lambda t: t.to_batches()[0], lambda t: t.to_reader()))
def test_arrow_in_its_shapes(make: Any) -> None:
    schema = pa.schema(
        [pa.field("text", pa.string_view(), metadata={"a": "b"}), pa.field("n", pa.int8())], {"k": "v"}
    )
    table = pa.table({"text": TEXTS, "n": [1, 2, 3, 4, 5]}, schema)
    cleaned, report = clean_table(make(table))
    assert cleaned.schema.equals(schema, check_metadata=True)
    assert cleaned.to_pydict() == {"text": CLEANED, "n": [1, 2, 3, 4, 5]}
    assert isinstance(report, pa.Table) and rows_of(report) == FOUND


def test_a_duckdb_relation() -> None:
    duckdb = pytest.importorskip("duckdb")
    table = pa.table({"text": TEXTS, "n": [1, 2, 3, 4, 5]})
    relation = duckdb.from_arrow(table).filter("n <> 4")
    cleaned, report = clean_table(relation)
    assert isinstance(cleaned, pa.Table) and isinstance(report, pa.Table)
    assert cleaned.to_pydict() == {"text": [*CLEANED[:3], CLEANED[4]], "n": [1, 2, 3, 5]}


def test_dicts_are_the_same_where_nothing_went() -> None:
    rows = [{"text": text, "thing": object(), 5: None} for text in TEXTS]
    rows.insert(2, {"no": "text"})
    cleaned, report = clean_table(row for row in rows)
    assert [row.get("text") for row in cleaned] == [*CLEANED[:2], None, *CLEANED[2:]]
    assert [new is old for new, old in zip(cleaned, rows, strict=True)] == [
        True,
        True,
        True,
        False,
        True,
        False,
    ]
    assert [list(row) for row in cleaned] == [list(row) for row in rows]
    assert cleaned[5]["thing"] is rows[5]["thing"] and rows[5]["text"] == LONG
    assert isinstance(report, list) and [row["line"] for row in report] == [4, 6]


def test_dicts_may_be_more_than_are_worked_on_at_a_time() -> None:
    rows = [{"text": LONG if n in (7, 2500) else f"row {n}", "id": n} for n in range(3000)]
    cleaned, _ = clean_table(iter(rows), id="id", empty="drop")
    assert cleaned == rows[:2500] + rows[2501:]


BAD: list[tuple[Any, dict[str, Any], str]] = [
    (FRAME, {"text": "txt"}, 'table: no column "txt"; did you mean "text"?'),
    (FRAME, {"id": "lists"}, 'table: no column "lists"; did you mean "list"?'),
    (FRAME, {"text": "when"}, 'table: column "when" holds timestamp'),
    (pa.table({"text": [1]}), {"name": "mine"}, 'mine: column "text" holds int64, not text'),
    ([{"text": "a"}, {"text": 5}], {}, 'row 2: a int under "text", not a string'),
    ([{"text": "a"}, "b"], {}, "row 2: a str, not a dict"),
    (
        [{"text": "a", "k": 1}, {"text": "b", "k": 1}],
        {"id": "k"},
        'table: row 2: has the k "1" of an earlier row',
    ),
    ({"text": ["a"]}, {}, "dict: neither a table"),
    ("text", {}, "str: neither a table"),
    (5, {}, "int: neither a table"),
    (FRAME["text"], {}, "a Series has no columns"),
    (FRAME, {"neer": "off"}, "unknown option 'neer'; did you mean 'near'?"),
]


@pytest.mark.parametrize(("data", "options", "told"), BAD)
def test_what_cannot_be_cleaned_is_told(data: Any, options: dict[str, Any], told: str) -> None:
    with pytest.raises(DedupError) as caught:
        clean_table(data, **options)
    assert told in str(caught.value) and "\n" not in str(caught.value)


def test_what_cannot_be_cleaned_of_pandas_is_told() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": ["a", 5, "b"], "n": [1, 2, 3], "k": [1, None, None]})
    for options, told in (
        ({}, "row 2: a int"),
        ({"text": "n"}, "holds int64"),
        ({"text": "t"}, 'no column "t"'),
    ):
        with pytest.raises(DedupError, match=told):
            clean_table(frame, **options)
    with pytest.raises(DedupError, match="a Series has no columns"):
        clean_table(frame["text"])
    assert len(clean_table(frame[["k"]].assign(text="a"), id="k")[0]) == 3  # no name is not the same name


def test_rows_that_cannot_be_read_are_left_out_where_so_set() -> None:
    rows = [{"text": "a", "k": 1}, {"text": "b", "k": 1}, {"text": "c", "k": 2}]
    for data in (rows, pl.DataFrame(rows), pa.Table.from_pylist(rows)):
        cleaned = clean_table(data, id="k", on_error="skip")[0]
        assert pl.DataFrame(cleaned)["text"].to_list() == ["a", "c"]


def test_what_a_generator_raises_is_passed_on() -> None:
    def rows() -> Iterator[dict[str, str]]:
        yield {"text": "a"}
        raise RuntimeError("mine")

    with pytest.raises(RuntimeError, match="mine"):
        clean_table(rows())


@pytest.mark.parametrize(
    "data", ([], pl.DataFrame({"text": []}, schema={"text": pl.String}), pa.table({"text": pa.nulls(0)}))
)
def test_no_rows(data: Any) -> None:
    cleaned, report = clean_table(data)
    assert type(cleaned) is type(data) and len(cleaned) == 0 and len(report) == 0
