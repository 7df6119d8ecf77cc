"""Deliberate variants: two blocks that differ only in what their own documents are about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from dedup.decide.difference import Change
from dedup.decide.lexicon import ARTICLES
from dedup.words import Word, folded_words

_NAME_PARTS = re.compile(r"[^\w]+|_|(?<=[a-z0-9])(?=[A-Z])")


@lru_cache(maxsize=256)
def path_words(path: str) -> frozenset[str]:
    """The words that a path is made of, without the ending of the file name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0] or name
    spaced = " ".join(_NAME_PARTS.split(f"{folder}/{stem}"))
    return frozenset(folded_words(spaced)) | frozenset(folded_words(re.sub(r"[-_]+", "", stem)))


def is_variant(found: Iterable[Change], one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether all words that differ stand in the one document's subject and not in the other's, and the reverse.

    `one` and `other` are the subjects: the words of path, title and headings that a block stands under. Articles
    may differ with the word they belong to.
    """
    differing = 0
    for change in found:
        for words, own, foreign in ((change.one, one, other), (change.other, other, one)):
            for word in words:
                if word.text in ARTICLES:
                    continue
                if not _names(word, own) or _names(word, foreign):
                    return False
                differing += 1
    return differing > 0


def _names(word: Word, subject: frozenset[str]) -> bool:
    return word.text in subject or word.text.removesuffix("s") in subject
