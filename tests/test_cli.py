"""The command line as a user meets it: exit status, what goes where, and one line for whatever is wrong."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from dedup.cli import COMMANDS, main

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "report.schema.json").read_text("utf-8"))
COMMAND = [sys.executable, "-c", "from dedup.cli import main; main(prog_name='dedup')"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}

ONE = "The harbour master counted the boats twice before the storm reached the outer wall of the port."
TWO = "Nobody in the village remembered a winter in which the river had frozen over before December."
THREE = "After the meeting the committee published its minutes and thanked everyone who had come to it."
REPEATS = f"{ONE}\n\n{TWO}\n\n{THREE}\n\n{ONE}\n\n{TWO}\n".encode()
CLEAN = f"{ONE}\n\n{TWO}\n\n{THREE}\n\n".encode()
LINE = f'a.md:7: verbatim 1.00 "{ONE[:59]}…" = a.md:1 (lines 7–9 repeat 1–3)\n'


def dedup(*args: str, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(main, args, input=stdin, prog_name="dedup")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def put(path: str, content: bytes | str = REPEATS) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def tree(folder: str = ".") -> dict[str, bytes]:
    root = Path(folder)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def prose(paragraphs: int, seed: int = 1) -> str:
    """Paragraphs that have nothing in common."""
    dice = Random(seed)
    return "".join(
        f"{' '.join(str(dice.randrange(10**9)) for _ in range(30))}\n\n" for _ in range(paragraphs)
    )


def docs() -> None:
    """Three documents: one repeats itself and the first, one is all its own, one is nothing but repeats."""
    put("docs/a.md", f"# A\n\n{ONE}\n\n{THREE}\n")
    put("docs/b.md", f"# B\n\n{TWO}\n\n{ONE}\n\n{TWO}\n")
    put("docs/sub/c.md", f"{ONE}\n\n{THREE}\n")


# --- check ----------------------------------------------------------------------------------------------------


def test_check_finds_and_changes_nothing() -> None:
    put("a.md")
    result = dedup("check", "a.md")
    assert result.exit_code == 1
    assert result.stdout == LINE
    assert result.stderr.startswith("dedup: 2 of 5 blocks to remove in 1 document (")
    assert tree() == {"a.md": REPEATS}


def test_check_finds_nothing() -> None:
    put("a.md", CLEAN)
    result = dedup("check", "a.md")
    assert (result.exit_code, result.stdout) == (0, "")
    assert (
        result.stderr == f"dedup: nothing to remove in 1 document (3 blocks, {len(CLEAN)} bytes); 0 flagged\n"
    )


def test_check_writes_json_to_standard_output() -> None:
    docs()
    result = dedup("check", "docs", "--format", "json")
    report = json.loads(result.stdout)
    Draft202012Validator(SCHEMA).validate(report)
    assert [entry["path"] for entry in report["documents"]] == ["docs/a.md", "docs/b.md", "docs/sub/c.md"]
    assert [entry["inside"] for entry in report["documents"]] == ["a.md", "b.md", "sub/c.md"]
    rows = [json.loads(line) for line in dedup("check", "docs", "--format", "jsonl").stdout.splitlines()]
    assert rows[0]["type"] == "run"
    assert [row for row in rows if row["type"] == "removal"] == [
        {"type": "removal", **row} for row in report["removals"]
    ]


def test_check_writes_every_report_that_is_asked_for() -> None:
    put("a.md")
    names = ["r.json", "r.jsonl", "r.md", "r.csv", "r.parquet"]
    result = dedup("check", "a.md", *(word for name in names for word in ("--report", name)))
    assert result.exit_code == 1
    assert sorted(tree()) == sorted(["a.md", *names])
    for name, format_ in (("r.json", "json"), ("r.jsonl", "jsonl"), ("r.md", "md")):
        assert dedup("report", "r.json", "--format", format_).stdout_bytes == Path(name).read_bytes()
        assert dedup("report", "r.jsonl", "-o", f"again{Path(name).suffix}").exit_code == 0
        assert Path(f"again{Path(name).suffix}").read_bytes() == Path(name).read_bytes()
    assert dedup("report", "r.json").stdout == LINE


def test_a_problem_is_said_and_the_rest_is_done() -> None:
    put("a.md")
    result = dedup("check", "a.md", "missing.md")
    assert result.exit_code == 2
    assert result.stdout == LINE
    assert result.stderr.splitlines()[0] == "dedup: missing.md: no such file or directory"
    assert result.stderr.splitlines()[-1] == "dedup: 1 problem, named above"


def test_settings_come_from_the_file_and_the_command_line_goes_first() -> None:
    put("a.md")
    put("dedup.toml", 'scope = "across"\nmin-words = 4\n')
    assert dedup("check", "a.md").exit_code == 0
    assert dedup("check", "a.md", "--scope", "both").exit_code == 1
    shown = json.loads(dedup("check", "a.md", "--format", "json", "--preset", "docs").stdout)["settings"]
    assert (shown["scope"], shown["min_words"], shown["near"]) == ("across", 4, "flag")


def test_standard_input() -> None:
    result = dedup("check", "-", stdin=REPEATS)
    assert result.exit_code == 1
    assert result.stdout.startswith("-:7: verbatim")
    assert dedup("clean", "-", stdin=REPEATS).stdout_bytes == CLEAN


# --- clean ----------------------------------------------------------------------------------------------------


def test_clean_writes_one_document_to_standard_output() -> None:
    source = REPEATS.replace(b"village", b"vill\xe4ge").replace(b"\n", b"\r\n")
    put("a.txt", source)
    result = dedup("clean", "a.txt", "--report", "r.json")
    assert result.exit_code == 0
    assert result.stdout_bytes == CLEAN.replace(b"village", b"vill\xe4ge").replace(b"\n", b"\r\n")
    assert result.stderr.startswith("dedup: 2 of 5 blocks removed in 1 document (")
    assert Path("a.txt").read_bytes() == source


@pytest.mark.parametrize("paths", [["docs"], ["docs/a.md", "docs/b.md"], ["docs/a.md", "-"]])
def test_several_documents_do_not_go_to_standard_output(paths: list[str]) -> None:
    docs()
    result = dedup("clean", *paths, stdin=b"text")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "dedup: several documents need -o DEST, --in-place or --diff\n"


def test_a_directory_of_one_document_goes_to_standard_output() -> None:
    put("docs/a.md")
    assert dedup("clean", "docs").stdout_bytes == CLEAN


def test_clean_to_a_folder_and_back() -> None:
    docs()
    before = tree("docs")
    result = dedup("clean", "docs", "-o", "out", "--report", "out/report.json")
    assert (result.exit_code, result.stdout) == (0, "")
    assert tree("docs") == before
    cleaned = tree("out")
    assert [name for name in cleaned if name != "report.json"] == list(before)
    assert cleaned["a.md"] == before["a.md"]
    assert len(cleaned["b.md"]) < len(before["b.md"])
    # Cleaning twice changes nothing the second time.
    Path("out/report.json").rename("report.json")
    again = dedup("check", "out")
    assert (again.exit_code, again.stdout) == (0, "")

    result = dedup("restore", "report.json")
    assert result.exit_code == 0
    assert result.stderr == "dedup: 2 documents restored\n"
    assert tree("out") == before
    assert dedup("restore", "report.json").stderr == "dedup: 0 documents restored; 2 already the original\n"


def test_an_output_inside_the_input_is_not_read_the_next_time() -> None:
    docs()
    for _ in range(2):
        result = dedup("clean", "docs", "-o", "docs/out", "--report", "r.json")
        assert result.exit_code == 0
        assert len(json.loads(Path("r.json").read_bytes())["documents"]) == 3
    assert list(tree("docs/out")) == ["a.md", "b.md", "sub/c.md"]


def test_an_empty_document_can_be_dropped_and_comes_back() -> None:
    docs()
    before = tree("docs")
    assert dedup("clean", "docs", "-o", "out", "--empty", "drop", "--report", "r.jsonl").exit_code == 0
    assert list(tree("out")) == ["a.md", "b.md"]
    assert dedup("restore", "r.jsonl", "--root", "out").exit_code == 0
    assert tree("out") == before


def test_in_place_and_back() -> None:
    docs()
    put("dedup-report.json", "mine")
    before = tree("docs")
    result = dedup("clean", "docs", "--in-place")
    assert (result.exit_code, result.stdout) == (0, "")
    assert tree("docs") != before
    assert "dedup-report-2.json" in result.stderr
    assert Path("dedup-report.json").read_text() == "mine"
    assert dedup("restore", "dedup-report-2.json").exit_code == 0
    assert tree("docs") == before


def test_in_place_with_a_report_of_ones_own() -> None:
    docs()
    assert dedup("clean", "docs", "--in-place", "--report", "r.jsonl").exit_code == 0
    assert not list(Path().glob("dedup-report*"))
    result = dedup("clean", "docs", "--in-place", "--report", "r.md")
    assert result.exit_code == 0
    assert result.stderr.startswith("dedup: nothing to remove in 3 documents")
    assert not list(Path().glob("dedup-report*"))
    put("docs/z.md", ONE)
    assert dedup("clean", "docs", "--in-place", "--report", "r.md").exit_code == 0
    assert list(Path().glob("dedup-report*"))


def test_nothing_is_changed_in_place_where_no_report_can_be_written() -> None:
    docs()
    before = tree("docs")
    put("no")
    result = dedup("clean", "docs", "--in-place", "--report", "no/r.json")
    assert (result.exit_code, result.stderr) == (2, "dedup: no/r.json: no such folder: no\n")
    Path("full.json").symlink_to("/dev/full")
    result = dedup("clean", "docs", "--in-place", "--report", "full.json")
    assert (result.exit_code, result.stderr) == (2, "dedup: full.json: no space left on device\n")
    assert tree("docs") == before


@pytest.mark.parametrize(
    "args",
    [
        ["check", "docs", "--report", "docs/a.md"],
        ["clean", "docs", "--in-place", "--report", "docs/a.md"],
        ["clean", "docs", "-o", "out", "--report", "out/a.md"],
        ["clean", "docs/a.md", "-o", "out/a.md", "--report", "out/a.md"],
    ],
)
def test_a_report_never_overwrites_a_document(args: list[str]) -> None:
    docs()
    Path("out").mkdir()
    before = tree("docs")
    result = dedup(*args)
    assert result.exit_code == 2
    assert result.stderr.endswith("the report would overwrite a document of this run\n")
    assert tree("docs") == before


def test_diff_changes_nothing_and_git_can_apply_it() -> None:
    docs()
    before = tree("docs")
    result = dedup("clean", "docs", "--diff")
    assert result.exit_code == 0
    assert tree("docs") == before
    assert "\x1b" not in result.stdout
    put("the.patch", result.stdout_bytes)
    subprocess.run(["git", "apply", "-p0", "the.patch"], check=True)
    patched = tree("docs")
    put_back = [put(f"docs/{name}", content) for name, content in before.items()]
    assert dedup("clean", "docs", "-o", "out").exit_code == 0
    assert len(put_back) == 3
    assert {name: patched.get(name, b"") for name in before} == tree("out")


# --- whatever is wrong is one line ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["chekc"], "No such command 'chekc'. Did you mean 'check'?"),
        (["--verison"], "No such option '--verison'. Did you mean '--version'?"),
        (["check"], "Missing argument 'PATH...'."),
        (["check", "a.md", "--treshold", "1"], "No such option '--treshold'. Did you mean '--threshold'?"),
        (["check", "a.md", "--near", "nono"], "Invalid value for '--near': 'nono' is not one of"),
        (["check", "a.md", "--threshold", "x"], "Invalid value for '--threshold': 'x' is not a valid float."),
        (["check", "a.md", "--threshold", "2"], "threshold: must be over 0 and at most 1, not 2.0"),
        (["check", "a.md", "--group-by", "("], "group-by: not a regular expression"),
        (["check", "a.md", "--report", "r.txt"], "r.txt: a report's name ends in .gitlab.json, .junit.xml,"),
        (["check", "a.md", "--report", "no/r.md"], "no/r.md: no such folder: no"),
        (["clean", "a.md", "--in-place", "--diff"], "only one of -o, --in-place and --diff can be given"),
        (["clean", "a.md", "-o", "b", "--diff"], "only one of -o, --in-place and --diff can be given"),
        (["clean", "-", "--in-place"], "standard input cannot be cleaned in place"),
        (["clean", "a.md", "-o", "a.md"], "a.md: is an input; use --in-place"),
        (["clean", "a.md", "-o", ""], "the output has no name"),
        (["clean", ".", "-o", "."], ".: is the input itself; use --in-place"),
        (["restore", "missing.json"], "missing.json: no such file or directory"),
        (["restore", "a.md"], "a.md: only .json or .jsonl reports can be read back"),
        (
            ["restore", "v2.json"],
            'v2.json: a report of another version ("dedup-report/2\\n"), this dedup reads',
        ),
        (
            ["restore", "v2.json", "--root", "none"],
            "Invalid value for '--root': Directory 'none' does not exist.",
        ),
        (["report", "bad.jsonl"], "bad.jsonl: line 1: not valid JSON"),
        (["report", "v2.json", "-o", "x.md", "--format", "md"], "only one of -o and --format can be given"),
    ],
)
def test_one_line_and_status_2(args: list[str], message: str) -> None:
    put("a.md")
    put("v2.json", '{"schema": "dedup-report/2\\n"}')
    put("bad.jsonl", "{")
    before = tree()
    result = dedup(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"dedup: {message}")
    assert result.stderr.count("\n") == 1
    assert tree() == before


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("treshold = 0.9\n", "unknown option 'treshold'; did you mean 'threshold'?"),
        ("near = [", "not valid TOML"),
    ],
)
def test_a_bad_configuration_file_is_named(config: str, message: str) -> None:
    put("a.md")
    path = put("dedup.toml", config)
    result = dedup("check", "a.md")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"dedup: {path.resolve()}: {message}")
    assert result.stderr.count("\n") == 1


# --- help -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_each_command_stands_by_itself(name: str) -> None:
    result = dedup(name, "--help")
    assert result.exit_code == 0
    assert COMMANDS[name] in result.stdout
    assert len(re.findall(rf"^    dedup {name} ", result.stdout, re.MULTILINE)) >= 2
    assert "Exit status:" in result.stdout


def test_help() -> None:
    result = dedup("--help")
    assert all(
        f"  {name} " in result.stdout and summary in result.stdout for name, summary in COMMANDS.items()
    )
    assert dedup().exit_code == 2
    assert dedup().stderr == result.stdout


# --- as a process of its own ----------------------------------------------------------------------------------


def process(*args: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *args], env=ENVIRONMENT, capture_output=True, timeout=60, **options)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize(
    ("args", "unwanted"),
    [
        (["--version"], {"numpy", "polars", "rich", "dedup.cli.check"}),
        (["--help"], {"numpy", "polars", "rich", "dedup.cli.check"}),
        (["check", "--help"], {"numpy", "polars", "rich", "dedup.cli.clean"}),
        (["check", "a.md"], {"polars", "rich", "datasketch", "duckdb", "dedup.cli.clean"}),
    ],
)
def test_nothing_is_imported_that_is_not_needed(args: list[str], unwanted: set[str]) -> None:
    put("a.md")
    code = f"""
