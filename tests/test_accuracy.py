"""The benchmark of accuracy: its edits change what they say, its counts are right, its plots are sound."""

import os
import random
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from benchmarks.accuracy_definitions import DEFINITIONS, compared, edited, found_by, length_table
from benchmarks.accuracy_edits import HARMLESS
from benchmarks.accuracy_facts import changing, names_in
from benchmarks.accuracy_headlines import Graded, choose, curve, learnt, naive_facts, verdicts
from benchmarks.accuracy_pairs import Group, Pair, edited_pairs, neighbouring_pairs, rows_of, template_pairs
from benchmarks.accuracy_plots import Axis, Bar, bars_chart, lines_chart, shares
from benchmarks.accuracy_tools import (
    Answer,
    ask_all,
    bar_table,
    counted,
    failure_lines,
    interval,
    per_cent,
    summary_table,
)
from benchmarks.process import ROOT
from dedup.words import folded_words

SUBJECTS = [
    "the old bridge",
    "a new harbour",
    "the town library",
    "the narrow road",
    "a small school",
    "the dairy",
]
VERBS = [
    "was closed",
    "is being repaired",
    "will not be sold",
    "has been painted",
    "is also used",
    "can be seen",
]
PLACES = ["near Elmstead", "in Harwick", "by the river at Lowmoor", "outside Dunmore", "at Wexham"]
REASONS = [
    "because the rain of last winter had washed away 40 metres of its foundations",
    "and these three walls are now supported by timber, which the council paid for",
    "although the engineers who looked at it in 2004 said that it was safe",
    "while the people of the valley, most of them farmers, wait for the 17 June meeting",
    "but it isn't clear whether the money is still there, the mayor told reporters on Tuesday",
]


def sentence(subject: str, verb: str, place: str, reason: str) -> str:
    return f"{subject[0].upper()}{subject[1:]} {verb} {place} {reason}."


paragraphs = st.builds(sentence, *(st.sampled_from(parts) for parts in (SUBJECTS, VERBS, PLACES, REASONS)))
MADE = [sentence(a, b, c, d) for a in SUBJECTS for b in VERBS for c in PLACES for d in REASONS]
NAMES = names_in(MADE)
SAME_WORDS = {"case", "punctuation", "spacing", "Unicode form", "bold"}


@given(paragraphs, st.sampled_from(HARMLESS), st.integers(0, 10_000))
def test_a_harmless_edit_changes_marks_or_one_small_word_and_no_fact(text, edit, seed):
    made = edit.make(text, random.Random(seed))
    if made is None:
        return
    one, other = made
    assert one != other
    words, others = folded_words(one), folded_words(other)
    assert Levenshtein.distance(words, others) == (0 if edit.name in SAME_WORDS else 1)
    assert naive_facts(one.replace("\u00ad", "")) == naive_facts(
        other.replace("\u00ad", "").replace("’", "'")
    )


@given(paragraphs, st.sampled_from(changing(NAMES)), st.integers(0, 10_000))
def test_a_changed_fact_is_one_word_or_one_target(text, edit, seed):
    made = edit.make(text, random.Random(seed))
    if made is None:
        return
    one, other = made
    changed = [a != b for a, b in zip(one.split(" "), other.split(" "), strict=False)]
    assert one != other
    if edit.name == "link":
        assert sum(changed) == 1
        assert one.count("](https://") == other.count("](https://") == 1
    elif edit.name == "name":
        assert len(one.split()) == len(other.split())
        assert sum(changed) == 1
    else:
        assert Levenshtein.distance(folded_words(one), folded_words(other)) == 1
        assert naive_facts(one) != naive_facts(other)


def test_names_are_what_stands_with_a_capital_inside_sentences():
    assert NAMES == ["Dunmore", "Elmstead", "Harwick", "Lowmoor", "Wexham"]


def test_the_same_seed_gives_the_same_pairs_and_no_paragraph_is_used_twice():
    pairs = list(edited_pairs(MADE, 5))
    assert pairs == list(edited_pairs(MADE, 5))
    assert pairs != list(edited_pairs(MADE, 5, seed=1))
    kinds = [pair.kind for pair in pairs]
    assert {kinds.count(kind) for kind in kinds} == {5}
    assert len(set(kinds)) == len(HARMLESS) + len(changing(NAMES)) + 1
    rows = rows_of(pairs)
    assert [row.name[-1] for row in rows] == ["a"] * len(pairs) + ["b"] * len(pairs)
    assert sorted(row.pair for row in rows) == sorted([*range(len(pairs))] * 2)
    unlinked = [pair.one for pair in pairs if pair.kind in SAME_WORDS - {"Unicode form"}]
    assert len(unlinked) == len(set(unlinked))


def test_templates_and_neighbours_make_pairs_of_different_texts():
    pairs = template_pairs(40)
    texts = [text for pair in pairs for text in (pair.one, pair.other)]
    assert len(set(texts)) == 80
    assert "{" not in "".join(texts)
    near = neighbouring_pairs(["a b c d", "e f g h", "e f g i", "x y z q"], 2)
    assert (near[0].one, near[0].other) == ("e f g h", "e f g i")
    assert len(near) == 1 or near[1].one not in (near[0].one, near[0].other)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 1000, 0.0, 0.00383), (50, 100, 0.4038, 0.5962), (20, 20, 0.8389, 1.0)]
)
def test_intervals_are_those_of_wilson(hits, of, low, high):
    assert interval(hits, of) == pytest.approx((low, high), abs=1e-4)
    assert per_cent(0, 0) == "–"


