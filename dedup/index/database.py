"""DuckDB over the files of indexes: attached for reading, written anew, merged."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from dedup.problems import DedupError

MEMORY = "512MB"
"""What DuckDB may hold in memory; sorting more goes to temporary files."""

FEW_ROWS = 10_000
SMALL_BLOCK, LARGE_BLOCK = 16_384, 262_144

# extra: key less same, which is 0 for most blocks. Of bands and headlines only the first row of its words has any.
TABLES = {
    "blocks": '"row" UINTEGER, document UINTEGER, page UINTEGER, position UINTEGER, start UBIGINT, length UINTEGER, '
    "line UINTEGER, kind UTINYINT, count UINTEGER, same UBIGINT, extra UBIGINT, links UBIGINT, digest UBIGINT, "
    "subject UINTEGER, text BLOB",
    "documents": "document UINTEGER, page UINTEGER, salt UBIGINT, id BLOB",
    "pages": "page UINTEGER, path BLOB, title VARCHAR, titled BOOLEAN, sections BLOB",
    "subjects": "subject UINTEGER, words VARCHAR",
    "bands": 'key UBIGINT, "row" UINTEGER',
    "headlines": 'key UBIGINT, "row" UINTEGER',
}
ORDER = {
    "blocks": '"row"',
    "documents": "document",
    "pages": "page",
    "subjects": "subject",
    "bands": 'key, "row"',
    "headlines": 'key, "row"',
}

Columns = dict[str, npt.NDArray[Any]]


class Database:
    """A connection to DuckDB with nothing of its own on the disk."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": MEMORY,
                "threads": str(min(os.cpu_count() or 1, 4)),
                "temp_directory": str(Path(gettempdir()) / f"dedup-index-{os.getpid()}-{id(self):x}"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )

    def close(self) -> None:
        """Lets go of all files."""
        self._connection.close()

    def run(self, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Runs a statement and gives its rows."""
        return self._connection.execute(statement, list(values)).fetchall()

    def columns(self, statement: str) -> Columns:
        """The columns of what a query gives."""
        found: dict[str, Any] = self._connection.execute(statement).fetchnumpy()
        return {name: np.asarray(column) for name, column in found.items()}

    @contextmanager
    def given(self, name: str, **columns: npt.NDArray[Any]) -> Iterator[None]:
        """Numbers as a table of this name, for the statements inside the block."""
        self._connection.register(name, columns)
        try:
            yield
        finally:
            self._connection.unregister(name)

    def insert(self, table: str, columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]]) -> None:
        """Adds rows to a table; texts and bytes may come as lists."""
        arrays: Columns = {}
        for name, column in columns.items():
            arrays[name] = column if isinstance(column, np.ndarray) else np.empty(len(column), object)
            if not isinstance(column, np.ndarray):
                arrays[name][:] = column
        with self.given("inserted", **arrays):
            self.run(f"INSERT INTO {table} SELECT * FROM inserted")

    def attach(self, path: Path, name: str) -> None:
        """Makes the tables of a file known under a name; FileNotFoundError where it is gone."""
        if not path.exists():
            raise FileNotFoundError(path)
        self.run(f"ATTACH {quoted(path)} AS {name} (READ_ONLY)")

    def begin(self, path: Path, name: str, rows: int) -> None:
        """Begins a new file of about so many rows, with its tables, in the place of what a run that was ended left."""
        forget(path)
        # A small file need not have large blocks, which hold more of one column at a time and pack it better.
        size = SMALL_BLOCK if rows < FEW_ROWS else LARGE_BLOCK
        # The storage of 1.2 is read by every version from then on.
        self.run(f"ATTACH {quoted(path)} AS {name} (STORAGE_VERSION 'v1.2.0', BLOCK_SIZE {size})")
        for table, columns in TABLES.items():
            self.run(f"CREATE TABLE {name}.{table} ({columns})")

    def detach(self, name: str) -> None:
        """Lets go of a file that was read."""
        self.run(f"DETACH {name}")

    def finish(self, name: str, path: Path) -> None:
        """Brings what was written to a new file to the disk, all of it; DuckDB's error or OSError where it cannot."""
        # To let go of a file says nothing of what could not be written.
        self.run(f"CHECKPOINT {name}")
        self.run(f"DETACH {name}")
        if path.with_name(path.name + ".wal").exists():
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        with path.open("rb+") as file:
            os.fsync(file.fileno())

    def copy(self, table: str, sources: Iterable[str], target: str, where: str = "") -> None:
        """Fills a table of a file from those of other files, in order."""
        union = " UNION ALL ".join(f"SELECT * FROM {source}.{table}" for source in sources)
        self.run(f"INSERT INTO {target}.{table} SELECT * FROM ({union}) {where} ORDER BY {ORDER[table]}")


def quoted(path: Path) -> str:
    """A path as SQL has it."""
    return "'" + str(path).replace("'", "''") + "'"


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Makes one line of what DuckDB has to say of an index."""
    try:
        yield
    except duckdb.Error as error:
        # "IO Error: Checkpoint failed for …. Original error: …"
        lines = str(error).strip().splitlines() or [type(error).__name__]
        reason = lines[0].rpartition("Original error: ")[2].removeprefix("IO Error: ").rstrip("!.")
        if "No space left" in reason:
            reason = "no space left on device"
        raise DedupError(f"{path}: {reason[:1].lower()}{reason[1:]}") from None


def forget(path: Path) -> None:
    """Deletes a file that nothing names any more; where another process holds it, a later run does."""
    for each in (path, path.with_name(path.name + ".wal")):
        with suppress(OSError):
            each.unlink()
