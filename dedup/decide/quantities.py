"""The numbers in a text, in digits and in words: what they count, measure, date or version, and in which unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dedup.decide.difference import words_in
from dedup.decide.lexicon import (
    CURRENCY_SIGNS,
    MEASURES,
    MONEY,
    ONLY_CAPITALISED,
    PARTS,
    PERCENT,
    QUANTIFIERS,
    SCALES,
    SOFT,
    VERSIONS,
)
from dedup.decide.lexicon_languages import Lexicon, lexicon_of
from dedup.words import Word

_FORM = re.compile(r"([^\W\d]*)(\d+)([^\W\d]*)")
_SIGN_AFTER = re.compile(r"\s?([%‰]|[$€£¥₹₽₩¢₺₪฿₫₴](?!\s?\d))")
_DEGREES = re.compile(r"\s?°")
_DASHES = frozenset("-‐‑‒–−")
_SIGNS = _DASHES | frozenset("+±~≈<>≤≥")
_BETWEEN = "the a an of and to in that".split()
_ORDINAL = ("st", "nd", "rd", "th")
_LARGE = {"m": 10**6, "k": 10**3, "b": 10**9, "bn": 10**9, "tn": 10**12}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: `value` and `unit` are equal where the same is meant, in digits or in words.

    guard: what a reader would say has changed with it: `number`, `percent`, `currency`, `date` or `version`.
    first, stop: the words that it is written in, by their numbers in the text.
    """

    value: str
    unit: str
    guard: str
    first: int
    stop: int


@lru_cache(maxsize=1 << 12)
def quantities(text: str, languages: tuple[str, ...]) -> tuple[Quantity, ...]:
    """The numbers of a text in the order in which they stand there, for a text in these languages."""
    return tuple(_Reader(text, lexicon_of(languages)).read())


