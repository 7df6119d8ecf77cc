"""What was kept so far, to compare with: rows of kept blocks, found by hash, by band, by headline."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dedup import kernel
from dedup.blocks import Kind
from dedup.match.headlines import HeadlineIndex, Key
from dedup.match.pairs import CROWD
from dedup.match.prepared import Sketch, digest_of
from dedup.settings import HEADLINE_SIMILARITY, SHINGLE_WORDS, Settings
from dedup.words import U32, U64
from dedup.words.table import TABLE

if TYPE_CHECKING:
    from dedup.match.rows import Plan
    from dedup.sources.rows import Rows


@dataclass(frozen=True, slots=True)
class KeptBlock:
    """A block that stays in its document, as comparison and report need it.

    `position` counts all blocks that stay in the document. `subject` holds the words of the document's path and
    title and of the headings that the block stands under, `heading` the hash of the words of the nearest heading
    of a section (0 where there is none).
    """

    position: int
    start: int
    end: int
    line: int
    kind: int
    count: int
    same: int
    key: int
    links: int
    digest: int
    text: str
    subject: frozenset[str]


@dataclass(frozen=True, slots=True)
class Page:
    """A document as comparison needs it: its path, the words of its title, the hashes of its section headings.

    `titled` says that the front matter gives the title, as on a page of a site.
    """

    path: str
    title: tuple[str, ...]
    titled: bool
    sections: frozenset[int]


TEXT_IN_MEMORY = 32 << 20
"""So many bytes of the kept blocks' texts are held in memory; where there are more, the earlier ones go to a file."""


@dataclass(frozen=True, slots=True)
class Matched:
    """Where the matching of rows stopped, what was found (MATCH), how many short paragraphs stay though they repeat.

    `asks` says that the row it stopped at is one for `decide`.
    """

    stop: int
    asks: bool
    found: npt.NDArray[np.void]
    natural: int


_OPEN_SOURCES = 64

# A row looks into the tables at so many places, and at more where it repeats something.
_PAGES_A_ROW = 32


