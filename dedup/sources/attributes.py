"""What `.gitattributes` say of files: which are generated, and which come from elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from dedup.problems import DedupError
from dedup.sources.git import run_git

_KINDS = {b"linguist-generated": "generated", b"linguist-vendored": "vendored"}


def not_written_here(root: Path, inside: Sequence[str], files: Iterable[str]) -> dict[str, str]:
    """Those of the paths below a folder that git's attributes call `generated` or `vendored`, each with which.

    `files` are the `.gitattributes` files in the folder. Git is asked only where one of these, or one above, says
    anything of the kind; where there is no git or no repository, nothing is.
    """
    if not inside or not any(map(_mentions, (*files, *_above(root)))):
        return {}
    try:
        names = b"\0".join(map(os.fsencode, inside)) + b"\0"
        told = run_git(root, ["check-attr", "-z", "--stdin", *map(os.fsdecode, _KINDS)], stdin=names)
    except DedupError:
        return {}
    fields = told.split(b"\0")
    return {
        os.fsdecode(path): _KINDS[name]
        for path, name, value in zip(fields[::3], fields[1::3], fields[2::3], strict=False)
        if value in (b"set", b"true")
    }


def _above(root: Path) -> list[str]:
    """The files with attributes in the folders above one, up to the top of its repository, and the repository's own."""
    found = []
    for folder in (root, *root.parents):
        found.append(str(folder / ".gitattributes"))
        if (folder / ".git").exists():
            return [*found, str(folder / ".git" / "info" / "attributes")]
    return []


def _mentions(path: str) -> bool:
    with suppress(OSError):
        return b"linguist-" in Path(path).read_bytes()
    return False
