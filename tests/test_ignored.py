"""Comments in the text and `allow`: what they leave out is in no finding, and all else is as if it were unique."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest
from corpora import HEADLINES, ITEMS, PARAGRAPHS, SHOWN, corpora, edit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import Cleaned, Cleaner, DedupError, Document, Report, Settings, document
from dedup.blocks import Kind, cut
from dedup.blocks.directives import find_comments, find_inline, find_inline_like
from dedup.documents import Syntax
from dedup.match.prepared import Prepared, prepare
from dedup.report.model import DirectiveEntry
from dedup.sources.encoding import decode

ROOT = Path(__file__).parent.parent
ONE = "The harbour master counted the boats twice before the storm reached the outer wall of the port."
TWO = "Nobody in the village remembered a winter in which the river had frozen over before December."
THREE = "After the meeting the committee published its minutes and thanked everyone who had come to it."
REASON = "the licence asks for it"

some = settings(
    max_examples=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def run(*texts: str, syntax: Syntax = "markdown", **options: object) -> tuple[Report, list[Cleaned]]:
    return feed([document(text, f"{number}.md", syntax) for number, text in enumerate(texts)], **options)


def feed(documents: Sequence[Document], **options: object) -> tuple[Report, list[Cleaned]]:
    cleaner = Cleaner(Settings.of(options))
    cleaned = list(cleaner.feed(documents))
    cleaner.end()
    return cleaner.report, cleaned


def found(report: Report) -> list[tuple[str, int, int]]:
    return [(each.document, each.line, each.kept.line) for each in report.findings]


def told(report: Report) -> list[tuple[str, int, str]]:
    return [(entry.document, entry.line, entry.text) for entry in report.directives]


# --- the forms that formats have -------------------------------------------------------------------------------


FORMS: list[tuple[Syntax, str]] = [
    ("markdown", "<!-- dedup: ignore -->"),
    ("markdown", "<!--dedup:ignore-->"),
    ("markdown", "<!--\ndedup: ignore -\n  a reason of\n  some lines\n-->"),
    ("markdown", "{{/* dedup: ignore */}}"),
    ("markdown", "{{- /* dedup: ignore */ -}}"),
    ("markdown", "{% comment %} dedup: ignore {% endcomment %}"),
    ("markdown", "{%- comment -%}dedup: ignore{%- endcomment -%}"),
    ("mdx", "{/* dedup: ignore */}"),
    ("html", "<!-- dedup: ignore -->"),
    ("html", "{% comment %} dedup: ignore {% endcomment %}"),
    ("text", "<!-- dedup: ignore -->"),
    ("text", "# dedup: ignore"),
    ("text", "  #dedup: ignore  "),
]


@pytest.mark.parametrize(("syntax", "comment"), FORMS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("gap", ["", "\n"])
def test_every_form_is_for_the_next_block(syntax: Syntax, comment: str, newline: str, gap: str) -> None:
    if syntax == "html":
        one, two, gap = f"<p>{ONE}</p>", f"<p>{TWO}</p>", "\n\n"
    else:
        one, two = ONE, TWO
    text = f"{one}\n\n{comment}\n{gap}{two}\n\n{one}\n\n{two}\n".replace("\n", newline)
    without = text.replace(comment.replace("\n", newline), "")
    report, (cleaned,) = run(text, syntax=syntax)
    assert [each.text.strip() for each in report.findings] == [one]
    assert comment.replace("\n", newline).encode() in cleaned.content
    assert not report.directives and report.summary.ignored == 1
    report, (cleaned,) = run(without, syntax=syntax)
    assert [each.text.strip() for each in report.findings] == [one, two]


@pytest.mark.parametrize("dash", [" - ", " -- ", " – ", " — ", "—", " -", " –"])
def test_a_reason_stands_after_a_dash(dash: str) -> None:
    report, _ = run(f"<!-- dedup: ignore{dash}{REASON} -->\n{ONE}\n\n{ONE}\n")
    assert (found(report), told(report)) == ([], [])


def test_a_comment_is_read_as_its_bytes_are() -> None:
    text = b"caf\xe9\n\n<!-- dedup: ignore \x96 caf\xe9 -->\n%b\n\n%b\n" % (ONE.encode(), ONE.encode())
    report, _ = feed([document(text, "a.md")])
    assert (found(report), told(report)) == ([], [])


@pytest.mark.parametrize("line", [".. dedup: ignore", "// dedup: ignore - so", "   //dedup:ignore"])
def test_comments_of_other_formats_are_whole_lines(line: str) -> None:
    assert [(each.word, each.wrong) for each in find_comments(line.encode())] == [("ignore", None)]
    assert not find_comments(f"text {line}".encode())


def test_code_and_text_about_such_comments_are_none() -> None:
    shown = "```html\n<!-- dedup: ignore-file -->\n```\n\nWrite `<!-- dedup: ingore -->` above it.\n\n"
    report, _ = run(f"{shown}    <!-- dedup: ignore-file -->\n\n{ONE}\n\n{ONE}\n")
    assert (len(found(report)), told(report)) == (1, [])
    report, _ = run("# dedup: a tool for editors\n\nWrite <!-- dedup: ingore --> above it.\n", syntax="text")
    assert (found(report), told(report)) == ([], [])


# --- which blocks ------------------------------------------------------------------------------------------------


def test_a_list_is_left_out_as_a_whole() -> None:
    items = f"- {ONE}\n- {TWO}\n"
    report, _ = run(f"<!-- dedup: ignore -->\n\n{items}\n{ONE}\n\n{TWO}\n\n{THREE}\n\n{THREE}\n")
    assert [each.text.strip() for each in report.findings] == [THREE]
    assert report.summary.ignored == 2 and not report.directives


def test_a_range_and_a_file() -> None:
    inside = f"<!-- dedup: ignore-start - {REASON} -->\n\n{ONE}\n\n{TWO}\n\n<!-- dedup: ignore-end -->\n\n{THREE}\n"
    report, _ = run(inside, f"{ONE}\n\n{TWO}\n\n{THREE}\n")
    assert found(report) == [("1.md", 5, 9)] and not report.directives
    report, _ = run(f"{ONE}\n\n<!-- dedup: ignore-file -->\n\n{TWO}\n", f"{ONE}\n\n{TWO}\n")
    assert not report.findings and not report.directives
    report, _ = run(f"---\ntitle: A\n# dedup: ignore-file\n---\n\n{ONE}\n", f"{ONE}\n")
    assert not report.findings and not report.directives


def test_a_headline_that_is_left_out_still_heads_its_section() -> None:
    heading = "## What Happens Next in the Valley"
    text = f"{heading}\n\n{ONE}\n\n{heading}\n\n{ONE}\n"
    assert len(run(text)[0].removals) == 2
    report, _ = run(f"<!-- dedup: ignore -->\n{text}")
    assert [each.line for each in report.findings] == [8] and not report.directives


@pytest.mark.parametrize("first", [True, False])
def test_either_copy_silences_the_pair(first: bool) -> None:
    mark = "<!-- dedup: ignore -->\n"
    copies = (mark + ONE, ONE) if first else (ONE, mark + ONE)
    report, _ = run(*(f"{copy}\n\n{other}\n" for copy, other in zip(copies, (TWO, THREE), strict=True)))
    assert (found(report), told(report)) == ([], [])


def test_a_comment_for_us_is_not_there_to_its_neighbours() -> None:
    page = "---\ntitle: {}\n---\n\n## Alpha\n\nSome words here.\n\n## Beta\n\n{}\n\n{}\n\n{}\n"
    long = " ".join((ONE, TWO))  # a note to what stands above, were the comment markup
    before = "<!-- dedup: ignore-start -->\n\nOnly here is this said.\n\n<!-- dedup: ignore-end -->"
    texts = [page.format("A", THREE, "Nothing.", long), page.format("B", "More words.", before, long)]
    with_comments = [(each.rule, getattr(each, "guard", None)) for each in run(*texts)[0].findings]
    plain = (
        texts[1].replace("<!-- dedup: ignore-start -->\n\n", "").replace("<!-- dedup: ignore-end -->\n", "")
    )
    assert with_comments == [
        (each.rule, getattr(each, "guard", None)) for each in run(texts[0], plain)[0].findings
    ]


def test_lines_of_text_beside_a_comment_are_cut_as_without_it() -> None:
    wrapped = "\n".join(" ".join(PARAGRAPHS[0].split()[at : at + 12]) for at in range(0, 36, 12))
    plain, marked = (
        cut(f"{wrapped}\n".encode(), "text"),
        cut(f"# dedup: ignore\n{wrapped}\n".encode(), "text"),
    )
    assert marked.kind.tolist() == [Kind.PROTECTED, *plain.kind.tolist()]
    assert marked.texts == ["", *plain.texts]


# --- what is wrong with them ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (f"<!-- dedup: ingore -->\n{ONE}\n", 1, 'unknown "dedup: ingore"; did you mean "ignore"?'),
        (
            f"{ONE}\n\n<!-- dedup: ignore-al -->\n",
            3,
            'unknown "dedup: ignore-al"; did you mean "ignore-file"?',
        ),
        ("<!--\ndedup: off -->\n", 1, 'unknown "dedup: off"; there are ignore, ignore-start, '),
        (
            f"<!-- dedup: ignore {REASON} -->\n{ONE}\n",
            1,
            f'"dedup: ignore {REASON}": a reason stands after a dash',
        ),
        (f"<!-- dedup: ignore-start -->\n\n{ONE}\n", 1, '"dedup: ignore-start" without an ignore-end'),
        (f"{ONE}\n\n<!-- dedup: ignore-end -->\n", 3, '"dedup: ignore-end" without an ignore-start'),
        (f"{ONE}\n\n<!-- dedup: ignore -->\n\n```\nx\n```\n", 3, '"dedup: ignore" has nothing after it'),
        (f"{TWO}\nand <!-- dedup: ignore --> more\n", 2, '"dedup: ignore" has no line of its own'),
        (f"<!-- dedup: ignore --> {ONE}\n", 1, '"dedup: ignore" has no line of its own'),
    ],
)
def test_a_malformed_comment_is_told_and_leaves_out_nothing(text: str, line: int, reason: str) -> None:
    report, _ = run(text)
    assert report.summary.ignored == 0
    assert [(each.document, each.line, each.problem) for each in report.directives] == [
        ("0.md", line, "malformed")
    ]
    assert report.directives[0].text.startswith(reason)


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("<!-- dedup ignore -->", 'unknown "dedup ignore"; did you mean "dedup: ignore"?'),
        ("<!-- dedup-ignore -->", 'unknown "dedup-ignore"; did you mean "dedup: ignore"?'),
        ("<!-- dedup_ignore_start -->", 'unknown "dedup_ignore_start"; did you mean "dedup: ignore-start"?'),
        ("<!-- dedup : ignore -->", 'unknown "dedup : ignore"; did you mean "dedup: ignore"?'),
        ("<!-- DEDUP: IGNORE -->", 'unknown "DEDUP: IGNORE"; did you mean "dedup: ignore"?'),
        ("<!-- Dedup: ignore-end -->", 'unknown "Dedup: ignore-end"; did you mean "dedup: ignore-end"?'),
        ("<!-- dedup: IGNORE -->", 'unknown "dedup: IGNORE"; did you mean "ignore"?'),
        ("<!--\ndedup\nignore file -->", 'unknown "dedup ignore file"; did you mean "dedup: ignore-file"?'),
        ("<!-- dedup ingore -->", 'unknown "dedup ingore"; did you mean "dedup: ignore"?'),
        ("<!-- dedup ingore - a reason -->", 'unknown "dedup ingore"; did you mean "dedup: ignore"?'),
        (f"<!-- dedup ignore {REASON} -->", 'unknown "dedup ignore"; did you mean "dedup: ignore"?'),
    ],
)
@pytest.mark.parametrize("syntax", ["markdown", "mdx", "html", "text"])
def test_what_is_nearly_a_comment_for_us_is_told(syntax: Syntax, comment: str, reason: str) -> None:
    if syntax == "text" and "\n" in comment:
        pytest.skip("in a plain text a comment is one line")
    report, _ = run(f"Some words.\n\n{comment}\n\n{TWO}\n", syntax=syntax)
    assert told(report) == [("0.md", 3, reason)]
    assert report.directives[0].problem == "malformed"


@pytest.mark.parametrize(
    ("syntax", "comment"),
    [
        ("markdown", "{{/* dedup ignore */}}"),
        ("markdown", "{% comment %} dedup ignore {% endcomment %}"),
        ("markdown", "and <!-- dedup ignore --> more"),
        ("mdx", "{/* dedup ignore */}"),
        ("html", "<p>and <!-- dedup ignore --> more</p>"),
        ("text", "# dedup ignore"),
        ("rst", ".. dedup ignore"),
        ("asciidoc", "// dedup ignore"),
    ],
)
def test_that_is_told_in_every_form(syntax: Syntax, comment: str) -> None:
    report, _ = run(f"Some words.\n\n{comment}\n\nThis is told: dedup ignore.\n", syntax=syntax)
    assert told(report) == [("0.md", 3, 'unknown "dedup ignore"; did you mean "dedup: ignore"?')]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- dedup removes what repeats -->",
        "<!-- dedup ignores white space at the end of lines -->",
        "<!-- deduplicate this: ignore -->",
        "<!-- Dedup -->",
        "<!-- dedup-core -->",
        "<!-- we dedup: ignore -->",
        "`<!-- dedup ignore -->`",
        "```\n<!-- dedup ignore -->\n```",
        "# dedup ignore",
        "// dedup ignore",
    ],
)
def test_a_comment_that_talks_about_dedup_is_left_alone(text: str) -> None:
    assert told(run(f"{ONE}\n\n{text}\n\n{TWO}\n")[0]) == []


@pytest.mark.parametrize("comment", ["<!-- dedup: ignore ", "<!-- dedup ignore "])
def test_many_comments_without_an_end_are_soon_read(comment: str) -> None:
    began = monotonic()
    find_inline(comment.encode() * 20_000)
    find_inline_like(comment.encode() * 20_000)
    assert monotonic() - began < 5


def test_a_start_inside_another_is_told() -> None:
    start, end = "<!-- dedup: ignore-start -->\n\n", "<!-- dedup: ignore-end -->\n\n"
    report, _ = run(f"{start}{ONE}\n\n{start}{TWO}\n\n{end}{ONE}\n\n{TWO}\n")
    assert told(report) == [("0.md", 5, '"dedup: ignore-start" stands inside another')]
    assert not report.findings


def test_a_comment_is_unused_where_nothing_repeats_what_it_leaves_out() -> None:
    unused = 'unused "dedup: ignore": nothing in this run repeats what it leaves out'
    mark = "<!-- dedup: ignore -->\n"
    long = f"{ONE} {THREE}"
    texts = (f"{mark}{long}\n\n{mark}{TWO}\n", f"{THREE}\n", f"{long.replace('everyone', 'all')}\n")
    assert told(run(*texts)[0]) == [("0.md", 4, unused)]
    assert told(run(*texts, group_by="[012]")[0]) == [("0.md", 1, unused), ("0.md", 4, unused)]
    assert told(run(*texts, scope="within")[0]) == [("0.md", 1, unused), ("0.md", 4, unused)]
    assert told(run(*texts, f"{mark}{TWO}\n")[0]) == []
    assert told(run(f"{mark}{ONE}\n\n{ONE}\n", scope="within")[0]) == []


# --- allow ----------------------------------------------------------------------------------------------------------


def test_what_is_allowed_repeats_without_a_word() -> None:
    texts = [f"## About the Port and the Town\n\n{ONE}\n\n{TWO}\n\nMore: {name}.\n" for name in ("a", "b")]
    assert len(run(*texts)[0].removals) >= 2
    report, _ = run(*texts, allow=[r"^The harbour \w+ counted .* port\.$", "About the Port"])
    assert [each.text.strip() for each in report.findings] == [TWO]
    assert report.summary.allowed == 4 and not report.directives
    wrapped = [text.replace("boats twice", "boats\ntwice") for text in texts]
    assert run(*wrapped, allow=["boats twice"])[0].summary.allowed == 2


def test_an_expression_that_is_none_is_told() -> None:
    with pytest.raises(DedupError, match=r"^allow: '\(' is not a regular expression: "):
        Settings.of(allow=["("])
    with pytest.raises(DedupError, match=r"^allow: expected a list of strings"):
        Settings.of(allow="x")


# --- by an oracle ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A piece of a document, and whether it is left out: by a comment, in a range, by `allow` (1, 2, 3) or not (0)."""

    what: str
    pick: int
    edit: int
    left_out: int

    def text(self) -> str:
        if self.what == "heading":
            return f"## {HEADLINES[self.pick % len(HEADLINES)]}"
        if self.what == "list":
            return f"- {ITEMS[self.pick % len(ITEMS)]}\n- {PARAGRAPHS[self.pick % 5]}"
        if self.what == "shown":
            return SHOWN[self.pick % 2]
        return edit(PARAGRAPHS[self.pick % len(PARAGRAPHS)], self.edit)

    def unique(self, name: str) -> str:
        """The same with words that stand nowhere else, as many and to the same end."""
        count = 0

        def word(match: re.Match[str]) -> str:
            nonlocal count
            count += 1
            return f"q{name}x{count}"

        return "\n".join(
            line[:2] * line.startswith("- ") + re.sub(r"[^\s:.]+", word, line.removeprefix("- "))
            for line in self.text().split("\n")
        )


