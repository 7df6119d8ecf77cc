"""Edited news: what changes a fact stays and is flagged, what an editor calls harmless goes."""

from __future__ import annotations

import pytest
from real_data import folder_of

from benchmarks.corpora import ABC, abc_blocks, paragraphs
from benchmarks.fact_edits import FACTS, HARMLESS, edited_pairs
from benchmarks.guards import tripped
from dedup import Cleaner, Settings, document
from dedup.words import folded_words

pytestmark = pytest.mark.real

EACH = 200
LONG = 45
"""So long that one edit leaves a paragraph a near-duplicate by any definition."""


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return paragraphs(abc_blocks(folder_of(ABC, tmp_path_factory.mktemp("abc"))))


@pytest.mark.parametrize("kind", FACTS)
def test_a_changed_fact_trips_a_guard(kind: str, texts: list[str]) -> None:
    pairs = edited_pairs(texts, FACTS[kind], EACH, f"{kind} 17")
    assert len(pairs) > 10
    assert [pair for pair in pairs if not tripped(*pair)] == []


@pytest.mark.parametrize("kind", HARMLESS)
def test_a_harmless_edit_trips_none(kind: str, texts: list[str]) -> None:
    pairs = edited_pairs(texts, HARMLESS[kind], EACH, f"{kind} 17")
    held = [(pair, tripped(*pair)) for pair in pairs if tripped(*pair)]
    assert len(held) <= 0.01 * len(pairs), held


def test_the_whole_tool_on_long_paragraphs(texts: list[str]) -> None:
    """One document with the originals, one with the edited copies, in an order of their own."""
    # Of a list an item goes with its neighbours alone.
    long = [text for text in texts if len(folded_words(text)) >= LONG and not text.startswith("*")]
    for edits, wanted in ((FACTS, False), (HARMLESS, True)):
        for kind, edit in edits.items():
            if kind == "bold as HTML":  # which is markup in Markdown alone
                continue
            pairs = edited_pairs(long, edit, 40, f"{kind} 17")
            cleaner = Cleaner(Settings.of(headlines="off"))
            cleaner.clean(document("".join(f"{one}\n\n" for one, _ in pairs), "originals.txt"))
            cleaned = cleaner.clean(document("".join(f"{other}\n\n" for _, other in pairs), "edited.txt"))
            removed, flagged = len(cleaned.removals), len(cleaned.flags)
            assert removed + flagged == len(pairs), kind
            assert removed >= 0.97 * len(pairs) if wanted else removed == 0, kind
