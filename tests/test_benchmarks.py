"""The generator of corpora with known duplicates, the score of a run, the measuring of processes, and the plot."""

import json
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import generate
from benchmarks.bruteforce import all_pairs, jaccard, keep_first, neighbours, triples_of
from benchmarks.generate import THRESHOLD
from benchmarks.inputs import Input
from benchmarks.plot import chart
from benchmarks.process import measure
from benchmarks.quality import score, truth_of

SIZE = 600_000


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small corpus from the list of words, so that it is the same wherever the tests run."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEDUP_DATA", str(folder / "absent"))
        generate.phrases.cache_clear()
        generate.write(SIZE, folder / "a.jsonl", truth=folder / "a.tsv")
        generate.write(SIZE, folder / "again.jsonl", truth=folder / "again.tsv")
        generate.write(SIZE, folder / "other.jsonl", seed=1)
        generate.phrases.cache_clear()
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def copies_of(path: Path) -> dict[str, tuple[str, float]]:
    lines = (line.split("\t") for line in path.read_text("utf-8").splitlines())
    return {copy: (source, float(similarity)) for copy, source, similarity in lines}


def test_the_same_seed_gives_the_same_bytes(made):
    assert (made / "a.jsonl").read_bytes() == (made / "again.jsonl").read_bytes()
    assert (made / "a.tsv").read_bytes() == (made / "again.tsv").read_bytes()
    assert (made / "a.jsonl").read_bytes() != (made / "other.jsonl").read_bytes()


def test_the_size_is_the_one_asked_for(made):
    assert (made / "a.jsonl").stat().st_size == pytest.approx(SIZE, rel=0.02)


def test_paragraphs_are_as_long_as_real_ones(made):
    lengths = [len(row["text"].split()) for row in rows_of(made / "a.jsonl")]
    assert 80 < sum(lengths) / len(lengths) < 116
    assert min(lengths) < 40
    assert max(lengths) > 200


def test_every_planted_similarity_is_exact(made):
    rows = rows_of(made / "a.jsonl")
    place = {row["id"]: number for number, row in enumerate(rows)}
    sets = triples_of(row["text"] for row in rows)
    copies = copies_of(made / "a.tsv")
    for copy, (source, similarity) in copies.items():
        assert place[source] < place[copy]
        assert jaccard(sets[place[copy]], sets[place[source]]) == similarity
        assert similarity < 1 or rows[place[copy]]["text"] == rows[place[source]]["text"]
    shares = [
        sum(low <= s < high for _, s in copies.values()) / len(rows) for low, high in ((0.8, 1), (1, 2))
    ]
    assert shares == [pytest.approx(0.10, abs=0.03), pytest.approx(0.15, abs=0.04)]


def test_nothing_but_the_planted_copies_is_similar(made):
    rows = rows_of(made / "a.jsonl")
    pairs = all_pairs(triples_of(row["text"] for row in rows), THRESHOLD)
    goes = list(keep_first(range(len(rows)), neighbours(pairs)))
    planted = {copy for copy, (_, similarity) in copies_of(made / "a.tsv").items() if similarity >= THRESHOLD}
    assert {row["id"] for row, gone in zip(rows, goes, strict=True) if gone} == planted


def test_brute_force_and_the_planted_truth_agree(made):
    planted = truth_of(Input(1, made / "a.jsonl", made / "a.tsv"))
    found = truth_of(Input(1, made / "a.jsonl", None))
    assert found == planted
    assert truth_of(Input(1, made / "again.jsonl", None)) == found


def test_a_score_counts_what_was_missed_and_what_was_wrong(made):
    truth = truth_of(Input(1, made / "a.jsonl", made / "a.tsv"))
    assert score(truth, truth.ids - truth.expected).recall == 1
    assert score(truth, truth.ids).recall == 0
    missed, *rest = sorted(truth.expected)
    wrong = min(truth.ids - truth.expected)
    found = score(truth, truth.ids - set(rest) - {wrong})
    assert found.recall == pytest.approx(1 - 1 / len(truth.expected))
    assert found.precision == pytest.approx(1 - 1 / len(truth.expected))
    with pytest.raises(ValueError, match="not in the input"):
        score(truth, ["strange", missed])


def test_a_process_is_measured_with_its_children(tmp_path):
    busy = "import os\nb = bytearray(50 << 20)\nt = os.times\nwhile t().user < 0.2: pass"
    code = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}]); print('out'); sys.exit(3)"
    )
    measured = measure([sys.executable, "-c", code], tmp_path, output=tmp_path / "out.txt")
    assert (measured.status, measured.timed_out) == (3, False)
    assert measured.processor >= 0.2
    assert 50 < measured.megabytes < 120
    assert (tmp_path / "out.txt").read_text() == "out\n"


def test_a_process_that_takes_too_long_is_ended(tmp_path):
    measured = measure([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, timeout=0.2)
    assert measured.timed_out
    assert measured.status < 0
    assert measured.seconds < 10


def test_the_plot_is_svg_with_a_line_for_each_tool():
    lines = {"dedup": [(10, 0.1), (60, 0.4)], "other <1>": [(10, 1.0), (60, 9.0)], "once": [(10, 1.0)]}
    root = ElementTree.fromstring(chart(lines, {10: "10 MB", 60: "60 MB"}, "JSONL", "seconds"))
    assert len(root.findall("{*}path")) == 3
    texts = [text.text for text in root.findall("{*}text")]
    assert {"dedup", "other <1>", "once", "10 MB", "60 MB"} <= set(texts)
