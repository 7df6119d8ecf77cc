"""A cleaned table as a file, in its own form or another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from dedup.output import write_parts
from dedup.problems import DedupError
from dedup.sources.ahead import write_behind
from dedup.sources.forms import Form, compressed, why_not_written

if TYPE_CHECKING:
    from dedup.rows import CleanedTable


def write_table(
    cleaned: CleanedTable, out: BinaryIO, form: Form, flush: Callable[[], None] | None = None
) -> None:
    """Writes a table in a form; DedupError where it cannot be read, or what it holds has no place in that form.

    With `flush`, which is called after each part, what is decided is passed on at once.
    """
    if form.compression is not None:
        with closing(compressed(out, form.compression)) as inner:
            write_table(cleaned, inner, Form(form.kind), flush)
    elif cleaned.form.is_lines and cleaned.form.kind == form.kind:
        if flush is None:
            write_parts(cleaned.parts(), out)
            return
        for part in cleaned.parts():
            out.write(part)
            flush()
    elif cleaned.form.is_lines:
        _convert(cleaned, out, form)
    else:
        _write_batches(cleaned, out, form, flush)


def _write_batches(
    cleaned: CleanedTable, out: BinaryIO, form: Form, flush: Callable[[], None] | None
) -> None:
    parts = cleaned.parts()
    first = next(parts, None)  # the file is open, and its schema known
    with _plain_errors(form):
        if form.kind in ("parquet", "arrow"):
            with closing(_writer(cleaned, out, form)) as writer:
                if flush is None:
                    write_behind(_all(first, parts), writer.write_batch, waiting=4)
                    return
                for batch in _all(first, parts):
                    writer.write_batch(batch)
                    flush()
            return
        import polars

        _check_has_place(cleaned.batches.schema, form)
        header = True
        frames = _all(first, parts) if first is not None else iter([cleaned.batches.schema.empty_table()])
        for batch in frames:
            frame = polars.DataFrame(polars.from_arrow(batch))
            if form.kind == "jsonl":
                frame.write_ndjson(out)
            else:
                separator = "\t" if form.kind == "tsv" else ","
                frame.write_csv(out, include_header=header, separator=separator)
            header = False
            if flush is not None:
                flush()


def _check_has_place(schema: Any, form: Form) -> None:
    """DedupError where a column holds bytes, which are neither JSON nor CSV, or numbers too long for polars."""
    for field in schema:
        if any(name in str(field.type) for name in ("binary", "decimal256")):
            raise DedupError(f'cannot be written as {form.kind}: "{field.name}" holds {field.type}')


def _all(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    return chain([] if first is None else [first], rest)


def _writer(cleaned: CleanedTable, out: BinaryIO, form: Form) -> Any:
    import pyarrow
    from pyarrow import ipc, parquet

    schema, layout = cleaned.batches.schema, cleaned.batches.layout
    sink = pyarrow.PythonFile(cast(Any, out), "w")
    if form.kind == "arrow":
        if layout == "stream":
            return ipc.new_stream(sink, schema)
        has_dictionary = any("dictionary<" in str(kind) for kind in schema.types)
        return _Unified(sink, schema) if has_dictionary else ipc.new_file(sink, schema)
    text = cleaned.text_column
    options: dict[str, Any] = {"compression": "zstd"}
    if cleaned.form.kind == "parquet" and layout.num_row_groups:
        group = layout.row_group(0)
        columns = [group.column(number) for number in range(group.num_columns)]
        options["compression"] = _codecs(columns)
        options["use_deprecated_int96_timestamps"] = any(
            column.physical_type == "INT96" for column in columns
        )
        # A text is seldom there twice now: to look for it costs as much as all else that the writer does.
        options["use_dictionary"] = [
            c.path_in_schema for c in columns if c.has_dictionary_page and c.path_in_schema != text
        ]
    return _Parquet(
        parquet.ParquetWriter(sink, schema, **options), layout if cleaned.form.kind == "parquet" else None
    )


def _codecs(columns: list[Any]) -> Any:
    """The codec of each column, as it was; pyarrow cannot write some of those that it reads."""
    known = {"SNAPPY", "GZIP", "BROTLI", "LZ4", "ZSTD"}
    found = {column.path_in_schema: column.compression for column in columns}
    return {path: codec if codec in known else "NONE" for path, codec in found.items()}


_GROUP_BYTES = 16 << 20
"""What a row group of Parquet holds at most, so that little waits in memory."""


class _Parquet:
    """Writes row groups as long as the input's, where that is not too much to hold."""

    def __init__(self, writer: Any, layout: Any) -> None:
        self._writer = writer
        groups = range(layout.num_row_groups) if layout else ()
        self._most = max((layout.row_group(number).num_rows for number in groups), default=1 << 20) or 1
        self._held: list[Any] = []
        self._rows = self._bytes = 0

    def write_batch(self, batch: Any) -> None:
        """Writes a batch, once there are enough for a row group."""
        self._held.append(batch)
        self._rows += batch.num_rows
        self._bytes += batch.nbytes
        if self._bytes >= _GROUP_BYTES:
            self._write(self._rows)
        elif self._rows >= self._most:
            self._write(self._rows - self._rows % self._most)

    def _write(self, rows: int) -> None:
        import pyarrow

        table = pyarrow.Table.from_batches(self._held)
        self._writer.write_table(table.slice(0, rows), row_group_size=self._most)
        self._held = table.slice(rows).to_batches()
        self._rows -= rows
        self._bytes = sum(batch.nbytes for batch in self._held)

    def close(self) -> None:
        """Writes the last row group and the end of the file."""
        if self._rows:
            self._write(self._rows)
        self._writer.close()


