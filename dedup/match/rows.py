"""Rows of a table as columns: cut, worded and sketched a batch at a time, and matched as far as that is plain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dedup import kernel
from dedup.settings import PERMUTATIONS, SHINGLE_WORDS, Settings
from dedup.sketch import KeyPlan, permutations
from dedup.sources.rows import Chunk, Rows, plain_rows
from dedup.words.table import TABLE

RULES = ("verbatim", "exact", "near")
"""The rules that a plain row can go by, as `Matches.rule` numbers them."""

MATCH: npt.DTypeLike = np.dtype(
    [("row", "i8"), ("block", "i8"), ("twin", "i8"), ("rule", "i8"), ("similarity", "f8")]
)


OF_ROW = (1 << 64) - 1
"""The origin of a batch whose rows are no ranges of a file: places are told as of their own row."""


def sketch_rows(chunk: Chunk, column: str, settings: Settings, keys: KeyPlan | None, least: int) -> Rows:
    """A batch of rows as columns; without the compiled kernel as rows that are still to be read.

    Blocks of `least` words and more have keys, as `keys` says.
    """
    if kernel.compiled is None:
        return plain_rows(chunk)
    bands, per_band, tables = keys or (0, 0, b"")
    while True:
        table = (TABLE.entry, TABLE.pool, TABLE.size)
        plan = (SHINGLE_WORDS, *permutations(PERMUTATIONS), bands, per_band, tables, least)
        plain = settings.text_format == "text" and not settings.allow
        if chunk.places is None:
            found = kernel.compiled.rows(chunk.data, column.encode(), *table, *plan, plain)
        else:
            found = kernel.compiled.cells(chunk.data, chunk.places, chunk.quoted, *table, *plan, plain)
        rows, blocks, sketched, text = found
        if rows is not None:
            break
        TABLE.learn_text(text)
    return Rows(
        chunk,
        np.frombuffer(rows, np.int64).reshape(-1, 8),
        np.frombuffer(blocks, np.uint64).reshape(-1, 8),
        np.frombuffer(sketched, np.uint64),
        text,
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows are matched: what of the settings the kernel need know."""

    near: bool
    remove: bool
    across: bool
    within: bool
    remember: bool
    threshold: float
    min_words: int

    @classmethod
    def of(cls, settings: Settings) -> Plan:
        """The plan that settings ask for."""
        return cls(
            near=settings.near != "off",
            remove=settings.near == "remove",
            across=settings.scope != "within",
            within=settings.scope != "across",
            remember=settings.scope != "within",
            threshold=settings.threshold,
            min_words=settings.min_words,
        )

    def row(
        self, page: int, subject: int, document: int, line: int, origin: int, source: int
    ) -> tuple[Any, ...]:
        """The plan as the kernel takes it, with what it writes into the rows that it remembers."""
        return (
            self.near,
            self.remove,
            self.across,
            self.within,
            self.remember,
            self.threshold,
            self.min_words,
            SHINGLE_WORDS,
            page,
            subject,
            document,
            line,
            origin,
            source,
        )
