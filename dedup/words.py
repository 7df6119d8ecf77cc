"""What "the same words" means: folding, splitting into words, hashing them, and shingles.

A text becomes words in three steps, each defined for one character at a time so that every implementation can do
the same with a table:

1. `fold` gives the characters that a character counts as: case folded, compatibility forms taken apart (NFKD),
   combining accents, vowel points and invisible characters dropped, digits of every script as 0 to 9.
2. `class_of` says what a folded character does: it belongs to a word, it is a word of its own (scripts written
   without spaces), it is a mark that stays with the character before it, or it separates words.
3. Characters that stand together are a word.

Words are hashed to 64 bits; the shingles of a block are the set of its k-word sequences, hashed to 32 bits, which
is the width that datasketch's `affine32` MinHash takes.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]

SEPARATOR = "\0"
"""Stands between the blocks of a batch of text; no block holds it."""

SEP, WORD, SOLO, MARK = 1, 2, 3, 4

# Scripts written without spaces, as (first, last) code points: each base character counts as a word.
_SOLO_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x19E0, 0x19FF),  # Khmer symbols
    (0x2E80, 0x2FDF),  # CJK and Kangxi radicals
    (0x3005, 0x3007),  # iteration mark, closing mark, zero
    (0x3021, 0x302F),  # Hangzhou numerals
    (0x3031, 0x312F),  # kana repeat marks, Hiragana, Katakana, Bopomofo
    (0x31A0, 0x31BF),  # Bopomofo extended
    (0x31F0, 0x31FF),  # Katakana phonetic extensions
    (0x3400, 0x4DBF),  # CJK extension A
    (0x4E00, 0x9FFF),  # CJK
    (0xA9E0, 0xA9FF),  # Myanmar extended B
    (0xAA60, 0xAA7F),  # Myanmar extended A
    (0xF900, 0xFAFF),  # CJK compatibility
    (0x1B000, 0x1B16F),  # kana supplement and extensions
    (0x20000, 0x3FFFF),  # CJK extensions B and later
)

# Marks that change how a letter is read but not which word it is: Latin, Greek and Cyrillic accents, Hebrew points,
# Arabic vowel signs. The marks of other scripts (Devanagari vowels, kana voicing, Thai vowels) make other words.
_DROPPED_MARKS = (
    (0x0300, 0x036F),
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

# Apostrophes join what they stand in: don't and don’t are one word, and the same word.
_JOINERS = frozenset("'’‘ʼʻ`´＇׳״ـ")

# The few letters whose case folding and decomposition leave apart what a reader takes for one.
_ALSO = {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "æ": "ae", "œ": "oe"}

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
    """What a folded character does: SEP, WORD, SOLO (a word of its own) or MARK (stays with a SOLO before it)."""
    group = unicodedata.category(character)[0]
    if group not in "LNM":
        return SEP
    if _within(_SOLO_RANGES, ord(character)) and unicodedata.category(character) != "Nd":
        return MARK if group == "M" else SOLO
    return WORD


@cache
def is_fact(character: str) -> bool:
    """Whether a folded character that is no word still says something: currencies, signs, per cent, `#`, `@`."""
    return character in _FACT_SYMBOLS or (
        unicodedata.category(character) in ("Sc", "Sm") and character not in _NOT_FACTS
    )


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and where it stands: `start` and `end` count characters of the text it was taken from."""

    text: str
    start: int
    end: int


def split(text: str) -> list[Word]:
    """The words of a text, in order; the plain form of what `analyse` does for many blocks."""
    found: list[Word] = []
    letters: list[str] = []
    start = end = 0
    before = SEP
    for position, character in enumerate(text):
        for part in fold(character):
            what = class_of(part)
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
    return found


