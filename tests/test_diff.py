"""The unified diff: real `patch` and `git apply` turn the source into the cleaned form with it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.diff import coloured, diff_of
from dedup.documents import Document
from dedup.output import cut_out
from dedup.sources.encoding import decode

Ranges = list[tuple[int, int]]

TOOLS = (
    ("patch", "--silent", "--binary", "--force", "-p0", "-i"),
    ("git", "-c", "core.autocrlf=false", "apply", "-p0", "--unidiff-zero", "--whitespace=nowarn"),
)


def document(source: bytes, path: str = "a.md") -> Document:
    return decode(path, source, "markdown", path)


def diff(source: bytes, *ranges: tuple[int, int], path: str = "a.md") -> bytes:
    return b"".join(diff_of(document(source, path), ranges))


def lines(source: bytes, *numbers: int) -> Ranges:
    """The ranges of whole lines, counted from 1."""
    places = [match.span() for match in re.finditer(rb"[^\n]*\n|[^\n]+", source)]
    return [places[number - 1] for number in numbers]


def applied(tool: tuple[str, ...], folder: Path, path: str, source: bytes, patch: bytes) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(source)
    (folder / "the.patch").write_bytes(patch)
    subprocess.run([*tool, "the.patch"], cwd=folder, check=True, capture_output=True)
    # Both may take away a file that has become empty.
    return (folder / path).read_bytes() if (folder / path).exists() else b""


def test_hunk_with_context() -> None:
    source = b"".join(b"%d\n" % number for number in range(1, 21))
    assert diff(source, *lines(source, 10, 11)) == (
        b"--- a.md\n+++ a.md\n@@ -7,8 +7,6 @@\n 7\n 8\n 9\n-10\n-11\n 12\n 13\n 14\n"
    )


def test_hunks_join_where_their_context_meets() -> None:
    source = b"".join(b"%d\n" % number for number in range(1, 31))
    assert diff(source, *lines(source, 5, 12)).count(b"@@ -") == 1
    heads = [line for line in diff(source, *lines(source, 5, 13)).splitlines() if line.startswith(b"@@")]
    assert heads == [b"@@ -2,7 +2,6 @@", b"@@ -10,7 +9,6 @@"]


@pytest.mark.parametrize(
    ("source", "numbers", "expected"),
    [
        (b"a\nb", [2], b"@@ -1,2 +1 @@\n a\n-b\n\\ No newline at end of file\n"),
        (b"a\nb", [1], b"@@ -1,2 +1 @@\n-a\n b\n\\ No newline at end of file\n"),
        (b"a\n", [1], b"@@ -1 +0,0 @@\n-a\n"),
        (b"a\r\nb\r\n", [2], b"@@ -1,2 +1 @@\n a\r\n-b\r\n"),
    ],
)
def test_ends_of_files_and_lines(source: bytes, numbers: list[int], expected: bytes) -> None:
    assert diff(source, *lines(source, *numbers)).split(b"\n", 2)[2] == expected


def test_a_part_of_a_line() -> None:
    assert (
        diff(b"one two\nthree\n", (3, 7)) == b"--- a.md\n+++ a.md\n@@ -1,2 +1,2 @@\n-one two\n+one\n three\n"
    )
    # Its end gone, a line goes on with the next one.
    assert (
        diff(b"one two\nthree\n", (3, 8))
        == b"--- a.md\n+++ a.md\n@@ -1,2 +1 @@\n-one two\n-three\n+onethree\n"
    )


def test_nothing_removed_is_no_diff() -> None:
    assert diff(b"one\n") == diff(b"one\n", (2, 2)) == b""


def test_utf_16_is_shown_as_utf_8() -> None:
    text = "é\n𝄞𝄞\n東\n"
    source = text.encode("utf-16")
    start = len("é\n".encode("utf-16"))
    end = start + len("𝄞𝄞\n".encode("utf-16-le"))
    assert diff(source, (start, end)).decode() == "--- a.md\n+++ a.md\n@@ -1,3 +1,2 @@\n é\n-𝄞𝄞\n 東\n"
    assert diff(source, (2, len(source))).decode().endswith("@@ -1,3 +0,0 @@\n-é\n-𝄞𝄞\n-東\n")
    assert diff(source[:-2], (end, len(source) - 2)).decode().endswith("-東\n\\ No newline at end of file\n")


@pytest.mark.parametrize("tool", TOOLS, ids=["patch", "git"])
@pytest.mark.parametrize("name", ["a.md", "a b.md", "sub/é.md", 'q"uote\\.md', "tab\t.md", "byte\udce9 x.md"])
def test_names_are_understood(tmp_path: Path, tool: tuple[str, ...], name: str) -> None:
    source = b"one\ntwo\nthree\n"
    assert applied(tool, tmp_path, name, source, diff(source, (4, 8), path=name)) == b"one\nthree\n"


texts = st.lists(
    st.sampled_from(
        [b"a\n", b"b\n", b"\n", b"c\r\n", b"\r", b"-- d\n", b"\xe9\n", b"\\ e\n", b"\xef\xbb\xbff\n"]
    ),
    max_size=30,
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[bytes, Ranges]:
    parts = draw(texts)
    source = b"".join(parts) + draw(st.sampled_from([b"", b"last"]))
    places = st.integers(0, len(source))
    if draw(st.booleans()):
        # Whole lines, as they are mostly removed.
        starts = [0] + [match.end() for match in re.finditer(rb"\n", source)] + [len(source)]
        places = st.sampled_from(starts)
    edges = sorted(draw(st.lists(places, max_size=8)))
    return source, list(zip(edges[::2], edges[1::2], strict=False))


@given(cases())
@settings(max_examples=150, deadline=None)
def test_patch_and_git_make_the_cleaned_form(
    tmp_path_factory: pytest.TempPathFactory, case: tuple[bytes, Ranges]
) -> None:
    source, ranges = case
    cleaned = cut_out(source, ranges)
    patch = b"".join(diff_of(Document("a.md", source, source, "text", "a.md"), ranges))
    if cleaned == source:
        return
    for tool in TOOLS:
        assert applied(tool, tmp_path_factory.mktemp("tree"), "a.md", source, patch) == cleaned


def test_colours() -> None:
    source = b"keep\n-- gone\r\nlast"
    shown = list(coloured(diff_of(document(source), lines(source, 2))))
    assert shown == [
        b"\x1b[1m--- a.md\x1b[0m\n",
        b"\x1b[1m+++ a.md\x1b[0m\n",
        b"\x1b[36m@@ -1,3 +1,2 @@\x1b[0m\n",
        b" keep\n",
        b"\x1b[31m--- gone\r\x1b[0m\n",
        b" last\n\\ No newline at end of file\n",
    ]
