"""What an index holds, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dedup.index.manifest import FORMAT, Manifest, read_manifest
from dedup.problems import DedupError


def info_of(path: Path) -> dict[str, Any]:
    """What an index holds; DedupError where there is none."""
    manifest = read_manifest(path)
    if manifest is None:
        raise DedupError(f"{path}: there is no index")
    size = sum(file.stat().st_size for file in path.iterdir())
    rows = sum(segment.rows for segment in manifest.segments)
    return {
        "path": str(path),
        "format": FORMAT,
        "documents": sum(batch.documents for batch in manifest.batches),
        "paragraphs": rows,
        "bytes": size,
        "bytes_a_paragraph": round(size / rows, 1) if rows else None,
        "files": len(manifest.segments),
        "settings": manifest.settings,
        "batches": list(_batches(manifest)),
    }


def _batches(manifest: Manifest) -> Iterator[dict[str, Any]]:
    for batch in manifest.batches:
        yield {"name": batch.name, "documents": batch.documents, "paragraphs": batch.rows}


def lines_of(info: dict[str, Any]) -> Iterator[str]:
    """The same as lines for people."""
    yield f"{info['path']}: {info['format']}"
    yield f"documents   {info['documents']:,}"
    a_paragraph = f" ({info['bytes_a_paragraph']:,.0f} a paragraph)" if info["paragraphs"] else ""
    yield f"paragraphs  {info['paragraphs']:,} (and headlines, list items, protected blocks)"
    yield f"bytes       {info['bytes']:,}{a_paragraph} in {info['files']} files"
    said = ", ".join(f"{name.replace('_', '-')} {value}" for name, value in info["settings"].items())
    yield f"settings    {said}"
    yield f"batches     {len(info['batches']):,}"
    for batch in info["batches"]:
        name = "without a name" if batch["name"] is None else batch["name"]
        yield f"  {name}: {batch['documents']:,} documents, {batch['paragraphs']:,} paragraphs"
