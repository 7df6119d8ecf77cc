"""text-dedup: its own program with its verification of clusters, as a configuration file asks for it."""

import os
import sys
import tempfile
from pathlib import Path

import rows
from datasets import load_from_disk
from text_dedup.config.base import load_config_from_toml
from text_dedup.minhash import main

CONFIGURATION = """
[input]
input_type = "local_files"
file_type = "json"
[input.read_arguments]
path = "json"
data_files = "{source}"
split = "train"
cache_dir = "{folder}/cache"
[algorithm]
algorithm_name = "minhash"
text_column = "text"
num_perm = 128
bands = {bands}
rows = {rows}
ngram_size = 3
min_length = 3
threshold = {threshold}
check_false_positive = true
[output]
output_dir = "{folder}/out"
[debug]
"""

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HF_DATASETS_CACHE"] = f"{folder}/cache"
        source = Path(sys.argv[1]).resolve()
        filled = CONFIGURATION.format(
            source=source, folder=folder, bands=rows.BANDS, rows=rows.ROWS, threshold=rows.THRESHOLD
        )
        Path(folder, "config.toml").write_text(filled, "utf-8")
        main(load_config_from_toml(Path(folder, "config.toml")))
        rows.write(load_from_disk(f"{folder}/out")["id"])
