"""reStructuredText as docutils reads it, to hold what cleaning leaves against, and random documents of it.

Each piece of text in a document has a name of its own, `n` and a number, by which it is known in the tree; further
lines of it have an `x` there.
"""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import roles
from hypothesis import strategies as st

from dedup import document
from dedup.blocks import Kind
from dedup.findings import Ranges
from dedup.match.prepared import prepare
from dedup.output import cut_out

NAME = re.compile(r"\bn\d+x?\b")
_CONTAINERS = (nodes.block_quote, nodes.Admonition, nodes.Sequential, nodes.Part)
_KEPT = ("bullet", "enumtype", "prefix", "suffix", "start", "refuri", "xml:space", "classes")


def read_tree(source: bytes, titles: bool = False) -> nodes.document:
    """The tree of a document."""
    return publish_doctree(
        source.decode("utf-8-sig"),
        settings_overrides={
            "report_level": 5, "halt_level": 5, "warning_stream": "", "doctitle_xform": titles,
            "file_insertion_enabled": False, "raw_enabled": False,
        },
    )  # fmt: skip


def messages(source: bytes) -> Counter[str]:
    """What docutils complains of in a document, without the places."""
    found: list[str] = []

    class Log:
        def write(self, text: str) -> None:
            found.append(text)

    publish_doctree(
        source.decode("utf-8-sig"),
        settings_overrides={
            "report_level": 2, "halt_level": 5, "warning_stream": Log(), "doctitle_xform": False,
            "file_insertion_enabled": False, "raw_enabled": False,
        },
    )  # fmt: skip
    heads = re.findall(r"\((?:WARNING|ERROR|SEVERE)/\d\) .*", "".join(found))
    return Counter(re.sub(r"n\d+|\".*?\"|\d+", "_", head) for head in heads)


def flat(tree: nodes.Node, removed: frozenset[str], depth: int = 0) -> list[str]:
    """The tree as lines, sections side by side, without the texts `removed` and what they leave empty."""
    lines: list[str] = []
    for node in tree.children:
        if isinstance(node, nodes.system_message):
            continue
        if isinstance(node, nodes.section):
            lines += flat(node, removed, depth + 1)
            continue
        if isinstance(node, nodes.Text):
            lines.append(f"text {node.astext()}")
            continue
        names = frozenset(NAME.findall(node.astext()))
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline) and names:
            if names <= removed:
                continue
            assert not names & removed, f"half of {names} is gone"
        is_heading = isinstance(node, nodes.title) and isinstance(node.parent, nodes.section)
        said = [f"{key}={node[key]}" for key in _KEPT if node.get(key)]
        inside = flat(node, removed, depth)
        # An empty paragraph before a literal block is nothing in the tree, and may be all that is left of a quotation.
        if isinstance(node, nodes.admonition) and len(inside) == 3:
            inside = []  # its title alone
        if inside or not isinstance(node, _CONTAINERS):
            lines.append(" ".join([f"<{node.tagname}", str(depth) * is_heading, *said]))
            lines += [*inside, f"</{node.tagname}"]
    return lines


def take_out(source: bytes, chosen: int) -> tuple[bytes, frozenset[str]]:
    """A document without those of the blocks that `chosen` has a bit for and that may go, and the names in these."""
    (prepared,) = prepare([document(source, path="a.rst")], lambda *_: True, 8, None)
    text, blocks, ranges = prepared.document.text, prepared.blocks, Ranges(prepared)
    wanted = [
        number
        for number in range(len(blocks))
        if blocks.kind[number] != Kind.PROTECTED
        and chosen >> number & 1
        and NAME.search(text[blocks.start[number] : blocks.end[number]].decode())
    ]
    while wanted:
        gone = set(wanted)
        culprit = ranges.check([n for n in range(len(blocks)) if n not in gone], wanted)
        if culprit is None:
            break
        wanted.remove(culprit)
    spans = zip(blocks.start[wanted].tolist(), blocks.end[wanted].tolist(), strict=True)
    said = b"\n".join(text[a:b] for a, b in spans).decode()
    return cut_out(text, ranges.of(np.array(wanted, np.int64).tolist())), frozenset(NAME.findall(said))


