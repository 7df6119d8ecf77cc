"""What "the same words" means: folding, and splitting into words.

A text becomes words in three steps, each defined for one character at a time so that every implementation can do
the same with a table:

1. `fold` gives the characters that a character counts as: case folded, compatibility forms taken apart (NFKD),
   vowel points and invisible characters dropped, digits of every script as 0 to 9.
2. `class_of` says what a folded character does: it belongs to a word, it is a word of its own (scripts written
   without spaces), it is a mark that stays with the character before it, it is an accent, or it separates words.
3. Characters that stand together are a word; accents are no part of it. But those that make another letter
   (`accent_says`: Vietnamese má and mà, German schon and schön) are facts of the block, as signs and units are.

This is the plain form. `columns` has the same for many blocks at a time, by way of `table`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache

SEP, WORD, SOLO, MARK, ACCENT = 1, 2, 3, 4, 5
NOTHING, LOAN, LETTER = 0, 1, 2

# Scripts written without spaces, as (first, last) code points: each base character counts as a word.
_SOLO_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1980, 0x19FF),  # New Tai Lue, Khmer symbols
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x1B00, 0x1B7F),  # Balinese
    (0x2E80, 0x2FDF),  # CJK and Kangxi radicals
    (0x3005, 0x3007),  # iteration mark, closing mark, zero
    (0x3021, 0x302F),  # Hangzhou numerals
    (0x3031, 0x312F),  # kana repeat marks, Hiragana, Katakana, Bopomofo
    (0x31A0, 0x31BF),  # Bopomofo extended
    (0x31F0, 0x31FF),  # Katakana phonetic extensions
    (0x3400, 0x4DBF),  # CJK extension A
    (0x4E00, 0x9FFF),  # CJK
    (0xA980, 0xA9FF),  # Javanese, Myanmar extended B
    (0xAA60, 0xAADF),  # Myanmar extended A, Tai Viet
    (0xF900, 0xFAFF),  # CJK compatibility
    (0x1B000, 0x1B16F),  # kana supplement and extensions
    (0x20000, 0x3FFFF),  # CJK extensions B and later
)

# Marks that change how a letter is read but not which word it is: Hebrew points, Arabic vowel signs and hamzas. The
# marks of other scripts (Devanagari vowels, kana voicing, Thai vowels and tones) make other words.
_DROPPED_MARKS = (
    (0x034F, 0x034F),
    (0x0483, 0x0489),
    (0x0591, 0x05C7),
    (0x0610, 0x061A),
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x08CA, 0x0902 - 1),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F),
    (0xE0100, 0xE01EF),
)

_ACCENTS = range(0x0300, 0x0370)

# Apostrophes join what they stand in: don't and don’t are one word, and the same word.
_JOINERS = frozenset("'’‘ʼʻ`´＇׳ـ")

# The few letters whose case folding and decomposition leave apart what a reader takes for one, a stroke being an
# accent as others are; and the comma below, which Romanian texts have for the cedilla that older fonts had.
_ALSO = {
    "ı": "i",
    "ø": "o\u0338",
    "đ": "d\u0335",
    "ł": "l\u0335",
    "ħ": "h\u0335",
    "æ": "ae",
    "œ": "oe",
    "ی": "ي",  # the same letters, from a Persian keyboard and an Arabic one
    "ک": "ك",
    "\u0327": "\u0326",
}

# Symbols that say something though they are no words: a sign, a unit, a comparison, part of an identifier.
_FACT_SYMBOLS = frozenset("%‰‱°#@&§′✅❌✔✘✓✗☑☐▲▼△▽↑↓👍👎") | {chr(code) for code in range(0x1F1E6, 0x1F200)}
_NOT_FACTS = frozenset("|~^`")


def _within(ranges: tuple[tuple[int, int], ...], code: int) -> bool:
    return any(first <= code <= last for first, last in ranges)


@cache
def fold(character: str) -> str:
    """The characters that one character counts as in comparison; empty where it is ignored."""
    if character in _JOINERS:
        return ""
    if unicodedata.category(character) == "Sm" and unicodedata.normalize("NFD", character) != character:
        return character  # ≠ is not =, and ∉ not ∈
    decomposed = unicodedata.normalize("NFKD", character)
    folded = unicodedata.normalize("NFKD", decomposed.casefold())
    kept: list[str] = []
    for part in folded:
        category = unicodedata.category(part)
        if category == "Nd":
            kept.append(str(unicodedata.digit(part)))
        elif part in _ALSO:
            kept.append(_ALSO[part])
        elif category != "Cf" and part not in _JOINERS and not _within(_DROPPED_MARKS, ord(part)):
            kept.append(part)
    return "".join(kept)


@cache
def class_of(character: str) -> int:
    """What a folded character does: SEP, WORD, SOLO (a word of its own), MARK (stays with a SOLO) or ACCENT."""
    if ord(character) in _ACCENTS:
        return ACCENT
    group = unicodedata.category(character)[0]
    if group not in "LNM":
        return SEP
    if _within(_SOLO_RANGES, ord(character)) and unicodedata.category(character) != "Nd":
        return MARK if group == "M" else SOLO
    return WORD


def accent_says(letter: int, accent: int) -> int:
    """What an accent makes of a folded letter, both as code points: NOTHING, LOAN or LETTER.

    NOTHING: the same letter. So in Greek, which has no accents on capitals; ё, which may be written е; stress over
    Cyrillic; what case folding makes of the Turkish İ. LOAN: another letter, but also what English leaves out of café,
    naïve and façade: says something where another word of the block has an accent too. LETTER: another letter.
    """
    if letter < 0x370:
        if (letter, accent) == (0x69, 0x307):
            return NOTHING
        is_loan = accent <= 0x302 or accent == 0x326 or (accent == 0x308 and letter in (0x65, 0x69))
        return LOAN if is_loan else LETTER
    if not 0x400 <= letter < 0x530 or (letter, accent) == (0x435, 0x308):
        return NOTHING
    return LETTER if accent > 0x301 or (accent == 0x301 and letter in (0x433, 0x43A)) else NOTHING  # ѓ, ќ


@cache
def is_fact(character: str) -> bool:
    """Whether a folded character that is no word still says something: currencies, signs, per cent, `#`, `@`."""
    return character in _FACT_SYMBOLS or (
        unicodedata.category(character) in ("Sc", "Sm") and character not in _NOT_FACTS
    )


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and where it stands: `start` and `end` count characters of the text it was taken from.

    `accents` are those that make another word of it, in the order of their code points.
    """

    text: str
    start: int
    end: int
    accents: str = ""


