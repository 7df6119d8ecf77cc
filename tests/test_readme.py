"""What the README shows is what the tool does: its examples are run on a copy of `fixtures/`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from dedup.cli import main
from dedup.cli.configured import read_given
from dedup.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FENCES = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
CONSOLE = [text for language, text in FENCES if language == "console"]


def examples_of(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with what it prints."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == "", "a console block begins with a command"
    return list(zip(parts[1::2], parts[2::2], strict=True))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the fixtures to stand in, with `dedup` of this checkout as a command."""
    command = tmp_path / "bin" / "dedup"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dedup "$@"\n', "utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("COLUMNS", "100")
    shutil.copytree(ROOT / "fixtures", tmp_path / "fixtures")
    return tmp_path / "fixtures"


def run_block(commands: list[str], folder: Path) -> list[str]:
    """What each command prints, run one after the other in one folder; `$?` is that of the one before."""
    script = "status=0\n" + "".join(
        f"printf '\\0'; (exit $status)\n{command}\nstatus=$?\n" for command in commands
    )
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=120,
    )
    return done.stdout.decode("utf-8").split("\0")[1:]


def plain(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.splitlines()[0][2:60])
def test_console_examples_print_what_is_shown(block: str, here: Path) -> None:
    examples = examples_of(block)
    printed = run_block([command for command, _ in examples], here)
    for (command, shown), output in zip(examples, printed, strict=True):
        assert plain(output) == plain(shown), command


def test_python_examples_print_what_is_shown(here: Path) -> None:
    numbers = [number for number, (language, _) in enumerate(FENCES) if language == "python"]
    assert numbers
    for number in numbers:
        program, (language, shown) = FENCES[number][1], FENCES[number + 1]
        assert language == "text", "what a Python example prints stands below it"
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=here, capture_output=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr.decode()
        assert plain(done.stdout.decode("utf-8")) == plain(shown)


def test_configuration_examples_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check = main.get_command(click.Context(main), "check")
    assert check is not None
    examples = [text for language, text in FENCES if language == "toml"]
    assert examples
    for text in examples:
        Path("dedup.toml").write_text(text, "utf-8")
        assert read_given(check, click.Context(check))


def test_the_table_of_options_has_every_setting_with_its_default() -> None:
    rows = re.findall(r"^\| `--([a-z-]+)(?:\\\||[^|])*\| (.*?) \|", README, re.MULTILINE)
    defaults = {name.replace("_", "-"): value for name, value in Settings().as_dict().items()}
    del defaults["per-path"], defaults["per-path-root"]  # these are for files
    assert {name for name, _ in rows} == set(defaults)
    for name, shown in rows:
        value = defaults[name]
        assert shown == (f"`{value}`" if value or value == 0 else "–"), name
