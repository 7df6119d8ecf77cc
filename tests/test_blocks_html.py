"""HTML into blocks, and what cleaning leaves of it."""

from __future__ import annotations

import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import Cleaned, Cleaner, Settings, document
from dedup.blocks import Blocks, Kind, Role, cut

FIXTURES = Path(__file__).parent.parent / "fixtures" / "html"

BRIDGE = (
    "The harbour board decided on Monday that the old bridge over the river will stay open for another year."
)
FERRY = "The ferry goes on as it did before, from seven in the morning until the last bell of the evening."
PILLAR = "Engineers will look at the western pillar in spring and write down all that they find in a report."


def rows(html: str | bytes) -> list[tuple[str, str]]:
    """What each block is, and its bytes."""
    data = html.encode() if isinstance(html, str) else html
    blocks = cut(data, "html")
    return [
        (Kind(kind).label, data[start:end].decode("utf-8", "replace"))
        for kind, start, end in zip(
            blocks.kind.tolist(), blocks.start.tolist(), blocks.end.tolist(), strict=True
        )
    ]


def shown(html: str | bytes) -> list[str]:
    return cut(html.encode() if isinstance(html, str) else html, "html").texts


def clean(*pages: str, **options: object) -> list[Cleaned]:
    cleaner = Cleaner(Settings.of(options))
    return [
        cleaner.clean(document(page, path=f"{number}.html", syntax="html"))
        for number, page in enumerate(pages)
    ]


def left(html: str, **options: object) -> str:
    return clean(html, **options)[0].content.decode()


def test_whole_elements() -> None:
    assert rows("<h2>One</h2>\n<p class=a>two <b>b</b></p><p>three</p>\n<blockquote>four</blockquote>") == [
        ("headline", "<h2>One</h2>"),
        ("paragraph", "<p class=a>two <b>b</b></p>"),
        ("paragraph", "<p>three</p>"),
        ("paragraph", "<blockquote>four</blockquote>"),
    ]


def test_containers() -> None:
    html = "<div>\n <p>one</p>\n bare <i>text</i><div>only text</div></div>"
    assert rows(html) == [
        ("protected", "<div>"),
        ("paragraph", "<p>one</p>"),
        ("paragraph", "bare <i>text</i>"),
        ("paragraph", "<div>only text</div>"),
        ("protected", "</div>"),
    ]
    assert cut(html.encode(), "html").role.tolist() == [Role.WRAPPER, 0, 0, 0, Role.WRAPPER]


def test_headlines() -> None:
    blocks = cut(
        b"<h1>A</h1><h6>B</h6><p><b>Bold</b></p><p><b>Not</b> all</p><blockquote><h2>C</h2><p>d</p></blockquote>",
        "html",
    )
    assert blocks.level.tolist() == [1, 6, 7, 0, 0, 7, 0, 0]


@pytest.mark.parametrize(
    "html",
    [
        "<head><title>x</title></head>",
        "<script>if (a < b) document.write('<p>x</p>')</script>",
        "<style>p > b {}</style>",
        "<pre>a\n\nb</pre>",
        "<table><tr><td><p>x</p></td></tr></table>",
        "<!-- <p>x</p> -->",
        "<!DOCTYPE html>",
        "<form><p>x</p></form>",
        "<svg><text>x</text></svg>",
        "<iframe src=x></iframe>",
        "<figure><img src=x><figcaption>x</figcaption></figure>",
        "<nav><ul><li>x</li></ul></nav>",
        "<hr>",
        "<img src=x>",
        "<my-element><p>x</p></my-element>",
        "<a href=x><p>x</p></a>",
        "<p>no end",
        "<p>an <i>open one</p>",
        "<ul><li>no end<li>here</ul>",
        "<ul><li>code<pre>x</pre></li></ul>",
        "<ul></ul>",
        "<li>no list</li>",
        "<p/>",
        "<?php echo '<p>x</p>'; ?>",
        "<% if x %>",
        "<![CDATA[<p>x</p>]]>",
        "<p>{% if x %}</p>",
        "---\ntitle: x\n---",
    ],
)
def test_protected(html: str) -> None:
    assert rows(f"{html}\n<h3>After</h3>") == [("protected", html), ("headline", "<h3>After</h3>")]


@pytest.mark.parametrize(
    "html", ["<div><p>x", "</p>", "<p>a</div>b</p>", "<p <b>x</p>", "<p", "</", "<!--", "<?"]
)
def test_what_cannot_be_read_is_never_removed(html: str) -> None:
    assert all(kind == "protected" for kind, raw in rows(html) if raw.startswith("<"))


