"""A cleaned AsciiDoc document, rendered by Asciidoctor, is the rendered source less the removed blocks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from asciidoctor import less, marked, needs_asciidoctor, plain, tree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import Cleaned, Cleaner, Settings, document

FIXTURES = Path(__file__).parent.parent / "fixtures" / "asciidoc"

P = "The committee met in the town hall to hear what people had to say about the new wall by the river."
Q = "Nobody in the village remembers when the old mill was built, but everybody knows how it came to burn."
R = "Most of those who came spoke against it because the noise of the road would reach the school."


def cleaned_of(texts: Sequence[str], chosen: Settings) -> list[Cleaned]:
    cleaner = Cleaner(chosen)
    return [cleaner.clean(document(text, f"{number}.adoc", "asciidoc")) for number, text in enumerate(texts)]


def clean(*texts: str, chosen: Settings | None = None, **options: Any) -> list[Cleaned]:
    results = cleaned_of(texts, chosen or Settings.of(options))
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


MANY = 40


@needs_asciidoctor
@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sources=st.lists(texts(), min_size=1, max_size=3), chosen=EITHER)
def test_what_stays_is_rendered_as_it_was(sources: list[str], chosen: Settings) -> None:
    clean(*sources, chosen=chosen)


@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sources=st.lists(texts(), min_size=1, max_size=3), chosen=EITHER)
def test_bytes_are_kept_and_once_is_enough(sources: list[str], chosen: Settings) -> None:
    results = cleaned_of(sources, chosen)
    for source, cleaned in zip(sources, results, strict=True):
        data, kept, position = source.encode(), b"", 0
        for removal in cleaned.removals:
            assert removal.raw == data[removal.start : removal.end]
            kept += data[position : removal.start]
            position = removal.end
        assert cleaned.content == kept + data[position:]
    again = cleaned_of([cleaned.content.decode() for cleaned in results], chosen)
    assert [cleaned.content for cleaned in again] == [cleaned.content for cleaned in results]


@needs_asciidoctor
def test_the_oracle_sees_what_it_is_for() -> None:
    (cleaned,) = clean(f"{P}\n\n{Q}\n\n{P}\n\n* one\n")
    assert removed([cleaned]) == [P]
    with pytest.raises(AssertionError):
        check(f"{P}\n\n{Q}\n\n{P}\n\n* one\n* two\n", cleaned)


def named(text: str) -> str:
    return repr(text.replace(P, "P").replace(Q, "Q").replace(R, "R"))


@needs_asciidoctor
@pytest.mark.parametrize(
    "text",
    [
        f"{P}\n\n* one\n\n{P}\n\n* two\n",
        f"{P}\n\n* one\n\n{P}\n\n. two\n",
        f"{P}\n\n* one\n\n{P}\n\n  literal\n",
        f"{P}\n\n* one\n\n{P}\n\n+\n{Q}\n",
        f"{P}\n\nTerm:: one\n\n{P}\n\nTerm:: two\n",
        f"{P}\n\nTerm::\n\n{P}\n\n{Q}\n",
        f"{P}\n\n[[a]]\n{P}\n\n{Q}\n",
        f"{P}\n\n[quote]\n{P}\n\n{Q}\n",
        f"{P}\n\n* one\n\n{P}\n\ninclude::a.adoc[]\n",
        f"{P}\n\nifdef::a[]\n{P}\nendif::[]\n",
        f"{P}\n\n{P}\n// comment\n\n{Q}\n",
        f"{P}\n\n----\n{P}\n----\n",
        f"= Zero\n\n{P}\n\n= One\n\n{P}\n\n== Two\n\n{Q}\n",
    ],
    ids=named,
)
def test_a_repeat_stays_where_it_holds_something(text: str) -> None:
    assert removed(clean(text, near="remove")) == []


@needs_asciidoctor
@pytest.mark.parametrize(
    "text",
    [
        f"= Title\n\n{P}\n\n{Q}\n\n{P}\n\n{R}\n",
        f"{P}\n\n* one\n\n{P}\n\n{Q}\n\n* two\n",
        f"{P}\n\n* one\n\n{P}\n\n//-\n\n* two\n",
        f"{P}\n\n----\ncode\n----\n{P}\n\n{Q}\n",
        f"{P}\n\n====\n{Q}\n\n{P}\n\n{R}\n====\n",
        f"{P}\n\n// comment\n{P}\n\n{Q}\n",
        f"{P}\n\n:name: value\n\n{P}\n\n{Q} {{name}}\n",
    ],
    ids=named,
)
def test_a_repeat_goes_where_nothing_depends_on_it(text: str) -> None:
    assert removed(clean(text, near="remove")) == [P]


@needs_asciidoctor
def test_what_stands_above_a_paragraph_goes_with_it() -> None:
    assert removed(clean(f".Title\n[.lead]\n{P}\n\n{Q}\n\n.Title\n[.lead]\n{P}\n\n{R}\n")) == [
        f".Title\n[.lead]\n{P}"
    ]


@needs_asciidoctor
def test_text_above_the_header_stays() -> None:
    assert removed(clean(P, f"{P}\n\n= Title\n\n{Q}\n")) == []
    assert removed(clean(P, f"{P}\n\n:toc:\n\n{Q}\n\n== One\n\n{R}\n")) == []


@needs_asciidoctor
def test_a_section_that_others_point_to_stays() -> None:
    section = f"== The old wall\n\n{P}\n"
    first = f"{section}\n== Other\n\n{Q}\n"
    assert removed(clean(first, f"== Before\n\n{R}\n\n{section}")) == ["== The old wall", P]
    for pointing in (
        "<<_the_old_wall>>",
        "<<The old wall>>",
        "xref:_the_old_wall[there]",
        "xref:#_the_old_wall[]",
    ):
        text = f"== Before\n\n{R} {pointing}\n\n{section}"
        assert removed(clean(first, text)) == [P]
    assert removed(clean(f"[[wall]]\n{first}", f"== Before\n\n{R}\n\n[[wall]]\n{section}")) == [P]


@needs_asciidoctor
def test_sections_keep_the_numbers_in_their_names() -> None:
    """Asciidoctor calls the third `== Notes` `_notes_3`, and others may link to it."""
    notes = f"== Notes\n\n{P}\n\n"
    text = f"{notes}== One\n\n{Q}\n\n{notes}== Two\n\n{R}\n\n== Notes\n\nSomething else that nobody said.\n"
    assert removed(clean(text)) == [P]
    last = text[: text.rindex("== Notes")]
    assert removed(clean(last)) == ["== Notes", P]


@needs_asciidoctor
def test_a_copy_goes_as_a_whole() -> None:
    page = f"= Title\n\n[[a]]\n== One\n\n{P}\n\n[[b]]\n== Two\n\n{Q}\n\n* item\n"
    _, copy = clean(page, page)
    assert copy.content == b"= Title\n\n"
    assert copy.entry.repeats is not None and copy.entry.repeats.whole


@needs_asciidoctor
def test_the_fixture() -> None:
    pages = [(FIXTURES / name).read_text("utf-8") for name in ("harbour.adoc", "notice.adoc")]
    first, second = clean(*pages)
    assert [(removal.line, removal.rule) for removal in first.removals] == [(58, "verbatim")]
    assert [(removal.line, removal.rule) for removal in second.removals] == [
        (6, "exact"),
        (9, "exact"),
        (12, "verbatim"),
        (13, "verbatim"),
    ]
    assert [(flag.line, flag.guard) for flag in second.flags] == [(15, "link"), (20, "structure")]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dedup", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def test_folders_are_searched_for_it_cleaned_and_put_back(tmp_path: Path) -> None:
    texts = {
        "a.adoc": b"\xef\xbb\xbf= A\r\n\r\n" + f"{P}\r\n\r\n{Q}\r\n".encode(),
        "b.asciidoc": f"= B\n\n{R}\n\n{P}\n\nMore of it.".encode(),
        "c.asc": f"= C\n\nWho knows.\n\n\t\n{Q}".encode(),
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    checked = run(tmp_path, "check", ".")
    assert checked.returncode == 1
    found = [line.split()[0] for line in checked.stdout.splitlines() if " verbatim " in line]
    assert found == ["b.asciidoc:5:", "c.asc:6:"]
    assert run(tmp_path, "clean", "--in-place", ".").returncode == 0
    assert (tmp_path / "b.asciidoc").read_bytes() == f"= B\n\n{R}\n\nMore of it.".encode()
    assert run(tmp_path, "check", ".").returncode == 0
    assert run(tmp_path, "restore", "dedup-report.json").returncode == 0
    assert {name: (tmp_path / name).read_bytes() for name in texts} == texts
