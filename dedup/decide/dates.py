"""The words of a text that say when: months, weekdays, days near today, spans of time, and which of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dedup.decide.difference import words_in
from dedup.decide.lexicon import DAY_PARTS, NEARNESS, ONLY_CAPITALISED, SHORT_SPANS, SPANS
from dedup.decide.lexicon_languages import Lexicon


def date_words(text: str, at: Iterable[int], lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    """Those of the words with these numbers that say when, with what they stand for; in any form of it the same."""
    words = words_in(text)
    for number in at:
        word = words[number]
        if word.text in NEARNESS:
            following = number + 1
            if following < len(words) and (
                _is_year(words[following].text) or _named(text, following, lexicon)
            ):
                yield number, word.text
        elif meaning := _named(text, number, lexicon):
            yield number, meaning


def _named(text: str, number: int, lexicon: Lexicon) -> str | None:
    """The month, day or span of time that a word names; None where it names none."""
    words = words_in(text)
    word = words[number]
    name = word.text
    unsure = name in ONLY_CAPITALISED or name in lexicon.short or name in SHORT_SPANS
    if unsure and not text[word.start].isupper() and not _beside_digits(text, number):
        return None
    for meanings in (lexicon.months, lexicon.weekdays, lexicon.days, lexicon.spans, SPANS, DAY_PARTS):
        if name in meanings:
            return meanings[name]
    # "today's", and Mondays are every Monday.
    single = name.removesuffix("s")
    return (
        lexicon.weekdays.get(single) or lexicon.days.get(single) or DAY_PARTS.get(single)
        if len(name) > 5
        else None
    )


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit()


def _beside_digits(text: str, number: int) -> bool:
    words = words_in(text)
    around = (number - 1, number + 1)
    return any(0 <= other < len(words) and words[other].text[0].isdigit() for other in around)
