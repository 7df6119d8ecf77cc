"""Plain text into blocks: lines, hard-wrapped paragraphs, headlines, list items."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.blocks import Kind, cut
from dedup.sources.encoding import decode_block

Row = tuple[str, int, int]
"""Kind, first and last line."""

LONG = (
    "The committee met in the town hall on a rainy evening to hear what people had to say about the new road, and "
    "most of those who came spoke against it."
)
OTHER = (
    "Nobody in the village remembers when the old mill by the river was built, but everybody knows the story of the "
    "miller's daughter who crossed the water."
)
WRAPPED = (
    "The committee met in the town hall on a rainy evening\n"
    "to hear what people had to say about the new road, and\n"
    "most of those who came spoke against it because the\n"
    "noise would reach the school."
)


def rows(text: str | bytes) -> list[Row]:
    data = text.encode() if isinstance(text, str) else text
    blocks = cut(data, "text")
    kinds = [Kind(kind).label for kind in blocks.kind.tolist()]
    return list(zip(kinds, blocks.line.tolist(), blocks.end_line.tolist(), strict=True))


def both_newlines(text: str) -> list[str]:
    return [text.replace("\n", newline) for newline in ("\n", "\r\n", "\r")]


def test_one_paragraph_a_line() -> None:
    for text in both_newlines(f"{LONG}\n{OTHER}\n{LONG}\n"):
        assert rows(text) == [("paragraph", 1, 1), ("paragraph", 2, 2), ("paragraph", 3, 3)]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    for text in both_newlines(f"{WRAPPED}\n\n{WRAPPED}\n"):
        assert rows(text) == [("paragraph", 1, 4), ("paragraph", 6, 9)]


def test_a_blank_line_ends_a_block() -> None:
    for blank in ("\n", "\n\n", " \t\n", "\f\n"):
        text = f"{LONG}\n{blank}{OTHER}\n"
        after = text.count("\n")
        assert rows(text) == [("paragraph", 1, 1), ("paragraph", after, after)]


def test_lines_that_end_sentences_are_not_one_paragraph() -> None:
    text = "It rained all day long.\nNobody went out at all.\nThe dog was not happy.\n"
    assert rows(text) == [("paragraph", number, number) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "headline",
    [
        "**The Road and the School**",
        "__The Road and the School__",
        "The Road and the School",
        "“The Road”: a School",
    ],
)
def test_headlines_above_a_paragraph(headline: str) -> None:
    for gap in ("\n", "\n\n"):
        text = f"{headline}{gap}{LONG}\n"
        line = text.count("\n")
        assert rows(text) == [("headline", 1, 1), ("paragraph", line, line)]


def test_headline_above_a_hard_wrapped_paragraph() -> None:
    assert rows(f"The Road\n{WRAPPED}\n") == [("headline", 1, 1), ("paragraph", 2, 5)]


@pytest.mark.parametrize(
    "line",
    [
        "it begins in lower case",
        "It ends as a sentence does.",
        "Does it end as a question does?",
        "And what it says comes next:",
        "A line that holds more words than any headline could that is made to be read",
    ],
)
def test_no_headlines(line: str) -> None:
    assert rows(f"{line}\n\n{LONG}\n") == [("paragraph", 1, 1), ("paragraph", 3, 3)]


def test_a_bare_short_line_below_a_paragraph_is_no_headline() -> None:
    assert rows(f"{LONG}\nThe Road and the School\n{OTHER}\n") == [
        ("paragraph", 1, 1),
        ("paragraph", 2, 2),
        ("paragraph", 3, 3),
    ]


def test_a_bold_line_below_a_paragraph_is_a_headline() -> None:
    assert rows(f"{LONG}\n**The Road and the School**\n{OTHER}\n")[1] == ("headline", 2, 2)


def test_a_line_with_some_bold_is_no_headline() -> None:
    assert rows(f"**The** road and **the School**.\n\n{LONG}\n")[0][0] == "paragraph"


@pytest.mark.parametrize("mark", ["-", "*", "+", "•", "1.", "12)"])
def test_list_items(mark: str) -> None:
    for text in both_newlines(f"{mark} red boats\n{mark} blue boats\n\n{LONG}\n"):
        assert rows(text) == [("list-item", 1, 1), ("list-item", 2, 2), ("paragraph", 4, 4)]


def test_a_bold_deck_and_a_headline() -> None:
    deck = "**A deck that is bold as a whole, and ends as a sentence.**\n**The Headline**\n"
    assert rows(f"{deck}{LONG}\n\nBare headline\n{LONG}\n") == [
        ("headline", 1, 1),
        ("headline", 2, 2),
        ("paragraph", 3, 3),
        ("headline", 5, 5),
        ("paragraph", 6, 6),
    ]


def test_a_block_directly_under_another_is_glued() -> None:
    assert cut(f"{LONG}\n{OTHER}\n\n{LONG}\n".encode(), "text").glued.tolist() == [False, True, False]


def test_list_items_of_several_lines() -> None:
    text = f"What there is:\n- red boats that go\n  far out\n- blue boats\n\n{LONG}\n"
    assert rows(text) == [
        ("paragraph", 1, 1),
        ("list-item", 2, 3),
        ("list-item", 4, 4),
        ("paragraph", 6, 6),
    ]


def test_lists_have_numbers() -> None:
    lists = cut(b"- a\n- b\n\nA paragraph of words.\n\n- c\n", "text").lists.tolist()
    assert lists[0] == lists[1] != 0
    assert lists[2] == 0
    assert lists[3] not in (0, lists[0])


def test_nothing() -> None:
    for text in ("", "\n", "\r\n\r\n", " \t\n\n", "\r"):
        assert rows(text) == []


@pytest.mark.parametrize("space", ["\u00a0", "\u3000\u3000", " \u2003"])
def test_a_line_of_unicode_spaces_is_blank(space: str) -> None:
    assert rows(f"{WRAPPED}\n{space}\n{WRAPPED}\n") == [("paragraph", 1, 4), ("paragraph", 6, 9)]
    assert rows(f"{space}\n{LONG}\n{space}\n") == [("paragraph", 2, 2)]
    assert rows(b"\xa0\n" + LONG.encode() + b"\n\xa0\xa0\n\x93Well\x94\n") == [
        ("paragraph", 2, 2),
        ("headline", 4, 4),
    ]


def test_a_last_line_without_its_end() -> None:
    blocks = cut(f"{LONG}\n\n{OTHER}".encode(), "text")
    assert blocks.end.tolist() == [len(LONG) + 1, len(LONG) + 2 + len(OTHER)]
    assert blocks.tail.tolist() == [len(LONG) + 2, len(LONG) + 2 + len(OTHER)]


def test_blank_lines_follow_the_block_before_them() -> None:
    blocks = cut(b"\n\nOne line here.\n\n\nAnother line here.\n\n", "text")
    assert blocks.start.tolist() == [2, 19]
    assert blocks.end.tolist() == [17, 38]
    assert blocks.tail.tolist() == [19, 39]
    assert blocks.line.tolist() == [3, 6]


def test_undeclared_bytes_are_shown_as_western_letters() -> None:
    blocks = cut("Le café était fermé.\n\n".encode("latin-1") + "Le café était ouvert.\n".encode(), "text")
    assert blocks.texts == ["Le café était fermé.", "Le café était ouvert."]
    assert cut(b"\x93Well\x94 \x96 he said.\n", "text").texts == ["“Well” – he said."]


def test_what_a_group_is_depends_on_nothing_else() -> None:
    """Taking blocks out elsewhere must not change how the rest is cut."""
    alone = rows(f"{WRAPPED}\n")
    shifted = rows(f"{LONG}\n{OTHER}\n\n{WRAPPED}\n\n{LONG}\n")
    assert [(kind, first - 3, last - 3) for kind, first, last in shifted[2:3]] == alone


def shown(line: bytes) -> str:
    return decode_block(line).strip()


UNICODE_SPACES = ["\u00a0", "\u3000\u3000", "\u2028"]
LINES = f"""{LONG}
{OTHER}
The Road
**The Road**
- item
1. item
  more
