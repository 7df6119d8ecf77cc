"""The configuration file: which one holds, what it gives to each command, and one line for whatever is wrong in it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from dedup import DedupError
from dedup.cli import COMMANDS, main
from dedup.cli.configured import NOT_IN_FILE, SETTINGS, Configured, check_settings, file_options, is_place
from dedup.config.find import find_config, read_config

ONE = "The harbour master counted the boats twice before the storm reached the outer wall of the port."
TWO = "Nobody in the village remembered a winter in which the river had frozen over before December."
REPEATS = f"{ONE}\n\n{TWO}\n\n{ONE}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text(REPEATS)
    return tmp_path


def dedup(*args: str) -> Result:
    result = CliRunner().invoke(main, args, prog_name="dedup")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def settings(*args: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(dedup("check", *args, "--format", "json").stdout)["settings"]
    return found


# --- Which file holds -----------------------------------------------------------------------------------------


def test_the_nearest_configuration_holds(tmp_path: Path) -> None:
    def found() -> Path | None:
        config = find_config(deep)
        return config and config.path

    deep = tmp_path / "a/b"
    deep.mkdir(parents=True)
    assert found() is None
    (tmp_path / "pyproject.toml").write_text("[tool.dedup]\nnear = 'off'\n")
    assert found() == tmp_path / "pyproject.toml"
    (tmp_path / "a/pyproject.toml").write_text("[project]\nname = 'x'\n")  # says nothing of dedup
    assert found() == tmp_path / "pyproject.toml"
    (tmp_path / "a/dedup.toml").mkdir()
    assert found() == tmp_path / "pyproject.toml"
    (tmp_path / "a/dedup.toml").rmdir()
    for name in ("pyproject.toml", ".dedup.toml", "dedup.toml"):
        (tmp_path / "a" / name).write_text("[tool.dedup]\n" if name == "pyproject.toml" else "")
        assert found() == tmp_path / "a" / name


def test_a_relative_folder_is_searched_upwards_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dedup.toml").touch()
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a")
    config = find_config(Path("b"))
    assert config is not None
    assert config.path == tmp_path / "dedup.toml"


def test_what_other_tools_read_is_theirs_to_judge(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other\n")
    assert find_config(tmp_path) is None


def test_a_file_may_begin_with_a_byte_order_mark_and_have_any_line_ends(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_bytes(b"\xef\xbb\xbfpreset = 'docs'\r\nmin-words = 12\r\n")
    assert settings("a.txt")["min_words"] == 12


# --- What it gives --------------------------------------------------------------------------------------------


def test_settings_in_a_file(tmp_path: Path) -> None:
    Path("dedup.toml").write_text('preset = "docs"\nmin-words = 12\nprefer = ["guide/*"]\nthreshold = 1\n')
    found = settings("a.txt")
    assert (found["preset"], found["near"], found["min_words"]) == ("docs", "flag", 12)
    assert (found["prefer"], found["threshold"]) == (["guide/*"], 1.0)
    assert settings("a.txt", "--min-words", "3")["min_words"] == 3


def test_settings_in_pyproject(tmp_path: Path) -> None:
    Path("pyproject.toml").write_text('[project]\nname = "x"\n\n[tool.dedup]\nnear = "off"\n')
    assert settings("a.txt")["near"] == "off"


def test_options_that_are_no_settings() -> None:
    Path("dedup.toml").write_text('format = "json"\njobs = 2\nmemory-limit = "1G"\nlog-json = true\n')
    result = dedup("check", "a.txt")
    assert json.loads(result.stdout)["schema"] == "dedup-report/1"
    assert json.loads(result.stderr)["event"] == "summary"
    assert dedup("check", "a.txt", "--format", "text").stdout.startswith("a.txt:5: verbatim")


def test_a_path_in_a_file_is_relative_to_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("dedup.toml").write_text('report = ["r.json", "reports/r.md"]\nindex = ["kept"]\n')
    (tmp_path / "reports").mkdir()
    deep = tmp_path / "docs/guide"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert dedup("check", "../../a.txt").exit_code == 1
    assert {path.name for path in tmp_path.iterdir()} == {"a.txt", "dedup.toml", "docs", "r.json", "reports"}
    assert (tmp_path / "reports/r.md").is_file()
    assert not list(deep.iterdir())
    assert dedup("clean", "../../a.txt", "-o", "out.txt").exit_code == 0
    assert (tmp_path / "kept").is_dir()
    assert [path.name for path in deep.iterdir()] == ["out.txt"]
    # What a report is asked for on the command line is relative to the current folder, and takes the place of those.
    assert dedup("check", "../../a.txt", "--report", "here.json").exit_code == 1
    assert (deep / "here.json").is_file()


def test_check_compares_with_the_index_that_clean_adds_to() -> None:
    Path("dedup.toml").write_text('index = ["kept"]\n')
    Path("b.txt").write_text(f"{TWO}\n")
    assert dedup("check", "b.txt").exit_code == 0
    assert not Path("kept").exists()
    assert dedup("clean", "a.txt", "-o", "out.txt").exit_code == 0
    before = {path.name: path.read_bytes() for path in Path("kept").iterdir()}
    assert dedup("check", "b.txt").exit_code == 1
    assert dedup("clean", "b.txt", "--diff").stdout.count("\n-") == 1
    assert {path.name: path.read_bytes() for path in Path("kept").iterdir()} == before
    assert dedup("check", "b.txt", "--index", "kept").exit_code == 2


def test_what_is_for_another_command_is_passed_over_and_checked() -> None:
    Path("dedup.toml").write_text('batch-id = "x"\n')
    assert dedup("check", "a.txt").exit_code == 1
    Path("dedup.toml").write_text("batch-id = 3\n")
    assert "batch-id: expected a string, not 3" in dedup("check", "a.txt").stderr


def test_help_is_there_whatever_is_in_the_file() -> None:
    Path("dedup.toml").write_text("near = [\n")
    assert dedup("check", "--help").exit_code == 0
    assert dedup("--version").exit_code == 0
    assert dedup("check", "a.txt").exit_code == 2


def test_every_command_that_compares_reads_the_file() -> None:
    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        compares = any(parameter.name == "near" for parameter in command.params)
        assert compares == isinstance(command, Configured), name


def test_an_option_that_is_added_to_a_command_works_in_the_file() -> None:
    """Whatever its type: in the file it has its own name, and a path is seen from the file's folder."""

    @click.command(cls=Configured)
    @click.option("--fail-over", type=click.IntRange(0))
    @click.option("--baseline", type=click.Path(path_type=Path))
    @click.option("--share", type=float)
    @click.option("--drift-only/--no-drift-only")
    @click.option("--size", "sizes", type=(int, int), multiple=True)
    @click.option("--update-baseline", is_flag=True)
    def compare(**options: Any) -> None:
        click.echo(sorted(options.items()))

    def run(text: str) -> str:
        Path("dedup.toml").write_text(text)
        result = CliRunner().invoke(compare, [])
        return str(result.exception) if result.exception else result.stdout

    assert "('fail_over', 3)" in run("fail-over = 3\n")
    assert f"('baseline', {Path('b.txt')!r})" in run('baseline = "b.txt"\n')
    assert "('share', 1.0)" in run("share = 1\n")
    assert "('drift_only', True)" in run("drift-only = true\n")
    assert "fail-over: -1 is not in the range x>=0" in run("fail-over = -1\n")
    assert "fail-over: expected a whole number, not '3'" in run('fail-over = "3"\n')
    assert "fail-over: expected a whole number, not True" in run("fail-over = true\n")
    assert "drift-only: expected true or false, not 'yes'" in run('drift-only = "yes"\n')
    assert "update-baseline: says what a single run does" in run("update-baseline = true\n")
    assert "unknown option 'fail-ovr'; did you mean 'fail-over'?" in run("fail-ovr = 1\n")


