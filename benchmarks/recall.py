"""Recall and precision against brute force, on real text: `python -m benchmarks.recall`.

Prints the tables and writes them into benchmarks/README.md; `--print` leaves the file alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.bruteforce import Pairs, similar_pairs
from benchmarks.corpora import (
    ABC,
    KEDA,
    abc_blocks,
    graded_headlines,
    headlines,
    keda_blocks,
    paragraphs,
    unpack,
)
from benchmarks.edits import RATES, edited_corpus, filled_template
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
from benchmarks.tables import machine, publish, table, versions
from dedup.documents import Document
from dedup.match.alike import headline_similarity
from dedup.match.bands import choose_bands, recall
from dedup.settings import HEADLINE_SIMILARITY, PERMUTATIONS
from dedup.words import folded_words

SEED = 2006
EDITED = 12_000
FILLED = 2_000
TEMPLATE_WORDS = 60
HEADLINES = 500
THRESHOLDS = (0.7, 0.8, 0.9)
BUCKETS = (0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


def corpora(folder: Path, edited: int = EDITED) -> dict[str, list[str]]:
    """The texts that are compared, by the name of their corpus; duplicates by words only among the edited ones."""
    abc = list(abc_blocks(unpack(ABC, folder)))
    return {
        "keda-docs": paragraphs(keda_blocks(unpack(KEDA, folder))),
        "abc-2006": paragraphs(abc),
        "abc-2006 edited": edited_corpus(paragraphs(abc), edited, SEED),
    }


def buckets(pairs: Pairs) -> list[int]:
    """How many pairs have a similarity of 0.70 to 0.75, and so on; the last is for 1.0 alone."""
    places = np.searchsorted(np.array(BUCKETS), np.array(list(pairs.values())), side="right") - 1
    return [int(count) for count in np.bincount(places, minlength=len(BUCKETS))]


def match_rows(name: str, texts: Sequence[str]) -> Iterator[list[object]]:
    """The match stage on one corpus: for each threshold a row of recall by similarity."""
    truth = similar_pairs([folded_words(text) for text in texts], BUCKETS[0])
    for threshold in THRESHOLDS:
        found = matched_pairs(texts, threshold)
        due = {pair: similarity for pair, similarity in truth.items() if similarity >= threshold}
        hit = {pair: similarity for pair, similarity in due.items() if pair in found}
        wrong = sum(due.get(pair) != similarity for pair, similarity in found.items())
        cells = [
            f"{got:,}/{all_:,}" if all_ else "–" for got, all_ in zip(buckets(hit), buckets(due), strict=True)
        ]
        bands, rows = choose_bands(threshold, PERMUTATIONS)
        share = len(hit) / len(due) if due else 1.0
        lead = f"{name}, {len(texts):,} texts"
        yield [lead, threshold, f"{bands} × {rows}", *cells, f"{share:.5f}", wrong]


def match_table(texts: Mapping[str, Sequence[str]]) -> str:
    """The match stage: found pairs over all pairs, by similarity."""
    spans = [f"{low:.2f}–{high:.2f}" for low, high in pairwise(BUCKETS)] + ["1"]
    head = ["corpus", "threshold", "bands × rows", *spans, "recall", "false pairs"]
    return table(head, (row for name, some in texts.items() for row in match_rows(name, some)))


def expected_table() -> str:
    """What the formula of the bands promises, at similarities from the threshold up."""
    at = BUCKETS[:-1]
    rows = []
    for threshold in THRESHOLDS:
        bands, width = choose_bands(threshold, PERMUTATIONS)
        cells = [f"{recall(s, bands, width):.5f}" if s >= threshold else "–" for s in at]
        rows.append([threshold, f"{bands} × {width}", *cells])
    return table(["threshold", "bands × rows", *(f"{s:.2f}" for s in at)], rows)


def whole_rows(folder: Path, texts: Mapping[str, Sequence[str]]) -> Iterator[list[object]]:
    """The whole tool on each corpus, in several forms and at each threshold."""
    forms: dict[str, list[Document]] = {}
    for name, some in texts.items():
        lines = as_paragraphs(some)
        forms[f"{name}, one document"] = one_document(lines)
        forms[f"{name}, a document each"] = document_each(lines)
    forms["keda-docs, its files"] = tree(unpack(KEDA, folder))
    for name, documents in forms.items():
        for threshold in THRESHOLDS:
            yield whole_row(name, documents, threshold)
    news = texts["abc-2006"]
    template = " ".join(" ".join(news[:10]).split()[:TEMPLATE_WORDS]) + "."
    filled = as_paragraphs(filled_template(template, news, FILLED, SEED))
    # The pairs of one filling and another are just under this threshold.
    yield whole_row("one template filled in, a document each", document_each(filled), 0.8)


def whole_row(name: str, documents: Sequence[Document], threshold: float) -> list[object]:
    """The whole tool on some documents at a threshold."""
    outcome = compare_whole(documents, removing(threshold))
    counts = [f"{n:,}" for n in (outcome.paragraphs, outcome.expected)]
    mistakes = [len(outcome.missed), len(outcome.wrong)]
    return [name, threshold, *counts, *mistakes, f"{outcome.recall:.5f}"]


def whole_table(folder: Path, texts: Mapping[str, Sequence[str]]) -> str:
    """The whole tool against keeping the first by brute force."""
    head = ["corpus", "threshold", "paragraphs", "to remove", "missed", "wrong", "recall"]
    return table(head, whole_rows(folder, texts))


def all_headline_pairs(texts: Sequence[str], threshold: float) -> Pairs:
    """All pairs of headlines that are similar enough, each pair compared."""
    pairs: Pairs = {}
    for other, text in enumerate(texts):
        for one in range(other):
            if (similarity := headline_similarity(texts[one], text)) >= threshold:
                pairs[one, other] = similarity
    return pairs


def headline_sample(texts: Sequence[str]) -> list[str]:
    """So many headlines that all pairs can be compared; neighbours, since those are alike."""
    starts = range(0, max(len(texts) - HEADLINES + 1, 1), max(len(texts) // 4, 1))
    step = HEADLINES // len(starts)
    return list(dict.fromkeys(text for start in starts for text in texts[start : start + step]))


def headline_table(folder: Path) -> str:
    """Headlines: what the index finds against all pairs."""
    real = headlines([*keda_blocks(unpack(KEDA, folder)), *abc_blocks(unpack(ABC, folder))])
    rows = []
    for name, every in (("keda-docs and abc-2006", real), ("SemEval headlines", graded_headlines())):
        texts = headline_sample(every)
        for threshold in (0.7, HEADLINE_SIMILARITY):
            truth = all_headline_pairs(texts, threshold)
            found = matched_headlines(texts, threshold)
            missed = len(truth.keys() - found.keys())
            wrong = sum(truth.get(pair) != similarity for pair, similarity in found.items())
            share = 1 - missed / len(truth) if truth else 1.0
            rows.append(
                [f"{name}, {len(texts):,}", threshold, f"{len(truth):,}", missed, wrong, f"{share:.5f}"]
            )
    return table(["headlines", "threshold", "pairs", "missed", "false pairs", "recall"], rows)


def report(folder: Path) -> str:
    """All tables, with what they were measured with."""
    began = time.perf_counter()
    texts = corpora(folder)
    parts = [
        "The match stage: pairs of at least the threshold that share a key and are verified, over all pairs that "
        "brute force finds, by similarity.",
        match_table(texts),
        "What the bands promise (1 − (1 − s^rows)^bands):",
        expected_table(),
        "The whole tool with `near = remove`: the paragraphs that keeping the first by brute force takes out.",
        whole_table(folder, texts),
        "Headlines: the index against all pairs.",
        headline_table(folder),
    ]
    rates = ", ".join(f"{rate * 100:g}" for rate in RATES)
    parts.append(
        f"Seed {SEED}; {EDITED:,} edited copies with {rates} % of their words replaced, inserted, deleted or moved. "
        f"{versions('numpy', 'rapidfuzz', 'pyromark')}; {machine()}; {time.perf_counter() - began:.0f} s in all."
    )
    return "\n\n".join(parts)


def main() -> int:
    """Measures, prints, and writes the README's tables."""
    return publish("recall", report)


if __name__ == "__main__":
    sys.exit(main())
