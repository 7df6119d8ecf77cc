"""A cleaned AsciiDoc document, rendered by Asciidoctor, is the rendered source less the removed blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from asciidoctor import less, marked, needs_asciidoctor, plain, tree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import Cleaned, Cleaner, Settings, document

P = "The committee met in the town hall to hear what people had to say about the new wall by the river."
Q = "Nobody in the village remembers when the old mill was built, but everybody knows how it came to burn."
R = "Most of those who came spoke against it because the noise of the road would reach the school."


def clean(*texts: str, chosen: Settings | None = None, **options: Any) -> list[Cleaned]:
    cleaner = Cleaner(chosen or Settings.of(options))
    results = [
        cleaner.clean(document(text, f"{number}.adoc", "asciidoc")) for number, text in enumerate(texts)
    ]
    for text, cleaned in zip(texts, results, strict=True):
        check(text, cleaned)
    return results


def check(text: str, cleaned: Cleaned) -> None:
    """The cleaned text's tree is the source's less what shows that it stands in what the report names."""
    spans = [(removal.start, removal.end) for removal in cleaned.removals]
    if spans:
        assert plain(less(tree(marked(text, spans)))) == plain(tree(cleaned.content.decode()))


def removed(results: Sequence[Cleaned]) -> list[str]:
    return [removal.text.strip() for cleaned in results for removal in cleaned.removals]


PIECES = (
    [P, Q, R] * 3
    + [f"{P}\n{Q}", "== Part of it", "== Part of it\n", f"== {P}", "=== Below", "Underlined\n----------", "= Zero", "## Hashes"]
    + ["[[place]]", "[[place]]\n== Placed", "[#id]", "[.lead]", ".Title", "[discrete]\n== Alone", "[NOTE]", "[source,java]", "[quote, Me]"]
    + [f".Title\n{P}", f"[.lead]\n{Q}", f"[[here]]\n{R}", "[appendix]\n== More", "[verse]", "[horizontal]", "[square]"]
    + ["* one", "* two\n* three", "** deep", "- dash", ". first", ".. second", "1. one", "a. letter", f"* {P}", f"* {P}\n+\n{Q}"]
    + ["* a\n+\n----\ncode\n----", "* a\n\n  literal", "Term:: text", f"Term::\n\n{P}", "Term::", "A;; b", f"Term:: {Q}\nOther:: {R}"]
    + ["* [ ] open\n* [x] done", "<1> callout", "+", f"+\n{P}", "* a\n\n+\nb", "* a\n// c\n* b", "* a\n[.x]\n* b", "  * indented", "I) roman"]
    + ["----", "====", "****", "____", "--", "....", "++++", "|===", "////", "```", "```js\nlet x\n```", "=====", ",==="]
    + [f"====\n{P}\n\n{Q}\n====", f"****\n{R}\n****", f"--\n{P}\n--", f"____\n{Q}\n____", "----\na\n\nb\n----", "....\nx\n....", "|===\n|a\n|b\n|==="]
    + [f"[NOTE]\n====\n{P}\n====", f"====\n* {P}\n\n{Q}\n\n* b\n====", f"[source]\n--\n{P}\n--", f"=====\n{P}\n\n====\n{Q}\n====\n====="]
    + [f"NOTE: {P}", "TIP: Short.", "// comment", "// dedup: ignore", f"////\n{P}\n////", ":name: value", ":name: value \\\nmore", ":!name:", ":toc:"]
    + ["image::a.png[]", "include::a.adoc[]", "ifdef::name[]", "endif::[]", "ifndef::name[]", f"ifdef::name[]\n{P}\nendif::[]", "ifdef::x[words]"]
    + ["toc::[]", "gist::1[]", "'''", "---", "<<<", "***", "* * *", f"  {P}", "\ttab", f"> {P}", f'"{P}"\n-- Me', "*Bold line of five words*"]
    + [f"{P}footnote:[{R}]", f"{Q} <<_part_of_it>>", f"{R} <<place>>", f"{Q} xref:Below[]", "{counter:x} times", f"[[inline]]{P}", f"{P} +\n{Q}"]
    + ["Author Name", "See {name}.", f"{P}\n* no item", f"{Q}\n// in between\n{R}", f"{P}\n== no title", "a::b", "std::c:: d"]
)  # fmt: skip
GAPS = ("\n\n", "\n\n", "\n\n", "\n\n", "\n", "\n\n\n", "\n \n")
HEADS = (
    "",
    "",
    "= Document\n\n",
    "= Document\nAuthor Name\nv1, 2020\n:toc:\n\n",
    ":a: b\n= D\n",
    "---\ntitle: x\n---\n\n",
)
EITHER = st.sampled_from(
    [
        Settings.of(),
        Settings.of(preset="corpus"),
        Settings.of(headlines="remove", near="remove", min_words=2, threshold=0.6),
    ]
)

pieces = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=9)


@st.composite
def texts(draw: st.DrawFn) -> str:
    chosen = draw(pieces)
    repeated = (
        chosen + draw(st.permutations(chosen)) if draw(st.booleans()) else chosen * draw(st.integers(1, 3))
    )
    text = draw(st.sampled_from(HEADS)) + "".join(piece + gap for piece, gap in repeated)
    return text.replace("\n", draw(st.sampled_from(("\n", "\n", "\n", "\r\n"))))


MANY = 60


@needs_asciidoctor
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sources=st.lists(texts(), min_size=1, max_size=3), chosen=EITHER)
def test_what_stays_is_rendered_as_it_was(sources: list[str], chosen: Settings) -> None:
    clean(*sources, chosen=chosen)
