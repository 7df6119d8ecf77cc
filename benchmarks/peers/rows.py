"""What the scripts of all peers share: rows in, kept ids out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

THRESHOLD = 0.8
BANDS, ROWS = 25, 5


def read() -> tuple[list[str], list[str]]:
    """The ids and the texts of the file that the command line names."""
    import orjson

    with Path(sys.argv[1]).open("rb") as lines:
        rows = [orjson.loads(line) for line in lines]
    return [row["id"] for row in rows], [row["text"] for row in rows]


def shingles(text: str) -> list[str]:
    """The three-word shingles of a text."""
    words = text.lower().split()
    if len(words) < 3:
        return [" ".join(words)]
    return list(map(" ".join, zip(words, words[1:], words[2:], strict=False)))


def write(ids: Iterable[str]) -> None:
    """Writes the kept ids where the command line says."""
    with Path(sys.argv[2]).open("w", encoding="utf-8") as out:
        out.write("".join(f"{identity}\n" for identity in ids))
