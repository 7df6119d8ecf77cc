"""The manifest of an index: its format, its settings, which files and batches it consists of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from dedup.atomic import replacing
from dedup.problems import DedupError, reason_of
from dedup.settings import Settings

FORMAT = "dedup-index/2"
NAME = "index.json"
PENDING = "pending.json"

DECIDING = (
    "near",
    "headlines",
    "threshold",
    "min_words",
    "lists",
    "scope",
    "group_by",
    "without_guard",
    "allow",
    "per_path",
)
"""The settings on which it depends what is kept; a run must have those that the index was built with."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A DuckDB file with the rows from one number on: how many rows there are, and how many band keys they have."""

    file: str
    first_row: int
    rows: int
    bands: int
    headlines: int


@dataclass(frozen=True, slots=True)
class Batch:
    """What one run added: rows and documents from a number on.

    `name` is what the user calls it; `fingerprint` tells the run with its paths, `digests` the contents that it read
    and, where these were cleaned in place, that it left.
    """

    name: str | None
    fingerprint: str | None
    digests: tuple[str, ...]
    first_row: int
    rows: int
    first_document: int
    documents: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole of what an index says of itself; numbers are given once and never again."""

    settings: dict[str, Any]
    segments: tuple[Segment, ...] = ()
    batches: tuple[Batch, ...] = ()
    next_row: int = 0
    next_document: int = 1
    next_page: int = 0
    next_subject: int = 0
    next_file: int = 1
    format: str = field(default=FORMAT)

    def batch(self, name: str | None, fingerprint: str | None) -> Batch | None:
        """The batch of a name, or where none is given that of a fingerprint."""
        for batch in self.batches:
            if batch.name == name if name is not None else fingerprint and batch.fingerprint == fingerprint:
                return batch
        return None

    def check_settings(self, settings: Settings, path: Path) -> None:
        """Raises DedupError with the names of the settings that are not those of the index."""
        ours = deciding(settings)
        if not self.batches and not self.next_row:
            self.settings.clear()  # nothing was added yet
            self.settings.update(ours)
        differ = [name for name in DECIDING if (self.settings.get(name) or None) != (ours.get(name) or None)]
        if differ:
            said = ", ".join(
                f"{name.replace('_', '-')} ({self.settings.get(name)}, now {ours.get(name)})"
                for name in differ
            )
            raise DedupError(f"{path}: was built with other settings: {said}")


def deciding(settings: Settings) -> dict[str, Any]:
    """The settings that an index keeps; `per_path` where there are any."""
    values = settings.as_dict()
    rules = {
        glob: {name: value for name, value in changes.items() if name in DECIDING}
        for glob, changes in values["per_path"].items()
    }
    values["per_path"] = {glob: changes for glob, changes in rules.items() if changes}
    return {name: values[name] for name in DECIDING if name != "per_path" or values[name]}


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of an index, None where the folder is not there or empty; DedupError where it is something else."""
    path = folder / NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if not folder.exists():
            return None
        others = [entry.name for entry in folder.iterdir() if not _is_ours(entry.name)]
        if others:
            raise DedupError(f"{folder}: is a folder of something else, not an index") from None
        return None
    except NotADirectoryError:
        raise DedupError(f"{folder}: is a file, and an index is a folder") from None
    except OSError as error:
        raise DedupError(f"{folder}: {reason_of(error)}") from None
    try:
        row = json.loads(data)
        found = row.get("format")
        if found != FORMAT:
            if isinstance(found, str) and found.startswith("dedup-index/"):
                raise DedupError(f'{folder}: is an index of format "{found}", this dedup reads {FORMAT}')
            raise DedupError(f"{folder}: is a folder of something else, not an index")
        return _manifest_of(row)
    except _DAMAGED:
        raise DedupError(f"{folder}: {NAME} is damaged") from None


_DAMAGED = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


def _manifest_of(row: dict[str, Any]) -> Manifest:
    segments = tuple(Segment(**segment) for segment in row["segments"])
    batches = tuple(Batch(**batch | {"digests": tuple(batch["digests"])}) for batch in row["batches"])
    return Manifest(**row | {"segments": segments, "batches": batches})


def _is_ours(name: str) -> bool:
    return name in ("lock", NAME, PENDING) or name.endswith((".duckdb", ".duckdb.wal", ".tmp"))


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Puts a manifest in the place of the one before; the new state of the index is there from then on. OSError."""
    with replacing(folder / NAME) as out:
        out.write(json.dumps(asdict(manifest), indent=1).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Pending:
    """What a run that cleans in place adds once all its files are replaced: if it is ended meanwhile, it is run again.

    `inputs` has the hash of each input before and after.
    """

    name: str | None
    inputs: tuple[tuple[str, str], ...]
    manifest: Manifest

    def is_of(self, name: str | None, inputs: Sequence[str | None]) -> bool:
        """Whether a run of these inputs is the one that was ended."""
        return (
            self.name == name
            and len(inputs) == len(self.inputs)
            and all(now in both for now, both in zip(inputs, self.inputs, strict=True))
        )


def read_pending(folder: Path) -> Pending | None:
    """What a run that was ended had begun to add."""
    try:
        row = json.loads((folder / PENDING).read_bytes())
        inputs = tuple((before, after) for before, after in row["inputs"])
        return Pending(row["name"], inputs, _manifest_of(row["manifest"]))
    except (OSError, *_DAMAGED):
        return None


def write_pending(pending: Pending, folder: Path) -> None:
    """Puts down what is to be added. OSError."""
    with replacing(folder / PENDING) as out:
        out.write(json.dumps(asdict(pending)).encode())