@lru_cache(maxsize=1 << 14)
def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text without their places."""
    return tuple(word.text for word in split(text))


class _Table:
    """What each code point folds to, filled in as code points are met (a text uses few of the 1.1 million)."""

    def __init__(self) -> None:
        size = 0x110000
        self.known = np.zeros(size, bool)
        self.length = np.zeros(size, np.uint8)
        self.at = np.zeros(size, np.int32)
        self.pool = np.zeros(0, np.uint32)
        self.kind = np.zeros(size, np.uint8)
        self.fact = np.zeros(size, bool)
        self.only_ones = np.ones(size, bool)

    def learn(self, codes: U32) -> None:
        pool = [self.pool]
        at = len(self.pool)
        for code in np.unique(codes).tolist():
            folded = "\0" if code == 0 else fold(chr(code))
            for part in folded:
                self.kind[ord(part)] = class_of(part)
                self.fact[ord(part)] = is_fact(part)
            self.at[code] = at
            self.length[code] = len(folded)
            self.only_ones[code] = len(folded) == 1
            self.known[code] = True
            at += len(folded)
            pool.append(np.array([ord(part) for part in folded], np.uint32))
        self.pool = np.concatenate(pool)

    def folded(self, codes: U32) -> U32:
        known = self.known[codes]
        if not known.all():
            self.learn(codes[~known])
        if self.only_ones[codes].all():
            return self.pool[self.at[codes]]
        lengths = self.length[codes].astype(np.int64)
        ends = np.cumsum(lengths)
        index = np.repeat(self.at[codes] - (ends - lengths), lengths) + np.arange(
            ends[-1] if len(ends) else 0
        )
        folded: U32 = self.pool[index]
        return folded


_table = _Table()

_K1 = np.uint64(0x9E3779B97F4A7C15)
_LETTER = np.uint64(0x9DDFEA08EB382D69)
_TERM = np.uint64(0xC6A4A7935BD1E995)
_BLOCK = np.uint64(0xD6E8FEB86659FD93)


def _mix(values: U64) -> U64:
    """MurmurHash3's 64-bit finaliser, a bijection that spreads every bit."""
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    values = (values ^ (values >> np.uint64(33))) * np.uint64(0xC4CEB9FE1A85EC53)
    return values ^ (values >> np.uint64(33))


def _powers(base: np.uint64, count: int) -> U64:
    powers = np.full(count, base, np.uint64)
    powers[:1] = 1
    return np.multiply.accumulate(powers)


