"""Labelled pairs of paragraphs: which of them should go, and which should stay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random

from benchmarks.accuracy_edits import HARMLESS, Edit
from benchmarks.accuracy_facts import changing, names_in
from benchmarks.bruteforce import all_pairs, triples_of
from dedup.words import folded_words

SEED = 2016
EACH = 1000
APART = 0.5
"""Paragraphs as similar as this to another one, by Jaccard similarity of word 3-shingles, are not edited."""


class Group(StrEnum):
    """What is right to do with a pair."""

    VERBATIM = "verbatim"
    HARMLESS = "harmless"
    CHANGED = "changed"
    ALIKE = "alike"

    @property
    def goes(self) -> bool:
        """Whether one of the pair should go."""
        return self in (Group.VERBATIM, Group.HARMLESS)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two paragraphs. kind: what makes them differ."""

    group: Group
    kind: str
    one: str
    other: str


def apart(texts: Sequence[str]) -> list[str]:
    """The paragraphs of one line that are similar to no other of them."""
    near = {number for pair in all_pairs(triples_of(texts), APART) for number in pair}
    return [text for number, text in enumerate(texts) if number not in near and "\n" not in text]


def edited_pairs(texts: Sequence[str], each: int, seed: int = SEED) -> Iterator[Pair]:
    """So many pairs of every kind of edit and of verbatim copies; no paragraph is in two of them."""
    random = Random(seed)
    left = list(texts)
    random.shuffle(left)
    names = names_in(texts)
    facts = changing(names)
    # First what few paragraphs have a place for.
    for group, edits in ((Group.CHANGED, facts), (Group.HARMLESS, HARMLESS)):
        for edit in sorted(edits, key=lambda edit: edit.rare is not None):
            used: set[int] = set()
            for number in _in_turn(left, edit, each):
                if len(used) == each:
                    break
                made = edit.make(left[number], random)
                if made is not None:
                    used.add(number)
                    yield Pair(group, edit.name, *made)
            left = [text for number, text in enumerate(left) if number not in used]
    for text in left[:each]:
        yield Pair(Group.VERBATIM, "verbatim", text, text)


def _in_turn(texts: Sequence[str], edit: Edit, each: int) -> list[int]:
    """The numbers of the texts in the order in which an edit takes them: up to half the pairs have it already."""
    if edit.rare is None:
        return list(range(len(texts)))
    having = [number for number, text in enumerate(texts) if re.search(edit.rare, text)][: each // 2]
    first = set(having)
    return having + [number for number in range(len(texts)) if number not in first]


def neighbouring_pairs(texts: Sequence[str], count: int) -> list[Pair]:
    """Of the paragraphs that follow each other in the news, the pairs that share most words, most first."""
    words = [frozenset(folded_words(text)) for text in texts]
    shares = [(len(one & other) / len(one | other), at) for at, (one, other) in enumerate(pairwise(words))]
    found: list[Pair] = []
    used: set[int] = set()
    for _, at in sorted(shares, key=lambda share: (-share[0], share[1])):
        if len(found) == count:
            break
        if not {at, at + 1} & used:
            used |= {at, at + 1}
            found.append(Pair(Group.ALIKE, "same story", texts[at], texts[at + 1]))
    return found


def same_release_pairs(texts: Sequence[str], least: float, count: int) -> list[Pair]:
    """Paragraphs of one release of a documentation that are similar and not the same; no paragraph is in two pairs."""
    pairs = all_pairs(triples_of(texts), least)
    found: list[Pair] = []
    used: set[int] = set()
    for (one, other), _ in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0])):
        if len(found) < count and not {one, other} & used:
            used |= {one, other}
            found.append(Pair(Group.ALIKE, "same release", texts[one], texts[other]))
    return found


_TEMPLATES = (
    "Wool prices at the {place} sale closed {n} cents higher on {day}, with {m} bales offered and most of them sold to buyers from overseas.",
    "The council of {place} will meet on {day} to vote on the plan for {n} new houses, which {person} first put forward in {month}.",
    "Police in {place} are looking for witnesses after a car left the road on {day} night and injured {n} people, one of them badly.",
    "{person} joined the company in {year} and has led its office in {place} since {month}, where {n} people now work for it.",
    "Heavy rain is expected in {place} on {day}, with up to {n} millimetres in some valleys and winds of {m} kilometres an hour on the coast.",
    "The river at {place} stood at {n} centimetres on {day} morning and is expected to fall slowly until the end of the week.",
    "Shares in the bank of {place} fell by {n} per cent on {day} after {person} said that profit would be lower than in {year}.",
    "The museum of {place} is open from {day} to Sunday; guided tours with {person} begin at {h} and cost {n} dollars a person.",
    "{person} scored {n} points as {place} won its match on {day}, and the club now stands in place {h} of the table.",
    "Doctors at the hospital of {place} treated {n} patients on {day}, and {person}, who leads the ward, asked people to stay at home.",
)
_PLACES = "Harwick Elmstead Port Arden Lowmoor Castleby Netherfield Wexham Dunmore Kilbride Stanhope Marlow Ashbourne Thornbury Redcliff Oakham".replace(
    "Port Arden", "Arden"
).split()
_PEOPLE = "Anna Weber|Thomas Reed|Maria Costa|James Okoro|Lena Fischer|Peter Novak|Sara Lind|David Chen|Emma Dubois|Omar Haddad".split(
    "|"
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday".split()
_MONTHS = "January February April June July August September October November December".split()


def template_pairs(count: int, seed: int = SEED) -> list[Pair]:
    """Reports from one template with other facts filled in; no two are the same."""
    random = Random(seed)
    seen: set[str] = set()

    def fill(template: str) -> str:
        while True:
            text = template.format(
                place=random.choice(_PLACES),
                person=random.choice(_PEOPLE),
                day=random.choice(_DAYS),
                month=random.choice(_MONTHS),
                year=random.randint(1990, 2015),
                n=random.randint(3, 98),
                m=random.randint(100, 9000),
                h=random.randint(8, 12),
            )
            if text not in seen:
                seen.add(text)
                return text

    return [
        Pair(Group.ALIKE, "same template", fill(template), fill(template))
        for template in (_TEMPLATES[number % len(_TEMPLATES)] for number in range(count))
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """A record for the tools. pair: the number of its pair."""

    name: str
    pair: int
    text: str


def rows_of(pairs: Sequence[Pair], seed: int = SEED) -> list[Row]:
    """The first of every pair in any order, then the others in any order: what a tool should keep comes first."""
    random = Random(seed)
    firsts = [Row(f"{number:06}a", number, pair.one) for number, pair in enumerate(pairs)]
    seconds = [Row(f"{number:06}b", number, pair.other) for number, pair in enumerate(pairs)]
    random.shuffle(firsts)
    random.shuffle(seconds)
    return firsts + seconds


def kinds_of(pairs: Iterable[Pair]) -> dict[str, Group]:
    """The kinds of pairs, in the order in which they come, each with its group."""
    return {pair.kind: pair.group for pair in pairs}
