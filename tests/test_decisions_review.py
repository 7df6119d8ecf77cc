"""`dedup review`: what it shows, what each key does, and what is in the file when it ends, however it ends."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dedup.decisions import ACCEPT, REJECT, Decided, Decisions
from dedup.decisions.file import read_decisions, write_decisions
from dedup.report.model import Flag, Place
from dedup.review.questions import Question
from dedup.review.session import Session

fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

REVIEW = [sys.executable, "-m", "dedup", "review"]
PROMPT = "Take it out? [y,n,a,d,A,D,s,b,q,?] "
BOATS = (
    "The harbour master counted {} boats on the quay this morning and wrote the number into the big book that lies on "
    "the desk by the window, where everybody who comes in to ask can read it and the children look at the ships."
)
CARTS = (
    "Nobody in the village remembers {} carts on the old road by the river, but everybody who lives there knows the "
    "story of the daughter of the miller, who crossed the frozen water at night to fetch a doctor from the town."
)
LIBRARY = "The library opens at nine every day and closes at six, but on Sundays it stays shut until further notice."
BRIDGE = "The bridge over the river is open to carts and walkers alone, as the board decided at its meeting in May."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two flags, each a number, then two removals."""
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.md").write_text(f"# A\n\n{BOATS.format(42)}\n\n{CARTS.format(7)}\n\n{LIBRARY}\n\n{BRIDGE}\n")
    (texts / "b.md").write_text(f"# B\n\n{BOATS.format(43)}\n\n{CARTS.format(8)}\n\n{LIBRARY}\n\n{BRIDGE}\n")
    return tmp_path


def environment(**values: str) -> dict[str, str]:
    names = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "LINES")
    clean = {name: value for name, value in os.environ.items() if name not in names}
    return {**clean, "TERM": "xterm", **values}


def review(folder: Path, keys: str, *arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    """A review to which these keys are given, each with Enter."""
    return subprocess.run(
        [*REVIEW, "texts", *arguments],
        cwd=folder,
        input="".join(f"{key}\n" for key in keys),
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment(**values),
        check=False,
    )


def decided(folder: Path, name: str = "dedup-decisions.json") -> dict[str, str]:
    """What is in the file, by the first words of the block."""
    rows = json.loads((folder / name).read_text("utf-8"))["decisions"]
    return {row["text"][:30]: row["decision"] for row in rows}


BOATS_43, CARTS_8 = BOATS.format(43)[:30], CARTS.format(8)[:30]
LIBRARY_, BRIDGE_ = LIBRARY[:30], BRIDGE[:30]


def test_each_finding_is_shown_with_its_twin_what_differs_and_why(folder: Path) -> None:
    done = review(folder, "q", COLUMNS="70")
    assert done.returncode == 0
    assert (
        "texts/b.md:3: flag near 0.9" in done.stdout
        and "[number]" in done.stdout
        and "(1 of 4)" in done.stdout
    )
    assert "A number differs" in done.stdout
    assert "[-42-]{+43+} boats" in done.stdout
    assert "= texts/a.md:3" in done.stdout
    assert "# B" in done.stdout and CARTS[:30] in done.stdout, "the lines above and below"
    assert done.stdout.endswith(f"{PROMPT}q\n")
    assert all(len(line) <= 70 for line in done.stdout.splitlines())
    assert "\x1b" not in done.stdout
    assert done.stderr == "dedup: nothing is decided\n"
    assert not (folder / "dedup-decisions.json").exists()


def test_yes_and_no_are_obeyed_by_the_command_that_is_named(folder: Path) -> None:
    done = review(folder, "ynyn")
    assert decided(folder) == {
        BOATS_43: "accept",
        CARTS_8: "reject",
        LIBRARY_: "accept",
        BRIDGE_: "reject",
    }
    assert "4 decisions in dedup-decisions.json: 2 to take out, 2 to keep" in done.stderr
    command = re.search("`dedup (.*)`", done.stderr)
    assert command is not None
    cleaned = subprocess.run(
        [sys.executable, "-m", "dedup", *command[1].split(), "-o", "out"], cwd=folder, check=False
    )
    assert cleaned.returncode == 0
    assert (folder / "out/b.md").read_text() == f"# B\n\n{CARTS.format(8)}\n\n{BRIDGE}\n"
    again = review(folder, "")
    assert again.stdout == "" and again.returncode == 0, "nothing is left to ask"


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("aq", {BOATS_43: "accept", CARTS_8: "accept"}),
        ("dq", {BOATS_43: "reject", CARTS_8: "reject"}),
        ("dA", {BOATS_43: "reject", CARTS_8: "reject", LIBRARY_: "accept", BRIDGE_: "accept"}),
        ("D", {BOATS_43: "reject", CARTS_8: "reject", LIBRARY_: "reject", BRIDGE_: "reject"}),
        ("sya", {CARTS_8: "accept", LIBRARY_: "accept", BRIDGE_: "accept"}),
        ("ybnq", {BOATS_43: "reject"}),
        ("ynbbnq", {BOATS_43: "reject", CARTS_8: "reject"}),
        ("ybq", {BOATS_43: "accept"}),
        ("ybsq", {}),
        ("abq", {BOATS_43: "accept"}),
        ("dnbbyq", {BOATS_43: "accept", LIBRARY_: "reject"}),
        ("sbyq", {BOATS_43: "accept"}),
        ("y?xq", {BOATS_43: "accept"}),
        ("y", {BOATS_43: "accept"}),  # no more answers
    ],
)
def test_what_each_key_does(folder: Path, keys: str, expected: dict[str, str]) -> None:
    done = review(folder, keys)
    assert done.returncode == 0 and "Traceback" not in done.stderr
    written = folder / "dedup-decisions.json"
    assert (decided(folder) if written.exists() else {}) == expected
    assert ("s - skip" in done.stdout) == ("?" in keys)


