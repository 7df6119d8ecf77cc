"""The JSONL that speed is measured on, kept in benchmarks/.data once it is made."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import generate
from benchmarks.corpora import ABC, KEDA, DataMissing, Text, abc_blocks, data_folder, keda_blocks, unpack
from benchmarks.stages import as_paragraphs
from dedup.blocks import Kind

FOLDER = Path(__file__).with_name(".data")
MIN_WORDS = 8
REAL_UP_TO = 10
"""The megabytes up to which an input holds the real paragraphs."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file to measure on. truth: what was copied in it; None where only brute force can tell."""

    megabytes: int
    path: Path
    truth: Path | None

    @property
    def name(self) -> str:
        """The size as a reader says it."""
        return f"{self.megabytes / 1000:g} GB" if self.megabytes >= 1000 else f"{self.megabytes} MB"


def has_real_text() -> bool:
    """Whether the real text is there."""
    try:
        return data_folder().is_dir()
    except DataMissing:
        return False


def _paragraphs(blocks: Iterator[Text]) -> list[str]:
    """The paragraphs that a plain text holds as one, repeats and all."""
    return as_paragraphs(b.shown for b in blocks if b.kind == Kind.PARAGRAPH and len(b.words) >= MIN_WORDS)


def _real_lines() -> Iterator[bytes]:
    """The real paragraphs, as lines; none where the real text is absent."""
    if not has_real_text():
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for corpus, blocks in ((ABC, abc_blocks), (KEDA, keda_blocks)):
            for number, text in enumerate(_paragraphs(blocks(unpack(corpus, folder)))):
                yield generate.line_of(f"{corpus}-{number:06}", text).encode("utf-8")


def _write_mixed(size: int, path: Path) -> None:
    """The real paragraphs, and made ones up to the size."""
    written = 0
    with path.open("wb") as out:
        for line in _real_lines():
            if written + len(line) > size:
                return
            written += out.write(line)
        for row in generate.Corpus().rows():
            if written >= size:
                return
            written += out.write(generate.line_of(generate.name_of(row.number), row.text).encode("utf-8"))


def prepared(megabytes: int) -> Input:
    """The input of so many megabytes, made unless it is there."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{megabytes}mb-{'real' if has_real_text() else 'words'}.jsonl"
    made = path.with_suffix(".part")
    truth = None if megabytes <= REAL_UP_TO else path.with_suffix(".truth.tsv")
    if not path.exists():
        if truth:
            generate.write(megabytes * 1_000_000, made, truth=truth)
        else:
            _write_mixed(megabytes * 1_000_000, made)
        made.rename(path)
    return Input(megabytes, path, truth)
