"""Markdown blocks that are nobody's prose, what they are to their neighbours, and where front matter can stand."""

from __future__ import annotations

import pytest

from dedup.blocks import Blocks, Kind, Role, cut

NEWLINES = ["\n", "\r\n", "\r"]


def rows(text: str, syntax: str = "markdown") -> list[tuple[str, int, int]]:
    blocks = cut(text.encode(), syntax)
    kinds = [Kind(kind).label for kind in blocks.kind.tolist()]
    return list(zip(kinds, blocks.line.tolist(), blocks.end_line.tolist(), strict=True))


def roles(text: str) -> list[Role]:
    return [Role(role) for role in cut(text.encode(), "markdown").role.tolist()]


def source_of(text: str, blocks: Blocks, number: int) -> str:
    return text.encode()[blocks.start[number] : blocks.end[number]].decode()


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize(
    ("front", "title"),
    [
        ("---\ntitle: The Road\n---\n", "The Road"),
        ("---\nlayout: page\ntitle: 'The Road'\nweight: 3\n---\n", "The Road"),
        ('+++\ntitle = "The Röad"\n+++\n', "The Röad"),
        ("---\ntext: |\n  some\n\n  # no heading\n\n  - no item\ntitle: Roads\n---\n", "Roads"),
        ("---\nlayout: page\n---\n", ""),
    ],
)
def test_front_matter(front: str, title: str, newline: str) -> None:
    text = f"{front}\nSome words that follow.\n".replace("\n", newline)
    last = front.count("\n")
    assert rows(text) == [("protected", 1, last), ("paragraph", last + 2, last + 2)]
    assert cut(text.encode(), "markdown").title == title


def test_front_matter_stands_at_the_beginning_alone() -> None:
    """Two rules further down are no front matter, nor is what stands between them one block."""
    text = "Some words.\n\n---\nMore words here.\n\n---\nAnd more words.\n"
    assert rows(text) == [
        ("paragraph", 1, 1),
        ("protected", 3, 3),
        ("paragraph", 4, 4),
        ("protected", 6, 6),
        ("paragraph", 7, 7),
    ]
    assert cut(b"Some words.\n\n---\ntitle: none\n---\n", "markdown").title == ""


@pytest.mark.parametrize("newline", NEWLINES[:2])
def test_a_rule_above_code_that_holds_one(newline: str) -> None:
    """A fenced block of several YAML documents stays one block whatever stands above it."""
    code = "```yaml\nkind: one\n\n---\n\nkind: two\nwith: more\n```"
    text = f"---\n\n## Head\n\n---\n#### Head\n\n{code}\n\nWords.\n".replace("\n", newline)
    blocks = cut(text.encode(), "markdown")
    shown = [n for n in range(len(blocks)) if blocks.role[n] == Role.SHOWN]
    assert [source_of(text, blocks, n).strip().replace("\r", "") for n in shown] == [code]
    assert rows(text)[-1][0] == "paragraph"


def test_front_matter_without_an_end_is_none() -> None:
    assert [kind for kind, *_ in rows("---\ntitle: The Road\n\nSome words.\n")] == [
        "protected",
        "paragraph",
        "paragraph",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```\ncode\n```\n", Role.SHOWN),
        ("    code\n", Role.SHOWN),
        ("| a |\n|---|\n| b |\n", Role.SHOWN),
        ("<div>\n", Role.WRAPPER),
        ("<!-- a comment -->\n", Role.WRAPPER),
        (":::note\n", Role.WRAPPER),
        ("!!! note\n", Role.WRAPPER),
        ("{{< tab >}}\n", Role.WRAPPER),
        ("{% raw %}\n", Role.WRAPPER),
        ("> [!NOTE]\n> Words.\n", Role.WRAPPER),
        ("---\n", Role.NONE),
        ("[a]: https://example.org\n", Role.NONE),
        ("[^1]: A note.\n", Role.NONE),
    ],
)
def test_what_a_protected_block_is_to_its_neighbours(text: str, expected: Role) -> None:
    assert roles(f"Words.\n\n{text}")[1] == expected


@pytest.mark.parametrize("newline", NEWLINES[:2])
def test_code_fences(newline: str) -> None:
    for fence in ("```", "~~~", "````", "  ```"):
        text = f"Words.\n\n{fence}js\nlet x\n\n# no heading\n\n- no item\n{fence}\n\nMore words.\n"
        assert rows(text.replace("\n", newline)) == [
            ("paragraph", 1, 1),
            ("protected", 3, 9),
            ("paragraph", 11, 11),
        ]


def test_a_fence_that_is_not_closed_protects_what_follows() -> None:
    assert rows("Words.\n\n```\ncode\n\nno paragraph\n") == [("paragraph", 1, 1), ("protected", 3, 6)]


