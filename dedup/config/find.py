"""Which configuration file holds for a folder, and what stands in it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dedup.problems import DedupError, reason_of

NAMES = ("dedup.toml", ".dedup.toml", "pyproject.toml")
PYPROJECT = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file, with the values as they stand there."""

    path: Path
    values: dict[str, Any]

    @property
    def folder(self) -> str:
        """The file's folder as seen from the current one, with slashes."""
        return Path(os.path.relpath(self.path.parent)).as_posix()


def find_config(start: Path) -> Config | None:
    """The configuration that holds for a folder, nearest upwards, or None.

    In each folder `dedup.toml` comes before `.dedup.toml`, and that before a `pyproject.toml` with `[tool.dedup]`.
    Raises DedupError where a file cannot be read, or is no TOML.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        for name in NAMES:
            found = read_config(folder / name)
            if found is not None:
                return found
    return None


def read_config(path: Path) -> Config | None:
    """A configuration file; None where there is none, or it is a `pyproject.toml` that says nothing of dedup.

    Raises DedupError with the name of the file, and for what is no TOML with the line.
    """
    try:
        if not path.is_file():
            if path.is_symlink() and not path.exists():
                raise DedupError(f"{path}: broken symlink")
            return None
        data = path.read_bytes()
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None
    if path.name != PYPROJECT:
        values = parsed(path, data)
        if isinstance(values.get("tool"), dict) and "dedup" in values["tool"]:
            raise DedupError(
                f"{path}: tool.dedup: such a table belongs in {PYPROJECT}; here its keys stand at the top"
            )
        return Config(path, values)
    if b"dedup" not in data:  # what other tools read is theirs to judge
        return None
    tools = parsed(path, data).get("tool")
    if not isinstance(tools, dict) or "dedup" not in tools:
        return None
    if not isinstance(tools["dedup"], dict):
        raise DedupError(f"{path}: tool.dedup: expected a table, not {tools['dedup']!r}")
    return Config(path, tools["dedup"])


def parsed(path: Path, data: bytes) -> dict[str, Any]:
    """What stands in a file of these bytes; DedupError with the line where that is no TOML."""
    import tomllib  # most folders have nothing to read

    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"not UTF-8 (at line {line})"
    except ValueError as error:  # of a number of thousands of digits as well
        reason = str(error)
    except RecursionError:
        reason = "nested too deeply"
    raise DedupError(f"{path}: not valid TOML: {reason}")
