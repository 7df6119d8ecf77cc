"""The changed lines of a work tree, read from what `git diff` writes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
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
    "--ignore-cr-at-eol",
    "--ignore-submodules=all",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--src-prefix=a/",
    "--dst-prefix=b/",
)
# A page of which four fifths are gone may have been moved, though there is one of its name.
_REWRITES = "--break-rewrites=50%/80%"
_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_ESCAPED = dict(zip(b'abtnvfr"\\', b'\a\b\t\n\v\f\r"\\', strict=True))


@dataclass(slots=True)
class _Listed:
    """What a diff says of files before their lines: which have no lines to compare, and which were moved or rewritten.

    `sources` are those that others were moved from: each only one, so that of several copies the rest is new.
    """

    whole: list[str] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    has_moves: bool = False

    def chosen(self, name: str, moved: Hunks | None, by_name: Hunks | None) -> Hunks | None:
        """What was changed in a file, of two comparisons: with what it was moved from, and with its own name."""
        if name in self.sources:  # what it still has of its old self is there twice now
            return moved
        return _in_both(moved, by_name)


def changes_of(top: Path, base: str) -> dict[str, Hunks | None]:
    """What of a work tree differs from a commit, by the path in it; None where it is no text to git.

    A line that differs in its ending alone is the same. A file that was moved is compared with its old self, though
    another one has the old name now.
    """
    moved, listed = _compared(top, base, "--find-renames", _REWRITES)
    if not listed.has_moves:
        return moved
    by_name, _ = _compared(top, base, "--no-renames")
    return {name: listed.chosen(name, moved.get(name, []), hunks) for name, hunks in by_name.items()}


def _compared(top: Path, base: str, *how: str) -> tuple[dict[str, Hunks | None], _Listed]:
    listed, patch = _listed(run_git(top, (*_DIFF, *how, base, "--"), own=True))
    return {**_hunks(patch), **dict.fromkeys(listed.whole)}, listed


def _in_both(some: Hunks | None, others: Hunks | None) -> Hunks | None:
    """The lines of a file that two comparisons call changed."""
    if some is None or others is None:
        return others if some is None else some
    both = []
    for one in some:
        for other in others:
            since, until = max(one[0], other[0]), min(one[1], other[1])
            # Where lines were only taken out, the range that is left is such a place too.
            if since <= until or (since == until + 1 and (since, until) in (one, other)):
                both.append((since, until))
    return both


def _listed(told: bytes) -> tuple[_Listed, bytes]:
    """The list of files that a diff begins with, and the patch that follows it."""
    at = 0

    def part() -> bytes:
        nonlocal at
        end = told.index(b"\0", at)
        text, at = told[at:end], end + 1
        return text

    listed = _Listed()
    same: set[bytes] = set()  # moved and nothing else
    while at < len(told) and (head := part()):
        if head.startswith(b":"):
            status = head.rsplit(b" ", 1)[1]
            name = part()
            if status[:1] in b"RC":
                listed.sources.add(os.fsdecode(name))
                name = part()
            if status in (b"R100", b"C100"):
                same.add(name)
            elif status in (b"U", b"T"):  # in conflict; a link before
                listed.whole.append(os.fsdecode(name))
            listed.has_moves |= len(status) > 1  # how like, or unlike, the two are
        else:
            added, _, name = head.split(b"\t", 2)
            if not name:
                part()
                name = part()
            if added == b"-" and name not in same:
                listed.whole.append(os.fsdecode(name))
    return listed, told[at:]


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
