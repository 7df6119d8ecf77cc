"""What a reader sees of AsciiDoc text, and what its words leave out: targets, code, footnotes, attributes.

Expressions never reach over a closing bracket or far ahead, so that text of any size takes time in proportion.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

_MARKED = re.compile(r"[*_`#^~{}\[\]<>()+\\&:$]")
_HARD_BREAK = re.compile(r"[ ]\+[ \t\r]*$", re.MULTILINE)
_TOKEN = re.compile(
    r"""\\(?P<escaped>[*_`\#^~{+\[(<\\])
      | \+\+\+(?P<raw>[^+]*+)\+\+\+ | \$\$(?P<dollars>[^$]*+)\$\$ | \+\+(?P<plusses>[^+]++)\+\+
      | (?<![\w;:])\+(?P<plus>[^+\s](?:[^+]{0,500}[^+\s])?)\+(?!\w)
      | (?P<macro>footnote(?:ref)?|(?<![\w:])(?!\w{0,60}footnote)[a-z][\w-]{0,30}):(?P<target>[^\s\[\]]{0,500}+)\[(?P<inside>(?:[^\]\\]|\\.){0,1000}+)\]
      | (?P<url>\b(?:https?|ftp|irc|file)://[^\s\[\]<>]+)
      | <<(?P<xref>[^<>]{1,500})>>
      | (?P<anchor>\[\[[^\[\]]{1,300}\]\])
      | \(\(\((?P<hidden>[^()]{1,500})\)\)\) | \(\((?P<term>[^()]{1,500})\)\)
      | \{(?P<counter>(?:set|counter2?):[^{}]{1,300})\} | \{(?P<name>\w[\w-]{0,100})\}
      | "`(?P<double>[^`]{1,1000})`" | '`(?P<single>[^`]{1,1000})`'
      | (?P<role>\[[^\[\]]{1,100}\])(?=[*_\#`])
      | ``(?P<codes>[^`]++)`` | (?<![\w"'])`(?P<code>[^`\s](?:[^`]{0,500}[^`\s])?)`(?![\w"'])
      | \^(?P<above>[^\s^]{1,100})\^ | ~(?P<below>[^\s~]{1,100})~
    """,
    re.VERBOSE | re.DOTALL,
)
_QUOTES = tuple(
    re.compile(pattern)
    for mark in "*_#"
    for pattern in (
        rf"\{mark}\{mark}([^\{mark}]++)\{mark}\{mark}",
        rf"(?<!\w)\{mark}([^\{mark}\s](?:[^\{mark}]{{0,1000}}[^\{mark}\s])?)\{mark}(?!\w)",
    )
)
_CHARACTERS = {
    "nbsp": " ", "sp": " ", "empty": "", "blank": "", "zwsp": "", "wj": "", "amp": "&", "lt": "<", "gt": ">", "plus": "+",
    "apos": "'", "quot": '"', "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "deg": "°", "startsb": "[", "endsb": "]",
    "vbar": "|", "caret": "^", "asterisk": "*", "tilde": "~", "backslash": "\\", "backtick": "`", "brvbar": "¦",
    "two-colons": "::", "two-semicolons": ";;", "pp": "++", "cpp": "C++",
}  # fmt: skip
_REFERENCE = re.compile(r"\{(\w[\w-]{0,100})\}")
_HIDING = frozenset(("indexterm", "anchor", "footnote", "footnoteref"))
_PICTURES = frozenset(("image", "icon"))


@dataclass(slots=True)
class Shown:
    """What a reader sees of a text, and what else it says.

    `bound` says that something depends on the text being there: it is an anchor, counts, or holds a named footnote.
    """

    visible: str
    links: list[str]
    bound: bool = False


def read_inline(text: str, values: Mapping[str, str]) -> Shown:
    """What a reader sees of a text; `values` are those of the attributes that the document has set so far."""
    shown = Shown(text, [])
    if _MARKED.search(text):
        text = _tokens(_HARD_BREAK.sub("", text), shown, values)
        for pattern in _QUOTES:
            text = pattern.sub(r"\1", text)
        shown.visible = unescape(text)
    return shown


def _tokens(text: str, shown: Shown, values: Mapping[str, str]) -> str:
    return _TOKEN.sub(lambda match: _read(match, shown, values), text)


def _read(match: re.Match[str], shown: Shown, values: Mapping[str, str]) -> str:
    """The text in the place of one piece of markup; what its words leave out goes to the links."""
    kind = match.lastgroup or ""
    said = match[kind]
    if kind == "inside":
        return _tokens(_macro(match, shown, values), shown, values)
    if kind == "name":
        value = values.get(said.lower())
        if value is None or _MARKED.search(value):
            shown.links.append(f"{{{said}}} {value}")
        return _CHARACTERS.get(said.lower(), match[0]) if value is None else value
    if kind in ("code", "codes"):
        if not (said.isalpha() and said.islower()):
            shown.links.append(f"code {_filled(said, values)}")
        return f"`{said}`"
    if kind == "xref":
        target, _, label = said.partition(",")
        shown.links.append(f"xref {_filled(target.strip(), values)}")
        return _tokens(label.strip() or target.strip(), shown, values)
    if kind in ("anchor", "counter"):
        shown.bound = True
        return ""
    if kind == "url":
        shown.links.append(f"link {said}")
    elif kind in ("raw", "hidden", "term", "role", "above", "below"):
        shown.links.append(f"{kind} {said}")
    if kind in ("hidden", "role"):
        return ""
    return f"“{_tokens(said, shown, values)}”" if kind in ("double", "single") else said


def _macro(match: re.Match[str], shown: Shown, values: Mapping[str, str]) -> str:
    name, target, inside = match["macro"], match["target"], match["inside"]
    if name == "anchor" or (name.startswith("footnote") and (name != "footnote" or target)):
        shown.bound = True
    is_link = target.startswith("//") or name in ("link", "mailto")
    if is_link or name == "xref":
        scheme = "" if name in ("link", "xref") else f"{name}:"
        shown.links.append(f"{'xref' if name == 'xref' else 'link'} {scheme}{_filled(target, values)}")
    else:
        shown.links.append(_filled(match[0], values))
    if name in _HIDING:
        return ""
    if is_link or name in _PICTURES:
        inside = inside.partition(",")[0].rstrip("^")
    return inside or (target if is_link or name == "xref" else "")


def _filled(text: str, values: Mapping[str, str]) -> str:
    """A target with the values of the attributes in it."""
    if "{" not in text:
        return text
    return _REFERENCE.sub(lambda match: values.get(match[1].lower(), match[0]), text)
