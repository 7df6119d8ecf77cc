"""reStructuredText into blocks, and what cleaning leaves of it: docutils' tree of the source less what went."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rst_trees import documents, flat, messages, read_tree, take_out

from dedup import Cleaned, Cleaner, Settings, document
from dedup.blocks import Kind, Role, cut

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rst"

BRIDGE = (
    "The harbour board decided on Monday that the old bridge over the river will stay open for another year."
)
FERRY = "The ferry goes on as it did before, from seven in the morning until the last bell of the evening."
PILLAR = "Engineers will look at the western pillar in spring and write down all that they find in a report."

few = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
OPTIONS = st.sampled_from([{}, {"preset": "corpus"}, {"near": "remove", "min_words": 2, "threshold": 0.6}])


def rows(text: str | bytes) -> list[tuple[str, str]]:
    """What each block is, and its bytes."""
    data = text.encode() if isinstance(text, str) else text
    blocks = cut(data, "rst")
    return [
        (Kind(kind).label, data[start:end].decode("utf-8", "replace"))
        for kind, start, end in zip(
            blocks.kind.tolist(), blocks.start.tolist(), blocks.end.tolist(), strict=True
        )
    ]


def shown(text: str) -> list[str]:
    return cut(text.encode(), "rst").texts


def links(text: str) -> int:
    return int(cut(text.encode(), "rst").links[0])


def clean(*sources: str | bytes, **options: object) -> list[Cleaned]:
    cleaner = Cleaner(Settings.of(options))
    return [cleaner.clean(document(source, path=f"{n}.rst")) for n, source in enumerate(sources)]


def left(source: str, **options: object) -> str:
    return clean(source, **options)[0].content.decode()


def test_titles() -> None:
    text = "====\nTop\n====\n\nOne\n---\nText.\n\nDeep\n~~~~\n\nTwo\n---\n\n**Bold**\n"
    assert rows(text) == [
        ("headline", "====\nTop\n====\n"),
        ("headline", "One\n---\n"),
        ("paragraph", "Text.\n"),
        ("headline", "Deep\n~~~~\n"),
        ("headline", "Two\n---\n"),
        ("headline", "**Bold**\n"),
    ]
    assert cut(text.encode(), "rst").level.tolist() == [1, 2, 0, 3, 2, 7]
    assert rows("Too long\n--\n") == [("paragraph", "Too long\n--\n")]
    assert rows("河边的老房\n----\n") == [("headline", "河边的老房\n----\n")]
    assert rows("A. One\n======\n\n1. Two\n------\n") == [
        ("headline", "A. One\n======\n"),
        ("headline", "1. Two\n------\n"),
    ]
    assert rows("河边\n---\n") == [("paragraph", "河边\n---\n")]


def test_a_title_at_a_wrong_level_is_none() -> None:
    assert [kind for kind, _ in rows("A\n===\n\nB\n---\n\nC\n===\n\nD\n~~~\n")] == [
        "headline", "headline", "headline", "protected",
    ]  # fmt: skip


def test_lists() -> None:
    text = "- one\n- two\n\n  more\n\n  #. deep\n\n1. a\n2. b\n\nterm : kind\n  what it\n  means\n\n  more\nterm\n  other\n"
    assert [raw for kind, raw in rows(text) if kind == "list-item"] == [
        "- one\n",
        "- two\n",
        "  more\n",
        "  #. deep\n",
        "1. a\n",
        "2. b\n",
        "term : kind\n  what it\n  means\n",
        "  more\n",
        "term\n  other\n",
    ]
    assert cut(text.encode(), "rst").lists.tolist() == [1, 1, 1, 1, 2, 2, 3, 3, 3]


def test_admonitions() -> None:
    one, glued, two = (
        ".. note:: One\n   note.\n",
        ".. tip::\n   One.\n",
        ".. warning::\n\n   Aha.\n\n   - b\n",
    )
    assert rows(one + "\n" + glued + "\n" + two) == [
        ("paragraph", one),
        ("paragraph", glued),
        ("protected", ".. warning::\n"),
        ("paragraph", "   Aha.\n"),
        ("list-item", "   - b\n"),
    ]
    blocks = cut((one + "\n" + two).encode(), "rst")
    assert blocks.texts[0] == "One\nnote."
    assert blocks.role.tolist()[1] == Role.WRAPPER
    assert links(".. note:: One.\n") != links(".. tip:: One.\n") != links("One.\n")


@pytest.mark.parametrize(
    "text",
    [
        ".. comment",
        ".. dedup: ignore",
        "..\n   comment\n\n   goes on",
        ".. code-block:: python\n\n   x = 1\n\n   y = 2",
        ".. image:: a.png\n   :alt: a",
        ".. versionadded:: 2\n   Text.",
        ".. toctree::\n   :maxdepth: 1\n\n   a\n   b",
        ".. py:function:: f(x)\n\n   Text.",
        ".. _target:",
        ".. _target: https://example.org",
        "__ https://example.org",
        ".. [1] A note.\n\n   More.",
        ".. [Knuth] A book.",
        ".. |x| replace:: text",
        "::\n\n   literal\n\n   literal",
        ">>> 1 + 1\n2",
        "| a\n| b",
        "+---+\n| a |\n+---+",
        "===  ===\na    b\n===  ===\n1    2\n\n3    4\n===  ===",
        ":field: text\n:other:\n   text",
        "-a  option\n-b, --bee=ARG  other",
        "----",
        "a. lettered\nb. list",
        "Text that is anonymous__.",
        "Text with a note [#]_.",
        "Unexpected\nindentation\n  here",
        ".. note::\n   :name: x\n\n   Text.",
        ".. note:: Text.\n\n   More.",
        "   Quoted.\n\n   -- Somebody",
        "Introduces nothing::",
    ],
)
def test_protected(text: str) -> None:
    assert rows(f"A\n===\n\n{text}\n\nZ\n===\n") == [
        ("headline", "A\n===\n"),
        ("protected", text + "\n"),
        ("headline", "Z\n===\n"),
    ]


def test_a_paragraph_and_its_literal_block() -> None:
    assert rows("Like this::\n\n  a\n\n  b\n\nText::\n\n> a\n> b\n") == [
        ("paragraph", "Like this::\n"),
        ("protected", "  a\n\n  b\n"),
        ("paragraph", "Text::\n"),
        ("protected", "> a\n> b\n"),
    ]
    assert shown("Like this::\n\n  a") == ["Like this:", ""]
    assert shown("Like this ::\n\n  a") == ["Like this", ""]


def test_what_a_reader_sees() -> None:
    assert shown(
        r"An *emphasised* **strong** ``lit*eral`` `link <http://x.org>`_, a name_, `a phrase`_, :ref:`see <there>` "
        r"|sub| [1]_ and \*escaped\* H\ :sub:`2`\ O snake_case __init__ _`inline`."
    ) == [
        "An emphasised strong `lit*eral` link, a name, a phrase, see sub  and *escaped* H2O snake_case __init__ inline."
    ]


def test_links() -> None:
    assert links("Just *words* and **more**.") == 0
    said = (
        "x 2", "x `2 <a>`_", "x `2 <b>`_", "x :sub:`2`", "x :sup:`2`", "x |2|", "x ``2``", "x [2]_", "x `2`_", "x `2`",
        "x `2`_\n\n.. _2: https://example.org", "x |2|\n\n.. |2| replace:: two",
    )  # fmt: skip
    assert len({links(text) for text in said}) == len(said)
    assert links("x `2`_\n\n.. _2: a") == links("x 2_\n\n.. _2: a")


def test_odd_bytes() -> None:
    assert shown("\tindented by a tab\n") == ["indented by a tab"]
    assert rows("A\r\n===\r\n\r\n- a\r\n- b\r\n\r\nText") == [
        ("headline", "A\r\n===\r\n"),
        ("list-item", "- a\r\n"),
        ("list-item", "- b\r\n"),
        ("paragraph", "Text"),
    ]
    assert cut("Caf\xe9\n====\n".encode("latin-1"), "rst").texts == ["Café"]
    assert {kind for kind, _ in rows("A\n===\n\nline\u2028other\n")} == {"protected"}
    assert rows("") == rows("\n \n") == []


def test_a_repeat_goes_with_the_blank_lines_after_it() -> None:
    assert left(f"{BRIDGE}\n\n{FERRY}\n\n\n{BRIDGE}\n\n{PILLAR}\n") == f"{BRIDGE}\n\n{FERRY}\n\n\n{PILLAR}\n"
    text = f"{BRIDGE}\n\n.. note::\n\n   {FERRY}\n\n   {PILLAR}\n\n   Something else.\n\n.. tip:: {BRIDGE}\n\nEnd.\n"
    again = f"\n.. note::\n\n   {PILLAR}\n\n   {FERRY}\n\n   More of it.\n\n   And more.\n"
    assert left(text + again) == text + "\n.. note::\n\n   More of it.\n\n   And more.\n"


@pytest.mark.parametrize(
    "after",
    [
        f".. note::\n\n   {FERRY}\n\n   {BRIDGE}\n\nEnd.",  # an admonition must not become empty
        f".. _target:\n\n{BRIDGE}\n\nEnd.",  # nor a target name what comes next
        f".. class:: big\n\n{BRIDGE}\n\nEnd.",
        f"{BRIDGE[:-1]}::\n\n   literal\n\nEnd.",  # nor a literal block become a quotation
        f"`End here`_.\n\n{BRIDGE[:-1]} `end here <a>`_.\n\nEnd.",  # nor a reference lead nowhere
        f"{BRIDGE}\n::\n\n::\n\nEnd.",
        f"- one\n\n{BRIDGE}\n\n- two",  # nor two lists one
        f"a. one\n\n{BRIDGE}\n\nb. two",
        f"- one\n\n{BRIDGE}\n\n  a quotation",  # nor a quotation part of an item
        f"1. one\n2. {BRIDGE}\n3. three",  # nor a list two
        f"One.\n\n----\n\n{BRIDGE}\n\n----\n\nEnd.",  # nor transitions stand side by side
        f"One.\n\n----\n\n{BRIDGE}",  # nor at the end
    ],
)
def test_what_would_be_read_otherwise_stays(after: str) -> None:
    first = f"{BRIDGE}\n\n{FERRY}\n\n{BRIDGE[:-1]}:\n\n{BRIDGE[:-1]} end here.\n"
    cleaned = clean(first, after, near="remove", headlines="remove", threshold=0.9)[1]
    assert cleaned.content.decode() == after or cleaned.content.decode() == after.replace(
        f"   {FERRY}\n\n", ""
    )


def test_the_fixtures() -> None:
    sources = [(FIXTURES / name).read_bytes() for name in ("queue.rst", "worker.rst")]
    first, second = clean(*sources)
    assert not first.findings
    assert [(removal.line, removal.end_line) for removal in second.removals] == [(8, 10), (33, 35), (44, 45)]
    assert [flag.guard for flag in second.flags] == ["lead-in"]
    before, after = (flat(read_tree(source), frozenset()) for source in (sources[1], second.content))
    everything = iter(before)
    assert all(line in everything for line in after)
    assert not messages(second.content) - messages(sources[1])


def test_the_command_finds_and_restores_files(tmp_path: Path) -> None:
    def dedup(*args: str) -> int:
        return subprocess.run(
            [sys.executable, "-m", "dedup", *args], cwd=tmp_path, capture_output=True
        ).returncode

    text = f"\ufeffA\r\n==\r\n\r\n{BRIDGE}\r\n\r\n- {FERRY}\r\n\r\n{BRIDGE}\r\n\r\n{PILLAR}".encode()
    for name in ("a.rst", "B.REST"):
        (tmp_path / name).write_bytes(text)
    assert dedup("check", ".") == 1
    assert dedup("clean", ".", "--in-place", "--report", "report.json") in (0, 1)
    assert (tmp_path / "B.REST").read_bytes().count(BRIDGE.encode()) == 1
    assert dedup("restore", "report.json") == 0
    assert {(tmp_path / name).read_bytes() for name in ("a.rst", "B.REST")} == {text}


def test_docutils_is_not_needed() -> None:
    code = (
        "import sys; from dedup.blocks import cut; cut(b'a\\n=\\n', 'rst'); print('docutils' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"


@pytest.mark.parametrize(
    "text",
    [
        (FIXTURES / "queue.rst").read_text() * 140,
        "".join(" " * n + "- x\n\n" for n in range(0, 2000, 2)),
        "".join("  " * n + "x\n" for n in range(1000)),
        "- x\n" * 10_000,
        "- " * 5_000,
        "a::\n\n" * 10_000,
        "a. x\n\n" * 10_000,
        "9" * 10_000 + ". x",
        ".. _x:\n\n" * 10_000,
        "a\n\n----\n\n" * 5_000,
        "T\n====\n\n" * 2_000 + "T_\n\n" * 2_000,
        ".. [1] x\n\n" * 2_000 + "a [1]_\n\n" * 2_000,
        "``a " * 10_000,
        "`a " * 20_000,
        "**a " * 20_000,
        "a." * 30_000,
        "a" + " " * 30_000 + "::",
        "`a" + " " * 30_000 + "<`_",
        ":a" * 20_000,
        "=== ===\nx\n" * 3_000,
    ],
)
def test_odd_input_takes_no_time(text: str) -> None:
    began = time.process_time()
    cut(text.encode(), "rst")
    assert time.process_time() - began < 5


# Properties of random documents.


@many
@given(documents(), st.integers(0, 2**40), st.booleans())
def test_without_some_blocks_the_tree_is_that_of_the_source_less_these(
    text: str, chosen: int, crlf: bool
) -> None:
    source = (text.replace("\n", "\r\n") if crlf else text).encode()
    cleaned, names = take_out(source, chosen)
    assert flat(read_tree(cleaned), frozenset()) == flat(read_tree(source), names)
    assert not messages(cleaned) - messages(source)


@many
@given(documents())
def test_every_line_that_says_something_is_in_a_block(text: str) -> None:
    data = text.encode()
    blocks = cut(data, "rst")
    edges = [0, *(edge for pair in zip(blocks.start, blocks.end, strict=True) for edge in pair), len(data)]
    assert edges == sorted(edges)
    assert not b"".join(data[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)).strip()


def with_repeats(text: str) -> str:
    """A document the names in which stand for a few sentences."""
    sentences = (BRIDGE, FERRY, PILLAR, FERRY.replace("seven", "eight"), "Short words.")
    return re.sub(r"\bn(\d+)x?\b", lambda match: sentences[int(match[1]) % len(sentences)], text)


@few
@given(st.lists(documents().map(with_repeats), min_size=1, max_size=2), OPTIONS)
def test_what_is_kept_is_kept_and_cleaning_twice_changes_nothing(
    texts: list[str], options: dict[str, object]
) -> None:
    results = clean(*texts, **options)
    for text, cleaned in zip(texts, results, strict=True):
        source, content, position = text.encode(), b"", 0
        for removal in cleaned.removals:
            content += source[position : removal.start]
            position = removal.end
        assert cleaned.content == content + source[position:]
        everything = iter(flat(read_tree(source), frozenset()))
        assert all(line in everything for line in flat(read_tree(cleaned.content), frozenset()))
        assert not messages(cleaned.content) - messages(source)
    again = clean(*(cleaned.content for cleaned in results), **options)
    assert [cleaned.content for cleaned in again] == [cleaned.content for cleaned in results]


def test_the_documents_try_every_kind() -> None:
    """The properties above say nothing unless blocks of every kind go."""
    kinds: set[str] = set()

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(documents().map(with_repeats))
    def collect(text: str) -> None:
        for cleaned in clean(text, text, near="remove", headlines="remove", min_words=2):
            kinds.update(removal.kind for removal in cleaned.removals)

    collect()
    assert kinds == {"headline", "paragraph", "list-item"}