# Not those that are cut otherwise than as one paragraph, or whose words are not parted by spaces.
pieces = st.builds(
    Piece,
    what=st.sampled_from(["paragraph"] * 5 + ["heading", "list", "shown"]),
    pick=st.integers(0, 8),
    edit=st.sampled_from((0, 0, 0, 2, 3, 4, 5, 8, 9, 13)),
    left_out=st.sampled_from((0, 0, 0, 1, 2, 3)),
)
OPTIONS = (
    {},
    {"near": "remove"},
    {"preset": "docs", "min_words": 8},
    {"scope": "within"},
    {"scope": "across"},
    {"lists": "run", "headlines": "remove"},
)


def render(document_pieces: Sequence[Piece], number: int, title: bool, with_comments: bool) -> str:
    parts = [f"---\ntitle: Page {number}\n---\n"] if title else []
    for n, piece in enumerate(document_pieces):
        if piece.what == "list" and any(other.what == "list" for other in document_pieces[:n]):
            continue  # two with nothing between them but a comment would be one without it
        if not piece.left_out or piece.what in ("heading", "shown"):
            parts.append(piece.text() + "\n")
        elif not with_comments:
            parts.append(piece.unique(f"{number}y{n}") + "\n")
        elif piece.left_out == 1:
            parts.append(f"<!-- dedup: ignore -->\n{piece.text()}\n")
        elif piece.left_out == 2:
            parts.append(f"<!-- dedup: ignore-start -->\n\n{piece.text()}\n\n<!-- dedup: ignore-end -->\n")
        else:
            # What `allow` finds must not be a word of its own.
            parts.append(
                re.sub(r"([^\s.:]+)", "\\1\u200d\u2063\u200d", piece.text()).replace(
                    "-\u200d\u2063\u200d", "-"
                )
                + "\n"
            )
    return "\n".join(parts)


