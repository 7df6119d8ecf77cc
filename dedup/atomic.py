"""Writing a file so that it is there whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

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
        with target.open("wb") as out:
            yield out
        return
    if mode is None and before is not None:
        mode = before.st_mode
    # Nobody may read a private file's bytes while they are being written.
    created_with = 0o666 if mode is None else 0o600
    temporary = target.with_name(f".dedup-{os.urandom(8).hex()}.tmp")
    try:
        with open(temporary, "xb", opener=lambda name, flags: os.open(name, flags, created_with)) as out:
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


def sync_folder(folder: Path) -> None:
    """Brings a folder's new names to the disk, so that a file just written is there after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
