"""The real text that benchmarks and tests measure on: where it is, and its blocks."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dedup.blocks import Kind, cut
from dedup.documents import Syntax
from dedup.sources.encoding import decode
from dedup.words import folded_words

MISSING = "put the measuring data at ../shared/data (see benchmarks/README.md)"

KEDA = "keda-docs"
ABC = "abc"
YEARS = (2013, 2014, 2015)
_ARCHIVES = {KEDA: "keda-docs.tar.xz", ABC: "news/abc-2006.tar.xz"}


class DataMissing(Exception):
    """The measuring data is not there; the message says how to get it."""


def data_folder() -> Path:
    """The folder of the measuring data: `DEDUP_DATA`, else `shared/data` beside the checkout."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("DEDUP_DATA") or beside)
    if not folder.is_dir():
        raise DataMissing(MISSING)
    return folder


def data_file(name: str) -> Path:
    """A file of the measuring data, by its path in that folder."""
    path = data_folder() / name
    if not path.exists():
        raise DataMissing(f"{name} is not there: {MISSING}")
    return path


def archive(name: str) -> Path:
    """The packed file of a corpus."""
    return data_file(_ARCHIVES[name])


def unpack(name: str, into: Path) -> Path:
    """The folder of a corpus, unpacked below `into` unless it is there already."""
    folder = into / name
    if not folder.is_dir():
        with tarfile.open(archive(name)) as packed:
            packed.extractall(into, filter="data")
    return folder


@dataclass(frozen=True, slots=True)
class Text:
    """One block of real text: what a reader sees of it, its kind, and its words."""

    shown: str
    kind: Kind
    words: tuple[str, ...]


def blocks_of(path: Path, syntax: Syntax) -> Iterator[Text]:
    """The blocks of a file that have words."""
    document = decode(path.name, path.read_bytes(), syntax, path.name)
    blocks = cut(document.text, document.syntax)
    for kind, shown in zip(blocks.kind.tolist(), blocks.texts, strict=True):
        words = folded_words(shown)
        if words and kind != Kind.PROTECTED:
            yield Text(shown, Kind(kind), words)


def keda_blocks(folder: Path) -> Iterator[Text]:
    """The blocks of all Markdown files below a folder of keda-docs."""
    for path in sorted(folder.rglob("*.md")):
        yield from blocks_of(path, "markdown")


def abc_blocks(folder: Path, names: Iterable[str] = ("rural", "science")) -> Iterator[Text]:
    """The blocks of the news texts."""
    for name in names:
        yield from blocks_of(folder / f"{name}.txt", "text")


def paragraphs(blocks: Iterable[Text], min_words: int = 8) -> list[str]:
    """The distinct paragraphs and list items of so many words and more, in order; distinct by their words."""
    wanted = (Kind.PARAGRAPH, Kind.LIST_ITEM)
    found = {b.words: b.shown for b in blocks if b.kind in wanted and len(b.words) >= min_words}
    return list(found.values())


def headlines(blocks: Iterable[Text]) -> list[str]:
    """The headlines of distinct words, in order."""
    found: dict[tuple[str, ...], str] = {}
    for block in blocks:
        if block.kind == Kind.HEADLINE:
            found.setdefault(block.words, block.shown)
    return list(found.values())


def graded_headlines() -> list[str]:
    """The headlines of the graded pairs (SemEval STS), of distinct words."""
    found: dict[tuple[str, ...], str] = {}
    for year in YEARS:
        for line in data_file(f"sts/headlines-{year}.tsv").read_text("utf-8").splitlines():
            for headline in line.split("\t")[1:3]:
                if words := folded_words(headline):
                    found.setdefault(words, headline)
    return list(found.values())
