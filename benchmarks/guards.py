"""What each guard saves and what it costs, on seeded edits and on real pairs: `python -m benchmarks.guards`.

Prints the tables and writes them into benchmarks/README.md; `--print` leaves the file alone.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import get_args

from benchmarks.bruteforce import all_pairs, triples_of
from benchmarks.corpora import ABC, KEDA, abc_blocks, data_file, keda_blocks, paragraphs, unpack
from benchmarks.fact_edits import FACTS, HARMLESS, edited_pairs
from benchmarks.tables import machine, publish, table, versions
from dedup.decide.facts import exact_trips, trips
from dedup.settings import Guard
from dedup.words import folded_words

SEED = 2006
EACH = 1000
LEAST_ALIKE = 0.7
GUARDS = get_args(Guard)

TextPair = tuple[str, str]
Judged = Mapping[str, Sequence[list[str]]]
"""For each kind of edit what each pair tripped, in order, each guard once."""


def tripped(one: str, other: str) -> list[str]:
    """The guards that the difference of two texts trips, in order, each once."""
    if folded_words(one) == folded_words(other):
        return list(dict.fromkeys(exact_trips(one, other, same_links=True)))
    return list(dict.fromkeys(trip.guard for trip in trips(one, other, same_links=True)))


def judged(texts: Sequence[str], kinds: Mapping[str, object], count: int = EACH, seed: int = SEED) -> Judged:
    """What the edits of all kinds trip, so many texts of each."""
    edits = {**FACTS, **HARMLESS}
    return {
        kind: [tripped(*pair) for pair in edited_pairs(texts, edits[kind], count, f"{kind} {seed}")]
        for kind in kinds
    }


def edit_table(found: Judged) -> str:
    """For each kind of edit how many pairs would go and stay, and the guards named."""
    rows = []
    for kind, pairs in found.items():
        named = Counter(guards[0] for guards in pairs if guards)
        told = ", ".join(f"{guard} {count:,}" for guard, count in named.most_common(3)) or "–"
        kept = sum(named.values())
        rows.append([kind, f"{len(pairs):,}", f"{len(pairs) - kept:,}", f"{kept:,}", told])
    return table(["edit", "pairs", "would go", "kept in", "by"], rows)


def guard_table(facts: Judged, harmless: Judged, real: Mapping[str, Sequence[list[str]]]) -> str:
    """For each guard what it names and what it alone keeps in, of edited facts, harmless edits and real pairs."""
    columns = [
        [guards for pairs in facts.values() for guards in pairs],
        [guards for pairs in harmless.values() for guards in pairs],
        *real.values(),
    ]
    rows = []
    for guard in GUARDS:
        counts: list[object] = []
        for pairs in columns:
            named = sum(guards[:1] == [guard] for guards in pairs)
            alone = sum(guards == [guard] for guards in pairs)
            counts.append(f"{named:,} ({alone:,})")
        right = sum(guards == [guard] for guards in columns[0])
        wrong = sum(guards == [guard] for guards in columns[1])
        counts.append(f"{right / (right + wrong):.4f}" if right + wrong else "–")
        rows.append([f"`{guard}`", *counts])
    heads = [f"changed facts, {len(columns[0]):,}", f"harmless edits, {len(columns[1]):,}"]
    heads += [f"{name}, {len(pairs):,}" for name, pairs in real.items()]
    return table(["guard", *heads, "right, of edits it alone keeps in"], rows)


def real_pairs(texts: Sequence[str]) -> list[TextPair]:
    """The paragraphs that are alike and not the same."""
    pairs = all_pairs(triples_of(texts), LEAST_ALIKE)
    return [(texts[one], texts[other]) for one, other in sorted(pairs)]


def graded_table() -> str:
    """Translations and their edited forms: what is kept in, by the grade that people gave."""
    found: dict[str, list[list[str]]] = {}
    for line in data_file("sts/postediting-2016.tsv").read_text("utf-8").splitlines():
        grade, one, other = line.split("\t")[:3]
        if grade and folded_words(one) != folded_words(other):
            found.setdefault(grade, []).append(tripped(one, other))
    rows = []
    for grade, pairs in sorted(found.items(), reverse=True):
        named = Counter(guards[0] for guards in pairs if guards)
        told = ", ".join(f"{guard} {count}" for guard, count in named.most_common()) or "–"
        rows.append([grade, len(pairs), sum(named.values()), told])
    return table(["grade", "pairs", "kept in", "by"], rows)


def report(folder: Path) -> str:
    """All tables, with what they were measured with."""
    began = time.perf_counter()
    abc = paragraphs(abc_blocks(unpack(ABC, folder)))
    keda = paragraphs(keda_blocks(unpack(KEDA, folder)))
    facts, harmless = judged(abc, FACTS), judged(abc, HARMLESS)
    real = {
        name: [tripped(*pair) for pair in real_pairs(texts)]
        for name, texts in (("keda-docs", keda), ("abc-2006", abc))
    }
    return "\n\n".join(
        [
            f"Edits that change a fact, made in up to {EACH:,} paragraphs of abc-2006 of 8 words and more, seed {SEED}:",
            edit_table(facts),
            "Edits that an editor calls harmless:",
            edit_table(harmless),
            "Each guard: how many pairs it is named for, and in brackets how many it alone keeps in: those would go were "
            f"it turned off. Real pairs are those of a similarity of {LEAST_ALIKE} and more.",
            guard_table(facts, harmless, real),
            "Machine translations and what editors made of them (SemEval 2016), where the words differ, by the grade that "
            "people gave (5: the same said):",
            graded_table(),
            f"{versions('rapidfuzz')}; {machine()}; {time.perf_counter() - began:.0f} s in all.",
        ]
    )


def main() -> int:
    """Measures, prints, and writes the README's tables."""
    return publish("guards", report)


if __name__ == "__main__":
    sys.exit(main())
