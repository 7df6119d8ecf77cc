"""The sketch of a file: the shingles of its whole text as it stands, markup and all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from dedup.settings import SHINGLE_WORDS
from dedup.words import SEPARATOR, Shingles, analyse, shingles


def sketch_texts(texts: Sequence[str]) -> Shingles:
    """The shingle set of each text."""
    joined = SEPARATOR.join(text.replace(SEPARATOR, " ") for text in texts)
    return shingles(analyse(joined, len(texts)), np.arange(len(texts)), SHINGLE_WORDS)
