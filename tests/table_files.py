"""One table in every form, for tests: rows as dicts, written to files and read back by other libraries."""

from __future__ import annotations

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import ipc

LONG = "The board met on Tuesday and agreed that the old bridge over the river should stay open to carts and walkers alone."
EDITED = LONG.replace("carts", "bicycles")
OTHER = "A second ferry will run from the northern quay all through the summer months, the harbour master told the paper."

FORMS = ("jsonl", "csv", "tsv", "parquet", "arrow")
COMPRESSIONS = ("", ".gz", ".zst")

Row = dict[str, Any]


def written(path: Path, rows: list[Row]) -> Path:
    """The rows in the form that the name says."""
    form, compression = _named(path)
    data = _packed(rows, form)
    if compression == ".gz":
        data = gzip.compress(data)
    elif compression == ".zst":
        data = pa.Codec("zstd").compress(data, asbytes=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def read(path: Path) -> list[Row]:
    """The rows of a file; of CSV all as strings."""
    form, data = _named(path)[0], plain(path)
    if form == "jsonl":
        return [json.loads(line) for line in data.splitlines()]
    if form in ("csv", "tsv"):
        return list(csv.DictReader(io.StringIO(data.decode(), newline=""), delimiter=_separator(form)))
    if form == "parquet":
        return pq.read_table(io.BytesIO(data)).to_pylist()
    return arrow_table(data).to_pylist()


def texts(path: Path) -> list[str]:
    return [row["text"] for row in read(path)]


def plain(path: Path) -> bytes:
    """The bytes without compression."""
    compression = _named(path)[1]
    if compression == ".gz":
        return gzip.decompress(path.read_bytes())
    if compression == ".zst":
        return bytes(pa.input_stream(path, compression="zstd").read())
    return path.read_bytes()


def arrow_table(data: bytes) -> pa.Table:
    if data.startswith(b"ARROW1"):
        return ipc.open_file(data).read_all()
    return ipc.open_stream(data).read_all()


def arrow_bytes(table: pa.Table, *, stream: bool = False, batch: int | None = None) -> bytes:
    sink = io.BytesIO()
    with (ipc.new_stream if stream else ipc.new_file)(sink, table.schema) as writer:
        writer.write_table(table, batch)
    return sink.getvalue()


def _named(path: Path) -> tuple[str, str]:
    compression = path.suffix if path.suffix in COMPRESSIONS else ""
    return Path(path.stem if compression else path.name).suffix[1:], compression


def _separator(form: str) -> str:
    return "\t" if form == "tsv" else ","


def _packed(rows: list[Row], form: str) -> bytes:
    if form == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows).encode()
    if form in ("csv", "tsv"):
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]), delimiter=_separator(form))
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue().encode()
    table = pa.Table.from_pylist(rows)
    if form == "arrow":
        return arrow_bytes(table)
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def dedup(*arguments: str | Path, cwd: Path, data: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """The command, as a process of its own."""
    command = [sys.executable, "-m", "dedup", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, capture_output=True, input=data)


def run(capfd: Any, *arguments: str | Path, status: int = 0) -> list[str]:
    """The command in this process, which is quicker; gives the lines on stderr."""
    from dedup.cli import main

    try:
        main([*map(str, arguments)])
    except SystemExit as error:
        lines = capfd.readouterr().err.splitlines()
        assert error.code == status, lines
        assert "Traceback" not in "".join(lines)
        return lines
    raise AssertionError


def clean_folder(folder: Path) -> list[str]:
    """The names of all files below a folder: nothing half-written is among them."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
