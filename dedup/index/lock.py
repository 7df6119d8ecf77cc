"""One writer at a time: a lock that ends with the process that holds it, however that ends."""

from __future__ import annotations

import os
import time
from pathlib import Path

from dedup.problems import DedupError, reason_of

NAME = "lock"

PATIENCE = 5.0
"""So many seconds a writer waits for another."""

_PAUSE = 0.05


class Lock:
    """The right to write to an index, until it is given up or the process ends."""

    def __init__(self, folder: Path) -> None:
        """Waits a little where another run writes; then a DedupError."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise DedupError(f"{folder}: cannot be written to: {reason_of(error)}") from None
        until = time.monotonic() + PATIENCE
        while not _try(self._file):
            if time.monotonic() > until:
                os.close(self._file)
                raise DedupError(f"{folder}: another run is writing to this index")
            time.sleep(_PAUSE)

    def release(self) -> None:
        """Gives the right up."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


if os.name == "nt":
    import msvcrt

    def _try(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