def test_a_template_line_protects_its_paragraph() -> None:
    for line in ("{{< figure src='a' >}}", "{% include a %}", ":::", "!!! note", "<Tab>"):
        kinds = [kind for kind, *_ in rows(f"Words.\n\n{line}\nand words under it\n\nMore words.\n")]
        assert kinds == ["paragraph", "protected", "paragraph"]


def test_text_in_markup_is_text() -> None:
    text = "<details>\n<summary>Sum</summary>\n\nWords in it.\n\n</details>\n"
    assert rows(text) == [("protected", 1, 2), ("paragraph", 4, 4), ("protected", 6, 6)]


def test_mdx_lines_are_text_in_markdown() -> None:
    text = "import the cards\n\nexport const a = 1\n"
    assert {kind for kind, *_ in rows(text, "markdown")} == {"paragraph"}
    assert {kind for kind, *_ in rows(text, "mdx")} == {"protected"}


def test_markdown_that_imports_modules_is_mdx() -> None:
    """Docusaurus reads it so."""
    module = "import Tabs from '@theme/Tabs'\n"
    assert {kind for kind, *_ in rows(f"{module}\nexport const a = 1\n")} == {"protected"}
    assert rows(f"```js\n{module}```\n\nexport const a = 1\n")[-1][0] == "paragraph"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- one\n- two\n", [("list-item", 1, 1), ("list-item", 2, 2)]),
        ("- one\n\n- two\n", [("list-item", 1, 1), ("list-item", 3, 3)]),
        ("- one\n  goes on\n- two\n", [("list-item", 1, 2), ("list-item", 3, 3)]),
        ("-\n  one\n- two\n", [("list-item", 1, 2), ("list-item", 3, 3)]),
        ("- one\n\t- in it\n\t- too\n", [("list-item", 1, 1), ("list-item", 2, 2), ("list-item", 3, 3)]),
        ("1.\n   one\n\n   more\n", [("list-item", 1, 2), ("list-item", 4, 4)]),
        ("- # head\n- two\n", [("list-item", 1, 1), ("list-item", 2, 2)]),
        ("- - one\n", [("list-item", 1, 1)]),
        ("> - one\n> - two\n", [("list-item", 1, 1), ("list-item", 2, 2)]),
        ("- one\n\n  ```\n  code\n  ```\n", [("list-item", 1, 1), ("protected", 3, 5)]),
        ("- [ ] one\n- [x] two\n", [("list-item", 1, 1), ("list-item", 2, 2)]),
        ("-\n\nWords.\n", [("protected", 1, 1), ("paragraph", 3, 3)]),
    ],
)
def test_list_items(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert rows(text) == expected


def test_lists_have_numbers_of_their_own() -> None:
    lists = cut(b"- a\n  - b\n\nWords.\n\n- c\n\n* d\n", "markdown").lists.tolist()
    assert lists[0] == lists[1]
    assert lists[2] == 0
    assert len({lists[0], lists[3], lists[4], 0}) == 4


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("# Head", 1),
        ("###### Head", 6),
        ("## Head ##", 2),
        ("Head\n====", 1),
        ("Head\n----", 2),
        ("Head\nof two lines\n---", 2),
        ("**Head**", 7),
        ("> ## Head", 7),
        ("#Head", 0),
        ("**Head** and more", 0),
    ],
)
def test_levels_of_headlines(text: str, level: int) -> None:
    blocks = cut(f"{text}\n\nWords.\n".encode(), "markdown")
    assert blocks.level.tolist() == [level, 0]
    assert Kind(blocks.kind[0]) == (Kind.HEADLINE if level else Kind.PARAGRAPH)


def test_quotations_end_with_their_blank_lines() -> None:
    text = "> one\n>\n> two\n\nWords.\n"
    blocks = cut(text.encode(), "markdown")
    assert text[blocks.start[0] : blocks.tail[0]] == "> one\n>\n"
    assert text[blocks.start[1] : blocks.tail[1]] == "> two\n\n"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("[a](x) b", "[a](y) b", False),
        ("![a](x) b", "![a](y) b", False),
        ("![a](x) b", "[a](x) b", False),
        ("[a](x 'one') b", "[a](x 'two') b", True),
        ("[a][r] b\n\n[r]: x", "[a](x) b", True),
        ("b <https://x.org>", "b [https://x.org](https://x.org)", True),
        ("a <sub>b</sub>", "a <sup>b</sup>", False),
        ("a <b>b</b>", "a <i>b</i>", True),
        ("a <b>b</b>", "a **b**", True),
        ("a <b>b</b>", "a <b class=x>b</b>", False),
        ("*a* b", "**a** b", True),
    ],
)
def test_what_blocks_point_to(one: str, other: str, alike: bool) -> None:
    links = [cut(f"{text}\n".encode(), "markdown").links[0] for text in (one, other)]
    assert (links[0] == links[1]) == alike
