"""When two headlines say the same: what goes, what is flagged and why, and what is left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_data import data

from benchmarks.corpora import YEARS
from benchmarks.headlines import Pair, choose, graded_pairs, removed, reported
from benchmarks.stages import matched_headlines
from dedup import Cleaner, Settings, document
from dedup.decide.headline_guards import headline_guard, headline_verdict
from dedup.match.alike import COST, alike, headline_similarity
from dedup.match.alike_terms import core, key_of, kinship, read
from dedup.settings import HEADLINE_SIMILARITY
from dedup.words import folded_words

SAME = """
Harbour Board votes for a second ferry berth | HARBOUR BOARD VOTES FOR A SECOND FERRY BERTH
Harbour board votes for second ferry berth | The harbour board votes for a second ferry berth
Council approves new library in Eastquay | Council approved a new library in Eastquay
Mill fire kills six workers in Northfield | Mill fire kills 6 workers in Northfield
Storm in Norway kills 3 hikers | Norway storm kills three hikers
Ferry operator to cut 1,200 jobs in Kent | Ferry operator cuts 1200 jobs in Kent
Baker pays $1.5 billion for rival chain | Baker pays $1.5bn for rival chain
Grain exports rise 12 percent in quarter | Grain exports rise 12% in quarter
U.S. envoy meets farmers in Lisbon | US envoy meets farmers in Lisbon
South Korean rower wins Oslo regatta | S. Korean rower wins Oslo regatta
Norwegian trawler sinks off Iceland coast | Norway trawler sinks off Iceland coast
Egyptian museum reopens after flood | Egypt museum reopens after flood
Mayor's bridge plan divides Eastquay voters | Mayor’s bridge plan divides Eastquay voters
Police: Bus driver charged over bridge crash | Bus driver charged over bridge crash
Bus driver charged over bridge crash: police | Bus driver charged over bridge crash
Bus driver charged over bridge crash, says official | Bus driver charged over bridge crash
Earthquake destroys villages in northern Peru | Quake destroys villages in northern Peru
Harbour chief resigns over ferry contract | Harbour chief quits over ferry contract
Army captures border town of Sarwa | Troops capture border town of Sarwa
Explosion damages chemical plant in Rouen | Blast damages chemical plant in Rouen
Parliament backs fishing treaty with Iceland | Parliament supports fishing treaty with Iceland
Farm ministers meet in Tallinn to discuss wheat | Farm ministers meeting in Tallinn to discuss wheat
Judge blocks sale of village hall | Judge blocks the sale of village hall
Prime minister opens tidal power station | PM opens tidal power station
United Nations envoy praises Malta rescue | UN envoy praises Malta rescue
Flood defences fail in Eastquay | Flood defenses fail in Eastquay
Rail workers begin strike over pensions | Rail workers start strike over pensions
Painter Mark Olsen dies at ninety | Painter Mark Olsen dead at 90
Museum unveils restored Viking ship | Museum reveals restored Viking ship
Ferry captain convicted of negligence | Ferry captain convicted of negligence - report
Wheat prices fall in early trading | Wheat prices down in early trading
Major storm delays ferries to Shetland | Storm delays ferries to Shetland
Chess champion announces retirement from game | Chess champion announcing retirement from the game
"""

FLAGGED = """
number | Mill fire kills six workers in Northfield, roof collapses on night shift | Mill fire kills nine workers in Northfield, roof collapses on night shift
number | Grain exports from Odessa rise 12 percent in quarter as drought harms rival growers | Grain exports from Odessa rise 14 percent in quarter as drought harms rival growers
order | Storm kills three in Norway | 3 killed in storm in Norway
currency | Baker pays $15 million for rival bread chain in Wales | Baker pays €15 million for rival bread chain in Wales
number | Ferry operator cuts 200 jobs in Kent | Ferry operator cuts at least 200 jobs in Kent
date | Council votes on harbour wall repair plan Monday | Council votes on harbour wall repair plan Tuesday
date | Ferry strike ends in March, says union leader Hansen | Ferry strike ends in April, says union leader Hansen
negation | Minister says bridge will reopen this autumn | Minister says bridge will not reopen this autumn
negation | Ferry sails with insurance from Oslo harbour | Ferry sails without insurance from Oslo harbour
opposite | Wheat prices rise sharply in Chicago trading | Wheat prices fall sharply in Chicago trading
name | Norway rescues trawler crew in heavy seas | Iceland rescues trawler crew in heavy seas
name | Ferry captain convicted of negligence in court | Ferry captain convicted of negligence in Bergen court
name | Protesters block harbour gates over new ferry tolls | Protesters block harbour gates over new ferry tolls in Bergen
order | Norway sues Iceland over herring quota | Iceland sues Norway over herring quota
order | Dog bites postman in village street | Postman bites dog in village street
order | Police chief shot dead in market raid, town mourns | Police chief shot dead by market raid, town mourns
order | Ferry moved from Bergen harbour with crew aboard | Ferry moved to Bergen harbour with crew aboard
wording | Council approves costly library extension in old town | Council approves library extension in old town after debate
wording | Harbour cranes halted by fault | Harbour cranes and gates halted by fault
"""

KEPT = """
Council approves new library in Eastquay | Council closes swimming pool in Eastquay
Storm kills three in Norway | Wildfire destroys vineyard in Portugal
Ferry captain convicted of negligence | Ferry company reports record profit
Wheat prices rise | Wheat prices reach five-year high as drought spreads
Deploy the scaler | Remove the scaler
Parameters | Parameter
Start | Begin
How it works | How they work
Minister opens bridge | Minister closes inquiry into bridge contract
Police find missing hiker alive in Alps | Police search for missing sailor off Crete
Mayor of Eastquay to visit Lisbon | Bishop of Northfield to visit Oslo
Oil firm to drill near reef | Court stops oil firm from drilling near reef after appeal
Chapter 1: The Road | Chapter 2: The Mill
Foreign exchange rates in Norway | Foreign exchange rates in Malta today after fall
"""


def main_of(folder: Path, *arguments: str) -> str:
    """What the command says."""
    done = subprocess.run(
        [sys.executable, "-m", "dedup", *arguments],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


def pairs(text: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(" | ")) for line in text.strip().splitlines()]


GRADED = [(one, other, "remove") for one, other in pairs(SAME)]
GRADED += [(one, other, "flag") for _, one, other in pairs(FLAGGED)]
GRADED += [(one, other, "keep") for one, other in pairs(KEPT)]


@pytest.mark.parametrize(("one", "other", "verdict"), GRADED)
def test_what_becomes_of_a_headline(one: str, other: str, verdict: str) -> None:
    assert headline_verdict(one, other) == verdict, (alike(one, other), headline_guard(one, other))
    assert headline_verdict(other, one) == verdict


def test_there_are_enough_pairs() -> None:
    assert len(GRADED) >= 60


@pytest.mark.parametrize(("guard", "one", "other"), pairs(FLAGGED))
def test_a_guard_says_why_a_similar_headline_stays(guard: str, one: str, other: str) -> None:
    assert headline_guard(one, other) == guard
    assert headline_guard(other, one) == guard


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Die Fähre ist nach dem Sturm nicht gefahren", "Die Fähre ist nach dem Sturm gefahren"),
        ("Паром уходит из порта в шесть часов утра", "Паром уходит из порта в семь часов утра"),
        ("港口委员会投票赞成第二个渡轮泊位计划", "港口委员会投票反对第二个渡轮泊位计划"),
        (
            "Use the `queue_length` trigger with a secret of the pod",
            "Use the `queue_size` trigger with a secret of the pod",
        ),
    ],
)
def test_other_languages_and_code_are_compared_word_by_word(one: str, other: str) -> None:
    ours, theirs = folded_words(one), folded_words(other)
    shared = len([word for word in ours if word in theirs])
    assert headline_similarity(one, other) == pytest.approx(2 * shared / (len(ours) + len(theirs)), abs=0.07)
    assert headline_verdict(one, other) != "remove"


@pytest.mark.parametrize(
    "words",
    [
        "kill kills killed killing killer",
        "vote votes voted voting",
        "protest protests protester protesters protesting",
        "policy policies",
        "elect election elections",
        "buy bought",
    ],
)
def test_the_forms_of_a_word_have_one_core(words: str) -> None:
    assert len({core(word) for word in words.split()}) == 1


def test_other_words_have_other_cores() -> None:
    words = "police policy austria australia niger nigeria iran iraq india indiana import export north south".split()
    assert len({core(word) for word in words}) == len(words)
    for one in words:
        for other in words:
            if one != other:
                first, second = read(one.title()).terms, read(other.title()).terms
                assert not kinship(first[0], second[0]), (one, other)


def test_a_similar_headline_goes_where_nothing_stands_between_them() -> None:
    body = "The tremor was felt as far as the coast, where people ran into the streets and stayed there all night."
    page = (
        "# Earthquake destroys villages in northern Peru\n\n**Major quake destroys villages in northern Peru**\n\n"
        + body
    )
    cleaned = Cleaner().clean(document(page + "\n", "peru.md", "markdown"))
    assert [removal.rule for removal in cleaned.removals] == ["headline"]
    assert HEADLINE_SIMILARITY <= cleaned.removals[0].similarity < 1
    other = page.replace("Major quake destroys villages", "Quake destroys six villages")
    assert not Cleaner().clean(document(other + "\n", "peru.md", "markdown")).removals


def test_remove_takes_no_headline_that_differs_in_a_fact() -> None:
    body = "The tremor was felt as far as the coast, where people ran into the streets and stayed there all night."
    page = f"## Mill fire kills six workers in Northfield\n\n{body}\n\n## Mill fire kills nine workers in Northfield\n\nMore of it.\n"
    cleaner = Cleaner(Settings.of(headlines="remove"))
    assert not cleaner.clean(document(page, "mill.md", "markdown")).removals
    same = page.replace("## Mill fire kills nine", "## Mill blaze kills 6")
    assert (
        len(Cleaner(Settings.of(headlines="remove")).clean(document(same, "mill.md", "markdown")).removals)
        == 1
    )


WORDS = st.sampled_from(
    "mill fire kills killed six 6 nine workers Northfield Norway Norwegian storm blast explosion council approves the a "
    "in of by from to not new US U.S. Police: report $5 5% Monday ferry ferries Bergen harbor harbour says 港 `x` der und".split()
)
HEADLINES = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(HEADLINES, HEADLINES)
def test_similarity_is_symmetric_and_one_only_for_the_same_words(one: str, other: str) -> None:
    similarity = headline_similarity(one, other)
    assert similarity == headline_similarity(other, one)
    assert 0 <= similarity <= 1
    if folded_words(one):
        assert (similarity == 1) == (folded_words(one) == folded_words(other))
    assert headline_verdict(one, other) == headline_verdict(other, one)


@settings(max_examples=200, deadline=None)
@given(st.lists(HEADLINES, min_size=2, max_size=14), st.sampled_from([0.6, 0.7, HEADLINE_SIMILARITY, 0.95]))
def test_the_index_finds_every_similar_pair(headlines: list[str], threshold: float) -> None:
    texts = list({folded_words(text): text for text in headlines if folded_words(text)}.values())
    due = {
        (one, other): similarity
        for other in range(len(texts))
        for one in range(other)
        if (similarity := headline_similarity(texts[one], texts[other])) >= threshold
    }
    assert matched_headlines(texts, threshold) == due


@settings(max_examples=300, deadline=None)
@given(HEADLINES, HEADLINES)
def test_terms_that_stand_for_one_another_share_a_key(one: str, other: str) -> None:
    for term in read(one).terms:
        for twin in read(other).terms:
            assert kinship(term, twin) == kinship(twin, term)
            if kinship(term, twin):
                assert key_of(term) == key_of(twin)


def test_the_costs_are_what_the_similarity_is_made_of() -> None:
    found = alike("Major storm delays ferries to Shetland", "Storm delays ferries to Shetland in autumn")
    assert dict(found.costs) == {
        "light": COST["light"],
        "detail": COST["detail"],
        "swap": COST["swap"],
        "any": COST["any"],
    }
    assert found.similarity == 160 / (160 + sum(cost for _, cost in found.costs))


def test_explain_says_what_counts_against_two_headlines(tmp_path: Path) -> None:
    path = tmp_path / "ferry.md"
    path.write_text(
        "# Storm delays ferries to Shetland\n\n**Major storm delays ferries to Shetland by hours**\n"
    )
    shown = main_of(tmp_path, "explain", "ferry.md:1", "ferry.md:3")
    assert (
        "headlines   0.909; detail 10; light 2; any 4; only in the second: major (light), hours (detail)"
        in shown
    )


@pytest.mark.real
def test_graded_headlines() -> None:
    every = [pair for year in YEARS for pair in graded_pairs(data(f"sts/headlines-{year}.tsv"))]
    gone, told = choose(every, removed), choose(every, reported)
    assert gone.same >= 0.97 * gone.pairs
    assert gone.alike == gone.pairs
    assert gone.same >= 0.22 * gone.all_same
    assert told.alike >= 0.97 * told.pairs
    assert told.same >= 0.5 * told.all_same


def test_graded_pairs_are_the_first_three_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes("\ufeff4.5\tOne\tTwo\tMSRvid\r\n\tNo grade\tHere\r\n\r\n0\tThree\tFour\r\n".encode())
    assert graded_pairs(path) == [Pair(4.5, "One", "Two"), Pair(0.0, "Three", "Four")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "a.tsv: No such file or directory"),
        (b"score\tone\ttwo\n4\tOne\tTwo\n", "a.tsv:1: 'score' is no grade from 0 to 5"),
        (b"4\tOne\tTwo\nnan\tOne\tTwo\n", "a.tsv:2: 'nan' is no grade from 0 to 5"),
        (b"4\tOne\n", "a.tsv:1: is no grade and two headlines, with tabs between them"),
        (b"4\tOne\xff\tTwo\n", "a.tsv: is not UTF-8 (byte 5)"),
        (b"", "a.tsv: holds no pair with a grade"),
    ],
)
def test_a_bad_file_of_graded_pairs_gets_one_line(tmp_path: Path, content: bytes | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "a.tsv").write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.headlines", tmp_path / "a.tsv"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"{tmp_path}/{reason}\n")