class Memory:
    """The kept blocks of the documents so far, in order; a row is the number of a block in that order.

    The rows lie in flat arrays of the kernel, some 350 bytes a block that has bands; the texts in a file once they
    are many.
    """

    def __init__(self, settings: Settings, limit: int | None = None) -> None:
        """`limit` is how many bytes of memory the flat arrays may take up; the rest of them lies in a file."""
        self._settings = settings
        self._pages: list[Page] = []
        self._subjects: list[frozenset[str]] = []
        self._documents = 0
        self._headlines = HeadlineIndex(HEADLINE_SIMILARITY)
        kind: Any
        if kernel.compiled is None:
            from dedup.match.reference import Memory as Reference

            kind = Reference
        else:
            kind = kernel.compiled.Memory
        self._limit = limit
        self._tables: Any = None if limit is None else TemporaryFile(prefix="dedup-")  # noqa: SIM115
        self._texts = TEXT_IN_MEMORY if limit is None else min(TEXT_IN_MEMORY, limit // 4)
        tables = -1 if self._tables is None else self._tables.fileno()
        self._kept = kind(CROWD, self._texts, tables)
        self._file: Any = None
        self._sources: list[BufferedReader] = []
        self._block = lru_cache(maxsize=1024)(self._read)
        self.base = 0
        self._batches: Sequence[tuple[int, str | None]] = ()
        self._ids: dict[int, str] = {}

    def blank(self) -> Memory:
        """A memory for the same settings that knows nothing."""
        return Memory(self._settings)

    def begin(self, rows: int, documents: int, batches: Sequence[tuple[int, str | None]]) -> None:
        """Leaves the first numbers of rows and documents to indexes, before anything is added.

        `batches` has the first row of each of their batches, in rising order, and its name.
        """
        self._kept.begin(rows)
        self.base, self._documents, self._batches = rows, documents, batches

    def place(self, values: Iterable[tuple[int, ...]], texts: Iterable[bytes]) -> None:
        """Puts rows of indexes at their numbers: the number, then the values up to `subject` as `row_of` has them."""
        place = self._kept.place
        for row, text in zip(values, texts, strict=True):
            if self._limit is not None or self._kept.held() + len(text) > self._texts:
                self._reserve(len(text))
            place(*row, text)

    def register(
        self, rows: Iterable[int], bands: tuple[U64, U32], headlines: Iterable[tuple[Key, int]]
    ) -> None:
        """Makes rows that were placed ones that are found, by words and key, by band, and by headline.

        `rows` are in rising order. `bands` are keys of 36 bits and rows, `headlines` keys of prefixes and rows; of
        these only the first row of its words counts.
        """
        for row in rows:
            self._kept.register(row)
        keys, banded = bands
        if len(keys):
            distinct, inverse = np.unique(banded, return_inverse=True)
            first = np.fromiter(map(self.is_first, distinct.tolist()), bool, len(distinct))[inverse]
            self._kept.band(np.ascontiguousarray(keys[first]), np.ascontiguousarray(banded[first]))
        for key, row in headlines:
            if self.is_first(row):
                self._headlines.put(key, row, self[row].text)
        self._release()

    def add(
        self, page: Page, kept: Sequence[KeptBlock], sketches: Mapping[int, Sketch], id: str | None = None
    ) -> None:
        """Remember the kept blocks of one document, in order."""
        number, document = self._page(page), self._documents
        self._documents += 1
        if id is not None:
            self._ids[document] = id
        texts = [block.text.encode("utf-8", "surrogatepass") for block in kept]
        self._reserve(sum(map(len, texts)))
        for block, text in zip(kept, texts, strict=True):
            sketch = sketches.get(block.same)
            first = self._kept.add(
                document,
                number,
                block.position,
                block.start,
                block.end - block.start,
                block.line,
                block.kind,
                block.count,
                block.same,
                block.key,
                block.links,
                block.digest,
                self._subject(block.subject),
                text,
                sketch.keys if sketch is not None else None,
            )
            if first and block.kind == Kind.HEADLINE:
                self._headlines.add(self._kept.rows() - 1, block.text)
        self._release()

    def forget(self, rows: int, documents: int) -> None:
        """Forgets the rows and documents from these numbers on, as if they had never been added."""
        self._kept.forget(rows)
        self._headlines.forget(rows)
        self._documents = documents
        self._ids = {document: id for document, id in self._ids.items() if document < documents}
        self._block.cache_clear()

    @property
    def documents(self) -> int:
        """The number that the next document gets."""
        return self._documents

    def name_rows(self, first_document: int, ids: Sequence[str | None]) -> None:
        """Gives documents from one number on the ids that their rows have."""
        self._ids.update((first_document + n, id) for n, id in enumerate(ids) if id is not None)

    def name_documents(self, ids: Mapping[int, str]) -> None:
        """Gives documents of indexes their ids."""
        self._ids.update(ids)

    def id_of(self, row: int) -> str | None:
        """The id of the document that a row's block stands in, if it has one."""
        return self._ids.get(self._kept.row(row)[0]) if self._ids else None

    def id_of_document(self, document: int) -> str | None:
        """The id of a document by its number."""
        return self._ids.get(document)

    def batch_of(self, row: int) -> str | None:
        """The name of the earlier batch that a row is from, if it is from one, and that has a name."""
        if row >= self.base:
            return None
        at = bisect_right(self._batches, row, key=lambda batch: batch[0])
        return self._batches[at - 1][1] if at else None

    def source(self, path: Path) -> int:
        """The number of a file for `match`; from there texts can be read again, so that they need not be kept.

        0 where they are to be kept: many files cannot be open at once, and Windows replaces no open file.
        """
        if len(self._sources) >= _OPEN_SOURCES or os.name == "nt":
            return 0
        file = path.open("rb")  # it stays open, for as long as the memory lives
        self._sources.append(file)
        number: int = self._kept.source(file.fileno())
        return number

    def match(
        self,
        rows: Rows,
        begin: int,
        plan: Plan,
        page: Page,
        subject: frozenset[str],
        line: int,
        origin: int,
        source: int,
    ) -> Matched:
        """What the rows of a batch from `begin` on repeat, each remembered or found, up to one for `decide`.

        `line` is the number of the batch's first row, `origin` where it begins in its file (OF_ROW: places count from
        the row's own start), `source` the number of that file (0: none).
        """
        from dedup.match.rows import MATCH  # most runs are about texts
        from dedup.sources.rows import RAW, RAW_END, TEXT, TEXT_END

        if begin == 0:
            sizes = rows.rows[:, TEXT_END] - rows.rows[:, TEXT]
            escaped = rows.rows[:, RAW_END] - rows.rows[:, RAW] != sizes
            room = max(self._texts - self._kept.held(), 0) if source else rows.text_size
            self._reserve(min(room, rows.text_size) + int(sizes[escaped].sum()))
        count = min(len(rows.rows), begin + self._rows_at_a_time())
        found = np.empty(count - begin, MATCH)
        data = (rows.text, rows.rows, rows.blocks, rows.keys)
        table = (TABLE.entry, TABLE.pool, TABLE.size)
        values = plan.row(self._page(page), self._subject(subject), self._documents, line, origin, source)
        stop, matches, natural = self._kept.match(*data, *table, begin, count, values, found)
        self._documents += count
        self._release()
        return Matched(stop, stop < count, found[:matches], natural)

    def _rows_at_a_time(self) -> int:
        """How many rows touch no more pages of the tables than may be in memory."""
        if self._limit is None or self._kept.mapped() < self._limit:
            return 1 << 40
        return max(1, self._limit // (_PAGES_A_ROW * 4096))

    def _release(self) -> None:
        if self._limit is not None and self._kept.mapped() > self._limit:
            self._kept.release()

    def rows(self) -> int:
        """The number that the next row gets."""
        number: int = self._kept.rows()
        return number

    def row_of(self, row: int) -> tuple[int, ...]:
        """A row's document, page, position, start, length, line, kind, count, same, key, links, digest, subject."""
        values: tuple[int, ...] = self._kept.row(row)
        return values

    def text_of(self, row: int) -> bytes:
        """What is shown of a row's block."""
        text: bytes = self._kept.text(row)
        return text

    def is_first(self, row: int) -> bool:
        """Whether a row is the one by which its words are found."""
        values = self.row_of(row)
        return bool(self._kept.find(values[6] == Kind.HEADLINE, values[8], None) == row)

    def page_numbered(self, number: int) -> Page:
        """A page by the number that rows have."""
        return self._pages[number]

    def subject_numbered(self, number: int) -> frozenset[str]:
        """A subject by the number that rows have."""
        return self._subjects[number]

    def number_page(self, page: Page) -> int:
        """The number of a page for rows that are placed."""
        return self._page(page)

    def number_subject(self, words: frozenset[str]) -> int:
        """The number of a subject for rows that are placed."""
        return self._subject(words)

    def _page(self, page: Page) -> int:
        # The rows of a table are one page after the other of the same name.
        if not self._pages or self._pages[-1] != page:
            self._pages.append(page)
        return len(self._pages) - 1

    def _subject(self, words: frozenset[str]) -> int:
        # Blocks under one heading share the set, and so do the rows of a table.
        if not self._subjects or self._subjects[-1] != words:
            self._subjects.append(words)
        return len(self._subjects) - 1

    def _reserve(self, size: int) -> None:
        """Makes room for texts, with a file of no name where they have become too many; OSError without disk."""
        if not self._kept.reserve(size, -1):
            self._file = TemporaryFile(prefix="dedup-")  # noqa: SIM115 - it lives as long as the memory
            self._kept.reserve(size, self._file.fileno())

    def __getitem__(self, row: int) -> KeptBlock:
        return self._block(row)

    def _read(self, row: int) -> KeptBlock:
        _, _, position, start, length, line, kind, count, same, key, links, digest, subject = self._kept.row(
            row
        )
        text = self._kept.text(row)
        return KeptBlock(
            position=position,
            start=start,
            end=start + length,
            line=line,
            kind=kind,
            count=count,
            same=same,
            key=key,
            links=links,
            digest=digest or digest_of(text),
            text=text.decode("utf-8", "surrogatepass"),
            subject=self._subjects[subject],
        )

    def page(self, row: int) -> Page:
        """The document that a row's block stands in."""
        number: int = self._kept.row(row)[1]
        return self._pages[number]

    def beside(self, row: int, step: int) -> int | None:
        """The row of the block directly after (step 1) or before (step -1) a row in its document, if it has one."""
        other = self._kept.beside(row, step)
        return None if other < 0 else other

    def knows(self, same: int) -> bool:
        """Whether a kept paragraph or list item has these words."""
        return bool(self._kept.find(False, same, None) >= 0)

    def equal(self, key: int, same: int) -> int | None:
        """The first row with the same words, links, signs and units."""
        return self._found(False, same, key)

    def same_words(self, same: int) -> int | None:
        """The first row with the same words."""
        return self._found(False, same, None)

    def _found(self, headline: bool, same: int, key: int | None) -> int | None:
        row = self._kept.find(headline, same, key)
        return None if row < 0 else row

    def near(self, sketch: Sketch, threshold: float) -> list[tuple[int, float]]:
        """The rows at least as similar as a threshold, with the exact similarity, in order."""
        found: list[tuple[int, float]] = self._kept.near(
            sketch.keys, sketch.text, SHINGLE_WORDS, threshold, TABLE.entry, TABLE.pool, TABLE.size
        )
        return found

    def worded(self, key: int, same: int, *, headlines: bool) -> list[int]:
        """The first rows with the same words, links, signs and units, and with the same words; headlines, or others."""
        rows = (self._found(headlines, same, key), self._found(headlines, same, None))
        return [row for row in dict.fromkeys(rows) if row is not None]

    def near_headlines(self, text: str) -> Iterable[tuple[int, float]]:
        """The rows of similar headlines of other words, with the similarity, in order."""
        return self._headlines.similar(text)
