"""Markdown tables, and their place in a file between two markers."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.corpora import DataMissing

README = Path(__file__).with_name("README.md")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; all columns but the first are aligned to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def machine() -> str:
    """The machine in general words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    return f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, {memory:.0f} GB of memory"


def versions(*packages: str) -> str:
    """Python's version and those of some packages."""
    found = [f"Python {platform.python_version()}"]
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def write_between(path: Path, name: str, text: str) -> None:
    """Replaces what stands between `<!-- name -->` and `<!-- /name -->` in a file."""
    before, _, rest = path.read_text("utf-8").partition(f"<!-- {name} -->\n")
    _, marker, after = rest.partition(f"<!-- /{name} -->")
    if not marker:
        raise ValueError(f"{path} has no markers for {name}")
    path.write_text(f"{before}<!-- {name} -->\n\n{text.strip()}\n\n{marker}{after}", "utf-8")


def publish(name: str, report: Callable[[Path], str]) -> int:
    """Measures in a folder of its own, prints, and writes the part of the README between markers of this name.

    `--print` leaves the file alone. Gives the exit status: 2 where the data is missing.
    """
    with tempfile.TemporaryDirectory() as folder:
        try:
            text = report(Path(folder))
        except DataMissing as error:
            print(error, file=sys.stderr)
            return 2
    print(text)
    if "--print" not in sys.argv[1:]:
        write_between(README, name, text)
    return 0
