"""The index through the command: batches run again, ended at any moment, disturbed; what is taken out of it."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from corpora import HEADLINES, PARAGRAPHS

ROOT = Path(__file__).parent.parent
Result = subprocess.CompletedProcess[str]


def dedup(
    folder: Path, *arguments: object, stdin: str | None = None, before: Callable[[], None] | None = None
) -> Result:
    return subprocess.run(
        [sys.executable, "-m", "dedup", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=stdin,
        capture_output=True,
        text=True,
        preexec_fn=before,
        check=False,
    )


def done(folder: Path, *arguments: object, stdin: str | None = None) -> Result:
    result = dedup(folder, *arguments, stdin=stdin)
    assert result.returncode == 0, result.stderr
    return result


def fails(folder: Path, *arguments: object, says: str) -> None:
    result = dedup(folder, *arguments)
    assert result.returncode == 2
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1, result.stderr


def state(folder: Path, index: str = "index") -> dict[str, bytes]:
    return {
        file.name: file.read_bytes() for file in sorted((folder / index).iterdir()) if file.name != "lock"
    }


def contents(folder: Path, index: str = "index") -> object:
    """All that an index holds, but for the names of its files."""
    import duckdb

    manifest = json.loads((folder / index / "index.json").read_text())
    with duckdb.connect() as connection:
        rows = []
        for number, segment in enumerate(manifest["segments"]):
            connection.execute(f"ATTACH '{folder / index / segment.pop('file')}' AS s{number} (READ_ONLY)")
            for table in ("blocks", "documents", "pages", "subjects", "bands", "headlines"):
                rows.append(connection.execute(f"SELECT * FROM s{number}.{table}").fetchall())
    del manifest["next_file"]
    return manifest, rows


@pytest.fixture
def batches(tmp_path: Path) -> Path:
    """Three folders of documents that repeat each other."""
    chosen = random.Random(1)
    for batch in range(3):
        (tmp_path / f"b{batch}").mkdir()
        for number in range(4):
            blocks = [f"# {chosen.choice(HEADLINES)} {number}", *chosen.sample(PARAGRAPHS, 3)]
            blocks.append(
                f"Only the page {number} of the batch {batch} says this, and no other page says it at all."
            )
            (tmp_path / f"b{batch}" / f"{number}.md").write_text("\n\n".join(blocks) + "\n")
    return tmp_path


def tree(folder: Path) -> dict[str, bytes]:
    """The files of a folder, but for what a run that was ended had begun to write beside them."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".tmp")
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.parametrize("name", [(), ("--batch-id", "two")])
def test_a_batch_run_again(batches: Path, name: tuple[str, ...]) -> None:
    done(batches, "clean", "b0", "-o", "out0", "--index", "index")
    command = ("clean", "b1", "-o", "out1", "--index", "index", *name, "--report", "report.json")
    done(batches, *command)
    first = tree(batches / "out1"), (batches / "report.json").read_bytes()
    done(batches, "clean", "b2", "-o", "out2", "--index", "index")
    before = state(batches)
    done(batches, *command)
    assert (tree(batches / "out1"), (batches / "report.json").read_bytes()) == first
    assert state(batches) == before


def test_a_name_that_is_taken(batches: Path) -> None:
    done(batches, "clean", "b0", "-o", "out", "--index", "index", "--batch-id", "one")
    fails(
        batches,
        "clean",
        "b1",
        "-o",
        "out",
        "--index",
        "index",
        "--batch-id",
        "one",
        says="dedup index remove",
    )


def test_standard_input(batches: Path) -> None:
    text = PARAGRAPHS[0] + "\n"
    for _ in range(2):
        assert done(batches, "clean", "-", "--index", "i", "--batch-id", "a", stdin=text).stdout == text
    assert not done(batches, "clean", "-", "--index", "i", stdin=text).stdout