def test_a_review_goes_on_where_it_was_broken_off(folder: Path) -> None:
    review(folder, "yq", "--decisions", "mine.json")
    done = review(folder, "nq", "--decisions", "mine.json")
    assert CARTS_8 in done.stdout and "(1 of 3)" in done.stdout
    assert decided(folder, "mine.json") == {BOATS_43: "accept", CARTS_8: "reject"}
    assert "--decisions mine.json" in done.stderr


def test_what_another_review_decided_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    ours, theirs = (f"{number:016x}-{number:016x}" for number in (1, 2))
    place = Place("a.md", 0, 9, 1)
    flag = Flag("b.md", 0, 9, 1, 1, "paragraph", "near", 0.9, 1, place, "text", "number", pair=ours)
    answers = iter("yq")

    def ask(prompt: str) -> str:
        write_decisions(Decisions([Decided(theirs, REJECT, "near", "", "")]), path)
        return next(answers)

    session = Session(Decisions(), path, ask, lambda text: None)
    assert session.go_through([Question(ours, flag, (flag,))], lambda *_: "", lambda _: None)
    assert [(each.pair, each.decision) for each in read_decisions(path)] == [(ours, ACCEPT), (theirs, REJECT)]


def test_a_review_of_what_is_not_there_says_nothing_of_decisions(folder: Path) -> None:
    review(folder, "yq")
    command = [*REVIEW, "nope"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "nope" in line


def test_what_was_rejected_of_a_list_is_counted_as_that(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    tools = "\n".join(f"- A {each} that is long enough for the nuts" for each in ("rod", "saw", "pin"))
    for name in ("a", "b"):
        (texts / f"{name}.md").write_text(f"# {name} title\n\n{LIBRARY}\n\n{tools}\n\n{BRIDGE}\n")
    review(tmp_path, "D")
    check = [sys.executable, "-m", "dedup", "check", "texts", "--decisions", "dedup-decisions.json"]
    left = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "left alone: 5 by decision" in left.stderr


def test_what_comes_of_a_decision_is_asked_as_well(tmp_path: Path) -> None:
    """What stays is a twin for others: the third block is like the second, and not like the first."""
    (tmp_path / "texts").mkdir()
    first = BOATS.format(42)
    second = first.replace("big ", "").replace(" by the window", "")
    third = second.replace("harbour ", "").replace(" to ask", "")
    for name, text in (("a", first), ("b", second), ("c", third)):
        (tmp_path / "texts" / f"{name}.md").write_text(f"# {name}\n\n{text}\n")
    done = review(tmp_path, "nn")
    assert "(1 of 1)" in done.stdout and "1 more comes of what was decided" in done.stdout
    assert "texts/c.md:3: near" in done.stdout
    check = [sys.executable, "-m", "dedup", "check", "texts", "--decisions", "dedup-decisions.json"]
    left = subprocess.run(check, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert left.stdout == "", "a review that was gone through leaves nothing that nobody has seen"


def test_one_question_a_pair(folder: Path) -> None:
    (folder / "texts/c.md").write_text(f"# C\n\n{LIBRARY}\n")
    done = review(folder, "ssnnq")
    assert "The same is asked of 1 other place: texts/c.md:3" in done.stdout
    assert decided(folder)[LIBRARY_] == "reject"


def test_the_options_of_check_narrow_what_is_asked(folder: Path) -> None:
    assert "(1 of 2)" in review(folder, "q", "--near", "off").stdout
    check = [
        sys.executable,
        "-m",
        "dedup",
        "check",
        "texts",
        "--baseline",
        "known.jsonl",
        "--update-baseline",
    ]
    subprocess.run(check, cwd=folder, check=True, capture_output=True)
    held = (folder / "known.jsonl").read_bytes()
    (folder / "texts/c.md").write_text(f"# C\n\n{BRIDGE}\n")
    assert "(1 of 1)" in review(folder, "n", "--baseline", "known.jsonl").stdout
    assert (folder / "known.jsonl").read_bytes() == held


def test_hostile_text_and_names_are_shown_as_text(folder: Path) -> None:
    evil = folder / "texts" / "c\x1b[2J\n.md"
    marked = BOATS.format("43 \x1b[31m \u202e [red]")
    evil.write_text(f"# \x1b]0;title\x07[bold]\u202e\n\n{marked}\n", "utf-8")
    done = review(folder, "sssss")
    assert "\x1b" not in done.stdout and "\x07" not in done.stdout and "\u202e" not in done.stdout
    assert "\\x1b[2J\\n.md:3" in done.stdout and "[red" in done.stdout


def test_rows_of_tables_and_cells_of_notebooks_are_reviewed_too(folder: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    texts = folder / "texts"
    for path in texts.iterdir():
        path.unlink()
    rows = [{"id": f"r{number}", "text": BOATS.format(number)} for number in (42, 43)]
    pq.write_table(pa.Table.from_pylist(rows), texts / "t.parquet")
    done = review(folder, "y", "--id-column", "id")
    assert "texts/t.parquet:2 (r43)" in done.stdout and "= texts/t.parquet:1 (r42)" in done.stdout
    assert "[-42-]{+43+}" in done.stdout
    assert list(decided(folder).values()) == ["accept"]
    (texts / "t.parquet").unlink()
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [BOATS.format(number)], "id": str(number)}
        for number in (42, 44)
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (texts / "n.ipynb").write_text(json.dumps(notebook, indent=1))
    assert "[-42-]{+44+}" in review(folder, "q").stdout


def test_usage_errors(folder: Path) -> None:
    done = subprocess.run([*REVIEW, "-"], cwd=folder, capture_output=True, text=True, check=False, input="")
    assert done.returncode == 2 and "standard input is for the answers" in done.stderr
    for wrong in (["--decisions", "no/such.json"], ["--threshold", "7"], ["--since", "no-such-branch"]):
        done = review(folder, "", *wrong)
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    (folder / "texts/bad.md").write_bytes(b"\xff\xfe1")
    done = review(folder, "Aq", "texts/none.md")
    assert done.returncode == 2 and done.stderr.count("no such file") == 1


class Terminal:
    """A review on a terminal of 60 columns."""

    def __init__(self, folder: Path) -> None:
        self._ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))

        def take_terminal() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        ends: dict[str, Any] = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        command = [*REVIEW, "texts"]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment(), preexec_fn=take_terminal, **ends
        )
        os.close(theirs)
        self.shown = ""

    def wait_for(self, text: str, times: int = 1) -> None:
        """Reads until a text was shown so often."""
        until = time.monotonic() + 60
        while self.shown.count(text) < times:
            assert time.monotonic() < until, self.shown
            if select.select([self._ours], [], [], 1)[0]:
                try:
                    self.shown += os.read(self._ours, 65536).decode("utf-8", "replace")
                except OSError:  # the other end is closed
                    break
        assert self.shown.count(text) >= times, self.shown

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def end(self) -> int:
        """Its exit status, once all that it says was read."""
        while True:
            try:
                read = os.read(self._ours, 65536)
            except OSError:
                break
            if not read:
                break
            self.shown += read.decode("utf-8", "replace")
        os.close(self._ours)
        return self.process.wait(60)


