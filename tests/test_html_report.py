"""The HTML report as a file: one, without network, no larger than it may be, and never with what its writer had not."""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from html_pages import (
    FERRY,
    LAST_YEAR,
    THIS_YEAR,
    data_of,
    dedup,
    elements,
    flag,
    page_of,
    pair,
    removal,
    report_of,
    shown,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.page import made_report
from dedup.report.model import Place
from dedup.report.page_data import readable

SECRET = "The code of the safe in the harbour office is kept in this file, and nobody may read it here."


def docs(folder: Path) -> Path:
    """Two pages: the second repeats a paragraph of the first word for word, and another with a changed number."""
    (folder / "docs").mkdir()
    first = f"# Harbour\n\nWhat comes before.\n\n{FERRY}\n\nWhat comes between.\n\n{LAST_YEAR}\n\nWhat comes after.\n"
    second = f"# News\n\nSomething new.\n\n{THIS_YEAR}\n\nSomething else.\n\n{FERRY}\n\nThe end of it.\n"
    (folder / "docs" / "a.md").write_text(first)
    (folder / "docs" / "b.md").write_text(second)
    return folder


def test_a_page_is_one_file_without_network(tmp_path: Path) -> None:
    dedup("check", "docs", "--report", "r.html", cwd=docs(tmp_path), status=1)
    found = elements(tmp_path / "r.html")
    scripts = [attributes for tag, attributes in found.tags if tag == "script"]
    assert [each.get("type") for each in scripts] == ["application/json", None]
    addresses = [
        value
        for _, attributes in found.tags
        for name, value in attributes.items()
        if name in ("src", "href", "action", "style") or name.startswith("on")
    ]
    assert addresses == ["#main"]
    policy = next(a["content"] for _, a in found.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy and policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        at = max(at for at, (name, _) in enumerate(found.tags) if name == tag)
        digest = b64encode(sha256(found.data[at].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_a_page_is_written_from_a_saved_report_and_the_same_each_time(tmp_path: Path) -> None:
    dedup("check", "docs", "--report", "r.json", "--report", "check.html", cwd=docs(tmp_path), status=1)
    dedup("report", "r.json", "-o", "one.html", cwd=tmp_path)
    dedup("report", "r.json", "-o", "two.HTML", cwd=tmp_path)
    one = (tmp_path / "one.html").read_bytes()
    assert one == (tmp_path / "two.HTML").read_bytes()
    data = data_of(tmp_path / "one.html")
    assert data["summary"]["removed"] == 1
    assert data["findings"]["rules"] == data_of(tmp_path / "check.html")["findings"]["rules"]


def test_a_page_is_no_report_to_restore_from(tmp_path: Path) -> None:
    dedup("check", "docs", "--report", "r.html", cwd=docs(tmp_path), status=1)
    said = dedup("restore", "r.html", cwd=tmp_path, status=2)
    assert said == "dedup: r.html: only .json or .jsonl reports can be read back\n"


def test_findings_come_with_their_twins_and_what_stands_around_them(tmp_path: Path) -> None:
    dedup("check", "docs", "--report", "r.html", cwd=docs(tmp_path), status=1)
    data = data_of(tmp_path / "r.html")
    assert data["findings"]["flag"] == [1, 0]
    assert [shown(data, name) for name in ("text", "twin")] == [THIS_YEAR, LAST_YEAR]
    assert [shown(data, name) for name in ("above", "below")] == [
        "# News\nSomething new.",
        f"Something else.\n{FERRY}",
    ]
    assert shown(data, "twinAbove") == f"{FERRY}\nWhat comes between."
    assert shown(data, "twinBelow") == "What comes after."
    # The text of a verbatim repeat is left to its twin.
    assert data["findings"]["twin"][1] == -2
    assert data["texts"].count(FERRY) == 1
    assert shown(data, "twinAbove", 1) == "# Harbour\nWhat comes before."


def test_what_stood_around_is_found_after_a_clean_in_place_and_not_after_an_edit(tmp_path: Path) -> None:
    dedup("clean", "docs", "--in-place", "--report", "r.json", cwd=docs(tmp_path))
    dedup("report", "r.json", "-o", "r.html", cwd=tmp_path)
    data = data_of(tmp_path / "r.html")
    assert shown(data, "above", 1) == f"{THIS_YEAR}\nSomething else."
    assert shown(data, "twin") == LAST_YEAR
    with (tmp_path / "docs" / "b.md").open("a") as file:
        file.write("One line more.\n")
    dedup("report", "r.json", "-o", "r.html", cwd=tmp_path)
    data = data_of(tmp_path / "r.html")
    assert shown(data, "above", 1) is None
    assert shown(data, "twin") == LAST_YEAR  # of the other file, which is as it was


def test_the_page_of_a_run_holds_the_decisions_that_it_obeyed(tmp_path: Path) -> None:
    held = [
        {
            "pair": pair(FERRY, FERRY),
            "decision": "reject",
            "rule": "verbatim",
            "text": "a",
            "twin": "</script>",
        },
        {"pair": pair(THIS_YEAR, LAST_YEAR), "decision": "accept", "rule": "near", "text": "a", "twin": "b"},
    ]
    held.sort(key=lambda row: row["pair"])
    docs(tmp_path)
    (tmp_path / "d.json").write_text(json.dumps({"schema": "dedup-decisions/1", "decisions": held}))
    reports = ("--report", "r.html", "--report", "r.json")
    dedup("check", "docs", "--decisions", "d.json", *reports, cwd=tmp_path, status=1)
    data = data_of(tmp_path / "r.html")
    assert (data["decisions"], data["obeyed"]) == (held, True)
    dedup("report", "r.json", "-o", "saved.html", cwd=tmp_path)
    data = data_of(tmp_path / "saved.html")
    assert (data["decisions"], data["obeyed"]) == (None, True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_twins_are_found_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    docs(tmp_path)
    for path in (tmp_path / "docs").iterdir():
        path.write_bytes(path.read_text().encode(encoding))
    dedup("check", "docs", "--report", "r.html", cwd=tmp_path, status=1)
    data = data_of(tmp_path / "r.html")
    assert shown(data, "twin") == LAST_YEAR
    assert shown(data, "below") == f"Something else.\n{FERRY}"


def test_twins_are_found_in_tables(tmp_path: Path) -> None:
    rows = [f'Said "quietly": {LAST_YEAR}', f'Said "quietly": {THIS_YEAR}']
    lines = (json.dumps({"id": f"row {n}", "text": text}) for n, text in enumerate(rows))
    (tmp_path / "t.jsonl").write_text("".join(f"{line}\n" for line in lines))
    dedup("check", "t.jsonl", "--report", "r.html", cwd=tmp_path)
    data = data_of(tmp_path / "r.html")
    assert shown(data, "twin") == rows[0]
    assert data["findings"]["names"] == ["row 1"]


def test_twins_are_found_in_notebooks(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [f"{text}\n", "\n", f"Cell {n}."]}
        for n, text in enumerate((LAST_YEAR, THIS_YEAR))
    ]
    (tmp_path / "n.ipynb").write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    dedup("check", "n.ipynb", "--report", "r.html", cwd=tmp_path)
    data = data_of(tmp_path / "r.html")
    assert shown(data, "twin") == LAST_YEAR
    assert shown(data, "below") == "Cell 1."


def forged(folder: Path, path: str, *, sha256_of: bytes) -> dict[str, object]:
    """A saved report whose twin is said to be the whole of another file."""
    dedup("check", "docs", "--report", "r.json", cwd=docs(folder), status=1)
    row: dict[str, object] = json.loads((folder / "r.json").read_bytes())
    digest = sha256(sha256_of).hexdigest()
    entry = row["documents"][0] | {"path": path, "sha256_before": digest, "sha256_after": digest}  # type: ignore[index]
    row["documents"].append(entry)  # type: ignore[attr-defined]
    row["flags"][0]["kept"] = {"document": path, "start": 0, "end": 4000, "line": 1}  # type: ignore[index]
    (folder / "r.json").write_text(json.dumps(row))
    return row


def test_a_forged_report_reads_nothing_outside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.md").write_text(SECRET)
    (tmp_path / "in" / "link.md").symlink_to(tmp_path / "secret.md")
    for path in ("../secret.md", str(tmp_path / "secret.md"), "link.md"):
        folder = tmp_path / "in"
        if (folder / "docs").exists():
            for file in (folder / "docs").iterdir():
                file.unlink()
            (folder / "docs").rmdir()
        forged(folder, path, sha256_of=SECRET.encode())
        dedup("report", "r.json", "-o", "r.html", cwd=folder)
        assert SECRET not in (folder / "r.html").read_text()
        assert shown(data_of(folder / "r.html"), "twin") is None


def test_a_forged_report_reads_only_what_its_writer_had(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(SECRET)
    forged(tmp_path, "secret.md", sha256_of=b"something else")
    dedup("report", "r.json", "-o", "r.html", cwd=tmp_path)
    assert SECRET not in (tmp_path / "r.html").read_text()


def test_a_file_that_the_report_knows_is_read(tmp_path: Path) -> None:
    (tmp_path / "known.md").write_text(SECRET)
    forged(tmp_path, "known.md", sha256_of=SECRET.encode())
    dedup("report", "r.json", "-o", "r.html", cwd=tmp_path)
    assert shown(data_of(tmp_path / "r.html"), "twin") == SECRET


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_report_that_names_a_pipe_or_what_no_file_is_called_is_written(tmp_path: Path) -> None:
    forged(tmp_path, "pipe", sha256_of=b"")
    os.mkfifo(tmp_path / "pipe")
    dedup("report", "r.json", "-o", "r.html", cwd=tmp_path)
    row = json.loads((tmp_path / "r.json").read_bytes())
    row["documents"][0]["path"] = "nul\0in\ud800it"
    row["flags"][0]["kept"] = {"document": "a\0b", "start": -(2**62), "end": 2**62, "line": -1}
    row["removals"][0]["kept"] = {"document": "docs/b.md", "start": 2**62, "end": -5, "line": -1}
    (tmp_path / "r.json").write_text(json.dumps(row))
    dedup("report", "r.json", "-o", "r.html", cwd=tmp_path)
    assert "nul\\x00in\\ud800it" in data_of(tmp_path / "r.html")["documents"]["paths"]


HOSTILE = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("<>&\"'\0\u2028\u2029\u202e\ud800\udc80\r\n"),
    ),
    max_size=40,
) | st.sampled_from(["</script>", "<!--<script>", "]]>", "-->"])


@settings(max_examples=60, deadline=None)
@given(text=HOSTILE, name=HOSTILE, guard=HOSTILE)
def test_no_text_ends_the_data(
    tmp_path_factory: pytest.TempPathFactory, text: str, name: str, guard: str
) -> None:
    finding = flag(name, 3, text=text, twin=text[::-1], guard=guard, rule=guard or "near", id=text)
    report = report_of(
        finding, settings={"threshold": 0.8, "allow": [text]}, tool={"name": name, "version": text}
    )
    path = page_of(report, tmp_path_factory.getbasetemp(), "hostile.html")
    harmless = page_of(report_of(), tmp_path_factory.getbasetemp(), "harmless.html")
    found = elements(path)
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in elements(harmless).tags]
    data = data_of(path)
    assert shown(data, "text") == readable(text.rstrip())
    held = json.dumps(data, ensure_ascii=False)
    assert not re.search("[\0-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]", held)


def test_fifty_thousand_findings_stay_under_ten_megabytes(tmp_path: Path) -> None:
    path = page_of(made_report(50_000), tmp_path)
    assert path.stat().st_size < 10_000_000
    data = data_of(path)
    assert len(data["findings"]["line"]) == 50_000
    assert data["cut"]["texts"] > 0  # they are as many different texts, of 240 characters
    assert all(len(text) <= data["cut"]["limit"] + 1 for text in data["texts"])
    assert data["cut"]["limit"] >= 200


def test_many_verbatim_repeats_take_little(tmp_path: Path) -> None:
    findings = [
        removal(f"docs/{n}.md", 5, text=f"{FERRY} " * 40 + str(n % 50), pair=None) for n in range(50_000)
    ]
    path = page_of(report_of(*findings), tmp_path)
    assert path.stat().st_size < 4_000_000
    assert data_of(path)["cut"] == {"limit": 20_000, "texts": 0, "around": True}


def test_a_text_of_megabytes_is_cut(tmp_path: Path) -> None:
    data = data_of(page_of(report_of(removal("docs/b.md", 3, text="word " * 1_000_000, pair=None)), tmp_path))
    assert data["cut"]["texts"] == 1
    assert len(data["texts"][0]) <= 20_001


def test_a_pair_that_is_none_is_left_out(tmp_path: Path) -> None:
    wrong = replace(removal("docs/b.md", 3), pair="no pair at all, but just as long!")
    data = data_of(page_of(report_of(wrong, replace(wrong, line=9, pair=None)), tmp_path))
    assert data["findings"]["one"] == data["findings"]["other"] == [-1, -1]


def test_an_index_remembers_the_text_of_a_twin(tmp_path: Path) -> None:
    kept = Place("gone.md", 0, 50, 1, id="old", batch="monday", text=LAST_YEAR)
    data = data_of(page_of(report_of(flag("docs/b.md", 3, kept=kept)), tmp_path))
    assert shown(data, "twin") == LAST_YEAR
    assert data["findings"]["names"] == ["old", "monday"]
