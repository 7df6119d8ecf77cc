"""The real text that the tests marked `real` measure on; where it is absent they skip and say how to get it."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.corpora import DataMissing, data_file, unpack
from benchmarks.process import Measured, dedup

__all__ = ["Run", "clean_tree", "data", "dedup", "folder_of", "hashes", "succeed"]


def data(name: str) -> Path:
    """A file of the measuring data."""
    try:
        return data_file(name)
    except DataMissing as error:
        pytest.skip(str(error))


def folder_of(corpus: str, into: Path) -> Path:
    """A corpus, unpacked."""
    try:
        return unpack(corpus, into)
    except DataMissing as error:
        pytest.skip(str(error))


def succeed(*arguments: str, cwd: Path) -> Measured:
    """Runs dedup, which must not report an error."""
    measured = dedup(*arguments, cwd=cwd)
    assert measured.status in (0, 1), measured.said
    return measured


def hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its path in it."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@dataclass(frozen=True)
class Run:
    """A tree cleaned through the command line: where it was, where it went, and the report."""

    folder: Path
    source: Path
    output: Path
    report: dict[str, Any]
    measured: Measured

    @property
    def report_path(self) -> Path:
        return self.folder / "r.json"

    def source_of(self, document: str) -> bytes:
        """A document of the report as it was."""
        return (self.folder / document).read_bytes()

    def cleaned_of(self, document: str) -> bytes:
        """A document of the report as it was written."""
        return (self.folder / "cleaned" / document).read_bytes()


def clean_tree(folder: Path, name: str, *options: str) -> Run:
    """Cleans the tree `name` that lies in a folder into `cleaned/NAME` beside it."""
    (folder / "cleaned").mkdir(exist_ok=True)
    measured = succeed("clean", name, "-o", f"cleaned/{name}", "--report", "r.json", *options, cwd=folder)
    report = json.loads((folder / "r.json").read_bytes())
    return Run(folder, folder / name, folder / "cleaned" / name, report, measured)
