"""Asciidoctor, the format's own tool, as the judge of what a text means."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Node = list[Any]
"""What a node is, and the nodes in it."""

MARK = "Qqqqqqq"
LISTS = ("[:ulist", "[:olist", "[:dlist", "[:colist")

_NUMBERS = re.compile(r'_footnote(?:ref|def)_\d+|(?<=title="View footnote.">)\d+')


@cache
def _process() -> subprocess.Popen[str]:
    # One process for all texts: it takes half a second to start.
    return subprocess.Popen(
        ["ruby", str(Path(__file__).with_suffix(".rb"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


needs_asciidoctor = pytest.mark.skipif(
    shutil.which("asciidoctor") is None,
    reason="needs Asciidoctor (`apt-get install asciidoctor`, or `gem install asciidoctor`)",
)


def tree(text: str) -> Node:
    """The blocks that Asciidoctor finds in a text, each with its HTML."""
    process = _process()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(text) + "\n")
    process.stdin.flush()
    found: Node = json.loads(process.stdout.readline())
    return found


def marked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """A text with a mark in each of the ranges of bytes, which Asciidoctor shows where it shows them.

    Asciidoctor's line numbers would tell as much, but it loses count where the preprocessor drops lines.
    """
    data = text.encode()
    for start, end in sorted(spans, reverse=True):
        block = data[start:end].rstrip()
        above, _, line = block.rpartition(b"\n")
        over, _, title = above.decode().rstrip().rpartition("\n")
        if line and set(line) <= {line[0]} and line[:1] in b"=-~^+" and abs(len(title) - len(line)) < 2:
            # An underline is as long as its title; a title of one line may be of any length.
            block = f"{over}\n{'=' * (b'=-~^+'.index(line[:1]) + 1)} {MARK}".encode()
        elif block.endswith((b"::", b";;")):  # a term, whose text follows
            block = above + b"\n" * bool(above) + MARK.encode() + b" " + line.lstrip()
        elif block != b"+":
            block += b" " + MARK.encode()
        data = data[:start] + block + data[start + len(data[start:end].rstrip()) :]
    return data.decode()


def less(node: Node) -> Node:
    """A node without those that hold a mark; a list goes as a whole."""
    what, nodes = node
    return [what, [less(each) for each in nodes if not _is_marked(each)]]


def _is_marked(node: Node) -> bool:
    what, nodes = node
    return MARK in what or (what.startswith(LISTS) and MARK in str(nodes))


def plain(node: Node) -> Node:
    """A node without the numbers that footnotes are given in the order they come in."""
    what, nodes = node
    return [_NUMBERS.sub("n", what), [plain(each) for each in nodes]]
