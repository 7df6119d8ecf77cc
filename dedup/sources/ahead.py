"""Work that another thread does ahead, one piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

Item = TypeVar("Item")


def read_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made by another thread while the one before is at work."""
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(next, items, None)
        while (item := ahead.result()) is not None:
            ahead = pool.submit(next, items, None)
            yield item


def write_behind(items: Iterable[Item], write: Callable[[Item], Any]) -> None:
    """Writes items one after the other, each while the next is made."""
    with ThreadPoolExecutor(1) as pool:
        written: Future[Any] | None = None
        for item in items:
            if written is not None:
                written.result()
            written = pool.submit(write, item)
        if written is not None:
            written.result()
