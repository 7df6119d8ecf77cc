"""From a file's bytes to the text that is cut and compared, with the way back to the bytes.

Nothing is converted that need not be: only UTF-16, and pages in an encoding that they declare, are rewritten, as
UTF-8 with a table of offsets. Text in an undeclared 8-bit encoding stays as it is and is decoded block by block,
since files put together from several sources hold more than one encoding.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress

import numpy as np
import numpy.typing as npt

from dedup.documents import Document, Syntax

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class NotText(Exception):
    """Bytes that cannot be read as text; its text is the reason in one clause."""


class Binary(NotText):
    """Bytes that do not mean to be text: they hold a NUL."""


def decode(path: str, data: bytes, syntax: Syntax, inside: str) -> Document:
    """The document that a file's bytes make.

    Raises Binary where they hold a NUL, NotText where they declare UTF-16 and are not, or are no notebook.
    """
    if syntax == "notebook":
        from dedup.sources.notebooks import read_notebook

        return read_notebook(path, data, inside)
    encoding = _UTF16.get(data[:2])
    if encoding is not None:
        return _from_utf16(path, data, encoding, syntax, inside)
    if b"\0" in data:
        raise Binary("binary file")
    if data.startswith(codecs.BOM_UTF8):
        shift = len(codecs.BOM_UTF8)
        return Document(path, data, data[shift:], syntax, inside, shift)
    if syntax == "html":
        from dedup.sources.declared import read_declared

        declared = read_declared(data)
        if declared is not None:
            return Document(path, data, declared[0], syntax, inside, table=declared[1])
    return Document(path, data, data, syntax, inside)


def _from_utf16(path: str, data: bytes, encoding: str, syntax: Syntax, inside: str) -> Document:
    try:
        text = data[2:].decode(encoding).encode("utf-8")
    except UnicodeDecodeError:
        raise NotText("not valid UTF-16") from None
    # What starts like UTF-16 and has NULs all the same is UTF-32, or a binary file that happens to begin so.
    if b"\0" in text:
        raise Binary("binary file")
    return Document(path, data, text, syntax, inside, table=_utf16_offsets(text))


def _utf16_offsets(text: bytes) -> npt.NDArray[np.int64]:
    """For every offset in UTF-8 text, the one in its UTF-16 source; within a character, that of its end."""
    units = np.frombuffer(text, np.uint8)
    # A character counts with its first byte: 4 bytes of UTF-16 (a surrogate pair) where UTF-8 has 4, else 2.
    width = np.where(units >= 0xF0, 4, 2)
    width[(units & 0xC0) == 0x80] = 0
    table = np.zeros(len(text) + 1, np.int64)
    np.cumsum(width, out=table[1:])
    table += 2  # the byte order mark
    return table


# Windows-1252, with the five bytes it leaves undefined taken as Latin-1: every byte means something.
_WESTERN = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)}


def decode_block(data: bytes) -> str:
    """The characters of one block: UTF-8 where it is valid, else Windows-1252."""
    for encoding in ("utf-8", "cp1252"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    # The table alone would do, but more than ten times as slowly.
    return data.decode("latin-1").translate(_WESTERN)


_ESCAPED_BYTE = re.compile("[\udc80-\udcff]")


def structural(text: bytes) -> str:
    """A stand-in for text whose UTF-8 form has the same offsets, each byte that is not UTF-8 written as `x`.

    For parsers that take nothing but Unicode: to them, an 8-bit letter is a letter like any other.
    """
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        return _ESCAPED_BYTE.sub("x", text.decode("utf-8", "surrogateescape"))
