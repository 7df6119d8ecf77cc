"""What a site generator makes of a cleaned page is what it made of the source, less the removed blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from dialect_tools import read_page, render_hugo, render_jekyll, render_mdx, render_mkdocs
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dedup import Cleaner, Settings, document
from dedup.cli import main

SITES = Path(__file__).parent.parent / "fixtures" / "sites"
MARK = "qzx"
EXAMPLES = 60

P = "The committee met in the town hall on a rainy evening to hear what people had to say about the new road."
Q = "Nobody in the village remembers when the old mill by the river was built, but everybody knows its story."
R = "Café owners in the old quarter say that they do not expect many guests before the summer comes to town."
S = "Short words that repeat."
HARD = "The ferry leaves the island at seven in the morning and comes back\nin the evening when the last of the\nmarkets has closed."
PROSE = (
    P,
    P,
    Q,
    Q,
    R,
    HARD,
    S,
    f"> {P}",
    f"- {Q}\n- {S}",
    f"1. {R}",
    f"* {P}\n\n  {R}",
    f"**{S}**",
    "## The new road",
    "### Notes on the mill",
)
COMMON = (
    "```js\nlet road = 1\n```",
    "    indented code of the page",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "---",
    "> Another quotation, which says little of the road and much of the river.",
    "- One\n- Two",
    "* Three\n* Four",
    "1. First\n2. Second",
)


Render = Callable[[Sequence[str], Path], list[str]]


@dataclass(frozen=True)
class Dialect:
    """A kind of Markdown: the tool that renders it, its syntax, and the ending of its files."""

    render: Render
    pieces: tuple[str, ...]
    cases: tuple[str, ...]
    ending: str = ".md"
    front: tuple[str, ...] = ("", "---\ntitle: The Road\n---\n\n")


DIALECTS = {
    "mdx": Dialect(
        render_mdx,
        (
            "import NAME from './card'",
            "import {\n  One as NAME,\n\n  Two as other_NAME,\n} from './more'",
            f"export const NAME = [\n  '{S}',\n\n  `{P}`,\n]",
            f'<Card\n  title="Road"\n\n  text="{P}"\n>\n\n{Q}\n\n</Card>',
            f"<Card title={{`\n\n{P}\n\n`}} />",
            f'<Tabs>\n<TabItem value="a">\n\n{P}\n\n</TabItem>\n<TabItem value="b">\n\n{P}\n\n</TabItem>\n</Tabs>',
            f"<Card>\n\n{P}\n\n{Q}\n\n</Card>",
            f"<Card>\n  {P}\n</Card>",
            f"{{/* dedup: ignore */}}\n{P}",
            f"{{/*\n\n{P}\n\n*/}}",
            f"{{[\n  '{S}',\n\n  '{P}',\n].join(' ')}}",
            f"{P} {{1 + 1}}",
            f"{{'{S}'}} and words after it that go on for a while.",
            f":::note[The road]\n\n{P}\n\n:::",
            f"::::tip\n\n:::warning\n\n{P}\n\n:::\n\n{Q}\n\n::::",
            f":::info\n{Q}\n:::",
            f"<pre>{{`\n{P}\n`}}</pre>",
            f"<Card>{{`a\n\n{P}\n`}}</Card>",
            f"<details>\n<summary>{S}</summary>\n\n{P}\n\n</details>",
            f"- {P}\n\n  <Card>\n\n  {Q}\n\n  </Card>",
        ),
        (
            f"{P}\n\n<Card\n  title={{{{\n    a: 'it',\n\n    b: `{P}`,\n  }}}}\n/>\n\n{P}\n\n{Q}\n",
            f"{P}\n\nexport const a = () => (\n  <p>It isn't: {{'}}'}}</p>\n\n)\n\n{P}\n\n{Q}\n",
            f"{P}\n\n{{/* dedup: ignore */}}\n{P}\n\n{Q}\n",
            f"{P}\n\n{P}\n{{/* dedup: ignore-end */}}\n\n{Q}\n",
            f"- {P}\n\n  {{`\n  {Q}\n  `}}\n\n{P}\n\n{Q}\n",
            f"{P}\n\n:::note\n\n- One\n\n:::\n\n{P}\n\n- Two\n\n{Q}\n",
        ),
        ".mdx",
    ),
    "mkdocs": Dialect(
        render_mkdocs,
        (
            f'!!! note "The road"\n    {P}',
            f'!!! note "The road"\n\n    {P}\n\n    {Q}',
            f"???+ tip\n    {S}\n\n    - {P}\n    - {Q}\n\n    {P}",
            f'=== "One"\n\n    {P}\n\n=== "Two"\n\n    {P}',
            f'=== "Three"\n    {Q}',
            f'!!! note\n\n    === "One"\n\n        {P}\n\n    === "Two"\n\n        {Q}',
            '--8<-- "part.md"',
            "--8<--\npart.md\n\npart.md\n--8<--",
            "[TOC]",
            "*[HTML]: Hyper Text",
            f"The road\n:   {P}\n\n    {Q}",
            f"The mill\n\n:   {Q}",
            f"{P}\n{{ .wide }}",
            "## The new road { #road .wide }",
            f"{Q} HTML *and*{{ .wide }} more.",
            f"Words with a note.[^1]\n\n[^1]: {P}\n\n    {Q}",
            f"$$\nx = 1\n\n{P}\n$$",
            f"/// note | The road\n{P}\n///",
            f"/// note | The road\n\n{P}\n\n{Q}\n\n///",
            f'<div class="grid" markdown>\n\n{P}\n\n{Q}\n\n</div>',
            f"- {P}\n\n    !!! note\n\n        {Q}",
            f"<!-- dedup: ignore -->\n{P}",
        ),
        (
            f"{P}\n\n!!! note\n    {Q}\n\n{P}\n\n    indented code\n\n{R}\n",
            f"{P}\n\n??? note\n\n    {Q}\n\n{P}\n{R}\n\n    indented code\n\n{R}\n",
            f'{P}\n\n=== "One"\n\n    {Q}\n\n{P}\n\n=== "Two"\n\n    {Q}\n\n{R}\n',
            f'{P}\n\n=== "One"\n\n    {Q}\n\n{P}\n\n===! "Two"\n\n    {Q}\n\n{R}\n',
            f'{P}\n\n=== "One"\n{P}\n\n{P}\n\n    {Q}\n\n{R}\n',
            f"{P}\n\nThe road\n:   {Q}\n\n{P}\n\nThe mill\n:   {R}\n\n{P}\n\n    {R}\n",
            f"{P}\n\n!!! note\n    {Q}\n\n{P}\n\n```\ncode\n```\n\n{P}\n\n- One\n\n{P}\n\n    {Q}\n",
            f"# The road\n\n[TOC]\n\n## The mill\n\n{P}\n\n## The mill\n\n{P}\n\n## The end\n\n{R}\n",
            f"{P}\n\n!!! note\n    {Q}\n\n{P}\n\n- One\n- Two\n\n{P}\n\n1. Three\n\n{R}\n",
            f"{P}\n\n!!! note\n    {Q}\n\n> {Q}\n\n{P}\n\n> {R}\n",
            f"{P}\n\n!!! note\n    {Q}\n\n{P}\n- One\n- Two\n\n{R}\n",
        ),
    ),
    "jekyll": Dialect(
        render_jekyll,
        (
            '{% include note.html text="a" %}',
            f'{{% include note.html\n  text="{S}"\n\n  more="{P}" %}}',
            f"{{% raw %}}\n\n{P}\n\n{{{{ x }}}}\n\n{{% endraw %}}",
            f"{{% if site.name %}}\n\n{P}\n\n{{% else %}}\n\n{P}\n\n{{% endif %}}",
            f"{{% comment %}}\n\n{P}\n\n{{% endcomment %}}",
            f"{{% capture one %}}\n\n{P}\n\n{{% endcapture %}}",
            f"{{% highlight ruby %}}\n{S}\n\n{P}\n{{% endhighlight %}}",
            f"{P} {{{{ version }}}}",
            f"{P}\n{{: .note}}",
            f"{{: .note}}\n{P}",
            f"{{: .note }}\n> {P}",
            "## The new road\n{: #road .wide}",
            f"## The new road\n{{: .wide}}\n{Q}",
            f"* {P}\n* {Q}\n{{: .wide}}",
            "* TOC\n{:toc}",
            f"The road\n: {P}\n\n  {Q}",
            f"The mill\n\n: {Q}",
            f"{{::comment}}\n{S}\n\n{P}\n{{:/comment}}",
            "*[HTML]: Hyper Text",
            f"Words with a note.[^1]\n\n[^1]: {P}\n\n    {Q}",
            "$$\nx = 1\n$$",
            f'<div markdown="1">\n\n{P}\n\n{Q}\n\n</div>',
            f"{P} {{% raw %}}{{{{ x\n\n}}}}{{% endraw %}} {Q}",
            f"{P} {{% unless version %}}{Q}\n\n{R}{{% endunless %}} {P}",
        ),
        (
            f"{P}\n\n## The mill\n{{: .wide}}\n\n{P}\n\n## The end\n\n{R}\n",
            f"{P}\n\n{{: .wide}}\n## The mill\n\n{P}\n\n## The end\n\n{R}\n",
            f"{P}\n\n{{% if a %}}\n\n{P}\n\n{{% elsif b %}}\n{P}\n{{% endif %}}\n\n{P}\n\n{R}\n",
            f"{P}\n\n- One\n{{: .wide}}\n\n{P}\n\n* Two\n\n{R}\n",
            f"{P}\n\nThe road\n: {Q}\n\n{P}\n\nThe mill\n\n: {R}\n",
            f"{P}\n\n```liquid\n{{% if a %}}\n```\n\n{P}\n\n{{% include a.html %}}\n\n{P}\n\n{Q}\n".replace(
                "{% if a %}", "{% raw %}{% if a %}{% endraw %}"
            ),
        ),
        front=("---\ntitle: The Road\n---\n\n", "---\n\ntitle: The Road\nlayout: page\n---\n"),
    ),
    "hugo": Dialect(
        render_hugo,
        (
            '{{< shot src="a.png" >}}',
            f'{{{{< shot\n  src="{S}"\n\n  caption="{P}"\n>}}}}',
            f"{{{{< note >}}}}\n\n{P}\n\n{Q}\n\n{{{{< /note >}}}}",
            f"{{{{% note %}}}}\n\n{P}\n\n{Q}\n\n{{{{% /note %}}}}",
            f'{{{{< note title="one" >}}}}\n{P}\n{{{{< /note >}}}}',
            f'{P} {{{{< shot "b.png" >}}}} and more.',
            f"{Q} {{{{< term >}}}}road{{{{< /term >}}}}.",
            f"{Q} {{{{< term >}}}}road that\n\nleads to the mill{{{{< /term >}}}} {P}",
            f'{{{{< tabs >}}}}\n{{{{% tab "one" %}}}}\n\n{P}\n\n{{{{% /tab %}}}}\n{{{{% tab "two" %}}}}\n\n{P}\n\n{{{{% /tab %}}}}\n{{{{< /tabs >}}}}',
            f"{{{{< mermaid >}}}}\ngraph\n\n{P}\n{{{{< /mermaid >}}}}",
            f"The road\n: {P}\n\n  {Q}",
            f"The mill\n\n: {Q}",
            f"{P}\n{{.wide}}",
            "## The new road {#road}",
            f"Words with a note.[^1]\n\n[^1]: {P}\n\n    {Q}",
            f"<!-- dedup: ignore -->\n{P}",
            f"<div>\n\n{P}\n\n{Q}\n\n</div>",
        ),
        (
            f"{P}\n\n{{{{< note >}}}}\n{P}\n\n{Q}\n{{{{< /note >}}}}\n\n{P}\n\n{R}\n",
            f"{P}\n\n{{{{< note >}}}}\n\n{{{{< note >}}}}\n\n{P}\n\n{{{{< /note >}}}}\n\n{{{{< /note >}}}}\n\n{R}\n",
            f"{P}\n\n- One\n\n{{{{< shot >}}}}\n\n{P}\n\n{Q}\n",
            f"{P}\n\nThe road\n: {Q}\n\n{P}\n\nThe mill\n: {R}\n\n{P}\n\n  {R}\n",
        ),
        front=(
            "---\ntitle: The Road\n---\n\n",
            '+++\ntitle = "The Road"\n+++\n',
            '{\n  "title": "The Road",\n\n  "weight": 3\n}\n\n',
        ),
    ),
}

CHOSEN = (
    Settings.of(),
    Settings.of(preset="corpus", headlines="remove"),
    Settings.of(min_words=3),
)


@dataclass(frozen=True)
class Page:
    """A page before and after cleaning, and the source with a mark in each block that was removed."""

    source: str
    cleaned: str
    marked: str


def clean_page(text: str, ending: str, chosen: Settings, before: str) -> Page:
    cleaner = Cleaner(chosen)
    if before:
        cleaner.clean(document(before, "before.md"))
    cleaned = cleaner.clean(document(text, f"page{ending}"))
    again = Cleaner(chosen)
    if before:
        again.clean(document(before, "before.md"))
    assert again.clean(document(cleaned.content, f"page{ending}")).removals == (), text
    removed = [(removal.start, removal.end) for removal in cleaned.removals]
    return Page(text, cleaned.content.decode(), mark_removed(text.encode(), removed))


def mark_removed(source: bytes, removed: Iterable[tuple[int, int]]) -> str:
    """The source with a mark behind the first word of each removed block."""
    parts: list[bytes] = []
    done = 0
    for start, end in removed:
        word = re.compile(rb"[A-Z][a-z]{2,}").search(source, start, end)
        assert word, source[start:end]
        parts += [source[done : word.end()], MARK.encode()]
        done = word.end()
    return b"".join((*parts, source[done:])).decode()


def check(render: Render, pages: Sequence[Page], folder: Path) -> None:
    changed = [page for page in pages if page.marked != page.source]
    assert changed, "nothing was removed anywhere"
    texts = [text for page in changed for text in (page.marked, page.cleaned)]
    rendered = [read_page(html) for html in render(texts, folder)]
    for page, before, after in zip(changed, rendered[::2], rendered[1::2], strict=True):
        assert "error:" not in before.text(), f"{before.text()}\n{page.marked}"
        left = before.less(MARK)
        assert left is not None
        assert left.shown() == after.shown(), f"{page.marked}\n{'=' * 60}\n{page.cleaned}"


@dataclass(frozen=True)
class Sample:
    """A page to be cleaned, the settings, and a page that comes before it."""

    text: str
    chosen: Settings
    before: str


def made(strategy: st.SearchStrategy[Sample], count: int) -> list[Sample]:
    """Examples of a strategy, many at a time, since starting a tool takes long."""
    found: list[Sample] = []

    @settings(max_examples=count, phases=(Phase.generate,), database=None, deadline=None)
    @given(strategy)
    def collect(sample: Sample) -> None:
        found.append(sample)

    collect()
    return found


def samples(dialect: Dialect) -> st.SearchStrategy[Sample]:
    pieces = st.one_of(
        st.sampled_from(PROSE), st.sampled_from(dialect.pieces), st.sampled_from(dialect.pieces + COMMON)
    )

    def put_together(front: str, body: list[str], newline: str, chosen: Settings, before: str) -> Sample:
        named = (piece.replace("NAME", f"name_{number}") for number, piece in enumerate(body))
        return Sample((front + "\n\n".join(named) + "\n").replace("\n", newline), chosen, before)

    return st.builds(
        put_together,
        st.sampled_from(dialect.front),
        st.lists(pieces, min_size=3, max_size=9),
        st.sampled_from(("\n", "\r\n")),
        st.sampled_from(CHOSEN),
        st.sampled_from(("", f"{P}\n\n{Q}\n", f"## The new road\n\n{R}\n\n{S}\n\n{P}\n")),
    )


def of_cases(dialect: Dialect) -> list[Sample]:
    return [
        Sample(text.replace("\n", newline), chosen, "")
        for text in (dialect.front[0] + case for case in dialect.cases)
        for newline in ("\n", "\r\n")
        for chosen in CHOSEN[:2]
    ]


@pytest.mark.parametrize("name", DIALECTS)
def test_a_cleaned_page_is_rendered_less_what_was_removed(name: str, tmp_path: Path) -> None:
    dialect = DIALECTS[name]
    pages = [
        clean_page(sample.text, dialect.ending, sample.chosen, sample.before)
        for sample in (*made(samples(dialect), EXAMPLES), *of_cases(dialect))
    ]
    check(dialect.render, pages, tmp_path)


SITE_TOOLS = {
    "hugo": render_hugo,
    "jekyll": render_jekyll,
    "docusaurus": render_mdx,
    "mkdocs": render_mkdocs,
    "mdx": render_mdx,
}


@pytest.mark.parametrize("near", ["auto", "remove"])
@pytest.mark.parametrize("site", SITE_TOOLS)
def test_a_cleaned_site_is_rendered_less_what_was_removed(site: str, near: str, tmp_path: Path) -> None:
    """The command, over a folder; and over what it wrote, where nothing is left to remove."""
    report = tmp_path / "report.json"

    def clean(source: Path, destination: Path) -> list[dict[str, Any]]:
        args = ("clean", "--near", near, "--report", str(report), "-o", str(destination), str(source))
        assert CliRunner().invoke(main, args, prog_name="dedup").exit_code == 0
        removals: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["removals"]
        return removals

    removals = clean(SITES / site, tmp_path / "once")
    pages = []
    for source in sorted((SITES / site).iterdir()):
        gone = [(one["start"], one["end"]) for one in removals if Path(one["document"]).name == source.name]
        text, cleaned = source.read_bytes(), (tmp_path / "once" / source.name).read_bytes()
        pages.append(Page(text.decode(), cleaned.decode(), mark_removed(text, gone)))
    check(SITE_TOOLS[site], pages, tmp_path)
    assert clean(tmp_path / "once", tmp_path / "twice") == []