class _Reader:
    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text = text
        self._words: Sequence[Word] = words_in(text)
        self._lexicon = lexicon
        self._found: list[Quantity] = []

    def read(self) -> list[Quantity]:
        at = 0
        while at < len(self._words):
            word = self._words[at].text
            if any(map(str.isdigit, word)):
                at = self._digits(at)
            elif (
                word in self._lexicon.numbers
                or word in self._lexicon.ordinals
                or word in PARTS
                or (word in SCALES and len(word) > 2)
            ):
                at = self._spelled(at)
            elif word in QUANTIFIERS or word in SOFT:
                self._add(QUANTIFIERS.get(word) or SOFT[word], "", "number", at, at + 1)
                at += 1
            elif word.endswith("s") and (number := self._lexicon.numbers.get(word[:-1])):
                # "the twenties", "one's"
                self._add(f"{number}s", "", "number", at, at + 1)
                at += 1
            elif word == "to" and self._in_range(at):
                self._add("to", "", "number", at, at + 1)
                at += 1
            else:
                at += 1
        return self._found

    def _add(self, value: str, unit: str, guard: str, first: int, stop: int) -> None:
        self._found.append(Quantity(value, unit, guard, first, stop))

    def _gap(self, at: int) -> str:
        """What stands between a word and the one before, in its plain form."""
        gap = self._text[self._words[at - 1].end : self._words[at].start]
        return gap if gap.isspace() else unicodedata.normalize("NFKC", gap)

    def _is_close(self, at: int) -> bool:
        """Whether nothing but white space or a hyphen stands before a word."""
        gap = self._gap(at).strip(" \t\r\n\u00a0\u202f\u2009*_")
        return not gap or gap in _DASHES

    def _in_range(self, at: int) -> bool:
        """Whether a "to" stands between two numbers."""
        if not self._found or self._found[-1].stop != at or at + 1 >= len(self._words):
            return False
        word = self._words[at + 1].text
        return word[0].isdigit() or word in self._lexicon.numbers

    # --- In digits ----------------------------------------------------------------------------------------

    def _digits(self, at: int) -> int:
        words, text = self._words, self._text
        start, stop = words[at].start, at + 1
        if any(unicodedata.category(c) == "No" for c in text[start : words[at].end]):
            # Of ½ and 10² folding leaves digits alone, which would be other numbers.
            while stop < len(words) and words[stop].start < words[stop - 1].end:
                stop += 1
            return self._finish(_literal(text[start : words[stop - 1].end]), "", at, stop, "number")
        form = _FORM.fullmatch(words[at].text)
        if form is None:
            self._add(words[at].text, "", "number", at, stop)
            return stop
        prefix, digits, suffix = form.groups()
        parts, separators = [digits], ""
        while not suffix and stop < len(words):
            following, gap = _FORM.fullmatch(words[stop].text), self._gap(stop)
            if following is None or following[1]:
                break
            if gap in _DASHES or gap == "⁄":
                gap = "/" if gap == "⁄" else "-"
            elif (
                gap.isspace()
                and len(parts[-1]) <= 3
                and len(following[2]) == 3
                and not set(separators) - {" "}
            ):
                gap = " "
            elif gap not in (".", ",", ":", "/", "٫", "٬") or (gap == "," and len(following[2]) != 3):
                break
            parts.append(following[2])
            separators += gap
            suffix = following[3]
            stop += 1
        guard = "version" if prefix == "v" or (at and words[at - 1].text in VERSIONS) else "number"
        return self._value(parts, separators, suffix, at, stop, guard)

    def _value(
        self, parts: Sequence[str], separators: str, suffix: str, at: int, stop: int, guard: str
    ) -> int:
        whole = "".join(a + b for a, b in zip(parts, (*separators, ""), strict=True))
        dashes = separators.count("-")
        if (
            ":" in separators
            or separators == "//"
            or (dashes == 2 and len(parts[0]) == 4)
            or (separators == ".." and len(parts[2]) == 4)
        ):
            guard = "date"
        elif separators.count(".") > 1:
            guard = "version"
        elif dashes == 1 and not suffix.isdigit():
            # A range: two numbers, of which the second has what stands behind.
            cut = separators.index("-")
            left = _plain(parts[: cut + 1], separators[:cut])
            self._add(
                self._sign(at) + left, self._unit_before(at), self._kind(left, at, guard), at, at + cut + 1
            )
            self._add("to", "", "number", at + cut, at + cut + 1)
            right = _plain(parts[cut + 1 :], separators[cut + 1 :])
            return self._finish(right, suffix, at + cut + 1, stop, guard)
        elif not dashes:
            whole = _plain(parts, separators)
        return self._finish(whole, suffix, at, stop, guard)

    def _finish(self, value: str, suffix: str, at: int, stop: int, guard: str) -> int:
        """Adds a number with what stands around it, and gives the word after it."""
        unit = self._unit_before(at)
        money = bool(unit)
        if suffix in _ORDINAL:
            value += "th"
        elif suffix == "s":
            value, guard = value + "s", "date" if guard == "number" else guard
        elif suffix in _LARGE and (money or len(suffix) == 2):
            value = _times(value, _LARGE[suffix])
        elif suffix in ("am", "pm"):
            value, unit, guard = value.replace(".", ":"), suffix, "date"
        elif suffix:
            unit = self._meaning(suffix) or suffix
            money = money or suffix in self._lexicon.currencies
        if not suffix:
            value, stop = self._scaled(value, stop)
        kind = self._kind(value, at, guard) if not unit else guard
        if not suffix and not unit:
            unit, stop, money = self._unit_after(stop)
        if unit in ("am", "pm"):
            value, kind = value.replace(".", ":"), "date"
        if unit == "%":
            kind = "percent"
        elif money and kind in ("number", "date"):
            kind = "currency"
        elif unit and kind == "date" and unit not in ("am", "pm"):
            kind = "number"
        self._add(self._sign(at) + value, unit, kind, at, stop)
        return stop

    def _kind(self, value: str, at: int, guard: str) -> str:
        """`date` where a number is a year or stands beside a month."""
        if guard != "number":
            return guard
        digits = value.removesuffix("th")
        word = self._words[at]
        is_year = (
            len(value) == 4 and "1500" <= value < "2100" and word.end - word.start == 4 == len(word.text)
        )
        return "date" if is_year or (len(digits) <= 4 and self._beside_month(at)) else guard

    def _beside_month(self, at: int) -> bool:
        around = range(max(at - 2, 0), min(at + 3, len(self._words)))
        return any(self._is_month(other) for other in around if other != at)

    def _is_month(self, at: int) -> bool:
        word = self._words[at]
        unsure = word.text in ONLY_CAPITALISED or word.text in self._lexicon.short
        return word.text in self._lexicon.months and (not unsure or self._text[word.start].isupper())

    def _sign(self, at: int) -> str:
        start = self._words[at].start
        if start and self._text[start - 1] in CURRENCY_SIGNS:
            start -= 1
        sign, before = (
            self._text[max(start - 1, 0) : start],
            self._text[max(start - 2, 0) : max(start - 1, 0)],
        )
        sign = unicodedata.normalize("NFKC", sign)
        if sign not in _SIGNS or not sign or before.isalnum() or before in _DASHES:
            return ""
        return "-" if sign in _DASHES else sign

    def _unit_before(self, at: int) -> str:
        before = self._text[max(self._words[at].start - 2, 0) : self._words[at].start].rstrip()[-1:]
        return CURRENCY_SIGNS.get(unicodedata.normalize("NFKC", before), "")

    def _unit_after(self, at: int) -> tuple[str, int, bool]:
        """The unit after a number, the word after that, and whether it is a currency."""
        rest = self._text[self._words[at - 1].end : self._words[at - 1].end + 4]
        rest = unicodedata.normalize("NFKC", rest)
        if match := _SIGN_AFTER.match(rest):
            return CURRENCY_SIGNS.get(match[1], match[1]), at, match[1] in CURRENCY_SIGNS
        if _DEGREES.match(rest):
            word = self._word(at)
            named = {"c": "celsius", "f": "fahrenheit", "k": "kelvin"}.get(word)
            return (named, at + 1, False) if named else ("degree", at, False)
        # What a point or a comma more or less parts is one all the same, but for the shortest words.
        first = at + 1 if self._word(at) in _BETWEEN else at
        for phrase in PERCENT:
            if tuple(self._word(first + n) for n in range(len(phrase))) == phrase:
                return "%", first + len(phrase), False
        word = self._word(first)
        if self._word(at) in ("a", "p") and self._word(at + 1) == "m" and self._gap(at + 1) in (".", ". "):
            return self._word(at) + "m", at + 2, False
        if word in ("am", "pm") and first == at:
            return word, at + 1, False
        if len(word) < 3 and (first > at or not word or not self._is_close(at)):
            return "", at, False
        if word in self._lexicon.currencies or word in MONEY:
            return self._meaning(word), first + 1, True
        unit = self._meaning(word)
        following = {"celsius": "celsius", "c": "celsius", "fahrenheit": "fahrenheit", "f": "fahrenheit"}
        if unit == "degree" and self._word(first + 1) in following:
            return following[self._word(first + 1)], first + 2, False
        return (unit, first + 1, False) if unit else ("", at, False)

    def _word(self, at: int) -> str:
        return self._words[at].text if at < len(self._words) else ""

    def _meaning(self, word: str) -> str:
        lexicon = self._lexicon
        return (
            MEASURES.get(word)
            or MONEY.get(word)
            or lexicon.units.get(word)
            or lexicon.currencies.get(word, "")
        )

    # --- In words -----------------------------------------------------------------------------------------

    def _scale(self, at: int) -> int:
        """What the number before a word is multiplied with by it; 0 where it is no such word."""
        if at >= len(self._words) or not self._is_close(at):
            return 0
        word = self._words[at].text
        value = int(self._lexicon.numbers.get(word, 0))
        return SCALES.get(word) or (value if value in (100, 1000, 10**6, 10**9, 10**12) else 0)

    def _scaled(self, value: str, stop: int) -> tuple[str, int]:
        while (scale := self._scale(stop)) and re.fullmatch(r"\d+(\.\d+)?", value):
            value, stop = _times(value, scale), stop + 1
        return value, stop

    def _spelled(self, at: int) -> int:
        """Adds a number in words: "two hundred and five", "twenty-first", "two thirds"."""
        words, lexicon = self._words, self._lexicon
        total, current, stop = 0, -1, at
        while stop < len(words) and (stop == at or self._is_close(stop)):
            word = words[stop].text
            scale, value = self._scale(stop) if stop > at else SCALES.get(word, 0), lexicon.numbers.get(word)
            if value and int(value) >= 100 and not scale:
                scale = int(value) if int(value) in (100, 1000, 10**6, 10**9, 10**12) else 0
            if scale and scale <= 100:
                current = max(current, 1) * scale if current < 100 else current + scale
            elif scale:
                total, current = total + (max(current, 1) if not total or current >= 0 else 1) * scale, -1
            elif value is not None and _fits(current, int(value)):
                current = max(current, 0) + int(value)
            else:
                is_and = word == "and" and stop > at and (current >= 100 or total) and stop + 1 < len(words)
                following = lexicon.numbers.get(words[stop + 1].text) if is_and else None
                if following is None or int(following) >= 100 or not self._is_close(stop + 1):
                    break
            stop += 1
        return self._end(total + max(current, 0), current, at, stop)

    def _end(self, number: int, current: int, at: int, stop: int) -> int:
        """Ends a number in words with an ordinal, a part of a whole or a unit."""
        words, lexicon = self._words, self._lexicon
        word = words[stop].text if stop < len(words) and (stop == at or self._is_close(stop)) else ""
        if word in PARTS and stop > at and (word.endswith("s") or (number == 1 and word != "second")):
            return self._finish(f"{number}/{PARTS[word]}", "", at, stop + 1, "number")
        if word in lexicon.ordinals and not (word == "second" and (stop > at or self._follows_number(at))):
            value = int(lexicon.ordinals[word])
            if stop == at or _fits(current, value):
                self._add(
                    f"{number + value}th", "", self._kind(f"{number + value}th", at, "number"), at, stop + 1
                )
                return stop + 1
        if stop == at:
            if word != "second":
                self._add(QUANTIFIERS.get(word, word), "", "number", at, at + 1)
            return at + 1
        return self._finish(str(number), "", at, stop, "number")

    def _follows_number(self, at: int) -> bool:
        return bool(self._found) and self._found[-1].stop == at and not self._found[-1].value.endswith("th")


