"""The PATH arguments as one stream of documents, each file read when its turn comes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container, Iterator, Sequence
from glob import glob
from hashlib import sha256
from pathlib import Path, PurePath
from stat import S_ISDIR, S_ISREG

from dedup.documents import Document, Syntax
from dedup.problems import Problem, reason_of
from dedup.settings import Settings
from dedup.sources.encoding import Binary, NotText, decode
from dedup.sources.forms import STDIN, Form, Table, form_of
from dedup.sources.patterns import globs
from dedup.sources.walk import Choice, File, Walk, shown, syntax_of, why_not


def expand(paths: Sequence[str]) -> list[str]:
    """The arguments, each that is a glob and no file replaced by the files that it matches, in path order."""
    return [name for path in paths for name in _matches(path)]


def _matches(path: str) -> list[str]:
    if not set(path) & set("*?[") or os.path.lexists(path):
        return [path]
    found = glob(path, recursive=True)  # noqa: PTH207 - Path.glob does not take absolute ones
    return sorted(found, key=lambda name: name.split("/")) or [path]


class Sources:
    """The documents and tables of files, directories and standard input (`-`), in the order in which they count.

    That is the order of the arguments, and path order inside a directory; what `settings.prefer` matches
    comes first. A file that two arguments lead to is read once, at its first place. Iterate once.

    `problems` are the inputs that could not be worked on, up to now; `on_problem` is called with each of them
    at once, `on_note` with what is worth a word and no error. `passed_over` counts what directories hold besides
    text: `binary` files, which were opened and hold a NUL, and what was not opened: `generated` and `vendored` files
    by git's attributes, and `other` things. `len()` and `total_bytes` tell how much there is to read; the bytes of
    standard input are not known before.
    """

    def __init__(
        self,
        paths: Sequence[str],
        settings: Settings,
        *,
        exclude_dirs: Sequence[str] = (),
        stdin_syntax: Syntax = "text",
        on_problem: Callable[[Problem], None] | None = None,
        on_note: Callable[[Problem], None] | None = None,
    ) -> None:
        """Lists the files. What lies in `exclude_dirs`, or is named there, is not found in directories; it can be named
        itself.

        Raises DedupError where a glob of the settings is none.
        """
        self.problems: list[Problem] = []
        self.passed_over: dict[str, int] = {}
        self.tables_passed: list[str] = []
        self._on_problem = on_problem
        self._stdin: bytes | None = None
        self.stdin_digest = sha256()
        self._stdin_syntax = stdin_syntax
        self._on_note = on_note or (lambda note: None)
        self._settings = settings
        self._choice = Choice(settings)
        self._closed = [os.path.realpath(folder) for folder in exclude_dirs]

        files: dict[str, File] = {}
        for argument in paths:
            for file in self._list(argument):
                files.setdefault(file.real, file)
        self._files = list(files.values())
        if settings.prefer:
            preferred = globs("prefer", settings.prefer)
            self._files.sort(key=lambda file: not preferred.match_file(file.path))
        self.total_bytes = sum(file.size for file in self._files)

    def __len__(self) -> int:
        return len(self._files)

    @property
    def files(self) -> Sequence[File]:
        """What there is to read, in order."""
        return self._files

    def leave_out(self, real: Container[str]) -> None:
        """Reads none of the files of these real paths."""
        self._files = [file for file in self._files if file.real not in real]
        self.total_bytes = sum(file.size for file in self._files)

    def put_last(self, is_late: Callable[[File], bool]) -> None:
        """Lets some files come after all others; the order is else as it was."""
        self._files.sort(key=is_late)

    def take_stdin(self) -> bytes | None:
        """Reads standard input now, if it is to be read, for the turn that it has; None where it is a table.

        Of that each row is passed on when it is there; `stdin_digest` is the hash of what was read of it so far.
        """
        if self._settings.input_format is not None:
            return None
        if self._stdin is None and any(file.real == STDIN for file in self._files):
            self._stdin = _standard_input()
        return self._stdin or b""

    def __iter__(self) -> Iterator[Document | Table]:
        # Not a loop with a variable: that would hold one document while the next is read.
        yield from filter(None, map(self._read, self._files))

    def tables(self) -> Iterator[tuple[str, Form]]:
        """The paths and forms of those that are tables."""
        for file in self._files:
            form = self._form(file)
            if form is not None:
                yield file.path, form

    def _list(self, argument: str) -> list[File]:
        if argument == STDIN:
            return [File(STDIN, STDIN, STDIN, 0, named=True)]
        try:
            # An empty path would mean the current folder to Path.
            status = os.stat(argument)  # noqa: PTH116
        except OSError as error:
            self._tell(argument, why_not(argument, error))
            return []
        if S_ISDIR(status.st_mode):
            return self._list_directory(argument)
        if S_ISREG(status.st_mode):
            path = Path(argument)
            return [File(shown(path), path.name, os.path.realpath(path), status.st_size, named=True)]
        self._tell(argument, "not a regular file")
        return []

    def _list_directory(self, argument: str) -> list[File]:
        before = len(self.problems)
        walk = Walk(argument, self._choice, self._note, self._closed)
        if walk.files and walk.other and not self._settings.include and self._settings.input_format is None:
            tables = Walk(
                argument, Choice(self._settings, tables=True), lambda problem: None, self._closed
            ).files
            if tables:
                self.tables_passed.append(argument)
                what = f"{len(tables):,} tables in it are" if len(tables) > 1 else "a table in it is"
                example = f"--include '*{PurePath(tables[0].path).suffix}'"
                self._on_note(
                    Problem(argument, f"holds texts, so {what} passed over; {example} reads tables")
                )
        if not walk.files and walk.other and not self._settings.include:  # the parts of a table, maybe
            walk = Walk(argument, Choice(self._settings, tables=True), lambda problem: None, self._closed)
        self._pass_over("other", walk.other)
        for kind, count in walk.not_written_here.items():
            self._pass_over(kind, count)
        if not walk.files and not walk.not_written_here and len(self.problems) == before:
            self._tell(argument, "no text in this directory")
        return walk.files

    def _read(self, file: File) -> Document | Table | None:
        form = self._form(file)
        if form is not None:
            tell = (self._note, self._on_note)
            return Table(file.path, file.real, file.inside, form, *tell, digest=self.stdin_digest)
        try:
            data = self.take_stdin() or b"" if file.real == STDIN else Path(file.real).read_bytes()
        except OSError as error:
            self._note(Problem(file.path, reason_of(error)))
            return None
        syntax = self._stdin_syntax if file.real == STDIN else syntax_of(file.path)
        try:
            return decode(file.path, data, syntax, file.inside)
        except NotText as error:
            if isinstance(error, Binary) and not file.named:
                self._pass_over("binary", 1)
            else:
                self._note(Problem(file.path, str(error)))
            return None

    def _form(self, file: File) -> Form | None:
        """The form of a table; None of a document."""
        is_markup = syntax_of(file.path) != "text" and file.real != STDIN
        return form_of(file.path, None if is_markup else self._settings.input_format)

    def _pass_over(self, kind: str, count: int) -> None:
        if count:
            self.passed_over[kind] = self.passed_over.get(kind, 0) + count

    def _tell(self, argument: str, reason: str) -> None:
        self._note(Problem(shown(Path(argument)) if argument else "''", reason))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)
        if self._on_problem is not None:
            self._on_problem(problem)


def _standard_input() -> bytes:
    if sys.stdin is None:  # what Python makes of a closed one
        raise OSError("standard input is closed")
    return sys.stdin.buffer.read()
