"""Which blocks the syntax of site generators and note-taking tools makes of a Markdown text."""

from __future__ import annotations

from time import process_time

import pytest

from dedup.blocks import Kind, Role, cut

P = "The committee met in the town hall to hear what people had to say."
Q = "Nobody remembers when the old mill by the river was built."

NEWLINES = ["\n", "\r\n", "\r"]


def rows(text: str, syntax: str = "markdown") -> list[tuple[str, int, int]]:
    blocks = cut(text.encode(), syntax)
    kinds = [Kind(kind).label for kind in blocks.kind.tolist()]
    return list(zip(kinds, blocks.line.tolist(), blocks.end_line.tolist(), strict=True))


def between(syntax: str) -> str:
    return f"{P}\n\n{syntax}\n\n{P}\n"


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize(
    "syntax",
    [
        # Hugo
        f'{{{{< figure\n  src="a"\n\n  alt="{P}"\n>}}}}',
        f"{{{{% x\n\n{P}\n%}}}}",
        f"{{{{< tabs >}}}}\n\n{P}\n\n{{{{< /tabs >}}}}",
        f"{{{{< mermaid >}}}}\n\n{P}\n\n{{{{< /mermaid >}}}}",
        f"{{{{/*\n\n{P}\n\n*/}}}}",
        # Jekyll, GitBook, kramdown
        f"{{% include a\n\n{P} %}}",
        f"{{% if a %}}\n\n{P}\n\n{{% else %}}\n\n{Q}\n\n{{% endif %}}",
        f"{{%- unless a -%}}\n\n{{% if b %}}\n\n{P}\n\n{{% endif %}}\n\n{Q}\n\n{{%- endunless -%}}",
        f"{{% raw %}}\n\n{P} {{{{ a }}}}\n\n{{% endraw %}}",
        f"{{% comment %}}\n\n{P} {{% if %}}\n\n{{% endcomment %}}",
        f"{{% tabs %}}\n{{% tab title='a' %}}\n\n{P}\n\n{{% endtab %}}\n{{% endtabs %}}",
        f"{{# no\n\n{P}\n\n#}}",
        f"{{::comment}}\n\n{P}\n\n{{:/comment}}",
        f"{{::nomarkdown}}\n\n{P}\n\n{{:/}}",
        f"{P}\n{{: .note}}",
        f"{{:.note}}\n{P}",
        f"Term\n: {P}\n\n  {Q}",
        f"Term\n\n:   {P}\n\n    {Q}\n\nOther\n\n: {P}",
        # MkDocs
        f"!!! note\n    {P}\n\n    {Q}",
        f"??? note\n\n    - {P}\n\n    {Q}",
        f"=== \"One\"\n\n    {P}\n\n=== 'Two'\n\n    {Q}",
        f"--8<--\n{P}\n\n{Q}\n--8<--",
        # Mathematics
        f"$$\n{P}\n\n===\n\n{P}\n$$",
        f"\\[\na\n\n{P}\n\\]",
        f"\\begin{{align}}\na\n\n{P}\n\\end{{align}}",
        # Obsidian
        f"%%\n\n{P}\n\n%%",
        # MyST, Pandoc, VitePress
        f"::::{{tab-set}}\n\n:::{{tab-item}} One\n\n{P}\n\n:::\n\n::::",
        f":::{{math}}\na\n\n{P}\n:::",
        f"::: code-group\n\n{P}\n\n:::",
        # JSX in Markdown
        f'<Tabs>\n<TabItem value="a">\n\n{P}\n\n</TabItem>\n</Tabs>',
    ],
)
def test_what_is_one_protected_block(syntax: str, newline: str) -> None:
    text = between(syntax).replace("\n", newline)
    last = 3 + syntax.count("\n")
    assert rows(text) == [("paragraph", 1, 1), ("protected", 3, last), ("paragraph", last + 2, last + 2)]


@pytest.mark.parametrize(
    "line",
    [
        '{{< ref "a" >}}',
        "{{ site.name }}",
        "{% include a %}",
        "{ #id .wide }",
        ":::note[Title]",
        "::youtube{#a}",
        "!!! note",
        "/// note | Title",
        '=== "One"',
        '--8<-- "part.md"',
        ';--8<-- "part.md"',
        "[TOC]",
        "[[toc]]",
        "[[_TOC_]]",
        "*[HTML]: Hyper Text",
        "$$ x = 1 $$",
        "![[Other note#Heading]]",
        "^quote-1",
        "%% a comment %%",
        "% a comment",
        "+++ note",
        "<<< @/part.js",
        "<!-- dedup: ignore -->",
        "<!-- dedup: ignore-start - it must repeat -->",
    ],
)
def test_lines_that_are_protected(line: str) -> None:
    assert rows(f"{line}\n\n- {P}\n")[0] == ("protected", 1, 1)


@pytest.mark.parametrize(
    "syntax",
    [
        f"import {{\n  a,\n\n  b,\n}} from 'c'\n\n{P}",
        f"export const a = () => (\n\n  <p>It's {{'}}'}}</p>\n\n  // {{\n\n)\n\n{P}",
        f'<Card\n  title="{{"\n\n  text={{`\n\n{P} ${{"`"}}\n`}}\n/>\n\n{P}',
        f"{{/*\n\n{P}\n\n*/}}\n\n{P}",
        f"{{[\n  'it',\n\n  \"{P}\",\n]}}\n\n{P}",
        f"<pre>{{`\n\n{P}\n\n`}}</pre>\n\n{P}",
        f"{{/* dedup: ignore */}}\n\n{P}",
    ],
)
def test_what_goes_on_in_mdx(syntax: str) -> None:
    last = syntax.count("\n") + 1
    assert rows(f"{syntax}\n", "mdx") == [("protected", 1, last - 2), ("paragraph", last, last)]