import sys
from dedup.cli import main
try:
    main({args!r}, prog_name="dedup")
finally:
    print(*sorted(set(sys.modules) & {unwanted!r}), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, check=False)
    assert done.stderr.decode().splitlines()[-1] == ""


def test_version() -> None:
    assert re.fullmatch(rb"dedup \d+\.\d+\.\d+ \(kernel: \w+\)\n", process("--version").stdout)


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_stops_ends_it_quietly(unbuffered: str) -> None:
    put("a.md", f"{prose(1000)}{ONE}\n\n{ONE}\n")
    with subprocess.Popen(
        [*COMMAND, "clean", "a.md", "--report", "r.json"],
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout and running.stderr
        running.stdout.read(10)
        running.stdout.close()
        said = running.stderr.read().decode()
        assert running.wait() == 0
    assert len(said.splitlines()) == 1
    assert "removed" in said
    assert Path("r.json").exists()


def test_standard_output_that_is_full_is_one_line() -> None:
    put("a.md")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "check", "a.md"], env=ENVIRONMENT, stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 2
    assert done.stderr == b"dedup: standard output: no space left on device\n"


def test_control_c_ends_it_quietly_and_leaves_nothing_half_written() -> None:
    for number in range(400):
        put(f"docs/{number}.md", prose(100, number))
    before = tree("docs")
    with subprocess.Popen(
        [*COMMAND, "clean", "docs", "-o", "out", "--report", "r.json"],
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
    ) as running:
        while not list(Path("out").glob("*.md")):
            assert running.poll() is None
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        assert running.stderr
        said = running.stderr.read()
        assert running.wait() == 130
    assert said.strip() == b""
    assert not Path("r.json").exists()
    written = tree("out")
    assert 0 < len(written) < len(before)
    assert not [name for name in written if name not in before]
    assert tree("docs") == before