@some
@given(
    st.lists(st.lists(pieces, min_size=1, max_size=7), min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from(OPTIONS),
)
def test_what_is_left_out_is_as_if_it_were_unique(
    documents: list[list[Piece]], title: bool, options: dict[str, object]
) -> None:
    documents.append([piece for each in documents for piece in each][:8])
    results = []
    for with_comments in (True, False):
        texts = [render(each, number, title, with_comments) for number, each in enumerate(documents)]
        report, _ = run(*texts, allow=["\u2063"], **options)
        results.append(
            [
                (
                    type(each).__name__,
                    each.document,
                    each.rule,
                    each.similarity,
                    each.text.strip(),
                    getattr(each, "guard", ""),
                )
                for each in report.findings
            ]
        )
    assert results[0] == results[1]


COMMENTS = (
    "<!-- dedup: ignore -->",
    "<!-- dedup: ignore - a reason -->",
    "<!-- dedup: ignore-start -->",
    "<!-- dedup: ignore-end -->",
    "<!-- dedup: ignore-file -->",
    "<!-- dedup: ingore -->",
    "# dedup: ignore",
    "> <!-- dedup: ignore -->",
    "  <!-- dedup: ignore -->",
    "{{/* dedup: ignore */}}",
)


@st.composite
def commented(draw: st.DrawFn) -> list[Document]:
    """Random documents with comments for us at the beginning of some of their lines, wherever that is."""
    documents = []
    for each in draw(corpora()):
        lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", each.text)
        for _ in range(draw(st.integers(0, 3))):
            at = draw(st.integers(0, len(lines)))
            newline = b"\r\n" if b"\r\n" in each.text else b"\r" if b"\r" in each.text else b"\n"
            lines.insert(at, draw(st.sampled_from(COMMENTS)).encode() + newline * draw(st.integers(1, 2)))
        text = b"".join(lines)
        documents.append(decode(each.path, text, each.syntax, each.path))
    return documents


def prepared(documents: Sequence[Document], chosen: Settings) -> list[Prepared]:
    return prepare(
        documents, lambda document, same: False, chosen.min_words, None, lambda document: chosen.allow
    )


@some
@given(commented(), st.sampled_from((*OPTIONS, {"allow": ["committee", "(?i)note"]})))
def test_what_is_left_out_stays_and_is_nobodys_twin(
    documents: list[Document], options: dict[str, object]
) -> None:
    chosen = Settings.of(options)
    report, cleaned = feed(documents, **options)
    exempt = {
        (each.document.path, each.document.offset(int(each.blocks.start[block])))
        for each in prepared(documents, chosen)
        for block in (*each.exempt, *each.ignored.markers)
    }
    assert not exempt & {(each.document, each.start) for each in report.findings}
    assert not exempt & {(each.kept.document, each.kept.start) for each in report.findings}
    # One by one as in one batch.
    cleaner = Cleaner(chosen)
    assert [cleaner.clean(each).content for each in documents] == [each.content for each in cleaned]
    cleaner.end()
    assert cleaner.report.directives == report.directives
    # Again, there is nothing to remove, and the comments say what they said.
    again = [decode(each.path, each.content, each.document.syntax, each.path) for each in cleaned]
    second, _ = feed(again, **options)
    assert not second.removals
    assert second.summary.ignored == report.summary.ignored
    assert second.summary.allowed == report.summary.allowed
    assert [(entry.document, entry.text) for entry in second.directives if entry.problem == "malformed"] == [
        (entry.document, entry.text) for entry in report.directives if entry.problem == "malformed"
    ]


def without_lines(each: Document, entries: Sequence[DirectiveEntry]) -> Document:
    gone = {entry.line for entry in entries if entry.document == each.path and entry.problem == "unused"}
    lines = each.text.decode().split("\n")
    text = "\n".join(line for number, line in enumerate(lines, 1) if number not in gone)
    return decode(each.path, text.encode(), each.syntax, each.path)


@some
@given(st.lists(st.lists(pieces, min_size=1, max_size=7), min_size=1, max_size=4), st.sampled_from(OPTIONS))
def test_a_comment_that_is_unused_can_go(documents: list[list[Piece]], options: dict[str, object]) -> None:
    texts = [
        render(each, number, True, True).replace("ignore-start -->", "ignore -->")
        for number, each in enumerate(documents)
    ]
    marked = [
        document(text.replace("<!-- dedup: ignore-end -->\n", ""), f"{number}.md")
        for number, text in enumerate(texts)
    ]
    report, _ = feed(marked, **options)
    unused, _ = feed([without_lines(each, report.directives) for each in marked], **options)
    assert [(each.document, each.rule, each.text.strip()) for each in report.findings] == [
        (each.document, each.rule, each.text.strip()) for each in unused.findings
    ]
    assert not unused.directives


# --- the command -----------------------------------------------------------------------------------------------------


def dedup(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dedup", *args],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_command_tells_of_unused_and_malformed_comments(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"<!-- dedup: ignore -->\n{ONE}\n\n{TWO}\n")
    done = dedup(tmp_path, "check", ".")
    assert (done.returncode, done.stdout) == (0, "")
    assert (
        'dedup: a.md:1: unused "dedup: ignore": nothing in this run repeats what it leaves out\n'
        in done.stderr
    )
    assert "left alone: 1 ignored\n" in done.stderr
    (tmp_path / "b.md").write_text(f"{ONE}\n\n<!-- dedup: ignore-begin -->\n")
    done = dedup(
        tmp_path, "clean", ".", "-o", "out", "--report", "r.json", "--allow", "^Nobody", "--allow", "x{3}"
    )
    assert done.returncode == 2
    said = 'b.md:3: unknown "dedup: ignore-begin"; did you mean "ignore-'
    assert said in done.stderr and "unused" not in done.stderr
    assert "left alone: 1 allowed, 1 ignored\n" in done.stderr
    assert (tmp_path / "out" / "b.md").read_bytes() == (tmp_path / "b.md").read_bytes()
    saved = json.loads((tmp_path / "r.json").read_bytes())
    assert [(each["document"], each["line"], each["problem"]) for each in saved["directives"]] == [
        ("b.md", 3, "malformed")
    ]
    assert saved["settings"]["allow"] == ["^Nobody", "x{3}"]
    again = dedup(tmp_path, "report", "r.json", "-o", "again.json")
    assert again.returncode == 0
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "r.json").read_bytes()


def test_explain_tells_of_what_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"{TWO}\n\n<!-- dedup: ignore -->\n{ONE}\n")
    (tmp_path / "b.md").write_text(f"{TWO}\n\n{ONE}\n")
    done = dedup(tmp_path, "explain", "a.md:4", "b.md:3")
    assert "a.md:4 is left out of the comparison: the comment on line 3 says so" in done.stdout
    done = dedup(tmp_path, "explain", "a.md:1", "b.md:1", "--allow", "village")
    assert (
        "a.md:1 is left out of the comparison: it is allowed to repeat, `village` is found in it"
        in done.stdout
    )


