"""Paragraphs with one edit of a known kind: one that changes a fact, or one that an editor calls harmless."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from random import Random

Edit = Callable[[str, Random], str | None]
"""The edited text, or None where a text has nothing to edit so."""

_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
_SCALES = "hundred thousand million billion".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_FRACTIONS = ("a third", "two thirds", "three quarters", "one fifth", "half")
_RELATIVE = ("yesterday", "today", "tomorrow", "tonight", "last week", "this week", "next week", "last year")
_RELATIVE_ALSO = ("next year", "last month", "next month", "this morning", "this afternoon", "this year")
_AUXILIARIES = "is are was were has have had will would can could should does did do must".split()
_CONTRACTED = {word: word + "n't" for word in _AUXILIARIES} | {"can": "can't", "will": "won't"}
_PREFIXED = {
    "able": "unable",
    "likely": "unlikely",
    "known": "unknown",
    "usual": "unusual",
    "certain": "uncertain",
    "fair": "unfair",
    "possible": "impossible",
    "legal": "illegal",
    "regular": "irregular",
    "dependent": "independent",
    "direct": "indirect",
    "correct": "incorrect",
    "effective": "ineffective",
    "agree": "disagree",
    "necessary": "unnecessary",
    "expected": "unexpected",
    "happy": "unhappy",
    "clear": "unclear",
    "affected": "unaffected",
    "successful": "unsuccessful",
    "acceptable": "unacceptable",
    "reasonable": "unreasonable",
    "employed": "unemployed",
    "healthy": "unhealthy",
    "safe": "unsafe",
    "popular": "unpopular",
    "common": "uncommon",
    "adequate": "inadequate",
    "visible": "invisible",
    "appropriate": "inappropriate",
    "sufficient": "insufficient",
    "mature": "immature",
    "responsible": "irresponsible",
    "advantage": "disadvantage",
    "careful": "careless",
    "harmful": "harmless",
}
_OPPOSED = (
    "before after|up down|over under|increase decrease|increased decreased|rise fall|rose fell|more less|high low|"
    "higher lower|north south|east west|northern southern|eastern western|first last|inside outside|import export|"
    "men women|he she|his her|start end|early late|large small|all some|open closed|above below|win lose"
)
_UNITS = (
    "kilometres miles",
    "metres feet",
    "hectares acres",
    "tonnes kilograms",
    "litres gallons",
    "kilograms grams",
)
_UNITS_ALSO = ("centimetres millimetres", "degrees kelvin", "megalitres litres")


def _swap(pattern: str, replace: Callable[[re.Match[str], Random], str | None], flags: int = 0) -> Edit:
    """An edit of one of the places where a pattern is found."""
    expression = re.compile(pattern, flags)

    def edit(text: str, random: Random) -> str | None:
        places = list(expression.finditer(text))
        random.shuffle(places)
        for match in places:
            new = replace(match, random)
            if new is not None and new != match[0]:
                return text[: match.start()] + new + text[match.end() :]
        return None

    return edit


def _other(choices: Sequence[str]) -> Callable[[re.Match[str], Random], str]:
    def choose(match: re.Match[str], random: Random) -> str:
        new = random.choice([each for each in choices if each.lower() != match[0].lower()])
        return new.capitalize() if match[0][0].isupper() else new

    return choose


def _one_of(choices: Sequence[str], others: Sequence[str] | None = None) -> Edit:
    found = "|".join(sorted(map(re.escape, choices), key=len, reverse=True))
    return _swap(rf"\b(?:{found})\b", _other(others or choices), re.IGNORECASE)


def _digit(match: re.Match[str], random: Random) -> str:
    """Another digit for one of a number, the first never 0."""
    places = [n for n, c in enumerate(match[0]) if c.isdigit()]
    place = random.choice(places)
    old = match[0][place]
    new = random.choice([c for c in "123456789" if c != old])
    return match[0][:place] + new + match[0][place + 1 :]


def _spelled(match: re.Match[str], random: Random) -> str:
    same = _WORDS[int(match[0]) - 2] if 2 <= int(match[0]) <= 20 else ""
    return random.choice([word for word in _WORDS[:19] if word != same])


def _pairs(pairs: Iterator[tuple[str, str]]) -> Edit:
    meaning: dict[str, str] = {}
    for one, other in pairs:
        meaning.setdefault(one, other)
        meaning.setdefault(other, one)
    found = "|".join(sorted(meaning, key=len, reverse=True))
    return _swap(rf"\b(?:{found})\b", lambda match, _: meaning[match[0]])


def _split(pairs: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pair in pairs:
        one, other = pair.split()
        yield one, other


def _without_not(match: re.Match[str], _: Random) -> str:
    return match[1]


def _insert(choices: Sequence[str]) -> Edit:
    """One of some words, put between two words."""

    def edit(text: str, random: Random) -> str | None:
        places = [match.start() for match in re.finditer(r"(?<=[a-z]) (?=[a-z])", text)]
        if not places:
            return None
        place = random.choice(places)
        return f"{text[:place]} {random.choice(choices)}{text[place:]}"

    return edit


def _name(match: re.Match[str], random: Random) -> str:
    return random.choice(("Bennett", "Oslo", "Harrowgate", "Nguyen", "Lismore", "Calder"))


FACTS: dict[str, Edit] = {
    "digits": _swap(r"(?<![\w$.,])\d[\d,.]*(?<![,.])(?!\w)", _digit),
    "digits as words": _swap(r"(?<![\w$.,/-])\d{1,3}(?![\w.,/%-]|\s(?:per|million))", _spelled),
    "number word": _one_of(("one", *_WORDS)),
    "scale": _one_of(_SCALES),
    "ordinal": _one_of(_ORDINALS),
    "fraction": _one_of(_FRACTIONS),
    "percentage": _swap(r"\d+(?=(?:\.\d+)? ?(?:per cent|percent|%))", _digit),
    "per cent for points": _swap(r"(?<=\d )per cent", lambda match, _: "points"),
    "range": _swap(r"\d+(?:-| to | and )\d+", _digit),
    "money": _swap(r"[$£€]\d[\d,.]*", _digit),
    "currency": _swap(
        r"[$£€](?=\d)", lambda match, random: random.choice([c for c in "$£€" if c != match[0]])
    ),
    "currency word": _pairs(_split(("dollars euros", "dollar pound", "cents pence"))),
    "unit": _pairs(_split((*_UNITS, *_UNITS_ALSO))),
    "time": _swap(r"\b\d{1,2}(?:[:.]\d\d)? ?(?:am|pm)\b|\b\d{1,2}:\d\d", _digit),
    "year": _swap(r"\b(?:19|20)\d\d\b", lambda match, random: str(int(match[0]) + random.randint(1, 9))),
    "weekday": _one_of(_WEEKDAYS),
    "month": _swap(rf"\b(?:{'|'.join(_MONTHS)})\b", _other(_MONTHS)),
    "day of month": _swap(
        rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:{'|'.join(_MONTHS)})\b|\b(?:{'|'.join(_MONTHS)}) \d{{1,2}}\b(?![.,]\d)",
        _digit,
    ),
    "relative day": _one_of((*_RELATIVE, *_RELATIVE_ALSO)),
    "not added": _swap(rf"\b(?:{'|'.join(_AUXILIARIES)})\b(?! not)", lambda match, _: f"{match[0]} not"),
    "not taken out": _swap(r"\b(\w+) not\b", _without_not),
    "contraction added": _swap(
        rf"\b(?:{'|'.join(_AUXILIARIES)})\b(?!['’]| not)", lambda match, _: _CONTRACTED[match[0]]
    ),
    "contraction taken out": _swap(
        r"\b(is|are|was|were|has|have|had|would|could|should|does|did|do)n['’]t\b", _without_not
    ),
    "never added": _insert(("never",)),
    "no for the": _swap(r"\b(?:the|a|any|some)\b", lambda match, _: "no"),
    "without for with": _pairs(iter((("with", "without"),))),
    "none for all": _swap(r"\b(?:all|many|most|some)(?= of)", lambda match, _: "none"),
    "prefix": _pairs(iter(_PREFIXED.items())),
    "failed to": _swap(r"\bto (?=[a-z]{3,})", lambda match, _: "failed to "),
    "opposite": _pairs(_split(_OPPOSED.split("|"))),
    "name": _swap(r"(?<=[a-z] )[A-Z][a-z]{3,}\b", _name),
}
"""Edits after which a text says something else, by kind."""

_ADDED = ("the", "a", "that", "of", "and", "in", "to", "is", "it", "so")
_DROPPED = "the a an of that and in to for on at is are was were by with as it its this".split()
_REPLACED = "the a an that this which of for in on at as and by".split()


def _uppercase(match: re.Match[str], _: Random) -> str:
    return match[0].upper()


def _drop_word(match: re.Match[str], _: Random) -> str:
    return " "


def _around(before: str, after: str) -> Edit:
    return _swap(r"\b[A-Za-z][A-Za-z'’-]*[A-Za-z]\b", lambda match, _: f"{before}{match[0]}{after}")


def _all(change: Callable[[str], str]) -> Edit:
    def edit(text: str, random: Random) -> str | None:
        new = change(text)
        return new if new != text else None

    return edit


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _ligature(match: re.Match[str], _: Random) -> str:
    return match[0].replace("fi", "\ufb01").replace("fl", "\ufb02")


def _softened(match: re.Match[str], random: Random) -> str:
    at = random.randint(2, len(match[0]) - 2)
    return match[0][:at] + "\u00ad" + match[0][at:]


def _curly(text: str) -> str:
    text = re.sub(r'(?<!\S)"', "“", text).replace('"', "”")
    return re.sub(r"(?<!\S)'", "‘", text).replace("'", "’")


HARMLESS: dict[str, Edit] = {
    "upper case, a word": _swap(r"\b[a-z]{2,}\b", _uppercase),
    "upper case, all": _all(str.upper),
    "lower case, all": _all(str.lower),
    "first letter": _swap(r"\b[a-z]{2,}\b", lambda match, _: match[0].capitalize()),
    "punctuation added": _swap(
        r"(?<=[A-Za-z]) (?=[A-Za-z])",
        lambda match, random: random.choice((", ", "; ", ": ", " - ", " – ", "! ", "... ")),
    ),
    "punctuation dropped": _swap(r"(?<![\dA-Z])[.,;:!?\"'’“”()](?!\d)", lambda match, _: ""),
    "hyphen for space": _swap(r"(?<=[a-z])-(?=[a-z])", lambda match, _: " "),
    "hyphen dropped": _swap(r"(?<=[a-z])-(?=[a-z])", lambda match, _: ""),
    "double space": _swap(r" ", lambda match, _: "  "),
    "no-break space": _swap(r" ", lambda match, _: "\u00a0"),
    "ligature": _swap(r"\b[a-z]*f[il][a-z]*\b", _ligature),
    "soft hyphen": _swap(r"\b[a-z]{6,}\b", _softened),
    "full-width, a word": _swap(r"\b[A-Za-z]{2,}\b", lambda match, _: _wide(match[0])),
    "full-width, all": _all(_wide),
    "curly quotes": _all(_curly),
    "stop word added": _insert(_ADDED),
    "stop word dropped": _swap(rf" (?:{'|'.join(_DROPPED)}) ", _drop_word),
    "stop word replaced": _swap(rf"(?<= )(?:{'|'.join(_REPLACED)})(?= )", _other(_REPLACED)),
    "bold": _around("**", "**"),
    "italics": _around("*", "*"),
    "italics, underscores": _around("_", "_"),
    "bold as HTML": _around("<b>", "</b>"),
}
"""Edits after which a text says the same, by kind."""


def edited_pairs(texts: Sequence[str], edit: Edit, count: int, seed: str) -> list[tuple[str, str]]:
    """So many of the texts, taken at random, each with its edited copy; fewer where fewer can be edited so."""
    random = Random(seed)
    order = list(texts)
    random.shuffle(order)
    found: list[tuple[str, str]] = []
    for text in order:
        if len(found) == count:
            break
        new = edit(text, random)
        if new is not None and new != text:
            found.append((text, new))
    return found
