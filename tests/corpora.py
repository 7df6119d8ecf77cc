"""Random corpora for property tests: documents put together from a small pool of blocks, edited and copied in parts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from dedup.documents import Document, Syntax
from dedup.sources.encoding import decode

PARAGRAPHS = (
    "The committee met in the town hall on a rainy evening to hear what people had to say about the new road, and "
    "most of those who came spoke against it because the noise would reach the school.",
    "Nobody in the village remembers when the old mill by the river was built, but everybody knows the story of the "
    "miller's daughter who crossed the frozen water at night to fetch a doctor.",
    "At least 30 people were injured when a train left the rails near Aachen on Friday, the police said, and the "
    "line will stay closed until the damage is repaired; buses take those who travel from one town to the other as "
    "often as they can, which is once in half an hour.",
    "Café owners in the old quarter say that they do not expect many guests before the summer; the naïve hope of an "
    "early season has gone, and the prices have risen by 1.5 percent.",
    "The operator reads the value from the queue and compares it with the target, then it asks for more replicas if "
    "the queue is longer than what the running ones can work off.",
    "Use the following fields to tell the server where the metrics come from, how often they are read and what to "
    "do when no value is found in the last minute:",
    "A short note that closes the page.",
    "Hello world.",
    "You may not use this file except in compliance with the licence, and not unless the law asks for it or the owner "
    "agrees in writing, is it handed on; see the notes below for what the owner may ask of those who do not comply.",
    "她在河边的老房子里住了很多年，每天早上都会去市场买菜，然后回家给孩子们做饭，晚上坐在门口看星星。",
)
HEADLINES = (
    "The Road and the School",
    "What Happens Next in the Valley",
    "What Happens Next in the Green Valley Below",
    "What Will Happen Next in the Green Valley Below",
    "Parameters",
    "Example",
    "See also the notes",
)
SHOWN = (
    "```\nkey: value\n\nother: value\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "    indented code\n    more of it",
    "~~~ js\nlet x = 1\n~~~",
)
MARKUP = (
    "<div>",
    "</div>",
    "<!-- a comment -->",
    ":::note",
    ":::",
    "{{< hint >}}",
    "---",
    "***",
    "===",
    "[ref]: https://example.org/a",
    "> [!NOTE]",
    "$$",
    "<details>\n\n",
    "[^1]: A note at the foot of the page that says where all of this comes from.",
    "import Tabs from '@theme/Tabs'",
    "<Tab name='a'>",
    "!!! note",
    "{% if a %}",
    "```",
    "Term\n: what it means to those who use it",
)
ITEMS = (
    "port - The port of the server.",
    "name - The name of the queue that is read from, as it is written in the settings of the broker.",
    "host",
    "Add the users who need to see the page to the group, and tell them where it is.",
)
TITLES = ("---\ntitle: The Road\n---", "---\ntitle: The Mill\nweight: 3\n---", "+++\ntitle = 'Road'\n+++")

EDITS = 18


def edit(text: str, number: int) -> str:
    """One of a few changes to a text: none, harmless ones, some that touch a fact."""
    words = text.split(" ")
    middle = len(words) // 2
    if number == 1:
        return text.upper()
    if number == 2 and len(words) > 6:
        return " ".join(words[:middle] + words[middle + 1 :])
    if number == 3 and len(words) > 6:
        return " ".join([*words[:4], "quietly", *words[4:]])
    if number == 4 and len(words) > 6:
        return " ".join([*words[:middle], "not", *words[middle:]])
    if number == 5:
        return text.replace("30", "32").replace("1.5", "15")
    if number == 6 and len(words) > 6:
        return " ".join(
            [*words[:middle], "[" + words[middle] + "](https://example.org/b)", *words[middle + 1 :]]
        )
    if number == 7:
        return text.replace(",", " —").replace("'", "’")
    if number == 8 and len(words) > 10:
        return " ".join([*words[:-5], "as", "they", "say", *words[-5:]])
    if number == 9 and len(words) > 6:
        return " ".join([*words[:-2], "also", *words[-2:]])
    if number == 10 and len(words) > 10:
        # Hard-wrapped.
        return "\n".join(" ".join(words[at : at + 9]) for at in range(0, len(words), 9))
    if number == 11:
        return text + "  "
    if number == 12 and len(words) > 6:
        return f"{words[0]} AT&amp;T {' '.join(words[1:])}"
    if number == 13:
        return text.removesuffix(".") + ":"
    if number == 14:
        return "\ufeff" + text
    if number == 15:
        return "ÿþ" + text
    if number == 16 and len(words) > 10:
        return "\n".join((" ".join(words[:middle]), " ".join(words[middle:])))
    if number == 17:
        return f"**{text}**"
    return text


@dataclass(frozen=True)
class Fragment:
    """One piece of a document: what it is, which of the pool, which edit, and the blank lines after it."""

    what: str
    pick: int
    edit: int
    gap: int

    def render(self) -> str:
        """The piece as Markdown or plain text."""
        if self.what == "paragraph":
            return edit(PARAGRAPHS[self.pick % len(PARAGRAPHS)], self.edit)
        if self.what == "long":
            return edit(PARAGRAPHS[self.pick % 5], self.edit)
        if self.what in ("heading", "subheading"):
            mark = "##" if self.what == "heading" else "###"
            return f"{mark} {edit(HEADLINES[self.pick % len(HEADLINES)], self.edit)}"
        if self.what == "bare":
            return edit(HEADLINES[self.pick % len(HEADLINES)], self.edit)
        if self.what == "bold":
            return f"**{HEADLINES[self.pick % len(HEADLINES)]}**"
        if self.what == "setext":
            return f"{HEADLINES[self.pick % len(HEADLINES)]}\n{'=-'[self.edit % 2] * 5}"
        if self.what == "item":
            mark = ("- ", "* ", "1. ", "  - ", "2) ", "> - ", "- # ")[self.edit % 7]
            return mark + ITEMS[self.pick % len(ITEMS)]
        if self.what == "long item":
            return "- " + edit(PARAGRAPHS[self.pick % 5], self.edit if self.edit not in (10, 11) else 0)
        if self.what == "in item":
            return "  " * (1 + self.edit % 2) + PARAGRAPHS[self.pick % 5]
        if self.what == "quote":
            return "\n".join(
                "> " * (1 + self.pick // 10) + line
                for line in edit(PARAGRAPHS[self.pick % 5], self.edit).split("\n")
            )
        if self.what == "shown":
            return SHOWN[self.pick % len(SHOWN)]
        return MARKUP[self.pick % len(MARKUP)]


_WHAT = (
    ["paragraph"] * 5
    + ["long"] * 3
    + ["heading"] * 2
    + ["item"] * 2
    + ["subheading", "bare", "bold", "setext", "long item", "in item", "quote", "shown", "shown", "markup"]
)

edits = st.one_of(st.sampled_from((1, 2, 3, 4, 5, 6)), st.integers(0, EDITS - 1))
fragments = st.builds(
    Fragment,
    what=st.sampled_from(_WHAT),
    pick=st.integers(0, 12),
    edit=st.one_of(st.just(0), edits),
    gap=st.sampled_from((1, 1, 1, 1, 0, 2, 3, 4)),
)

GAPS = ("\n", "\n\n", "\n\n\n", "\n \t\n", "\n\f\n")
NEWLINES = ("\n", "\n", "\r\n", "\r")
ENCODINGS = ("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1")


def encode(text: str, encoding: str) -> bytes:
    """The text's bytes; Latin-1 for what it can hold, UTF-8 for the rest."""
    if encoding != "latin-1" or text.startswith("ÿþ"):  # in Latin-1, what UTF-16 begins with
        encoding = "utf-8" if encoding == "latin-1" else encoding
        return text.encode(encoding)
    parts = (
        line.encode("latin-1", "ignore") if line.isascii() or max(line) < "\u0100" else line.encode()
        for line in text.splitlines(keepends=True)
    )
    return b"".join(parts)


