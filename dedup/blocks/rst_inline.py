"""What the inline markup of reStructuredText shows, where it points, and which names it gives and asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_LONGEST = 1000
"""Markup that is longer is none: to look for its end from every beginning would take too long."""

# Markup begins after white space, an opening sign or a dash, and ends before white space, a closing sign or a dash.
_FROM = r"(?<![\w!#$%&)*+,.;=>?@\]^`|}~\\])"
_TO = r"(?![\w#$%&(*+<=@\[^`{|~_])"
_TEXT = r"(?![\s`])(?:\\.|[^`\\])*?(?<![\s\\])"
_MARKUP = re.compile(
    rf"""
      \\(?P<escaped>[\s\S])
    | {_FROM}``(?!\s)(?P<literal>[\s\S]{{1,{_LONGEST}}}?)(?<!\s)``{_TO}
    | {_FROM}_`(?P<target>{_TEXT})`{_TO}
    | {_FROM}(?::(?P<before>[\w.+:-]+):)?`(?P<phrase>{_TEXT})`
        (?::(?P<after>[\w.+:-]+?):{_TO}|(?P<refers>__?){_TO}|{_TO})
    | {_FROM}\[(?P<note>\d+|\#[\w.:+-]*|\*|[^\W\d_][\w.:+-]*)\]_{_TO}
    | {_FROM}\|(?![\s|])(?P<substitution>[^|]{{1,{_LONGEST}}}?)(?<![\s\\])\|(?P<replaces>__?)?{_TO}
    | {_FROM}\*\*(?!\s)(?P<strong>[\s\S]{{1,{_LONGEST}}}?)(?<![\s\\])\*\*{_TO}
    | {_FROM}\*(?![\s*])(?P<emphasis>[^*]+?)(?<![\s\\])\*{_TO}
    | {_FROM}(?<!\w[-:])(?P<word>[^\W_]+(?:[-._+:][^\W_]+)*+)(?P<points>__?){_TO}
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(\s?)")


@dataclass(slots=True)
class Inline:
    """The inline markup of one block.

    visible: what a reader sees. links: pairs of a word for the kind of link and its target; a `name` is one that
    the document may say the address of. gives, asks: the names that can be referred to, and those that are. notes:
    labels of the footnotes and citations referred to. counted: whether something in it is paired with something
    elsewhere by counting, as anonymous references are.
    """

    visible: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    gives: set[str] = field(default_factory=set)
    asks: set[str] = field(default_factory=set)
    notes: set[str] = field(default_factory=set)
    counted: bool = False


def read_inline(text: str) -> Inline:
    """The inline markup of a text, as docutils reads it where it is well-formed."""
    found = Inline()
    found.visible = _MARKUP.sub(lambda match: _read(match, found), text)
    return found


def name_of(text: str) -> str:
    """A reference name as names are compared: in lower case, white space as one space."""
    return " ".join(_ESCAPE.sub("", text).lower().split())


def _read(match: re.Match[str], found: Inline) -> str:
    """What a reader sees of a piece of markup, and into `found` what it says besides."""
    what = match.lastgroup
    if match["escaped"] is not None:
        return "" if match["escaped"].isspace() else match["escaped"]
    if match["literal"] is not None:
        literal = match["literal"]
        if not (literal.isalpha() and literal.islower()):
            found.links.append(("code", literal))
        return f"`{literal}`"
    if match["target"] is not None:
        found.gives.add(name_of(match["target"]))
        return _plain(match["target"])
    if match["phrase"] is not None:
        return _phrase(match, found)
    if match["note"] is not None:
        label = match["note"]
        found.counted |= label in ("#", "*")
        found.notes.add(name_of(label.lstrip("#")))
        found.links.append(("note", label))
        return ""
    if match["substitution"] is not None:
        found.links.append(("substitution", match["substitution"]))
        if match["replaces"]:
            found.counted |= match["replaces"] == "__"
            found.asks.add(name_of(match["substitution"]))
        return match["substitution"]
    if match["word"] is not None:
        found.counted |= match["points"] == "__"
        _ask(match["word"], found)
        return match["word"]
    return _plain(match["strong" if what == "strong" else "emphasis"])


def _phrase(match: re.Match[str], found: Inline) -> str:
    phrase, role = match["phrase"], match["before"] or match["after"]
    at = phrase.rfind("<") if phrase.endswith(">") else -1
    embedded = at >= 0 and phrase[at - 1 : at] != "\\"
    shown, target = (phrase[:at].rstrip(), phrase[at + 1 : -1]) if embedded else (phrase, phrase)
    if role:
        found.links.append((f"role {role}", target))
    elif not match["refers"]:
        found.links.append(("role", target))
        return _plain(phrase)
    elif not embedded:
        found.counted |= match["refers"] == "__"
        _ask(phrase, found)
    else:
        if target.endswith("_") and not target.endswith("\\_"):
            _ask(target[:-1], found)
        else:
            found.links.append(("address", "".join(target.split())))
        if match["refers"] == "_" and shown:
            found.gives.add(name_of(shown))
    return _plain(shown or target)


def _ask(name: str, found: Inline) -> None:
    found.asks.add(name_of(name))
    found.links.append(("name", name_of(name)))


def _plain(text: str) -> str:
    return _ESCAPE.sub("", text)
