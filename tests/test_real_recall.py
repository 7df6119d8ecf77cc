"""Recall and precision against brute force on real paragraphs; `benchmarks/recall.py` measures more of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from real_data import folder_of

from benchmarks.bruteforce import similar_pairs, similarity
from benchmarks.corpora import abc_blocks, headlines, keda_blocks, paragraphs
from benchmarks.edits import edited_corpus
from benchmarks.recall import SEED, all_headline_pairs
from benchmarks.stages import (
    as_paragraphs,
    compare_whole,
    document_each,
    matched_headlines,
    matched_pairs,
    one_document,
    removing,
    tree,
)
from dedup.settings import HEADLINE_SIMILARITY
from dedup.words import folded_words

pytestmark = pytest.mark.real

THRESHOLDS = (0.7, 0.8, 0.9)
RECALL = 0.999


@pytest.fixture(scope="module")
def keda(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of("keda-docs", tmp_path_factory.mktemp("keda"))


@pytest.fixture(scope="module")
def abc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of("abc", tmp_path_factory.mktemp("abc"))


@pytest.fixture(scope="module")
def texts(keda: Path, abc: Path) -> dict[str, list[str]]:
    news = paragraphs(abc_blocks(abc))
    return {
        "keda-docs": paragraphs(keda_blocks(keda)),
        "abc-2006": news,
        "edited": edited_corpus(news, 5000, SEED),
    }


@pytest.mark.parametrize("corpus", ["keda-docs", "abc-2006", "edited"])
def test_matching_finds_the_pairs_and_no_others(corpus: str, texts: dict[str, list[str]]) -> None:
    truth = similar_pairs([folded_words(text) for text in texts[corpus]], min(THRESHOLDS))
    for threshold in THRESHOLDS:
        due = {pair: similarity for pair, similarity in truth.items() if similarity >= threshold}
        found = matched_pairs(texts[corpus], threshold)
        assert {pair: found[pair] for pair in found if due.get(pair) != found[pair]} == {}
        assert len(found) >= RECALL * len(due)
        assert corpus == "abc-2006" or len(due) > 50


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("corpus", ["keda-docs", "edited"])
@pytest.mark.parametrize("form", [one_document, document_each])
def test_what_goes_is_what_keeping_the_first_takes_out(
    corpus: str, threshold: float, form: type, texts: dict[str, list[str]]
) -> None:
    outcome = compare_whole(form(as_paragraphs(texts[corpus][:4000])), removing(threshold))
    assert outcome.expected > 30
    assert outcome.wrong == ()
    assert outcome.recall >= RECALL, outcome.missed


@pytest.mark.parametrize("threshold", [0.7, 0.8])
def test_whole_files_lose_what_keeping_the_first_takes_out(threshold: float, keda: Path) -> None:
    outcome = compare_whole(tree(keda), removing(threshold))
    assert outcome.expected > 10_000
    assert outcome.wrong == ()
    assert outcome.recall >= RECALL, outcome.missed


@pytest.mark.parametrize("threshold", [0.7, HEADLINE_SIMILARITY])
def test_no_similar_headline_is_missed(threshold: float, abc: Path, keda: Path) -> None:
    texts = headlines(keda_blocks(keda))[:500] + headlines(abc_blocks(abc))[:100]
    due = all_headline_pairs(texts, threshold)
    assert len(due) > 20
    assert matched_headlines(texts, threshold) == due


def test_brute_force_compares_every_pair(abc: Path) -> None:
    words = [folded_words(text) for text in _sample(paragraphs(abc_blocks(abc, ["rural"])))]
    for threshold in (0.05, 0.7):
        assert similar_pairs(words, threshold) == {
            (one, other): found
            for one in range(len(words))
            for other in range(one + 1, len(words))
            if (found := similarity(words[one], words[other])) >= threshold
        }


def _sample(texts: Sequence[str]) -> list[str]:
    return edited_corpus(texts, 200, SEED)