def test_names_that_are_no_utf_8_go_all_the_way() -> None:
    name = os.fsdecode(b"caf\xe9 \x1b[2J.md")
    put(name)
    before = sha256(REPEATS).hexdigest()
    done = process("check", name)
    assert done.stdout.decode().startswith(r"caf\xe9 \x1b[2J.md:7: verbatim")
    assert process("clean", name, "--in-place").returncode == 0
    assert Path(name).read_bytes() == CLEAN
    assert process("restore", "dedup-report.json").returncode == 0
    assert sha256(Path(name).read_bytes()).hexdigest() == before


def on_a_terminal(*command: str, **environment: str) -> bytes:
    """What a command writes to a terminal that is its standard output and error."""
    leader, follower = pty.openpty()
    shown = b""
    with subprocess.Popen(
        command, env={**ENVIRONMENT, **environment}, stdout=follower, stderr=follower
    ) as running:
        os.close(follower)
        while running.poll() is None or select.select([leader], [], [], 0)[0]:
            if select.select([leader], [], [], 0.1)[0]:
                try:
                    shown += os.read(leader, 65536)
                except OSError:  # what Linux says when the other side has closed
                    break
    os.close(leader)
    return shown


def test_a_diff_has_colours_on_a_terminal_only() -> None:
    put("a.md")
    assert b"\x1b[31m-" in on_a_terminal(*COMMAND, "clean", "a.md", "--diff")
    assert b"\x1b" not in on_a_terminal(*COMMAND, "clean", "a.md", "--diff", NO_COLOR="1")
    assert b"\x1b" not in process("clean", "a.md", "--diff").stdout


def test_progress_on_a_terminal_where_it_takes_long() -> None:
    put("a.md")
    assert b"\x1b" not in on_a_terminal(*COMMAND, "check", "a.md", NO_COLOR="1")
    code = """
import time
from dedup.cleaner import Cleaner
from dedup.cli.progress import shown_progress
from dedup.sources import Sources

def slowly(stream):
    for item in stream:
        time.sleep(0.7)
        yield item

settings = Cleaner().settings
stream = slowly(Cleaner().feed(Sources(["a.md", "b.md", "c.md"], settings)))
print([item.document.path for item in shown_progress(stream, lambda: 0, lambda: 30)])
"""
    put("b.md", "b")
    put("c.md", "c")
    shown = on_a_terminal(sys.executable, "-c", code)
    assert "━".encode() in shown
    assert b"['a.md', 'b.md', 'c.md']" in shown
    done = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, check=True)
    assert done.stderr == b""
