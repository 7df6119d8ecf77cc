"""Tables of one document a row: JSON Lines in, the same lines less what repeats out, with any kernel, on any cores."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import kernel
from dedup.cleaner import Cleaner
from dedup.match import rows as match_rows
from dedup.match.bands import plan_for
from dedup.output import Destination
from dedup.problems import DedupError
from dedup.report.model import Report
from dedup.settings import Settings
from dedup.sources import Sources
from dedup.sources import rows as source_rows
from dedup.sources.jsonl import find_text
from dedup.sources.rows import BadRow, row_document

LONG = "The board met on Tuesday and agreed that the old bridge over the river should stay open to carts and walkers alone."
EDITED = LONG.replace("carts", "bicycles")
OTHER = "A second ferry will run from the northern quay all through the summer months, the harbour master told the paper."
SHORT = "Read the full story here."


def line(text: Any, **more: Any) -> str:
    return json.dumps({"id": "x", "text": text, **more})


def clean(path: Path, jobs: int = 1, memory: int | None = None, **options: Any) -> tuple[bytes, Report]:
    cleaner = Cleaner(Settings.of(options), jobs=jobs, memory_limit=memory)
    problems: list[Any] = []
    sources = Sources([str(path)], cleaner.settings, on_problem=problems.append)
    (content,) = (b"".join(cleaned.parts()) for cleaned in cleaner.feed_all(sources))
    assert not problems
    return content, cleaner.report


def write(folder: Path, *lines: str, end: str = "\n") -> Path:
    path = folder / "in.jsonl"
    path.write_bytes("".join(each + end for each in lines).encode("utf-8", "surrogatepass"))
    return path


def found(report: Report) -> list[tuple[Any, ...]]:
    """All that a report lists."""
    return [
        (
            f.document,
            f.start,
            f.end,
            f.line,
            f.kind,
            f.rule,
            f.similarity,
            f.kept,
            f.text,
            getattr(f, "raw", b""),
            getattr(f, "guard", ""),
        )
        for f in report.findings
    ]


def test_a_repeat_goes_and_other_lines_stay_byte_for_byte(tmp_path: Path) -> None:
    odd = '{ "a":1.50 ,"text" : "' + OTHER + '", "b": [true, null, {"text": "x"}] }  '
    path = write(tmp_path, line(LONG), odd, "", line(LONG, n=2), '{"text": null}')
    content, report = clean(path)
    lines = path.read_bytes().splitlines(keepends=True)
    assert content == lines[0] + lines[1] + lines[2] + b'{"id": "x", "text": "", "n": 2}\n' + lines[4]
    (removal,) = report.removals
    assert (removal.line, removal.rule, removal.kept.line) == (4, "verbatim", 1)
    data = path.read_bytes()
    assert data[removal.start : removal.end] == removal.raw == LONG.encode()
    assert data[removal.kept.start : removal.kept.end] == LONG.encode()
    assert report.summary.documents == 3
    assert report.summary.bytes_in - report.summary.bytes_out == len(LONG)


def test_an_empty_row_is_dropped_where_so_set(tmp_path: Path) -> None:
    path = write(tmp_path, line(LONG), line(EDITED), line(LONG), line(OTHER))
    content, report = clean(path, preset="corpus", threshold=0.7)
    lines = path.read_bytes().splitlines(keepends=True)
    assert content == lines[0] + lines[3]
    assert [removal.rule for removal in report.removals] == ["near", "verbatim"]
    assert b"".join(removal.raw for removal in report.removals) == lines[1] + lines[2]


@pytest.mark.parametrize("preset", ("prose", "corpus"))
def test_a_removal_holds_the_blank_lines_that_go_with_it(tmp_path: Path, preset: str) -> None:
    path = write(tmp_path, line(LONG), line(f"\n{LONG}\n \n"))
    (removal,) = clean(path, preset=preset)[1].removals
    assert removal.text == f"{LONG}\n \n"


def test_rows_of_several_paragraphs_lose_one(tmp_path: Path) -> None:
    path = write(tmp_path, line(LONG), line(f"{OTHER}\n\n{LONG}\r\n\r\nAnd so it ended."))
    content, _ = clean(path)
    assert json.loads(content.splitlines()[1])["text"] == f"{OTHER}\n\nAnd so it ended."


def test_escapes_stay_as_they_are(tmp_path: Path) -> None:
    text = f'{LONG} \u201eZ\u00fcrich\u201c \U0001f600 \\ "quoted"\t!\n\n{OTHER} caf\u00e9'
    path = write(
        tmp_path,
        line(OTHER + " caf\u00e9"),
        json.dumps({"text": text}),
        json.dumps({"text": text}, ensure_ascii=False),
    )
    content, report = clean(path)
    second, third = content.splitlines()[1:]
    assert b"\\u201eZ" in second and json.loads(second)["text"] == text.split("\n\n")[0] + "\n\n"
    assert json.loads(third)["text"] == ""
    for removal in report.removals:
        assert path.read_bytes()[removal.start : removal.end] == removal.raw


def test_restore_gives_the_table_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = write(tmp_path, line(LONG), line(f"{OTHER}\n\n{LONG}"), line(OTHER), line(EDITED))
    before = path.read_bytes()
    for extra in (["--in-place"], ["-o", "out.jsonl"]):
        command = ["clean", path.name, *extra, "--preset", "corpus", "--report", "r.jsonl"]
        subprocess.run([sys.executable, "-m", "dedup", *command], check=True, capture_output=True)
        target = path if extra[0] == "--in-place" else tmp_path / "out.jsonl"
        assert target.read_bytes() != before
        subprocess.run([sys.executable, "-m", "dedup", "restore", "r.jsonl"], check=True, capture_output=True)
        assert target.read_bytes() == before
        (tmp_path / "r.jsonl").unlink()


def test_tables_and_files_are_compared_with_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"# One\n\n{LONG}\n", "utf-8")
    write(tmp_path, line(OTHER), line(LONG)).rename(tmp_path / "b.jsonl")
    (tmp_path / "c.txt").write_text(f"{OTHER}\n", "utf-8")
    assert b"b.jsonl" not in run("check", ".", cwd=tmp_path).stdout  # not a text, unless it is asked for
    globs = [argument for ending in ("md", "jsonl", "txt") for argument in ("--include", f"*.{ending}")]
    told = run("check", ".", *globs, cwd=tmp_path).stdout.decode().splitlines()
    assert [(each.partition(' "')[0], each.rpartition(" = ")[2]) for each in told] == [
        ("b.jsonl:2: verbatim 1.00", "a.md:3"),
        ("c.txt:1: repeats b.jsonl:1", "c.txt:1: repeats b.jsonl:1"),
    ]


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "dedup", *arguments], cwd=cwd, capture_output=True)


def test_check_names_file_and_line(tmp_path: Path) -> None:
    write(tmp_path, line(LONG), line(OTHER), line(LONG))
    done = run("check", "in.jsonl", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.startswith(b"in.jsonl:3: verbatim 1.00 ")
    assert done.stdout.endswith(b"= in.jsonl:1\n")
    assert b"1 of 3 documents" in done.stderr
    told = run("explain", "in.jsonl:3", "in.jsonl:1", cwd=tmp_path)
    assert b"in.jsonl:3 goes: verbatim" in told.stdout


def test_clean_writes_to_standard_output(tmp_path: Path) -> None:
    write(tmp_path, line(LONG), line(LONG))
    done = run("clean", "in.jsonl", "--preset", "corpus", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout == line(LONG).encode() + b"\n"


def test_a_row_that_is_no_json_ends_its_table(tmp_path: Path) -> None:
    write(tmp_path, line(LONG), "{broken", line(LONG))
    done = run("clean", "in.jsonl", "-o", "out.jsonl", "--preset", "corpus", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == b"dedup: in.jsonl: row 2: not a JSON object"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl"]


def test_or_is_left_out_and_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path, line(LONG), "{broken", '{"text": "a\tb"}', "[1]", line(LONG), '{"text": 5}', line(OTHER)
    )
    options = ("-o", "out.jsonl", "--preset", "corpus", "--on-error", "skip", "--report", "r.json")
    done = run("clean", "in.jsonl", *options, cwd=tmp_path)
    assert done.returncode == 0
    told = done.stderr.splitlines()[0]
    assert told == b"dedup: in.jsonl: row 2: not a JSON object, and 3 more; left out"
    lines = path.read_bytes().splitlines(keepends=True)
    assert (tmp_path / "out.jsonl").read_bytes() == lines[0] + lines[6]
    assert json.loads((tmp_path / "r.json").read_bytes())["summary"]["skipped"] == 4


def test_a_table_without_the_column_is_told(tmp_path: Path) -> None:
    write(tmp_path, '{"body": "x"}', '{"body": "y", "texts": null}')
    done = run("check", "in.jsonl", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == b'dedup: in.jsonl: no row has a "text"'


def test_texts_that_are_all_null_pass_through(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": null, "a": 1}', '{"a": 2}')
    content, report = clean(path)
    assert content == path.read_bytes()
    assert report.summary.documents == 0


@pytest.mark.parametrize(
    "raw",
    [
        b'{"text": "a", "text": "bc"}',
        b'{"text": "a", "text": 5}',
        b'{"te\\u0078t": "a"}',
        b'\xef\xbb\xbf{"text": "a"}',
        b'{"text": "\\ud800 alone"}',
        b'{"text": "\\ud83d\\ude00"}',
        b'{"n": -0.5e+7, "m": NaN, "text": "x"}',
        b'{"n": ' + b"[" * 200 + b"]" * 200 + b', "text": "x"}',
        b'{"text": "x"} trailing',
        b'{"text": "x",}',
        b'{"text": "\xff"}',
        b'{"n": 01, "text": "x"}',
        b"{}",
        b"   ",
        b"null",
        b'{"text": "a\\',
        b'{"text": "a\\u12"}',
    ],
)
def test_the_kernel_reads_a_line_as_python_does(tmp_path: Path, raw: bytes) -> None:
    check_reading(raw)


def python_reads(raw: bytes) -> tuple[int, int] | str | None:
    try:
        return find_text(raw, "text")
    except BadRow as error:
        return "bad" if "under" not in str(error) else "no string"


def check_reading(raw: bytes) -> None:
    """What Python's parser says of a line is what the kernel's says, unless that leaves it to Python."""
    place = python_reads(raw)
    try:
        value = json.loads(raw.decode("utf-8-sig"))
        plain: Any = value.get("text") if isinstance(value, dict) else "bad"
    except (ValueError, RecursionError):
        plain = "bad" if raw.strip(b" \t\r\n") else None
    if isinstance(place, tuple):
        text = row_document("t", "t", 1, place[0], raw[slice(*place)], "json").text
        assert text.decode() == plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    else:
        assert plain == place or (place == "no string" and plain is not None and not isinstance(plain, str))
    if kernel.compiled is None:
        return
    rows = match_rows.sketch_rows(source_rows.Chunk(raw), "text", Settings(), plan_for(Settings()), 8)
    for row in rows.rows.tolist():
        if row[source_rows.STATE] in (source_rows.PLAIN, source_rows.OTHER):
            assert place == (row[source_rows.RAW], row[source_rows.RAW_END])
            assert text == bytes(memoryview(rows.text)[row[source_rows.TEXT] : row[source_rows.TEXT_END]])
        elif row[source_rows.STATE] == source_rows.NO_TEXT:
            assert place is None


json_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | st.just("text"), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=500, deadline=None)
@given(
    value=st.dictionaries(st.just("text") | st.text(max_size=4), json_value, max_size=4),
    ascii_only=st.booleans(),
    broken=st.none()
    | st.tuples(st.integers(0, 200), st.binary(max_size=2).filter(lambda data: b"\n" not in data)),
)
def test_any_json_is_read_as_python_reads_it(
    value: dict[str, Any], ascii_only: bool, broken: tuple[int, bytes] | None
) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    if broken is not None:
        at = broken[0] % (len(raw) + 1)
        raw = raw[:at] + broken[1] + raw[at + 1 :]
    check_reading(raw)


PIECES = (
    LONG,
    EDITED,
    OTHER,
    OTHER.replace("second", "third"),
    OTHER.upper(),
    SHORT,
    "A Headline Of Some Words",
    "**Bold as a whole**",
    "- an item of a list that is long enough to be taken for a paragraph if it were one, which it is not",
    "1. first",
    "ends here:",
    "“Quoted,” he said.",
    "Привет, как дела сегодня утром на большой площади у старого моста?",
    "今天早上在老桥旁边的大广场上举行了一次会议，市长宣布了新的计划。",
    "x",
    "…",
    "",
    " ",
    "a line that is broken where the next word would not have fitted any more, as old\nletters and mails are, so that it is one paragraph in three lines, which a reader\nsees at once and a program must be told.",
    "One line.\nAnother line that ends.\nA third one, and it is longer than the others by far.",
    "tail with space \n\u00a0\nnext\u2028line",
)
paragraph = st.one_of(
    st.sampled_from(PIECES),
    st.text(max_size=40),
    st.lists(st.sampled_from(LONG.split()), min_size=7, max_size=20).map(" ".join),
)
text = st.lists(st.tuples(paragraph, st.sampled_from(("\n\n", "\n", "\r\n\r\n", "\n \n"))), max_size=5).map(
    lambda parts: "".join(piece + gap for piece, gap in parts).removesuffix("\n")
)


@settings(max_examples=300, deadline=None)
@given(
    texts=st.lists(text, max_size=8),
    options=st.fixed_dictionaries(
        {
            "preset": st.sampled_from(("prose", "docs", "corpus")),
            "scope": st.sampled_from(("both", "within", "across")),
            "min_words": st.sampled_from((1, 8)),
        },
        optional={
            "near": st.sampled_from(("auto", "remove", "flag", "off")),
            "threshold": st.sampled_from((0.4, 0.8)),
        },
    ),
    ascii_only=st.booleans(),
)
def test_rows_as_columns_are_decided_on_as_rows_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], options: dict[str, Any], ascii_only: bool
) -> None:
    """The kernel's way through plain rows gives what Python's own way gives, and cleaning twice changes nothing."""
    folder = tmp_path_factory.mktemp("rows")
    path = write(folder, *(json.dumps({"text": each}, ensure_ascii=ascii_only) for each in texts))
    content, report = clean(path, jobs=2, **options) if texts else (b"", Report())
    if not texts:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.rows.sketch_rows", lambda lines, *_: source_rows.plain_rows(lines))
        slow, slow_report = clean(path, **options)
    assert content == slow
    assert found(report) == found(slow_report)
    for name in (
        "documents",
        "blocks",
        "removed",
        "flagged",
        "bytes_in",
        "bytes_out",
        "variants",
        "natural",
        "by_rule",
    ):
        assert getattr(report.summary, name) == getattr(slow_report.summary, name), name
    data, rest = path.read_bytes(), content
    assert b"".join(data[a:b] for a, b in kept_ranges(report, len(data))) == rest
    path.write_bytes(content)
    if any("text" in json.loads(each) for each in content.splitlines()):
        assert not clean(path, **options)[1].removals


def kept_ranges(report: Report, size: int) -> list[tuple[int, int]]:
    edges = [0, *(edge for removal in report.removals for edge in (removal.start, removal.end)), size]
    assert edges == sorted(edges)
    return list(zip(edges[::2], edges[1::2], strict=True))


def corpus(folder: Path, count: int) -> Path:
    generator = random.Random(count)
    vocabulary = [f"word{number}" for number in range(3000)]
    kept: list[str] = []
    lines = []
    for number in range(count):
        if kept and number % 4 == 0:
            words = generator.choice(kept).split()
            words[generator.randrange(len(words))] = generator.choice(vocabulary)
            text = " ".join(words)
        elif kept and number % 7 == 0:
            text = generator.choice(kept)
        else:
            text = " ".join(generator.choices(vocabulary, k=generator.randint(5, 60))) + "."
            kept.append(text)
        lines.append(json.dumps({"id": number, "text": text}))
    return write(folder, *lines)


@pytest.mark.parametrize("preset", ("prose", "corpus"))
def test_jobs_batches_and_kernels_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, preset: str
) -> None:
    path = corpus(tmp_path, 1500)
    first, report = clean(path, preset=preset)
    assert report.removals
    for jobs, size in ((2, 10_000), (4, 1000), (1, 100)):
        monkeypatch.setattr(source_rows, "BATCH_BYTES", size)
        content, again = clean(path, jobs=jobs, preset=preset)
        assert content == first
        assert found(again) == found(report)
    outputs = []
    for name in ("", "reference"):
        target = tmp_path / f"out{name}.jsonl"
        environment = {**os.environ, kernel.VARIABLE: name}
        command = ["clean", str(path), "-o", str(target), "--preset", preset]
        subprocess.run(
            [sys.executable, "-m", "dedup", *command], env=environment, check=True, capture_output=True
        )
        outputs.append(target.read_bytes())
    assert outputs == [first, first]


@pytest.mark.skipif(kernel.compiled is None, reason="the compiled kernel is not in use")
def test_texts_in_a_file_are_compared_as_those_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = corpus(tmp_path, 20_000)
    assert path.stat().st_size > 3 << 20
    first, report = clean(path, preset="corpus")
    monkeypatch.setattr("dedup.match.memory.TEXT_IN_MEMORY", 1 << 20)
    content, again = clean(path, preset="corpus")
    assert content == first
    assert found(again) == found(report)
    # A limit that leaves next to nothing: tables and texts lie in files.
    monkeypatch.setattr("dedup.cleaner.PROCESS_BYTES", 4 << 20)
    content, again = clean(path, memory=1, preset="corpus")
    assert content == first
    assert found(again) == found(report)


@pytest.mark.skipif(kernel.compiled is None, reason="the compiled kernel is not in use")
@pytest.mark.parametrize("count", (60_000, 80_000))
def test_a_distinct_block_takes_at_most_400_bytes(tmp_path: Path, count: int) -> None:
    generator = random.Random(count)
    vocabulary = [f"word{number}" for number in range(3000)]
    path = write(tmp_path, *(line(" ".join(generator.choices(vocabulary, k=12)) + ".") for _ in range(count)))
    cleaner = Cleaner(Settings.of(preset="corpus"), jobs=1, memory_limit=1 << 40)
    for cleaned in cleaner.feed_all(Sources([str(path)], cleaner.settings)):
        for _ in cleaned.parts():
            pass
    kept = cleaner.memory_of(path.as_posix())._kept
    assert kept.rows() > 0.99 * count
    assert kept.mapped() <= 400 * kept.rows()


@pytest.mark.skipif(kernel.compiled is None, reason="the compiled kernel is not in use")
def test_a_table_that_changes_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts are read again from the table; what was written over them meanwhile must not pass for them."""
    monkeypatch.setattr("dedup.match.memory.TEXT_IN_MEMORY", 0)
    monkeypatch.setattr(source_rows, "BATCH_BYTES", 200)
    path = write(tmp_path, line(LONG), line(OTHER), line(EDITED))
    cleaner = Cleaner(Settings.of(preset="corpus", threshold=0.7), jobs=1)
    for cleaned in cleaner.feed_all(Sources([str(path)], cleaner.settings)):
        parts = cleaned.parts()
        next(parts)
        data = path.read_bytes()
        with path.open("r+b") as file:
            file.write(data.replace(b"agreed", b"denied", 1))
        with pytest.raises(DedupError, match="changed while it was read"):
            list(parts)
    assert not cleaner.report.removals


def test_a_table_that_vanishes_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    path = write(tmp_path, line(LONG))
    problems: list[Any] = []
    cleaner = Cleaner(Settings())
    target = Destination(str(tmp_path / "out.jsonl"), [str(path)], problems.append)
    for cleaned in cleaner.feed_all(Sources([str(path)], cleaner.settings)):
        path.unlink()
        target.write(cleaned)
    assert [str(problem).rpartition(": ")[2] for problem in problems] == ["no such file or directory"]
    assert list(tmp_path.iterdir()) == []
    assert len(cleaner.report.documents) == 1


def test_the_names_of_a_size(tmp_path: Path) -> None:
    write(tmp_path, line(LONG))
    for size, status in (("300M", 0), ("1.5G", 0), ("much", 2), ("-1", 2), ("10M", 2)):
        assert (
            run("check", "in.jsonl", "--memory-limit", size, "--jobs", "1", cwd=tmp_path).returncode == status
        )
