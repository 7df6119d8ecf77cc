"""text-dedup: its own program with its verification of clusters, as a configuration file asks for it."""

import os
import sys
import tempfile
from pathlib import Path

import rows
from datasets import load_from_disk
from text_dedup.config.base import load_config_from_toml
from text_dedup.minhash import main

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    os.environ["HF_DATASETS_CACHE"] = str(folder / "cache")
    (folder / "config.toml").write_text(
        f"""
        [input]
        input_type = "local_files"
        file_type = "json"
        read_arguments = {{ path = "json", data_files = "{Path(sys.argv[1]).resolve()}", split = "train",
        cache_dir = "{folder}/cache" }}
        [algorithm]
        algorithm_name = "minhash"
        text_column = "text"
        num_perm = 128
        bands = {rows.BANDS}
        rows = {rows.ROWS}
        ngram_size = 3
        min_length = 3
        threshold = {rows.THRESHOLD}
        check_false_positive = {str("unverified" not in sys.argv).lower()}
        [output]
        output_dir = "{folder}/out"
        [debug]
        """.replace("split", "split").replace(',\n        cache', ', cache'),
        "utf-8",
    )
    main(load_config_from_toml(folder / "config.toml"))
    kept = load_from_disk(str(folder / "out"))["id"]
    rows.write(kept)