def test_no_option_of_a_command_is_forgotten() -> None:
    """Each stands in the file, or is told why it does not."""
    for name in ("check", "clean", "explain"):
        command = main.get_command(click.Context(main), name)
        assert command is not None
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                (key,) = [opt[2:] for opt in parameter.opts if opt.startswith("--")]
                assert (key in SETTINGS) + (key in NOT_IN_FILE) + (key in file_options(command)) == 1, key
        places = {key for key, option in file_options(command).items() if is_place(option)}
        assert places >= {"report", "index", "index-read"} or name == "explain"


# --- What is wrong in it --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("treshold = 0.5\n", "unknown option 'treshold'; did you mean 'threshold'?"),
        ("reports = ['a.json']\n", "unknown option 'reports'; did you mean 'report'?"),
        ("per-path-root = '.'\n", "unknown option 'per-path-root'; did you mean 'per-path'?"),
        ("qqqq = 1\n", "unknown option 'qqqq'"),
        ("near = 5\n", "near: 5 is none of auto, remove, flag, off"),
        ("near = 'of'\n", "near: 'of' is none of auto, remove, flag, off; did you mean 'off'?"),
        ("[near]\nx = 1\n", "near: {'x': 1} is none of"),
        ("threshold = 2\n", "threshold: must be over 0 and at most 1, not 2"),
        ("min-words = 8.0\n", "min-words: expected a whole number, not 8.0"),
        ("min-words = 5\nmin_words = 6\n", "min_words: stands there as min-words too"),
        ("prefer = 'a/*'\n", "prefer: expected a list of strings, not 'a/*'"),
        ("include = ['*.md', '']\n", "include: not a glob: ''"),
        ("group-by = '('\n", "group-by: not a regular expression"),
        ("format = 'jsn'\n", "format: 'jsn' is none of text, json, jsonl, sarif, github, gitlab, junit; did you mean 'json'?"),
        ("jobs = 0\n", "jobs: 0 is not in the range x>=1"),
        ("jobs = '4'\n", "jobs: expected a whole number, not '4'"),
        ("report = 'r.json'\n", "report: expected a list of strings, not 'r.json'"),
        ("report = ['r.json', 3]\n", "report: expected a list of strings, not ['r.json', 3]"),
        ("include = ['*.md', 3]\n", "include: expected a list of strings, not ['*.md', 3]"),
        ("near = 'FLAG'\n", "near: 'FLAG' is none of auto, remove, flag, off; did you mean 'flag'?"),
        ("format = 'JSON'\n", "format: 'JSON' is none of text, json, jsonl, sarif, github, gitlab, junit; did you mean 'json'?"),
        ("NEAR = 'flag'\n", "unknown option 'NEAR'; did you mean 'near'?"),
        ("[tool.dedup]\nnear = 'off'\n", "tool.dedup: such a table belongs in pyproject.toml; here its keys stand at the top"),
        ("report = ['r.txt']\n", "report: r.txt: a report's name ends in .gitlab.json, "),
        ("baseline = 'b.txt'\n", "baseline: b.txt: no such baseline; add --update-baseline to make it"),
        ("memory-limit = 'much'\n", "memory-limit: 'much' is no size such as 512M or 2G"),
        ("log-json = 1\n", "log-json: expected true or false, not 1"),
        ("output = 'x'\n", "output: says what a single run does, so it cannot stand in a file"),
        ("in-place = true\n", "in-place: says what a single run does"),
        ("near = \n", "not valid TOML: Invalid value (at line 1, column 8)"),
        ("near = 'off'\nnear = 'off'\n", "not valid TOML: Cannot overwrite a value (at line 2, column 13)"),
        ("\n\nnear = '\xe4'\n", "not valid TOML: not UTF-8 (at line 3)"),
        ("near = " + 5000 * "[", "not valid TOML: nested too deeply"),
        ("jobs = " + 5000 * "1", "not valid TOML: "),
        ("per-path = 3\n", "per-path: expected a table for each glob, not 3"),
        ("per-path.a = 3\n", 'per-path."a": expected a table, not 3'),
        ('[per-path."docs/**"]\nnera = "off"\n', "unknown option 'per-path.\"docs/**\".nera'; did you mean 'near'?"),
        ('[per-path."docs/**"]\nnear = "of"\n', "per-path.\"docs/**\".near: 'of' is none of auto, remove, flag, off; di"),
        ('[per-path."docs/**"]\nthreshold = 0\n', 'per-path."docs/**".threshold: must be over 0'),
        ('[per-path."docs/**"]\ngroup-by = "x"\n', 'per-path."docs/**".group-by: cannot be set per path'),
        ('[per-path."docs/**"]\npreset = "docs"\n', 'per-path."docs/**".preset: cannot be set per path'),
        ('[per-path."!docs"]\nnear = "off"\n', "per-path.\"!docs\": a glob says where values hold, so it cannot begin"),
        ('[per-path.""]\nnear = "off"\n', "per-path.\"\": not a glob: ''"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "dedup.toml"
    path.write_bytes(text.encode("latin-1"))
    result = dedup("check", "a.txt")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"dedup: {path}: {told}")
    assert result.stderr.count("\n") == 1
    assert not result.stdout