_TEXTS = (
    "{n} words of a paragraph",
    "{n} words of a paragraph that\ngoes on below {n}x and\nends here {n}x.",
    "{n} with *emphasis*, **strong** ``code`` and `a link <https://example.org/{n}>`_.",
    "{n} refers to name_ and to `see <Title n1_>`__.",
    "{n} refers to a note [1]_.",
    "{n} is anonymous__.",
    "{n} introduces::",
    "{n} introduces ::",
    "{n}\n::",
    "河边的老房子 {n} 里住了很多年",
    "**{n} bold**",
    "{n} ends with a\n- no item {n}x",
    "{n} odd\n  indentation {n}x",
    "A. {n} Einstein",
    "A. {n} Title\n==============",
    "{n} odd\nline {n}x\n  indented {m}\nTitle {n}x\n-------------",
    "| {n} line\nTitle {n}x\n-------------",
    "1985. {n} was a year\nof wonders {n}x",
    "1985. {n} was a year",
    ":{n}: field",
    "-{n}  option",
    "-a  option {n}",
    ">>> {n}",
    "| {n} line\n| block {n}x",
    "__ {n}",
    "> {n} quoted\n> literal {n}x",
    "    {n} indented\n\n    more {m}",
    "-- {n} attribution",
    "{n} : classifier",
)
_PIECES = (
    "..",
    ".. a comment",
    ".. comment {n}\n   goes on {n}x\n\n   and on {n}x",
    ".. _target{n}:",
    ".. _name: https://example.org/name",
    ".. _ malformed",
    "__ https://example.org/anonymous",
    ".. [1] {n} a note",
    ".. [#] {n} a note",
    ".. |sub| replace:: {n} something",
    ".. class:: special",
    ".. image:: {n}.png",
    ".. code:: python\n\n   {n} = 1",
    ".. rubric:: {n}",
    "::",
    "::\n\n   literal {n}",
    "----",
    "====",
    "=====  =====\n{n}    b\n=====  =====\n1      2\n\n3      4\n=====  =====",
    "=====  =====\n{n}    b\n=====  =====",
    "+-----+-----+\n| {n}  | b   |\n+-----+-----+",
    "\t{n} tab",
    "",
    " ",
)
_ADORNMENTS = ("=", "-", "~", "^", "==")
_HEADS = (
    ".. note:: ",
    ".. note::\n",
    ".. warning::\n\n",
    ".. tip::\n   :class: c\n\n",
    ".. admonition:: T\n\n",
)


def _title(number: int, style: str, glued: bool) -> str:
    text = f"Title n{number}"
    rule = style[0] * (len(text) - (number % 7 == 0))
    return (f"{rule}\n{text}\n{rule}" if len(style) > 1 else f"{text}\n{rule}") + "\n" * (not glued)


def _indent(text: str, first: str, rest: str) -> str:
    lines = text.split("\n")
    return "\n".join([first + lines[0], *((rest + line) if line else line for line in lines[1:])])


def make_document(draw: st.DrawFn) -> str:
    """A random document, most of it well-formed."""
    count = 0

    def named(text: str) -> str:
        nonlocal count
        count += 2
        text = text.replace("{m}", f"n{count - 1}")
        return text.replace("{n}", f"n{count}")

    def piece(depth: int) -> str:
        what = draw(st.integers(0, 13 if depth < 4 else 7))
        if what < 5:
            return named(_TEXTS[draw(st.integers(0, 4))])
        if what < 7:
            return named(draw(st.sampled_from(_TEXTS)))
        if what == 7:
            return named(draw(st.sampled_from(_PIECES)))
        if what == 8 and not depth:
            nonlocal count
            count += 1
            return _title(count, draw(st.sampled_from(_ADORNMENTS)), draw(st.booleans()))
        if what == 9:
            return named("{n} term\n") + _indent(body(depth + 1, 2), "  ", "  ")
        if what == 10:
            return _indent(body(depth + 1, 2), "   ", "   ")
        if what == 11:
            return draw(st.sampled_from(_HEADS)) + _indent(body(depth + 1, 3), "   ", "   ")
        return items(depth)

    def items(depth: int) -> str:
        mark = draw(st.sampled_from(("-", "*", "1.", "1.", "#.", "a.", "(1)", "2)")))
        tight = "\n" * draw(st.integers(1, 2))
        first = 0 if not mark.strip("(.)").isdigit() else int(mark.strip("(.)"))
        parts = []
        for number in range(draw(st.integers(1, 4))):
            own = mark.replace(str(first), str(first + number)) if first else mark
            own = own.replace("a", "abcd"[number])
            parts.append(
                _indent(body(depth + 1, draw(st.sampled_from((1, 1, 2)))), own + " ", " " * (len(own) + 1))
            )
        return tight.join(parts)

    def body(depth: int, most: int) -> str:
        text = piece(depth)
        for _ in range(draw(st.integers(0, most - 1))):
            text += draw(st.sampled_from(("\n\n", "\n\n", "\n\n", "\n\n", "\n\n\n", "\n", "\n  \n"))) + piece(
                depth
            )
        return text

    return body(0, 14) + draw(st.sampled_from(("", "\n", "\n\n")))


documents = st.composite(make_document)


def _as_text(
    name: str, rawtext: str, text: str, *rest: object, **more: object
) -> tuple[list[nodes.Node], list[object]]:
    return [nodes.inline(rawtext, text, classes=[name])], []


for _role in ("doc", "ref"):  # Sphinx's own
    roles.register_local_role(_role, _as_text)
