"""Notebooks: what goes is text of Markdown cells, all else stays byte for byte; nbformat reads what is left."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from test_diff import TOOLS, applied
from trees import write

from dedup import Cleaned, Cleaner, DedupError, Settings, document
from dedup.blocks import Kind, cut
from dedup.diff import diff_of
from dedup.report.model import Removal
from dedup.restore import put_back

FIXTURES = Path(__file__).parent.parent / "fixtures" / "notebooks"

GAUGE = (
    "The gauge at Eastquay measures the height of the water every ten minutes, in centimetres above the zero."
)
FLOAT = "A float in a pipe follows the water, and the pipe “keeps” the waves out \U0001f30a, so the tide is what\nis written."
GAPS = "Gaps of up to an hour are filled in by a straight line between the two values beside them; longer gaps stay."


def clean(*notebooks: bytes, **options: object) -> list[Cleaned]:
    cleaner = Cleaner(Settings.of(options))
    return [
        cleaner.clean(document(data, path=f"{number}.ipynb"))
        for number, data in enumerate(notebooks, start=1)
    ]


def markdown(source: object, **more: object) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def code(source: object = ("print(1)",)) -> dict[str, object]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def notebook(*cells: object) -> bytes:
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}, indent=1).encode()


def sources(data: bytes) -> list[Any]:
    return [cell["source"] for cell in json.loads(data)["cells"]]


def dedup(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "dedup", *arguments], capture_output=True, check=False)


# What goes out of a list of strings, and what the file is then.

A, B = f"{GAUGE}\n", f"{GAPS}\n"
C, D = (
    "Something else stands here, and it is said once.\n",
    "And one more line that nobody has said so far.\n",
)


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ([A, "\n", C], [C]),
        ([C, "\n", A], [C, "\n"]),
        ([C, "\n", A, "\n", B], [C, "\n"]),
        ([A, "\n", B, "\n", C, "\n", A.strip()], [C, "\n"]),
        ([A, "\n", B], []),
        ([A], []),
        ([A + "\n" + C], [C]),
        ([C + "\n" + A, "\n", B], [C + "\n"]),
        ([C + "\n" + A + "\n", B + "\n" + D], [C + "\n" + D]),
        ([C, "\n" + A, "\n"], [C, "\n"]),
        ([A[:20], A[20:], "", "\n", "", C], ["", C]),
        ([C, "\n", A, "", ""], [C, "\n", "", ""]),
        (f"{C}\n{A}\n{B}", f"{C}\n"),
        (f"{A}\n{C}\n{B}", f"{C}\n"),
        (A, ""),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_what_goes_of_a_source(source: object, left: object, indent: int | None) -> None:
    first = markdown([A, "\n", B, "\n", "# More\n"])
    data = json.dumps({"cells": [first, markdown(source)]}, indent=indent).encode()
    assert sources(clean(data)[0].content) == [first["source"], left]


def test_an_emptied_list_is_written_as_nbformat_writes_it() -> None:
    (cleaned,) = clean(notebook(markdown([A]), markdown([B]), markdown([A, "\n", B]), markdown([B])))
    assert cleaned.content.count(b'   "source": []\n') == 2


def test_a_notebook_keeps_its_cells_whatever_goes() -> None:
    _, copy = clean(notebook(markdown(A)), notebook(markdown([A]), markdown([])), empty="drop")
    assert sources(copy.content) == [[], []]
    assert not copy.empty
    assert copy.entry.repeats is not None
    assert copy.entry.repeats.whole


def test_only_whole_lines_of_an_indented_file_go() -> None:
    data = notebook(markdown([A, "\n", C]), markdown([C[:9], "\n", "\n", A, "\n", "Over.\n"]))
    (cleaned,) = clean(data)
    (removal,) = cleaned.removals
    assert removal.raw == f"    {json.dumps(A)},\n    {json.dumps(chr(10))},\n".encode()
    assert (removal.line, removal.end_line, removal.kept.line) == (19, 19, 7)
    assert data.splitlines()[18] == f"    {json.dumps(A)},".encode()


def test_nothing_is_read_across_cells() -> None:
    (cleaned,) = clean(notebook(markdown([A]), markdown(["Title\n"]), markdown(["=====\n"]), markdown([A])))
    assert [removal.text for removal in cleaned.removals] == [A]
    text = document(
        notebook(markdown(["Title"]), markdown(["====="]), markdown(["* a"]), markdown(["  b"])), "a.ipynb"
    ).text
    assert cut(text, "notebook").kind.tolist() == [
        Kind.PARAGRAPH,
        Kind.PARAGRAPH,
        Kind.LIST_ITEM,
        Kind.PARAGRAPH,
    ]


def test_a_paragraph_before_code_stays() -> None:
    (cleaned,) = clean(notebook(markdown([A]), markdown([C, "\n", A]), code(), markdown([A]), code([])))
    assert [flag.guard for flag in cleaned.flags] == ["lead-in"]
    assert len(cleaned.removals) == 1


def test_what_shows_an_attachment_is_protected() -> None:
    for picture in (
        "![a](attachment:a.png)",
        "![a][b]\n\n[b]: attachment:a.png",
        "<img src='attachment:a.png'>",
    ):
        cell = markdown([f"{A.strip()} {picture}"], attachments={"a.png": {"image/png": "eA=="}})
        assert not clean(notebook(cell, cell))[0].removals
    cell = markdown([f"{A.strip()} The attachment: `attachment:a.png`"])
    assert clean(notebook(cell, cell))[0].removals


def test_a_text_in_markdown_and_in_a_notebook_are_the_same() -> None:
    cleaner = Cleaner(Settings())
    cleaner.clean(document(f"# Title\n\n{FLOAT}\n\n{GAPS}\n", "a.md"))
    cleaned = cleaner.clean(document(notebook(markdown(f"{FLOAT}\n\n{GAPS}"), markdown(C)), "b.ipynb"))
    assert [(removal.rule, removal.kept.line) for removal in cleaned.removals] == [
        ("verbatim", 3),
        ("verbatim", 6),
    ]
    assert len({removal.run for removal in cleaned.removals}) == 1


# Notebooks that are none, and odd ones.


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not a notebook: not valid JSON"),
        (b"# Markdown", "not a notebook: not valid JSON"),
        (notebook() + b"}", "not a notebook: not valid JSON"),
        (b'{"cells": [],}', "not a notebook: not valid JSON"),
        (b'{"cells": [{"cell_type": "markdown", "source": "a\nb"}]}', "not a notebook: not valid JSON"),
        (b"[" * 200_000, "JSON nested too deeply"),
        (b'{"metadata": ' + b'{"a":' * 200_000, "JSON nested too deeply"),
        (b'{"cells": [], "a": "\xe9"}', "not valid UTF-8"),
        (b"[]", "not a notebook of format 4: it has no list of cells"),
        (b"{}", "not a notebook of format 4: it has no list of cells"),
        (b'{"cells": {}}', "not a notebook of format 4: it has no list of cells"),
        (b'{"cells": [], "cells": null}', "not a notebook of format 4: it has no list of cells"),
        (b'{"worksheets": [{"cells": []}]}', "not a notebook of format 4: it has no list of cells"),
        (notebook(code(), 3), "cell 2 is not an object"),
        (notebook(markdown(None)), 'cell 1: "source" is neither a string nor a list of strings'),
        (notebook(markdown(["a", 1])), 'cell 1: "source" is neither a string nor a list of strings'),
    ],
)
def test_bad_notebooks(data: bytes, reason: str) -> None:
    with pytest.raises(DedupError) as caught:
        document(data, "a.ipynb")
    assert str(caught.value) == f"a.ipynb: {reason}"


def test_a_bad_notebook_is_one_line_and_the_others_are_worked_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write("docs/bad.ipynb", content=b'{"cells": 1}')
    write("docs/good.ipynb", content=notebook(markdown(C), markdown([A]), markdown([A])))
    write("docs/binary.ipynb", content=b"\0")
    done = dedup("clean", "docs", "-o", "out")
    assert done.returncode == 2
    assert done.stderr.decode().splitlines()[0] == (
        "dedup: docs/bad.ipynb: not a notebook of format 4: it has no list of cells"
    )
    assert b"Traceback" not in done.stderr
    assert sources(Path("out/good.ipynb").read_bytes()) == [C, [A], []]
    assert not Path("out/bad.ipynb").exists()


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"cell_type": "markdown"},
        {"cell_type": ["markdown"], "source": A},
        {"cell_type": "heading", "source": A, "level": 1},
        {"cell_type": "raw", "source": A},
        {"cell_type": "code", "source": 3},
        {"cell_type": "code", "source": [A, None]},
        {"source": A},
    ],
)
def test_cells_of_other_types_are_left_alone(cell: object) -> None:
    data = notebook(markdown([C]), cell, cell, markdown([A]))
    assert clean(data)[0].content == data


def test_of_a_key_given_twice_the_last_counts() -> None:
    data = b"""{"cells": [{"cell_type": "code", "source": "x"}], "nbformat": 4, "cells": [
      {"source": ["%(a)s"], "cell_type": "code", "source": ["%(c)s"], "cell_type": "markdown"},
      {"cell_type": "markdown", "source": "%(a)s"}, {"cell_type": "markdown", "source": "%(a)s"}]}"""
    data %= {b"a": GAUGE.encode(), b"c": C.strip().encode()}
    assert sources(clean(data)[0].content) == [[C.strip()], GAUGE, ""]


def test_lone_surrogates_and_escapes_stay_as_they_are() -> None:
    said = rf"\ud800 \u00e9\/ caf\u0065 \ud83c\udf0a {GAUGE} \udc00"
    data = rf'{{"cells":[{{"cell_type":"markdown","source":["{said}\n", "\n", "x \ud83c"]}},{{"cell_type":"markdown","source":["{C.strip()}\n", "\n", "{said}"]}}]}}'
    (cleaned,) = clean(data.encode())
    assert cleaned.content.decode() == data.replace(rf', "{said}"', "")
    assert cleaned.removals[0].raw.decode() == rf', "{said}"'
    assert "� é/ cafe \U0001f30a" in cleaned.removals[0].text


def test_a_byte_order_mark_stays() -> None:
    data = b"\xef\xbb\xbf" + notebook(markdown([C, "\n", A, "\n", A]))
    (cleaned,) = clean(data)
    assert cleaned.content.startswith(b"\xef\xbb\xbf{")
    assert sources(cleaned.content.decode("utf-8-sig").encode()) == [[C, "\n", A, "\n"]]


def test_large_outputs_and_many_lines_take_no_time() -> None:
    output = {"output_type": "display_data", "metadata": {}, "data": {"image/png": "QUJD" * 4_000_000}}
    cells = [
        code() | {"outputs": [output]},
        markdown([f"Line {number} of the text\n" for number in range(20_000)]),
    ]
    data = notebook(*cells, markdown([C]), markdown([A]), markdown([A]))
    (cleaned,) = clean(data)
    assert sources(cleaned.content)[-1] == []


# The fixtures, through the commands.


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for path in FIXTURES.iterdir():
        write(f"docs/{path.name}", content=path.read_bytes())
    return tmp_path


SAID = """\
docs/surges.ipynb:37: verbatim 1.00 "The gauge at Eastquay measures the height of the water every…" = docs/surges.ipynb:12
docs/tides.ipynb:10: verbatim 1.00 "The gauge at Eastquay measures the height of the water every…" = docs/surges.ipynb:12
docs/tides.ipynb:16: flag near 0.95 "Gaps of up to an hour are filled in by a straight line…" = docs/surges.ipynb:16 [number]
docs/tides.ipynb:93: verbatim 1.00 "Gaps of up to an hour are filled in by a straight line…" = docs/tides.ipynb:16
"""


def test_check_names_the_lines_of_the_file(here: Path) -> None:
    done = dedup("check", "docs")
    assert done.returncode == 1
    assert done.stdout.decode() == SAID


def test_clean_and_restore(here: Path) -> None:
    assert dedup("clean", "docs", "-o", "out", "--report", "r.json").returncode == 0
    for path in Path("docs").iterdir():
        before, after = json.loads(path.read_bytes()), json.loads(Path("out", path.name).read_bytes())
        assert before != after
        nbformat.validate(nbformat.from_dict(after))
        for one, other in zip(before["cells"], after["cells"], strict=True):
            assert one == other or one["cell_type"] == "markdown"
    assert dedup("restore", "r.json").returncode == 0
    assert dedup("clean", "docs", "--in-place", "--report", "r2.jsonl").returncode == 0
    assert dedup("check", "docs").returncode == 0
    assert dedup("restore", "r2.jsonl").returncode == 0
    for path in FIXTURES.iterdir():
        assert (
            Path("out", path.name).read_bytes() == path.read_bytes() == Path("docs", path.name).read_bytes()
        )


def test_one_notebook_goes_to_standard_output(here: Path) -> None:
    done = dedup("clean", "docs/tides.ipynb")
    assert done.returncode == 0
    assert done.stdout == clean((FIXTURES / "tides.ipynb").read_bytes())[0].content


def test_explain_takes_the_lines_of_the_file(here: Path) -> None:
    done = dedup("explain", "docs/tides.ipynb:17", "docs/tides.ipynb:94")
    assert "docs/tides.ipynb:93 goes: verbatim 1.00, a repeat of docs/tides.ipynb:16" in done.stdout.decode()


def test_the_diff_is_that_of_the_file(here: Path) -> None:
    patch = dedup("clean", "docs/tides.ipynb", "--diff").stdout
    cleaned = dedup("clean", "docs/tides.ipynb").stdout
    source = Path("docs/tides.ipynb").read_bytes()
    for number, tool in enumerate(TOOLS):
        assert applied(tool, here / str(number), "docs/tides.ipynb", source, patch) == cleaned


# Properties of random notebooks.

TEXTS = (
    GAUGE, FLOAT, GAPS, GAUGE.replace("ten", "the ten"), GAPS.replace("hour", "hour or so"), "## What is measured", "**Bold**",
    "# Tides", "- one\n- two\n  more", "1. first\n\n   and more", "Short one:", "```\ncode\n```", "| a | b |\n|---|---|\n| 1 | 2 |",
    "> quoted é", "---", "<div>\n\n</div>", "Tab\there \\ \"quoted\" / \x7f", "![x](attachment:x.png)", "[a]: b", "\n", "a\rb",
)  # fmt: skip


@st.composite
def texts(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.sampled_from(TEXTS[:5]) | st.sampled_from(TEXTS), max_size=5))
    return "".join(part + draw(st.sampled_from(["\n\n", "\n\n", "\n", "\r\n\r\n", ""])) for part in parts)


@st.composite
def written(draw: st.DrawFn, text: str) -> Any:
    """A source as it may stand in the file."""
    way = draw(st.sampled_from(["lines", "lines", "lines", "string", "pieces"]))
    if way == "string":
        return text
    if way == "lines":
        return text.splitlines(keepends=True)
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


@st.composite
def notebooks(draw: st.DrawFn) -> bytes:
    cells: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, 5))):
        cell: dict[str, Any] = {"metadata": draw(st.sampled_from([{}, {"tags": ["é"], "x": [None, 1.50]}]))}
        cell["source"] = draw(written(draw(texts())))
        cell["cell_type"] = draw(st.sampled_from(["markdown", "markdown", "markdown", "code", "raw"]))
        cell["id"] = f"cell-{number}"
        if cell["cell_type"] == "code":
            cell |= {
                "execution_count": 1,
                "outputs": [{"output_type": "stream", "name": "stdout", "text": GAUGE}],
            }
        cells.append(dict(draw(st.permutations(list(cell.items())))))
    whole = {"cells": cells, "metadata": {"note": GAUGE}, "nbformat": 4, "nbformat_minor": 5}
    data = json.dumps(
        dict(draw(st.permutations(list(whole.items())))),
        indent=draw(st.sampled_from([1, 1, 2, "\t", None])),
        ensure_ascii=draw(st.booleans()),
        separators=draw(st.sampled_from([None, (",", ":"), (" ,  ", " : ")])),
    )
    if draw(st.booleans()):
        data = data.replace("\n", "\r\n")
    return data.encode() + draw(st.sampled_from([b"", b"\n"]))


many = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
OPTIONS = st.sampled_from([{}, {"preset": "corpus"}, {"near": "remove", "min_words": 2, "threshold": 0.6}])


def joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)


def texts_left(before: list[str], after: list[str], removals: tuple[Removal, ...]) -> bool:
    """Whether the cells' texts are those before less the removed ones, in order and each in one cell."""
    gone = [removal.text for removal in removals]

    @cache
    def fits(cell: int, at: int, new: int, number: int) -> bool:
        if cell == len(before):
            return number == len(gone)
        text, left = before[cell], after[cell]
        if at == len(text):
            return new == len(left) and fits(cell + 1, 0, 0, number)
        if (
            number < len(gone)
            and text.startswith(gone[number], at)
            and fits(cell, at + len(gone[number]), new, number + 1)
        ):
            return True
        # All that stays of a line stays together; only at the begin of one can something go.
        end = (
            min(place + 1 for mark in "\r\n" if (place := text.find(mark, at)) >= 0)
            if set("\r\n") & set(text[at:])
            else len(text)
        )
        return left[new : new + end - at] == text[at:end] and fits(cell, end, new + end - at, number)

    return fits(0, 0, 0, 0)


