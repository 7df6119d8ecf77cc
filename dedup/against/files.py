"""Which files a run is compared with: those that git tracks, else those that a walk finds."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from stat import S_ISREG

from dedup.problems import DedupError, Problem
from dedup.settings import Settings
from dedup.sources.attributes import not_written_here
from dedup.sources.forms import form_of
from dedup.sources.git import tracked_files
from dedup.sources.walk import Choice, Walk, shown, why_not


@dataclass(frozen=True, slots=True)
class Known:
    """A file to compare with: its path as it is reported, its real path, and what tells that it has not changed."""

    path: str
    inside: str
    real: str
    state: tuple[int, int, int]


def find_files(
    arguments: Sequence[str],
    settings: Settings,
    without: Container[str],
    on_problem: Callable[[Problem], None],
) -> list[Known]:
    """The files that the arguments name, each once, in the order of the arguments and in path order inside a folder.

    Of a folder in a git repository these are the files that git tracks: what lies beside them is not part of what is
    committed. `without` holds the real paths of files that are left out.
    """
    found: dict[str, Known] = {}
    for argument in arguments:
        for path, inside, real in _list(argument, settings, on_problem):
            if real in without or real in found:
                continue
            try:
                status = os.lstat(real)
            except OSError:
                continue  # tracked, and deleted since
            if S_ISREG(status.st_mode):  # what a link leads to is tracked itself
                state = (status.st_size, status.st_mtime_ns, status.st_ctime_ns)
                found[real] = Known(path, inside, real, state)
    return list(found.values())


def not_read(real: Collection[str], arguments: Sequence[str], settings: Settings) -> set[str]:
    """Those of some files, by their real paths, that lie in a folder of the arguments and would not be read there.

    A hook is given each file that changed by its name, and knows nothing of what the settings leave out.
    """
    choice = Choice(settings.with_(input_format=None))
    found: set[str] = set()
    for argument in arguments:
        root = Path(os.path.realpath(argument))
        top = f"{root}{os.sep}"
        inside = {path[len(top) :].replace(os.sep, "/"): path for path in real if path.startswith(top)}
        folders = {folder for name in inside for folder in PurePath(name).parents}
        attributes = [str(root / folder / ".gitattributes") for folder in folders]
        left_out = not_written_here(root, list(inside), attributes)
        found |= {path for name, path in inside.items() if name in left_out or not _is_read(name, choice)}
    return found


def _list(
    argument: str, settings: Settings, on_problem: Callable[[Problem], None]
) -> list[tuple[str, str, str]]:
    """The path, the path below the argument and the real path of each file that an argument names."""
    folder = Path(argument)
    if not folder.is_dir():
        try:
            os.stat(argument)  # noqa: PTH116 - an empty path is not the current folder
        except OSError as error:
            raise DedupError(f"--against {argument}: {why_not(argument, error)}") from None
        return [(shown(folder), folder.name, os.path.realpath(argument))]
    choice = Choice(settings.with_(input_format=None))
    tracked = tracked_files(folder)
    if tracked is None:
        walk = Walk(argument, choice, on_problem)
        return [(file.path, file.inside, file.real) for file in walk.files]
    root = os.path.realpath(folder)
    before = "" if shown(folder) == "." else shown(folder).rstrip("/") + "/"
    wanted = [inside for inside in tracked if _is_read(inside, choice)]
    if settings.include:
        wanted = [inside for inside in wanted if form_of(inside, None) is None]
    wanted.sort(key=lambda inside: inside.split("/"))
    attributes = [name for name in tracked if name.endswith(".gitattributes")]
    left_out = not_written_here(Path(root), wanted, (str(Path(root, name)) for name in attributes))
    wanted = [inside for inside in wanted if inside not in left_out]
    return [(before + inside, inside, os.path.join(root, inside.replace("/", os.sep))) for inside in wanted]  # noqa: PTH118


def _is_read(inside: str, choice: Choice) -> bool:
    """Whether a walk would read a file that git tracks: it is of a kind that is read, not hidden, not excluded."""
    if inside.startswith(".") or "/." in inside or not choice.includes(inside):
        return False
    if not choice.excludes_any:
        return True
    parts = inside.split("/")
    folders = ("/".join(parts[:n]) + "/" for n in range(1, len(parts)))
    return not any(map(choice.excludes, (*folders, inside)))
