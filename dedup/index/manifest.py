"""The manifest of an index: its format, its settings, which files and batches it consists of."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from dedup.atomic import replacing
from dedup.problems import DedupError, reason_of
from dedup.settings import Settings

FORMAT = "dedup-index/1"
NAME = "index.json"

DECIDING = ("near", "headlines", "threshold", "min_words", "lists", "scope", "group_by")
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
        differ = [name for name in DECIDING if self.settings.get(name) != ours[name]]
        if differ:
            said = ", ".join(
                f"{name.replace('_', '-')} ({self.settings.get(name)}, now {ours[name]})" for name in differ
            )
            raise DedupError(f"{path}: was built with other settings: {said}")


def deciding(settings: Settings) -> dict[str, Any]:
    """The settings that an index keeps."""
    values = settings.as_dict()
    return {name: values[name] for name in DECIDING}


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
        return Manifest(
            **row
            | {
                "segments": tuple(Segment(**segment) for segment in row["segments"]),
                "batches": tuple(
                    Batch(**batch | {"digests": tuple(batch["digests"])}) for batch in row["batches"]
                ),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise DedupError(f"{folder}: {NAME} is damaged") from None


def _is_ours(name: str) -> bool:
    return name in ("lock", NAME) or name.endswith((".duckdb", ".duckdb.wal", ".tmp"))


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Puts a manifest in the place of the one before; the new state of the index is there from then on. OSError."""
    with replacing(folder / NAME) as out:
        out.write(json.dumps(asdict(manifest), indent=1).encode() + b"\n")


def without_rows(batch: Batch, rows: int, documents: int) -> Batch:
    """A batch of which so many rows and documents remain."""
    return replace(batch, rows=rows, documents=documents)
