"""The words that a path is made of: what a document is about, as far as its name says."""

from __future__ import annotations

import re
from functools import lru_cache

from dedup.words.folding import folded_words

_NAME_PARTS = re.compile(r"[^\w]+|_|(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=256)
def path_words(path: str) -> frozenset[str]:
    """The words that a path is made of, without the ending of the file name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    spaced = " ".join(_NAME_PARTS.split(f"{folder}/{stem}"))
    return frozenset(folded_words(spaced)) | frozenset(folded_words(re.sub(r"[-_]+", "", stem)))
