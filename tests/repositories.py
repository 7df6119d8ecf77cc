"""Real git repositories for tests, made in the current folder or in one that is named."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "n",
    "GIT_AUTHOR_EMAIL": "n@example.org",
    "GIT_COMMITTER_NAME": "n",
    "GIT_COMMITTER_EMAIL": "n@example.org",
}


def git(*arguments: str, at: str | Path = ".", fails: bool = False) -> str:
    done = subprocess.run(
        ["git", "-C", str(at), "-c", "protocol.file.allow=always", *arguments],
        capture_output=True,
        env={**os.environ, **NOBODY},
        check=False,
    )
    assert bool(done.returncode) == fails, (arguments, done.stdout, done.stderr)
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def repository(at: str | Path = ".") -> None:
    Path(at).mkdir(parents=True, exist_ok=True)
    git("init", "-q", "-b", "main", at=at)


def commit(at: str | Path = ".") -> str:
    git("add", "-A", at=at)
    git("commit", "-q", "--allow-empty", "-m", "m", at=at)
    return git("rev-parse", "HEAD", at=at)
