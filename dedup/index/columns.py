"""What a run kept, as the columns of an index's tables, some rows at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from dedup.blocks import Kind
from dedup.index.hashes import MASK, band_keys, headline_key
from dedup.match.bands import least_words, plan_for
from dedup.match.headlines import prefix
from dedup.match.memory import Memory, Page
from dedup.settings import HEADLINE_SIMILARITY, PERMUTATIONS, SHINGLE_WORDS, Settings
from dedup.sketch import keys_of
from dedup.words import SEPARATOR, analyse

SLICE = 20_000
"""So many rows are worked on at a time."""

Table = dict[str, Any]
Tables = dict[str, Table]


class Found:
    """What finds the first rows of their words: band keys of paragraphs and list items, prefixes of headlines."""

    def __init__(self, settings: Settings) -> None:
        self._plan = plan_for(settings)
        self._least = least_words(settings)

    def tables(
        self,
        rows: Sequence[int],
        kinds: Sequence[int],
        counts: Sequence[int],
        texts: Sequence[bytes],
        salt: int,
    ) -> Tables:
        """The tables `bands` and `headlines` of rows that are the first of their words."""
        shown = [text.decode("utf-8", "surrogatepass") for text in texts]
        headlines = [
            (headline_key(key, salt), row)
            for row, kind, text in zip(rows, kinds, shown, strict=True)
            if kind == Kind.HEADLINE
            for key in prefix(text, HEADLINE_SIMILARITY)
        ]
        banded = [
            n
            for n, kind in enumerate(kinds)
            if self._plan and kind in (Kind.PARAGRAPH, Kind.LIST_ITEM) and counts[n] >= self._least
        ]
        keys = np.zeros(0, np.uint64)
        at = np.zeros(0, np.uint32)
        if self._plan and banded:
            words = analyse(SEPARATOR.join(shown[n] for n in banded), len(banded))
            found, first = keys_of(words, np.arange(len(banded)), SHINGLE_WORDS, PERMUTATIONS, self._plan)
            keys = band_keys(found, salt)
            at = np.repeat(np.array([rows[n] for n in banded], np.uint32), np.diff(first))
            # The same key twice in a block is one.
            order = np.lexsort((at, keys))
            keys, at = keys[order], at[order]
            once = np.ones(len(keys), bool)
            once[1:] = (keys[1:] != keys[:-1]) | (at[1:] != at[:-1])
            keys, at = keys[once], at[once]
        return {
            "bands": {"key": keys, "row": at},
            "headlines": {
                "key": np.array([key for key, _ in headlines], np.uint64),
                "row": np.array([row for _, row in headlines], np.uint32),
            },
        }


class Numbering:
    """The next numbers of an index: each is given once."""

    def __init__(self, row: int, document: int, page: int, subject: int) -> None:
        self.row, self.document, self.page, self.subject = row, document, page, subject


def kept_tables(
    memory: Memory,
    salt: int,
    numbers: Numbering,
    found: Found,
    firsts: Callable[[Sequence[int]], Sequence[bool]],
) -> Iterator[Tables]:
    """The rows that a run kept in one group, numbered anew, as parts of tables.

    `firsts` says of rows of the memory which are the first of their words in the index.
    """
    pages: dict[int, int] = {}
    subjects: dict[int, int] = {}
    documents: dict[int, int] = {}
    for begin in range(memory.base, memory.rows(), SLICE):
        rows = range(begin, min(begin + SLICE, memory.rows()))
        before = len(pages), len(subjects), len(documents)
        columns = list(zip(*map(memory.row_of, rows), strict=True))
        texts = [memory.text_of(row) for row in rows]
        ours = range(numbers.row, numbers.row + len(rows))
        numbers.row += len(rows)
        page_of = {}
        for document, page in zip(columns[0], columns[1], strict=True):
            pages.setdefault(page, numbers.page + len(pages) - before[0])
            documents.setdefault(document, numbers.document + len(documents) - before[2])
            page_of[document] = page
        for subject in columns[12]:
            subjects.setdefault(subject, numbers.subject + len(subjects) - before[1])
        new = [
            list(each.items())[old:] for each, old in zip((pages, subjects, documents), before, strict=True)
        ]
        numbers.page += len(new[0])
        numbers.subject += len(new[1])
        numbers.document += len(new[2])
        same = [value ^ salt for value in columns[8]]
        chosen = [n for n, first in enumerate(firsts(rows)) if first]
        yield {
            "blocks": {
                "row": np.arange(ours.start, ours.stop, dtype=np.uint32),
                "document": np.array([documents[document] for document in columns[0]], np.uint32),
                "page": np.array([pages[page] for page in columns[1]], np.uint32),
                "position": np.array(columns[2], np.uint32),
                "start": np.array(columns[3], np.uint64),
                "length": np.array(columns[4], np.uint32),
                "line": np.array(columns[5], np.uint32),
                "kind": np.array(columns[6], np.uint8),
                "count": np.array(columns[7], np.uint32),
                "same": np.array(same, np.uint64),
                "extra": np.array(
                    [key - value & MASK for key, value in zip(columns[9], columns[8], strict=True)], np.uint64
                ),
                "links": np.array(columns[10], np.uint64),
                "digest": np.array(columns[11], np.uint64),
                "subject": np.array([subjects[subject] for subject in columns[12]], np.uint32),
                "text": texts,
            },
            "documents": {
                "document": np.array([number for _, number in new[2]], np.uint32),
                "page": np.array([pages[page_of[document]] for document, _ in new[2]], np.uint32),
                "salt": np.full(len(new[2]), salt, np.uint64),
                "id": [(memory.id_of_document(document) or "").encode() for document, _ in new[2]],
            },
            "pages": _page_table([(number, memory.page_numbered(page)) for page, number in new[0]]),
            "subjects": {
                "subject": np.array([number for _, number in new[1]], np.uint32),
                "words": [json.dumps(sorted(memory.subject_numbered(each))) for each, _ in new[1]],
            },
            **found.tables(
                [ours[n] for n in chosen],
                [columns[6][n] for n in chosen],
                [columns[7][n] for n in chosen],
                [texts[n] for n in chosen],
                salt,
            ),
        }


def _page_table(pages: Sequence[tuple[int, Page]]) -> Table:
    return {
        "page": np.array([number for number, _ in pages], np.uint32),
        "path": [page.path.encode("utf-8", "surrogatepass") for _, page in pages],
        "title": [json.dumps(page.title) for _, page in pages],
        "titled": np.array([page.titled for _, page in pages], bool),
        "sections": [np.array(sorted(page.sections), "<u8").tobytes() for _, page in pages],
    }
