"""Taking documents out of an index for good, and whole batches; and putting all its files together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from dedup.blocks import Kind
from dedup.index.columns import Found
from dedup.index.database import ORDER, TABLES, Database, told
from dedup.index.folder import sweep
from dedup.index.lock import Lock
from dedup.index.manifest import Batch, Manifest, Segment, read_manifest
from dedup.index.write import merged, put_manifest
from dedup.problems import DedupError
from dedup.settings import Settings
from dedup.words import U32

_COMPARED = f"kind <> {Kind.PROTECTED.value} AND count > 0"
_HEADLINE = f"kind = {Kind.HEADLINE.value}"


class Change:
    """An index that is changed by hand: locked, and its state replaced at the end."""

    def __init__(self, path: Path) -> None:
        """Raises DedupError where there is none, or another run writes to it."""
        if read_manifest(path) is None:
            raise DedupError(f"{path}: there is no index")
        self.path = path
        self._lock = Lock(path)
        manifest = read_manifest(path)
        assert manifest is not None
        self.manifest: Manifest = manifest
        self._database = Database()
        sweep(path, manifest)

    def close(self) -> None:
        """Lets others write."""
        self._database.close()
        self._lock.release()

    def compact(self) -> None:
        """Puts all files together."""
        with told(self.path):
            self._publish(merged(self._database, self.path, self.manifest, all=True))

    def remove_batch(self, name: str) -> int:
        """Takes out a batch; how many documents that were. DedupError where there is none of this name."""
        batch = self.manifest.batch(name, None)
        if batch is None:
            raise DedupError(f'{self.path}: there is no batch "{name}"')
        last = batch.first_document + _span(self.manifest, batch) - 1
        with told(self.path):
            self._attach()
            documents = self._documents(f"document BETWEEN {batch.first_document} AND {last}")
            self._remove(documents, [batch])
        return len(documents)

    def remove_document(self, name: str) -> int:
        """Takes out the documents of an id, a path, or a path and line (`path:line`); how many that were."""
        with told(self.path):
            self._attach()
            documents = self._named(name)
            if not len(documents):
                raise DedupError(f'{self.path}: there is no document "{name}"')
            self._remove(documents, [])
        return len(documents)

    def _named(self, name: str) -> U32:
        value = _literal(name)
        for where in (f"id = {value}", f"page IN (SELECT page FROM all_pages WHERE path = {value})"):
            documents = self._documents(where)
            if len(documents):
                return documents
        path, _, line = name.rpartition(":")
        if not path or not line.isdecimal():
            return np.zeros(0, np.uint32)
        return self._documents(
            f"page IN (SELECT page FROM all_pages WHERE path = {_literal(path)}) "
            f"AND document IN (SELECT document FROM all_blocks WHERE line = {int(line)})"
        )

    def _attach(self) -> None:
        for number, segment in enumerate(self.manifest.segments):
            try:
                self._database.attach(self.path / segment.file, f"s{number}")
            except FileNotFoundError:
                raise DedupError(f"{self.path}: is damaged: {segment.file} is missing") from None
        for table, columns in TABLES.items():
            parts = [f"SELECT * FROM s{number}.{table}" for number in range(len(self.manifest.segments))]
            names = ", ".join(
                f"NULL::{column.split()[1]} AS {column.split()[0]}" for column in columns.split(", ")
            )
            union = " UNION ALL ".join(parts) or f"SELECT {names} WHERE false"
            self._database.run(f"CREATE TEMP VIEW all_{table} AS {union}")

    def _documents(self, where: str) -> U32:
        found = self._database.columns(f"SELECT document FROM all_documents WHERE {where} ORDER BY document")
        return found["document"].astype(np.uint32)

    def _remove(self, documents: U32, batches: Sequence[Batch]) -> None:
        """Writes the files anew that hold something of documents, or what now is the first of its words."""
        database, manifest = self._database, self.manifest
        with database.given("given", document=documents):
            database.run("CREATE TEMP TABLE gone AS SELECT document::UINTEGER AS document FROM given")
        database.run(
            'CREATE TEMP TABLE gone_rows AS SELECT "row", document FROM all_blocks SEMI JOIN gone USING (document)'
        )
        self._find_new_firsts()
        segments: list[Segment] = []
        number = manifest.next_file
        for n, segment in enumerate(manifest.segments):
            touched = database.run(
                f"SELECT (SELECT count(*) FROM s{n}.documents SEMI JOIN gone USING (document)) + "
                f'(SELECT count(*) FROM s{n}.blocks SEMI JOIN new_firsts USING ("row"))'
            )[0][0]
            if not touched:
                segments.append(segment)
                continue
            written = self._rewrite(f"s{n}", number, segment)
            number += 1
            if written.rows:
                segments.append(written)
        self._publish(
            replace(
                manifest,
                segments=tuple(segments),
                batches=tuple(self._left(batch) for batch in manifest.batches if batch not in batches),
                next_file=number,
            )
        )

    def _find_new_firsts(self) -> None:
        """The rows that become the first of their words, with their keys."""
        database = self._database
        database.run(
            f"CREATE TEMP TABLE lost AS SELECT DISTINCT same, {_HEADLINE} AS headline FROM all_blocks "
            f"SEMI JOIN gone USING (document) WHERE {_COMPARED}"
        )
        database.run(
            f'CREATE TEMP TABLE new_firsts AS SELECT min(b."row") AS "row" FROM all_blocks b '
            f"JOIN lost ON b.same = lost.same AND (b.{_HEADLINE}) = lost.headline "
            f"WHERE b.document NOT IN (SELECT document FROM gone) AND {_COMPARED} GROUP BY b.same, lost.headline"
        )
        # What was the first before has its keys already.
        for table in ("bands", "headlines"):
            database.run(f'DELETE FROM new_firsts WHERE "row" IN (SELECT "row" FROM all_{table})')
        rows = database.run(
            'SELECT b."row", b.kind, b.count, b.text, d.salt FROM all_blocks b JOIN all_documents d USING (document) '
            'SEMI JOIN new_firsts f ON b."row" = f."row" ORDER BY b."row"'
        )
        found = Found(Settings.of(self.manifest.settings))
        for table in ("bands", "headlines"):
            database.run(f"CREATE TEMP TABLE new_{table} ({TABLES[table]})")
        for salt in sorted({row[4] for row in rows}):
            ours = [row for row in rows if row[4] == salt]
            numbers, kinds, counts, texts, _ = zip(*ours, strict=True)
            for table, columns in found.tables(numbers, kinds, counts, list(map(bytes, texts)), salt).items():
                if len(columns["row"]):
                    database.insert(f"new_{table}", columns)

    def _rewrite(self, name: str, number: int, segment: Segment) -> Segment:
        """A file without what is gone."""
        database = self._database
        path = self.path / f"{number:06}.duckdb"
        database.begin(path, "rewritten", segment.rows)
        stays = {
            "blocks": "document NOT IN (SELECT document FROM gone)",
            "documents": "document NOT IN (SELECT document FROM gone)",
            "pages": "page IN (SELECT page FROM rewritten.blocks)",
            "subjects": "subject IN (SELECT subject FROM rewritten.blocks)",
            "bands": '"row" NOT IN (SELECT "row" FROM gone_rows)',
            "headlines": '"row" NOT IN (SELECT "row" FROM gone_rows)',
        }
        counts = {}
        for table, where in stays.items():
            more = ""
            if table in ("bands", "headlines"):
                more = f' UNION ALL SELECT * FROM new_{table} WHERE "row" IN (SELECT "row" FROM rewritten.blocks)'
            database.run(
                f"INSERT INTO rewritten.{table} SELECT * FROM (SELECT * FROM {name}.{table} WHERE {where}{more}) "
                f"ORDER BY {ORDER[table]}"
            )
            counts[table] = database.run(f"SELECT count(*) FROM rewritten.{table}")[0][0]
        database.finish("rewritten", path)
        return replace(
            segment,
            file=path.name,
            rows=counts["blocks"],
            bands=counts["bands"],
            headlines=counts["headlines"],
        )

    def _left(self, batch: Batch) -> Batch:
        """A batch with the numbers of what remains of it."""
        first, last = batch.first_document, batch.first_document + _span(self.manifest, batch)
        documents = self._database.run(
            f"SELECT count(*) FROM gone WHERE document >= {first} AND document < {last}"
        )
        rows = self._database.run(
            f"SELECT count(*) FROM gone_rows WHERE document >= {first} AND document < {last}"
        )
        return replace(batch, rows=batch.rows - rows[0][0], documents=batch.documents - documents[0][0])

    def _publish(self, manifest: Manifest) -> None:
        put_manifest(manifest, self.path, "not changed")
        self._database.close()
        self.manifest = manifest
        sweep(self.path, manifest)


def _span(manifest: Manifest, batch: Batch) -> int:
    """How many document numbers there are from a batch's first up to that of the next batch."""
    later = manifest.batches[manifest.batches.index(batch) + 1 :]
    return (later[0].first_document if later else manifest.next_document) - batch.first_document


def _literal(text: str) -> str:
    """A text as a BLOB in SQL."""
    return f"unhex('{text.encode('utf-8', 'surrogatepass').hex()}')"
