"""The words that a path is made of: what a document is about, as far as its name says."""

from __future__ import annotations

import re
from functools import lru_cache

from dedup.words.folding import folded_words

_NAME_PARTS = re.compile(r"[^\w]+|_|(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=256)
def path_words(path: str) -> frozenset[str]:
    """The words that a path is made of, without the ending and the numbers of the file name.

    Pages are numbered for their order: `2.md` is not about 2. A folder may be, as of a release.
    """
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    named = [word for word in folded_words(_spaced(stem)) if not word.isdigit()]
    named += [word for word in folded_words(re.sub(r"[-_]+", "", stem)) if not word.isdigit()]
    return frozenset((*folded_words(_spaced(folder)), *named))


def _spaced(part: str) -> str:
    return " ".join(_NAME_PARTS.split(part))
