"""Adding to an index: a new file for what was kept, merged with those before that are no larger, then the manifest."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from dedup.atomic import sync_folder
from dedup.blocks import Kind
from dedup.index.columns import Found, Numbering, Tables, kept_tables
from dedup.index.database import ORDER, TABLES, Database, forget, told
from dedup.index.folder import Identity, Index, sweep
from dedup.index.hashes import salt_of
from dedup.index.manifest import PENDING, Batch, Manifest, Segment, write_manifest
from dedup.match.memory import Memory
from dedup.problems import DedupError, reason_of
from dedup.settings import Settings


def commit(
    index: Index,
    memories: Mapping[str | None, Memory],
    settings: Settings,
    identity: Identity,
    digests: Sequence[str],
    *,
    alone: bool,
) -> None:
    """Adds what a run kept; see `stage`."""
    publish(index, stage(index, memories, settings, identity, digests, alone=alone))


def stage(
    index: Index,
    memories: Mapping[str | None, Memory],
    settings: Settings,
    identity: Identity,
    digests: Sequence[str],
    *,
    alone: bool,
) -> Manifest:
    """Writes what a run kept beside what an index holds, and gives the manifest that would make it part of that.

    `digests` are of the contents that the run read, and that it left; `alone` says that it was compared with no other
    index. DedupError where it cannot be written; then the index is what it was.
    """
    manifest = index.manifest
    numbers = Numbering(manifest.next_row, manifest.next_document, manifest.next_page, manifest.next_subject)
    database = Database()
    try:
        with told(index.path):
            known = _Known(index, database) if not alone and manifest.segments else None
            found = Found(settings)

            def parts() -> Iterator[Tables]:
                for group, memory in memories.items():
                    firsts = _Firsts(memory, salt_of(group), known, alone)
                    yield from kept_tables(memory, salt_of(group), numbers, found, firsts.of)

            count = sum(memory.rows() - memory.base for memory in memories.values())
            segment = write_segment(
                database, index.path, manifest.next_file, manifest.next_row, count, parts()
            )
            if known is not None:
                known.close()
            batch = Batch(
                name=identity.name,
                fingerprint=identity.fingerprint,
                digests=tuple(dict.fromkeys(digests)),
                first_row=manifest.next_row,
                rows=numbers.row - manifest.next_row,
                first_document=manifest.next_document,
                documents=numbers.document - manifest.next_document,
            )
            after = replace(
                manifest,
                segments=(*manifest.segments, segment) if segment.rows else manifest.segments,
                batches=(*manifest.batches, batch),
                next_row=numbers.row,
                next_document=numbers.document,
                next_page=numbers.page,
                next_subject=numbers.subject,
                next_file=manifest.next_file + 1,
            )
            return merged(database, index.path, after)
    except (OSError, DedupError) as error:
        database.close()
        with suppress(OSError):
            sweep(index.path, manifest)
        if isinstance(error, DedupError):
            raise
        raise DedupError(f"{index.path}: not added to: {reason_of(error)}") from None
    finally:
        database.close()


def put_manifest(manifest: Manifest, path: Path, failed: str) -> None:
    """Makes a new state that of the index in a folder; a DedupError with what `failed` where it cannot be."""
    try:
        sync_new(path)
        write_manifest(manifest, path)
        sync_new(path)
    except OSError as error:
        raise DedupError(f"{path}: {failed}: {reason_of(error)}") from None


def publish(index: Index, manifest: Manifest) -> None:
    """Makes a new state that of the index, and deletes the files that it does not name."""
    before = {segment.file for segment in index.manifest.segments}
    put_manifest(manifest, index.path, "not added to")
    index.manifest = manifest
    for name in before - {segment.file for segment in manifest.segments}:
        forget(index.path / name)
    forget(index.path / PENDING)


def sync_new(path: Path) -> None:
    """Brings the names in a folder to the disk, where the system can."""
    if os.name != "nt":
        sync_folder(path)


def write_segment(
    database: Database, folder: Path, number: int, first_row: int, count: int, parts: Iterator[Tables]
) -> Segment:
    """A new file with the `count` rows of these parts; none where there are no rows."""
    path = folder / f"{number:06}.duckdb"
    counts = dict.fromkeys(TABLES, 0)
    database.begin(path, "added", count)
    sorts = ("bands", "headlines")
    for table in sorts:
        database.run(f"CREATE OR REPLACE TEMP TABLE added_{table} ({TABLES[table]})")
    for tables in parts:
        for table, columns in tables.items():
            size = len(next(iter(columns.values())))
            if size:
                database.insert(f"added_{table}" if table in sorts else f"added.{table}", columns)
                counts[table] += size
    for table in sorts:
        database.run(f"INSERT INTO added.{table} SELECT * FROM added_{table} ORDER BY {ORDER[table]}")
        database.run(f"DROP TABLE added_{table}")
    database.finish("added", path)
    if not counts["blocks"]:
        forget(path)
    return Segment(path.name, first_row, counts["blocks"], counts["bands"], counts["headlines"])


def merged(database: Database, folder: Path, manifest: Manifest, *, all: bool = False) -> Manifest:
    """The manifest with its last segments put together, as far as the one before is no larger; or all."""
    segments = list(manifest.segments)
    tail = segments[-1:]
    while len(tail) < len(segments) and (
        all or segments[-len(tail) - 1].rows <= sum(segment.rows for segment in tail)
    ):
        tail = segments[-len(tail) - 1 :]
    if len(tail) < 2:
        return manifest
    one = merge(database, folder, manifest.next_file, tail)
    return replace(manifest, segments=(*segments[: -len(tail)], one), next_file=manifest.next_file + 1)


def merge(database: Database, folder: Path, number: int, segments: Sequence[Segment]) -> Segment:
    """A new file with the rows of several."""
    path = folder / f"{number:06}.duckdb"
    names = [f"old{n}" for n in range(len(segments))]
    for segment, name in zip(segments, names, strict=True):
        database.attach(folder / segment.file, name)
    database.begin(path, "merged", sum(segment.rows for segment in segments))
    for table in TABLES:
        database.copy(table, names, "merged")
    for name in names:
        database.detach(name)
    database.finish("merged", path)
    return Segment(
        path.name,
        segments[0].first_row,
        sum(segment.rows for segment in segments),
        sum(segment.bands for segment in segments),
        sum(segment.headlines for segment in segments),
    )


class _Known:
    """The words that an index has, asked when other indexes were compared with too."""

    def __init__(self, index: Index, database: Database) -> None:
        self._database = database
        self._names = index.attach(database, "known")

    def which(self, headline: bool, same: Sequence[int]) -> set[int]:
        """Those of the hashes that the index has."""
        compare = "=" if headline else "<> 0 AND kind <>"
        found: set[int] = set()
        with self._database.given("wanted", same=np.array(same, np.uint64)):
            for name in self._names:
                rows = self._database.columns(
                    f"SELECT DISTINCT same FROM {name}.blocks SEMI JOIN wanted USING (same) "
                    f"WHERE count > 0 AND kind {compare} {Kind.HEADLINE.value}"
                )
                found.update(rows["same"].tolist())
        return found

    def close(self) -> None:
        """Lets go of the files."""
        for name in self._names:
            self._database.detach(name)


class _Firsts:
    """Which rows of a memory are the first of their words in an index."""

    def __init__(self, memory: Memory, salt: int, known: _Known | None, alone: bool) -> None:
        self._memory, self._salt, self._known, self._alone = memory, salt, known, alone
        self._seen: set[tuple[bool, int]] = set()

    def of(self, rows: Sequence[int]) -> list[bool]:
        """For each row whether it is."""
        values = [self._memory.row_of(row) for row in rows]
        compared = [row[6] != Kind.PROTECTED and row[7] > 0 for row in values]
        if self._alone:
            return [of and self._memory.is_first(row) for row, of in zip(rows, compared, strict=True)]
        keys = [(row[6] == Kind.HEADLINE, row[8] ^ self._salt) for row in values]
        known: set[tuple[bool, int]] = set()
        for headline in (False, True):
            asked = [same for is_headline, same in keys if is_headline == headline]
            if self._known is not None and asked:
                known.update((headline, same) for same in self._known.which(headline, asked))
        firsts = []
        for key, of in zip(keys, compared, strict=True):
            firsts.append(of and key not in known and key not in self._seen)
            if of:
                self._seen.add(key)
        return firsts
