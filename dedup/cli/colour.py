"""Whether what is written is for a terminal and takes colours, and the colours of the findings."""

from __future__ import annotations

import os
import re
from typing import BinaryIO, TextIO

BOLD, RED, YELLOW, GREEN, FAINT, PLAIN = (f"\x1b[{code}m" for code in (1, 31, 33, 32, 2, 0))

_FINDING = re.compile(
    r"(?P<place>.+?:\d+:) (?P<rule>(?P<flag>flag |(?=drift))?\w+) (?P<similarity>\d\.\d\d)(?P<words>(?: \".*\")?)(?P<twin>.*)"
)
_CHANGED = re.compile(r"(?P<old>\[-.*?-\])|(?P<new>\{\+.*?\+\})", re.DOTALL)


def is_terminal(out: BinaryIO | TextIO) -> bool:
    """Whether a person looks at a stream: what is piped or written to a file may be read by a program."""
    return out.isatty() and os.environ.get("TERM") != "dumb"


def takes_colour(out: BinaryIO) -> bool:
    """Whether a stream is to be coloured: a terminal is, unless NO_COLOR is set; with FORCE_COLOR everything is.

    As Python itself does it (https://no-color.org, https://force-color.org): NO_COLOR comes first, and what is set to
    nothing counts as not set.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(out)


def coloured(line: str) -> str:
    """A line of the findings as a terminal shows it: the place, the rule, the words that differ."""
    found = _FINDING.fullmatch(line)
    if found is None:
        return line
    rule = f"{RED if found['flag'] is None else YELLOW}{found['rule']}{PLAIN}"
    words = _CHANGED.sub(lambda part: f"{RED if part['old'] else GREEN}{part[0]}{PLAIN}", found["words"])
    return f"{BOLD}{found['place']}{PLAIN} {rule} {found['similarity']}{words}{FAINT}{found['twin']}{PLAIN}"


def changed(text: str) -> str:
    """A text with the words that differ coloured, also where they go on in the next line."""
    return _CHANGED.sub(lambda part: f"{RED if part['old'] else GREEN}{part[0]}{PLAIN}", text)