def test_a_list_is_parted_among_its_items_tags_and_all() -> None:
    assert rows("<ul>\n<li>a</li>\n<li><p>b</p>\n<p>c</p><ol><li>d</li></ol></li></ul><dl><dt>e</dt><dd>f</dd></dl>") == [
        ("list-item", "<ul>\n<li>a</li>"),
        ("list-item", "<li><p>b</p>"),
        ("list-item", "<p>c</p>"),
        ("list-item", "<ol><li>d</li></ol></li></ul>"),
        ("list-item", "<dl><dt>e</dt>"),
        ("list-item", "<dd>f</dd></dl>"),
    ]  # fmt: skip
    assert cut(b"<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul><ul><li>d</li></ul>", "html").lists.tolist() == [
        1, 1, 1, 2,
    ]  # fmt: skip


def test_what_a_reader_sees() -> None:
    assert shown("<p>AT&amp;T &#38; <b>b</b>old\n  <i>a</i>&nbsp;b<br>c &lt;p&gt; d & e < f > g</p>") == [
        "AT&T & bold a b c <p> d & e < f > g"
    ]


def test_plain_text_is_parted_at_blank_lines() -> None:
    assert rows("one\nline\n\ntwo <b>b\n\nb</b> more\n \nthree") == [
        ("paragraph", "one\nline"),
        ("paragraph", "two <b>b\n\nb</b> more"),
        ("paragraph", "three"),
    ]


def test_links_and_markup_that_says_something() -> None:
    plain, bold, one, other, above, code, comment = (
        int(cut(f"<p>x {inside} y</p>".encode(), "html").links[0])
        for inside in (
            "2",
            "<b class=c>2</b>",
            "<a href='/a'>2</a>",
            '<a href="/b">2</a>',
            "<sup>2</sup>",
            "<code>2</code>",
            "2<!-- c -->",
        )
    )
    assert plain == bold == 0
    assert len({plain, one, other, above, code, comment}) == 6
    same = {
        int(cut(f"<p><a {a}>x</a></p>".encode(), "html").links[0]) for a in ("href=/a", "class=b HREF = '/a'")
    }
    assert len(same) == 1


def test_lines() -> None:
    blocks = cut(b"<p>a</p><p>b\nc</p>\r\n\r\n<ul>\r\n<li>d</li></ul>", "html")
    assert blocks.line.tolist() == [1, 1, 4]
    assert blocks.end_line.tolist() == [1, 2, 5]


def test_the_title() -> None:
    assert cut(b"<html><head><title>A &amp; B</title></head></html>", "html").title == "A & B"


def test_undeclared_8_bit_text() -> None:
    assert shown("<h1>Caf\xe9</h1><p>St\xfchle</p>".encode("latin-1")) == ["Café", "Stühle"]


def test_a_repeat_goes_with_the_white_space_after_it() -> None:
    page = f"<div>\n  <p>{BRIDGE}</p>\n  <p>{FERRY}</p>\n\n  <p>{BRIDGE}</p>\n\n  <p>{PILLAR}</p>\n</div>\n"
    assert left(page) == f"<div>\n  <p>{BRIDGE}</p>\n  <p>{FERRY}</p>\n\n  <p>{PILLAR}</p>\n</div>\n"
    line = f"<p>{BRIDGE}</p><p>{FERRY}</p><p>{BRIDGE}</p>\n<p>{PILLAR}</p>\n"
    assert left(line) == f"<p>{BRIDGE}</p><p>{FERRY}</p>\n<p>{PILLAR}</p>\n"


def test_rules() -> None:
    _, cleaned = clean(
        f"<p>{BRIDGE}</p><p>R &amp; D: {FERRY}</p><p>{PILLAR}</p><p>See <a href=/a>here</a>: {FERRY[:60]}</p>",
        f"<p>{BRIDGE}</p><p class=x>R &#38; D: {FERRY}</p><p>{PILLAR.replace('spring', 'the spring')}</p>"
        f"<p>See <a href=/b>here</a>: {FERRY[:60]}</p><p>Something else.</p>",
        threshold=0.7,
    )
    assert [removal.rule for removal in cleaned.removals] == ["verbatim", "exact", "near"]
    assert [flag.guard for flag in cleaned.flags] == ["link"]