class _Unified:
    """Writes an Arrow file, which can hold only one dictionary a column: once all batches are there."""

    def __init__(self, sink: Any, schema: Any) -> None:
        self._sink = sink
        self._schema = schema
        self._held: list[Any] = []

    def write_batch(self, batch: Any) -> None:
        """Puts a batch by."""
        self._held.append(batch)

    def close(self) -> None:
        """Writes the file."""
        import pyarrow
        from pyarrow import ipc

        options = ipc.IpcWriteOptions(unify_dictionaries=True)
        with ipc.new_file(self._sink, self._schema, options=options) as writer:
            writer.write_table(pyarrow.Table.from_batches(self._held, self._schema))


def _convert(cleaned: CleanedTable, out: BinaryIO, form: Form) -> None:
    """Writes cleaned lines into another form, once all of them are there and their columns known."""
    import polars

    with TemporaryDirectory(prefix="dedup-") as folder:
        path = Path(folder, f"rows.{cleaned.form.kind}")
        with path.open("wb") as lines:
            write_parts(cleaned.parts(), lines)
        with _plain_errors(form):
            if cleaned.form.kind == "jsonl" and not _check_rows(path, form):
                # Nothing says what other columns there would be.
                frame = polars.LazyFrame(schema={cleaned.text_column: polars.String})
            elif cleaned.form.kind == "jsonl":
                frame = polars.scan_ndjson(path, infer_schema_length=None)
            else:
                # CSV has no types: what stands there is kept as it stands, 007 too.
                separator = "\t" if cleaned.form.kind == "tsv" else ","
                frame = polars.scan_csv(path, infer_schema=False, separator=separator)
            if form.kind in ("parquet", "arrow"):
                for name, kind in frame.collect_schema().items():
                    if "Int128" in str(kind):  # which few can read
                        raise DedupError(
                            f'cannot be written as {form.kind}: whole numbers of more than 64 bits under "{name}"'
                        )
            if form.kind == "parquet":
                frame.sink_parquet(out)
            elif form.kind == "arrow":
                frame.sink_ipc(out)
            elif form.kind == "jsonl":
                frame.sink_ndjson(out)
            else:
                frame.sink_csv(out, separator="\t" if form.kind == "tsv" else ",")


def _check_rows(path: Path, form: Form) -> int:
    """How many rows there are in JSON Lines; DedupError where one would not be the same in columns."""
    rows = 0
    large: dict[str, int] = {}
    fractions: dict[str, int] = {}

    def row_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            raise _Twice
        return made

    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            rows += 1
            try:
                row = json.loads(line.decode("utf-8-sig"), object_pairs_hook=row_of)
            except _Twice:
                raise DedupError(
                    f"cannot be written as {form.kind}: row {number} of what is left has a key twice"
                ) from None
            for name, value in row.items():
                if type(value) is int and abs(value) > _EXACT:
                    large.setdefault(name, number)
                elif type(value) is float:
                    fractions.setdefault(name, number)
    for name in large.keys() & fractions.keys():
        raise DedupError(
            f'cannot be written as {form.kind}: "{name}" holds fractions, and row {large[name]} of what is left a whole '
            "number of more digits than these have"
        )
    return rows


class _Twice(Exception):
    """A key stands twice in an object."""


_EXACT = 1 << 53

_LIBRARIES = ("pyarrow", "polars", "pyo3_runtime", "builtins")


@contextmanager
def _plain_errors(form: Form) -> Iterator[None]:
    """What a library raises, as a DedupError of one line."""
    try:
        yield
    except (DedupError, MemoryError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of Rust is no Exception
        # Not by the classes of pyarrow and polars: to name them both would import both.
        if isinstance(error, OSError) and error.errno:
            raise
        if type(error).__module__.partition(".")[0] not in _LIBRARIES:
            raise
        raise DedupError(f"cannot be written as {form.kind}: {why_not_written(error)}") from None