def test_what_is_wiped_out_counts_as_wrong_and_so_does_a_removed_fact():
    pairs = [
        Pair(Group.VERBATIM, "verbatim", "a", "a"),
        Pair(Group.VERBATIM, "verbatim", "b", "b"),
        Pair(Group.VERBATIM, "verbatim", "c", "c"),
        Pair(Group.CHANGED, "date", "d 1", "d 2"),
        Pair(Group.CHANGED, "date", "e 1", "e 2"),
    ]
    answer = Answer("tool", frozenset({0, 1, 3}), frozenset({1}), {4: "date"})
    assert counted(pairs, answer, ["verbatim"]) == (2, 3)
    assert counted(pairs, answer, ["date"]) == (1, 2)
    said = list(failure_lines(pairs, answer))
    assert "verbatim: not reported: c" in said
    assert "date: removed: d [-1-] {+2+}" in said
    assert not any(line.startswith("date: flagged") for line in said)


def unlike(count: int) -> list[str]:
    """Paragraphs that have little in common with each other."""
    made = random.Random(1)

    def tail() -> str:
        words = ("".join(made.choices("abdeilmnorstu", k=made.randint(5, 8))) for _ in range(25))
        return " ".join(words)

    return [f"{made.choice(MADE)[:-1]}, {tail()}." for _ in range(count)]


def test_dedup_keeps_changed_facts_and_takes_copies(tmp_path):
    pairs = [*edited_pairs(unlike(110), 4), *template_pairs(10)]
    answers, failed = ask_all(pairs, tmp_path, peers=())
    assert not failed
    assert [answer.name for answer in answers] == ["dedup", "dedup --near remove"]
    ours, removing = answers
    of = {group: {n for n, pair in enumerate(pairs) if pair.group == group} for group in Group}
    assert of[Group.VERBATIM] <= ours.taken
    assert not ours.wiped
    assert not of[Group.CHANGED] & ours.taken
    assert of[Group.CHANGED] & removing.taken
    assert summary_table(pairs, answers).count("\n") == 3
    assert "| date | flagged | 4 |" in bar_table(pairs, ours)


def test_definitions_agree_on_the_same_and_differ_on_one_word():
    one, other = tuple("abcdefghij"), tuple("abcdeXghij")
    expected = {
        "3-shingles": 5 / 11,
        "2-shingles": 7 / 11,
        "1-shingles": 9 / 11,
        "bag of words": 9 / 11,
        "Levenshtein": 0.9,
        "Indel": 0.9,
    }
    for name, measure in DEFINITIONS.items():
        assert measure(one, one) == 1
        if name in expected:
            assert measure(one, other) == pytest.approx(expected[name])
    pairs = compared(edited(MADE, 7, each=5))
    found = found_by(pairs)
    assert set(found) == {"**dedup**", *DEFINITIONS}
    assert sum(found["Levenshtein"]) >= sum(found["3-shingles"])
    assert length_table(pairs, found, ["one word"]).count("\n") == len(found) + 2


def test_headlines_are_chosen_and_counted():
    pairs = [
        Graded(2013, 5.0, "Ferry sinks off the northern coast", "Ferry sinks off the northern coast"),
        Graded(
            2013,
            2.0,
            "Ferry sinks off the northern coast, 30 dead",
            "Ferry sinks off the northern coast, 32 dead",
        ),
        Graded(
            2014, 0.0, "Council votes for a new school in the town", "Rain delays the harvest in all valleys"
        ),
    ]
    said = verdicts(pairs)
    assert said[0] == "removed"
    assert said[1] != "removed"
    assert said[2] is None
    choice = choose(pairs, [verdict == "removed" for verdict in said])
    assert (choice.chosen, choice.same, choice.all_same, choice.point()) == (1, 1, 1, (1.0, 1.0))
    many = [Graded(2013, 5.0 if n < 40 else 0.0, "", "") for n in range(80)]
    scores = [1 - n / 100 for n in range(80)]
    assert learnt(many, scores) == pytest.approx(1 - 41 / 100)  # 40 of 42 are 95 %
    points = curve(many, scores)
    assert points[0] == (0.5, 1.0)
    assert all(one[0] < other[0] for one, other in pairwise(points))


def charts() -> list[str]:
    axis = Axis("words", 0, 60, {0: "0", 60: "60"})
    lines = {"dedup": [(10, 0.5), (20, 1.0)], "other <1> & 2": [(10, 0.1), (20, 0.2)]}
    return [
        lines_chart("found <b>", "told", lines, axis, shares("found"), {"a & b": (30, 0.9)}),
        bars_chart(
            "wrong", "told", {"dedup": [Bar(0, 0, 0.01)], "<x>": [Bar(0.5, 0.4, 0.6)]}, ["taken & gone"]
        ),
    ]


def test_plots_are_sound_told_in_words_and_the_same_each_time():
    assert charts() == charts()
    for drawn, names in zip(charts(), ({"dedup", "other <1> & 2", "a & b"}, {"dedup", "<x>"}), strict=True):
        root = ElementTree.fromstring(drawn)
        assert root.get("role") == "img"
        assert root.findtext("{*}title")
        assert root.findtext("{*}desc") == "told"
        assert names <= {text.text for text in root.iter() if text.tag.endswith("text")}
        assert "prefers-color-scheme:dark" in drawn
        assert len(drawn) < 10_000


def test_no_part_is_none_to_make():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.accuracy", "--only", ""],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.endswith(
        "--only: names no part; there are similarity, judgement, headlines, definitions\n"
    )


def test_without_data_the_command_says_so_in_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.accuracy", "--quick", "--only", "headlines"],
        cwd=ROOT,
        env={**os.environ, "DEDUP_DATA": str(tmp_path / "absent"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "shared/data" in done.stderr
