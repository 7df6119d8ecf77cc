"""One edit of a paragraph at a time that changes a fact: a number, a date, a negation, a name, where a link leads.

Some put what they edit into the paragraph first (a date, a link), and so give back another original.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from random import Random

from benchmarks.accuracy_edits import (
    MAGNITUDES,
    MONTHS,
    NUMBER_WORDS,
    UNMISTAKABLE,
    WEEKDAYS,
    WORD,
    Edit,
    Made,
    Maker,
    one_of,
    phrase,
    put,
    somewhere,
)

_NAMES_SHARE = 4
"""Two names that begin with the same so many letters may be one name in two forms."""

_NUMBER = re.compile(r"(?<![\w.,:/\-–])[$€£]?\d(?:,?\d)*(?:\.\d+)?(?![\w/:\-–]|[.,]\d)")
_YEAR = re.compile(r"(?<![\w.,$€£/\-–])(?:19|20)\d\d(?![\w/\-–%]|[.,]\d)")


def number_as_digits(text: str, random: Random) -> Made:
    """One digit of a number that is no year and no day of a month."""
    dated = re.compile(rf"(?:{UNMISTAKABLE}|March|May)\W+$|^\W+(?:{UNMISTAKABLE}|March|May)\b")
    found = [
        match
        for match in _NUMBER.finditer(text)
        if not _YEAR.fullmatch(match[0])
        and not dated.search(text[max(match.start() - 12, 0) : match.start()])
        and not dated.match(text[match.end() :])
    ]
    if not found:
        return None
    match = random.choice(found)
    digits = [at for at in range(match.start(), match.end()) if text[at].isdigit()]
    at = random.choice(digits)
    new = random.choice([d for d in "123456789" if d != text[at]])
    return text, put(text, at, at + 1, new)


def number_as_word(text: str, random: Random) -> Made:
    """Another number word."""
    found = [m for m in WORD.finditer(text) if m[0] in NUMBER_WORDS or m[0] in MAGNITUDES]
    if not found:
        return None
    match = random.choice(found)
    like = NUMBER_WORDS if match[0] in NUMBER_WORDS else MAGNITUDES
    return text, put(text, match.start(), match.end(), random.choice([w for w in like if w != match[0]]))


def _ended(text: str, words: str) -> tuple[str, tuple[int, int]] | None:
    """A paragraph with words more at its end, and where the first of them that is no small word stands."""
    end = re.search(r"(?<=\w)(?=[.!?]?[\"'”]?$)", text)
    if end is None:
        return None
    lead, _, rest = words.partition(" ")
    start = end.start() + len(lead) + 2
    return put(text, end.start(), end.start(), f" {words}"), (start, start + len(rest.split()[0]))


def _other(pattern: str, choices: Sequence[str], ending: Callable[[Random], str]) -> Maker:
    """Makes one of the choices another; where a paragraph has none, one is put at its end first."""

    def make(text: str, random: Random) -> Made:
        found = [match.span() for match in re.finditer(pattern, text)]
        if not found:
            if (ended := _ended(text, ending(random))) is None:
                return None
            text, span = ended
        else:
            span = random.choice(found)
        was = text[slice(*span)]
        return text, put(text, *span, random.choice([choice for choice in choices if choice != was]))

    return make


_DAYS = [str(number) for number in range(1, 29)]
_YEARS = [str(number) for number in range(1980, 2007)]

weekday = _other(rf"\b(?:{'|'.join(WEEKDAYS)})\b", WEEKDAYS, lambda random: f"on {random.choice(WEEKDAYS)}")
month = _other(rf"\b(?:{UNMISTAKABLE})\b", MONTHS, lambda random: f"in {random.choice(MONTHS)}")
year = _other(_YEAR.pattern, _YEARS, lambda random: f"in {random.choice(_YEARS)}")
date = _other(
    rf"(?<![\w.,$-])\d\d?(?= (?:{UNMISTAKABLE})\b)|(?<=\b(?:June|July) )\d\d?\b",
    _DAYS,
    lambda random: f"on {random.choice(_DAYS)} {random.choice(MONTHS)}",
)
"""Another day, the month stays."""


_AUXILIARIES = r"(?:is|are|was|were|will|would|could|should|can|does|did|must|might)"


def negation_added(text: str, random: Random) -> Made:
    """`not`, or `n't`, after an auxiliary verb."""
    found = [
        match
        for match in re.finditer(rf"\b{_AUXILIARIES}(?= (?!not\b|never\b|no\b|n[eo]ither\b)[a-z]+)", text)
        if not re.search(
            r"(?i)\bwhether\b|\bnot\b|n't\b", text[max(match.start() - 40, 0) : match.end() + 20]
        )
    ]
    if not found:
        return None
    match = random.choice(found)
    short = match[0] not in ("will", "can", "might", "must") and random.random() < 0.4
    return text, put(text, match.end(), match.end(), "n't" if short else " not")


_GOES_ON = r"(?= (?!only\b|just\b|least\b|necessarily\b)[a-z])"
_NEGATED = (
    (rf"\b({_AUXILIARIES}) not{_GOES_ON}", r"\1"),
    (rf"\b(is|are|was|were|would|could|should|does|did|has|have|had)n['’]t{_GOES_ON}", r"\1"),
    (rf"\bcannot{_GOES_ON}|\bcan['’]t{_GOES_ON}", "can"),
    (rf"\bwon['’]t{_GOES_ON}", "will"),
    (r"\bnever (?=[a-z])", ""),
)


def negation_dropped(text: str, random: Random) -> Made:
    """A `not`, `n't` or `never` less."""
    makers = [lambda text, rule=rule: somewhere(rule[0], rule[1], text, random) for rule in _NEGATED]
    return one_of(makers, text, random)


_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{2,}(?=[ ,.;])")


def names_in(texts: Iterable[str], at_least: int = 5) -> list[str]:
    """The words that stand with a capital inside sentences, often, and never without one; in alphabetical order."""
    counts: dict[str, int] = {}
    small: set[str] = set()
    for text in texts:
        for name in _NAME.findall(text):
            counts[name] = counts.get(name, 0) + 1
        small.update(word for word in WORD.findall(text) if word.islower())
    dated = {*WEEKDAYS, *MONTHS}
    return sorted(
        name
        for name, count in counts.items()
        if count >= at_least and name.lower() not in small and name not in dated
    )


def name_changed(names: Sequence[str]) -> Maker:
    """Makes a name another one."""
    known = frozenset(names)

    def make(text: str, random: Random) -> Made:
        found = [match for match in _NAME.finditer(text) if match[0] in known]
        if not found:
            return None
        match = random.choice(found)
        others = [name for name in names if name[:_NAMES_SHARE] != match[0][:_NAMES_SHARE]]
        return (text, put(text, match.start(), match.end(), random.choice(others))) if others else None

    return make


def link(text: str, random: Random) -> Made:
    """The target of a link, which is put there first; the words stay."""
    place = phrase(text, random)
    if place is None:
        return None
    one, other = random.sample(range(1000, 10_000), 2)
    shown = text[slice(*place)]
    return (
        put(text, *place, f"[{shown}](https://www.example.org/news/{one})"),
        put(text, *place, f"[{shown}](https://www.example.org/news/{other})"),
    )


def changing(names: Sequence[str]) -> tuple[Edit, ...]:
    """The edits that change a fact, given the names that stand for one another."""
    return (
        Edit("number in digits", number_as_digits),
        Edit("number in words", number_as_word),
        Edit("date", date, rf"\b\d\d? (?:{UNMISTAKABLE})\b"),
        Edit("weekday", weekday, rf"\b(?:{'|'.join(WEEKDAYS)})\b"),
        Edit("month", month, rf"\b(?:{UNMISTAKABLE})\b"),
        Edit("year", year, _YEAR.pattern),
        Edit("negation added", negation_added),
        Edit("negation dropped", negation_dropped),
        Edit("name", name_changed(names)),
        Edit("link", link),
    )