def test_a_list_goes_as_a_whole_beside_a_paragraph() -> None:
    items = "<ul>\n  <li>Walkers at all hours</li>\n  <li>Cyclists <b>push</b></li>\n</ul>\n"
    page = f"<p>{BRIDGE}</p>\n{items}<p>{FERRY}</p>\n"
    assert (
        clean(page, f"<p>{PILLAR}</p>\n{page}<p>No more.</p>\n")[1].content.decode()
        == f"<p>{PILLAR}</p>\n<p>No more.</p>\n"
    )
    other = page.replace("</ul>", "<li>One more</li></ul>")
    assert "<li>Walkers" in clean(page, f"<p>{PILLAR}</p>\n{other}")[1].content.decode()


def test_text_that_would_join_stays_apart() -> None:
    page = f"<p>{BRIDGE}</p><p>{PILLAR}</p>one <p>{BRIDGE}</p> two<p>{PILLAR}</p><p>End.</p>"
    assert left(page) == page.replace(f"two<p>{PILLAR}</p>", "two")


def test_a_page_may_be_gone_as_a_whole() -> None:
    assert not cut(b"", "html").elements
    assert clean(f"<p>{BRIDGE}</p>", f"<p>{BRIDGE}</p>{BRIDGE}")[1].content == b""


def test_the_fixture() -> None:
    pages = [(FIXTURES / name).read_text() for name in ("harbour.html", "notice.html")]
    first, second = clean(*pages)
    assert [removal.line for removal in first.removals] == [29]
    assert [(removal.rule, removal.kind) for removal in second.removals] == [
        ("exact", "paragraph"),
        ("exact", "paragraph"),
        ("exact", "list-item"),
        ("exact", "list-item"),
    ]
    assert [flag.guard for flag in second.flags] == ["link"]
    assert b"<ul>" not in second.content


def test_the_parser_is_loaded_for_html_alone() -> None:
    code = "import sys; from dedup.blocks import cut; cut(b'# a', 'markdown'); cut(b'a', 'text'); print('tree_sitter' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


@pytest.mark.parametrize(
    "html",
    [
        b"<div>" * 100_000,
        b"<b>" * 100_000 + b"x" + b"</b>" * 100_000,
        b"<p>" * 50_000,
        b"<" * 200_000,
        b"<!--" * 200_000,
        b'<a "' * 200_000,
        b"<![" * 100_000,
        b"</p>" * 50_000,
        b"<p>a\0b</p>\0\0",
    ],
)
def test_odd_input_takes_no_time(html: bytes) -> None:
    began = time.monotonic()
    check_blocks(html, cut(html, "html"))
    assert time.monotonic() - began < 10


# Properties of random pages.


