"""The files of one directory: which of them are read, under which name, in which order.

The order is path order: by the first part of the relative path, then the second, and so on, each compared by
code points. It does not depend on the system, on its language, or on the order the directory is stored in.
"""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from stat import S_ISREG

from dedup.documents import Syntax
from dedup.problems import Problem, reason_of
from dedup.settings import Settings
from dedup.sources.attributes import not_written_here
from dedup.sources.forms import form_of
from dedup.sources.patterns import Rules, check_globs, globs, lines_of, rules_above

_SYNTAX: dict[str, Syntax] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mdown": "markdown",
    ".mkd": "markdown",
    ".mdx": "mdx",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".ipynb": "notebook",
    ".adoc": "asciidoc",
    ".asciidoc": "asciidoc",
    ".asc": "asciidoc",
    ".txt": "text",
    ".text": "text",
    ".rst": "rst",
    ".rest": "rst",
}


def syntax_of(name: str) -> Syntax:
    """How a file of this name is cut: by its ending, as plain text where that says nothing."""
    return _SYNTAX.get(PurePath(name).suffix.lower(), "text")


def shown(path: PurePath) -> str:
    """A path as it is reported: with slashes, without `.` parts; only standard input is called `-`.

    `..` stays, since what it means depends on the links before it.
    """
    name = path.as_posix()
    return "./-" if name == "-" else name


def why_not(path: str, error: OSError) -> str:
    """The reason why a path cannot be followed, in plain words; a link that leads nowhere is told as such."""
    if error.errno in _BAD_LINK and Path(path).is_symlink():
        return _BAD_LINK[error.errno]
    return reason_of(error)


_BAD_LINK = {errno.ENOENT: "broken symlink", errno.ENOTDIR: "broken symlink", errno.ELOOP: "symlink loop"}


@dataclass(frozen=True, slots=True)
class File:
    """A file to read.

    `path` and `inside` are those of its Document, `real` is its real path, by which it is opened and known.
    `named` says whether it is an argument itself.
    """

    path: str
    inside: str
    real: str
    size: int
    named: bool = False


