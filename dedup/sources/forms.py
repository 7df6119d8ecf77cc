"""The forms that a table comes in, by its name or as the user says, and the bytes of its file without compression."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from typing import Any, BinaryIO, Literal, cast

from dedup.problems import DedupError, Problem, reason_of
from dedup.settings import InputFormat

Kind = InputFormat
Compression = Literal["gzip", "zstd"]

STDIN = "-"

_PART = 1 << 20

_ENDINGS: dict[str, Kind] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".ipc": "arrow",
    ".feather": "arrow",
}
_COMPRESSIONS: dict[str, Compression] = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}


@dataclass(frozen=True, slots=True)
class Form:
    """How the bytes of a table are to be read and written."""

    kind: Kind
    compression: Compression | None = None

    def __str__(self) -> str:
        name = {"jsonl": "JSON Lines", "parquet": "Parquet", "arrow": "Arrow"}.get(
            self.kind, self.kind.upper()
        )
        return f"{name} under {self.compression}" if self.compression else name

    @property
    def is_lines(self) -> bool:
        """Whether a row is a range of the file's bytes, so that all but the removed bytes can stay as they are."""
        return self.kind in ("jsonl", "csv", "tsv")

    @property
    def is_plain(self) -> bool:
        """Whether offsets in the rows are offsets in the file itself."""
        return self.is_lines and self.compression is None


def form_of(name: str, otherwise: Kind | None = None) -> Form | None:
    """The form of a table of this name; `otherwise` where the name does not say, None where nothing does."""
    path = PurePath(name.lower())
    compression = _COMPRESSIONS.get(path.suffix)
    kind = _ENDINGS.get(PurePath(path.stem).suffix if compression else path.suffix, otherwise)
    return Form(kind, compression) if kind else None


@dataclass(frozen=True, slots=True)
class Table:
    """A file of rows: `path` is its name as it is reported, `real` where it is, `inside` as in Document.

    `tell` is called with what is wrong with it, which shows only when it is read, `note` with what is no error.
    `data` is a table at hand, in place of a file: a pyarrow schema and an iterator of record batches. `digest` is a
    hash that is given all that is read of standard input.
    """

    path: str
    real: str
    inside: str
    form: Form
    tell: Callable[[Problem], None]
    note: Callable[[Problem], None]
    data: Any = None
    digest: Any = None

    @property
    def is_stream(self) -> bool:
        """Whether it is standard input, of which each row is wanted as soon as it is there."""
        return self.real == STDIN


Read = Callable[[int], bytes]
"""Gives up to so many bytes, at least one until the end; of a stream what is there."""


@contextmanager
def reading(table: Table) -> Iterator[Read]:
    """The bytes of a table without compression. What cannot be read is an OSError or a DedupError."""
    with ExitStack() as opened:
        if table.is_stream:
            yield _standard_input(table.digest)
            return
        if table.form.compression is None:
            yield opened.enter_context(Path(table.real).open("rb")).read
            return
        yield _whole(opened.enter_context(_decompressed(table)).read, table)


@contextmanager
def seekable(table: Table) -> Iterator[Any]:
    """The same as something that can be read at any place: the path of the file, or a temporary file."""
    if not table.is_stream and table.form.compression is None:
        yield table.real
        return
    with reading(table) as read, TemporaryFile(prefix="dedup-") as file:
        while data := read(_PART):
            file.write(data)
        file.seek(0)
        yield file


def _decompressed(table: Table) -> Any:
    import pyarrow

    return pyarrow.input_stream(table.real, compression=cast(Any, table.form.compression))


def _whole(read: Read, table: Table) -> Read:
    """What comes from a decompressor, with its complaints as a DedupError."""

    def checked(size: int) -> bytes:
        try:
            return read(size)
        except OSError as error:
            if error.errno:
                raise
            what = "truncated" if "Truncated" in str(error) else "damaged"
            raise DedupError(f"the {table.form.compression} data is {what}") from None

    return checked


def _standard_input(digest: Any) -> Read:
    if sys.stdin is None:  # what Python makes of a closed one
        raise DedupError("standard input is closed")
    file = sys.stdin.fileno()

    def read(size: int) -> bytes:
        data = os.read(file, size)
        if digest is not None:
            digest.update(data)
        return data

    return read


def is_waiting() -> bool:
    """Whether standard input has something to read; False where the system cannot tell."""
    try:
        return bool(select.select([sys.stdin.fileno()], [], [], 0)[0])
    except OSError:  # Windows asks so only of sockets
        return False


def compressed(out: BinaryIO, compression: Compression) -> Any:
    """A file to write that compresses into another; to be closed before that is, which stays open."""
    import pyarrow

    return pyarrow.CompressedOutputStream(pyarrow.PythonFile(cast(Any, _Open(out)), "w"), compression)


class _Open:
    """A file that somebody else closes."""

    closed = False

    def __init__(self, out: BinaryIO) -> None:
        self.write, self.flush = out.write, out.flush

    def close(self) -> None:
        """Stays open."""


def why_not_written(error: BaseException) -> str:
    """What a library says went wrong, in one line."""
    if isinstance(error, OSError) and error.errno:
        return reason_of(error)
    return " ".join(str(error).split())[:200] or type(error).__name__