class Events(HTMLParser):
    """The tags, comments and words of a text in order, and whether each end tag ends what was opened last."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.events: list[object] = []
        self.open: list[str] = []
        self.balanced = True
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.events.append((tag, tuple(attrs)))
        if tag not in ("br", "img", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.events.append(f"/{tag}")
        self.balanced &= bool(self.open) and self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        self.events.append(f"!{data}")

    def handle_data(self, data: str) -> None:
        self.events += data.split()


TEXTS = (
    BRIDGE, FERRY, PILLAR, BRIDGE.replace("another", "one more"), f"{FERRY} &amp; more", f"{FERRY} &#38; more", "Short one.",
    "Another short one.", f"<b>{PILLAR}</b>", f"{BRIDGE[:50]}<br>{BRIDGE[50:]}", f"<a href=/a>{FERRY}</a>", f"<a href=/b>{FERRY}</a>",
    "<i>a</i> <img src=x> b", "<code>x</code>",
)  # fmt: skip
LEAF = ("p", "p", "p", "p class=x", "h1", "h2", "h2", "div", "blockquote")
WHOLE = (
    "<pre>a\n\n  b</pre>",
    "<!-- c -->",
    "<hr>",
    f"<table><tr><td><p>{BRIDGE}</p></td></tr></table>",
    "<script>a<b</script>",
)
UNFINISHED = (
    "<p>no end",
    "</div>",
    "<b>",
    "<li>item",
    "<",
    "&",
    "<div>",
    "</p>",
    "{% x %}",
    "<p/>",
    "<?x?>",
    "<br>",
)

texts = st.sampled_from(TEXTS)
spaces = st.sampled_from(["", "\n", "\n\n", "\n  ", " ", "\r\n"])


def element(tag: str, inside: str) -> str:
    return f"<{tag}>{inside}</{tag.split()[0]}>"


def joined(parts: st.SearchStrategy[str], most: int) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(parts, spaces), min_size=1, max_size=most)
    return pairs.map(lambda found: "".join(part + space for part, space in found))


leaves = st.builds(element, st.sampled_from(LEAF), texts)
items = st.builds(element, st.just("li"), texts | leaves)
lists = st.builds(
    lambda tag, inside, space: element(tag, space + inside),
    st.sampled_from(["ul", "ol"]),
    joined(items, 3),
    spaces,
)
nested = st.builds(lambda text, inside: f"<ul><li>{text}{inside}</li></ul>", texts, lists)
simple = leaves | leaves | leaves | texts | lists | nested | st.sampled_from(WHOLE)
pages = joined(
    st.recursive(
        simple,
        lambda inner: st.builds(
            element, st.sampled_from(["div", "section id=a", "blockquote"]), joined(inner, 5)
        ),
    ),
    9,
)
broken = joined(simple | st.sampled_from(UNFINISHED), 12)

many = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
OPTIONS = st.sampled_from([{}, {"preset": "corpus"}, {"near": "remove", "min_words": 2, "threshold": 0.6}])


def check_blocks(html: bytes, blocks: Blocks) -> None:
    assert (blocks.start < blocks.end).all()
    assert (blocks.end <= blocks.tail).all()
    assert (blocks.start[1:] >= blocks.tail[:-1]).all()
    assert not len(blocks) or blocks.tail[-1] <= len(html)
    for end, tail in zip(blocks.end.tolist(), blocks.tail.tolist(), strict=True):
        assert not html[end:tail].strip()


@many
@given(pages | broken)
def test_blocks_stand_in_order_and_hold_every_tag(html: str) -> None:
    data = html.encode()
    blocks = cut(data, "html")
    check_blocks(data, blocks)
    position = 0
    for start, end in zip(blocks.start.tolist(), [*blocks.end.tolist()], strict=True):
        assert not data[position:start].strip()
        position = end
    assert not data[position:].strip()


@many
@given(st.lists(pages, min_size=1, max_size=3), OPTIONS)
def test_a_cleaned_page_is_the_page_less_whole_elements(
    sources: list[str], options: dict[str, object]
) -> None:
    results = clean(*sources, **options)
    for source, cleaned in zip(sources, results, strict=True):
        data, content = source.encode(), b""
        position = removed_events = 0
        for removal in cleaned.removals:
            content += data[position : removal.start]
            position = removal.end
            removed_events += len(Events(data[removal.start : removal.end].decode()).events)
        content += data[position:]
        assert cleaned.content == content
        before, after = Events(source), Events(content.decode())
        assert before.balanced and not before.open
        assert after.balanced and not after.open
        # What is left is in the source in this order, and what is missing is what was removed.
        everything = iter(before.events)
        assert all(event in everything for event in after.events)
        assert len(after.events) + removed_events == len(before.events)


@many
@given(st.lists(pages | broken, min_size=1, max_size=3), OPTIONS)
def test_cleaning_twice_changes_nothing(sources: list[str], options: dict[str, object]) -> None:
    results = clean(*sources, **options)
    again = clean(*(cleaned.content.decode() for cleaned in results), **options)
    assert [cleaned.content for cleaned in again] == [cleaned.content for cleaned in results]


def test_the_pages_try_every_kind() -> None:
    """The properties above say nothing unless blocks of every kind go."""
    seen: set[str] = set()

    @settings(max_examples=80, deadline=None, database=None, derandomize=True)
    @given(st.lists(pages, min_size=2, max_size=3), OPTIONS)
    def look(sources: list[str], options: dict[str, object]) -> None:
        for cleaned in clean(*sources, **options):
            seen.update(removal.kind for removal in cleaned.removals)

    look()
    assert seen == {"paragraph", "list-item", "headline"}


def test_what_the_page_points_to_stays() -> None:
    for target in (f'<p id="x">{BRIDGE}</p>', f'<p><a name="x"></a>{BRIDGE}</p>'):
        page = f'<p>{BRIDGE}</p><p>Between.</p>{target}<p>See <a href="#x">there</a>.</p>'
        assert left(page) == page
        unasked = page.replace("#x", "#y")
        assert left(unasked) == unasked.replace(target, "")
    page = (
        f'<p>{BRIDGE}</p><p>Between.</p><p id="x">{BRIDGE}</p><div aria-describedby="y x"><p>Here.</p></div>'
    )
    assert left(page) == page
