"""One edit of a paragraph at a time, of a known kind: such as change nothing that is said, and such as change a fact.

Every maker takes a paragraph and gives it with its edited copy, or None where the paragraph has no place for the
edit. Some put what they edit into the paragraph first (a date, a link), and so give back another original.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

Made = tuple[str, str] | None
Maker = Callable[[str, Random], Made]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TOKEN = re.compile(r"\S+")

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
# May and March are words too, and stand in no pattern.
_MONTH = "|".join(month for month in MONTHS if month not in ("March", "May"))
NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty thirty forty fifty sixty seventy eighty ninety"
).split()
MAGNITUDES = "hundred thousand million billion".split()

_FACTUAL = re.compile(
    r"(?i)\d|[$€£%]|^(?:one|first|second|third|half|quarter|double|twice|once|dozen|hundreds|thousands|millions|billions"
    r"|per|cent|no|not|never|nor|none|neither|without|cannot|\w+n['’]t|today|tomorrow|yesterday|tonight|now|ago|late|early"
    r"|last|next|(?:mid-?)?(?:second|minute|hour|day|night|morning|afternoon|evening|week|weekend|month|year|decade|centur)"
    r"(?:s|y|ies|ly)?|spring|summer|autumn|winter|most|least|more|less|few|up|down|over|under|about|"
    + "|".join([*WEEKDAYS, *MONTHS, *NUMBER_WORDS, *MAGNITUDES])
    + r")\W*$"
)
"""Beside a token like these a small word may be part of a fact ("up to 30", "this week")."""

_NAMES_SHARE = 4
"""Two names that begin with the same so many letters may be one name in two forms."""


def _spaced(text: str) -> list[tuple[int, int, str]]:
    """The tokens between white space, with their places."""
    return [(match.start(), match.end(), match[0]) for match in _TOKEN.finditer(text)]


def _calm(tokens: Sequence[tuple[int, int, str]], at: int) -> bool:
    """Whether no fact and no name stands within two tokens of one."""
    around = [token for _, _, token in tokens[max(at - 2, 0) : at + 3]]
    beside = [token for _, _, token in tokens[max(at - 1, 0) : at + 2]]
    return not any(_FACTUAL.search(token.strip("\"'“”‘’(),.;:")) for token in around) and all(
        token.islower() for token in beside if any(c.isalpha() for c in token)
    )


def _small(text: str, wanted: Callable[[str], bool]) -> list[tuple[int, int, str]]:
    """The tokens inside a paragraph that are wanted and stand by no fact."""
    tokens = _spaced(text)
    return [tokens[at] for at in range(1, len(tokens) - 1) if wanted(tokens[at][2]) and _calm(tokens, at)]


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _one_of(makers: Iterable[Callable[[str], str | None]], text: str, random: Random) -> Made:
    """The first that changes the text, tried in any order."""
    shuffled = list(makers)
    random.shuffle(shuffled)
    for make in shuffled:
        made = make(text)
        if made is not None and made != text:
            return text, made
    return None


def _somewhere(pattern: str, new: str, text: str, random: Random) -> str | None:
    """One match of a pattern, anywhere, replaced."""
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    match = random.choice(found)
    return _put(text, match.start(), match.end(), match.expand(new))


# What changes nothing that is said.


def case(text: str, random: Random) -> Made:
    """Other capitals: all, of one word, or none at the beginning."""

    def one(change: Callable[[str], str]) -> str | None:
        found = [m for m in _WORD.finditer(text) if len(m[0]) > 4 and m[0].islower()]
        if not found:
            return None
        match = random.choice(found)
        return _put(text, match.start(), match.end(), change(match[0]))

    def start(text: str) -> str | None:
        begins = re.match(
            r"\W?(?:The|A|An|But|And|In|It|This|That|These|They|We|He|She|There|For|As|At)\b", text
        )
        return text[: begins.end()].lower() + text[begins.end() :] if begins else None

    return _one_of((start, str.upper, lambda _: one(str.capitalize), lambda _: one(str.upper)), text, random)


def punctuation(text: str, random: Random) -> Made:
    """Another mark, one mark more, or one less, never inside a word or a number."""
    letter = r"(?<=[a-z])"
    rules = (
        (letter + r",(?= [a-z])", ""),
        (letter + r"(?= (?:and|but|which|while|because) [a-z])", ","),
        (letter + r"\.(?=[\"'”]?$)", ""),
        (letter + r"\.(?=[\"'”]?$)", "!"),
        (r" - ", " – "),
        (r" - ", " — "),
        (letter + r";(?= )", ","),
        (letter + r":(?= )", " –"),
        (letter + r", (?=[a-z])", "; "),
    )

    def curly(text: str) -> str:
        return re.sub(r'"(?=\w)', "“", re.sub(r'(?<=[\w,.!?])"', "”", text))

    def bare(text: str) -> str:
        return text.replace('"', "")

    makers = [lambda text, rule=rule: _somewhere(*rule, text, random) for rule in rules]
    return _one_of((*makers, curly, bare), text, random)


def spacing(text: str, random: Random) -> Made:
    """Wider, unbreakable or trailing spaces, or lines broken at a width."""
    makers = [
        lambda text: _somewhere(" ", "  ", text, random),
        lambda text: _somewhere(" ", "\u00a0", text, random),
        lambda text: _somewhere(" ", "\u2009", text, random),
        lambda text: _somewhere(" ", "\t", text, random),
        lambda text: re.sub(r"(?<=[.?!]) ", "  ", text),
        lambda text: text + "  ",
        lambda text: textwrap.fill(text, 60, break_long_words=False, break_on_hyphens=False),
    ]
    return _one_of(makers, text, random)


def unicode_form(text: str, random: Random) -> Made:
    """The same letters composed or decomposed, as ligatures, with soft or unbreakable hyphens, with bent apostrophes."""

    def accent(text: str) -> Made:
        found = [m.start() for m in re.finditer(r"(?<=[a-z]{2})[aeiou](?=[a-z]{2})", text)]
        if not found:
            return None
        at = random.choice(found)
        composed = _put(
            text, at, at + 1, unicodedata.normalize("NFC", text[at] + random.choice("\u0301\u0308\u0302"))
        )
        return composed, unicodedata.normalize("NFD", composed)

    if random.random() < 0.4 and (made := accent(text)):
        return made
    makers = [
        lambda text: text.replace("fi", "ﬁ").replace("fl", "ﬂ"),
        lambda text: _somewhere(r"(?<=[a-z]{4})(?=[a-z]{4})", "\u00ad", text, random),
        lambda text: _somewhere(r"(?<=[a-z])-(?=[a-z])", "\u2011", text, random),
        lambda text: _somewhere(r"(?<=[a-z])'(?=[a-z])", "’", text, random),
    ]
    return _one_of(makers, text, random) or accent(text)


_AFTER = (
    (r"\b(of|in|with|from|for|into) (?=[a-z]{4,}s\b)", "the"),
    (r"\b(says|said|believes?|hopes?|thinks?|warns?|warned|argues?) (?=[a-z])(?!that\b)", "that"),
    (r"\b(is|are|was|were|has|have|will|can|would|could) (?=[a-z]+\b)", "also"),
    (r"\b(is|are|was|were) (?=[a-z]+(?:ing|ed)\b)", "still"),
)


def stop_word_added(text: str, random: Random) -> Made:
    """One of `the`, `that`, `also` and `still` where it can stand."""
    tokens = _spaced(text)
    at = {start: number for number, (start, _, _) in enumerate(tokens)}
    found = [
        (match.end(), word)
        for pattern, word in _AFTER
        for match in re.finditer(pattern, text)
        if match.end() in at and _calm(tokens, at[match.end()])
    ]
    if not found:
        return None
    place, word = random.choice(found)
    return text, _put(text, place, place, f"{word} ")


_DROPPED = frozenset("the a an that also still just then so very quite really".split())


def stop_word_dropped(text: str, random: Random) -> Made:
    """An article or another small word less."""
    found = _small(text, _DROPPED.__contains__)
    if not found:
        return None
    start, end, _ = random.choice(found)
    return text, _put(text, start, end + 1, "")


_OTHERWISE = {
    "the": "a",
    "a": "the",
    "an": "the",
    "this": "that",
    "these": "those",
    "those": "these",
    "which": "that",
    "although": "though",
    "though": "although",
    "because": "as",
    "while": "whilst",
    "among": "amongst",
    "until": "till",
    "into": "in",
    "on": "upon",
    "upon": "on",
    "but": "yet",
    "such": "these",
    "very": "quite",
    "towards": "toward",
}


def stop_word_replaced(text: str, random: Random) -> Made:
    """A small word in the place of another that says the same or nearly so."""
    found = _small(text, _OTHERWISE.__contains__)
    if not found:
        return None
    start, end, word = random.choice(found)
    return text, _put(text, start, end, _OTHERWISE[word])


def _phrase(text: str, random: Random) -> tuple[int, int] | None:
    """Where one to three words without capitals and marks stand within a paragraph."""
    tokens = _spaced(text)
    plain = [token.isalpha() and token.islower() for _, _, token in tokens]
    length = random.randint(1, 3)
    found = [at for at in range(1, len(tokens) - length) if all(plain[at : at + length])]
    if not found:
        return None
    at = random.choice(found)
    return tokens[at][0], tokens[at + length - 1][1]


def bold(text: str, random: Random) -> Made:
    """Some words within the paragraph in bold."""
    place = _phrase(text, random)
    mark = random.choice(("**", "__"))
    return (text, _put(text, *place, f"{mark}{text[slice(*place)]}{mark}")) if place else None


# What changes a fact.

_NUMBER = re.compile(r"(?<![\w.,:/\-–])[$€£]?\d(?:,?\d)*(?:\.\d+)?(?![\w/:\-–]|[.,]\d)")
_YEAR = re.compile(r"(?<![\w.,$€£/\-–])(?:19|20)\d\d(?![\w/\-–%]|[.,]\d)")


def number_as_digits(text: str, random: Random) -> Made:
    """One digit of a number that is no year and no day of a month."""
    dated = re.compile(rf"(?:{_MONTH}|March|May)\W+$|^\W+(?:{_MONTH}|March|May)\b")
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
    return text, _put(text, at, at + 1, new)


def number_as_word(text: str, random: Random) -> Made:
    """Another number word."""
    found = [m for m in _WORD.finditer(text) if m[0] in NUMBER_WORDS or m[0] in MAGNITUDES]
    if not found:
        return None
    match = random.choice(found)
    like = NUMBER_WORDS if match[0] in NUMBER_WORDS else MAGNITUDES
    return text, _put(text, match.start(), match.end(), random.choice([w for w in like if w != match[0]]))


def _ended(text: str, words: str) -> tuple[str, tuple[int, int]] | None:
    """A paragraph with words more at its end, and where the first of them that is no small word stands."""
    end = re.search(r"(?<=\w)(?=[.!?]?[\"'”]?$)", text)
    if end is None:
        return None
    lead, _, rest = words.partition(" ")
    start = end.start() + len(lead) + 2
    return _put(text, end.start(), end.start(), f" {words}"), (start, start + len(rest.split()[0]))


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
        return text, _put(text, *span, random.choice([choice for choice in choices if choice != was]))

    return make


_DAYS = [str(number) for number in range(1, 29)]
_YEARS = [str(number) for number in range(1980, 2007)]

weekday = _other(rf"\b(?:{'|'.join(WEEKDAYS)})\b", WEEKDAYS, lambda random: f"on {random.choice(WEEKDAYS)}")
month = _other(rf"\b(?:{_MONTH})\b", MONTHS, lambda random: f"in {random.choice(MONTHS)}")
year = _other(_YEAR.pattern, _YEARS, lambda random: f"in {random.choice(_YEARS)}")
date = _other(
    rf"(?<![\w.,$-])\d\d?(?= (?:{_MONTH})\b)|(?<=\b(?:June|July) )\d\d?\b",
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
    return text, _put(text, match.end(), match.end(), "n't" if short else " not")


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
    makers = [lambda text, rule=rule: _somewhere(*rule, text, random) for rule in _NEGATED]
    return _one_of(makers, text, random)


_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{2,}(?=[ ,.;])")


def names_in(texts: Iterable[str], at_least: int = 5) -> list[str]:
    """The words that stand with a capital inside sentences, often, and never without one; in alphabetical order."""
    counts: dict[str, int] = {}
    small: set[str] = set()
    for text in texts:
        for name in _NAME.findall(text):
            counts[name] = counts.get(name, 0) + 1
        small.update(word for word in _WORD.findall(text) if word.islower())
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
        return (text, _put(text, match.start(), match.end(), random.choice(others))) if others else None

    return make


def link(text: str, random: Random) -> Made:
    """The target of a link, which is put there first; the words stay."""
    place = _phrase(text, random)
    if place is None:
        return None
    one, other = random.sample(range(1000, 10_000), 2)
    shown = text[slice(*place)]
    return (
        _put(text, *place, f"[{shown}](https://www.example.org/news/{one})"),
        _put(text, *place, f"[{shown}](https://www.example.org/news/{other})"),
    )


@dataclass(frozen=True, slots=True)
class Edit:
    """A kind of edit. rare: what few paragraphs have; those that have it are taken first."""

    name: str
    make: Maker
    rare: str | None = None


HARMLESS = (
    Edit("case", case),
    Edit("punctuation", punctuation),
    Edit("spacing", spacing),
    Edit("Unicode form", unicode_form),
    Edit("stop word added", stop_word_added),
    Edit("stop word dropped", stop_word_dropped),
    Edit("stop word replaced", stop_word_replaced),
    Edit("bold", bold),
)


def changing(names: Sequence[str]) -> tuple[Edit, ...]:
    """The edits that change a fact, given the names that stand for one another."""
    return (
        Edit("number in digits", number_as_digits),
        Edit("number in words", number_as_word),
        Edit("date", date, rf"\b\d\d? (?:{_MONTH})\b"),
        Edit("weekday", weekday, rf"\b(?:{'|'.join(WEEKDAYS)})\b"),
        Edit("month", month, rf"\b(?:{_MONTH})\b"),
        Edit("year", year, _YEAR.pattern),
        Edit("negation added", negation_added),
        Edit("negation dropped", negation_dropped),
        Edit("name", name_changed(names)),
        Edit("link", link),
    )
