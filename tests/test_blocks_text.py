"""Plain text into blocks."""

from __future__ import annotations

import pytest

from dedup.blocks import Blocks, Kind, cut

LONG = "A paragraph that stands on one line and goes on for long enough that nobody would call it a headline, says she."


def rows(blocks: Blocks) -> list[tuple[int, int, str]]:
    kinds = [Kind(kind).label for kind in blocks.kind.tolist()]
    return list(zip(blocks.line.tolist(), blocks.end_line.tolist(), kinds, strict=True))


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_one_paragraph_a_line(end: str) -> None:
    text = end.join([LONG, LONG, "", LONG, ""])
    assert rows(cut(text.encode(), "text")) == [(1, 1, "paragraph"), (2, 2, "paragraph"), (4, 4, "paragraph")]


def test_hard_wrapped_lines_join() -> None:
    text = (
        "The council voted on Monday to repair the old harbour wall before\n"
        "the winter storms arrive, and it set aside money for the work that\n"
        "engineers had called urgent since spring.\n\n"
        "Fishermen had asked for the repairs for several years, pointing at\n"
        "cracks that grow wider with each tide.\n"
    )
    assert rows(cut(text.encode(), "text")) == [(1, 3, "paragraph"), (5, 6, "paragraph")]


def test_a_bare_headline_stands_above_a_wrapped_paragraph() -> None:
    text = (
        "Council repairs wall\n"
        "The council voted on Monday to repair the old harbour wall before\n"
        "the winter storms arrive, and it set aside money for the work that\n"
        "engineers had called urgent since spring.\n"
    )
    assert rows(cut(text.encode(), "text")) == [(1, 1, "headline"), (2, 4, "paragraph")]


def test_headlines_bare_and_bold() -> None:
    text = f"**A deck that is bold as a whole, and ends as a sentence.**\n**The Headline**\n{LONG}\n\nBare headline\n{LONG}\n"
    kinds = [row[2] for row in rows(cut(text.encode(), "text"))]
    assert kinds == ["headline", "headline", "paragraph", "headline", "paragraph"]


def test_a_sentence_is_no_headline() -> None:
    assert [row[2] for row in rows(cut(b"It rained.\n\nand then\n", "text"))] == ["paragraph", "paragraph"]


def test_list_items_with_continuation() -> None:
    text = "- one\n  goes on\n- two\n\n1. first\n2. second\n"
    assert rows(cut(text.encode(), "text")) == [
        (1, 2, "list-item"), (3, 3, "list-item"), (5, 5, "list-item"), (6, 6, "list-item"),
    ]  # fmt: skip


def test_ranges_are_whole_lines_with_the_blank_lines_after_them() -> None:
    text = f"{LONG}\n \n\n{LONG}\n".encode()
    blocks = cut(text, "text")
    assert text[blocks.start[0] : blocks.end[0]].decode() == f"{LONG}\n"
    assert text[blocks.end[0] : blocks.tail[0]] == b" \n\n"
    assert blocks.tail[1] == len(text)
    assert blocks.glued.tolist() == [False, False]


def test_each_block_is_decoded_by_itself() -> None:
    text = (
        "Über die Brücke gehen wir heute nicht mehr.\n".encode()
        + "Café au lait, s'il vous plaît.\n".encode("latin-1")
    )
    assert cut(text, "text").texts == [
        "Über die Brücke gehen wir heute nicht mehr.",
        "Café au lait, s'il vous plaît.",
    ]


@pytest.mark.parametrize("text", [b"", b"\n\n", b" \t\r\n"])
def test_nothing(text: bytes) -> None:
    assert len(cut(text, "text")) == 0
    assert len(cut(text, "markdown")) == 0
