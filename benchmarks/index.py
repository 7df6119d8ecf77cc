"""The index at a million paragraphs: what a batch takes, and what a paragraph takes on the disk.

python benchmarks/index.py [--paragraphs 1000000]
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

PER_DOCUMENT = 5
WORDS = 75


def vocabulary(seed: int, size: int = 30_000) -> list[str]:
    chosen = random.Random(seed)
    letters = "etaoinshrdlucmfwypvbgk"
    weights = [12, 9, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3, 2, 2, 2, 2, 2, 1, 1.5, 2, 1]
    return ["".join(chosen.choices(letters, weights, k=chosen.randint(2, 10))) for _ in range(size)]


def write(path: Path, documents: int, seed: int, repeats: list[str] | None = None) -> list[str]:
    """JSON Lines of distinct paragraphs, every tenth one of `repeats`; some of its own, to repeat."""
    chosen = random.Random(seed)
    words = vocabulary(1)
    frequent = [1 / (rank + 10) for rank in range(len(words))]
    cumulated: list[float] = []
    for weight in frequent:
        cumulated.append((cumulated[-1] if cumulated else 0) + weight)
    some = []
    with path.open("w") as out:
        for number in range(documents):
            drawn = chosen.choices(words, cum_weights=cumulated, k=PER_DOCUMENT * WORDS)
            paragraphs = []
            for at in range(PER_DOCUMENT):
                if repeats and chosen.random() < 0.1:
                    paragraphs.append(chosen.choice(repeats))
                else:
                    paragraphs.append(" ".join(drawn[at * WORDS : (at + 1) * WORDS]).capitalize() + ".")
            if number % 20 == 0:
                some.append(paragraphs[0])
            out.write(json.dumps({"id": number, "text": "\n\n".join(paragraphs)}) + "\n")
    return some


def timed(*arguments: str) -> tuple[float, float]:
    """Seconds and peak memory in MB of one run of the command."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "dedup", *arguments]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    _, said = process.communicate()
    seconds = time.perf_counter() - begin
    if process.returncode:
        sys.exit(said.decode())
    usage = 0.0
    if sys.platform == "linux":
        import resource

        usage = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return seconds, usage


def size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--paragraphs", type=int, default=1_000_000)
    parser.add_argument("--folder", help="where to work; kept, with the first index, for the next time")
    options = parser.parse_args()
    with TemporaryDirectory() as temporary:
        folder = Path(options.folder or temporary)
        folder.mkdir(exist_ok=True)
        index, out = folder / "index", folder / "out.jsonl"
        print(f"{'what':<48}{'seconds':>9}{'peak MB':>9}")
        first = folder / "first.jsonl"
        kept = folder / "repeats.json"
        if not index.exists():
            kept.write_text(json.dumps(write(first, options.paragraphs // PER_DOCUMENT, 1)))
            seconds, memory = timed("clean", str(first), "-o", str(out), "--index", str(index))
            print(f"{f'{options.paragraphs:,} paragraphs into a new index':<48}{seconds:>9.2f}{memory:>9.0f}")
            first.unlink()
        repeats = json.loads(kept.read_text())
        for number, documents in enumerate((10, 10, 10_000, 10_000, 10, 1)):
            batch = folder / "batch.jsonl"
            write(batch, documents, 100 + number + int(time.time()), repeats)
            for what, option in (("compared only", "--index-read"), ("added", "--index")):
                seconds, memory = timed("clean", str(batch), "-o", str(out), option, str(index))
                print(f"{f'a batch of {documents:,} documents, {what}':<48}{seconds:>9.2f}{memory:>9.0f}")
        rows = json.loads((index / "index.json").read_text())["next_row"]
        print(f"{size_of(index) / rows:.0f} bytes a paragraph on the disk, {rows:,} paragraphs")


if __name__ == "__main__":
    main()
