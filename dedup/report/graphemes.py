"""Text as columns of a terminal: what stands in one place, how wide it is, and what is written from right to left."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_ISOLATE, _END = "\u2068", "\u2069"

# Latin, Greek, Cyrillic and Armenian letters and signs: each stands by itself, one column wide.
_PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u058a]*")

_ZERO_WIDTH_JOINER, _NON_JOINER = "\u200d", "\u200c"
# What follows a letter and stands in its place though it is no mark: Thai and Lao AM, voicing in half width.
_FOLLOWS = frozenset(f"{_ZERO_WIDTH_JOINER}{_NON_JOINER}\u0e33\u0eb3\uff9e\uff9f")
# What stands in one place with what follows: signs of Arabic numbers, and letters that are written above the next.
_PRECEDES = frozenset(
    map(
        chr,
        (
            *range(0x600, 0x606),
            *(0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0xD4E, 0x110BD, 0x110CD, 0x111C2, 0x111C3, 0x1193F, 0x11941),
            *(0x11A3A, *range(0x11A84, 0x11A8A), 0x11D46),
        ),
    )
)
_VIRAMA = 9  # the combining class of what joins a consonant with the next


def joins(text: str, at: int) -> bool:
    """Whether the characters before and behind a place stand in one place, so that no cut may part them.

    What Unicode (UAX 29) calls an extended grapheme cluster, but that all that a virama or a joiner joins is one.
    """
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if after < "\u0300":
        return before in _PRECEDES and unicodedata.category(after) != "Cc"
    if unicodedata.category(after)[0] == "M" or after in _FOLLOWS:
        return True
    code = ord(after)
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:  # the colour of a skin, the name of a flag
        return True
    if (
        before == _ZERO_WIDTH_JOINER
        or before in _PRECEDES
        or (unicodedata.combining(before) == _VIRAMA and after.isalpha())
    ):
        return True
    if _is_flag(after) and _is_flag(before):
        first = at
        while first > 0 and _is_flag(text[first - 1]):
            first -= 1
        return (at - first) % 2 == 1
    return (_jamo(before), _jamo(after)) in _SYLLABLES


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _jamo(character: str) -> str:
    """What a character does in a Hangul syllable: begin it, be its vowel, end it, be all of it; empty for others."""
    if "\u1100" <= character <= "\u115f" or "\ua960" <= character <= "\ua97c":
        return "L"
    if "\u1160" <= character <= "\u11a7" or "\ud7b0" <= character <= "\ud7c6":
        return "V"
    if "\u11a8" <= character <= "\u11ff" or "\ud7cb" <= character <= "\ud7fb":
        return "T"
    return "S" if "\uac00" <= character <= "\ud7a3" else ""


_SYLLABLES = {("L", "L"), ("L", "V"), ("L", "S"), ("V", "V"), ("V", "T"), ("T", "T"), ("S", "V"), ("S", "T")}


def graphemes(text: str) -> Iterator[str]:
    """The parts of a text that stand in one place each."""
    start = 0
    for at in range(1, len(text) + 1):
        if not joins(text, at):
            yield text[start:at]
            start = at


def fitting(text: str, columns: int) -> int:
    """How many characters of a text fit into so many columns of a terminal; none is parted from its marks."""
    plain = _PLAIN.match(text)
    if plain and (plain.end() > columns or plain.end() == len(text)):
        return min(len(text), columns)
    from rich.cells import cell_len  # most texts do without it

    used = length = 0
    for part in graphemes(text):
        used += cell_len(part)
        if used > columns:
            break
        length += len(part)
    return length


def isolated(text: str) -> str:
    """The text, and if any of it is written from right to left, marks around it, so that it turns nothing beside it.

    Only for what a terminal shows: the marks (U+2068, U+2069) are not part of the text.
    """
    if text.isascii() or not any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text):
        return text
    return f"{_ISOLATE}{text}{_END}"