def test_usage(batches: Path) -> None:
    done(batches, "clean", "b0", "-o", "out", "--index", "index")
    fails(batches, "clean", "b1", "-o", "o", "--index", "index", "--index-read", "index", says="given twice")
    fails(batches, "clean", "b1", "-o", "o", "--index", "x", "--scope", "within", says="scope is within")
    fails(batches, "clean", "b1", "-o", "o", "--batch-id", "x", says="--batch-id")
    fails(batches, "check", "b1", "--index", "index", says="--index-read")
    fails(batches, "check", "b1", "--index-read", "nowhere", says="no index")
    fails(batches, "check", "b1", "--index-read", "b0", says="something else")
    fails(batches, "check", "b1", "--index-read", "b0/0.md", says="is a file")
    settings = ("--near", "flag", "--min-words", "5")
    fails(
        batches,
        "check",
        "b1",
        "--index-read",
        "index",
        *settings,
        says="near (auto, now flag), min-words (8, now 5)",
    )


def test_other_formats_and_damage(batches: Path) -> None:
    for batch in range(2):
        done(batches, "clean", f"b{batch}", "-o", "out", "--index", "index")
    check = ("clean", "b2", "-o", "out", "--index", "index")
    manifest = (batches / "index" / "index.json").read_text()
    (batches / "index" / "index.json").write_text(manifest.replace("dedup-index/2", "dedup-index/7"))
    fails(batches, *check, says='format "dedup-index/7"')
    (batches / "index" / "index.json").write_text(manifest[:-30])
    fails(batches, *check, says="index.json is damaged")
    (batches / "index" / "index.json").write_text(manifest)
    segment = next((batches / "index").glob("*.duckdb"))
    data = segment.read_bytes()
    for spoilt in (b"", data[: len(data) // 2], b"\xff" * len(data)):
        segment.write_bytes(spoilt)
        fails(batches, *check, says="index: ")
        fails(batches, "index", "verify", "index", says=segment.name)
    segment.unlink()
    fails(batches, *check, says="is missing")
    fails(batches, "index", "verify", "index", says="is missing")


def test_a_second_writer_waits_and_then_gives_up(batches: Path) -> None:
    done(batches, "clean", "b0", "-o", "out", "--index", "index")
    holder = (
        "import sys, time; from pathlib import Path; from dedup.index.lock import Lock\n"
        "lock = Lock(Path('index')); print('held', flush=True); time.sleep(float(sys.argv[1]))"
    )
    for seconds, code in (("2", 0), ("30", 2)):
        process = subprocess.Popen(
            [sys.executable, "-c", holder, seconds],
            cwd=batches,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert process.stdout is not None
        process.stdout.readline()
        assert dedup(batches, "check", "b0", "--index-read", "index").returncode == 1
        result = dedup(batches, "clean", "b1", "-o", "out", "--index", "index")
        assert result.returncode == code
        assert ("another run is writing" in result.stderr) == bool(code)
        process.kill()
        process.wait()


def test_a_reader_goes_on_when_files_are_merged(batches: Path) -> None:
    from dedup.index.folder import open_indexes
    from dedup.index.recall import Recall
    from dedup.settings import Settings

    for batch in range(2):
        done(batches, "clean", f"b{batch}", "-o", "out", "--index", "index")
    (index,) = open_indexes([], [str(batches / "index")], Settings())
    done(batches, "clean", "b2", "-o", "out", "--index", "index")
    done(batches, "index", "compact", "index")
    recall = Recall([index])
    assert recall.rows == index.manifest.next_row
    recall.close()


def killed_and_run_again(folder: Path, command: tuple[str, ...], moment: float) -> bool:
    """Runs a command, ends it after so many seconds, and runs it again; whether it was ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "dedup", *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    ended = process.wait() != 0
    done(folder, *command)
    return ended


@pytest.mark.parametrize("where", [("-o", "out1"), ("--in-place",)])
def test_ended_at_any_moment(batches: Path, where: tuple[str, ...]) -> None:
    command = ("clean", "b1", *where, "--index", "index", "--batch-id", "two")
    done(batches, "clean", "b0", "-o", "out0", "--index", "index")
    expected = batches / "expected"
    expected.mkdir()
    for name in ("b1", "index"):
        shutil.copytree(batches / name, expected / name)
    begin = time.monotonic()
    done(expected, *command)
    duration = time.monotonic() - begin
    chosen = random.Random(5)
    ended = 0
    for number in range(6):
        folder = batches / f"try{number}"
        folder.mkdir()
        for name in ("b1", "index"):
            shutil.copytree(batches / name, folder / name)
        ended += killed_and_run_again(folder, command, duration * chosen.uniform(0.1, 1.0))
        for name in ("b1", "out1"):
            if (expected / name).exists():
                assert tree(folder / name) == tree(expected / name)
        assert contents(folder) == contents(expected)
        names = {
            segment["file"] for segment in json.loads((folder / "index/index.json").read_text())["segments"]
        }
        assert {*state(folder)} == {"index.json", *names}
        done(folder, "index", "verify", "index")
    assert ended


def test_a_run_in_place_goes_on(batches: Path) -> None:
    """Ended between the files: the second run finds what the first had begun to add."""
    done(batches, "clean", "b0", "-o", "out0", "--index", "index")
    for name in ("b1", "index"):
        shutil.copytree(batches / name, batches / "expected" / name)
    command = ("clean", "b1", "--in-place", "--index", "index")
    done(batches / "expected", *command)
    stop = (
        "import sys, os; import dedup.output as output\n"
        "clean, count = output._clean_file, 0\n"
        "def cleaned(*a):\n global count\n count += 1\n clean(*a)\n if count == 2: os._exit(9)\n"
        "output._clean_file = cleaned\n"
        "from dedup.cli import main\nmain(sys.argv[1:])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run([sys.executable, "-c", stop, *command], cwd=batches, env=environment, check=False)
    assert result.returncode == 9
    done(batches, *command)
    assert tree(batches / "b1") == tree(batches / "expected/b1")
    assert contents(batches) == contents(batches / "expected")


@pytest.mark.parametrize("size", [1_000, 13_000, 20_000, 28_000])
def test_a_full_disk(batches: Path, size: int) -> None:
    done(batches, "clean", "b0", "-o", "out", "--index", "index")
    before = state(batches)
    limit: Callable[[], None] = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))  # noqa: E731
    result = dedup(batches, "clean", "b1", "-o", "out", "--index", "index", before=limit)
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert state(batches) == before
    done(batches, "clean", "b1", "-o", "out", "--index", "index")
    done(batches, "index", "verify", "index")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_index(batches: Path) -> None:
    done(batches, "clean", "b0", "-o", "out", "--index", "index")
    for file in (batches / "index").iterdir():
        file.chmod(0o444)
    (batches / "index").chmod(0o555)
    fails(batches, "clean", "b1", "-o", "out", "--index", "index", says="cannot be written to")
    done(batches, "clean", "b1", "-o", "out", "--index-read", "index")


def test_what_is_removed_holds_nothing_back(batches: Path) -> None:
    page = PARAGRAPHS[0] + "\n"
    for name in ("a", "b", "c"):
        (batches / f"{name}.txt").write_text(
            page if name != "b" else "Something else is said here, on this page alone."
        )
        done(batches, "clean", f"{name}.txt", "-o", f"out-{name}.txt", "--index", "index", "--batch-id", name)
    assert not (batches / "out-c.txt").read_text()
    done(batches, "index", "remove", "index", "--document", "a.txt")
    assert PARAGRAPHS[0].encode()[:40] not in b"".join(state(batches).values())
    done(batches, "index", "verify", "index")
    done(batches, "clean", "c.txt", "-o", "again.txt", "--index", "index", "--batch-id", "d")
    assert (batches / "again.txt").read_text() == page
    done(batches, "index", "remove", "index", "--batch", "d")
    done(batches, "index", "verify", "index")
    fails(batches, "index", "remove", "index", "--batch", "d", says='no batch "d"')
    fails(batches, "index", "remove", "index", "--document", "a.txt", says='no document "a.txt"')
    info = json.loads(done(batches, "index", "info", "index", "--format", "json").stdout)
    assert [(batch["name"], batch["documents"]) for batch in info["batches"]] == [
        ("a", 0),
        ("b", 1),
        ("c", 0),
    ]


def test_another_row_of_the_same_words_takes_over(batches: Path) -> None:
    (batches / "a.md").write_text(f"{PARAGRAPHS[2]}\n")
    (batches / "b.md").write_text(f"{PARAGRAPHS[2].replace('line', '[line](x)')}\n")
    near = PARAGRAPHS[2].replace("as often as they can", "as often as they possibly can")
    (batches / "c.md").write_text(f"{near}\n")
    for name in ("a", "b"):
        done(batches, "clean", f"{name}.md", "-o", f"out-{name}.md", "--index", "index")
    done(batches, "index", "remove", "index", "--document", "a.md")
    done(batches, "index", "verify", "index")
    done(batches, "clean", "c.md", "-o", "out.md", "--index-read", "index", "--report", "r.json")
    report = json.loads((batches / "r.json").read_text())
    assert [finding["kept"]["document"] for finding in report["removals"] + report["flags"]] == ["b.md"]


def test_a_row_of_a_table_is_removed_by_its_line(batches: Path) -> None:
    lines = [json.dumps({"text": text}) + "\n" for text in PARAGRAPHS[:3]]
    (batches / "t.jsonl").write_text("".join(lines))
    done(batches, "clean", "t.jsonl", "-o", "out.jsonl", "--index", "index")
    done(batches, "index", "remove", "index", "--document", "t.jsonl:2")
    done(batches, "index", "verify", "index")
    done(batches, "clean", "t.jsonl", "-o", "again.jsonl", "--index-read", "index")
    assert PARAGRAPHS[1][:20] in (batches / "again.jsonl").read_text()
    assert PARAGRAPHS[0][:20] not in (batches / "again.jsonl").read_text()


def test_compact(batches: Path) -> None:
    for batch in (2, 0, 1):
        done(batches, "clean", f"b{batch}", "-o", f"out{batch}", "--index", "index")
    (batches / "small.txt").write_text("A small page that says one thing of its own, and then no more.")
    done(batches, "clean", "small.txt", "-o", "out.txt", "--index", "index")
    done(batches, "index", "compact", "index")
    assert len(list((batches / "index").glob("*.duckdb"))) == 1
    done(batches, "index", "verify", "index")
    assert done(batches, "clean", "small.txt", "--index-read", "index").stdout == ""


def test_groups_have_indexes_of_their_own(batches: Path) -> None:
    for release in ("v1", "v2"):
        (batches / release).mkdir()
        (batches / release / "a.md").write_text(PARAGRAPHS[0] + "\n")
        done(batches, "clean", release, "-o", f"out-{release}", "--index", "index", "--group-by", "^v[0-9]")
    assert tree(batches / "out-v2") == tree(batches / "v2")
    (batches / "v1" / "a.md").rename(batches / "v1" / "b.md")
    done(batches, "clean", "v1", "-o", "out", "--index-read", "index", "--group-by", "^v[0-9]")
    assert tree(batches / "out") == {"b.md": b""}
    done(batches, "index", "verify", "index")


def test_a_twin_names_its_batch(batches: Path) -> None:
    done(batches, "clean", "b0", "-o", "out", "--index", "index", "--batch-id", "first")
    done(
        batches, "clean", "b1", "-o", "out", "--index", "index", "--batch-id", "second", "--report", "r.json"
    )
    removals = json.loads((batches / "r.json").read_text())["removals"]
    named = {removal["kept"].get("batch") for removal in removals}
    assert "first" in named
    done(batches, "report", "r.json", "--format", "json")
