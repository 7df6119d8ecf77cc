"""Right to left, wide and combined characters as a terminal shows them, and as a pipe does not."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from dedup.report.graphemes import graphemes, isolated
from dedup.report.shown import FIRST_WORDS, first_words

FIXTURES = Path(__file__).parent.parent / "fixtures" / "languages"
RIGHT_TO_LEFT = ("ar", "fa", "he")
FSI, PDI = "\u2068", "\u2069"


def shown(folder: Path, *arguments: str) -> tuple[str, str]:
    """What a command writes to a terminal, without colours, and what it writes to a pipe."""
    patient = "import dedup.cli.progress as p; p.PATIENCE = 1e9; from dedup.cli import main; main()"
    command = [sys.executable, "-c", patient, *arguments]  # a slow machine shows no progress either
    # A set width, since a pipe has none.
    clean = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR"}
    environment = {**clean, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": "100"}
    ours, theirs = pty.openpty()
    parts = []
    with subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        try:
            while part := os.read(ours, 65536):
                parts.append(part)
        except OSError:  # the other end is closed
            pass
        process.wait()
    os.close(ours)
    piped = subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        check=False,
    )
    return b"".join(parts).decode().replace("\r\n", "\n"), piped.stdout.decode()


def is_turned(text: str) -> bool:
    return any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text)


def outside(line: str) -> str:
    """What of a line stands in no isolate."""
    while (rest := re.sub(f"{FSI}[^{FSI}{PDI}]*{PDI}", "", line)) != line:
        line = rest
    return line


def copied(language: str, folder: Path, name: str) -> Path:
    (source,) = (FIXTURES / language).glob("article.*")
    path = folder / name
    path.write_bytes(source.read_bytes())
    return path


@pytest.mark.parametrize("language", RIGHT_TO_LEFT)
@pytest.mark.parametrize("command", ["check", "diff", "explain", "drift", "problem"])
def test_what_runs_from_right_to_left_turns_nothing_else(tmp_path: Path, language: str, command: str) -> None:
    name = copied(language, tmp_path, "\u05e9\u05dc\u05d5\u05dd.md").name
    terminal, piped = shown(
        tmp_path,
        *{
            "check": ("check", name),
            "diff": ("clean", name, "--diff"),
            "explain": ("explain", f"{name}:5", f"{name}:21"),
            "drift": ("check", "--preset", "docs", "--drift-only", name),
            "problem": ("check", f"{name}.txt"),
        }[command],
    )
    assert is_turned(piped)
    assert FSI not in piped and PDI not in piped
    if (
        command != "diff"
    ):  # there a person sees as an escape what the eye would not see, and `patch` reads it as it is
        assert terminal.replace(FSI, "").replace(PDI, "") == piped
    for line in terminal.splitlines():
        assert line.count(FSI) == line.count(PDI)
        assert not is_turned(outside(line)), line


@pytest.mark.parametrize("language", ["de", "el", "hi", "ja", "ko", "ru", "th", "tr", "vi", "zh"])
def test_what_does_not_is_the_same_as_in_a_pipe(tmp_path: Path, language: str) -> None:
    name = copied(language, tmp_path, "a.md").name
    terminal, piped = shown(tmp_path, "check", name)
    assert terminal == piped


def test_marks_that_turn_a_line_are_escaped_on_a_terminal(tmp_path: Path) -> None:
    """A document could show another text than it holds (https://trojansource.codes), or work the terminal."""
    text = "The berth \u202eat Eastquay\u2066 was \x1b[31mbuilt in May by the board of the harbour, all of it.\r\n"
    (tmp_path / "a.txt").write_bytes(f"{text}\r\nBetween.\r\n\r\n{text}\r\n\u05d0 end\r\n".encode())
    for arguments in (("check", "a.txt"), ("explain", "a.txt:1", "a.txt:5")):
        terminal, _ = shown(tmp_path, *arguments)
        assert not re.search("[\u202e\u2066\x1b]", terminal)
        assert r"\u202eat" in terminal
    terminal, piped = shown(tmp_path, "clean", "a.txt", "--diff")
    assert not re.search("[\u202e\u2066\x1b]", terminal)
    assert r"-The berth \u202eat Eastquay\u2066 was \x1b[31mbuilt" in terminal
    assert f" {FSI}\u05d0 end{PDI}\r\n" in terminal
    # What `patch` reads is what the file holds.
    assert f"-{text}" in piped


def test_a_cell_of_explain_keeps_what_differs_together(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "\u8239\u957f\u738b\u5efa\u56fd\u8bf4\uff0c\u4ed6\u5f00\u8239\u4e09\u5341\u5e74\u3002\n\n"
        "\u8239\u957f\u674e\u5927\u519b\u8bf4\uff0c\u4ed6\u5f00\u8239\u4e09\u5341\u5e74\u3002\n\n"
        "\u0e19\u0e49\u0e33\u0e43\u0e08\n\n\u0e19\u0e49\u0e35\u0e43\u0e08\n"
    )
    terminal, _ = shown(tmp_path, "explain", "a.txt:1", "a.txt:3")
    assert "[\u738b\u5efa\u56fd]" in terminal and "[\u674e\u5927\u519b]" in terminal
    terminal, _ = shown(tmp_path, "explain", "a.txt:5", "a.txt:7")
    assert "[\u0e19\u0e49\u0e33]" in terminal and "[\u0e19\u0e49\u0e35]" in terminal


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (
            "この図書館は市内に住む人と働く人と学ぶ人のすべてに開かれています。" * 3
            + "夏の間は毎日{}時に開きます。",
            "九",
            "八",
        ),
        ("这座图书馆对所有住在城里的人开放，也对在城里工作的人开放。" * 3 + "夏天每天{}点开门。", "九", "八"),
        ("ห้องสมุดแห่งนี้เปิดให้ทุกคนที่อยู่ในเมือง" * 4 + "เปิดวัน{}", "จันทร์", "ศุกร์"),
    ],
)
def test_explain_shows_all_of_a_text_without_spaces(tmp_path: Path, text: str, one: str, other: str) -> None:
    (tmp_path / "a.txt").write_text(f"{text.format(one)}\n\n{text.format(other)}\n")
    _, piped = shown(tmp_path, "explain", "a.txt:1", "a.txt:3")
    assert "…" not in piped
    rows = [line.split("│")[1:3] for line in piped.splitlines() if line.startswith("│")]
    for number, word in enumerate((one, other)):
        cell = "".join(row[number].strip() for row in rows)
        assert cell.replace("[", "").replace("]", "") == text.format(word)


