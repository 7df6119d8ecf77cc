"""How words are written: symbols, code, markup, identifiers and names."""

from __future__ import annotations

import re
import unicodedata

from dedup.decide.difference import words_in
from dedup.decide.lexicon import FUNCTION_WORDS, NEGATIONS
from dedup.decide.lexicon_languages import Lexicon
from dedup.words import Word

_MARKUP = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\$?\{[^{}\s]+\}|\[\[.*?\]\]|\]\[[^\]]*\]|:[a-z_]+:", re.DOTALL)
_TAG = re.compile(r"</?(?:b|i|u|s|em|strong|mark|small|span)>", re.IGNORECASE)
_SYMBOL_WORD = re.compile(r"\S*[<>=≠≤≥±×÷#@&%°$€£¥₹+]\S*")
_OF_NUMBERS = frozenset("%‰°$€£¥₹₽₩¢₺₪฿₫₴+±~≈<>≤≥-–−")
_NO_SYMBOLS = frozenset("`*_~\"'“”‘’«»„‚.,;:!?()[]{}-–—…¿¡")
_CODE = re.compile(r"`([^`]+)`")
_IDENTIFIER = re.compile(
    r"`|\w_\w|[a-z][A-Z]|\w::\w|\w/\w|@\w|\w\.[a-z0-9]|\b[A-Z]\.[A-Z]|^--?\w|\w\(\)|#\w|\\\w|^\w*\d\w*[A-Za-z]\w*$"
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–−"), "-")


def without_tags(text: str) -> str:
    """A text without the tags that only say how it looks."""
    return _TAG.sub("", text)


def plain(text: str) -> str:
    """A text without what only says how it looks, dashes as one."""
    text = unicodedata.normalize("NFC", _TAG.sub("", text)).translate(_DASHES)
    return re.sub(r"(?<!\S)&(?!\S)", " ", text)


def symbols_in(text: str) -> tuple[str, ...]:
    """The symbols that stand in a text, in order, where words do not show them (`C++` and `C`)."""
    found = []
    for word in _SYMBOL_WORD.findall(unicodedata.normalize("NFKC", plain(text))):
        ignored = _NO_SYMBOLS | _OF_NUMBERS if any(map(str.isdigit, word)) else _NO_SYMBOLS
        symbols = "".join(c for c in word if not (c.isalnum() or c in ignored or unicodedata.combining(c)))
        if (symbols and any(map(str.isalnum, word))) or set(symbols) - _OF_NUMBERS:
            found.append(symbols)
    return tuple(found)


def code_in(text: str) -> tuple[str, ...]:
    """The code that stands in a text, in order."""
    return tuple(" ".join(code.split()) for code in _CODE.findall(text))


def in_markup(word: Word, text: str) -> bool:
    """Whether a word stands in a template call, a variable or a reference."""
    return any(match.start() < word.start and word.end < match.end() for match in _MARKUP.finditer(text))


def _whole(word: Word, text: str) -> str:
    """The word with all that stands against it without white space."""
    start, end = word.start, word.end
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return unicodedata.normalize("NFC", text[start:end]).strip("\"'“”‘’«»()[]{}*_~.,;:!?…")


def is_title_case(text: str) -> bool:
    """Whether capitals say nothing, since nearly every word that could be without one has one."""
    words = [w for w in words_in(text) if w.text not in FUNCTION_WORDS and text[w.start].isalpha()]
    capitals = sum(text[word.start].isupper() for word in words)
    return len(words) > 2 and capitals >= 0.8 * len(words)


def _is_cased(c: str) -> bool:
    """Whether a letter is of a script that begins names with a capital: Georgian has capitals, but not for that."""
    category = unicodedata.category(c)
    return category in ("Lu", "Lt") or (category == "Ll" and not c == c.title() != c.upper())


def is_name(word: Word, text: str, shouted: bool, lexicon: Lexicon | None = None) -> bool:
    """Whether a word names someone or something; where `shouted`, capitals do not tell."""
    raw = text[word.start : word.end]
    if not any(c.isalpha() for c in raw) or word.text in FUNCTION_WORDS or word.text in NEGATIONS:
        return False
    if lexicon is not None and (word.text in lexicon.function or word.text in lexicon.places):
        return word.text in lexicon.places
    if not any(map(_is_cased, raw)):
        # A script without capitals does not show its names.
        return True
    return shouted or raw[0].isupper() or any(c.isupper() for c in raw[1:])


def is_identifier(word: Word, text: str) -> bool:
    """Whether a word is written as only identifiers are, with what stands against it."""
    return bool(_IDENTIFIER.search(_whole(word, text))) or in_markup(word, text)
