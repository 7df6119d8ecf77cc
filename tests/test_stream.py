"""Tables through pipes: each record is passed on before the next one is there, and the end is quiet."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, cast

import pyarrow as pa
import pytest
from pyarrow import ipc
from table_files import LONG, OTHER, arrow_bytes, arrow_table, dedup, written

PATIENCE = 20.0
"""Seconds; what is passed on at once is there in a hundredth of one."""


def line(text: str) -> bytes:
    return json.dumps({"text": text}).encode() + b"\n"


@contextmanager
def piped(*arguments: str, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "dedup", "clean", "-", *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=cwd, stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0) as process:
        try:
            yield process
        finally:
            process.kill()


def send(process: subprocess.Popen[bytes], data: bytes) -> None:
    assert process.stdin is not None
    process.stdin.write(data)


def receive(process: subprocess.Popen[bytes], size: int) -> bytes:
    """So many bytes of standard output, or those that came in time."""
    assert process.stdout is not None
    got, ends = b"", monotonic() + PATIENCE
    while len(got) < size and select.select([process.stdout], [], [], max(0, ends - monotonic()))[0]:
        data = os.read(process.stdout.fileno(), size - len(got))
        if not data:
            break
        got += data
    return got


def end(process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
    """What is still to come on standard output, and standard error."""
    process.stdin = cast(Any, process.stdin)
    process.stdin.close()
    process.stdin = None
    out, err = process.communicate(timeout=PATIENCE)
    return out, err


@pytest.mark.parametrize("jobs", ("1", "2"))
def test_each_line_arrives_before_the_next_is_sent(tmp_path: Path, jobs: str) -> None:
    texts = [LONG, "short", LONG, f"{OTHER}\n\n{LONG}", OTHER]
    cleaned = [LONG, "short", "", f"{OTHER}\n\n", ""]
    with piped("--input-format", "jsonl", "--jobs", jobs, cwd=tmp_path) as process:
        for text, left in zip(texts, cleaned, strict=True):
            send(process, line(text))
            assert receive(process, len(line(left))) == line(left)
        out, err = end(process)
    assert (process.returncode, out) == (0, b"")
    assert err.startswith(b"dedup: 3 of 6 blocks removed in 3 of 5 documents")


@pytest.mark.parametrize("jobs", ("1", "2"))
def test_each_record_of_csv_too(tmp_path: Path, jobs: str) -> None:
    records = [b"n,text\r\n", b'1,"%b"\r\n' % LONG.encode(), b'2,"a\r\nb"\r\n', b'3,"%b"\r\n' % LONG.encode()]
    with piped("--input-format", "csv", "--jobs", jobs, cwd=tmp_path) as process:
        for record, left in zip(records, [*records[:3], b'3,""\r\n'], strict=True):
            send(process, record[:5])  # a record need not come at once
            send(process, record[5:])
            assert receive(process, len(left)) == left
        assert end(process)[0] == b""
    assert process.returncode == 0


def test_each_batch_of_an_arrow_stream_too(tmp_path: Path) -> None:
    table = pa.table({"text": [LONG], "n": [1]})
    with piped("--input-format", "arrow", cwd=tmp_path) as process:
        assert process.stdin is not None and process.stdout is not None
        writer = ipc.new_stream(cast(Any, process.stdin), table.schema)
        writer.write_table(table)
        reader = ipc.open_stream(cast(Any, process.stdout))
        assert reader.read_next_batch().to_pylist() == table.to_pylist()
        writer.write_table(table)
        assert reader.read_next_batch().to_pylist() == [{"text": "", "n": 1}]
        writer.close()
        process.stdin.close()
        with pytest.raises(StopIteration):
            reader.read_next_batch()
        assert process.wait(PATIENCE) == 0


def test_parquet_goes_through_a_pipe_as_a_whole(tmp_path: Path) -> None:
    source = written(tmp_path / "in.parquet", [{"text": LONG}, {"text": LONG}])
    done = dedup(
        "clean", "-", "-o", "out.arrow", "--input-format", "parquet", cwd=tmp_path, data=source.read_bytes()
    )
    assert done.returncode == 0
    assert arrow_table((tmp_path / "out.arrow").read_bytes()).to_pylist() == [{"text": LONG}, {"text": ""}]


@pytest.mark.parametrize("kind", ("jsonl", "csv", "arrow"))
def test_it_ends_at_once_and_without_a_word_when_the_reader_goes(tmp_path: Path, kind: str) -> None:
    """The producer goes on: what it sends is not waited for."""
    with piped("--input-format", kind, cwd=tmp_path) as process:
        assert process.stdin is not None and process.stdout is not None
        if kind == "arrow":
            table = pa.table({"text": ["a text"]})
            writer = ipc.new_stream(cast(Any, process.stdin), table.schema)
            one = lambda: writer.write_table(table)  # noqa: E731
        else:
            if kind == "csv":
                send(process, b"text\n")
            one = lambda: send(process, line("a text") if kind == "jsonl" else b"a text\n")  # noqa: E731
        one()
        assert receive(process, 5)
        process.stdout.close()
        process.stdout = None
        ends = monotonic() + PATIENCE
        with pytest.raises(BrokenPipeError):  # only once it has ended
            while monotonic() < ends:
                one()
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize("options", ((), ("--report", "r.json")))
def test_of_a_file_no_more_is_read_than_the_reader_takes_or_a_report_needs(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    rows = [
        {"text": f"{number} is the number of this row and there is nothing else in it"}
        for number in range(90_000)
    ]
    source = written(tmp_path / "in.jsonl", rows)
    command = [sys.executable, "-m", "dedup", "clean", source.name, "--jobs", "1", "--near", "off", *options]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 0 and b"Traceback" not in told
    assert (b"in 90,000 documents" in told) == bool(options)


def test_a_bad_line_ends_the_stream_after_what_came_before(tmp_path: Path) -> None:
    done = dedup(
        "clean",
        "-",
        "--input-format",
        "jsonl",
        cwd=tmp_path,
        data=line("a") + line("b") + b"{no\n" + line("c"),
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == b"dedup: -: row 3: not a JSON object"
    assert line("c") not in done.stdout
    done = dedup(
        "clean",
        "-",
        "--input-format",
        "jsonl",
        "--on-error",
        "skip",
        cwd=tmp_path,
        data=line("a") + b"{no\n" + line("c"),
    )
    assert (done.returncode, done.stdout) == (0, line("a") + line("c"))


def test_no_input_is_no_output(tmp_path: Path) -> None:
    for kind in ("jsonl", "csv"):
        done = dedup("clean", "-", "--input-format", kind, cwd=tmp_path, data=b"")
        assert (done.returncode, done.stdout) == (0, b""), done.stderr
    for kind in ("arrow", "parquet"):
        done = dedup("clean", "-", "--input-format", kind, cwd=tmp_path, data=b"")
        assert done.returncode == 2 and done.stdout == b"" and b"Traceback" not in done.stderr
    done = dedup(
        "clean",
        "-",
        "--input-format",
        "arrow",
        cwd=tmp_path,
        data=arrow_bytes(pa.table({"text": ["a"]}), stream=True)[:-40],
    )
    assert b"Traceback" not in done.stderr


def test_what_is_said_of_a_stream_is_json_where_so_wanted(tmp_path: Path) -> None:
    done = dedup("clean", "-", "--input-format", "jsonl", "--log-json", cwd=tmp_path, data=line(LONG) * 2)
    (summary,) = map(json.loads, done.stderr.splitlines())
    assert (summary["event"], summary["documents"], summary["removed"]) == ("summary", 2, 1)
