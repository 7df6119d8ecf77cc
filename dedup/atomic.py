"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # Windows, which ends what a process has open with it
    fcntl = None  # type: ignore[assignment]

PERMISSIONS = 0o777


@contextmanager
def replacing(path: Path, mode: int | None = None, *, durable: bool = True) -> Iterator[BinaryIO]:
    """A file to write that takes the place of `path` when the block ends without an exception, else vanishes.

    `mode` is the new file's mode; without it an existing file's mode is kept. An existing file's owner is
    kept where the system allows it. Where `path` is a symbolic link, the file that it points to is replaced;
    where it is a device or a pipe, it is written to. Unless `durable` is False, the new bytes are on the disk
    before they take the place of the old ones, so that a power cut loses neither. Raises OSError.
    """
    target = Path(os.path.realpath(path))
    try:
        before = target.stat()
    except FileNotFoundError:
        before = None
    if before is not None and not stat.S_ISREG(before.st_mode):
        with target.open("wb") as device:
            yield device
        return
    if mode is None and before is not None:
        mode = before.st_mode
    # Nobody may read a private file's bytes while they are being written.
    created_with = 0o666 if mode is None else 0o600
    _sweep(target.parent)
    out, temporary = _begin(target.parent, created_with)
    try:
        with out:
            yield out
            out.flush()
            if before is not None:
                with suppress(PermissionError):
                    os.chown(temporary, before.st_uid, before.st_gid)
            if mode is not None:
                temporary.chmod(mode & PERMISSIONS)
            if durable:
                os.fsync(out.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _begin(folder: Path, mode: int) -> tuple[BinaryIO, Path]:
    """A new file in a folder, locked for as long as it is open, so that nobody takes it for one that was left."""
    while True:
        path = folder / f"{_BEGUN}{os.urandom(8).hex()}{_TEMPORARY}"
        out = open(path, "xb", opener=lambda name, flags: os.open(name, flags, mode))  # noqa: SIM115
        if fcntl is None:
            return out, path
        with suppress(OSError):  # a file system without locks
            fcntl.flock(out, fcntl.LOCK_EX)
        if path.exists():
            return out, path
        out.close()  # it was taken for one in the moment before it was locked


_BEGUN, _TEMPORARY = ".dedup-", ".tmp"
_swept: set[Path] = set()


def _sweep(folder: Path) -> None:
    """Deletes what a run that was killed had begun to write in a folder; looked for once."""
    if fcntl is None or folder in _swept:
        return
    _swept.add(folder)
    with suppress(OSError):  # it may be written to and not be read
        for entry in os.scandir(folder):
            if entry.name.startswith(_BEGUN) and entry.name.endswith(_TEMPORARY):
                with suppress(OSError), Path(entry.path).open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    Path(entry.path).unlink()


def sync_folder(folder: Path) -> None:
    """Brings a folder's new names to the disk, so that a file just written is there after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
