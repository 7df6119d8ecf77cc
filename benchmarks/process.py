"""Whole processes, measured from outside: time and peak memory, as the kernel counts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOREVER = 1e6


@dataclass(frozen=True, slots=True)
class Measured:
    """One process with the processes that it started.

    seconds: by the clock. processor: seconds of processor time of all. megabytes: peak memory of the largest of them.
    status: the exit status, negative where a signal ended it. said: what it wrote to standard error.
    """

    seconds: float
    processor: float
    megabytes: float
    status: int
    said: str
    timed_out: bool = False


def measure(
    command: Sequence[str | Path],
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = FOREVER,
    output: Path | None = None,
) -> Measured:
    """Runs a command and measures it; standard output goes into a file or is thrown away."""
    with tempfile.TemporaryDirectory() as name:
        seen, said = Path(name, "seen.json"), Path(name, "said.txt")
        places = [str(seen), str(said), str((output or Path(os.devnull)).absolute()), str(timeout)]
        watch = [sys.executable, "-I", "-S", str(Path(__file__).with_name("onlooker.py"))]
        subprocess.run(
            [*watch, *places, *map(str, command)],
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            check=True,
        )
        return Measured(**json.loads(seen.read_text()), said=said.read_text("utf-8", errors="replace"))


def dedup(*arguments: str, cwd: Path | None = None) -> Measured:
    """Runs the command line `dedup` with this Python and measures it; standard output is thrown away."""
    return measure([sys.executable, "-m", "dedup", *arguments], cwd, {"PYTHONPATH": str(ROOT)})


def said_of(arguments: Sequence[str]) -> str:
    """A command line as a reader would type it."""
    return "dedup " + " ".join(arguments)
