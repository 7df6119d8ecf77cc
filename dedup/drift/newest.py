"""When the wordings of a paragraph were written, as git knows it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from dedup.problems import DedupError
from dedup.report.model import Drift, Place, Wording
from dedup.sources.git import repository_of, run_git

_UNCOMMITTED = 1 << 62
"""The time of what is in no commit yet: later than all that is."""

_Times = Mapping[tuple[str, int], int]


def with_newest(groups: Sequence[Drift]) -> list[Drift]:
    """The groups with the wording marked that came last, where git knows it.

    A wording is as old as the oldest place where it stands, a place as old as its youngest line: what is pasted again
    later is no newer for it. No wording is marked where two came together, or where git does not know one.
    """
    places: dict[str, dict[int, Place]] = {}
    for place in (place for group in groups for place in group.places if place.batch is None):
        places.setdefault(place.document, {})[place.start] = place
    times: dict[tuple[str, int], int] = {}
    folders: dict[str, bool] = {}
    for document, found in places.items():
        folder = os.path.dirname(os.path.abspath(document))  # noqa: PTH100, PTH120 # links stay as they are
        if folder not in folders:
            folders[folder] = repository_of(Path(folder)) is not None
        if folders[folder]:
            times |= {(document, start): time for start, time in _times(Path(document), [*found.values()])}
    return [_marked(group, times) for group in groups]


def _marked(group: Drift, times: _Times) -> Drift:
    written = [_written(wording, times) for wording in group.wordings]
    known = [time for time in written if time is not None]
    last = max(known, default=0)
    sure = len(known) == len(written) and known.count(last) == 1
    return Drift(
        tuple(
            replace(wording, newest=sure and time == last, written=_day(time))
            for wording, time in zip(group.wordings, written, strict=True)
        )
    )


def _written(wording: Wording, times: _Times) -> int | None:
    found = (times.get((place.document, place.start)) for place in wording.places)
    return min((time for time in found if time is not None), default=None)


def _day(time: int | None) -> str | None:
    return (
        None if time is None or time == _UNCOMMITTED else datetime.fromtimestamp(time, UTC).date().isoformat()
    )


def _times(path: Path, places: Sequence[Place]) -> list[tuple[int, int]]:
    """For each place in a file where it begins and when the last of its lines was written; none git knows not of."""
    try:
        data = path.read_bytes()
        ranges = [_lines(data, place) for place in places]
        limits = [part for first, last in ranges for part in ("-L", f"{first},{last}")]
        blame = run_git(path.parent, ["blame", "--porcelain", *limits, "--", path.name])
    except OSError:
        return []
    except DedupError:
        return [(place.start, _UNCOMMITTED) for place in places] if _is_added(path) else []
    lines = _blamed(blame)
    return [
        (place.start, max(lines.get(line, 0) for line in range(first, last + 1)))
        for place, (first, last) in zip(places, ranges, strict=True)
    ]


def _lines(data: bytes, place: Place) -> tuple[int, int]:
    """The lines of a place as git counts them: it knows no carriage return, and no UTF-16."""
    end = place.start + len(data[place.start : place.end].rstrip(b"\r\n\0"))
    return data.count(b"\n", 0, place.start) + 1, data.count(b"\n", 0, end) + 1


def _is_added(path: Path) -> bool:
    """Whether a file is staged and in no commit yet."""
    added = ["--literal-pathspecs", "diff", "--cached", "--name-only", "--diff-filter=A", "--", path.name]
    try:
        return bool(run_git(path.parent, added))
    except DedupError:
        return False


def _blamed(blame: bytes) -> dict[int, int]:
    """When each line was written, by its number."""
    times: dict[bytes, int] = {}
    lines: dict[int, bytes] = {}
    commit, number = b"", 0
    for row in blame.split(b"\n"):
        if row.startswith(b"\t"):  # the line itself ends what is said of it
            lines[number], commit = commit, b""
        elif not commit and row:
            commit, _, final, *_ = row.split(b" ")
            number = int(final)
        elif row.startswith(b"author-time "):
            times[commit] = int(row.removeprefix(b"author-time "))
    return {line: times[commit] if commit.strip(b"0") else _UNCOMMITTED for line, commit in lines.items()}
