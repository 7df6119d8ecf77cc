"""A pair's differing words in a few lines of a terminal: what is the same is shortened, what differs is seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dedup.report.marks import Part
from dedup.report.shown import visible

LINES = 4
CONTEXTS = (5, 3, 2, 1)
"""So many words are left on either side of a change, fewer where there is no room."""
LONG = (24, 12, 6)
"""So many words of one change are shown."""

_MARKS = {"same": ("", ""), "old": ("[-", "-]"), "new": ("{+", "+}")}


def fitted(parts: Sequence[Part], width: int, most: int = LINES) -> list[str]:
    """The parts in at most so many lines of a width in cells; where changes are left out, how many."""
    found: list[str] = []
    for context, long in ((context, long) for long in LONG for context in CONTEXTS):
        found = list(_wrapped(_text(parts, context, long), width))
        if len(found) <= most:
            return found
    for shown in range(len(parts) - 1, 0, -1):
        left = sum(kind != "same" for kind, _ in parts[shown:])
        more = f" … and {left} more such pieces" if left else " …"
        found = list(_wrapped(_text(parts[:shown], CONTEXTS[-1], LONG[-1]) + more, width))
        if len(found) <= most:
            return found
    return found[:most]


def _text(parts: Sequence[Part], context: int, long: int) -> str:
    shown = []
    for number, (kind, text) in enumerate(parts):
        if kind == "same":
            text = _shortened(text, context * (number > 0), context * (number < len(parts) - 1))
        else:
            text = _shortened(text, -(-long // 2), long // 2)
        before, after = _MARKS[kind]
        shown.append(f"{before}{visible(text)}{after}")
    return "".join(shown).strip()


def _shortened(text: str, head: int, tail: int) -> str:
    """The text with so many words at its beginning and end, what is between them as `…`."""
    words = text.replace("…", " … ").split() if "…" in text else text.split()
    if len(words) <= head + tail + 1:
        return text
    first, last = " ".join(words[:head]), " ".join(words[len(words) - tail :])
    before = " " if text[:1].isspace() and first else ""
    after = " " if text[-1:].isspace() and last else ""
    return f"{before}{first} … {last}{after}" if first or last else " … "


def _wrapped(text: str, width: int) -> Iterator[str]:
    """The text in lines of a width in cells, parted at blanks, or inside what is too long for a line."""
    from rich.cells import cell_len

    line, used = "", 0
    for word in text.split(" "):
        size = cell_len(word)
        if line and used + 1 + size > width:
            yield line
            line, used = "", 0
        while size > width:
            at = _cells(word, width)
            yield word[:at]
            word = word[at:]
            size = cell_len(word)
        line = f"{line} {word}" if line else word
        used = cell_len(line)
    if line:
        yield line


def _cells(text: str, width: int) -> int:
    """How many characters of a text stand in so many cells, at least one."""
    from rich.cells import cell_len

    used = 0
    for at, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return max(at, 1)
    return len(text)
