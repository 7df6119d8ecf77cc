"""How fast one core takes JSON Lines to band keys: `python -m benchmarks.kernel [--print]`.

The whole of what the threads do: the strings found and read, cut into paragraphs, folded, split into words, shingles,
128 MinHash values, bands.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from random import Random

from benchmarks.corpora import ABC, DataMissing, abc_blocks, paragraphs, unpack
from benchmarks.inputs import FOLDER
from benchmarks.tables import README, machine, table, write_between
from dedup.kernel import kernel_name
from dedup.match.bands import plan_for
from dedup.match.rows import sketch_rows
from dedup.settings import Settings
from dedup.sources.rows import Chunk

MEGABYTES = 32
BATCH = 4 << 20
RUNS = 7


def _words(first: int, last: int) -> Callable[[Random], str]:
    """Words of 2 to 10 letters of a script."""
    return lambda random: "".join(chr(random.randint(first, last)) for _ in range(random.randint(2, 10)))


def _made(random: Random, word: Callable[[Random], str], joined: str, count: int) -> str:
    return joined.join(word(random) for _ in range(count)) + "."


def texts() -> dict[str, list[str]]:
    """Paragraphs of some hundred words in each of the scripts that are measured."""
    random = Random(1)
    FOLDER.mkdir(exist_ok=True)
    try:
        real = paragraphs(abc_blocks(unpack(ABC, FOLDER)))
        news = [text for text in real if text.isascii()]
    except DataMissing:
        news = [_made(random, _words(ord("a"), ord("z")), " ", 25) for _ in range(20_000)]
    return {
        "ASCII": [" ".join(news[at : at + 4]) for at in range(0, len(news) - 4, 4)],
        "Cyrillic": [_made(random, _words(0x430, 0x44F), " ", 98) for _ in range(4000)],
        "Chinese": [_made(random, lambda r: chr(r.randint(0x4E00, 0x5E00)), "", 200) for _ in range(6000)],
    }


def speed(shown: list[str]) -> float:
    """Megabytes a second of one core, the best of several runs."""
    lines = [json.dumps({"text": text}, ensure_ascii=False).encode() + b"\n" for text in shown]
    lines *= max(1, MEGABYTES * 1_000_000 // sum(map(len, lines)))
    batches, batch, size = [], [], 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if size >= BATCH:
            batches.append(b"".join(batch))
            batch, size = [], 0
    settings = Settings()
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        for data in batches:
            sketch_rows(Chunk(data), "text", settings, plan_for(settings), settings.min_words)
        best = min(best, time.process_time() - began)
    return sum(map(len, batches)) / best / 1e6


def main() -> None:
    """Measures, and writes the table into README.md unless told to print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--print", action="store_true", help="leave README.md alone")
    only_print = parser.parse_args().print
    rows = [[name, f"{speed(shown):,.0f}"] for name, shown in texts().items()]
    found = table(["text", "MB/s a core"], rows) + f"\n\nKernel: {kernel_name()}; {machine()}.\n"
    print(found)
    if not only_print:
        write_between(README, "kernel", found)


if __name__ == "__main__":
    main()
