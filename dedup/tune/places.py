"""What a reader sees of the blocks of a pair, read again from their documents: only examples are shown."""

from __future__ import annotations

from collections.abc import Sequence

from dedup.cleaner import Cleaner
from dedup.documents import Document
from dedup.match.prepared import Prepared
from dedup.report.marks import Part, marked
from dedup.settings import Settings
from dedup.sources.tables import read_row
from dedup.tune.inputs import TableFile
from dedup.tune.model import Example
from dedup.tune.trials import Items, Pair
from dedup.words.fingerprints import fingerprint


class Texts:
    """The texts of blocks by their places."""

    def __init__(self, items: Items, settings: Settings) -> None:
        self._items = {item.path: item for item in items}
        self._cleaner = Cleaner(settings)
        self._prepared: dict[tuple[str, int], Prepared] = {}

    def text(self, path: str, start: int, line: int) -> str | None:
        """What a reader sees of the block that begins at an offset in a file, or else stands on the line."""
        prepared = self._prepare(path, line)
        document, blocks = prepared.document, prepared.blocks
        starts = blocks.start.tolist()
        for block, begin in enumerate(starts):
            if document.offset(begin) == start and prepared.counts[block]:
                return prepared.texts[block]
        for block, begin in enumerate(starts):
            if document.line(begin, int(blocks.line[block])) == line and prepared.counts[block]:
                return prepared.texts[block]
        return None

    def _prepare(self, path: str, line: int) -> Prepared:
        item = self._items[path]
        key = (path, line if isinstance(item, TableFile) else 0)
        if key not in self._prepared:
            document: Document = (
                read_row(item.table([], []), line, self._cleaner.settings)
                if isinstance(item, TableFile)
                else item
            )
            (self._prepared[key],) = self._cleaner.prepare([document])
        return self._prepared[key]


def examples_of(pairs: Sequence[Pair], texts: Texts, most: int) -> list[Example]:
    """The first pairs as examples, no two of them of the same words."""
    found: list[Example] = []
    seen: set[str] = set()
    for pair in pairs:
        words = fingerprint(pair.text)
        if words in seen:
            continue
        seen.add(words)
        found.append(_example(pair, texts))
        if len(found) == most:
            break
    return found


def _example(pair: Pair, texts: Texts) -> Example:
    text = texts.text(pair.document, pair.start, pair.line)
    twin = texts.text(pair.kept, pair.kept_start, pair.kept_line)
    text = pair.text if text is None else text
    parts: list[Part] = [] if twin is None else marked(twin, text)
    return Example(pair, text, twin, tuple(parts))
