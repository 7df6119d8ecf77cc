"""Whether an index is what it should be: counts, hashes, band keys, and that every number leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from dedup.blocks import Kind
from dedup.index.columns import SLICE, Found
from dedup.index.database import Columns, Database, told
from dedup.index.manifest import Manifest, Segment, read_manifest
from dedup.problems import DedupError
from dedup.settings import Settings
from dedup.words import SEPARATOR, analyse

_COMPARED = f"kind <> {Kind.PROTECTED.value} AND count > 0"


def problems_of(path: Path) -> list[str]:
    """What is wrong with an index, a line each; DedupError where it is none."""
    manifest = read_manifest(path)
    if manifest is None:
        raise DedupError(f"{path}: there is no index")
    database = Database()
    found: list[str] = []
    try:
        for number, segment in enumerate(manifest.segments):
            try:
                with told(path):
                    database.attach(path / segment.file, f"s{number}")
                    found += _segment(database, f"s{number}", segment, manifest)
            except FileNotFoundError:
                found.append(f"{segment.file}: is missing")
            except DedupError as error:
                found.append(f"{segment.file}: {str(error).removeprefix(f'{path}: ')}")
        if not found and manifest.segments:
            with told(path):
                found += _whole(database, manifest)
    finally:
        database.close()
    return found


def _segment(database: Database, name: str, segment: Segment, manifest: Manifest) -> Iterator[str]:
    def count(query: str) -> int:
        number: int = database.run(query)[0][0]
        return number

    for table, expected in (
        ("blocks", segment.rows),
        ("bands", segment.bands),
        ("headlines", segment.headlines),
    ):
        held = count(f"SELECT count(*) FROM {name}.{table}")
        if held != expected:
            yield f"{segment.file}: {held:,} {table}, not {expected:,}"
    blocks = f"{name}.blocks"
    for what, query in (
        ("rows more than once", f'SELECT count(*) - count(DISTINCT "row") FROM {blocks}'),
        (
            "blocks of no document",
            f"SELECT count(*) FROM {blocks} ANTI JOIN {name}.documents USING (document)",
        ),
        ("blocks of no page", f"SELECT count(*) FROM {blocks} ANTI JOIN {name}.pages USING (page)"),
        ("blocks of no subject", f"SELECT count(*) FROM {blocks} ANTI JOIN {name}.subjects USING (subject)"),
        ("band keys of no block", f'SELECT count(*) FROM {name}.bands ANTI JOIN {blocks} USING ("row")'),
        (
            "headline keys of no block",
            f'SELECT count(*) FROM {name}.headlines ANTI JOIN {blocks} USING ("row")',
        ),
        (
            "rows out of their range",
            f'SELECT count(*) FROM {blocks} WHERE "row" < {segment.first_row} OR "row" >= {manifest.next_row}',
        ),
    ):
        wrong = count(query)
        if wrong:
            yield f"{segment.file}: {wrong:,} {what}"


def _whole(database: Database, manifest: Manifest) -> Iterator[str]:
    """Hashes and keys, made again from the texts."""
    names = [f"s{number}" for number in range(len(manifest.segments))]

    def union(table: str, columns: str) -> str:
        return " UNION ALL ".join(f"SELECT {columns} FROM {name}.{table}" for name in names)

    database.run(
        f'CREATE TEMP TABLE firsts AS SELECT min("row") AS "row" FROM ({union("blocks", "*")}) '
        f"WHERE {_COMPARED} GROUP BY same, kind = {Kind.HEADLINE.value}"
    )
    found = Found(Settings.of(manifest.settings))
    for name, segment in zip(names, manifest.segments, strict=True):
        for begin in range(segment.first_row, manifest.next_row, SLICE):
            within = f'"row" >= {begin} AND "row" < {begin + SLICE}'
            rows = database.columns(
                f'SELECT b."row", kind, count, same, text, salt, f."row" IS NOT NULL AS first '
                f"FROM {name}.blocks b JOIN {name}.documents USING (document) "
                f'LEFT JOIN firsts f ON b."row" = f."row" WHERE b.{within.replace(" AND ", " AND b.")} ORDER BY b."row"'
            )
            if len(rows["row"]):
                yield from _slice(rows, found, segment)
                for table in ("bands", "headlines"):
                    held = database.columns(
                        f'SELECT * FROM {name}.{table} WHERE {within} ORDER BY key, "row"'
                    )
                    if not _same_keys(held, _expected(rows, found, table)):
                        yield f"{segment.file}: {table} of the rows from {begin:,} on are not those of their texts"


def _slice(rows: Columns, found: Found, segment: Segment) -> Iterator[str]:
    texts = [bytes(text).decode("utf-8", "surrogatepass") for text in rows["text"]]
    words = analyse(SEPARATOR.join(texts), len(texts))
    wrong = int(
        np.count_nonzero(words.same != (rows["same"].astype(np.uint64) ^ rows["salt"].astype(np.uint64)))
    )
    wrong += int(np.count_nonzero(words.counts != rows["count"]))
    if wrong:
        yield f"{segment.file}: {wrong:,} texts that are not what their hashes say"


def _expected(rows: Columns, found: Found, table: str) -> dict[str, Any]:
    chosen = rows["first"].astype(bool)
    keys: list[Columns] = []
    for salt in np.unique(rows["salt"][chosen]).tolist():
        ours = np.flatnonzero(chosen & (rows["salt"] == salt)).tolist()
        tables = found.tables(
            rows["row"][ours].tolist(),
            rows["kind"][ours].tolist(),
            rows["count"][ours].tolist(),
            [bytes(rows["text"][n]) for n in ours],
            int(salt),
        )
        keys.append(tables[table])
    return {
        name: np.concatenate([np.zeros(0, np.uint64), *(each[name] for each in keys)])
        for name in ("key", "row")
    }


def _same_keys(held: Columns, expected: Columns) -> bool:
    order = np.lexsort((expected["row"], expected["key"]))
    return all(np.array_equal(held[name], expected[name][order]) for name in ("key", "row"))
