"""A configuration where there was none: a new file, or a table at the end of `pyproject.toml`."""

from __future__ import annotations

import os
from pathlib import Path

from dedup.atomic import replacing
from dedup.config.find import NAMES, PYPROJECT, parsed, read_config
from dedup.problems import DedupError, reason_of


def write_new(path: Path, text: str) -> None:
    """Writes a new file; DedupError where its folder has a configuration, or it cannot be written."""
    _check_free(path.parent)
    if os.path.lexists(path):
        raise DedupError(f"{path}: is there already")
    _write(path, text.encode())


def add_table(path: Path, text: str) -> None:
    """Adds a table to the end of a TOML file, of which all that is there stays as it is, byte for byte.

    Raises DedupError where there is no such file, where it cannot have the table, or its folder has a configuration.
    """
    _check_free(path.parent)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None
    parsed(path, data)
    end = b"\r\n" if b"\r\n" in data else b"\n"
    gap = b"" if not data else end if data.endswith(b"\n") else end + end
    new = data + gap + text.encode().replace(b"\n", end)
    try:
        parsed(path, new)
    except DedupError:
        raise DedupError(f"{path}: writes [tool] in a way that no table can be added to") from None
    _write(path, new)


def _check_free(folder: Path) -> None:
    for name in NAMES:
        found = read_config(folder / name)
        if found is not None:
            what = "has a table [tool.dedup] already" if name == PYPROJECT else "is there already"
            raise DedupError(f"{found.path}: {what}")


def _write(path: Path, data: bytes) -> None:
    try:
        with replacing(path) as out:
            out.write(data)
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None
