"""What is tried on: the documents and tables of the arguments, read once, of very many a sample."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

from dedup.documents import Document
from dedup.problems import DedupError, Problem, reason_of
from dedup.settings import Settings
from dedup.sources.forms import Form, Table, reading
from dedup.sources.rows import BATCH_BYTES, BadRow, plain_rows
from dedup.sources.tables import read_table

TEXT_BYTES = 16 << 20
"""Of files of more text than this in all a sample is tried."""

TABLE_BYTES = 64 << 20
"""The same of tables, on which a kernel works that is faster."""

_SEED = b"dedup tune"


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table that can be read again and again, also by another process: its names as in Table, its form."""

    path: str
    real: str
    inside: str
    form: Form

    def table(self, problems: list[Problem], notes: list[Problem]) -> Table:
        """The table, which adds to these lists what is wrong with it and what is no error."""
        return Table(self.path, self.real, self.inside, self.form, problems.append, notes.append)


@dataclass(frozen=True, slots=True)
class Sample:
    """How much of the input is tried: the share of its documents that was asked for, and how many there were."""

    share: float
    documents: int
    of: int


@dataclass(slots=True)
class Inputs:
    """The documents and tables, in the order in which they count; a folder for copies goes when it is left."""

    items: list[Document | TableFile] = field(default_factory=list)
    sample: Sample | None = None
    total_bytes: int = 0
    _folder: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def read(
        self,
        sources: Iterable[Document | Table],
        expected_bytes: int,
        settings: Settings,
        tell: Callable[[Problem], None],
    ) -> None:
        """Reads documents, and copies tables that come but once; `expected_bytes` is how much there is of documents.

        Whether a document is in a sample depends on its own name alone, and so on no order and no machine.
        """
        share = min(1.0, TEXT_BYTES / expected_bytes) if expected_bytes else 1.0
        least, taken, seen, sampled = share, 0, 0, share < 1
        for source in sources:
            if isinstance(source, Document):
                seen += 1
                if _is_taken(source.path, share):
                    taken += 1
                    self.items.append(source)
                    self.total_bytes += len(source.text)
                continue
            try:
                file = self._file(source)
                size = Path(file.real).stat().st_size
                if size > TABLE_BYTES:
                    part = TABLE_BYTES / size
                    file, some, rows = self._sample(file, part, settings)
                    least, sampled = min(least, part), True
                    taken, seen = taken + some, seen + rows
                self.items.append(file)
                self.total_bytes += Path(file.real).stat().st_size
            except DedupError as error:
                tell(Problem(source.path, str(error)))
            except OSError as error:
                tell(Problem(source.path, reason_of(error)))
        if sampled:
            self.sample = Sample(least, taken, seen)

    def _file(self, table: Table) -> TableFile:
        """A table as a file; of standard input a copy is made."""
        if not table.is_stream:
            return TableFile(table.path, table.real, table.inside, table.form)
        place = self._place(table.form.kind)
        with reading(table) as read, place.open("wb") as out:
            while data := read(1 << 20):
                out.write(data)
        return TableFile(table.path, str(place), table.inside, table.form)

    def _sample(self, file: TableFile, share: float, settings: Settings) -> tuple[TableFile, int, int]:
        """Some rows of a table as JSON Lines with an empty line for each of the others, so that numbers stay; how
        many these are, and of how many."""
        place = self._place("jsonl")
        taken = seen = 0
        bad: list[str] = []
        with place.open("wb") as out, read_table(file.table([], []), settings, BATCH_BYTES) as reader:
            first = reader.first
            for chunk in reader.chunks:
                rows = plain_rows(chunk)
                for number in range(len(rows.rows)):
                    line = first + number
                    if line == 0:  # the header of CSV
                        continue
                    if _is_taken(f"{file.path}:{line}", share):
                        try:
                            if number in chunk.bad:
                                raise BadRow(chunk.bad[number])
                            document = reader.document(rows, number, line)
                            name = reader.name(rows, number) if document is not None else None
                        except BadRow as error:
                            bad.append(f"row {line}: {error}")
                            document = None
                        if document is not None:
                            taken += 1
                            out.write(_row(document, name, settings))
                    out.write(b"\n")
                    seen += 1
                first += len(rows.rows)
        if bad and settings.on_error == "fail":
            raise DedupError(bad[0])
        return replace(file, real=str(place), form=Form("jsonl")), taken, seen

    def _place(self, kind: str) -> Path:
        self._folder = self._folder or mkdtemp(prefix="dedup-")
        return Path(self._folder, f"{len(os.listdir(self._folder))}.{kind}")  # noqa: PTH208 - a count


def _row(document: Document, name: str | None, settings: Settings) -> bytes:
    row = {settings.text_column: document.text.decode("utf-8", "replace")}
    if name is not None:
        row[settings.id_column or "id"] = name
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "replace")


def _is_taken(name: str, share: float) -> bool:
    """Whether what has this name is in the sample."""
    if share >= 1:
        return True
    digest = blake2b(name.encode("utf-8", "surrogateescape"), digest_size=8, key=_SEED).digest()
    return int.from_bytes(digest, "big") < share * 2**64


def opened(
    items: Iterable[Document | TableFile], problems: list[Problem], notes: list[Problem]
) -> Iterator[Document | Table]:
    """The inputs as the comparison takes them."""
    for item in items:
        yield item.table(problems, notes) if isinstance(item, TableFile) else item
