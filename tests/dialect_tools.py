"""The tools that render what site generators make of Markdown, and the blocks of their pages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "tools"

LEAVES = frozenset(
    ("p", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "dt", "pre", "summary", "figcaption")
)
VANISHING = frozenset(("ul", "ol", "li", "blockquote"))
VOID = frozenset(("img", "br", "hr", "input", "wbr", "meta", "link"))
LEFT_OUT = frozenset(
    ("id", "href", "for", "name", "data-footnote-ref", "aria-label", "aria-describedby", "start")
)
"""Attributes with names and numbers that a tool makes up."""

MADE_UP = re.compile(
    r"class=(?:footnote-backref|reversefootnote|data-footnote-backref|toc)(?![\w-])|data-footnote-backref"
)
"""A footnote has as many links back as there are places that refer to it, a table of contents a line a headline."""


@dataclass
class Element:
    """An element of a page: its tag with attributes, and what it holds."""

    tag: str
    name: str = ""
    inside: list[Element | str] = field(default_factory=list)

    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text() for each in self.inside)

    def less(self, mark: str) -> Element | None:
        """The element without the blocks whose text holds a mark; None if it is one, or a list that held no other."""
        if self.name in LEAVES and mark in self.text():
            return None
        own = "".join(each for each in self.inside if isinstance(each, str))
        if self.name == "li" and mark in own + "".join(
            e.text()
            for e in self.inside
            if isinstance(e, Element) and e.name in ("a", "em", "strong", "code")
        ):
            return None
        inside = [each if isinstance(each, str) else each.less(mark) for each in self.inside]
        left = [each for each in inside if each is not None]
        if self.name in VANISHING and len(left) < len(self.inside) and not _says(left):
            return None
        return Element(self.tag, self.name, left)

    def shown(self) -> list[object]:
        """The element as lists, without white space between blocks."""
        if self.name == "pre":
            return [self.tag, self.text().strip()]
        parts: list[object] = []
        for each in self.inside:
            if isinstance(each, Element):
                if not MADE_UP.search(each.tag):
                    parts.append(each.shown())
            elif parts and isinstance(parts[-1], str):
                parts[-1] += each
            else:
                parts.append(each)
        texts = (" ".join(part.split()) if isinstance(part, str) else part for part in parts)
        return [self.tag, *(part for part in texts if part)]


def _says(inside: Sequence[Element | str]) -> bool:
    return any(isinstance(each, Element) or each.strip() for each in inside)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept = sorted(f"{name}={value}" for name, value in attrs if name not in LEFT_OUT)
        element = Element(" ".join((tag, *kept)), tag)
        self.open[-1].inside.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.name == tag for element in self.open):
            while self.open.pop().name != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read_page(html: str) -> Element:
    """The elements of a rendered page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.open[0]


def _run(command: list[str], texts: Sequence[str], cwd: Path = HERE) -> list[str]:
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, encoding="utf-8", cwd=cwd)
    assert done.returncode == 0, done.stderr
    pages: list[str] = json.loads(done.stdout)
    return pages


def render_mdx(texts: Sequence[str], folder: Path) -> list[str]:
    """With @mdx-js/mdx and the directives of Docusaurus."""
    if not shutil.which("node") or not (HERE / "node_modules").is_dir():
        pytest.skip("MDX is rendered with Node 20 and: make tools")
    return _run(["node", "mdx.mjs"], texts)


def render_jekyll(texts: Sequence[str], folder: Path) -> list[str]:
    """With Liquid and kramdown."""
    ready = shutil.which("ruby") and not subprocess.call(
        ["ruby", "-e", "require 'kramdown-parser-gfm'; require 'liquid'"], stderr=subprocess.DEVNULL
    )
    if not ready:
        pytest.skip("Jekyll's pages are rendered with: apt-get install ruby-kramdown-parser-gfm ruby-liquid")
    return _run(["ruby", "jekyll.rb"], texts)


def render_mkdocs(texts: Sequence[str], folder: Path) -> list[str]:
    """With Python-Markdown and the extensions that MkDocs Material asks for."""
    markdown = pytest.importorskip("markdown", reason="pip install markdown")
    pytest.importorskip("pymdownx", reason="pip install pymdown-extensions")
    (folder / "part.md").write_text("A part from a file.\n", encoding="utf-8")
    extensions = (
        *("abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"),
        *("pymdownx.details", "pymdownx.superfences", "pymdownx.snippets", "pymdownx.tabbed"),
        *("pymdownx.blocks.admonition", "pymdownx.arithmatex", "pymdownx.tasklist"),
    )
    configs = {
        "pymdownx.snippets": {"base_path": [str(folder)]},
        "pymdownx.tabbed": {"alternate_style": True},
        "pymdownx.arithmatex": {"generic": True},
    }
    return [
        markdown.markdown(_without_front_matter(text), extensions=extensions, extension_configs=configs)
        for text in texts
    ]


def _without_front_matter(text: str) -> str:
    return re.sub(r"\A---\n.*?^---\n", "", text.replace("\r\n", "\n"), flags=re.DOTALL | re.MULTILINE)


_INNER = '{{ .Page.RenderString (dict "display" "block") .Inner }}'
_NAMED = 'title="{{ range $key, $value := .Params }}{{ $key }}:{{ $value }} {{ end }}"'
_SHORTCODES = {
    "note": f'<div class="note" {_NAMED}>{_INNER}</div>',
    "tabs": f'<div class="tabs">{_INNER}</div>',
    "tab": f'<div class="tab" {_NAMED}>{_INNER}</div>',
    "shot": f'<span class="shot" {_NAMED}></span>',
    "term": f'<span class="term" {_NAMED}>{{{{ .Inner }}}}</span>',
    "plain": "<div class='plain'>\n\n{{ .Inner }}\n\n</div>",
    "mermaid": "<pre>{{ .Inner | htmlEscape }}</pre>",
}
_CONFIG = """
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "home", "section", "404"]
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.parser.attribute]
block = true
title = true
"""


def render_hugo(texts: Sequence[str], folder: Path) -> list[str]:
    """With Hugo, and shortcodes that show what they were given."""
    if not shutil.which("hugo"):
        pytest.skip("Hugo's pages are rendered with: apt-get install hugo")
    site = folder / "site"
    shutil.rmtree(site, ignore_errors=True)
    for place in ("content", "layouts/_default", "layouts/shortcodes"):
        (site / place).mkdir(parents=True)
    (site / "config.toml").write_text(_CONFIG, encoding="utf-8")
    (site / "layouts/_default/single.html").write_text("<main>{{ .Content }}</main>", encoding="utf-8")
    for name, layout in _SHORTCODES.items():
        (site / "layouts/shortcodes" / f"{name}.html").write_text(layout, encoding="utf-8")
    for number, text in enumerate(texts):
        (site / "content" / f"page{number}.md").write_bytes(text.encode())
    done = subprocess.run(["hugo", "--quiet"], cwd=site, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return [
        (site / "public" / f"page{number}" / "index.html").read_text(encoding="utf-8")
        for number in range(len(texts))
    ]
