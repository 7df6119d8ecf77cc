"""Guards: what kind of fact the difference between two near-duplicates touches, if it touches one.

Each guard has a name that reports show: `link`, `date`, `number`, `negation`, `identifier`, `name`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from dedup.decide.difference import Change, changes, words_in
from dedup.decide.lexicon import (
    ARTICLES,
    BOUNDS,
    DAYS,
    FUNCTION_WORDS,
    MONTHS,
    NEGATING_PREFIXES,
    NEGATIONS,
    NUMBERS,
    ONLY_CAPITALISED,
    OPPOSITES,
    PLAIN_NEGATIONS,
    SOLO_NEGATIONS,
    SPANS,
    UNITS,
)
from dedup.words import Word

_NUMBER = re.compile(
    r"[$€£¥₹]?\s?(?:(?<![\w])[+\-−–~≈])?\d+(?:[.,:/\-–]\d+)*\s?(?:%|‰|°\s?[CFK]?\b|[$€£¥₹]|(?<=\d)[a-zA-Z]{1,3}\b)?"
)
_GROUPED = re.compile(r"(?<=\d)[,  ](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$?\{[^{}\s]+\}|\[\[.*?\]\]|\]\[[^\]]*\]|:[a-z_]+:", re.DOTALL)
_SYMBOL_WORD = re.compile(r"\S*[<>=≠≤≥±×÷#@&%°$€£¥₹+]\S*")
_CODE = re.compile(r"`([^`]+)`")
_IDENTIFIER = re.compile(
    r"`|\w_\w|[a-z][A-Z]|\w::\w|\w/\w|@\w|\w\.\w|^--?\w|\w\(\)|#\w|\\\w|^\w*\d\w*[A-Za-z]\w*$"
)


def fact_changed(one: str, other: str, same_links: bool, found: Sequence[Change] | None = None) -> str | None:
    """The name of the guard that the difference of two texts trips, or None where no fact is touched."""
    if not same_links:
        return "identifier" if _code(one) != _code(other) else "link"
    found = changes(one, other) if found is None else found
    if any(_is_date(change, one, other) for change in found):
        return "date"
    if _numbers(one) != _numbers(other) or any(
        _number_words_differ(change) or _measures(change, one, other) for change in found
    ):
        return "number"
    if any(_negates(change, one, other) for change in found):
        return "negation"
    if _code(one) != _code(other) or _symbols(one) != _symbols(other):
        return "identifier"
    for change in found:
        for words, text in ((change.one, one), (change.other, other)):
            if any(_IDENTIFIER.search(_whole(word, text)) or _in_markup(word, text) for word in words):
                return "identifier"
    shouted = _is_title_case(one) or _is_title_case(other)
    for change in found:
        for words, text in ((change.one, one), (change.other, other)):
            if any(_is_name(word, text, shouted) for word in words):
                return "name"
    return None


def is_named(change: Change, one: str, other: str) -> bool:
    """Whether all words of a change are names, identifiers or code: another thing is meant, and the same said of it."""
    shouted = _is_title_case(one) or _is_title_case(other)
    return all(
        word.text in ARTICLES
        or _IDENTIFIER.search(_whole(word, text))
        or _in_markup(word, text)
        or _is_name(word, text, shouted)
        for words, text in ((change.one, one), (change.other, other))
        for word in words
    )


def _numbers(text: str) -> list[str]:
    """The numbers of a text with sign, currency and unit, without the marks that group thousands."""
    return [_GROUPED.sub("", re.sub(r"\s", "", number)) for number in _NUMBER.findall(text)]


def _symbols(text: str) -> list[str]:
    """The symbols that stand in a text, in order, where words do not show them (`C++` and `C`)."""
    return [
        "".join(c for c in word if not c.isalnum() and c not in "`*_~\"'“”‘’.,;:!?()[]{}")
        for word in _SYMBOL_WORD.findall(text)
    ]


def _code(text: str) -> list[str]:
    return [" ".join(code.split()) for code in _CODE.findall(text)]


def _has_digit(words: Sequence[Word]) -> bool:
    return any(any(c.isdigit() for c in word.text) for word in words)


def _is_date(change: Change, one: str, other: str) -> bool:
    for words, text, at in ((change.one, one, change.one_at), (change.other, other, change.other_at)):
        for word in words:
            raw = text[word.start : word.end]
            named = word.text in MONTHS or word.text in DAYS
            if (named and (word.text not in ONLY_CAPITALISED or raw[:1].isupper())) or word.text in SPANS:
                return True
            if word.text.isdigit() and (
                _YEAR.fullmatch(word.text) or _beside_month(text, at, at + len(words))
            ):
                return True
    return False


def _beside_month(text: str, first: int, stop: int) -> bool:
    around = words_in(text)[max(first - 2, 0) : stop + 2]
    return any(
        word.text in MONTHS and (word.text not in ONLY_CAPITALISED or text[word.start].isupper())
        for word in around
    )


def _number_words_differ(change: Change) -> bool:
    def values(words: Sequence[Word]) -> list[str]:
        return [NUMBERS.get(w.text, w.text) for w in words if w.text in NUMBERS or _has_digit((w,))]

    return values(change.one) != values(change.other)


def _measures(change: Change, one: str, other: str) -> bool:
    """Whether a unit differs, or a word that says how the number after it is meant."""
    for words, text, at in ((change.one, one, change.one_at), (change.other, other, change.other_at)):
        after = words_in(text)[at + len(words) : at + len(words) + 3]
        counted = _has_digit((*words, *after)) or any(word.text in NUMBERS for word in (*words, *after))
        if any(word.text in UNITS or (counted and word.text in BOUNDS) for word in words):
            return True
    return False


def _in_markup(word: Word, text: str) -> bool:
    """Whether a word stands in a template call, a variable or a reference."""
    return any(match.start() < word.start and word.end < match.end() for match in _MARKUP.finditer(text))


def _negates(change: Change, one: str, other: str) -> bool:
    ours = [word.text for word in change.one]
    theirs = [word.text for word in change.other]
    if _negations(ours) != _negations(theirs) and not _is_or_not(change, one, other):
        return True
    if any(frozenset((a, b)) in OPPOSITES for a in ours for b in theirs):
        return True
    return any(_is_negated(a, b) or _is_negated(b, a) for a in ours for b in theirs)


def _negations(words: Sequence[str]) -> list[str]:
    """The negations among words, those that differ in form alone as one."""
    found = (word for word in words if word in NEGATIONS or word in SOLO_NEGATIONS)
    return sorted("not" if word in PLAIN_NEGATIONS else word for word in found)


def _is_or_not(change: Change, one: str, other: str) -> bool:
    """Whether the change only adds "or not" to a "whether"."""
    for words, bare, text, at in (
        (change.one, change.other, one, change.one_at),
        (change.other, change.one, other, change.other_at),
    ):
        if not bare and [word.text for word in words] == ["or", "not"]:
            return any(word.text == "whether" for word in words_in(text)[max(at - 8, 0) : at])
    return False


def _is_negated(word: str, root: str) -> bool:
    return len(root) > 3 and any(word == prefix + root for prefix in NEGATING_PREFIXES)


def _whole(word: Word, text: str) -> str:
    """The word with all that stands against it without white space."""
    start, end = word.start, word.end
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return text[start:end].strip("\"'“”‘’«»()[]{}*_~.,;:!?…")


def _is_title_case(text: str) -> bool:
    """Whether capitals say nothing, since nearly every word that could be without one has one."""
    words = [w for w in words_in(text) if w.text not in FUNCTION_WORDS and text[w.start].isalpha()]
    capitals = sum(text[word.start].isupper() for word in words)
    return len(words) > 2 and capitals >= 0.8 * len(words)


def _is_name(word: Word, text: str, shouted: bool) -> bool:
    raw = text[word.start : word.end]
    if not any(c.isalpha() for c in raw) or word.text in FUNCTION_WORDS:
        return False
    if not any(unicodedata.category(c) in ("Lu", "Ll", "Lt") for c in raw):
        # A script without capitals does not show its names.
        return True
    if shouted:
        return True
    if raw[0].isupper():
        return True
    return any(c.isupper() for c in raw[1:])


def explain_exact(one: str, other: str, same_links: bool) -> str:
    """The guard for two blocks of the same words whose links, signs or units differ."""
    return fact_changed(one, other, same_links, ()) or "identifier"