class Choice:
    """Which paths inside a directory are read, by the settings `include` and `exclude`.

    With `tables` those are read that are called like tables; where `input_format` is set, all but what begins with an
    underscore.
    """

    def __init__(self, settings: Settings, *, tables: bool = False) -> None:
        """DedupError names a bad glob."""
        self._form = settings.input_format
        self._tables = tables or self._form is not None
        self._include = globs("include", settings.include) if settings.include else None
        check_globs("exclude", settings.exclude)
        self._exclude = Rules().under("", settings.exclude)
        self.excludes_any = bool(settings.exclude)

    def excludes(self, inside: str) -> bool:
        """Whether a path is taken away; a folder's path ends with a slash."""
        return self._exclude.ignores(inside)

    def includes(self, inside: str) -> bool:
        """Whether a file is of a kind that is read."""
        if self._include is None and self._tables:
            # What begins so is a note of those who wrote the parts: _SUCCESS, _metadata.
            return not PurePath(inside).name.startswith("_") and form_of(inside, self._form) is not None
        if self._include is None:
            return os.path.splitext(inside)[1].lower() in _SYNTAX  # noqa: PTH122 - it is asked of thousands
        return self._include.match_file(inside)


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder or a symbolic link in the tree.

    `inside` is its path in the tree (a folder's ends with a slash, the tree's own is empty), `real` where it
    really lies, `rules` are those of the folders above it.
    """

    inside: str
    real: str
    rules: Rules


class Walk:
    """The files of one directory argument, found when the object is made.

    `files` are in path order, and each is there once, under its own path rather than a link's. `other` counts
    what was passed over because its name is none of a text, it is no file, or it is a link out of the tree,
    `not_written_here` by kind what git's attributes call generated or vendored.

    Symbolic links come last: most lead to what the tree has anyway. What is left is reached through them if
    it lies in the tree.
    """

    def __init__(
        self,
        argument: str,
        choice: Choice,
        on_problem: Callable[[Problem], None],
        closed: Iterable[str] = (),
    ) -> None:
        """`on_problem` is told what goes wrong, `closed` are the real paths of folders, and of files, to
        keep out of."""
        self._shown = PurePath(argument)
        self._root = Path(os.path.realpath(argument))
        self._choice = choice
        self._on_problem = on_problem
        self._closed = [folder for folder in map(Path, closed) if self._root in folder.parents]
        self._seen: set[str] = set()
        self._links: list[_Place] = []
        self.files: list[File] = []
        self.other = 0
        self.not_written_here: Counter[str] = Counter()
        self._attributes: list[str] = []

        self._go_through(_Place("", str(self._root), self._rules_above()))
        while self._links:
            links, self._links = self._links, []
            for link in links:
                self._follow(link)
        self.files.sort(key=lambda file: file.inside.split("/"))
        self._leave_out_generated()

    def _leave_out_generated(self) -> None:
        kinds = not_written_here(self._root, [file.inside for file in self.files], self._attributes)
        if kinds:
            self.files = [file for file in self.files if file.inside not in kinds]
            self.not_written_here.update(kinds.values())

    def _rules_above(self) -> Rules:
        try:
            return rules_above(self._root)
        except OSError as error:
            self._on_problem(Problem(str(error.filename), reason_of(error)))
            return Rules()

    def _go_through(self, top: _Place) -> None:
        folders = [top]
        while folders:
            folder = folders.pop()
            if folder.real in self._seen or Path(folder.real) in self._closed:
                continue
            self._seen.add(folder.real)
            try:
                folders.extend(reversed(self._look_into(folder)))
            except OSError as error:
                self._tell(folder.inside, reason_of(error))

    def _look_into(self, folder: _Place) -> list[_Place]:
        """Takes the files of a folder, puts its links by for later, and gives the folders in it."""
        with os.scandir(folder.real) as found:
            entries = sorted(found, key=lambda entry: entry.name)
        rules = self._rules_in(folder)
        folders = []
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            place = _Place(folder.inside + entry.name + "/" * is_folder, entry.path, rules)
            if entry.name == ".gitattributes":
                self._attributes.append(entry.path)
            if entry.name.startswith(".") or self._choice.excludes(place.inside):
                continue
            if rules.ignores(self._absolute(place.inside)):
                continue
            if entry.is_symlink():
                self._links.append(place)
            elif is_folder:
                folders.append(place)
            else:
                self._take(place.inside, place.real)
        return folders

    def _rules_in(self, folder: _Place) -> Rules:
        try:
            lines = lines_of(Path(folder.real, ".gitignore"))
        except OSError as error:
            self._tell(folder.inside + ".gitignore", reason_of(error))
            return folder.rules
        return folder.rules.under(self._absolute(folder.inside), lines)

    def _follow(self, link: _Place) -> None:
        try:
            target = Path(os.path.realpath(link.real, strict=True))
        except OSError as error:
            self._tell(link.inside, why_not(link.real, error))
            return
        lines = (target, *target.parents)
        if self._root not in lines or any(folder in lines for folder in self._closed):
            self.other += 1
        elif not target.is_dir():
            self._take(link.inside, str(target))
        elif target in Path(link.real).parents:
            self._tell(link.inside, _BAD_LINK[errno.ELOOP])
        elif not self._choice.excludes(link.inside + "/"):
            self._go_through(_Place(link.inside + "/", str(target), link.rules))

    def _take(self, inside: str, real: str) -> None:
        if self._closed and Path(real) in self._closed:
            return
        if not self._choice.includes(inside):
            self.other += 1
            return
        try:
            status = Path(real).stat()
        except OSError as error:
            self._tell(inside, reason_of(error))
            return
        if not S_ISREG(status.st_mode):
            self.other += 1
        elif real not in self._seen:
            self._seen.add(real)
            self.files.append(File(self._path(inside), inside, real, status.st_size))

    def _tell(self, inside: str, reason: str) -> None:
        self._on_problem(Problem(self._path(inside), reason))

    def _path(self, inside: str) -> str:
        return shown(self._shown / inside)

    def _absolute(self, inside: str) -> str:
        return self._root.as_posix().rstrip("/") + "/" + inside
