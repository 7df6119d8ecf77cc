"""Work that another thread does ahead, one piece."""

from __future__ import annotations

from collections import deque
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


def write_behind(items: Iterable[Item], write: Callable[[Item], Any], waiting: int = 1) -> None:
    """Writes items one after the other while the next are made; no more than `waiting` wait to be written."""
    with ThreadPoolExecutor(1) as pool:
        written: deque[Future[Any]] = deque()
        for item in items:
            if len(written) == waiting:
                written.popleft().result()
            written.append(pool.submit(write, item))
        while written:
            written.popleft().result()
