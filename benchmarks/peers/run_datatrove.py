"""datatrove: its four stages of MinHash, each with one task a core."""

import os
import sys
import tempfile
from pathlib import Path

import orjson
import rows
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.utils.hashing import HashConfig
from datatrove.utils.text import TextNormConfig

CORES = os.cpu_count() or 1


def split(source: Path, folder: Path) -> None:
    """The lines in as many files as there are cores: datatrove gives each task whole files."""
    lines = source.read_bytes().splitlines(keepends=True)
    share = -(-len(lines) // CORES)
    folder.mkdir()
    for number in range(CORES):
        part = lines[number * share : (number + 1) * share]
        (folder / f"{number:05}.jsonl").write_bytes(b"".join(part))


def main(source: Path, work: Path) -> None:
    """Runs the stages one after the other and writes what they leave."""
    config = MinhashConfig(
        n_grams=3,
        num_buckets=rows.BANDS,
        hashes_per_bucket=rows.ROWS,
        hash_config=HashConfig(hash_fc="xxhash", precision=64),
        norm_config=TextNormConfig(norm_numbers=False, norm_weekdays=False, norm_monthnames=False),
    )
    split(source, work / "in")
    reader = JsonlReader(str(work / "in"))
    signatures = MinhashDedupSignature(f"{work}/signatures", config=config)
    buckets = MinhashDedupBuckets(
        f"{work}/signatures", f"{work}/buckets", config=config, lines_to_buffer=1000
    )
    clusters = MinhashDedupCluster(f"{work}/buckets", f"{work}/remove", config=config, lines_to_buffer=1000)
    left = [MinhashDedupFilter(f"{work}/remove"), JsonlWriter(f"{work}/out", compression=None)]
    stages = [
        ([reader, signatures], CORES),
        ([buckets], rows.BANDS),
        ([clusters], 1),
        ([reader, *left], CORES),
    ]
    for number, (pipeline, tasks) in enumerate(stages):
        LocalPipelineExecutor(
            pipeline,
            tasks=tasks,
            workers=min(tasks, CORES),
            logging_dir=f"{work}/logs{number}",
            start_method="fork",
        ).run()
    lines = (line for path in sorted((work / "out").iterdir()) for line in path.open("rb"))
    rows.write(orjson.loads(line)["id"] for line in lines)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        main(Path(sys.argv[1]), Path(folder))