def test_explain_shows_accents_that_make_another_word(tmp_path: Path) -> None:
    text = "Das ist sch\u00f6n das Ende der Geschichte vom Hafen, wie sie der Lotse erz\u00e4hlt hat."
    other = text.replace("sch\u00f6n", "schon")
    (tmp_path / "a.txt").write_text(f"{text}\n\n{other}\n\n{text}\n")
    terminal, _ = shown(tmp_path, "explain", "a.txt:1", "a.txt:3")
    assert "[sch\u00f6n]" in terminal and "[schon]" in terminal
    assert "stays and is flagged: exact 1.00" in terminal
    terminal, _ = shown(tmp_path, "explain", "a.txt:1", "a.txt:5")
    assert "[" not in terminal


ALPHABET = "a \u0e19\u0e49\u0e33\u0e43e\u0301\u0939\u093f\u0928\u094d\u0926\u0940\u1112\u1161\u11ab\ud55c\u6f22\u30ab\u3099\uff76\uff9e\u05e9\u05b8\u0645\u064f\u200d\u200c"
ALPHABET += (
    "\U0001f469\U0001f52c\U0001f1ea\U0001f1fa\U0001f44d\U0001f3fd\u2764\ufe0f\u1781\u17d2\u1798\u17c2\u0600"
)
anything = st.text(
    st.sampled_from(ALPHABET) | st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=300
)


@settings(max_examples=1000, deadline=None)
@given(text=anything)
def test_graphemes_are_whole_clusters_as_unicode_has_them(text: str) -> None:
    parts = list(graphemes(text))
    assert "".join(parts) == text
    ends = {match.end() for match in regex.finditer(r"\X", text)}
    at = 0
    for part in parts:
        at += len(part)
        assert at in ends


@settings(max_examples=1000, deadline=None)
@given(text=anything)
def test_the_first_words_fit_and_part_no_letter_from_its_marks(text: str) -> None:
    beginning = first_words(text)
    if beginning.endswith("\u2026") and "\\" not in beginning:
        flat = " ".join(text.split())
        head = beginning[:-1]
        assert flat.startswith(head)
        assert len(head) in {0} | {match.end() for match in regex.finditer(r"\X", flat)}
        assert sum(map(cell_len, graphemes(head))) <= FIRST_WORDS


@pytest.mark.parametrize(
    ("text", "beginning"),
    [
        ("\u6771" * 70, "\u6771" * 30 + "\u2026"),
        ("\u0e19\u0e49" * 70, "\u0e19\u0e49" * 60 + "\u2026"),
        ("e\u0301" * 70, "e\u0301" * 60 + "\u2026"),
        ("e" + "\u0301" * 500, "\u2026"),
        ("\U0001f469\u200d\U0001f52c" * 40, "\U0001f469\u200d\U0001f52c" * 30 + "\u2026"),
    ],
)
def test_first_words(text: str, beginning: str) -> None:
    assert first_words(text) == beginning


def test_only_what_runs_from_right_to_left_is_isolated() -> None:
    for text in ("", "a", "caf\u00e9", "\u6771", "\u0e19", "\u0395"):
        assert isolated(text) == text
    for text in ("\u05d0", "a \u0627 b", "\u0661"):
        assert isolated(text) == f"{FSI}{text}{PDI}"
