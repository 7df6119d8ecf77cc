"""A cleaned Markdown document parses to the blocks of its source less the removed ones: nothing joins or swallows."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyromark
import pytest
from corpora import corpora
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Cleaned, Cleaner, Document, Settings, document
from dedup.report.model import Removal

OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_GFM
)
FRONT_MATTER = re.compile(
    r"(---|\+\+\+)[ \t]*(?:\r\n|\r|\n)(?=[ \t]*\S)(?:.*?[\r\n])??\1[ \t]*(?=[\r\n]|\Z)", re.DOTALL
)
INLINE = ("Emphasis", "Strong", "Strikethrough", "Link", "Image")

P = "The committee met in the town hall on a rainy evening to hear what people had to say about the new road."
Q = "Nobody in the village remembers when the old mill by the river was built, but everybody knows its story."
R = "Café owners in the old quarter say that they do not expect many guests before the summer comes to town."

EITHER = st.sampled_from(
    [Settings.of(), Settings.of(preset="corpus", headlines="remove"), Settings.of(min_words=3)]
)


@dataclass
class Node:
    """A block as the parser sees it: its tag, and the blocks inside or the lines of its text."""

    tag: str
    start: int
    children: list[Node] = field(default_factory=list)
    lines: list[tuple[int, list[str]]] = field(default_factory=list)

    def less(self, gone: Callable[[int], bool]) -> Node | None:
        """The block without what lies in removed ranges, None where nothing of it is left."""
        children = [left for child in self.children if (left := child.less(gone))]
        lines = [line for line in self.lines if not gone(line[0])]
        if (self.children or self.lines) and not (children or lines):
            # The first line of an alert, `> [!NOTE]`, is protected and stays.
            alert = "'BlockQuote': '" in self.tag and not gone(self.start)
            return Node(self.tag, self.start) if alert else None
        if not self.children and not self.lines and gone(self.start):
            return None
        return Node(self.tag, self.start, children, lines)

    def plain(self) -> tuple[Any, ...]:
        """The block without its place."""
        return (self.tag, [child.plain() for child in self.children], [line for _, line in self.lines])


def tree(text: str) -> Node:
    root = Node("document", 0)
    stack = [root]
    fresh = True
    # The parser does not see all that ends in a lone CR.
    text = re.sub(r"\r(?!\n)", "\n", text)
    front = FRONT_MATTER.match(text)
    skipped = 0
    if front:
        root.children.append(Node(f"front matter {front[0]}", 0))
        skipped = len(front[0].encode())
        text = text[front.end() :]
    for event, span in pyromark.events_with_range(text, options=OPTIONS):
        start = span["start"] + skipped
        if event in ("SoftBreak", "HardBreak"):
            fresh = True
            continue
        name, value = (event, "") if isinstance(event, str) else next(iter(event.items()))
        tag = next(iter(value)) if isinstance(value, dict) else value
        if name == "Start" and tag not in INLINE:
            node = Node(str(value), start)
            stack[-1].children.append(node)
            stack.append(node)
            fresh = True
        elif name == "End" and tag not in INLINE:
            stack.pop()
            fresh = True
        elif name == "Rule":
            stack[-1].children.append(Node("Rule", start))
            fresh = True
        else:
            holder = _text_holder(stack[-1], start)
            if fresh or not holder.lines:
                holder.lines.append((start, []))
                fresh = False
            holder.lines[-1][1].append(f"{name} {value}")
    return root


def _text_holder(node: Node, start: int) -> Node:
    """Where text goes: an item of a tight list has it without a paragraph around it."""
    if not node.tag.startswith("Item"):
        return node
    if not node.children or node.children[-1].tag != "text of an item":
        node.children.append(Node("text of an item", start))
    return node.children[-1]


def check(source: Document, cleaned: Cleaned) -> None:
    """The oracle: the tree of the cleaned text is the source's tree less what the report says was removed."""
    text = source.source.decode()
    ranges = [(removal.start, removal.end) for removal in cleaned.removals]

    def gone(start: int) -> bool:
        return any(a <= start < b for a, b in ranges)

    before = tree(text).less(gone)
    after = tree(cleaned.content.decode())
    assert (before.plain() if before else ("document", [], [])) == after.plain()


def clean(*texts: str, chosen: Settings | None = None, **options: Any) -> list[Cleaned]:
    cleaner = Cleaner(chosen or Settings.of(options))
    documents = [document(text, f"{number}.md", "markdown") for number, text in enumerate(texts)]
    results = [cleaner.clean(each) for each in documents]
    for each, cleaned in zip(documents, results, strict=True):
        check(each, cleaned)
    return results


def is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def removed(results: Sequence[Cleaned]) -> list[str]:
    removals: list[Removal] = [removal for cleaned in results for removal in cleaned.removals]
    return [removal.text.strip() for removal in removals]


