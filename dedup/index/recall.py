"""What indexes know of a batch: looked up for all its blocks at once, and put into the memory of its group.

The rows of all indexes stand in one row of numbers, one index after the other; the run's own rows come after them. So
what is first, and what is compared first, follows from the numbers alone, as in one run over everything.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dedup.blocks import Kind
from dedup.index.database import TABLES, Database, told
from dedup.index.folder import Index
from dedup.index.hashes import BAND_BITS, band_keys, headline_key, salt_of
from dedup.match.headlines import Key, prefix
from dedup.match.memory import Memory, Page
from dedup.match.prepared import Prepared
from dedup.settings import HEADLINE_SIMILARITY
from dedup.sources.rows import Rows
from dedup.words import U32, U64


@dataclass(slots=True)
class Wanted:
    """What is looked up for one group: hashes of words, band keys, keys of the prefixes of headlines."""

    same: list[U64] = field(default_factory=list)
    keys: list[U64] = field(default_factory=list)
    headlines: set[Key] = field(default_factory=set)

    def add_document(self, prepared: Prepared) -> None:
        """Wants all that is compared of a document."""
        self.same.append(np.array(prepared.same, np.uint64))
        self.keys += [sketch.keys for sketch in prepared.sketches.values()]
        for kind, count, text in zip(prepared.kinds, prepared.counts, prepared.texts, strict=True):
            if kind == Kind.HEADLINE and count:
                self.headlines.update(prefix(text, HEADLINE_SIMILARITY))

    def add_rows(self, rows: Rows) -> None:
        """Wants all that is compared of the plain rows of a table."""
        self.same.append(rows.blocks[:, 5])
        self.keys.append(rows.keys)


class Recall:
    """Indexes, side by side, to look into."""

    def __init__(self, indexes: Sequence[Index]) -> None:
        self._indexes = indexes
        self._groups: dict[int, tuple[int, set[int]]] = {}
        self._pages: dict[tuple[int, int], int] = {}
        self._subjects: dict[tuple[int, int], int] = {}
        self._database = Database()
        self.rows, self.documents = 0, 1
        self._batches: list[tuple[int, str | None]] = []
        parts: dict[str, list[str]] = {table: [] for table in TABLES}
        pages = subjects = 0
        for number, index in enumerate(indexes):
            shifts = {"row": self.rows, "document": self.documents - 1, "page": pages, "subject": subjects}
            for name in index.attach(self._database, f"i{number}_"):
                for table, columns in TABLES.items():
                    parts[table].append(_stacked(f"{name}.{table}", columns, shifts, index.stop))
            self._batches += index.stacked(self.rows)
            self.rows += index.manifest.next_row
            self.documents += index.manifest.next_document - 1
            pages += index.manifest.next_page
            subjects += index.manifest.next_subject
        self._is_empty = not parts["blocks"]
        for table, selects in parts.items() if not self._is_empty else ():
            self._database.run(f"CREATE TEMP VIEW all_{table} AS {' UNION ALL '.join(selects)}")

    def close(self) -> None:
        """Lets go of the files."""
        self._database.close()

    def begin(self, memory: Memory, group: str | None) -> None:
        """Readies the memory of a group."""
        memory.begin(self.rows, self.documents, self._batches)
        self._groups[id(memory)] = (salt_of(group), set())

    def recall(self, memory: Memory, wanted: Wanted) -> None:
        """Puts into a memory what the indexes know of what is wanted, with the documents that it stands in."""
        if self._is_empty:
            return
        with told(self._indexes[0].path):
            self._recall(memory, wanted)

    def _recall(self, memory: Memory, wanted: Wanted) -> None:
        salt, placed = self._groups[id(memory)]
        first = self._first_rows(wanted.same, salt)
        keys, banded = self._banded(wanted.keys, salt)
        headlines = self._headlined(wanted.headlines, salt)
        rows = np.unique(
            np.concatenate([first, banded, np.fromiter((row for _, row in headlines), np.uint32)])
        ).astype(np.uint32)
        if not len(rows):
            return
        ours = self._place(memory, rows, salt, placed)
        known = np.isin(rows, ours)
        if not known.all():  # by chance, a key of another group
            kept = set(rows[known].tolist())
            right = np.isin(banded, rows[known])
            keys, banded = keys[right], banded[right]
            headlines = [(key, row) for key, row in headlines if row in kept]
        memory.register(rows[known].tolist(), (keys, banded), headlines)

    def _first_rows(self, same: Sequence[U64], salt: int) -> U32:
        """The first row of each of these words, and of each key with them; headlines apart."""
        hashes = np.unique(np.concatenate([np.zeros(0, np.uint64), *same])) ^ np.uint64(salt)
        if not len(hashes):
            return np.zeros(0, np.uint32)
        with self._database.given("wanted", same=hashes):
            found = self._database.columns(
                f'SELECT min("row") AS "row" FROM all_blocks SEMI JOIN wanted USING (same) '
                f"WHERE kind <> {Kind.PROTECTED.value} AND count > 0 "
                f"GROUP BY same, extra, kind = {Kind.HEADLINE.value}"
            )
        return found["row"].astype(np.uint32)

    def _banded(self, keys: Sequence[U64], salt: int) -> tuple[U64, U32]:
        """Rows by band key, without the salt, the first rows first."""
        wanted = np.concatenate([np.zeros(0, np.uint64), *(np.ravel(each) for each in keys)])
        unsalted = np.uint64(salt) >> BAND_BITS
        if not len(wanted):
            return np.zeros(0, np.uint64), np.zeros(0, np.uint32)
        with self._database.given("wanted", key=band_keys(wanted, salt)):
            found = self._database.columns('SELECT key, "row" FROM all_bands SEMI JOIN wanted USING (key)')
        order = np.argsort(found["row"], kind="stable")
        return found["key"][order].astype(np.uint64) ^ unsalted, found["row"][order].astype(np.uint32)

    def _headlined(self, keys: Iterable[Key], salt: int) -> list[tuple[Key, int]]:
        """Rows by key of a headline's prefix, the first rows first."""
        by_hash = {headline_key(key, salt): key for key in keys}
        if not by_hash:
            return []
        with self._database.given("wanted", key=np.fromiter(by_hash, np.uint64, len(by_hash))):
            found = self._database.columns(
                'SELECT key, "row" FROM all_headlines SEMI JOIN wanted USING (key)'
            )
        pairs = sorted(zip(found["row"].tolist(), found["key"].tolist(), strict=True))
        return [(by_hash[key], row) for row, key in pairs]

    def _place(self, memory: Memory, rows: U32, salt: int, placed: set[int]) -> U32:
        """Puts the documents of rows into a memory; the rows that are of its group."""
        database = self._database
        with database.given("hits", row=rows):
            found = database.columns('SELECT "row", document FROM all_blocks SEMI JOIN hits USING ("row")')
        documents = np.unique(found["document"]).astype(np.uint32)
        with database.given("hits", document=documents):
            heads = database.columns(
                f"SELECT document, page, id FROM all_documents SEMI JOIN hits USING (document) "
                f"WHERE salt = {salt}"
            )
        ours = found["row"][np.isin(found["document"], heads["document"])]
        new = [n for n, document in enumerate(heads["document"].tolist()) if document not in placed]
        placed.update(heads["document"][new].tolist())
        if not new:
            return ours.astype(np.uint32)
        with database.given("hits", document=heads["document"][new].astype(np.uint32)):
            blocks = database.columns(
                'SELECT * FROM all_blocks SEMI JOIN hits USING (document) ORDER BY "row"'
            )
        self._number_pages(memory, np.unique(blocks["page"]).astype(np.uint32))
        self._number_subjects(memory, np.unique(blocks["subject"]).astype(np.uint32))
        memory.name_documents(
            {
                int(heads["document"][n]): bytes(heads["id"][n]).decode("utf-8", "surrogatepass")
                for n in new
                if heads["id"][n]
            }
        )
        same = blocks["same"].astype(np.uint64) ^ np.uint64(salt)
        columns = [blocks[name].tolist() for name in ("row", "document")]
        columns.append([self._pages[id(memory), page] for page in blocks["page"].tolist()])
        columns += [
            blocks[name].tolist() for name in ("position", "start", "length", "line", "kind", "count")
        ]
        columns += [same.tolist(), (same + blocks["extra"].astype(np.uint64)).tolist()]
        columns += [blocks[name].tolist() for name in ("links", "digest")]
        columns.append([self._subjects[id(memory), subject] for subject in blocks["subject"].tolist()])
        memory.place(zip(*columns, strict=True), blocks["text"])
        return ours.astype(np.uint32)

    def _number_pages(self, memory: Memory, pages: U32) -> None:
        wanted = _unknown(pages, self._pages, id(memory))
        if not len(wanted):
            return
        with self._database.given("hits", page=wanted):
            found = self._database.run("SELECT * FROM all_pages SEMI JOIN hits USING (page) ORDER BY page")
        for number, path, title, titled, sections in found:
            page = Page(
                path=path.decode("utf-8", "surrogatepass"),
                title=tuple(json.loads(title)),
                titled=titled,
                sections=frozenset(np.frombuffer(sections, "<u8").tolist()),
            )
            self._pages[id(memory), number] = memory.number_page(page)

    def _number_subjects(self, memory: Memory, subjects: U32) -> None:
        wanted = _unknown(subjects, self._subjects, id(memory))
        if not len(wanted):
            return
        with self._database.given("hits", subject=wanted):
            found = self._database.run(
                "SELECT * FROM all_subjects SEMI JOIN hits USING (subject) ORDER BY subject"
            )
        for number, words in found:
            self._subjects[id(memory), number] = memory.number_subject(frozenset(json.loads(words)))


def _unknown(numbers: U32, known: dict[tuple[int, int], int], memory: int) -> U32:
    return np.array([number for number in numbers.tolist() if (memory, number) not in known], np.uint32)


def _stacked(table: str, columns: str, shifts: dict[str, int], stop: int) -> str:
    """A table of a segment with its numbers shifted behind those of the indexes before, up to a row."""
    names = [column.split()[0] for column in columns.split(", ")]
    shown = []
    for name in names:
        shift: Any = shifts.get(name.strip('"'), 0)
        shown.append(f"({name} + {shift})::UINTEGER AS {name}" if shift else name)
    where = f' WHERE "row" < {stop}' if '"row"' in names else ""
    return f"SELECT {', '.join(shown)} FROM {table}{where}"