@pytest.mark.parametrize(
    ("comment", "syntax"), [("<!-- dedup: ignore -->", "markdown"), ("{/* dedup: ignore */}", "mdx")]
)
def test_a_comment_is_a_block_of_its_own(comment: str, syntax: str) -> None:
    for text in (f"{comment}\n\n{P}\n", f"{comment}\n{P}\n"):
        assert [kind for kind, *_ in rows(text, syntax)] == ["protected", "paragraph"]
    assert rows(f"{P}\n{comment}\n", syntax) == [("paragraph", 1, 1), ("protected", 2, 2)]


@pytest.mark.parametrize(
    "text",
    [
        f"{{{{< note >}}}}\n\n{P}\n\n{{{{< /note >}}}}\n",
        f"{{% note %}}\n\n{P}\n\n{{% endnote %}}\n",
        f":::note\n\n{P}\n\n:::\n",
        f"<Card>\n\n{P}\n\n</Card>\n",
        f">>>\n{P}\n\n>>>\n",
    ],
)
def test_prose_in_markup_is_prose(text: str) -> None:
    assert [kind for kind, *_ in rows(text)] == ["protected", "paragraph", "protected"]


def test_no_half_of_a_pair_goes() -> None:
    text = f"{P} {{{{< term >}}}}road\n\n{Q}\n\nmill{{{{< /term >}}}} {P}\n\n{P} {{{{< term >}}}}x{{{{< /term >}}}}\n"
    assert [kind for kind, *_ in rows(text)] == ["protected", "paragraph", "protected", "paragraph"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{{< param "a" >}}', '{{< param "b" >}}'),
        ("{{ a }}", "{{ b }}"),
        ("{% a %}", "{% b %}"),
        ("{a}", "{b}"),
        ("{ref}`it`", "{doc}`it`"),
        ("[[a]]", "[[b]]"),
        ("", '{{< param "a" >}}'),
    ],
)
def test_what_is_inside_a_sentence_counts_as_a_link(one: str, other: str) -> None:
    first, second = (int(cut(f"{P} {inline} {Q}\n".encode(), "markdown").links[0]) for inline in (one, other))
    assert first != second


def test_names_and_attributes_go_with_their_block() -> None:
    assert rows(f"(road)=\n\n## Road\n\n{P}\n") == [("headline", 1, 3), ("paragraph", 5, 5)]
    assert rows(f"{P}\n\n## Road\n{{: .wide}}\n\n{P}\n")[1] == ("headline", 3, 4)
    assert rows(f"{P}\n\n{{: .wide}}\n## Road\n\n{P}\n")[1] == ("headline", 3, 4)
    assert rows(f"## Road\n{{: .wide}}\n{P}\n") == [("protected", 1, 3)]
    assert rows(f"(road)=\n\n```\n{P}\n```\n") == [("protected", 1, 5)]


def test_a_paragraph_that_an_embed_asks_for_stays() -> None:
    assert rows(f"{P} ^quote-1\n\n{P} 2^3\n") == [("protected", 1, 1), ("paragraph", 3, 3)]


def test_what_is_in_code_begins_nothing() -> None:
    text = f"```liquid\n{{% if a %}}\n{{{{< tabs >}}}}\n```\n\n{P}\n\n{{% endif %}}\n\n{Q}\n"
    assert [kind for kind, *_ in rows(text)] == ["protected", "paragraph", "protected", "paragraph"]


@pytest.mark.parametrize("newline", NEWLINES)
def test_front_matter_in_json(newline: str) -> None:
    text = f'{{\n  "title": "The Road",\n\n  "text": "{P}"\n}}\n\n{P}\n'.replace("\n", newline)
    assert rows(text) == [("protected", 1, 5), ("paragraph", 7, 7)]
    assert cut(text.encode(), "markdown").title == "The Road"
    assert rows(f"{{no}} JSON, but {P}\n") == [("paragraph", 1, 1)]


def test_front_matter_that_begins_with_a_blank_line() -> None:
    assert rows(f"---\n\ntitle: The Road\n\n---\n\n{P}\n") == [("protected", 1, 5), ("paragraph", 7, 7)]
    assert [kind for kind, *_ in rows(f"---\n\n{P}\n\n---\n")] == ["protected", "paragraph", "protected"]


def test_the_roles_of_what_is_whole() -> None:
    def role(text: str) -> Role:
        return Role(cut(text.encode(), "markdown").role[0])

    assert role(f"!!! note\n\n    {P}\n") == Role.COMPLETE
    assert role(f"$$\na\n\n{P}\n$$\n") == Role.SHOWN


@pytest.mark.parametrize(
    ("piece", "syntax"),
    [
        ("{{< x\n\nword\n\n", "markdown"),
        ("{% include a %}\n\n{% enda %}\n\n", "markdown"),
        ("{% raw %}\n\nword\n\n", "markdown"),
        ("::: a\n\nword\n\n", "markdown"),
        ("import os\n", "markdown"),
        ("{ x\n\nword\n\n", "mdx"),
        ('<Card a="\n\nword\n\n', "mdx"),
    ],
)
def test_what_never_ends_takes_no_more_than_its_length(piece: str, syntax: str) -> None:
    def seconds(count: int) -> float:
        start = process_time()
        cut((piece * count).encode(), syntax)
        return process_time() - start

    seconds(4000)
    assert seconds(16000) < 12 * seconds(4000) + 0.5  # not 16 times