PIECES = (
    [P, Q, R] * 3
    + [f"{P}\n{Q}", f"{P}\n===", f"{Q}\n---", f"# {P}", "## Two words", "Two words", "**Two words in bold**"]
    + [
        "- one",
        "- two\n- three",
        "* star",
        "1. first",
        "3) third",
        f"- {P}",
        f"- {P}\n\n  {Q}",
        f"  {P}",
        f"    {Q}",
    ]
    + ["- outer\n  - inner\n\n    inner text", f"1. {Q}\n   - {R}", "- [ ] task\n- [x] done", "-", "1."]
    + [
        f"> {P}",
        f"> {Q}\n> {R}",
        f"> {P}\n>\n> {Q}",
        f"> > {P}",
        "> - one\n> - two",
        f"> {P}\n{Q}",
        ">",
        "> [!NOTE]",
    ]
    + [
        "---",
        "***",
        "===",
        "+++",
        "```",
        "```js\nlet x\n\nlet y\n```",
        "~~~",
        "    code",
        "\tcode\n\n    more",
    ]
    + ["| a | b |\n|---|---|\n| c | d |", "| a |", "|---|", "a | b"]
    + [
        "<div>",
        "</div>",
        "<!-- x -->",
        "<!--",
        "-->",
        "<details><summary>s</summary>",
        f"<p>\n{P}\n</p>",
        "<span>x</span>",
    ]
    + [
        "[a]: https://example.org",
        f"[^1]: {Q}",
        f"See [a] and [^1]. {R}",
        "Term\n: definition",
        ":::note",
        ":::",
    ]
    + [
        "{{< tab >}}",
        "{% raw %}",
        "!!! note",
        "import A from 'a'",
        "<Tab>",
        "</Tab>",
        "\\",
        "#",
        "* * *",
        f"{P}  ",
    ]
)
pieces = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(("\n\n", "\n\n", "\n\n", "\n", "\n\n\n", "\n \n"))),
    max_size=9,
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    chosen = draw(pieces)
    repeated = (
        chosen + draw(st.permutations(chosen)) if draw(st.booleans()) else chosen * draw(st.integers(1, 2))
    )
    front = draw(
        st.sampled_from(("", "", "", "---\ntitle: T\n---\n\n", "+++\ntitle = 'T'\n+++\n", "---\n\n"))
    )
    text = front + "".join(piece + gap for piece, gap in repeated)
    newline = draw(st.sampled_from(("\n", "\n", "\n", "\r\n", "\r")))
    return text.replace("\n", newline)


@settings(max_examples=1000, deadline=None)
@given(sources=st.lists(texts(), min_size=1, max_size=3), chosen=EITHER)
def test_what_stays_is_read_as_it_was(sources: list[str], chosen: Settings) -> None:
    clean(*sources, chosen=chosen)


@settings(max_examples=500, deadline=None)
@given(documents=corpora(("markdown", "mdx")), chosen=EITHER)
def test_what_stays_of_a_corpus_is_read_as_it_was(documents: list[Document], chosen: Settings) -> None:
    cleaner = Cleaner(chosen)
    for each, cleaned in zip(documents, cleaner.feed(documents), strict=True):
        if each.source is each.text and is_utf8(each.source):
            check(each, cleaned)


def test_the_oracle_sees_what_it_is_for() -> None:
    (cleaned,) = clean(f"{P}\n\n{Q}\n\n{P}\n\n- one\n")
    assert removed([cleaned]) == [P]
    wrong = document(f"{P}\n\n{Q}\n\n{P}\n\n- one\n- two\n", "0.md", "markdown")
    with pytest.raises(AssertionError):
        check(wrong, cleaned)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "text",
    [
        f"{P}\n\n- one\n- two\n\n{P}\n\n- three\n",
        f"{P}\n\n1. one\n\n{P}\n\n3. two\n",
        f"{P}\n\n> {Q}\n>\n> {P}\n\n{R}\n",
        f"{P}\n\n> {Q}\n>\n> {P}\n\n## {R}\n",
        # CommonMark would keep these apart, Python-Markdown and kramdown would not.
        f"{P}\n\n- one\n- two\n\n{P}\n\n* three\n",
        f"{P}\n\n- one\n\n{P}\n\n1. two\n",
        f"{P}\n\n> {Q}\n\n{P}\n\n> {R}\n",
        f"{P}\n\n- one\n\n{P}\n\n    code of its own\n",
        f"{P}\n\n- one\n\n{P}\n\n  {Q}\n",
        f"> {P}\n>\n> - one\n>\n> {P}\n>\n> - two\n",
        f"{P}\n\n    code\n\n{P}\n\n    more code\n",
        f"{P}\n\n<div>\n{P}\n</div>\n",
        f"<details>\n\n{P}\n\n</details>\n\n<details>\n\n{P}\n\n</details>\n",
    ],
    ids=lambda text: repr(text.replace(P, "P").replace(Q, "Q").replace(R, "R")),
)
def test_a_repeat_stays_where_its_neighbours_would_join(text: str, newline: str) -> None:
    assert removed(clean(text.replace("\n", newline))) == []


