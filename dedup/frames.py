"""Tables at hand, cleaned: whatever speaks the Arrow C stream, polars frames lazy or not, and rows as dicts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from dedup.cleaner import Cleaner
from dedup.problems import DedupError, Problem
from dedup.settings import Settings
from dedup.sources.columnar import strings_of
from dedup.sources.csv_rows import missing
from dedup.sources.forms import STDIN, Form, Table
from dedup.sources.ids import name_of

if TYPE_CHECKING:
    import pyarrow

    from dedup.decisions import Decisions
    from dedup.index.session import Session

PathName = str | os.PathLike[str]

_NUMBER = "\x1frow"
"""What the column of row numbers is called, where only some columns are looked at."""

_ROWS = 1024
"""How many dicts are worked on together."""

_Batches = Iterator["pyarrow.RecordBatch"]


def clean_table(
    data: Any,
    text: str = "text",
    id: str | None = None,
    *,
    name: str = "table",
    index: PathName | Sequence[PathName] = (),
    index_read: PathName | Sequence[PathName] = (),
    batch_id: str | None = None,
    decisions: Decisions | PathName | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> tuple[Any, Any]:
    """A table without what repeats, and the findings as a table, a row each, as `--report x.parquet` has them.

    `data` is a polars DataFrame or LazyFrame, a pandas DataFrame, a pyarrow Table, RecordBatch or RecordBatchReader, a
    DuckDB relation or whatever else has an Arrow C stream, or an iterable of dicts. Both tables come back as what went
    in: polars for polars (lazy for lazy), pandas for pandas, a list of dicts for dicts, else pyarrow. `text` and `id`
    name the columns; `name` is what the report calls the table. It is compared with what each `index` and `index_read`
    holds, and what is kept of it is added to each `index`, as the batch `batch_id`: the same batch again gives the same
    and adds nothing. `decisions`, or the file that holds them, are obeyed. `settings`, or options by their names as in
    `Settings.of`. Raises DedupError where a column is missing or of another type, or a row cannot be read.
    """
    if settings is not None and options:
        raise DedupError("give either settings or single options")
    chosen = settings or Settings.of(options)
    chosen = chosen.with_(text_column=text, id_column=id)
    opened = _open(data, text, id)
    try:
        opened.check(text, id)
    except DedupError as error:
        raise DedupError(f"{name}: {error}") from None
    with ExitStack() as stack:
        session = _session(chosen, _names(index), _names(index_read), batch_id, name)
        if session is not None:
            stack.callback(session.close)
        cleaner = Cleaner(chosen, indexes=session.indexes if session else (), decisions=decisions)
        stack.callback(cleaner.close)
        cleaned = opened.back(_clean(cleaner, opened.schema, opened.batches, name))
        if session is not None:
            cleaner.close()
            session.add(cleaner.memories, cleaner.report.documents[0].sha256_before)
    from dedup.report.as_table import table

    return cleaned, opened.like(table(cleaner.report))


def _names(paths: PathName | Sequence[PathName]) -> list[str]:
    return [os.fspath(path) for path in ([paths] if isinstance(paths, str | os.PathLike) else paths)]


def _session(
    settings: Settings, write: list[str], read: list[str], batch_id: str | None, name: str
) -> Session | None:
    """The indexes of a call, None where it has none."""
    if batch_id is not None and not write:
        raise DedupError("batch_id names a batch of an index: it needs index")
    if not write and not read:
        return None
    from dedup.index.session import Session
    from dedup.sources.walk import File

    session = Session(write, read, settings, batch_id, name)
    if write:
        # Of a table at hand, as of standard input, nobody knows what it holds before it was gone through.
        session.expect([File(name, name, STDIN, 0)], None)
    return session


def _clean(cleaner: Cleaner, schema: pyarrow.Schema, batches: _Batches, name: str) -> _Batches:
    problems: list[Problem] = []
    source = (schema, batches)
    table = Table(name, name, name, Form("arrow"), problems.append, lambda note: None, data=source)
    for cleaned in cleaner.feed_all((table,)):
        try:
            yield from cleaned.parts()
        except DedupError as error:
            raise DedupError(f"{name}: {error}") from None


class _Opened:
    """A table at hand as batches, and how to give a table back as what it was.

    `names` are its columns, where the schema has not all of them.
    """

    def __init__(
        self,
        schema: pyarrow.Schema,
        batches: _Batches,
        back: Callable[[_Batches], Any],
        like: Callable[[Any], Any],
        names: Sequence[Any] = (),
    ) -> None:
        self.schema = schema
        self.batches = batches
        self.back = back
        self.like = like
        self.names = names

    def check(self, *columns: str | None) -> None:
        """DedupError where there is no such column."""
        for column in columns:
            if self.names and column is not None and column not in self.names:
                raise DedupError(missing(column, [str(name) for name in self.names]))


def _open(data: Any, text: str, id: str | None) -> _Opened:
    library = type(data).__module__.partition(".")[0]
    if library == "polars":
        return _open_polars(data, text, id)
    if library == "pandas":
        return _open_pandas(data, text, id)
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        return _open_arrow(data)
    if isinstance(data, Iterable) and not isinstance(data, str | bytes | Mapping):
        return _open_dicts(data, text, id)
    raise DedupError(
        f"{type(data).__name__}: neither a table with an Arrow C stream nor an iterable of dicts"
    )


def _open_polars(data: Any, text: str, id: str | None) -> _Opened:
    """A frame of which only the text and the name are looked at: the others need not be what Arrow has."""
    import polars
    import pyarrow

    is_lazy = isinstance(data, polars.LazyFrame)
    if isinstance(data, polars.Series):
        raise DedupError("a Series has no columns; give its frame")
    frame = data.collect() if is_lazy else data
    looked_at = [name for name in frame.columns if name in (text, id)]
    table = pyarrow.table(frame.select(looked_at).with_row_index(_NUMBER))

    def back(batches: _Batches) -> Any:
        numbers, values = _columns(batches, table.schema, text)
        made = frame if len(numbers) == len(frame) else frame[polars.Series(numbers)]
        texts, kind = polars.Series(text, polars.from_arrow(values)), frame.schema[text]
        if isinstance(kind, polars.Enum):  # what is left of a text may be none of its values
            kind = polars.Enum(
                polars.concat([kind.categories, texts.drop_nulls()]).unique(maintain_order=True)
            )
        made = made.with_columns(texts.cast(kind))
        return made.lazy() if is_lazy else made

    return _Opened(table.schema, iter(table.to_batches()), back, lambda report: report, frame.columns)


def _open_pandas(data: Any, text: str, id: str | None) -> _Opened:
    """A frame of which only the text and the name are looked at: its other cells may be any objects."""
    import numpy as np
    import pandas
    import pyarrow
    from pyarrow import compute

    if not isinstance(data, pandas.DataFrame):
        raise DedupError(f"a {type(data).__name__} has no columns; give its frame")
    names = list(data.columns)
    if names.count(text) > 1:
        raise DedupError(f'{names.count(text)} columns are called "{text}"')
    columns: dict[str, Any] = {_NUMBER: pyarrow.array(np.arange(len(data)))}
    if text in names:
        columns[text] = _pandas_texts(data[text], text)
    if id in names and id != text:
        is_null = data[id].isna().tolist()
        columns[str(id)] = pyarrow.array(
            [
                None if null else name_of(value)
                for null, value in zip(is_null, data[id].tolist(), strict=True)
            ],
            pyarrow.large_string(),
        )
    table = pyarrow.table(columns)

    def back(batches: _Batches) -> Any:
        numbers, values = _columns(batches, table.schema, text)
        before = strings_of(columns[text]).take(numbers)
        changed = np.flatnonzero(
            compute.fill_null(compute.not_equal(before, values), False).to_numpy(zero_copy_only=False)
        )
        made = data.iloc[numbers.to_numpy()].copy()
        if len(changed):
            texts, new = made[text], values.take(pyarrow.array(changed)).to_pylist()
            if isinstance(texts.dtype, pandas.CategoricalDtype):
                texts = texts.cat.add_categories(
                    [each for each in dict.fromkeys(new) if each not in texts.cat.categories]
                )
            texts = texts.copy()
            texts.iloc[changed] = new
            made[text] = texts
        return made

    batches = iter(table.to_batches())
    return _Opened(table.schema, batches, back, lambda report: report.to_arrow().to_pandas(), names)


def _pandas_texts(column: Any, text: str) -> Any:
    import pandas
    import pyarrow

    if column.dtype != object:
        made: Any = pyarrow.array(column, from_pandas=True)
        return made.combine_chunks() if isinstance(made, pyarrow.ChunkedArray) else made
    is_null = [not isinstance(value, list) and pandas.isna(value) is True for value in column]
    values = [
        None if null else _checked(value, text, at)
        for at, (null, value) in enumerate(zip(is_null, column, strict=True))
    ]
    return pyarrow.array(values, pyarrow.large_string())


def _columns(batches: _Batches, schema: pyarrow.Schema, text: str) -> tuple[Any, Any]:
    """The numbers and the texts of the rows that are left."""
    import pyarrow

    table = pyarrow.Table.from_batches(batches, schema)
    texts = pyarrow.chunked_array(map(strings_of, table.column(text).chunks), pyarrow.large_string())
    return table.column(_NUMBER).combine_chunks(), texts.combine_chunks()


def _open_arrow(data: Any) -> _Opened:
    import pyarrow

    if hasattr(data, "__arrow_c_stream__"):
        reader = pyarrow.RecordBatchReader.from_stream(data)
        schema = reader.schema
        batches: _Batches = iter(reader)
    else:
        batch = pyarrow.record_batch(data)
        schema, batches = batch.schema, iter([batch])
    return _Opened(
        schema,
        batches,
        lambda cleaned: pyarrow.Table.from_batches(cleaned, schema),
        lambda report: report.to_arrow(),
    )


def _open_dicts(rows: Iterable[Any], text: str, id: str | None) -> _Opened:
    """Rows of which only the text and the name are looked at; what is not changed is the same dict."""
    import pyarrow

    # The number is in the first column, so that it is found by its place whatever the others are called.
    fields: list[Any] = [pyarrow.field(_NUMBER, pyarrow.int64()), pyarrow.field(text, pyarrow.large_string())]
    if id not in (None, text):
        fields.append(pyarrow.field(str(id), pyarrow.large_string()))
    schema = pyarrow.schema(fields)
    held: dict[int, Any] = {}

    def batches() -> _Batches:
        source = enumerate(rows)
        while part := list(islice(source, _ROWS)):
            columns: list[Any] = [[at for at, _ in part], [_text_of(row, text, at) for at, row in part]]
            if len(fields) > 2:
                columns.append([name_of(row.get(id)) for _, row in part])
            held.update(part)
            arrays = [
                pyarrow.array(values, field.type) for values, field in zip(columns, fields, strict=True)
            ]
            yield pyarrow.RecordBatch.from_arrays(arrays, schema=schema)

    def back(cleaned: _Batches) -> Any:
        made = []
        for batch in cleaned:
            numbers, values = batch.column(0).to_pylist(), batch.column(1).to_pylist()
            for at, value in zip(numbers, values, strict=True):
                row = held.pop(cast(int, at))
                made.append(row if row.get(text) == value else {**row, text: value})
        return made

    return _Opened(schema, batches(), back, lambda report: report.to_dicts())


def _text_of(row: Any, text: str, at: int) -> str | None:
    if not isinstance(row, Mapping):
        raise DedupError(f"row {at + 1}: a {type(row).__name__}, not a dict")
    return _checked(row.get(text), text, at)


def _checked(value: Any, text: str, at: int) -> str | None:
    if value is not None and not isinstance(value, str):
        raise DedupError(f'row {at + 1}: a {type(value).__name__} under "{text}", not a string')
    try:
        (value or "").encode()
    except UnicodeEncodeError:
        raise DedupError(f'row {at + 1}: half a character under "{text}"') from None
    return value
