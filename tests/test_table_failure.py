"""A table that cannot be read to its end leaves no trace: not in what others are compared with, not in the report."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from corpora import HEADLINES, PARAGRAPHS, edit

from dedup import kernel
from dedup.cleaner import Cleaner
from dedup.output import Destination
from dedup.problems import Problem
from dedup.report.rows import finding_row, summary_row
from dedup.settings import Settings
from dedup.sources import Sources
from dedup.sources import rows as source_rows


def write(path: Path, rows: list[str], *, broken: bool = False) -> None:
    lines = [json.dumps({"text": row}) for row in rows] + ["{broken"] * broken
    path.write_text("\n".join(lines) + "\n", "utf-8")


def clean(folder: Path, names: list[str], options: dict[str, Any]) -> tuple[list[bytes], Any, list[Problem]]:
    cleaner = Cleaner(Settings.of(options), jobs=2)
    problems: list[Problem] = []
    paths = [str(folder / f"{name}.jsonl") for name in names]
    out = Destination(str(folder / f"out-{'-'.join(names)}"), paths, problems.append)
    for cleaned in cleaner.feed_all(Sources(paths, cleaner.settings, on_problem=problems.append)):
        out.write(cleaned)
    written = [path.read_bytes() for path in sorted(out.path.iterdir())]
    report = cleaner.report
    return written, ([*map(finding_row, report.findings)], summary_row(report.summary)), problems


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", ["compiled", "reference"])
def test_a_broken_table_is_as_if_it_had_not_been(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, kind: str
) -> None:
    if kind == "reference":
        monkeypatch.setattr(kernel, "compiled", None)
    monkeypatch.setattr(
        source_rows, "BATCH_BYTES", 512
    )  # some rows are decided on before the broken one is met
    chance = random.Random(seed)
    pool = [edit(text, chance.randrange(12)) for text in (*PARAGRAPHS, *HEADLINES) for _ in range(3)]

    def rows() -> list[str]:
        return ["\n\n".join(chance.sample(pool, chance.randint(1, 4))) for _ in range(chance.randint(1, 30))]

    write(tmp_path / "a.jsonl", rows())
    write(tmp_path / "b.jsonl", rows(), broken=True)
    write(tmp_path / "c.jsonl", rows())
    options = {"near": chance.choice(["auto", "remove"]), "min_words": chance.choice([4, 8])}
    *with_it, problems = clean(tmp_path, ["a", "b", "c"], options)
    *without, none = clean(tmp_path, ["a", "c"], options)
    assert with_it == without
    assert not none
    (problem,) = problems
    assert "not a JSON object" in problem.reason