short line
A sentence.

 \t
\f
她在河边的老房子里住了很多年。
{"x" * 200}
---
Ends with colon:""".split("\n")


@settings(max_examples=500, deadline=None)
@given(
    pieces=st.lists(st.sampled_from([*LINES, WRAPPED, *UNICODE_SPACES]), max_size=14),
    newline=st.sampled_from(("\n", "\r\n", "\r")),
    ended=st.booleans(),
    encoding=st.sampled_from(("utf-8", "latin-1")),
)
def test_every_line_that_says_something_is_in_one_block(
    pieces: list[str], newline: str, ended: bool, encoding: str
) -> None:
    text = "\n".join(pieces) + ("\n" if ended else "")
    data = text.replace("\n", newline).encode(encoding, "ignore")
    blocks = cut(data, "text")
    lines = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    covered = [0] * (len(lines) + 1)
    for first, last in zip(blocks.line.tolist(), blocks.end_line.tolist(), strict=True):
        for number in range(first, last + 1):
            covered[number] += 1
    for number, line in enumerate(lines, 1):
        assert covered[number] == (1 if shown(line) else 0)
    ends = [0, *zip(blocks.start.tolist(), blocks.end.tolist(), blocks.tail.tolist(), strict=True)]
    for before, (start, end, tail) in pairwise([(0, 0, 0), *ends[1:]]):
        assert before[2] <= start < end <= tail <= len(data)
        assert start == 0 or data[start - 1 : start] in (b"\n", b"\r")
        assert end == len(data) or data[end - 1 : end] in (b"\n", b"\r")
        assert not shown(data[end:tail])
    assert len(blocks.texts) == len(blocks)
