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
from dedup.sources.forms import STDIN, Form, Table
from dedup.sources.ids import name_of

if TYPE_CHECKING:
    import pyarrow

    from dedup.index.session import Session

PathName = str | os.PathLike[str]

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
    settings: Settings | None = None,
    **options: Any,
) -> tuple[Any, Any]:
    """A table without what repeats, and the findings as a table, a row each, as `--report x.parquet` has them.

    `data` is a polars DataFrame or LazyFrame, a pandas DataFrame, a pyarrow Table, RecordBatch or RecordBatchReader, a
    DuckDB relation or whatever else has an Arrow C stream, or an iterable of dicts. Both tables come back as what went
    in: polars for polars (lazy for lazy), pandas for pandas, a list of dicts for dicts, else pyarrow. `text` and `id`
    name the columns; `name` is what the report calls the table. It is compared with what each `index` and `index_read`
    holds, and what is kept of it is added to each `index`, as the batch `batch_id`: the same batch again gives the same
    and adds nothing. `settings`, or options by their names as in
    `Settings.of`. Raises DedupError where a column is missing or of another type, or a row cannot be read.
    """
    if settings is not None and options:
        raise DedupError("give either settings or single options")
    chosen = settings or Settings.of(options)
    chosen = chosen.with_(text_column=text, id_column=id)
    opened = _open(data, text, id)
    with ExitStack() as stack:
        session = _session(chosen, _names(index), _names(index_read), batch_id, name)
        if session is not None:
            stack.callback(session.close)
        cleaner = Cleaner(chosen, indexes=session.indexes if session else ())
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
            yield from cleaned.parts()  # type: ignore[misc] # of a table they are batches
        except DedupError as error:
            raise DedupError(f"{name}: {error}") from None


class _Opened:
    """A table at hand as batches, and how to give a table back as what it was."""

    def __init__(
        self,
        schema: pyarrow.Schema,
        batches: _Batches,
        back: Callable[[_Batches], Any],
        like: Callable[[Any], Any],
    ) -> None:
        self.schema = schema
        self.batches = batches
        self.back = back
        self.like = like


def _open(data: Any, text: str, id: str | None) -> _Opened:
    library = type(data).__module__.partition(".")[0]
    if library == "polars":
        return _open_polars(data)
    if library == "pandas":
        return _open_pandas(data)
    if hasattr(data, "__arrow_c_stream__") or hasattr(data, "__arrow_c_array__"):
        return _open_arrow(data)
    if isinstance(data, Iterable) and not isinstance(data, str | bytes | Mapping):
        return _open_dicts(data, text, id)
    raise DedupError(
        f"{type(data).__name__}: neither a table with an Arrow C stream nor an iterable of dicts"
    )


def _open_polars(data: Any) -> _Opened:
    import polars
    import pyarrow

    is_lazy = isinstance(data, polars.LazyFrame)
    if isinstance(data, polars.Series):
        raise DedupError("a Series has no columns; give its frame")
    frame = data.collect() if is_lazy else data
    table = pyarrow.table(frame)

    def back(batches: _Batches) -> Any:
        made = polars.DataFrame(pyarrow.Table.from_batches(batches, table.schema), schema=frame.schema)
        return made.lazy() if is_lazy else made

    return _Opened(table.schema, iter(table.to_batches()), back, lambda report: report)


def _open_pandas(data: Any) -> _Opened:
    import pyarrow

    # With its index as a column: where rows go, a range would no longer fit.
    table = pyarrow.Table.from_pandas(data, preserve_index=True)

    def back(batches: _Batches) -> Any:
        made = pyarrow.Table.from_batches(batches, table.schema).to_pandas()
        return made.astype(data.dtypes.to_dict())[list(data.columns)]

    return _Opened(table.schema, iter(table.to_batches()), back, lambda report: report.to_arrow().to_pandas())


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
    fields: list[Any] = [pyarrow.field("\0row", pyarrow.int64()), pyarrow.field(text, pyarrow.large_string())]
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
    value = row.get(text)
    if value is not None and not isinstance(value, str):
        raise DedupError(f'row {at + 1}: a {type(value).__name__} under "{text}", not a string')
    try:
        (value or "").encode()
    except UnicodeEncodeError:
        raise DedupError(f'row {at + 1}: half a character under "{text}"') from None
    return value
