"""Patterns of paths in gitignore's language: the globs of an option, and the `.gitignore` files of a tree."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.problems import DedupError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def globs(option: str, patterns: Iterable[str]) -> GitIgnoreSpec:
    """What an option's globs match, a folder's glob matching all in it; DedupError names a bad one."""
    from pathspec import GitIgnoreSpec

    check_globs(option, patterns)
    return GitIgnoreSpec.from_lines(patterns)


def check_globs(option: str, patterns: Iterable[str]) -> None:
    """Raises DedupError that names the first of an option's globs that is none."""
    for pattern in patterns:
        if _compiled(pattern) is None:
            raise DedupError(f"{option}: not a glob: {pattern!r}")


@dataclass(frozen=True, slots=True)
class Rules:
    """What is left out of a folder: its own patterns say, and where they say nothing, the outer rules.

    Asked from the top of a tree downwards, and no further where a folder is left out, they answer as git
    does: the last pattern that matches the path itself decides. (GitIgnoreSpec's own verdict on a path weighs
    in patterns that match a parent folder. It is made for lists of files, not for going down a tree: under
    the usual `*`, `!*/`, `!*.md` it drops every folder.)
    """

    folder: str = ""
    patterns: tuple[tuple[re.Pattern[str], bool], ...] = ()
    outer: Rules | None = None

    def ignores(self, path: str) -> bool:
        """Whether a path below `folder` is left out; a folder's path ends with a slash."""
        rules: Rules | None = self
        while rules is not None:
            below = path[len(rules.folder) :]
            for pattern, leaves_out in rules.patterns:
                if pattern.fullmatch(below):
                    return leaves_out
            rules = rules.outer
        return False

    def under(self, folder: str, lines: Iterable[str]) -> Rules:
        """These rules, and before them the lines of a folder in the tree; `folder` ends with a slash."""
        # What cannot be a pattern matches nothing, as in git.
        compiled = [pattern for line in lines if (pattern := _compiled(line)) is not None]
        return Rules(folder, tuple(reversed(compiled)), self) if compiled else self


def rules_above(folder: Path) -> Rules:
    """The rules that a repository's folders set for one of them, given by its real path.

    They are its parents' `.gitignore` files from the repository's root downwards, and `.git/info/exclude`.
    Where they leave the folder itself out there are none: who names such a folder wants what is in it.
    Raises OSError where one of the files cannot be read.
    """
    line = (folder, *folder.parents)
    root = next((place for place in line if (place / ".git").exists()), folder)
    rules = Rules().under(_slashed(root), lines_of(root / ".git" / "info" / "exclude"))
    for place in reversed(line[: line.index(root) + 1]):
        if place != root and rules.ignores(_slashed(place)):
            rules = Rules()
        if place != folder:
            rules = rules.under(_slashed(place), lines_of(place / ".gitignore"))
    return rules


def lines_of(path: Path) -> list[str]:
    """The lines of a `.gitignore` file, none where there is no such file; OSError where it cannot be read."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return []
    # Undecodable bytes become what they are in the names of files. Only a line feed ends a line.
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")
    return [line.removesuffix("\r") for line in text.split("\n")]


def _slashed(folder: Path) -> str:
    return folder.as_posix().rstrip("/") + "/"


_OPEN_END = re.compile(r"(?P<before>^!?|/)(?P<stars>\*\*?)(?P<slash>/?)\s*$")


def _compiled(line: str) -> tuple[re.Pattern[str], bool] | None:
    """A line as pathspec reads it, and whether it leaves out; None for a blank or a comment or no pattern."""
    from pathspec import GitIgnoreSpec

    # For a last `*` or `**` pathspec's expression stops early, since any name will do. Written in another way
    # the same pattern gets an expression that goes on to the end of the path, as `fullmatch` needs it.
    line = _OPEN_END.sub(
        lambda found: found["before"] + {"*": "?*", "**": "**/?*"}[found["stars"]] + found["slash"], line
    )
    try:
        patterns = GitIgnoreSpec.from_lines([line]).patterns
    except (ValueError, re.error):
        return None
    # A blank or a comment gives no pattern, or one without an expression.
    return next(((pattern.regex, bool(pattern.include)) for pattern in patterns if pattern.regex), None)
