"""What a headline says, word by word: the terms that two headlines are compared by.

Function words and words that only tell the source are left out. Of the rest a term is a number with its measure, or
a word with its `core`: what its forms and derivations have in common. This is our own list of endings and no
stemmer from elsewhere, since indexes hold what comes of it: another version of a library would not find them again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from dedup.match.alike_words import (
    ALSO,
    FOREIGN,
    IDLE,
    MEASURES,
    NATIONS,
    NUMBERS,
    ORDINALS,
    PREPOSITIONS,
    SCALES,
    SHORT_FORMS,
    SYNONYMS,
    TOLD,
)
from dedup.words import Word, split

_DIGITS = re.compile(r"(\d+)([a-z]*)")
_MARKS = re.compile(
    r"[`{}\\|<>=_~^#@]|[a-zA-Z]\+|::|\w\(|\w/\w.*/|\w\.[a-z]{2}|[a-z][A-Z]\w*[A-Z]|(?:^|\s)--[a-z]"
)
_SAID_LAST = re.compile(r", (?:says?|said) ([^,]+)$")
_SAID_FIRST = re.compile(r"(?:\S+ ){1,2}(?=(?:says?|said)\b)")
_SOURCE_WORDS = 4
_LAST_WORDS = 2
# So many words a preposition leads in.
_REACH = 2
_BEFORE_NOUNS = frozenset(("the", "a", "an", "its", "his", "her", "their", "our", "my", "your"))
_SIGN = ("$", "€", "£", "¥", "₹")


class Term(NamedTuple):
    """One thing that a headline says.

    core: what is compared: of a word its core, of a number its value and measure.
    word: the folded word, of a number its value without the measure.
    kind: `number`, `name` (a capital where capitals say something), `capital` (where they do not), or `word`.
    led: the preposition that leads it in, if one does. source: whether it stands where the source of a story does.
    """

    core: str
    word: str
    kind: str
    led: str
    source: bool


class Reading(NamedTuple):
    """A headline as it is compared: its terms, each once, and all its numbers in rising order.

    plain: whether it cannot be read so: another language or script, code, paths, signs. keys: `key_of` each term.
    """

    terms: tuple[Term, ...]
    numbers: tuple[str, ...]
    plain: bool
    keys: tuple[str, ...]


@lru_cache(maxsize=1 << 14)
def read(text: str) -> Reading:
    """The reading of what a reader sees of a headline."""
    words = split(text)
    first, last = _sources(text)
    told = _tokens(text, words)
    speaking = [token for token in told if not token.idle and not token.number]
    capitals = sum(token.capital for token in speaking)
    shouted = len(speaking) > 2 and capitals >= 0.8 * len(speaking)
    terms: dict[str, Term] = {}
    led, reach = "", 0
    for at, token in enumerate(told):
        if token.idle:
            if token.word in PREPOSITIONS:
                led, reach = token.word, _REACH
            elif token.word not in _BEFORE_NOUNS:
                reach = 0
            continue
        if token.number or token.word not in TOLD:
            kind = "number" if token.number else _kind(token, shouted, at == 0)
            source = token.start < first or token.start >= last
            terms.setdefault(token.core, Term(token.core, token.word, kind, led if reach > 0 else "", source))
        reach -= 1
    found = tuple(terms.values())
    return Reading(
        terms=found,
        numbers=tuple(sorted(token.core for token in told if token.number)),
        plain=not found or _is_plain(text, words),
        keys=tuple(key_of(term) for term in found),
    )


def _is_plain(text: str, words: Sequence[Word]) -> bool:
    return (
        not all(word.text.isascii() for word in words)
        or len(FOREIGN.intersection(word.text for word in words)) > 1
        or _MARKS.search(text) is not None
    )


class _Token(NamedTuple):
    word: str
    core: str
    start: int
    number: bool
    capital: bool
    idle: bool


def _kind(token: _Token, shouted: bool, begins: bool) -> str:
    if token.word in NATIONS and token.capital:
        return "name"
    if not token.capital:
        return "word"
    return "capital" if shouted or begins else "name"


def _sources(text: str) -> tuple[int, int]:
    """Where the source at the beginning of a headline ends ("Police: …"), and where that at its end begins."""
    first, last = 0, len(text)
    before, colon, after = text.partition(": ")
    if colon and len(before.split()) <= _SOURCE_WORDS:
        first = len(before)
    elif colon and len(after.split()) <= _LAST_WORDS:
        last = len(before)
    said = _SAID_LAST.search(text)
    if said and len(said[1].split()) <= _LAST_WORDS:
        last = min(last, said.start())
    said = _SAID_FIRST.match(text)
    if said:
        first = max(first, said.end())
    for dash in (" - ", " – ", " — ", " -- "):
        start, found, end = text.rpartition(dash)
        if found and len(end.split()) <= _LAST_WORDS:
            last = min(last, len(start))
    return first, last


def _tokens(text: str, words: Sequence[Word]) -> list[_Token]:
    """The words of a text with numbers, initials and short forms put together."""
    found: list[_Token] = []
    at = 0
    while at < len(words):
        word = words[at]
        raw = text[word.start : word.end]
        capital = raw[:1].isupper()
        stop, number = _number(text, words, at)
        if number:
            found.append(_Token(number[0], number[0] + number[1], word.start, True, False, False))
            at = stop
            continue
        letters, stop = _initials(text, words, at)
        if (
            stop == at + 1
            and word.text == "no"
            and text[word.end : word.end + 1] == "."
            and at + 1 < len(words)
        ):
            at += 1  # "No. 2"
            continue
        for size in (3, 2):
            together = SHORT_FORMS.get(tuple(w.text for w in words[at : at + size]))
            if together is not None:
                letters, stop, capital = together, at + size, True
        if len(letters) == 1 and capital and letters in "ns" and stop < len(words):
            letters = {"n": "north", "s": "south"}[letters]
        if text[word.end : word.end + 1] in _SIGN:
            at += 1  # "US$5"
            continue
        if raw.endswith(("'s", "’s")):
            letters = letters.removesuffix("s")
        idle = letters in IDLE and not (letters == "us" and raw.startswith("U"))
        found.append(_Token(letters, core(letters), word.start, False, capital, idle))
        at = stop
    return found


def _initials(text: str, words: Sequence[Word], at: int) -> tuple[str, int]:
    """The word at a place, or the letters from there on between which points stand ("U.S."), and where it ends."""
    stop = at + 1
    letters = words[at].text
    if len(letters) == 1 and letters.isalpha():
        while (
            stop < len(words)
            and len(words[stop].text) == 1
            and words[stop].text.isalpha()
            and text[words[stop - 1].end : words[stop].start] == "."
        ):
            letters += words[stop].text
            stop += 1
    return letters, stop


def _number(text: str, words: Sequence[Word], at: int) -> tuple[int, tuple[str, str] | None]:
    """The value of the number at a place as plain digits and its measure, and where it ends; None where none stands."""
    word = words[at].text
    match = _DIGITS.fullmatch(word)
    stop = at + 1
    if match:
        whole, tail, fraction = match[1], match[2], ""
        while stop < len(words) and not tail and not fraction:
            between, following = (
                text[words[stop - 1].end : words[stop].start],
                _DIGITS.fullmatch(words[stop].text),
            )
            if not following or between not in (",", ".") or (between == "," and len(following[1]) != 3):
                break
            if between == ",":
                whole += following[1]
            else:
                fraction = following[1]
            tail = following[2]
            stop += 1
        if tail in ("st", "nd", "rd", "th", "s"):
            tail = ""
    elif word in NUMBERS or word in ORDINALS:
        whole, tail, fraction = str(NUMBERS.get(word, ORDINALS.get(word))), "", ""
    else:
        return at, None
    power = 0
    if tail in SCALES:
        power, tail = SCALES[tail], ""
    elif not tail and stop < len(words) and len(words[stop].text) > 1 and words[stop].text in SCALES:
        power = SCALES[words[stop].text]
        stop += 1
    elif not tail and stop < len(words) and words[stop].text == "m" and text[words[stop].start - 1] == "-":
        power, stop = 6, stop + 1
    before = text[words[at].start - 1 : words[at].start]
    measure = before if before in _SIGN else ""
    if before in ("+", "-", "−", "±") and not text[max(words[at].start - 2, 0) : words[at].start - 1].strip():
        measure = before
    after = text[words[stop - 1].end : words[stop - 1].end + 2].strip()[:1]
    if after == "+":
        measure += after
    elif after in MEASURES and after:
        measure = MEASURES[after]
    elif tail in MEASURES:
        measure, tail = MEASURES[tail], ""
    elif stop < len(words) and words[stop].text in MEASURES:
        measure = MEASURES[words[stop].text]
        stop += 1
    return stop, (_plain(whole, fraction, power), measure + tail)


def _plain(whole: str, fraction: str, power: int) -> str:
    """A number in plain digits, without zeros that say nothing."""
    digits = fraction.ljust(power, "0")
    whole, rest = whole + digits[:power], digits[power:].rstrip("0")
    return (whole.lstrip("0") or "0") + ("." + rest if rest else "")


# Longer ones first; what is put in their place.
_DERIVED = (
    ("ational", "at"),
    ("ations", "at"),
    ("ation", "at"),
    ("itions", ""),
    ("encies", "ent"),
    ("ency", "ent"),
    ("ments", ""),
    ("ment", ""),
    ("ance", ""),
    ("ence", ""),
    ("ists", ""),
    ("ist", ""),
    ("ism", ""),
    ("ators", "at"),
    ("ator", "at"),
    ("ers", ""),
    ("er", ""),
    ("ors", ""),
    ("or", ""),
    ("ials", ""),
    ("ial", ""),
    ("ions", ""),
    ("ion", ""),
    ("ives", ""),
    ("ive", ""),
    ("ness", ""),
    ("ship", ""),
    ("ern", ""),
    ("ly", ""),
)
_LEFT = 4


@lru_cache(maxsize=1 << 14)
def core(word: str) -> str:
    """What the forms and derivations of an English word have in common; no word by itself."""
    word = NATIONS.get(word) or ALSO.get(word, word)
    if word in NATIONS or len(word) < 4:
        return word
    base = _without_ending(word)
    base = ALSO.get(base, base)
    for ending, instead in _DERIVED:
        if base.endswith(ending) and len(base) - len(ending) + len(instead) >= _LEFT:
            base = base[: -len(ending)] + instead
            break
    if base.endswith("at") and len(base) > _LEFT + 2:
        base = base[:-2]
    return _ended(base)


def _without_ending(word: str) -> str:
    """A word without the ending of a plural, a past or a present participle."""
    if word.endswith(("ies", "ied")):
        return word[:-3] + "y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("eed"):
            return word[: -len(ending)]
    return word


def _ended(base: str) -> str:
    if len(base) > 3 and base[-1] == base[-2] and base[-1] not in "aeiou":
        base = base[:-1]
    if base.endswith("y"):
        return base[:-1] + "i"
    return base.rstrip("e") if len(base.rstrip("e")) >= 3 else base


@lru_cache(maxsize=1 << 14)
def sound(word: str) -> str:
    """A core without what spellings of one name differ in: vowels after the first letter, doubled letters, c and k."""
    if len(word) < 5 or not word.isalpha():
        return word
    rest = word[1:].replace("ph", "f").replace("ck", "k").replace("z", "s").replace("c", "k")
    letters = [word[0]]
    for letter in rest:
        if letter not in "aeiou" and letter != letters[-1]:
            letters.append(letter)
    return "".join(letters)


def _joined() -> dict[str, str]:
    """For each sound of a word in the groups the least sound of all the groups that hang together by such sounds."""
    least: dict[str, str] = {}

    def of(sounded: str) -> str:
        while least.setdefault(sounded, sounded) != sounded:
            sounded = least[sounded]
        return sounded

    for group in SYNONYMS:
        for word in group:
            one, other = sorted((of(sound(core(group[0]))), of(sound(core(word)))))
            least[other] = one
    return {sounded: of(sounded) for sounded in least}


_JOINED = _joined()
_COMMON = frozenset(_JOINED.values())


def _grouped() -> dict[str, frozenset[int]]:
    """For each core of a word in the groups the numbers of these."""
    found: dict[str, frozenset[int]] = {}
    for number, group in enumerate(SYNONYMS):
        for word in group:
            found[core(word)] = found.get(core(word), frozenset()) | {number}
    return found


_GROUPS = _grouped()
_NONE: frozenset[int] = frozenset()


def key_of(term: Term) -> str:
    """A key that terms have in common if they can stand for one another; others may have it too."""
    if term.kind == "number":
        return term.core
    sounded = sound(term.core)
    return _JOINED.get(sounded, sounded)


def common(key: str) -> bool:
    """Whether many words share a key."""
    return key in _COMMON


def kinship(one: Term, other: Term) -> int:
    """How near two terms are: 3 the same, 2 another spelling of it, 1 used for one another, 0 other things."""
    if (one.kind == "number") != (other.kind == "number"):
        return 0
    if one.core == other.core:
        return 3
    if one.kind == "number":
        return 0
    if sound(one.core) == sound(other.core) and _one_letter(one.core, other.core):
        return 2
    return int(not _GROUPS.get(one.core, _NONE).isdisjoint(_GROUPS.get(other.core, _NONE)))


def _one_letter(one: str, other: str) -> bool:
    """Whether two cores of five letters or more differ in one letter that is not the last."""
    return (
        min(len(one), len(other)) >= 5
        and one[-1] == other[-1]
        and Levenshtein.distance(one, other, score_cutoff=1) <= 1
    )
