"""AsciiDoc into blocks."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from dedup.blocks import Kind, Role, cut

FIXTURES = Path(__file__).parent.parent / "fixtures" / "asciidoc"


def rows(text: str | bytes) -> list[tuple[str, str]]:
    """What each block is, and its bytes."""
    data = text.encode() if isinstance(text, str) else text
    blocks = cut(data, "asciidoc")
    spans = zip(blocks.kind.tolist(), blocks.start.tolist(), blocks.end.tolist(), strict=True)
    return [(Kind(kind).label, data[start:end].decode("utf-8", "replace")) for kind, start, end in spans]


def shown(text: str | bytes) -> list[str]:
    return cut(text.encode() if isinstance(text, str) else text, "asciidoc").texts


def links(text: str) -> int:
    return int(cut(text.encode(), "asciidoc").links[0])


def test_prose() -> None:
    assert rows("Two\nlines\n\n== One\nglued\n\nTitle\n-----\n\n*Bold line*\n\nNOTE: Look.\n") == [
        ("paragraph", "Two\nlines\n"),
        ("headline", "== One\n"),
        ("paragraph", "glued\n"),
        ("headline", "Title\n-----\n"),
        ("headline", "*Bold line*\n"),
        ("paragraph", "NOTE: Look.\n"),
    ]


def test_levels() -> None:
    text = "= Document\n\n== Two\n\n=== Three ===\n\n## Two\n\n*Bold*\n\n[discrete]\n=== Free\n\nFour\n^^^^\n"
    blocks = cut(text.encode(), "asciidoc")
    assert blocks.level.tolist() == [0, 2, 3, 2, 7, 7, 4]
    assert blocks.texts[1:] == ["Two", "Three", "Two", "Bold", "Free", "Four"]
    assert blocks.title == "Document"


def test_the_header() -> None:
    text = ":a: b\n// c\n= Title\nMe <me@example.org>\nv1, 2020\n:c: d \\\n  more\n\nText.\n"
    assert [kind for kind, _ in rows(text)] == ["protected"] * 6 + ["paragraph"]
    assert rows("Text.\n\n= Title\n")[1][0] == "headline"


@pytest.mark.parametrize(
    "block",
    [
        "----\na\n\nb\n----",
        "....\na\n....",
        "++++\n<p>\n++++",
        "|===\n|a\n\n|b\n|===",
        "////\na\n\nb\n////",
        "```js\na\n\nb\n```",
        "[source]\n--\na\n\nb\n--",
        "[verse]\n____\na\n\nb\n____",
        "[source,java]\na\nb",
        "[quote, Me]\na",
        "  literal\nlines",
        "// comment",
        "// dedup: ignore",
        ":name: value",
        "image::a.png[A]",
        "include::a.adoc[]",
        "toc::[]",
        "gist::1[]",
        "'''",
        "<<<",
        "* * *",
        "[[id]]\nText.",
        "[#id]\nText.",
        "Text with an [[id]] inside.",
        "Text with footnote:a[a name].",
        "{counter:a} times",
        "> quoted",
        "Text\n// comment\nmore.",
        "Text\nifdef::a[]\nmore\nendif::[]\n.",
        "{{< shortcode >}}",
        "====\nno end",
        "+\nheld to nothing",
    ],
)
def test_protected(block: str) -> None:
    assert rows(f"Before.\n\n{block}\n")[1:] == [("protected", f"{block}\n")]


def test_blocks_that_hold_blocks() -> None:
    text = "[NOTE]\n.Title\n====\nOne.\n\n* two\n\n----\ncode\n----\n====\n"
    assert rows(text) == [
        ("protected", "[NOTE]\n.Title\n====\n"),
        ("paragraph", "One.\n"),
        ("list-item", "* two\n"),
        ("protected", "----\ncode\n----\n"),
        ("protected", "====\n"),
    ]
    assert cut(text.encode(), "asciidoc").role.tolist() == [Role.WRAPPER, 0, 0, Role.SHOWN, Role.WRAPPER]
    assert rows("====\n== No section\n====\n")[1][0] == "protected"


def test_what_stands_above_goes_with_its_block() -> None:
    assert rows(".Title\n[.lead]\nText.\n\n[[id]]\n== Section\n\n[square]\n* item\n") == [
        ("paragraph", ".Title\n[.lead]\nText.\n"),
        ("headline", "[[id]]\n== Section\n"),
        ("list-item", "[square]\n* item\n"),
    ]
    assert links("[.lead]\nText.") != links("Text.")


def test_lists() -> None:
    text = "* a\nb\n+\nheld\n** c\n\n. d\n\nTerm:: e\nOther::\n\nf\n\nNo item.\n\n* g\n"
    assert rows(text) == [
        ("list-item", "* a\nb\n"),
        ("list-item", "+\nheld\n"),
        ("list-item", "** c\n"),
        ("list-item", ". d\n"),
        ("list-item", "Term:: e\n"),
        ("list-item", "Other::\n"),
        ("list-item", "f\n"),
        ("paragraph", "No item.\n"),
        ("list-item", "* g\n"),
    ]
    blocks = cut(text.encode(), "asciidoc")
    assert blocks.lists.tolist() == [1] * 7 + [0, 2]
    assert blocks.texts[4] == "Term: e"
    assert [kind for kind, _ in rows("* a\n+\n----\ncode\n----\n")] == ["list-item", "protected"]
    assert rows("<1> callout\n")[0][0] == "protected"


def test_what_the_preprocessor_decides_on_stays_with_its_neighbours() -> None:
    text = "One.\n\nTwo.\n\nifdef::a[]\n\nThree.\n\nendif::[]\n\nFour.\n\nFive.\n"
    assert [raw for kind, raw in rows(text) if kind == "paragraph"] == ["One.\n", "Five.\n"]
    assert "paragraph" not in [kind for kind, _ in rows("====\nifdef::a[]\n====\nendif::[]\n\nText.\n")]


def test_what_a_reader_sees() -> None:
    text = (
        "A *bold* __i__talic `code` link:a[the text] https://example.org[there] <<id,this>> ((term)) (((hidden))) "
        "{nbsp}{name} H~2~O footnote:[not here] +raw+ \\*star image:a.png[pic] kbd:[Ctrl] +\nnext &amp; last"
    )
    assert shown(f":name: Me\n\n{text}\n")[1].split() == (
        "A bold italic `code` the text there this term Me H2O raw *star pic Ctrl next & last".split()
    )


def test_links_and_markup_that_says_something() -> None:
    same = {links(f"x {inside} y") for inside in ("2", "*2*", "_2_", "__2__", "#2#", "`code`")}
    assert same == {0}
    others = (
        "link:a[2]", "link:b[2]", "<<a,2>>", "xref:b[2]", "https://a.example[2]", "2footnote:[a]", "2footnote:[b]", "`X`", "{a}",
        "2^2^", "[.line-through]#2#", "image:a[2]", "2(((a)))",
    )  # fmt: skip
    found = [links(f"x {inside} y") for inside in others]
    assert 0 not in found
    assert len(set(found)) == len(found)
    assert links("NOTE: x") != links("TIP: x")


def test_a_value_is_what_a_reader_sees() -> None:
    one = cut(b":a: https://a.example\n\nSee link:{a}[it].\n", "asciidoc")
    two = cut(b"x\n\nSee link:https://a.example[it].\n", "asciidoc")
    assert one.links[1] == two.links[1] != 0


def test_line_ends_and_letters() -> None:
    text = "= 标题\r\n\r\n山脚下有一座老房子。\r\n第二行。\r\n\r\n* 一\r\n\t\r\n----\r\nx\r\n----"
    assert [kind for kind, _ in rows(text)] == ["protected", "paragraph", "list-item", "protected"]
    assert shown(text)[1].split() == ["山脚下有一座老房子。", "第二行。"]
    assert shown("Caf\xe9 *b*\n\nSt\xfchle".encode("latin-1")) == ["Café b", "Stühle"]
    assert rows("a\rb\n") == [("paragraph", "a\rb\n")]
    assert not rows("") and not rows("\n \n")


def test_a_signature_is_no_text() -> None:
    assert (
        rows("-----BEGIN PGP SIGNATURE-----\n\niQ a b\n=x\n-----END PGP SIGNATURE-----\n")[0][0]
        == "protected"
    )


def test_the_fixture() -> None:
    kinds = [kind for kind, _ in rows((FIXTURES / "harbour.adoc").read_bytes())]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "protected": 15,
        "paragraph": 5,
        "headline": 2,
        "list-item": 7,
    }


def test_it_is_loaded_for_asciidoc_alone() -> None:
    code = "import sys; from dedup.blocks import cut; cut(b'a', 'text'); print('dedup.blocks.asciidoc' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


@pytest.mark.parametrize(
    "text",
    [
        "== Section\n\nText with *bold* and link:a[b].\n\n* item\n+\n----\ncode\n----\n\n" * 1000,
        "link:a[" * 10_000,
        "<<a" * 60_000,
        "[[a, " * 40_000,
        "`a " * 60_000,
        "a::\n\n" * 15_000,
        "* a\n+\n" * 30_000,
        "====\n" * 40_000,
        "".join("=" * (4 + number) + "\n" for number in range(400)),
        "ifdef::a[]\n" * 30_000,
        "".join("*" * (1 + number % 9) + " a\nifdef::b[]\n* c\nendif::[]\n" for number in range(8000)),
        "= a" + " " * 100_000 + "b",
        "[a]\n" * 40_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_large_input_takes_no_time(text: str) -> None:
    began = time.process_time()
    blocks = cut(text.encode(), "asciidoc")
    assert time.process_time() - began < 5
    assert (blocks.start[1:] == blocks.tail[:-1]).all()
