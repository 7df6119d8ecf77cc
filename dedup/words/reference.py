"""Words and shingles of many blocks in NumPy: the definition that the compiled kernel must match in every bit."""

from __future__ import annotations

import numpy as np

from dedup.words.folding import ACCENT, LETTER, MARK, NOTHING, SEP, SOLO, WORD, accent_says
from dedup.words.table import BOOL, CODE_MASK, FACT_BIT, I64, KIND_BIT, TABLE, U8, U32, U64

AT_A_TIME = 1 << 20
"""So many characters are worked on at a time; each takes some forty bytes meanwhile."""

_K1 = np.uint64(0x9E3779B97F4A7C15)
_LETTER = np.uint64(0x9DDFEA08EB382D69)
_TERM = np.uint64(0xC6A4A7935BD1E995)
_BLOCK = np.uint64(0xD6E8FEB86659FD93)


def mix(values: U64) -> U64:
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


def analyse(texts: str, blocks: int) -> tuple[U64, I64, U64, U64]:
    """The columns of `Words` for the texts of `blocks` blocks, one or more, joined by NUL."""
    parts = []
    start = begun = 0
    while begun < blocks:
        stop = texts.find("\0", start + AT_A_TIME)
        piece = texts[start : len(texts) if stop < 0 else stop]
        count = piece.count("\0") + 1
        parts.append(_analyse(piece, count))
        start += len(piece) + 1
        begun += count
    hashes, counts, same, facts = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    first = np.zeros(blocks + 1, np.int64)
    np.cumsum(counts, out=first[1:])
    return hashes, first, same, facts


def _analyse(texts: str, blocks: int) -> tuple[U64, I64, U64, U64]:
    folded = TABLE.folded(np.frombuffer(texts.encode("utf-32-le", "surrogatepass"), np.uint32))
    kind = ((folded >> KIND_BIT) & np.uint32(7)).astype(np.uint8)
    fact = (folded >> FACT_BIT).astype(bool)
    folded &= CODE_MASK
    accents = kind == ACCENT
    marks = folded[accents], np.flatnonzero(accents) - np.arange(1, int(accents.sum()) + 1)
    folded, kind, fact = folded[~accents], kind[~accents], fact[~accents]
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
    hashes = mix(_polynomials(letters, np.flatnonzero(begins[inside]), _LETTER))

    limits = np.flatnonzero(folded == 0)
    first = np.zeros(blocks + 1, np.int64)
    first[1:-1] = np.searchsorted(starts, limits)
    first[-1] = len(starts)
    counts = np.diff(first)
    same = np.zeros(blocks, np.uint64)
    filled = np.flatnonzero(counts)
    same[filled] = mix(_polynomials(hashes, first[filled], _BLOCK))
    facts = _facts(folded, inside, fact, starts, limits, blocks)
    _add_accents(facts, *marks, folded, kind, starts, limits)
    return hashes, counts, same, facts


def _facts(folded: U32, word: BOOL, fact: BOOL, starts: I64, limits: I64, blocks: int) -> U64:
    """A hash for each block of its symbols that say something, each with the number of the word it stands before."""
    code = ord
    digit = (folded >= code("0")) & (folded <= code("9"))
    left_digit, right_digit = np.zeros_like(digit), np.zeros_like(digit)
    left_word, right_word = np.zeros_like(word), np.zeros_like(word)
    left_digit[1:], right_digit[:-1] = digit[:-1], digit[1:]
    right_equals = np.zeros_like(digit)
    right_equals[:-1] = folded[1:] == code("=")
    left_word[1:], right_word[:-1] = word[:-1], word[1:]
    dash = (folded == code("-")) | (folded == code("−")) | (folded == code("–"))
    in_number = (folded == code(".")) | (folded == code(",")) | (folded == code(":")) | (folded == code("/"))
    says = (
        fact
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
        np.add.at(found, block, mix(symbols * _K1 + (ordinal - base).astype(np.uint64) * _TERM))
    return found


def _add_accents(
    facts: U64, accents: U32, behind: I64, folded: U32, kind: U8, starts: I64, limits: I64
) -> None:
    """Adds the accents that make another letter, each with the number of its word; `behind`: where the letters are."""
    on_letter = behind >= 0
    on_letter[on_letter] = kind[behind[on_letter]] == WORD
    accents, behind = accents[on_letter], behind[on_letter]
    pairs = zip(folded[behind].tolist(), accents.tolist(), strict=True)
    says = np.fromiter((accent_says(letter, accent) for letter, accent in pairs), np.uint8, len(accents))
    accents, behind, says = accents[says != NOTHING], behind[says != NOTHING], says[says != NOTHING]
    block, word = np.searchsorted(limits, behind), np.searchsorted(starts, behind, "right")
    base = np.searchsorted(starts, np.concatenate(([0], limits)))[block]
    accented = np.bincount(block[np.diff(word, prepend=-1) != 0], minlength=len(facts))
    terms = mix(accents.astype(np.uint64) * _K1 + (word - base).astype(np.uint64) * _TERM)
    counts = (says == LETTER) | (accented[block] > 1)
    np.add.at(facts, block[counts], terms[counts])


def shingle_values(words: U64, k: int) -> U64:
    """The shingles of one block by the hashes of its words, in order and with repetitions, 32 bits each."""
    width = min(k, len(words))
    values = np.zeros(len(words) - width + 1 if width else 0, np.uint64)
    for step in range(width):
        values = values * _TERM + words[step : step + len(values)]
    return mix(values) >> np.uint64(32)


def shingles(hashes: U64, first: I64, chosen: I64, k: int) -> tuple[U32, I64]:
    """The columns of `Shingles` for the chosen blocks of `Words`."""
    counts = np.diff(first)[chosen]
    per_block = np.maximum(counts - k + 1, np.minimum(counts, 1))
    total = int(per_block.sum())
    ends = np.cumsum(per_block)
    owner = np.repeat(np.arange(len(chosen)), per_block)
    position = np.repeat(first[:-1][chosen] - (ends - per_block), per_block) + np.arange(total)
    last = first[1:][chosen][owner]
    values = np.zeros(total, np.uint64)
    for step in range(k):
        at = position + step
        present = at < last
        values = np.where(present, values * _TERM + hashes[np.minimum(at, last - 1)], values)
    short = mix(values) >> np.uint64(32)
    keys = (owner.astype(np.uint64) << np.uint64(32)) | short
    keys.sort(kind="stable")
    keys = keys[np.concatenate((keys[:1] == keys[:1], keys[1:] != keys[:-1]))]
    limits = np.searchsorted(keys >> np.uint64(32), np.arange(len(chosen) + 1).astype(np.uint64))
    return (keys & np.uint64(0xFFFFFFFF)).astype(np.uint32), limits.astype(np.int64)
