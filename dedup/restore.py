"""The way back: puts the removed bytes of a report where they stood."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from dedup.atomic import replacing
from dedup.problems import DedupError, Problem, reason_of
from dedup.report.model import DocumentEntry, Removal, Report
from dedup.sources.forms import form_of

Place = Callable[[DocumentEntry], Path | None]


@dataclass(slots=True)
class Restored:
    """What a restore did: the paths put back, those that are the original already, and the problems."""

    restored: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def restore(
    report: Report, root: Path | None = None, on_problem: Callable[[Problem], None] | None = None
) -> Restored:
    """Puts back what a clean took out, each file whole or not at all, where the exact original results.

    Works on the cleaned form: the report's output, or the file itself where it was cleaned in place. Paths
    are read from the current folder. With `root` they are read from there, or from the current folder, or
    taken as places in a tree that now is `root`: whichever finds the most files that the report knows.
    Nothing outside of `root`, or of the current folder, is touched. `on_problem` is called with each problem
    at once.
    """
    result = Restored()
    removals: defaultdict[str, list[Removal]] = defaultdict(list)
    for removal in report.removals:
        removals[removal.document].append(removal)
    entries = [entry for entry in report.documents if entry.path in removals]
    fence = Path(os.path.realpath(root or Path.cwd()))
    find = _way_to_find(entries, root, fence)
    for entry in entries:
        name = entry.output or entry.path
        try:
            if not _is_less_ranges(entry, report.settings.get("input_format")):
                raise DedupError(f"such a table is not put back; {entry.path} is as it was")
            path = find(entry)
            if path is None:
                raise DedupError(f"lies outside {root or 'the current folder (--root names another)'}")
            done = _restore_file(entry, removals[entry.path], path)
            (result.restored if done else result.already).append(name)
        except DedupError as error:
            _tell(Problem(name, str(error)), result, on_problem)
        except OSError as error:
            _tell(Problem(name, f"left as it is: {reason_of(error)}"), result, on_problem)
    known = {entry.path for entry in entries}
    for name in removals:
        if name not in known:
            _tell(Problem(name, "has removals and is not among the report's documents"), result, on_problem)
    return result


def _is_less_ranges(entry: DocumentEntry, otherwise: Any) -> bool:
    """Whether the cleaned form is the source less ranges of bytes, as no compressed table is, nor Parquet."""
    form = form_of(entry.path, otherwise)
    return form is None or (form.is_plain and form_of(entry.output or entry.path, form.kind) == form)


def _tell(problem: Problem, result: Restored, on_problem: Callable[[Problem], None] | None) -> None:
    result.problems.append(problem)
    if on_problem is not None:
        on_problem(problem)


def _way_to_find(entries: Sequence[DocumentEntry], root: Path | None, fence: Path) -> Place:
    """How the places of a report's documents are found; the same way for all, or two could meet at one."""
    here = within(fence, lambda entry: Path(entry.output or entry.path))
    if root is None:
        return here
    below = within(fence, lambda entry: root / (entry.output or entry.path))
    inside = within(fence, lambda entry: root / (entry.inside or entry.path))
    ways = (below, here, inside)
    known = [sum(_is_known(entry, way(entry)) for entry in entries) for way in ways]
    if any(known):
        return ways[known.index(max(known))]
    # Nothing is there, or nothing is as it was: the path as recorded, where that can be.
    return here if any(map(here, entries)) else below


def within(fence: Path, way: Callable[[DocumentEntry], Path]) -> Place:
    """The same way to find a document, which leads nowhere out of the folder `fence`, by no link either."""

    def find(entry: DocumentEntry) -> Path | None:
        try:
            real = Path(os.path.realpath(way(entry)))
        except ValueError:  # a NUL, or what no file name can hold
            return None
        return real if fence in real.parents else None

    return find


def _is_known(entry: DocumentEntry, path: Path | None) -> bool:
    try:
        return path is not None and _sha256(path.read_bytes()) in (entry.sha256_before, entry.sha256_after)
    except OSError:
        return False


def _restore_file(entry: DocumentEntry, removals: Sequence[Removal], path: Path) -> bool:
    """True where the file was put back, False where it is the original; a DedupError says why neither."""
    anew = entry.dropped and entry.output is not None and not os.path.lexists(path)
    try:
        cleaned = entry.rest if anew else path.read_bytes()
    except FileNotFoundError:
        raise DedupError("not found") from None
    found = _sha256(cleaned)
    if found == entry.sha256_before:
        return False
    if found != entry.sha256_after:
        raise DedupError("edited since; left as it is")
    original = put_back(cleaned, ((removal.start, removal.end, removal.raw) for removal in removals))
    if _sha256(original) != entry.sha256_before:
        raise DedupError("the report does not give the original; left as it is")
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as out:
        out.write(original)
    return True


def put_back(cleaned: bytes, removed: Iterable[tuple[int, int, bytes]]) -> bytes:
    """The source that became `cleaned` when ranges, given as offsets in it and their bytes, were cut out.

    Raises DedupError where there can be none: ranges that overlap, go backwards or reach beyond it.
    """
    return b"".join(_pieces(cleaned, removed))


def _pieces(cleaned: bytes, removed: Iterable[tuple[int, int, bytes]]) -> Iterator[bytes]:
    in_source = in_cleaned = 0
    for start, end, raw in removed:
        kept = start - in_source
        if kept < 0 or in_cleaned + kept > len(cleaned) or len(raw) != end - start:
            raise DedupError(f"bytes {start} to {end} of the report do not fit; left as it is")
        yield cleaned[in_cleaned : in_cleaned + kept]
        yield raw
        in_cleaned += kept
        in_source = end
    yield cleaned[in_cleaned:]


def _sha256(data: bytes) -> str:
    return sha256(data).hexdigest()
