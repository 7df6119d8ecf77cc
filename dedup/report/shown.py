"""What of a document is shown to a person: never a raw control character, always in one line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.report.graphemes import fitting, joins

if TYPE_CHECKING:
    from dedup.report.model import Removal

FIRST_WORDS = 60
"""Columns of a terminal, of which a Chinese character takes two."""

# Control characters, what a file name holds that is not UTF-8, line separators, and the marks that turn the
# direction of writing, by which a line can show something else than it says.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff\ufeff]")


def visible(text: str) -> str:
    """The text with everything that a terminal would act on, or would not show, written as an escape."""
    return _UNSEEN.sub(lambda match: _escape(match.group()), text)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name, as Python carries it
        code -= 0xDC00
    return {0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}.get(code) or (
        f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
    )


def name_bytes(name: str) -> bytes:
    """The bytes of a file's name; of one that no file can have, as a saved report may say it, some bytes."""
    try:
        return name.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return name.encode("utf-8", "surrogatepass")


def first_words(text: str, limit: int = FIRST_WORDS) -> str:
    """The beginning of a text in one line; `…` where it goes on."""
    # A block may be megabytes long; the first words need its first characters only.
    text = text.strip()
    end = 4 * limit
    while joins(text, end):
        end -= 1
    flat = " ".join(text[:end].split())
    fits = fitting(flat, limit)
    if fits < len(flat):
        at_word = flat.rfind(" ", 0, fits + 1)
        flat = flat[: at_word if at_word > fits // 2 else fits] + "…"
    elif len(text) > end:
        flat += "…"
    return visible(flat)


def cut(value: float, digits: int) -> float:
    """A share with so many digits, the others cut off: what is less than 1 never becomes 1."""
    if value >= 1:
        return value
    scale: int = 10**digits
    # 0.57 * 100 is a hair less than 57.
    return min(int(value * scale + 1e-6), scale - 1) / scale


def two_digits(similarity: float) -> str:
    """A similarity as `0.93`; what is less than 1 never reads `1.00`."""
    return f"{cut(similarity, 2):.2f}"


def percent(part: float, whole: float) -> str:
    """A share in whole per cent, cut, so that only all of it is 100 %."""
    if 0 < part * 100 < whole:
        return "under 1 %"
    return f"{int(part * 100 / whole + 1e-9) if whole else 0} %"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun, `1 block` or `1,200 blocks`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def lines(first: int, last: int) -> str:
    """A range of lines as `12–16`, or one line as `12`."""
    return f"{first}–{last}" if last > first else f"{first}"


def weakest(run: list[Removal]) -> Removal:
    """The removal of a run that is least like its twin: what is said of the run must hold for each."""
    return min(run, key=lambda removal: removal.similarity)


def twin_lines(run: list[Removal]) -> str:
    """The lines that a run repeats.

    Of a twin only the first line is known; where the last one is the same byte for byte, it is as long.
    """
    last = run[-1]
    length = last.end_line - last.line if last.rule == "verbatim" else 0
    return lines(run[0].kept.line, last.kept.line + length)
