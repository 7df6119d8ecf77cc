"""A table as batches of rows, whatever its form, and what a row holds beside its text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dedup.documents import Document
from dedup.problems import DedupError, reason_of
from dedup.settings import Settings
from dedup.sources.csv_rows import Records, field_of, missing
from dedup.sources.forms import Table, reading
from dedup.sources.ids import name_of
from dedup.sources.jsonl import find_text, has_key, read_lines, value_of
from dedup.sources.rows import (
    BATCH_BYTES,
    LINE,
    LINE_END,
    ODD,
    RAW,
    RAW_END,
    STATE,
    BadRow,
    Chunk,
    Escapes,
    Rows,
    plain_rows,
    row_document,
)

ID_COLUMN = "id"
"""The column that gives the names of rows where no other is set and there is such a one."""


class TableReader:
    """The batches of a table, and the documents and names of their rows.

    `first` is the number of the first row, as reports tell it: 1, and 0 for the header of CSV. `batches` are what
    columnar.opened gave, None where rows are ranges of bytes.
    """

    def __init__(
        self, table: Table, settings: Settings, chunks: Iterator[Chunk], records: Records | None, batches: Any
    ) -> None:
        self.first = 0 if records else 1
        self.chunks = chunks
        self.batches = batches
        self._table = table
        self._settings = settings
        self._records = records

    def origin(self, rows: Rows, number: int) -> int:
        """What the offset of a row in its chunk lacks to the offset that reports tell."""
        return -int(rows.rows[number, LINE]) if self.batches is not None else rows.chunk.origin

    def document(self, rows: Rows, number: int, line: int) -> Document | None:
        """The document of a row, `line` its number; None where it has no text. BadRow where it cannot be read."""
        chunk, row = rows.chunk, rows.rows[number].tolist()
        start, end = row[RAW], row[RAW_END]
        if chunk.places is None and row[STATE] == ODD:
            place = find_text(bytes(chunk.data[row[LINE] : row[LINE_END]]), self._settings.text_column)
            if place is None:
                return None
            start, end = (row[LINE] + offset for offset in place)
        raw = bytes(chunk.data[start:end])
        if chunk.places is not None:
            try:
                raw.decode("utf-8")
            except UnicodeDecodeError:
                raise BadRow("not valid UTF-8") from None
        escapes: Escapes | None = "json" if chunk.places is None else "csv" if chunk.quoted else None
        table, origin = self._table, self.origin(rows, number) + start
        return row_document(table.path, table.inside, line, origin, raw, escapes, self._settings.text_format)

    def name(self, rows: Rows, number: int) -> str | None:
        """The name of a row, None where it has none. BadRow where it cannot be read."""
        column = self._settings.id_column or ID_COLUMN
        if self.batches is not None:
            batch = rows.chunk.carried
            at = batch.schema.get_field_index(column)
            return name_of(batch.column(at)[number].as_py()) if at >= 0 else None
        row = rows.rows[number]
        line = bytes(rows.chunk.data[row[LINE] : row[LINE_END]])
        if self._records is None:
            try:
                return name_of(value_of(line, column)) if line.strip() else None
            except (ValueError, AttributeError, RecursionError):
                raise BadRow("not a JSON object") from None
        header = self._records.header
        if column not in header:
            return None
        return field_of(line, header.index(column), _delimiter(self._table))

    def has_texts(self, rows: Rows) -> bool:
        """Whether a row of a batch has something in the text column, be it null; of JSON Lines each row is asked."""
        if self.batches is not None or self._records is not None:
            return True  # that was found when the table was opened
        lines = bytes(rows.chunk.data).splitlines()
        return any(has_key(line, self._settings.text_column) for line in lines)

    def check_id_column(self) -> None:
        """DedupError where the column of names that was set is none of the table's; of JSON Lines nobody can say."""
        column = self._settings.id_column
        names = self._records.header if self._records else self.batches.schema.names if self.batches else None
        if column is not None and names and column not in names:
            raise DedupError(missing(column, list(names)))


@contextmanager
def read_table(table: Table, settings: Settings, most: int) -> Iterator[TableReader]:
    """A table to read, about `most` bytes at a time; OSError and DedupError where it cannot be read."""
    if not table.form.is_lines:
        from dedup.sources.columnar import opened

        with opened(table, most) as batches:
            yield TableReader(table, settings, batches.chunks(settings.text_column), None, batches)
        return
    with reading(table) as read:
        if table.form.kind == "jsonl":
            yield TableReader(table, settings, read_lines(read, most), None, None)
        else:
            records = Records(read, _delimiter(table), settings.text_column, most)
            yield TableReader(table, settings, records.chunks(), records, None)


def _delimiter(table: Table) -> str:
    return "\t" if table.form.kind == "tsv" else ","


def read_row(table: Table, number: int, settings: Settings) -> Document:
    """The document of one row, by its number; DedupError where there is none."""
    where = f"{table.path}:{number}"
    try:
        with read_table(table, settings, BATCH_BYTES) as reader:
            first = reader.first
            for chunk in reader.chunks:
                rows = plain_rows(chunk)
                at = number - first
                if at < len(rows.rows):
                    if at in chunk.bad:
                        raise BadRow(chunk.bad[at])
                    document = reader.document(rows, at, number) if rows.rows[at, STATE] else None
                    if document is None:
                        raise DedupError(f'{where}: no string under "{settings.text_column}" in this row')
                    return document
                first += len(rows.rows)
    except OSError as error:
        raise DedupError(f"{table.path}: {reason_of(error)}") from None
    except BadRow as error:
        raise DedupError(f"{where}: {error}") from None
    raise DedupError(f"{where}: the file has no such row")
