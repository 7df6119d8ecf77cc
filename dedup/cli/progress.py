"""Progress on stderr, for long work on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

    from dedup.findings import Cleaned
    from dedup.rows import CleanedTable

    AnyCleaned = Cleaned | CleanedTable

PATIENCE = 1.0
"""Seconds without a word."""


def shown_progress(
    stream: Iterable[AnyCleaned], done: Callable[[], int], total: Callable[[], int]
) -> Iterator[AnyCleaned]:
    """The same stream, with a bar once it takes long; `done` and `total` give bytes."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield from stream
        return
    from dedup.rows import CleanedTable

    began = monotonic()
    bar: Progress | None = None

    def tick() -> None:
        nonlocal bar
        if bar is None and monotonic() - began > PATIENCE:
            bar = _bar()
            bar.start()
            bar.add_task("reading", total=total())
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done())

    try:
        for cleaned in stream:
            tick()
            if isinstance(cleaned, CleanedTable):
                cleaned.watch(tick)
            yield cleaned
    finally:
        if bar is not None:
            bar.stop()


def _bar() -> Progress:
    # Takes a twentieth of a second, which a short run need not spend.
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn

    return Progress(
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
    )
