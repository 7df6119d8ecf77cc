"""Pages whose bytes are not UTF-8, in the encoding that they declare."""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

import numpy as np

from dedup.words import I64

_DECLARATION = re.compile(
    rb"""<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+) | <\?xml\s[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE | re.VERBOSE,
)
# Not Windows-1252 and Latin-1, which is how undeclared bytes are read, nor what is not ASCII below 128.
_ENCODING = re.compile(
    r"iso8859-(?:[2-8]|1\d)|cp(?:125[013-8]|866|874|932|949)|koi8-\w|mac-\w+|euc_jp|gb18030|big5hkscs"
)

# What a page means by these names is more than Python does: https://encoding.spec.whatwg.org/#names-and-labels
_WIDER = {
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
}

# Names that pages have and Python does not know: Thai, Hebrew in the order of speech, Japanese, Chinese, Korean.
_OTHER_NAMES = {
    "windows-874": "cp874",
    "dos-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8",
    "x-sjis": "shift_jis",
    "x-euc-jp": "euc_jp",
    "x-gbk": "gbk",
    "x-x-big5": "big5",
    "windows-949": "cp949",
}


def read_declared(page: bytes) -> tuple[bytes, I64] | None:
    """A page as UTF-8, and for every offset in that the one in the page; within a character, that of its end.

    None where it is UTF-8 already, declares no other encoding, or is not in the one that it declares.
    """
    with suppress(UnicodeDecodeError):
        page.decode("utf-8")
        return None
    codec = _declared(page)
    if codec is None:
        return None
    try:
        decoded = page.decode(codec)
        width = {character: len(character.encode(codec)) for character in set(decoded)}
    except UnicodeError:
        return None
    text = decoded.encode("utf-8")
    table = np.zeros(len(text) + 1, np.int64)
    begins = (np.frombuffer(text, np.uint8) & 0xC0) != 0x80
    table[1:][begins] = [width[character] for character in decoded]
    np.cumsum(table, out=table)
    # A character that can be written in more than one way would put all that follow in the wrong place.
    return (text, table) if table[-1] == len(page) else None


def _declared(page: bytes) -> str | None:
    """The codec of the encoding that a page declares, unless that is read in the same way without it."""
    match = _DECLARATION.search(page)
    if match is None:
        return None
    declared = (match[1] or match[2]).decode("ascii", "replace").lower()
    try:
        name = codecs.lookup(_OTHER_NAMES.get(declared) or re.sub(r"\Ax-(?=cp125)", "", declared)).name
    except LookupError:
        return None
    codec = _WIDER.get(name, name)
    return codec if _ENCODING.fullmatch(codec) else None
