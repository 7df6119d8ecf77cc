"""The sketches of files, remembered from run to run in a folder beside the repository's other caches.

The folder may be deleted at any time. A file of another release, or one that is damaged, is as if it were not there;
two runs at once each write a whole file, and the later one stays.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns
from zlib import crc32

import numpy as np

from dedup._version import __version__
from dedup.atomic import replacing
from dedup.words import Shingles

FOLDER = ".dedup_cache"
_NAME = "sketches"
_MAGIC = f"dedup {__version__} sketches 1\n".encode().ljust(64)

NO_SKETCHES = Shingles(np.zeros(0, np.uint32), np.zeros(1, np.int64))

# A file that is written twice within one tick of the clock looks unchanged.
_TICK, _COARSE_TICK = 100_000_000, 2_000_000_000

State = tuple[int, int, int]
"""The size of a file in bytes, and when its content and its entry were last changed, in nanoseconds."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The sketches of files: for each path its state, and which of the distinct `sketches` is its own."""

    files: Mapping[str, tuple[State, int]] = field(default_factory=dict)
    sketches: Shingles = NO_SKETCHES


def cache_folder(folder: Path) -> Path:
    """Where the cache of a folder lies: in the top of its repository, or in the folder where it is in none."""
    real = Path(os.path.realpath(folder))
    top = next((place for place in (real, *real.parents) if (place / ".git").exists()), real)
    return top / FOLDER


def read_cache(folder: Path) -> Cache:
    """What was remembered; nothing where there is no cache or it cannot be used."""
    try:
        data = (folder / _NAME).read_bytes()
        head, rest = data[: len(_MAGIC)], memoryview(data)[len(_MAGIC) + 8 :]
        if head != _MAGIC or int.from_bytes(data[len(_MAGIC) : len(_MAGIC) + 8], "little") != crc32(rest):
            return Cache()
        files, distinct, values, names = np.frombuffer(rest[:32], "<i8").tolist()
        at = 32

        def column(count: int, kind: str) -> np.ndarray[tuple[int], np.dtype[np.generic]]:
            nonlocal at
            size = count * np.dtype(kind).itemsize
            part = np.frombuffer(rest[at : at + size], kind)
            at += size
            return part

        states = map(tuple, column(files * 3, "<i8").reshape(-1, 3).tolist())
        owners = column(files, "<i8").tolist()
        first = column(distinct + 1, "<i8").astype(np.int64)
        shingles = column(values, "<u4").astype(np.uint32)
        paths = map(os.fsdecode, bytes(rest[at : at + names]).split(b"\0") if files else ())
        known = dict(zip(paths, zip(states, owners, strict=True), strict=True))
        return Cache(known, Shingles(shingles, first))
    except (OSError, ValueError):
        return Cache()


def write_cache(folder: Path, cache: Cache, read_at: int) -> None:
    """Remembers the sketches of files that were read at a time (`now`); where that cannot be, nothing is written."""
    settled = {path: entry for path, entry in cache.files.items() if _is_settled(entry[0], read_at)}
    used: dict[int, int] = {}
    owners = [used.setdefault(owner, len(used)) for _, owner in settled.values()]
    kept = [cache.sketches.of(number) for number in used]
    first = np.cumsum([0, *map(len, kept)])
    names = b"\0".join(map(os.fsencode, settled))
    parts = [
        np.array([len(settled), len(kept), first[-1], len(names)], "<i8").tobytes(),
        np.array([state for state, _ in settled.values()], "<i8").tobytes(),
        np.array(owners, "<i8").tobytes(),
        first.astype("<i8").tobytes(),
        *(sketch.astype("<u4").tobytes() for sketch in kept),
        names,
    ]
    body = b"".join(parts)
    with suppress(OSError):
        make_folder(folder)
        with replacing(folder / _NAME, durable=False) as out:
            out.write(_MAGIC + crc32(body).to_bytes(8, "little") + body)


def make_folder(folder: Path) -> None:
    """Makes the cache's folder, which tells git and backup programs to pass it over; OSError where it cannot be."""
    if folder.is_dir():
        return
    folder.mkdir()
    (folder / "CACHEDIR.TAG").write_bytes(
        b"Signature: 8a477f597d28d172789f06886806bc55\n# A cache of dedup.\n"
    )
    (folder / ".gitignore").write_bytes(b"# Made by dedup; may be deleted at any time.\n*\n")


def _is_settled(state: State, read_at: int) -> bool:
    """Whether a change after the file was read would show in its state."""
    changed = max(state[1:])
    tick = _COARSE_TICK if changed % 1_000_000_000 == 0 else _TICK
    return changed < read_at - tick


def now() -> int:
    """The time to give to `write_cache`, taken before the files are looked at."""
    return time_ns()
