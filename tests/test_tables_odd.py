"""Tables and indexes in places and states where it would be easy to do harm."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars
import pytest

A = "The board met on Tuesday and agreed that the old bridge over the river should stay open to carts and walkers."
B = "A second ferry will run from the northern quay all through the summer months, the harbour master told the paper."


def run(folder: Path, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "dedup", *arguments], cwd=folder, input=data, capture_output=True, check=False
    )


def put(path: Path, *rows: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf-8")


def test_tables_beside_texts_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    put(tmp_path / "parts/a.jsonl", {"text": A})
    put(tmp_path / "parts/README.md", A)
    done = run(tmp_path, "clean", "parts", "-o", "out")
    assert done.returncode == 0
    assert b"parts: holds texts, so a table in it is passed over; --include '*.jsonl' reads" in done.stderr
    done = run(tmp_path, "clean", "parts", "-o", "out", "--index", "seen", "--batch-id", "1")
    assert done.returncode == 2
    assert done.stderr.endswith(b"dedup: parts: holds texts and tables; name those to read\n")


def test_an_index_without_its_manifest_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", {"text": A})
    assert run(tmp_path, "clean", "a.jsonl", "-o", "b.jsonl", "--index", "seen").returncode == 0
    (tmp_path / "seen/index.json").unlink()
    before = sorted(path.name for path in (tmp_path / "seen").iterdir())
    done = run(tmp_path, "clean", "a.jsonl", "-o", "c.jsonl", "--index", "seen")
    assert (done.returncode, done.stderr) == (2, b"dedup: seen: is damaged: index.json is missing\n")
    assert sorted(path.name for path in (tmp_path / "seen").iterdir()) == before


def test_an_input_is_known_behind_a_folder_to_be_made(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", {"text": A}, {"text": A})
    before = (tmp_path / "a.jsonl").read_bytes()
    done = run(tmp_path, "clean", "a.jsonl", "-o", "new/../a.jsonl")
    assert done.returncode == 2
    assert (tmp_path / "a.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (['{"text": "first", "text": "x"}'], b"row 1 of what is left has a key twice"),
        ([{"text": "x", "v": 2**53 + 1}, {"text": "y", "v": 0.5}], b'"v" holds fractions, and row 1'),
    ],
)
def test_what_would_not_be_the_same_is_not_converted(
    tmp_path: Path, rows: list[object], reason: bytes
) -> None:
    put(tmp_path / "a.jsonl", *rows)
    done = run(tmp_path, "clean", "a.jsonl", "-o", "a.parquet")
    assert done.returncode == 2
    assert done.stderr.startswith(b"dedup: a.jsonl: cannot be written as parquet: ")
    assert reason in done.stderr
    assert not (tmp_path / "a.parquet").exists()


def test_nothing_left_is_a_table_without_rows(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", {"text": A})
    put(tmp_path / "b.jsonl", {"text": A})
    assert run(tmp_path, "clean", "a.jsonl", "-o", "x.jsonl", "--index", "seen").returncode == 0
    done = run(tmp_path, "clean", "b.jsonl", "-o", "b.parquet", "--index", "seen", "--empty", "drop")
    assert done.returncode == 0, done.stderr
    assert polars.read_parquet(tmp_path / "b.parquet").shape == (0, 1)


def test_a_misspelt_column_of_ids_is_told(tmp_path: Path) -> None:
    put(tmp_path / "a.jsonl", {"text": A, "id": 1}, {"text": B, "id": 1})
    done = run(tmp_path, "clean", "a.jsonl", "-o", "b.jsonl", "--id-column", "ids")
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, b'dedup: a.jsonl: no row has a "ids"')
    assert not (tmp_path / "b.jsonl").exists()


def test_an_arrow_file_comes_through_a_pipe_too(tmp_path: Path) -> None:
    polars.DataFrame({"text": [A, A]}).write_ipc(tmp_path / "a.arrow")
    done = run(tmp_path, "clean", "-", "--input-format", "arrow", data=(tmp_path / "a.arrow").read_bytes())
    assert done.returncode == 0, done.stderr
    assert polars.read_ipc(done.stdout)["text"].to_list() == [A, ""]


@pytest.mark.parametrize("name", ["", "two\nlines"])
def test_names_of_batches_are_names(tmp_path: Path, name: str) -> None:
    put(tmp_path / "a.jsonl", {"text": A})
    done = run(tmp_path, "clean", "a.jsonl", "-o", "b.jsonl", "--index", "seen", "--batch-id", name)
    assert done.returncode == 2
    assert not (tmp_path / "seen").exists()


def test_wrong_usage_is_json_too(tmp_path: Path) -> None:
    done = run(tmp_path, "clean", "--log-json", "--bogus")
    assert json.loads(done.stderr)["event"] == "error"
