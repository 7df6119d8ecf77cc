"""Markdown and MDX into blocks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.blocks import Blocks, Kind, cut


def shown(text: str | bytes, syntax: str = "markdown") -> list[tuple[str, str]]:
    data = text.encode() if isinstance(text, str) else text
    blocks = cut(data, syntax)
    return [(Kind(kind).label, said) for kind, said in zip(blocks.kind.tolist(), blocks.texts, strict=True)]


def test_headings_of_both_kinds_and_bold_lines() -> None:
    text = "# One *two*\n\nSetext\n======\n\n**Bold as a whole**\n\nWith **bold** inside.\n"
    assert shown(text) == [
        ("headline", "One two"), ("headline", "Setext"), ("headline", "Bold as a whole"), ("paragraph", "With bold inside."),
    ]  # fmt: skip
    assert cut(text.encode(), "markdown").level.tolist() == [1, 1, 7, 0]


@pytest.mark.parametrize(
    "block",
    [
        "```sh\nmake all of this here\n```",
        "~~~\nnot closed",
        "    indented code here",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "<div>\nraw\n</div>",
        "<!-- a comment\nof two lines -->",
        "[ref]: https://example.org 'Title'",
        "[^1]: A footnote that says something.",
        "***",
        '{{< note "x" >}}',
        "{% include file.html %}",
        "{{ template }}",
        ":::note\ntext in it\n:::",
        '!!! warning "Title"\n    indented',
        "??? question\n    indented",
    ],
)
def test_protected(block: str) -> None:
    assert [kind for kind, _ in shown(f"Before it.\n\n{block}\n")] == ["paragraph", "protected"]


@pytest.mark.parametrize("fence", ["---", "+++"])
def test_front_matter_is_protected_and_gives_the_title(fence: str) -> None:
    sign = ":" if fence == "---" else " ="
    blocks = cut(f'{fence}\ntitle{sign} "The title"\n{fence}\n\nText.\n'.encode(), "markdown")
    assert blocks.title == "The title"
    assert blocks.kind.tolist() == [Kind.PROTECTED, Kind.PARAGRAPH]


@pytest.mark.parametrize(
    "block",
    [
        "import Tabs from '@theme/Tabs'",
        "export const a = 1",
        "<Tabs>",
        "{/* a comment */}",
        "<Tab\n  label='x'>",
    ],
)
def test_mdx(block: str) -> None:
    assert [kind for kind, _ in shown(f"{block}\n\nText of it.\n", "mdx")] == ["protected", "paragraph"]


def test_lists_nested_loose_and_with_code() -> None:
    text = "- one\n  - nested\n- two\n\n  more of two\n\n      code\n\nText.\n\n1. first\n"
    assert shown(text) == [
        ("list-item", "one"), ("list-item", "nested"), ("list-item", "two"), ("list-item", "more of two"),
        ("protected", ""), ("paragraph", "Text."), ("list-item", "first"),
    ]  # fmt: skip
    assert cut(text.encode(), "markdown").lists.tolist() == [1, 1, 1, 1, 1, 0, 2]


def test_quotations_and_alerts() -> None:
    text = "> one\n>\n> two\n\n> [!NOTE]\n> Mind it.\n"
    assert shown(text) == [
        ("paragraph", "one"),
        ("paragraph", "two"),
        ("protected", ""),
        ("paragraph", "Mind it."),
    ]


def test_what_is_shown_is_what_a_reader_sees() -> None:
    assert shown("A [link](https://example.org), `code`, ![picture](x.png) &amp; **bold**<br>.\n") == [
        ("paragraph", "A link, `code`, picture & bold.")
    ]


def test_link_targets_are_told_apart() -> None:
    one, other = (cut(f"[a]({target}) b\n".encode(), "markdown").links[0] for target in "xy")
    assert one != other


def test_long_lines_that_end_sentences_are_paragraphs_of_their_own() -> None:
    line = "This line goes on and on until it is longer than anybody would make it who breaks lines by hand or by any machine, says he."
    assert len(shown(f"{line}\n{line}\n")) == 2
    assert len(shown(f"{line[:-1]} and\n{line}\n")) == 1
    assert len(shown("Short lines.\nOf one paragraph.\n")) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_endings(end: str) -> None:
    text = end.join(["# Head", "", "- one", "- two", "", "Text.", ""])
    assert [kind for kind, _ in shown(text)] == ["headline", "list-item", "list-item", "paragraph"]


def test_undeclared_8_bit_text() -> None:
    assert shown("# Caf\xe9\n\nSt\xfchle & `T\xfcr`\n".encode("latin-1")) == [
        ("headline", "Café"),
        ("paragraph", "Stühle & `Tür`"),
    ]


FRAGMENTS = [
    "Some text.", "# Head", "Setext\n---", "- item", "* star", "1. one", "  more", "> quoted", ">", "```", "~~~", "    code",
    "| a |\n|---|", "<div>", "</div>", "<!-- c -->", "[r]: /x", "[^1]: note", "***", "---", "+++", ":::", "!!! n", "{{< x >}}",
    "**Bold**", "> - in quote", "- - nested", "\ttab", "[link][r]", "text\\", "two  ", "",
]  # fmt: skip


def covered(blocks: Blocks, lines: int) -> list[int]:
    found = [0] * lines
    for first, last in zip(blocks.line.tolist(), blocks.end_line.tolist(), strict=True):
        for number in range(first - 1, last):
            found[number] += 1
    return found


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_every_line_belongs_to_one_block(fragments: list[str], end: str, mdx: bool) -> None:
    text = "\n".join(fragments).replace("\n", end).encode()
    blocks = cut(text, "mdx" if mdx else "markdown")
    lines = text.split(end.encode())
    counts = covered(blocks, len(lines))
    for line, count in zip(lines, counts, strict=True):
        assert count <= 1
        if line.strip(b"> \t\r\n"):
            assert count == 1
    assert (blocks.start[1:] >= blocks.tail[:-1]).all()
    assert (blocks.start < blocks.end).all()
    assert (blocks.end <= blocks.tail).all()
