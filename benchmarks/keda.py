"""Time and memory of cleaning and restoring a documentation repository: `python -m benchmarks.keda`.

Prints the table and writes it into benchmarks/README.md; `--print` leaves the file alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from benchmarks.corpora import ABC, KEDA, unpack
from benchmarks.process import dedup, said_of
from benchmarks.tables import machine, publish, table, versions

KEDA_RUNS = (
    ("check", KEDA),
    ("check", KEDA, "--group-by", "content/docs/[^/]+"),
    ("clean", KEDA, "-o", "OUT", "--report", "r.json"),
    ("restore", "r.json"),
)
ABC_RUNS = (("check", f"{ABC}/rural.txt"), ("check", f"{ABC}/science.txt"))


def rows(runs: Sequence[Sequence[str]], folder: Path) -> Iterator[list[str]]:
    """One row for each run, in order; raises RuntimeError where one fails."""
    for arguments in runs:
        measured = dedup(*arguments, cwd=folder)
        if measured.status not in (0, 1):
            raise RuntimeError(f"{said_of(arguments)}: {measured.said}")
        yield [
            f"`{said_of(arguments)}`",
            f"{measured.seconds:.1f}",
            f"{measured.processor:.1f}",
            f"{measured.megabytes:.0f}",
        ]


def same_trees(one: Path, other: Path) -> tuple[int, int]:
    """How many Markdown files of the one are the same in the other, and how many there are."""
    paths = sorted(path.relative_to(one) for path in one.rglob("*.md") if path.is_file())
    same = sum(
        (other / path).is_file() and _sha256(one / path) == _sha256(other / path)
        for path in paths
        if not any(part.startswith(".") for part in path.parts)
    )
    return same, sum(not any(part.startswith(".") for part in path.parts) for path in paths)


def _sha256(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def report(folder: Path) -> str:
    """The table, and whether the restored files are the originals."""
    unpack(KEDA, folder)
    unpack(ABC, folder)
    head = ["command, whole process", "seconds", "processor", "peak MB"]
    text = table(head, rows([*KEDA_RUNS, *ABC_RUNS], folder))
    same, count = same_trees(folder / KEDA, folder / "OUT")
    return (
        f"{text}\n\nAfter the restore {same:,} of {count:,} files are the originals, byte for byte. "
        f"{versions('numpy', 'rapidfuzz', 'pyromark')}; {machine()}."
    )


def main() -> int:
    """Measures, prints, and writes the README's table."""
    return publish("keda", report)


if __name__ == "__main__":
    sys.exit(main())