def split(text: str) -> list[Word]:
    """The words of a text, in order; the plain form of what `analyse` does for many blocks."""
    found: list[Word] = []
    letters: list[str] = []
    accents: dict[int, list[tuple[str, int]]] = {}
    start = end = 0
    before = SEP
    for position, character in enumerate(text):
        parts = fold(character)
        if letters and not parts and unicodedata.category(character) == "Mn":
            end = position + 1  # a word ends behind its last mark
        for part in parts:
            what = class_of(part)
            if what == ACCENT:
                end = position + 1 if letters else end
                if before == WORD and (says := accent_says(ord(letters[-1]), ord(part))):
                    accents.setdefault(len(found), []).append((part, says))
                continue
            begins = (
                what == SOLO
                or (what == WORD and before != WORD)
                or (what == MARK and before not in (SOLO, MARK))
            )
            if letters and (begins or what == SEP):
                found.append(Word("".join(letters), start, end))
                letters.clear()
            if begins:
                start = position
            if what != SEP:
                letters.append(part)
                end = position + 1
            before = what
    if letters:
        found.append(Word("".join(letters), start, end))
    for number, those in accents.items():
        say = sorted(accent for accent, says in those if says == LETTER or len(accents) > 1)
        found[number] = replace(found[number], accents="".join(say))
    return found


@lru_cache(maxsize=1 << 14)
def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text without their places."""
    return tuple(word.text for word in split(text))
