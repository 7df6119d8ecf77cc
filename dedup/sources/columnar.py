"""Parquet and Arrow IPC: batches of rows of which the text column is looked into and all others are carried along."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from dedup.problems import DedupError
from dedup.sources.csv_rows import missing
from dedup.sources.forms import Table, seekable, why_not_written
from dedup.sources.rows import LINE, LINE_END, MOST_BYTES, NO_TEXT, STATE, TOO_LONG, Chunk, Rows
from dedup.words import I64

if TYPE_CHECKING:
    import pyarrow

Mask = npt.NDArray[np.bool_]

_FIRST_ROWS, _MOST_ROWS = 1 << 8, 1 << 16


@contextmanager
def plain_errors() -> Iterator[None]:
    """What a library raises about a table, as a DedupError of one line."""
    import pyarrow

    try:
        yield
    except (pyarrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise DedupError(why_not_written(error)) from None


class Batches:
    """The record batches of a file; `schema` is the file's, `layout` what is known of how it was written."""

    def __init__(
        self, schema: pyarrow.Schema, batches: Iterator[pyarrow.RecordBatch], layout: Any = None
    ) -> None:
        self.schema = schema
        self.layout = layout
        self._batches = batches

    def chunks(self, column: str) -> Iterator[Chunk]:
        """The batches with the places of their texts; DedupError where there is no such column of text."""
        check_columns(self.schema, column)
        at = self.schema.get_field_index(column)
        for batch in self._batches:
            if batch.num_rows:
                yield chunk_of(batch, at)


@contextmanager
def opened(table: Table, most: int) -> Iterator[Batches]:
    """A Parquet or Arrow file, read about `most` bytes at a time."""
    from pyarrow import ipc

    with plain_errors():
        if table.data is not None:
            schema, batches = table.data
            yield Batches(schema, _sliced(batches, most))
        elif table.form.kind == "parquet":
            with seekable(table) as source:
                yield _parquet(source, most)
        elif table.is_stream and cast(Any, sys.stdin).buffer.peek(6)[:6] == b"ARROW1":
            # Not the form that streams: it is read from its end.
            with TemporaryFile(prefix="dedup-") as file:
                copyfileobj(sys.stdin.buffer, file)
                file.seek(0)
                yield _ipc(file, most)
        elif table.is_stream:
            reader = ipc.open_stream(cast(Any, sys.stdin).buffer)
            yield Batches(reader.schema, _sliced(iter(reader), most), "stream")
        else:
            with seekable(table) as source:
                yield _ipc(source, most)


def _parquet(source: Any, most: int) -> Batches:
    from pyarrow import parquet

    file = parquet.ParquetFile(source, pre_buffer=False, buffer_size=1 << 20)
    meta = file.metadata
    size = sum(meta.row_group(number).total_byte_size for number in range(meta.num_row_groups))
    rows = max(1, min(_MOST_ROWS, int(most / max(1, size / max(1, meta.num_rows)))))
    return Batches(file.schema_arrow, _sliced(file.iter_batches(batch_size=rows), most), meta)


def _ipc(source: Any, most: int) -> Batches:
    import pyarrow
    from pyarrow import ipc

    mapped = pyarrow.memory_map(source) if isinstance(source, str) else source
    try:
        reader = ipc.open_file(mapped)
        batches = (reader.get_batch(number) for number in range(reader.num_record_batches))
        return Batches(reader.schema, _sliced(batches, most), "file")
    except pyarrow.ArrowInvalid:
        mapped.seek(0)
    stream = ipc.open_stream(mapped)
    return Batches(stream.schema, _sliced(iter(stream), most), "stream")


