"""Which lines were changed since a commit, asked of git."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from dataclasses import dataclass
from pathlib import Path

from dedup.gate.hunks import Hunks, changes_of
from dedup.problems import DedupError
from dedup.report.model import Finding
from dedup.sources.forms import STDIN
from dedup.sources.git import run_git


@dataclass(frozen=True, slots=True)
class _Repository:
    """What was changed in a work tree, by the path in it; None for a file of which every line counts."""

    top: Path
    base: str
    tracked: frozenset[str]
    changed: dict[str, Hunks | None]


class Changes:
    """The lines that differ between the work tree and where it and `ref` parted.

    What git does not track is new as a whole. A submodule is compared with its commit at that time.
    """

    def __init__(self, ref: str) -> None:
        self.ref = ref
        self._tops: dict[Path, Path | None] = {}
        self._repositories: dict[Path, _Repository] = {}
        self._real: dict[str, str] = {}
        self._files: dict[str, tuple[bytes, list[int]]] = {}
        # The one that was called from: what it holds as a submodule is its submodule.
        self._home = self._top_of(Path.cwd())

    def are_in(self, path: str) -> bool:
        """Whether lines of a file were changed.

        Raises DedupError where that cannot be said: it is standard input or in no repository, or there is no such
        commit.
        """
        hunks = self._hunks(path)
        return hunks is None or bool(hunks)

    def touch(self, finding: Finding) -> bool:
        """Whether lines of a finding or of its twin were changed."""
        kept = finding.kept
        if self._touch(finding.document, finding.start, finding.end):
            return True
        # What an index remembers is of an earlier batch.
        return kept.text is None and self._touch(kept.document, kept.start, kept.end)

    def _touch(self, path: str, start: int, end: int) -> bool:
        hunks = self._hunks(path)
        if not hunks:
            return hunks is None
        data, breaks = self._file(path)
        # The blank lines that go with a block, of a quotation too, are not its own.
        own = len(data[start:end].rstrip(b" \t\r\n>"))
        first, last = (bisect_left(breaks, at) + 1 for at in (start, start + max(own, 1) - 1))
        return any(first <= until and last >= since for since, until in hunks)

    def _file(self, path: str) -> tuple[bytes, list[int]]:
        """The bytes of a file, and where its lines end as git counts them."""
        if path not in self._files:
            try:
                data = Path(path).read_bytes()
            except OSError:
                data = b""
            self._files[path] = data, [match.start() for match in re.finditer(rb"\n", data)]
        return self._files[path]

    def _hunks(self, path: str) -> Hunks | None:
        if path == STDIN:
            raise DedupError(f"--since {self.ref}: standard input has no history")
        if path not in self._real:
            self._real[path] = os.path.realpath(path)
        real = Path(self._real[path])
        top = self._top_of(real.parent)
        if top is None:
            raise DedupError(f"--since {self.ref}: {path}: not in a git repository")
        repository = self._repository(top)
        name = real.relative_to(top).as_posix()
        return repository.changed.get(name, []) if name in repository.tracked else None

    def _top_of(self, folder: Path) -> Path | None:
        """The top of the work tree that a folder is in: of the nearest, which git would take."""
        if folder not in self._tops:
            if os.path.lexists(folder / ".git"):
                self._tops[folder] = folder
            else:
                self._tops[folder] = None if folder.parent == folder else self._top_of(folder.parent)
        return self._tops[folder]

    def _repository(self, top: Path) -> _Repository:
        if top not in self._repositories:
            base = self._base(top)
            if base is None:
                self._repositories[top] = _Repository(top, "", frozenset(), {})
            else:
                listed = _git(top, "ls-files", "-z").split(b"\0")
                tracked = frozenset(os.fsdecode(name) for name in listed if name)
                self._repositories[top] = _Repository(top, base, tracked, changes_of(top, base))
        return self._repositories[top]

    def _base(self, top: Path) -> str | None:
        """The commit that a work tree is compared with; None for a submodule that was none at that time."""
        above = self._superproject(top)
        if above is not None:
            base = self._repository(above).base
            if not base:
                return None
            entry = _git(above, "ls-tree", "-z", base, "--", top.relative_to(above).as_posix())
            match = re.match(rb"160000 commit ([0-9a-f]+)\t", entry)
            return match[1].decode() if match else None
        return self._parting(top)

    def _superproject(self, top: Path) -> Path | None:
        """The work tree that another is a submodule of, if that is the one called from or in it."""
        if self._home is None or self._home not in top.parents:
            return None
        told = os.fsdecode(_git(top, "rev-parse", "--show-superproject-working-tree").rstrip(b"\r\n"))
        return Path(os.path.realpath(told)) if told else None

    def _parting(self, top: Path) -> str:
        try:
            if not self.ref or self.ref.startswith("-"):
                raise DedupError("not the name of a commit")
            commits = [
                _git(top, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}").decode().strip()
                for name in (self.ref, "HEAD")
            ]
        except DedupError as error:
            # Of what is no commit git says nothing; of a folder that it does not trust it does.
            silent = str(error).startswith("git: exit status")
            raise DedupError(
                f"--since {self.ref}: {f'no such commit in {top}' if silent else error}"
            ) from None
        try:
            return _git(top, "merge-base", *commits).decode().split()[0]
        except DedupError:
            raise DedupError(
                f"--since {self.ref}: has no commit in common with HEAD; of a shallow clone fetch more, "
                "as with git fetch --unshallow"
            ) from None


def _git(top: Path, *arguments: str) -> bytes:
    return run_git(top, arguments, own=True)