@pytest.mark.parametrize(
    "text",
    [
        f"{P}\n\n- one\n\n{P}\n\n{Q}\n\n- two\n",
        f"{P}\n\n```\ncode\n```\n{Q}\n\n{P}\n\n~~~\ncode\n~~~\n".replace(f"{P}\n\n~~~", f"{P}\n\n{R}\n\n~~~"),
        f"{P}\n\n---\n\n{P}\n\n---\n\n{Q}\n",
        f"{P}\n\n{Q}\n\n{P}\n\n===\n",
        f"{P}\n\nTwo words\n\n{P}\n\n---\n",
        f"{P}\n\n| a | b |\n|---|---|\n| c | d |\n\n{Q}\n\n{P}\n\n| e |\n",
        f"{P}\n\n[a]: https://example.org\n\n{P}\n\n[b]: https://example.org/b\n",
    ],
    ids=lambda text: repr(text.replace(P, "P").replace(Q, "Q").replace(R, "R")),
)
def test_a_repeat_goes_where_its_neighbours_stay_apart(text: str) -> None:
    assert removed(clean(text, near="remove")) == [P]


def test_a_rule_does_not_become_front_matter() -> None:
    text = f"{P}\n\n---\ntitle: no title\n---\n\n{Q}\n"
    _, cleaned = clean(P, text)
    assert removed([cleaned]) == []
    assert [flag.guard for flag in cleaned.flags] == ["structure"]
    assert removed(clean(P, f"{R}\n\n{text}")) == [P]
    # Other parsers than this one see front matter down to the next rule.
    for rule in ("---", "+++"):
        assert removed(clean(P, f"{P}\n\n{rule}\n\n{Q}\n\n{rule}\n\n{R}\n")) == []


def test_a_rule_does_not_make_a_heading_of_what_stands_above() -> None:
    text = f"## What the wall is for\n\n{P}\n\n{Q}\n## What the wall is for\n---\n{R}\n"
    assert removed(clean(text, headlines="remove")) == []
    apart = text.replace(f"{Q}\n", f"{Q}\n\n")
    assert removed(clean(apart, headlines="remove")) == ["## What the wall is for"]


def test_a_paragraph_directly_under_a_heading_goes_without_it() -> None:
    first, second = clean(f"# One\n{P}\n\n{Q}\n", f"# Two\n{P}\n{P}\n## Three\n{R}\n")
    assert removed([first, second]) == []  # two lines are one paragraph, and that is another
    _, second = clean(f"# One\n{P}\n\n{Q}\n", f"# Two\n{P}\n## Three\n{R}\n")
    assert second.content.decode() == f"# Two\n## Three\n{R}\n"


def test_blank_lines_that_part_what_stays() -> None:
    """A removed block takes its blank lines with it, but not where it stood directly under what stays."""
    (cleaned,) = clean(f"{P}\n\n# Head\n{P}\n\n{Q}\n")
    assert cleaned.content.decode() == f"{P}\n\n# Head\n\n{Q}\n"
    (cleaned,) = clean(f"{P}\n\n\n\n# Head\n\n\n{P}\n\n\n{Q}\n")
    assert cleaned.content.decode() == f"{P}\n\n\n\n# Head\n\n\n{Q}\n"


def test_a_repeat_in_a_quotation_leaves_no_empty_quotation() -> None:
    (cleaned,) = clean(f"> {P}\n>\n> {Q}\n>\n> {P}\n>\n> {R}\n")
    assert cleaned.content.decode() == f"> {P}\n>\n> {Q}\n>\n> {R}\n"
    (cleaned,) = clean(f"{P}\n\n> {P}\n\n{Q}\n")
    assert cleaned.content.decode() == f"{P}\n\n{Q}\n"


def test_lines_of_one_paragraph_that_are_paragraphs_of_their_own() -> None:
    long = "and nobody there knew what to say to that, however long they sat and thought about it in the evening."
    one, two, three = (f"{start[:-1]}, {long}" for start in (P, Q, R))
    (cleaned,) = clean(f"{one}\n{two}\n{one}\n{three}\n")
    assert cleaned.content.decode() == f"{one}\n{two}\n{three}\n"
    (cleaned,) = clean(f"{one}\n{two}\n{three}\n{one}\n")
    assert cleaned.content.decode() == f"{one}\n{two}\n{three}\n"


def test_what_is_protected_stays_byte_for_byte() -> None:
    shown = (
        "---\ntitle: The wall\n---\n",
        "```python\nprint('wall')  \n\n\nprint()\n```\n",
        "~~~\n```\n~~~\n",
        "    indented\n\n\n    code\n",
        "| a | b |\n|:--|--:|\n| c | d |\n",
        "<table>\n<tr><td>x</td></tr>\n</table>\n",
        "<!-- a comment\n\nof three lines -->\n",
        f"[^1]: {P}\n",
        "[a]: https://example.org 'title'\n",
        '{{< include "a" >}}\n',
    )
    page = "\n".join(f"{each}\n{P}\n" if each != shown[0] else each for each in shown)
    _, second = clean(page, page, near="remove")
    assert second.removals
    position = 0
    for each in shown:
        position = second.content.decode().index(each, position) + len(each)