def _polynomials(values: U64, starts: I64, base: np.uint64) -> U64:
    """For each group of values, v0·base^(n-1) + … + v(n-1) modulo 2^64; groups begin at `starts`, none is empty."""
    if not len(starts):
        return np.zeros(0, np.uint64)
    lengths = np.diff(starts, append=len(values))
    behind = np.repeat(starts + lengths - 1, lengths) - np.arange(len(values))
    terms: U64 = np.add.reduceat(values * _powers(base, int(lengths.max()))[behind], starts)
    return terms


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch of blocks, as columns.

    hashes: uint64, a hash for each word, all blocks one after the other.
    first: int64, blocks + 1; block i has the words `first[i]:first[i + 1]`.
    same: uint64 for each block, equal for two blocks where their words are the same in the same order.
    facts: uint64 for each block, a hash of the signs, units and decimal points that the words leave out.
    """

    hashes: U64
    first: I64
    same: U64
    facts: U64

    @property
    def counts(self) -> I64:
        """How many words each block has."""
        return np.diff(self.first)


def analyse(texts: str, blocks: int) -> Words:
    """The words of a batch: the texts of `blocks` blocks joined by SEPARATOR."""
    codes = np.frombuffer(texts.encode("utf-32-le", "surrogatepass"), np.uint32)
    if not blocks:
        return Words(*(np.zeros(n, kind) for n, kind in ((0, "u8"), (1, "i8"), (0, "u8"), (0, "u8"))))
    folded = _table.folded(codes)
    kind = _table.kind[folded]
    before = np.empty_like(kind)
    before[:1] = SEP
    before[1:] = kind[:-1]
    begins = (
        ((kind == WORD) & (before != WORD))
        | (kind == SOLO)
        | ((kind == MARK) & (before != SOLO) & (before != MARK))
    )
    inside = kind != SEP
    starts = np.flatnonzero(begins)
    letters = folded[inside].astype(np.uint64)
    letters = (letters + np.uint64(1)) * _K1
    letters ^= letters >> np.uint64(29)
    hashes = _mix(_polynomials(letters, np.flatnonzero(begins[inside]), _LETTER))

    limits = np.flatnonzero(folded == 0)
    first = np.zeros(blocks + 1, np.int64)
    first[1:-1] = np.searchsorted(starts, limits)
    first[-1] = len(starts)
    same = np.zeros(blocks, np.uint64)
    filled = np.flatnonzero(np.diff(first))
    same[filled] = _mix(_polynomials(hashes, first[filled], _BLOCK))
    return Words(hashes, first, same, _facts(folded, starts, limits, blocks))


def _facts(folded: U32, starts: I64, limits: I64, blocks: int) -> U64:
    """A hash for each block of its symbols that say something, each with the number of the word it stands before."""
    code = ord
    digit = (folded >= code("0")) & (folded <= code("9"))
    word = _table.kind[folded] != SEP
    left_digit, right_digit = np.zeros_like(digit), np.zeros_like(digit)
    left_word, right_word = np.zeros_like(word), np.zeros_like(word)
    left_digit[1:], right_digit[:-1] = digit[:-1], digit[1:]
    right_equals = np.zeros_like(digit)
    right_equals[:-1] = folded[1:] == code("=")
    left_word[1:], right_word[:-1] = word[:-1], word[1:]
    dash = (folded == code("-")) | (folded == code("−")) | (folded == code("–"))
    in_number = (folded == code(".")) | (folded == code(",")) | (folded == code(":")) | (folded == code("/"))
    says = (
        _table.fact[folded]
        | ((in_number | dash) & left_digit & right_digit)
        | (dash & right_digit & ~left_word)
        | ((folded == code("_")) & left_word & right_word)
        | ((folded == code("~")) & right_digit)
        | ((folded == code("!")) & right_equals)
    )
    places = np.flatnonzero(says)
    found = np.zeros(blocks, np.uint64)
    if len(places):
        block = np.searchsorted(limits, places)
        ordinal = np.searchsorted(starts, places)
        base = np.searchsorted(starts, np.concatenate(([0], limits)))[block]
        symbols = np.where(dash[places], np.uint32(code("-")), folded[places]).astype(np.uint64)
        np.add.at(found, block, _mix(symbols * _K1 + (ordinal - base).astype(np.uint64) * _TERM))
    return found


@dataclass(frozen=True, slots=True)
class Shingles:
    """The shingle sets of some blocks, as columns.

    values: uint32, each block's distinct shingles in rising order, all blocks one after the other.
    first: int64, blocks + 1; block i has the shingles `values[first[i]:first[i + 1]]`.
    """

    values: U32
    first: I64

    def of(self, block: int) -> U32:
        """The shingles of one block, uint32 in rising order."""
        return self.values[self.first[block] : self.first[block + 1]]


def shingles(words: Words, chosen: I64, k: int) -> Shingles:
    """The shingle sets of the chosen blocks: every k consecutive words, hashed; all the words where there are fewer."""
    counts = words.counts[chosen]
    per_block = np.maximum(counts - k + 1, np.minimum(counts, 1))
    total = int(per_block.sum())
    ends = np.cumsum(per_block)
    owner = np.repeat(np.arange(len(chosen)), per_block)
    position = np.repeat(words.first[:-1][chosen] - (ends - per_block), per_block) + np.arange(total)
    last = words.first[1:][chosen][owner]
    values = np.zeros(total, np.uint64)
    for step in range(k):
        at = position + step
        present = at < last
        values = np.where(present, values * _TERM + words.hashes[np.minimum(at, last - 1)], values)
    short = _mix(values) >> np.uint64(32)
    keys = (owner.astype(np.uint64) << np.uint64(32)) | short
    keys.sort(kind="stable")
    keys = keys[np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1]))]
    first = np.searchsorted(keys >> np.uint64(32), np.arange(len(chosen) + 1).astype(np.uint64))
    return Shingles((keys & np.uint64(0xFFFFFFFF)).astype(np.uint32), first.astype(np.int64))
