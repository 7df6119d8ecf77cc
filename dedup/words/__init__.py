"""What "the same words" means: text folded, split into words, hashed, and made shingles of."""

from dedup.words.columns import SEPARATOR, Shingles, Words, analyse, shingles
from dedup.words.folding import Word, folded_words, split
from dedup.words.table import I64, U32, U64

__all__ = [
    "I64",
    "SEPARATOR",
    "U32",
    "U64",
    "Shingles",
    "Word",
    "Words",
    "analyse",
    "folded_words",
    "shingles",
    "split",
]