@many
@given(st.lists(notebooks(), min_size=1, max_size=3), OPTIONS)
def test_a_cleaned_notebook_is_the_notebook_less_text_of_its_markdown_cells(
    files: list[bytes], options: dict[str, object]
) -> None:
    results = clean(*files, **options)
    for data, cleaned in zip(files, results, strict=True):
        before, after = json.loads(data), json.loads(cleaned.content)
        nbformat.validate(nbformat.from_dict(after))
        taken: dict[str, list[str]] = {"before": [], "after": []}
        for name, whole in (("before", before), ("after", after)):
            for cell in whole["cells"]:
                if cell["cell_type"] == "markdown":
                    taken[name].append(joined(cell.pop("source")))
        assert json.dumps(before) == json.dumps(after)  # the order of keys, too
        assert texts_left(taken["before"], taken["after"], cleaned.removals)
        event(f"{min(len(cleaned.removals), 3)} removals")
        places = [(removal.start, removal.end, removal.raw) for removal in cleaned.removals]
        assert put_back(cleaned.content, places) == data
        assert all(data[start:end] == raw for start, end, raw in places)
        for removal in cleaned.removals:
            first, last = (data.count(b"\n", 0, place) + 1 for place in (removal.start, removal.end))
            assert first <= removal.line <= removal.end_line <= last
    again = clean(*(cleaned.content for cleaned in results), **options)
    assert [cleaned.content for cleaned in again] == [cleaned.content for cleaned in results]


@settings(parent=many, max_examples=60)
@given(notebooks())
def test_a_patch_gives_the_cleaned_notebook(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    (cleaned,) = clean(data)
    patch = b"".join(
        diff_of(cleaned.document, ((removal.start, removal.end) for removal in cleaned.removals))
    )
    if patch:
        folder = tmp_path_factory.mktemp("patch")
        assert applied(TOOLS[0], folder, "1.ipynb", data, patch) == cleaned.content