def test_a_wrong_table_of_pyproject(tmp_path: Path) -> None:
    Path("pyproject.toml").write_text("[tool]\ndedup = 3\n")
    assert "pyproject.toml: tool.dedup: expected a table, not 3" in dedup("check", "a.txt").stderr


def test_what_is_wrong_on_the_command_line_is_not_the_file_s(tmp_path: Path) -> None:
    Path("dedup.toml").write_text("near = 'off'\n")
    assert dedup("check", "a.txt", "--threshold", "2").stderr == (
        "dedup: threshold: must be over 0 and at most 1, not 2.0\n"
    )


def test_a_path_on_the_command_line_is_not_the_file_s() -> None:
    Path("dedup.toml").write_text("report = ['r.txt']\nbaseline = 'b.txt'\n")
    told = "dedup: b.txt: no such baseline; add --update-baseline to make it\n"
    assert dedup("check", "a.txt", "--baseline", "b.txt").stderr == told


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    Path("dedup.toml").symlink_to("nowhere")
    assert dedup("check", "a.txt").stderr == f"dedup: {tmp_path / 'dedup.toml'}: broken symlink\n"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    Path("dedup.toml").touch(mode=0)
    assert dedup("check", "a.txt").stderr == f"dedup: {tmp_path / 'dedup.toml'}: permission denied\n"


def test_settings_are_checked_apart_from_a_command() -> None:
    config = read_config(Path("dedup.toml"))
    assert config is None
    with pytest.raises(DedupError, match="exclude: not a glob"):
        check_settings({"exclude": [""]})