def _fits(current: int, value: int) -> bool:
    """Whether a number adds to the one before: five to twenty, twenty-five to a hundred."""
    if current < 0:
        return True
    rest = current % 100
    if not rest:
        return value < 100 and current >= 100
    return rest >= 20 and rest % 10 == 0 and 0 < value < 10


def _times(value: str, scale: int) -> str:
    whole, _, fraction = value.partition(".")
    if not (whole + fraction).isdigit():
        return f"{value}x{scale}"
    product, rest = divmod(int(whole + fraction) * scale, 10 ** len(fraction))
    return f"{product}.{rest:0{len(fraction)}}".rstrip("0") if rest else str(product)


def _plain(parts: Sequence[str], separators: str) -> str:
    """A number without the marks that group thousands, where these stand as they should."""
    grouping = separators.rstrip(".٫").translate({ord("٬"): ","})
    grouped = len(set(grouping)) == 1 and grouping[0] in ", " and len(parts[0]) <= 3
    if grouped and all(len(part) == 3 for part in parts[1 : len(grouping) + 1]):
        separators = separators[len(grouping) :]
        parts = ["".join(parts[: len(grouping) + 1]), *parts[len(grouping) + 1 :]]
    return "".join(a + b for a, b in zip(parts, (*separators.replace("٫", "."), ""), strict=True))


def _literal(raw: str) -> str:
    """A number with fractions and raised digits as they are read: 2½ as 2+1/2, 10² as 10^2."""
    found = ""
    for character in raw:
        form = unicodedata.decomposition(character)
        plain = unicodedata.normalize("NFKC", character).replace("⁄", "/")
        found += {"<fraction>": "+", "<super>": "^", "<sub>": "_"}.get(form.split(" ")[0], "") + plain
    return found.removeprefix("+")
