"""The report as one page for a browser: works from the disk, without network, and takes decisions."""

from __future__ import annotations

import zlib
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import BinaryIO

from dedup.report.as_json import encoded
from dedup.report.model import Report
from dedup.report.page_data import Limits, Surroundings, findings_in_order, page_data

LARGEST = 9_500_000
"""Texts are cut until the data are no larger than so many bytes; the page says so."""

PLAIN = 1 << 20
"""Data of more bytes is deflated: every browser reads the smaller pages, also those that cannot inflate."""

HOPE = 0.1
"""Deflated, in base64, data are seldom smaller than this share of what they were."""

_LIMITS = (
    Limits(20_000, around=True),
    Limits(2000, around=True),
    *(Limits(text, around=False) for text in (2000, 1000, 600, 400, 300, 240, 200, 160, 120, 80)),
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
    plain, packed, share, lengths = b"", b"", HOPE, [0]
    around = None
    for limits in _LIMITS:
        if limits.around == around:
            less = sum(length - limits.text for length in lengths if length > limits.text)
            if (len(plain) - less) * share > LARGEST and limits is not _LIMITS[-1]:
                continue  # it takes long to make, and would not fit
        data = page_data(report, findings, surroundings, limits)
        # Without `<` nothing in it can end the element.
        plain = encoded(data).replace(b"<", b"\\u003c")
        if len(plain) <= PLAIN:
            return b'<script type="application/json" id="data">%s</script>' % plain
        around, lengths = limits.around, [len(text) for text in data["texts"]]
        if len(plain) * HOPE > LARGEST and limits is not _LIMITS[-1]:
            continue
        packed = b64encode(zlib.compress(plain))
        if len(packed) <= LARGEST:
            break
        share = len(packed) / len(plain)
    return b'<script type="application/x-deflate" id="data">%s</script>' % packed