@st.composite
def corpora(draw: st.DrawFn, syntaxes: tuple[Syntax, ...] = ("text", "markdown")) -> list[Document]:
    """A few documents; later ones are partly copies of stretches of earlier ones."""
    syntax = draw(st.sampled_from(syntaxes))
    documents: list[Document] = []
    pool: list[list[Fragment]] = []
    for number in range(draw(st.integers(1, 4))):
        pieces = list(draw(st.lists(fragments, min_size=1, max_size=8)))
        if pool and draw(st.booleans()):
            source = draw(st.sampled_from(pool))
            first = draw(st.integers(0, max(len(source) - 1, 0)))
            stop = draw(st.integers(first, len(source)))
            at = draw(st.integers(0, len(pieces)))
            pieces[at:at] = [_edited(draw, piece) for piece in source[first:stop]]
        if draw(st.booleans()):
            first = draw(st.integers(0, len(pieces) - 1))
            stop = draw(st.integers(first, len(pieces)))
            pieces += pieces[first:stop]
        pool.append(pieces)
        documents.append(_document(draw, pieces, number, syntax))
    return documents


def _edited(draw: st.DrawFn, piece: Fragment) -> Fragment:
    """A copy of a piece, one in three times changed."""
    return replace(piece, edit=draw(edits)) if not draw(st.integers(0, 2)) else piece


def _document(draw: st.DrawFn, pieces: list[Fragment], number: int, syntax: Syntax) -> Document:
    parts = [piece.render() + GAPS[piece.gap] for piece in pieces]
    title = draw(st.integers(0, 8))
    if title < len(TITLES):
        parts.insert(0, TITLES[title] + "\n\n")
    text = "".join(parts)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    text = text.replace("\n", draw(st.sampled_from(NEWLINES)))
    path = draw(st.sampled_from(("a/mill", "b/road", "a/queue"))) + str(number)
    return decode(path, encode(text, draw(st.sampled_from(ENCODINGS))), syntax, path)
