"""The hook on a real repository: one changed file against all others, with and without the cache and the kernel.

python -m benchmarks.hook [--runs 9]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.corpora import unpack
from benchmarks.process import measure

IMPORTS = "import numpy, click, rapidfuzz"
CHECK = ("check", "--preset", "docs", "--against", ".", "--fail-over", "0")
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""What is installed was compiled when it was; so is what is measured, whatever is wished for otherwise."""
PAGES = (
    "content/docs/2.21/scalers/apache-kafka.md",
    "content/docs/2.21/scalers/redis-lists.md",
    "content/docs/2.21/concepts/scaling-jobs.md",
    "content/docs/2.21/deploy.md",
)


def repository(folder: Path) -> Path:
    """keda-docs as a git repository of one commit, its files as old as files of a working copy are."""
    root = unpack("keda-docs", folder)
    git = [
        "git",
        "-C",
        str(root),
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@example.org",
        "-c",
        "commit.gpgsign=false",
    ]
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*git, *arguments], check=True)
    for path in root.rglob("*.md"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return root


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    dedup = [sys.executable, "-m", "dedup", *CHECK]

    def seconds(root: Path, command: list[str], kernel: str = "", *, cold: bool = False) -> float:
        """The median by the clock of a whole process."""
        times = []
        for _ in range(runs):
            if cold:
                shutil.rmtree(root / ".dedup_cache", ignore_errors=True)
            measured = measure(command, root, {**COMPILED, **({"DEDUP_KERNEL": kernel} if kernel else {})})
            assert measured.status in (0, 1), measured.said
            times.append(measured.seconds)
        return median(times)

    with TemporaryDirectory() as name:
        root = repository(Path(name))
        subprocess.run(
            [*dedup, PAGES[0]], cwd=root, env={**os.environ, **COMPILED}, capture_output=True, check=False
        )  # writes what Python compiles
        base = seconds(root, [sys.executable, "-c", IMPORTS])
        print(f"{'`' + IMPORTS + '`':<60}{base:>7.2f} s")
        for page in PAGES:
            for what, kernel, cold in (
                ("warm", "", False),
                ("cold", "", True),
                ("cold, without the kernel", "reference", True),
            ):
                took = seconds(root, [*dedup, page], kernel, cold=cold)
                print(f"{f'{Path(page).name}, {what}':<60}{took:>7.2f} s{took / base:>7.2f}x")


if __name__ == "__main__":
    main()
