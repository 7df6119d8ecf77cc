"""Cleaned bytes, and where they go: a file, a folder that mirrors the input, or the inputs' own place."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, TypeGuard

from dedup.atomic import replacing
from dedup.problems import DedupError, Problem, reason_of
from dedup.report.model import DocumentEntry, Removal, Report

if TYPE_CHECKING:
    from dedup.findings import Cleaned
    from dedup.rows import CleanedTable
    from dedup.settings import Settings
    from dedup.sources import Sources

STDIN = "-"
STDIN_NAME = "stdin"


def cut_out(source: bytes, ranges: Iterable[tuple[int, int]]) -> bytes:
    """`source` without the given ranges; a ValueError where they overlap, go backwards or reach beyond it."""
    kept: list[bytes] = []
    position = 0
    for start, end in ranges:
        if not position <= start <= end <= len(source):
            raise ValueError(f"bytes {start} to {end} cannot be cut out of {len(source)}, {position} passed")
        kept.append(source[position:start])
        position = end
    kept.append(source[position:])
    return b"".join(kept)


class Destination:
    """Where the cleaned form of each document is written.

    A file, where one document was named and `dest` is no folder. Else a folder: one directory's tree is
    mirrored in it, and of several arguments the tree below the folder that is common to them.
    """

    def __init__(self, dest: str, paths: Sequence[str], on_problem: Callable[[Problem], None]) -> None:
        """Raises DedupError where `dest` cannot take the documents of `paths`, or would overwrite them."""
        if not dest:  # an unset variable of a script: the current folder is not meant
            raise DedupError("the output has no name")
        self.path = Path(dest)
        self.is_folder = (
            len(paths) > 1 or dest.endswith("/") or self.path.is_dir() or any(map(os.path.isdir, paths))
        )
        self._on_problem = on_problem
        self._real = os.path.realpath(dest)
        # By device and inode, which also tells names that differ and lead to one file.
        self._inputs: set[tuple[int, int]] = set()
        self._outputs: set[tuple[int, int]] = set()
        self._base = _common_folder(paths) if len(paths) > 1 else None
        self._guard(paths)

    def _guard(self, paths: Sequence[str]) -> None:
        if self.is_folder and self.path.exists() and not self.path.is_dir():
            raise DedupError(f"{self.path}: is a file, and several documents need a folder")
        for path in filter(os.path.exists, paths):
            if Path(path).is_dir():
                real = os.path.realpath(path)
                if real == self._real:
                    raise DedupError(f"{self.path}: is the input itself; use --in-place")
                if _lies_in(real, self._real):
                    raise DedupError(
                        f"{self.path}: holds the input {path}; write elsewhere or use --in-place"
                    )
                continue
            target = self._target(self._named(path, Path(path).name)) if self.is_folder else self.path
            # As it will be once folders on the way are made: `new/../a` is `a`.
            final = Path(os.path.realpath(target))
            if final.exists() and final.samefile(path):
                raise DedupError(f"{target}: is an input; use --in-place")

    def write(self, cleaned: Cleaned | CleanedTable, *, drop_empty: bool = False) -> DocumentEntry:
        """Writes a document or table, whole or not at all, and gives its entry with the place where it now is.

        With `drop_empty` a document of which nothing is left is not written. What cannot be written is a
        Problem, and the entry names no output.
        """
        try:
            return self._write(cleaned, drop_empty)
        except DedupError as error:
            self._on_problem(Problem(cleaned.path, str(error)))
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            self._on_problem(Problem(cleaned.path, f"not written: {place}{reason_of(error)}"))
        if is_table(cleaned):
            cleaned.finish()  # what comes next is compared with all of it
        return cleaned.entry

    def _write(self, cleaned: Cleaned | CleanedTable, drop_empty: bool) -> DocumentEntry:
        inside = self._named(cleaned.path, cleaned.inside) if self.is_folder else self.path.name
        target = self._target(inside) if self.is_folder else self.path
        if drop_empty and cleaned.empty:
            rest = b"".join(cleaned.parts())
            return replace(cleaned.entry, output=target.as_posix(), inside=inside, dropped=True, rest=rest)
        mode = self._mode_of(cleaned.path)
        for taken, reason in (
            (self._inputs, "is also an input"),
            (self._outputs, "is already written to"),
        ):
            if target.exists() and _identity(target.stat()) in taken:
                raise DedupError(f"not written: {target} {reason}")
        target.parent.mkdir(parents=True, exist_ok=True)
        # The source stays; to wait for the disk with each file would take longer than all the rest.
        with replacing(target, mode, durable=False) as out:
            _write_all(cleaned, out, target.name)
        self._outputs.add(_identity(target.stat()))
        return replace(cleaned.entry, output=target.as_posix(), inside=inside)

    def _named(self, path: str, inside: str) -> str:
        """The path of a document below the folder."""
        if path == STDIN:
            return STDIN_NAME
        if self._base is None:
            return inside
        return Path(os.path.relpath(path, self._base)).as_posix()

    def _target(self, inside: str) -> Path:
        parts = PurePosixPath(inside)
        target = self.path / parts
        # The second: a link that lies in the folder from before may lead anywhere.
        if ".." in parts.parts or parts.is_absolute() or not _lies_in(os.path.realpath(target), self._real):
            raise DedupError(f"not written: {target} lies outside {self.path}")
        return target

    def _mode_of(self, path: str) -> int | None:
        if path == STDIN:
            return None
        try:
            status = Path(path).stat()
        except OSError:  # gone since it was read, or never a file
            return None
        self._inputs.add(_identity(status))
        return status.st_mode


def _write_all(cleaned: Cleaned | CleanedTable, out: BinaryIO, name: str) -> None:
    """Writes a document as it is, a table in the form that a file of this name has."""
    if not is_table(cleaned):
        write_parts(cleaned.parts(), out)
        return
    from dedup.sources.forms import form_of
    from dedup.tables import write_table

    write_table(cleaned, out, form_of(name) or cleaned.form)


def is_table(cleaned: Cleaned | CleanedTable) -> TypeGuard[CleanedTable]:
    """Whether it is a table."""
    from dedup.rows import CleanedTable

    return isinstance(cleaned, CleanedTable)


def write_parts(parts: Iterator[bytes], out: BinaryIO) -> None:
    """Writes parts one after the other, each while the next is made."""
    first = next(parts, b"")
    second = next(parts, None)
    if second is None:  # as of every document
        out.write(first)
        return
    from dedup.sources.ahead import write_behind  # brings the thread pool, which a document need not wait for

    write_behind(chain((first, second), parts), out.write)


def _common_folder(paths: Sequence[str]) -> str:
    # By name, links not followed: documents are named as the arguments are.
    folders = [
        os.path.abspath(path if Path(path).is_dir() else Path(path).parent)  # noqa: PTH100
        for path in paths
        if Path(path).exists() and path != STDIN
    ]
    return os.path.commonpath(folders) if folders else str(Path.cwd())


def _lies_in(real: str, folder: str) -> bool:
    return Path(folder) in Path(real).parents


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def check_in_place(sources: Sources, settings: Settings) -> None:
    """DedupError where there is a table whose file cannot be changed in place so that it can be put back."""
    for path, form in sources.tables():
        if not form.is_plain:
            raise DedupError(f"{path}: {form} cannot be cleaned in place; use -o")
        if settings.on_error == "skip":
            raise DedupError(f"{path}: rows that are left out could not be put back in place; use -o")


def clean_in_place(report: Report, on_problem: Callable[[Problem], None]) -> None:
    """Takes the report's removals out of the documents' own files, each replaced whole or not at all.

    The report must be on the disk before this is called. A file that is not what was read is left alone.
    """
    removals: defaultdict[str, list[Removal]] = defaultdict(list)
    for removal in report.removals:
        removals[removal.document].append(removal)
    for entry in report.documents:
        if entry.path not in removals:
            continue
        try:
            _clean_file(entry, removals[entry.path])
        except DedupError as error:
            on_problem(Problem(entry.path, str(error)))
        except OSError as error:
            on_problem(Problem(entry.path, f"left as it is: {reason_of(error)}"))


def _clean_file(entry: DocumentEntry, removals: Sequence[Removal]) -> None:
    path = Path(entry.path)
    source = path.read_bytes()
    if sha256(source).hexdigest() != entry.sha256_before:
        raise DedupError("changed while dedup ran; left as it is")
    # A file can be replaced where its folder can be written to; who made it read-only meant it to stay.
    if not os.access(path, os.W_OK):
        raise DedupError("is read-only; left as it is")
    with replacing(path) as out:
        out.write(cut_out(source, ((removal.start, removal.end) for removal in removals)))
