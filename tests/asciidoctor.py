"""Asciidoctor, the format's own tool, as the judge of what a text means."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

Node = list[Any]
"""The line that a node begins on, what it is, and the nodes in it."""

_NUMBERS = re.compile(r'_footnote(?:ref|def)_\d+|(?<=title="View footnote.">)\d+')


@cache
def _process() -> subprocess.Popen[str]:
    # One process for all texts: it takes half a second to start.
    return subprocess.Popen(
        ["ruby", str(Path(__file__).with_suffix(".rb"))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


needs_asciidoctor = pytest.mark.skipif(
    shutil.which("asciidoctor") is None,
    reason="needs Asciidoctor (`apt-get install asciidoctor`, or `gem install asciidoctor`)",
)


def tree(text: str) -> Node:
    """The blocks that Asciidoctor finds in a text, each with its line and its HTML."""
    process = _process()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(text) + "\n")
    process.stdin.flush()
    found: Node = json.loads(process.stdout.readline())
    return found


def less(node: Node, gone: set[int]) -> Node:
    """A node without those that begin on one of the lines."""
    line, what, nodes = node
    return [line, what, [less(each, gone) for each in nodes if each[0] not in gone]]


def plain(node: Node) -> Node:
    """A node without its lines, and without the numbers that footnotes are given in the order they come in."""
    _, what, nodes = node
    return [_NUMBERS.sub("n", what), [plain(each) for each in nodes]]
