"""The settings of a single document: those of the run, and what the rules that match its path change."""

from __future__ import annotations

import os
from collections.abc import Callable

from dedup.problems import DedupError
from dedup.settings import PathRule, Settings


class ByPath:
    """A run's settings by document."""

    def __init__(self, settings: Settings) -> None:
        """Raises DedupError where a glob of a rule is none."""
        self._settings = settings
        self._rules = [(rule, matcher(rule)) for rule in settings.per_path]
        self._root = settings.per_path_root
        self._folders: dict[str, str | None] = {}
        self._made: dict[tuple[str, ...], Settings] = {(): settings}

    def of(self, path: str) -> Settings:
        """The settings of a document, by its path as it is reported."""
        if not self._rules:
            return self._settings
        folder, name = os.path.split(path)
        if folder not in self._folders:
            self._folders[folder] = inside(folder, self._root)
        place = self._folders[folder]
        if place is None:
            return self._settings
        matching = [rule for rule, matches in self._rules if matches(place + name)]
        globs = tuple(rule.glob for rule in matching)
        if globs not in self._made:
            made = self._settings
            for rule in matching:
                made = made.with_rule(rule)
            self._made[globs] = made
        return self._made[globs]


def matcher(rule: PathRule) -> Callable[[str], bool]:
    """What tells whether a rule's glob matches a path with slashes; DedupError where it is no glob."""
    from dedup.sources.patterns import globs

    if rule.glob.startswith("!"):
        raise DedupError(f"{rule.name}: a glob says where values hold, so it cannot begin with '!'")
    return globs(rule.name, [rule.glob]).match_file


def inside(folder: str, root: str) -> str | None:
    """A folder relative to another, with slashes and one at its end; None where it does not lie in it.

    By its name as it was given where that says so, else by where links lead.
    """
    for real in (os.path.abspath, os.path.realpath):
        top = os.path.join(real(root), "")  # noqa: PTH118
        place = os.path.join(real(folder or os.curdir), "")  # noqa: PTH118
        if place.startswith(top):
            return place[len(top) :].replace(os.sep, "/")
    return None
