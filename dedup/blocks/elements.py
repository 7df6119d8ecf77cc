"""HTML as a flat list of events with byte ranges: tags, text, comments, and what cannot be read.

tree-sitter reads a stand-in for the text that has the same offsets: what is no markup to a browser either (a lone
`<`, an ampersand) is a letter there, and code of another language (`<?php … ?>`, `<% … %>`) one opaque element.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from dedup.sources.encoding import structural

if TYPE_CHECKING:
    from tree_sitter import Language, Node

OPEN, CLOSE, VOID, TEXT, COMMENT, OPAQUE = range(6)

Event = tuple[int, int, int, str]
"""What it is, its first byte, the byte after its last, and the tag's name.

A CLOSE without a length is an element that ends without an end tag. OPAQUE is what cannot be read, or is no HTML.
"""

DEEPEST = 1000
"""The parser remembers open elements in 1024 bytes, and its time grows with their number."""

VOIDS = frozenset("area base br col embed hr img input link meta param source track wbr".split())

_FLAT = VOIDS.union("p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rb rt rp".split())
"""Elements that do not nest in one another, or need no end tag."""

_TOKEN = re.compile(
    rb"""(?P<other>\A(?P<fence>---|\+\+\+)[ \t]*\r?\n.*?^(?P=fence)[ \t]*$  # front matter
          | <\?(?>.*?\?>|.*) | <%(?>.*?%>|.*) | <!\[(?>CDATA\[(?>.*?\]\]>|.*)|[^>]*>|.*) | <!--(?!.*?-->).* )
      | <!--.*?-->
      | </?[A-Za-z](?>"[^"]*"|'[^']*'|[^"'<>])*+>
      | (?P<letter>[&\0] | <(?![A-Za-z/!?]) | (?<=\s)>(?=\s))""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
_NAME = re.compile(rb"</?\s*([A-Za-z][^\s/>]*)")
_TAG = re.compile(rb"<(/?)([A-Za-z][^\s/<>]*)")


def read_events(text: bytes) -> list[Event]:
    """The events of an HTML text in order; one opaque event where it is nested too deep to be read."""
    data = structural(text).encode("utf-8")
    return [(OPAQUE, 0, len(text), "")] if _depth(data) > DEEPEST else _walk(_stand_in(data))


def _depth(data: bytes) -> int:
    """The length of the names of all elements that are open at a time, at the most, as the parser remembers them."""
    depth = deepest = 0
    for slash, raw in _TAG.findall(data):
        name = raw.lower().decode("ascii", "replace")
        if name not in _FLAT:
            size = len(name) + 2
            depth = max(depth - size, 0) if slash else depth + size
            deepest = max(deepest, depth)
    return deepest


def _stand_in(data: bytes) -> bytes:
    """The text as the parser gets it."""
    parts: list[bytes] = []
    position = 0
    for match in _TOKEN.finditer(data):
        start, end = match.span()
        if match["other"] is not None:
            parts += (data[position:start], b"<hr", b" " * (end - start - 4), b">")
        elif match["letter"] is not None:
            parts += (data[position:start], b"x" * (end - start))
        else:
            continue
        position = end
    parts.append(data[position:])
    return b"".join(parts)


@cache
def _language() -> Language:
    # Whoever reads no HTML need not load a parser for it.
    import tree_sitter_html
    from tree_sitter import Language

    return Language(tree_sitter_html.language())


def _walk(data: bytes) -> list[Event]:
    from tree_sitter import Parser

    cursor = Parser(_language()).parse(data).walk()
    events: list[Event] = []
    opened: list[str] = []
    while True:
        node = cursor.node
        assert node is not None
        if node.type in ("document", "element") and cursor.goto_first_child():
            opened.append("")
            continue
        opened[-1:] = [_read_node(node, data, events, opened[-1] if opened else "")][: len(opened)]
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return events
            if name := opened.pop():
                end = events[-1][2]
                events.append((CLOSE, end, end, name))


def _read_node(node: Node, data: bytes, events: list[Event], opened: str) -> str:
    """Add what a node says that is no element; the name of the element around it that is still open, or nothing."""
    kind, start, end = node.type, node.start_byte, node.end_byte
    if kind == "text":
        events.append((TEXT, start, end, ""))
    elif kind == "comment":
        events.append((COMMENT, start, end, ""))
    elif kind == "start_tag":
        match = None if node.has_error else _NAME.match(data, start)
        name = match[1].lower().decode("ascii", "replace") if match else "?"
        if name in VOIDS:  # the parser puts text that follows into the element
            events.append((VOID, start, end, name))
        else:
            events.append((OPEN, start, end, name))
            return name
    elif kind == "end_tag" and opened and not node.has_error:
        events.append((CLOSE, start, end, opened))
        return ""
    elif kind == "self_closing_tag" and not node.has_error:
        match = _NAME.match(data, start)
        name = match[1].lower().decode("ascii", "replace") if match else "?"
        # `<div/>` opens an element to a browser.
        events.append((VOID if name in VOIDS else OPAQUE, start, end, name))
    elif kind != "document":  # of an empty text
        events.append((OPAQUE, start, end, ""))
    return opened
