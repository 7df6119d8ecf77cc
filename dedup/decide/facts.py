"""The facts in which two texts differ, each with the name of the guard that it trips.

What is the same in another form is no difference: 12 and twelve, 5 % and five per cent, "do not" and "don't".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from dedup.decide.dates import date_words
from dedup.decide.difference import Change, accented, changes, together, words_in
from dedup.decide.lexicon import (
    BOUNDS,
    FUNCTION_WORDS,
    IDIOMS,
    MEASURES,
    MONEY,
    NEGATING_PREFIXES,
    NEGATIONS,
    OPPOSITES,
    PLAIN_NEGATIONS,
    SOFT,
    WAYS,
)
from dedup.decide.lexicon_languages import Lexicon, languages_of, lexicon_of, quoted
from dedup.decide.quantities import Quantity, quantities
from dedup.decide.variants import ARTICLES
from dedup.decide.written import (
    code_in,
    in_markup,
    is_identifier,
    is_name,
    is_title_case,
    plain,
    symbols_in,
    without_tags,
)
from dedup.words import SEPARATOR, Word, analyse, folded_words

_JOINED = re.compile(r"['’ʼ＇](s|ve|ll|d|re)$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_NEAR = 3
"""So many words before and after a change tell the language that it is in."""


@dataclass(frozen=True, slots=True)
class Trip:
    """A guard that a difference trips, and what stands on either side; one side may be empty."""

    guard: str
    one: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def exact_trips(one: str, other: str, same_links: bool) -> list[str]:
    """The guards for two texts of the same words; none where their signs differ in form alone."""
    tripped = [trip.guard for trip in trips(one, other, same_links, ())]
    looks = plain(one), plain(other)
    if not tripped and looks[0] != looks[1]:
        facts = analyse(SEPARATOR.join(looks), 2).facts
        return ["identifier"] if facts[0] != facts[1] else []
    return tripped


def trips(one: str, other: str, same_links: bool, found: Sequence[Change] | None = None) -> Iterator[Trip]:
    """All that the difference of two texts trips, in the order in which the guards are asked."""
    if "<" in one + other:
        one, other, found = without_tags(one), without_tags(other), None
    other, found = _alike(one, other, changes(one, other) if found is None else found)
    pair = _Pair(one, other, found)
    if not same_links:
        yield Trip("link" if code_in(one) == code_in(other) else "identifier")
    amounts = list(pair.quantities())
    yield from pair.dates()
    for guard in ("date", "version", "percent", "currency", "unit", "number"):
        yield from (trip for trip in amounts if trip.guard == guard)
    yield from pair.units()
    yield from pair.bounds()
    yield from pair.unspaced()
    yield from pair.negations()
    yield from pair.opposites()
    for change in accented(one, other, found):
        yield Trip(
            "accent",
            *(
                tuple(text[w.start : w.end] for w in words)
                for words, text in ((change.one, one), (change.other, other))
            ),
        )
    yield from pair.identifiers()
    yield from pair.names()


def is_named(change: Change, one: str, other: str) -> bool:
    """Whether all words of a change are names, identifiers or code: another thing is meant, and the same said of it."""
    shouted = is_title_case(one) or is_title_case(other)
    return all(
        word.text in ARTICLES or is_identifier(word, text) or is_name(word, text, shouted)
        for words, text in ((change.one, one), (change.other, other))
        for word in words
    )


class _Side:
    """One of the two texts: its words, and which of them are no part of the other."""

    def __init__(self, text: str, languages: tuple[str, ...], changed: set[int]) -> None:
        self.text = text
        self.words = words_in(text)
        self.idioms = _in_idioms(self.words, changed)
        self.quantities = quantities(text, languages)
        # Whether these say something else is for the guards of numbers.
        self.counted = {number for each in self.quantities for number in range(each.first, each.stop)}

    def said(self, first: int, count: int) -> list[int]:
        """The numbers of so many words from the first on, without those of idioms."""
        return [number for number in range(first, first + count) if number not in self.idioms]

    def bounds(self, numbers: Iterable[int], known: frozenset[str]) -> list[int]:
        """Those of some words that are known ones and stand before a number."""
        return [
            number
            for number in numbers
            if self.words[number].text in known and not self.counted.isdisjoint(range(number + 1, number + 4))
        ]

    def base(self, number: int) -> str:
        """A word without what an apostrophe joins to it: nobody's, could've."""
        word = self.words[number]
        match = (
            _JOINED.search(self.text, word.start, word.end)
            if word.end - word.start > len(word.text)
            else None
        )
        return word.text.removesuffix(match[1].casefold()) if match else word.text

    def shown(self, numbers: Iterable[int]) -> tuple[str, ...]:
        """Words as they stand in the text."""
        return tuple(self.text[self.words[n].start : self.words[n].end] for n in numbers)


class _Pair:
    def __init__(self, one: str, other: str, found: Sequence[Change]) -> None:
        self._found = together(found)
        languages = languages_of(one, other)
        around = {_around(each.one_at, len(each.one), one) for each in self._found}
        around |= {_around(each.other_at, len(each.other), other) for each in self._found}
        # A sentence of another language may be quoted.
        languages += tuple(sorted({each for words in around for each in quoted(words, languages)}))
        self._lexicon: Lexicon = lexicon_of(languages)
        ours = {n for each in self._found for n in range(each.one_at, each.one_at + len(each.one))}
        theirs = {n for each in self._found for n in range(each.other_at, each.other_at + len(each.other))}
        self._one = _Side(one, languages, ours)
        self._other = _Side(other, languages, theirs)

    def _places(self) -> Iterator[tuple[list[int], list[int]]]:
        """The words of each change, without those of idioms."""
        for change in self._found:
            yield (
                self._one.said(change.one_at, len(change.one)),
                self._other.said(change.other_at, len(change.other)),
            )

    def _texts(self, ours: list[int], theirs: list[int]) -> tuple[list[str], list[str]]:
        return [self._one.base(n) for n in ours], [self._other.base(n) for n in theirs]

    def quantities(self) -> Iterator[Trip]:
        """Numbers of the whole texts, one by one; a number that an idiom has is none."""
        ours, theirs = (
            [each for each in side.quantities if each.first not in side.idioms]
            for side in (self._one, self._other)
        )
        codes = Levenshtein.opcodes(
            [(each.value, each.unit) for each in ours], [(each.value, each.unit) for each in theirs]
        )
        for code in codes:
            gone, come = ours[code.src_start : code.src_end], theirs[code.dest_start : code.dest_end]
            soft = all(each.value in SOFT.values() for each in (*gone, *come))
            if code.tag == "equal" or (soft and not (gone and come)):
                continue
            guards = {each.guard for each in (*gone, *come)}
            if [each.value for each in gone] == [each.value for each in come]:
                guards = guards - {"number"} or {"unit"}
            shown = (self._one.shown(_spread(gone)), self._other.shown(_spread(come)))
            yield from (Trip(guard, *shown) for guard in sorted(guards))

    def dates(self) -> Iterator[Trip]:
        """Words that say when."""
        for ours, theirs in self._places():
            one = list(date_words(self._one.text, ours, self._lexicon))
            other = list(date_words(self._other.text, theirs, self._lexicon))
            said, instead = [meaning for _, meaning in one], [meaning for _, meaning in other]
            # "this week" is a week and the week, but not the last.
            if [each for each in said if each != "this"] != [each for each in instead if each != "this"]:
                yield Trip("date", self._one.shown(n for n, _ in one), self._other.shown(n for n, _ in other))

    def units(self) -> Iterator[Trip]:
        """A unit or a currency for another, also where no number stands before."""
        for ours, theirs in self._places():
            one, other = (
                [m for word in words if (m := self._unit(word))] for words in self._texts(ours, theirs)
            )
            if one and other and one != other:
                guard = "currency" if {*one, *other} & {*self._lexicon.currencies.values()} else "unit"
                yield Trip(guard, tuple(one), tuple(other))

    def _unit(self, word: str) -> str:
        if len(word) < 3:
            return ""
        lexicon = self._lexicon
        return (
            MEASURES.get(word)
            or MONEY.get(word)
            or lexicon.units.get(word)
            or lexicon.currencies.get(word, "")
        )

    def bounds(self) -> Iterator[Trip]:
        """A word that says how the number after it is meant."""
        for ours, theirs in self._places():
            one, other = self._texts(ours, theirs)
            if (
                WAYS.intersection(one) != WAYS.intersection(other)
                and WAYS.intersection(one)
                and WAYS.intersection(other)
            ):
                known = WAYS
            else:
                known = BOUNDS
            bound = [n for n in ours if self._one.words[n].text in known and self._counts(self._one, n)]
            other_bound = [
                n for n in theirs if self._other.words[n].text in known and self._counts(self._other, n)
            ]
            if bound or other_bound:
                yield Trip("number", self._one.shown(bound), self._other.shown(other_bound))

    def _counts(self, side: _Side, number: int) -> bool:
        return any(n in side.counted for n in range(number + 1, number + 4))

    def unspaced(self) -> Iterator[Trip]:
        """Numbers, dates and negations of languages written without spaces."""
        for meanings in self._lexicon.unspaced:
            ours, theirs = (_searched(side.text, frozenset(meanings)) for side in (self._one, self._other))
            for guard in ("date", "number", "negation"):
                one, other = ([word for word in words if meanings[word] == guard] for words in (ours, theirs))
                if one != other:
                    yield Trip(guard, tuple(one), tuple(other))

    def negations(self) -> Iterator[Trip]:
        """Words that negate, put in, taken out or changed, and prefixes that do."""
        negating = self._lexicon.negations
        for ours, theirs in self._places():
            one, other = self._texts(ours, theirs)
            if (one, other) in ((["or", "not"], []), ([], ["or", "not"])) and self._is_whether(ours, theirs):
                continue
            gone, come = ([w for w in words if w in NEGATIONS or w in negating] for words in (one, other))
            if sorted(map(_plain_negation, gone)) != sorted(map(_plain_negation, come)):
                yield Trip("negation", tuple(gone), tuple(come))
            for a in one:
                for b in other:
                    if _is_negated(a, b) or _is_negated(b, a):
                        yield Trip("negation", (a,), (b,))

    def _is_whether(self, ours: list[int], theirs: list[int]) -> bool:
        """Whether what was put in or taken out follows a "whether"."""
        side, first = (self._one, ours[0]) if ours else (self._other, theirs[0])
        return any(word.text == "whether" for word in side.words[max(first - 8, 0) : first])

    def opposites(self) -> Iterator[Trip]:
        """A word for its opposite."""
        for ours, theirs in self._places():
            one, other = self._texts(ours, theirs)
            for a in one:
                for b in other:
                    if frozenset((a, b)) in OPPOSITES:
                        yield Trip("opposite", (a,), (b,))

    def identifiers(self) -> Iterator[Trip]:
        """Code, symbols, and words that are written as only identifiers are."""
        one, other = self._one.text, self._other.text
        if code_in(one) != code_in(other):
            yield Trip("identifier", code_in(one), code_in(other))
        if symbols_in(one) != symbols_in(other):
            yield Trip("identifier", symbols_in(one), symbols_in(other))
        for side, numbers in self._named():
            if named := [n for n in numbers if self._is_identifier(side.words[n], side.text)]:
                yield Trip(
                    "identifier", *((side.shown(named), ()) if side is self._one else ((), side.shown(named)))
                )

    def _named(self) -> Iterator[tuple[_Side, list[int]]]:
        """The changed words of both texts that no guard before has judged."""
        for ours, theirs in self._places():
            for side, numbers in ((self._one, ours), (self._other, theirs)):
                dated = {n for n, _ in date_words(side.text, numbers, self._lexicon)}
                yield side, [n for n in numbers if n not in side.counted and n not in dated]

    def _is_identifier(self, word: Word, text: str) -> bool:
        if word.text in FUNCTION_WORDS and not code_in(text):
            # A point without a space after it ("sold.The") makes none, nor does "him/her".
            return in_markup(word, text)
        return is_identifier(word, text)

    def names(self) -> Iterator[Trip]:
        """Words with a capital, and places however they are written."""
        shouted = is_title_case(self._one.text) or is_title_case(self._other.text)
        for side, numbers in self._named():
            if named := [n for n in numbers if is_name(side.words[n], side.text, shouted, self._lexicon)]:
                yield Trip(
                    "name", *((side.shown(named), ()) if side is self._one else ((), side.shown(named)))
                )


def _around(first: int, count: int, text: str) -> tuple[str, ...]:
    """A change with the few words before and after it."""
    return tuple(word.text for word in words_in(text)[max(first - _NEAR, 0) : first + count + _NEAR])


def _spread(found: Iterable[Quantity]) -> list[int]:
    return [number for each in found for number in range(each.first, each.stop)]


def _alike(one: str, other: str, found: Sequence[Change]) -> tuple[str, Sequence[Change]]:
    """The other text spelled as the one where only hyphens or points differ, and what differs then."""
    parts, position = [], 0
    for change in together(found):
        if change.one and change.other and _is_respelled(change, one, other):
            parts += [other[position : change.other[0].start], one[change.one[0].start : change.one[-1].end]]
            position = change.other[-1].end
    if not position:
        return other, found
    other = "".join((*parts, other[position:]))
    return other, changes(one, other)


def _is_respelled(change: Change, one: str, other: str) -> bool:
    """Whether the letters are the same and no space parts them: "set-up", "setup"; not "no table", "notable"."""
    sides = ((change.one, one), (change.other, other))
    letters, numbers = zip(
        *(
            ("".join(w.text for w in words), _DIGITS.findall(" ".join(w.text for w in words)))
            for words, _ in sides
        ),
        strict=True,
    )
    spaced = any(
        text[before.end : after.start].isspace() for words, text in sides for before, after in pairwise(words)
    )
    return letters[0] == letters[1] and numbers[0] == numbers[1] and not spaced


def _in_idioms(words: Sequence[Word], changed: set[int]) -> set[int]:
    """The words of idioms that as a whole were put in or taken out."""
    found: set[int] = set()
    for number in changed:
        for idiom in IDIOMS:
            numbers = range(number, number + len(idiom))
            if changed.issuperset(numbers) and tuple(words[n].text for n in numbers) == idiom:
                found.update(numbers)
    return found


def _searched(text: str, phrases: frozenset[str]) -> list[str]:
    return _pattern(phrases).findall("".join(folded_words(text)))


@lru_cache(maxsize=8)
def _pattern(phrases: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(phrases, key=lambda phrase: (-len(phrase), phrase)))))


def _plain_negation(word: str) -> str:
    return "not" if word in PLAIN_NEGATIONS else word


def _is_negated(word: str, root: str) -> bool:
    if len(root) < 3 or len(word) <= len(root):
        return word.endswith("less") and root.endswith("ful") and word[:-4] == root[:-3]
    return (
        any(word == prefix + root for prefix in NEGATING_PREFIXES)
        or word == root + "less"
        or (word.endswith("less") and root.endswith("ful") and word[:-4] == root[:-3])
    )