def test_on_a_terminal_with_colours_wrapped_and_ctrl_c_keeps_what_was_decided(folder: Path) -> None:
    terminal = Terminal(folder)
    terminal.wait_for(PROMPT)
    terminal.press("y\n")
    terminal.wait_for(PROMPT, 2)
    assert decided(folder) == {BOATS_43: "accept"}, "it is in the file before the next question is put"
    terminal.press("\x03")
    assert terminal.end() == 130
    assert "Traceback" not in terminal.shown
    assert re.search(r"\x1b\[[0-9;]*31m42\x1b\[0m", terminal.shown) and "[-42-]" not in terminal.shown
    lines = re.sub("\x1b\\[[0-9;]*m", "", terminal.shown).replace("\r", "").split("\n")
    asked = [line for line in lines if not line.startswith(("dedup: ", PROMPT))]
    assert max(map(len, asked)) <= 60
    assert "1 decision in dedup-decisions.json" in terminal.shown


def test_on_a_terminal_the_end_of_input_quits(folder: Path) -> None:
    terminal = Terminal(folder)
    terminal.wait_for(PROMPT)
    terminal.press("n\n")
    terminal.wait_for(PROMPT, 2)
    terminal.press("\x04")
    assert terminal.end() == 0
    assert decided(folder) == {BOATS_43: "reject"}


