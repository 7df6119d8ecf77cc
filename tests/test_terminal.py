"""What a terminal and a shell get: colours where they are wanted, and completion."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PARAGRAPH = "The harbour board voted on Tuesday to build a second ferry berth at Eastquay, ready in spring.\n"
CHECK = [sys.executable, "-m", "dedup", "check", "a.txt"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(f"{PARAGRAPH}\nAnother matter is the library.\n\n{PARAGRAPH}")
    return tmp_path


def environment(**values: str) -> dict[str, str]:
    clean = {
        name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "TERM")
    }
    return {**clean, "TERM": "xterm", **values}


def on_a_terminal(folder: Path, **values: str) -> str:
    ours, theirs = pty.openpty()
    try:
        subprocess.run(
            CHECK,
            cwd=folder,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env=environment(**values),
            check=False,
        )
        return os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)


def through_a_pipe(folder: Path, **values: str) -> str:
    done = subprocess.run(CHECK, cwd=folder, capture_output=True, env=environment(**values), check=False)
    return done.stdout.decode()


def test_a_terminal_is_coloured_and_a_pipe_is_not(folder: Path) -> None:
    shown, piped = on_a_terminal(folder), through_a_pipe(folder)
    assert "\x1b[31mverbatim\x1b[0m" in shown and "\x1b" not in piped
    assert re.sub("\x1b\\[\\d+m", "", shown).replace("\r\n", "\n") == piped


@pytest.mark.parametrize(
    "values", [{"NO_COLOR": "1"}, {"TERM": "dumb"}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}]
)
def test_no_colours(folder: Path, values: dict[str, str]) -> None:
    assert "\x1b" not in on_a_terminal(folder, **values)


def test_colours_are_forced(folder: Path) -> None:
    assert "\x1b" in through_a_pipe(folder, FORCE_COLOR="1")
    assert "\x1b" not in through_a_pipe(folder, FORCE_COLOR="")


SHELLS = {
    "bash": 'eval "$(_DEDUP_COMPLETE=bash_source dedup)"; COMP_WORDS=(dedup {0}); COMP_CWORD={1};'
    " _dedup_completion dedup; echo ${{COMPREPLY[*]}}",
    "fish": "_DEDUP_COMPLETE=fish_source dedup | source; complete -C 'dedup {0}'",
    "zsh": 'autoload -Uz compinit; compinit -u -D; eval "$(_DEDUP_COMPLETE=zsh_source dedup)"; echo $_comps[dedup]',
}


@pytest.mark.parametrize("shell", SHELLS)
def test_completion(shell: str, tmp_path: Path) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def complete(words: str) -> list[str]:
        script = SHELLS[shell].format(words, len(words.split()))
        done = subprocess.run(
            [program, "-c", script],
            capture_output=True,
            text=True,
            env={**os.environ, "PATH": path, "HOME": str(tmp_path)},
            check=False,
        )
        return done.stdout.split()

    if shell == "zsh":  # what it shows needs a terminal; that it knows whom to ask is enough
        assert complete("") == ["_dedup_completion"]
        return
    assert complete("ch")[0] == "check"  # fish says what it does as well
    assert {"--near", "--near="} & set(complete("check --nea"))
    assert {"auto", "flag", "off", "remove"} <= set(
        complete("check --near ''" if shell == "bash" else "check --near ")
    )
