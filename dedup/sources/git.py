"""What git knows of files: asked of the `git` command, so that worktrees, submodules and settings count as for git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from dedup.problems import DedupError

# What a hook is told of the repository that it runs for; in another one (a submodule) it would be wrong.
_OF_ONE_REPOSITORY = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX")


def run_git(
    folder: Path, arguments: Sequence[str], *, stdin: bytes | None = None, own: bool = False
) -> bytes:
    """What `git ARGUMENTS` writes to standard output when it runs in a folder.

    With `own` the folder's own repository is asked, whichever a hook that called us runs for.

    Raises DedupError with git's own first line where it fails, or where there is no git.
    """
    # Messages are shown as they are; and git must not wait for locks that only refresh its cache.
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    for name in _OF_ONE_REPOSITORY if own else ():
        environment.pop(name, None)
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "-c", "core.quotePath=false", *arguments],
            input=b"" if stdin is None else stdin,
            capture_output=True,
            check=False,
            env=environment,
        )
    except OSError:
        raise DedupError("git was not found") from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").splitlines()
        raise DedupError(f"git: {lines[0] if lines else f'exit status {done.returncode}'}")
    return done.stdout


def repository_of(folder: Path) -> Path | None:
    """The top folder of the work tree that a folder lies in, or None where it is in none or there is no git."""
    try:
        top = run_git(folder, ["rev-parse", "--show-toplevel"])
    except DedupError:
        return None
    return Path(os.fsdecode(top.rstrip(b"\r\n")))


def tracked_files(folder: Path) -> list[str] | None:
    """The paths below a folder, with slashes and relative to it, that git has in its index, submodules' included.

    None where the folder is in no repository.
    """
    try:
        listed = run_git(folder, ["ls-files", "-z", "--recurse-submodules"])
    except DedupError:
        return None
    return [os.fsdecode(name) for name in listed.split(b"\0") if name]
