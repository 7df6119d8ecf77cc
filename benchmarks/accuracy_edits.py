"""One edit of a paragraph at a time, of a known kind, that changes nothing that is said.

Every maker takes a paragraph and gives it with its edited copy, or None where the paragraph has no place for the
edit. `accuracy_facts` has the edits that change a fact.
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

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_TOKEN = re.compile(r"\S+")

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
UNMISTAKABLE = "|".join(month for month in MONTHS if month not in ("March", "May"))
"""A pattern of the months that are no other words too."""
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


def put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def one_of(makers: Iterable[Callable[[str], str | None]], text: str, random: Random) -> Made:
    """The first that changes the text, tried in any order."""
    shuffled = list(makers)
    random.shuffle(shuffled)
    for make in shuffled:
        made = make(text)
        if made is not None and made != text:
            return text, made
    return None


def somewhere(pattern: str, new: str, text: str, random: Random) -> str | None:
    """One match of a pattern, anywhere, replaced."""
    found = list(re.finditer(pattern, text))
    if not found:
        return None
    match = random.choice(found)
    return put(text, match.start(), match.end(), match.expand(new))


def case(text: str, random: Random) -> Made:
    """Other capitals: all, of one word, or none at the beginning."""

    def one(change: Callable[[str], str]) -> str | None:
        found = [m for m in WORD.finditer(text) if len(m[0]) > 4 and m[0].islower()]
        if not found:
            return None
        match = random.choice(found)
        return put(text, match.start(), match.end(), change(match[0]))

    def start(text: str) -> str | None:
        begins = re.match(
            r"\W?(?:The|A|An|But|And|In|It|This|That|These|They|We|He|She|There|For|As|At)\b", text
        )
        return text[: begins.end()].lower() + text[begins.end() :] if begins else None

    return one_of((start, str.upper, lambda _: one(str.capitalize), lambda _: one(str.upper)), text, random)


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

    makers = [lambda text, rule=rule: somewhere(rule[0], rule[1], text, random) for rule in rules]
    return one_of((*makers, curly, bare), text, random)


def spacing(text: str, random: Random) -> Made:
    """Wider, unbreakable or trailing spaces, or lines broken at a width."""
    makers = [
        lambda text: somewhere(" ", "  ", text, random),
        lambda text: somewhere(" ", "\u00a0", text, random),
        lambda text: somewhere(" ", "\u2009", text, random),
        lambda text: somewhere(" ", "\t", text, random),
        lambda text: re.sub(r"(?<=[.?!]) ", "  ", text),
        lambda text: text + "  ",
        lambda text: textwrap.fill(text, 60, break_long_words=False, break_on_hyphens=False),
    ]
    return one_of(makers, text, random)


def unicode_form(text: str, random: Random) -> Made:
    """The same letters composed or decomposed, as ligatures, with soft or unbreakable hyphens, bent apostrophes."""

    def accent(text: str) -> Made:
        found = [m.start() for m in re.finditer(r"(?<=[a-z]{2})[aeiou](?=[a-z]{2})", text)]
        if not found:
            return None
        at = random.choice(found)
        composed = put(
            text, at, at + 1, unicodedata.normalize("NFC", text[at] + random.choice("\u0301\u0308\u0302"))
        )
        return composed, unicodedata.normalize("NFD", composed)

    if random.random() < 0.4 and (made := accent(text)):
        return made
    makers = [
        lambda text: text.replace("fi", "ﬁ").replace("fl", "ﬂ"),
        lambda text: somewhere(r"(?<=[a-z]{4})(?=[a-z]{4})", "\u00ad", text, random),
        lambda text: somewhere(r"(?<=[a-z])-(?=[a-z])", "\u2011", text, random),
        lambda text: somewhere(r"(?<=[a-z])'(?=[a-z])", "’", text, random),
    ]
    return one_of(makers, text, random) or accent(text)


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
    return text, put(text, place, place, f"{word} ")


_DROPPED = frozenset("the a an that also still just then so very quite really".split())


def stop_word_dropped(text: str, random: Random) -> Made:
    """An article or another small word less."""
    found = _small(text, _DROPPED.__contains__)
    if not found:
        return None
    start, end, _ = random.choice(found)
    return text, put(text, start, end + 1, "")


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
    return text, put(text, start, end, _OTHERWISE[word])


def phrase(text: str, random: Random) -> tuple[int, int] | None:
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
    place = phrase(text, random)
    mark = random.choice(("**", "__"))
    return (text, put(text, *place, f"{mark}{text[slice(*place)]}{mark}")) if place else None


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