def _sliced(batches: Iterator[pyarrow.RecordBatch], most: int) -> Iterator[pyarrow.RecordBatch]:
    """Parts of the batches, none of much more than `most` bytes; the first ones smaller."""
    ahead = _FIRST_ROWS
    for batch in batches:
        size = max(1, batch.nbytes // max(1, batch.num_rows))
        at = 0
        while at < batch.num_rows:
            rows = max(1, min(ahead, most // size))
            yield batch.slice(at, rows)
            at += rows
            ahead = min(ahead * 4, 1 << 40)


def check_columns(schema: pyarrow.Schema, column: str) -> None:
    """DedupError where a schema has no column of that name, or it holds no text."""
    names = schema.get_all_field_indices(column)
    if not names:
        raise DedupError(missing(column, schema.names))
    if len(names) > 1:
        raise DedupError(f'{len(names)} columns are called "{column}"')
    kind = schema.field(names[0]).type
    if not is_text(kind):
        raise DedupError(f'column "{column}" holds {kind}, not text')


def is_text(kind: pyarrow.DataType) -> bool:
    """Whether a column of this type holds text, be it as a dictionary."""
    from pyarrow import types

    value = kind.value_type if types.is_dictionary(kind) else kind
    return bool(
        types.is_string(value)
        or types.is_large_string(value)
        or types.is_string_view(value)
        or types.is_null(value)
    )


def strings_of(array: Any) -> Any:
    """An array of texts as large strings."""
    import pyarrow

    if pyarrow.types.is_dictionary(array.type):  # of views there is no other way
        values = array.dictionary.cast(pyarrow.large_string())
        array = pyarrow.DictionaryArray.from_arrays(array.indices, values)
    return array.cast(pyarrow.large_string())


def chunk_of(batch: pyarrow.RecordBatch, at: int) -> Chunk:
    """The texts of a batch's column, one after the other, with the batch carried along."""
    texts = strings_of(batch.column(at))
    validity, offsets, data = texts.buffers()
    bounds = np.frombuffer(cast(Any, offsets), np.int64)[texts.offset : texts.offset + len(texts) + 1]
    first = int(bounds[0])
    places = np.empty((len(texts), 4), np.int64)
    places[:, 0] = places[:, 2] = bounds[:-1] - first
    places[:, 1] = places[:, 3] = bounds[1:] - first
    if texts.null_count:
        bits = np.unpackbits(np.frombuffer(cast(Any, validity), np.uint8), bitorder="little")
        places[bits[texts.offset : texts.offset + len(texts)] == 0, 2:] = -1
    long = np.flatnonzero(places[:, 1] - places[:, 0] > MOST_BYTES)
    places[long, 2:] = -1
    view = memoryview(data)[first : int(bounds[-1])] if data is not None else b""
    return Chunk(view, 0, places, bad={int(row): TOO_LONG for row in long}, carried=batch)


def cleaned_batch(
    rows: Rows, column: str, cuts: Sequence[tuple[int, int]], content: bytes, gone: Sequence[int]
) -> pyarrow.RecordBatch:
    """The batch that some rows came from, with the texts that are left once `cuts` are taken out, without rows `gone`.

    `cuts` are ranges of the rows' data in order, none over the edge of a row; `content` is what is left of it.
    """
    batch: pyarrow.RecordBatch = rows.chunk.carried
    places = rows.rows
    if not cuts and not gone:
        return batch
    sizes = places[:, LINE_END] - places[:, LINE]
    ranges = np.array(cuts, np.int64).reshape(-1, 2)
    # Rows without a text have no bytes: the last that begins there is the one that was cut.
    cut_rows = np.searchsorted(places[:, LINE], ranges[:, 0], side="right") - 1
    np.subtract.at(sizes, cut_rows, ranges[:, 1] - ranges[:, 0])
    keep = np.ones(len(sizes), bool)
    keep[list(gone)] = False
    at = batch.schema.get_field_index(column)
    return _with_texts(batch, at, content, sizes, places[:, STATE] != NO_TEXT, keep)


def _with_texts(
    batch: pyarrow.RecordBatch, at: int, data: bytes, sizes: I64, present: Mask, keep: Mask
) -> pyarrow.RecordBatch:
    """A batch with other texts, of `sizes` in `data`, null where not `present`; without the rows not to `keep`."""
    import pyarrow

    kind, whole = batch.schema.field(at).type, bool(keep.all())
    arrays: list[Any] = list(batch.columns)
    if not whole:
        # Not pyarrow.array: that imports pandas where it is installed.
        mask: Any = pyarrow.Array.from_buffers(pyarrow.bool_(), len(keep), [None, _bits(keep)])
        arrays = [
            None if number == at else _filtered(array, mask, keep) for number, array in enumerate(arrays)
        ]
        sizes, present = sizes[keep], present[keep]
    offsets = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=offsets[1:])
    validity = None if present.all() else _bits(present)
    buffers = [validity, pyarrow.py_buffer(cast(Any, offsets)), pyarrow.py_buffer(data)]
    texts: Any = pyarrow.Array.from_buffers(pyarrow.large_string(), len(sizes), buffers)
    if pyarrow.types.is_dictionary(kind):
        texts = texts.dictionary_encode()
        texts = pyarrow.DictionaryArray.from_arrays(
            texts.indices.cast(kind.index_type), texts.dictionary.cast(kind.value_type), ordered=kind.ordered
        )
    elif kind != texts.type:
        texts = texts.cast(kind)
    arrays[at] = texts
    return pyarrow.RecordBatch.from_arrays(arrays, schema=batch.schema)


def _filtered(array: Any, mask: Any, keep: Mask) -> Any:
    import pyarrow

    try:
        return array.filter(mask)
    except pyarrow.ArrowNotImplementedError:  # as of views
        edges = np.flatnonzero(np.diff(keep, prepend=False, append=False)).reshape(-1, 2).tolist()
        parts = [array.slice(start, end - start) for start, end in edges]
        return pyarrow.concat_arrays(parts) if parts else array.slice(0, 0)


def _bits(mask: Mask) -> pyarrow.Buffer:
    import pyarrow

    return pyarrow.py_buffer(np.packbits(mask, bitorder="little").tobytes())