def test_a_row_says_for_itself_what_is_left_out(tmp_path: Path) -> None:
    texts = [ONE, f"# dedup: ignore\n{ONE}\n\n{TWO}", TWO, "# dedup: ignore-start\n\n" + THREE, THREE, ONE]
    (tmp_path / "t.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    outputs = []
    for kernel in ("", "reference"):
        os.environ["DEDUP_KERNEL"] = kernel
        try:
            done = dedup(tmp_path, "check", "t.jsonl")
        finally:
            del os.environ["DEDUP_KERNEL"]
        assert done.returncode == 1  # what is wrong in a row is no fault of who reads it
        assert 't.jsonl:4: "dedup: ignore-start" without an ignore-end\n' in done.stderr
        outputs.append((done.stdout, done.stderr))
    assert outputs[0] == outputs[1]
    lines = [line.split(": ", 1)[0] for line in outputs[0][0].splitlines()]
    assert lines == ["t.jsonl:3", "t.jsonl:5", "t.jsonl:6"]


def test_a_table_that_fails_leaves_no_word_of_its_comments(tmp_path: Path) -> None:
    row = json.dumps({"text": f"# dedup: ignore\n{TWO}"}) + "\n"
    (tmp_path / "a.jsonl").write_text(row + json.dumps({"text": TWO}) + "\nnot json\n")
    (tmp_path / "b.jsonl").write_text(row)
    done = dedup(tmp_path, "check", "a.jsonl", "b.jsonl")
    assert done.returncode == 2
    assert re.findall("^dedup: (.*): unused", done.stderr, re.MULTILINE) == ["b.jsonl:1"]
    assert "left alone: 1 ignored\n" in done.stderr


@pytest.mark.parametrize("drop", [{"drop_repeated": 0.3}, {"empty": "drop"}])
def test_a_row_with_something_left_out_is_not_dropped(tmp_path: Path, drop: dict[str, object]) -> None:
    from dedup.frames import clean_table

    rows = [{"text": f"{ONE}\n\n{TWO}"}, {"text": f"{ONE}\n\n# dedup: ignore\n{TWO}"}]
    assert [row["text"] for row in clean_table(rows, **drop)[0]][1:] == [f"# dedup: ignore\n{TWO}"]


def test_an_index_has_the_expressions_it_was_built_with(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"{ONE}\n")
    assert dedup(tmp_path, "clean", "a.md", "-o", "out.md", "--index", "index").returncode == 0
    manifest = tmp_path / "index" / "index.json"
    values = json.loads(manifest.read_bytes())
    del values["settings"]["allow"]  # as an index was written before there was such a setting
    manifest.write_text(json.dumps(values))
    assert dedup(tmp_path, "check", "a.md", "--index-read", "index").returncode == 1
    done = dedup(tmp_path, "check", "a.md", "--index-read", "index", "--allow", "x")
    assert (done.returncode, "was built with other settings: allow" in done.stderr) == (2, True)
