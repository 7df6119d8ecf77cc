"""The report as one page for a browser: works from the disk, without network, and takes decisions."""

from __future__ import annotations

import zlib
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Any, BinaryIO

from dedup.report.as_json import encoded
from dedup.report.model import Report
from dedup.report.page_data import Limits, Surroundings, findings_in_order, page_data

LARGEST = 9_500_000
"""Texts are cut until the data are no larger than so many bytes; the page says so."""

PLAIN = 1 << 20
"""Data of more bytes is deflated: every browser reads the smaller pages, also those that cannot inflate."""

_LIMITS = (
    Limits(20_000, around=True),
    Limits(4000, around=True),
    Limits(2000, around=False),
    Limits(600, around=False),
    Limits(200, around=False),
    Limits(80, around=False),
)

# In this order: each uses what stands before it.
_SCRIPTS = ("data", "words", "decisions", "filter", "list", "detail", "overview", "tables", "start")


def write(report: Report, out: BinaryIO) -> None:
    """Writes the report as a page."""
    rest = _read("page.html")
    style = _read("style.css")
    script = b'"use strict";\n(() => {\n%s})();\n' % b"\n".join(_read(f"{name}.js") for name in _SCRIPTS)
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    ).encode()
    parts = {b"@policy@": policy, b"@style@": style, b"@data@": _data(report), b"@script@": script}
    for mark, part in parts.items():
        before, rest = rest.split(mark)
        out.write(before)
        out.write(part)
    out.write(rest)


def _read(name: str) -> bytes:
    return (files("dedup.report") / "page" / name).read_bytes().replace(b"\r\n", b"\n")


def _hash(source: bytes) -> str:
    return f"sha256-{b64encode(sha256(source).digest()).decode('ascii')}"


def _data(report: Report) -> bytes:
    """The element that holds the data, with as much of the texts as fits."""
    findings = findings_in_order(report)
    surroundings = Surroundings(report, findings)
    element = b""
    for limits in _LIMITS:
        element = _element(page_data(report, findings, surroundings, limits))
        if len(element) <= LARGEST:
            break
    return element


def _element(data: Any) -> bytes:
    # Without `<` nothing in it can end the element.
    plain = encoded(data).replace(b"<", b"\\u003c")
    if len(plain) <= PLAIN:
        return b'<script type="application/json" id="data">%s</script>' % plain
    packed = b64encode(zlib.compress(plain))
    return b'<script type="application/x-deflate" id="data">%s</script>' % packed
