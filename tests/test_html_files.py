"""HTML files through the commands, in the encoding that they declare, and as html5lib reads what is left of them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_blocks_html import BRIDGE, FERRY, OPTIONS, PILLAR, broken, clean, many, pages
from test_diff import TOOLS, applied
from trees import write

from dedup import Cleaned, Cleaner, Settings, document
from dedup.sources.declared import read_declared

FIXTURES = Path(__file__).parent.parent / "fixtures" / "html"

PAGE = f"<h1>The bridge</h1>\n<p>{BRIDGE}</p>\n<p>{FERRY}</p>\n<p>{BRIDGE}</p>\n<p>{PILLAR}</p>\n"
LEFT = f"<h1>The bridge</h1>\n<p>{BRIDGE}</p>\n<p>{FERRY}</p>\n<p>{PILLAR}</p>\n"


def dedup(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "dedup", *arguments], capture_output=True, check=False)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_pages_are_found_in_folders(here: Path) -> None:
    write("docs/a.html", "docs/b.HTM", "docs/c.xhtml", content=PAGE.encode())
    done = dedup("check", "docs", "--scope", "within")
    assert done.returncode == 1
    assert [line.split(" ")[0] for line in done.stdout.decode().splitlines()] == [
        "docs/a.html:4:", "docs/b.HTM:4:", "docs/c.xhtml:4:",
    ]  # fmt: skip


def test_clean_and_restore(here: Path) -> None:
    for path in FIXTURES.iterdir():
        write(f"docs/{path.name}", content=path.read_bytes())
    names = {path.name for path in FIXTURES.iterdir()}
    assert dedup("clean", "docs", "-o", "out", "--report", "r.json").returncode == 0
    changed = {name for name in names if Path("out", name).read_bytes() != Path("docs", name).read_bytes()}
    assert changed == names
    assert dedup("restore", "r.json").returncode == 0
    assert dedup("clean", "docs", "--in-place", "--report", "r2.jsonl").returncode == 0
    assert dedup("check", "docs").returncode == 0
    assert dedup("restore", "r2.jsonl").returncode == 0
    for path in FIXTURES.iterdir():
        assert (
            Path("out", path.name).read_bytes() == path.read_bytes() == Path("docs", path.name).read_bytes()
        )


def test_standard_output_diff_and_explain(here: Path) -> None:
    write("a.html", content=PAGE.encode())
    assert dedup("clean", "a.html").stdout.decode() == LEFT
    patch = dedup("clean", "a.html", "--diff").stdout
    for number, tool in enumerate(TOOLS):
        assert applied(tool, here / str(number), "a.html", PAGE.encode(), patch) == LEFT.encode()
    assert (
        "a.html:4 goes: verbatim 1.00, a repeat of a.html:2"
        in dedup("explain", "a.html:2", "a.html:4").stdout.decode()
    )


# Encodings.

WORDS = {
    "iso-8859-2": "Rada portu postanowiła, że stary most pozostanie otwarty dla pieszych jeszcze przez rok",
    "windows-1251": "Совет порта решил в понедельник, что старый мост будет открыт ещё один год для всех",
    "koi8-r": "Совет порта решил в понедельник, что старый мост будет открыт ещё один год для всех",
    "shift_jis": "港の委員会は月曜日に、古い橋をもう一年あけておくことに決めました。能率表。",
    "euc-jp": "港の委員会は月曜日に、古い橋をもう一年あけておくことに決めました。",
    "gb2312": "港口委员会星期一决定，旧桥再开放一年。",
    "big5": "港口委員會星期一決定，舊橋再開放一年。",
    "euc-kr": "항구 위원회는 월요일에 오래된 다리를 일 년 더 열어 두기로 결정했다.",
}
CODECS = {"shift_jis": "cp932", "gb2312": "gb18030", "big5": "big5hkscs", "euc-kr": "cp949"}


@pytest.mark.parametrize("label", WORDS)
@pytest.mark.parametrize(
    "declared",
    ['<meta charset="{}">', "<META content='text/html; charset={}'>", '<?xml version="1.0" encoding="{}"?>'],
)
def test_declared_encodings(label: str, declared: str) -> None:
    said = f"<p>{WORDS[label]}</p>\n"
    page = (declared.format(label) + f"\n{said}<p>X</p>\n{said}<p>Y</p>\n").encode(label)
    cleaner = Cleaner(Settings.of(min_words=2))
    cleaner.clean(document(said, "a.html"))
    cleaned = cleaner.clean(document(page, "b.html"))
    assert cleaned.content == (declared.format(label) + "\n<p>X</p>\n<p>Y</p>\n").encode(label)
    assert [removal.text for removal in cleaned.removals] == [said, said]
    assert [removal.raw for removal in cleaned.removals] == [said.encode(label)] * 2


@pytest.mark.parametrize("label", WORDS)
@given(data=st.data())
@settings(max_examples=30)
def test_every_offset_leads_to_its_character(label: str, data: st.DataObject) -> None:
    codec = CODECS.get(label, label)
    said = data.draw(st.text(st.characters(codec=codec, exclude_characters="\0¢£¬‖−〜¥‾"))) + WORDS[label]
    page = f"<meta charset={label}>".encode() + said.encode(codec)
    found = read_declared(page)
    if found is None:  # a character that this codec reads back as another
        assert page.decode(codec, "replace").encode(codec, "replace") != page
        return
    text, table = found
    decoded = text.decode()
    assert decoded == page.decode(codec)
    at = data.draw(st.integers(0, len(decoded)))
    assert page[: int(table[len(decoded[:at].encode())])].decode(codec) == decoded[:at]


@pytest.mark.parametrize(
    "page",
    [
        "<meta charset=iso-8859-2>żółw".encode(),
        "<meta charset=utf-8>caf\xe9".encode("latin-1"),
        "<meta charset=windows-1252>caf\xe9".encode("latin-1"),
        "<meta charset=nonsense>caf\xe9".encode("latin-1"),
        "<meta charset=unicode_escape>caf\xe9".encode("latin-1"),
        "<meta charset=cp037>caf\xe9".encode("latin-1"),
        b"<meta charset=shift_jis>\x81",
        b"caf\xe9",
    ],
)
def test_others_stay_as_they_are(page: bytes) -> None:
    assert read_declared(page) is None
    made = document(page, "a.html")
    assert (made.text, made.table) == (page, None)


# What another parser reads.

GONE = "\ue000"
TOKEN = re.compile(
    r"(?P<comment><!--.*?-->)|(?P<end></[^>]*>)|<(?P<name>\w+)(?P<rest>[^>]*)>|(?P<space>\s)|.", re.DOTALL
)


def _mark(match: re.Match[str]) -> str:
    if match["comment"]:
        return f"<!--{GONE}-->"
    if match["name"]:
        return f"<{match['name']} {GONE}{match['rest']}>"
    return match["end"] or match["space"] or GONE


def marked(cleaned: Cleaned) -> str:
    """The source, with the tags, comments and characters of what was removed marked as gone."""
    source = cleaned.document.source
    parts, position = [], 0
    for removal in cleaned.removals:
        parts += [source[position : removal.start].decode(), TOKEN.sub(_mark, removal.raw.decode())]
        position = removal.end
    return "".join([*parts, source[position:].decode()])


def tree(page: str) -> list[Any]:
    """What html5lib reads, without what is marked as gone; white space as one space."""
    return _joined(_node(html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=False)))


def _node(element: Any) -> list[Any]:
    text = (element.text or "").replace(GONE, "")
    if GONE in element.attrib or (text != element.text and not isinstance(element.tag, str)):
        return []
    children: list[Any] = [text]
    for child in element:
        children += [*_node(child), (child.tail or "").replace(GONE, "")]
    name = element.tag if isinstance(element.tag, str) else "a comment"
    return [(name, tuple(sorted(element.attrib.items())), _joined(children))]


def _joined(children: list[Any]) -> list[Any]:
    found: list[Any] = []
    for child in children:
        if isinstance(child, str) and found and isinstance(found[-1], str):
            child = found.pop() + child
        found.append(child)
    flat = [" ".join(child.split()) if isinstance(child, str) else child for child in found]
    return [child for child in flat if child]


@many
@given(st.lists(pages | broken, min_size=1, max_size=3), OPTIONS)
def test_a_cleaned_page_is_read_as_the_page_less_whole_elements(
    fragments: list[str], options: dict[str, object]
) -> None:
    # A comment before all else would stand outside of a body that nothing begins.
    page = "<!DOCTYPE html><html lang=en><head><title>The bridge</title></head><body>{}</body></html>"
    for cleaned in clean(*map(page.format, fragments), **options):
        assert tree(cleaned.content.decode()) == tree(marked(cleaned))


def test_the_fixtures_are_read_as_the_pages_less_whole_elements() -> None:
    cleaner = Cleaner(Settings())
    removed = 0
    for path in sorted(FIXTURES.iterdir()):
        cleaned = cleaner.clean(document(path.read_bytes(), path.name))
        if path.name == "most.html":
            assert "<p>Prom kursuje tak jak dotąd" in cleaned.content.decode("iso-8859-2")
            cleaned = cleaner.clean(document(cleaned.document.text, path.name))
        assert tree(cleaned.content.decode()) == tree(marked(cleaned))
        removed += len(cleaned.removals)
    assert removed >= 8
