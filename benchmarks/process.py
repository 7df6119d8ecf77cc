"""Whole processes, measured from outside: time and peak memory, as the kernel counts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Measured:
    """One process: seconds by the clock, seconds of processor time, peak memory, exit status, what it said."""

    seconds: float
    processor: float
    megabytes: float
    status: int
    said: str


def dedup(*arguments: str, cwd: Path | None = None) -> Measured:
    """Runs the command line `dedup` with this Python and measures it; standard output is thrown away."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "dedup", *arguments],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        seconds=seconds,
        processor=usage.ru_utime + usage.ru_stime,
        # Kilobytes, but bytes on macOS.
        megabytes=usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),
        status=process.returncode,
        said=said,
    )


def said_of(arguments: Sequence[str]) -> str:
    """A command line as a reader would type it."""
    return "dedup " + " ".join(arguments)