def test_a_guard_that_a_decision_brings_up_is_asked_about_before_it_is_lifted(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    start = "Before you start, be sure that you have these things at hand in the workshop:"
    tools = [
        f"- A {each} that is long enough for the big nuts of the old pump" for each in ("rod", "saw", "pin")
    ]
    for name, title in (("a.md", "One"), ("b.md", "Two")):
        (texts / name).write_text("\n\n".join((f"# {title} title", start, "\n".join(tools), LIBRARY)) + "\n")
    done = review(tmp_path, "yynyyq")
    assert "texts/b.md:3: flag verbatim 1.00 [lead-in]" in done.stdout
    left = subprocess.run(
        [sys.executable, "-m", "dedup", "clean", "texts", "-o", "out", "--decisions", "dedup-decisions.json"],
        cwd=tmp_path,
        check=False,
    )
    assert left.returncode == 0
    assert start in (tmp_path / "out/b.md").read_text() and LIBRARY not in (tmp_path / "out/b.md").read_text()
    review(tmp_path, "y")
    rows = json.loads((tmp_path / "dedup-decisions.json").read_text())["decisions"]
    assert [row.get("guard") for row in rows if row["text"].startswith("Before")] == [None, "lead-in"]


def test_what_was_accepted_and_stays_is_said(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for name in ("a", "b"):
        (texts / f"{name}.md").write_text(f"# {name} title\n\n{LIBRARY}\n\nSee the map.\n")
    done = review(tmp_path, "ny")
    assert "1 accepted block stays: " in done.stderr
