"""The changed lines of a work tree, read from what `git diff` writes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from dedup.sources.git import run_git

Hunks = list[tuple[int, int]]
"""First and last changed lines. Where lines were only taken out, the first is the line after and the last the one
before: what has both was changed."""

_DIFF = (
    "diff",
    "--raw",  # with --numstat: which files, with names that need no quotes, and which are binary
    "--numstat",
    "--patch",
    "-z",
    "--unified=0",
    "--inter-hunk-context=0",
    "--find-renames",
    "--ignore-cr-at-eol",
    "--ignore-submodules=all",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_ESCAPED = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))


def changes_of(top: Path, base: str) -> dict[str, Hunks | None]:
    """What of a work tree differs from a commit, by the path in it; None where it is no text to git.

    A line that differs in its ending alone is the same.
    """
    told = run_git(top, (*_DIFF, base, "--"), own=True)
    whole, patch = _whole(told)
    return {**_hunks(patch), **dict.fromkeys(whole)}


def _whole(told: bytes) -> tuple[list[str], bytes]:
    """The files that have no lines to compare, and the patch that follows the list of files."""
    at = 0

    def field() -> bytes:
        nonlocal at
        end = told.index(b"\0", at)
        text, at = told[at:end], end + 1
        return text

    whole = []
    same: set[bytes] = set()  # renamed and nothing else
    while at < len(told) and (head := field()):
        if head.startswith(b":"):
            status = head.rsplit(b" ", 1)[1]
            name = field()
            if status[:1] in b"RC":
                name = field()
            if status == b"R100":
                same.add(name)
            elif status in (b"U", b"T"):  # in conflict; a link before
                whole.append(name)
        else:
            added, _, name = head.split(b"\t", 2)
            if not name:
                field()
                name = field()
            if added == b"-" and name not in same:
                whole.append(name)
    return [os.fsdecode(name) for name in whole], told[at:]


def _hunks(patch: bytes) -> dict[str, Hunks | None]:
    changed: dict[str, Hunks | None] = {}
    hunks: Hunks = []
    lines = iter(patch.split(b"\n"))
    for line in lines:
        if line.startswith(b"+++ "):
            hunks = []
            changed[os.fsdecode(_name(line[4:]))] = hunks
        elif match := _HUNK.match(line):
            removed, start, added = (1 if part is None else int(part) for part in match.groups())
            hunks.append((start, start + added - 1) if added else (start + 1, start))
            _pass_over(lines, removed + added)
    return changed


def _pass_over(lines: Iterator[bytes], count: int) -> None:
    """Goes past the lines of a hunk, which may look like anything."""
    while count:
        count -= not next(lines).startswith(b"\\")  # "\ No newline at end of file"


def _name(written: bytes) -> bytes:
    """The path that a patch's header names; /dev/null gives one that no file has."""
    name = written.removesuffix(b"\t")  # there where the name has a space
    if name.startswith(b'"'):
        name = _ESCAPE.sub(_unescaped, name[1:-1])
    return name.removeprefix(b"b/")


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) if code.isdigit() else _ESCAPED[code[0]]])
