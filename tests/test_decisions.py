"""The decisions file: what `check` and `clean` make of it, and what is wrong with one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import dedup
from dedup.decide import structure
from dedup.decisions import ACCEPT, REJECT, Decided, Decisions
from dedup.decisions.file import read_decisions, write_decisions
from dedup.decisions.model import SURROUNDINGS
from dedup.report.model import EMPTY
from dedup.words.fingerprints import pair_of

BOATS = (
    "The harbour master counted {} boats on the quay this morning and wrote the number into the big book that lies on "
    "the desk by the window, where everybody who comes in to ask can read it and the children look at the ships."
)
LIBRARY = "The library opens at nine every day and closes at six, but on Sundays it stays shut until further notice."
OTHER = "Something else is said here, of which nobody else has said anything so far, and it is long enough to count."


def dedup_(folder: Path, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dedup", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "a.md").write_text(f"# Harbour\n\n{BOATS.format(42)}\n\n{LIBRARY}\n")
    (texts / "b.md").write_text(f"# Other\n\n{BOATS.format(43)}\n\n{LIBRARY}\n\n{OTHER}\n")
    return tmp_path


def findings(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    done = dedup_(folder, "check", "texts", "--format", "json", *arguments)
    report = json.loads(done.stdout)
    return [*report["flags"], *report["removals"]]


def decide(folder: Path, with_guard: bool = True, **decisions: str) -> None:
    """Writes decisions on the findings of a rule."""
    rows = [
        {
            "pair": each["pair"],
            "decision": decisions[each["rule"]],
            "rule": each["rule"],
            "text": "",
            "twin": "",
        }
        | ({"guard": each["guard"]} if with_guard and each.get("guard") else {})
        for each in findings(folder)
        if each["rule"] in decisions
    ]
    made = {"schema": "dedup-decisions/1", "decisions": rows}
    (folder / "decisions.json").write_text(json.dumps(made, indent=4))  # written by somebody else


def test_what_was_accepted_goes_though_it_would_be_flagged_and_says_so(folder: Path) -> None:
    before = (folder / "texts/b.md").read_text()
    decide(folder, near="accept")
    checked = dedup_(folder, "check", "texts", "--decisions", "decisions.json")
    assert "texts/b.md:3: near" in checked.stdout and "[number, accepted]" in checked.stdout
    assert checked.returncode == 1

    done = dedup_(
        folder, "clean", "texts", "--in-place", "--decisions", "decisions.json", "--report", "report.json"
    )
    assert done.returncode == 0
    assert "43" not in (folder / "texts/b.md").read_text()
    report = json.loads((folder / "report.json").read_text())
    (near,) = (each for each in report["removals"] if each["rule"] == "near")
    assert (near["guard"], near["decision"]) == ("number", "accept")
    (other,) = (each for each in report["removals"] if each["rule"] == "verbatim")
    assert "guard" not in other and "decision" not in other

    assert dedup_(folder, "check", "texts", "--decisions", "decisions.json").returncode == 0
    page = dedup_(folder, "report", "report.json", "--format", "md").stdout
    assert "number, accepted" in page
    assert dedup_(folder, "restore", "report.json").returncode == 0
    assert (folder / "texts/b.md").read_text() == before


def test_what_was_rejected_stays_and_is_no_finding(folder: Path) -> None:
    decide(folder, near="reject", verbatim="reject")
    checked = dedup_(folder, "check", "texts", "--decisions", "decisions.json")
    assert checked.returncode == 0 and checked.stdout == ""
    assert "left alone: 2 by decision" in checked.stderr
    cleaned = dedup_(folder, "clean", "texts", "-o", "out", "--decisions", "decisions.json")
    assert cleaned.returncode == 0
    for name in ("a.md", "b.md"):
        assert (folder / "out" / name).read_bytes() == (folder / "texts" / name).read_bytes()
    done = dedup_(folder, "check", "texts", "--decisions", "decisions.json", "--format", "json")
    assert json.loads(done.stdout)["summary"]["decided"] == 2


def test_a_decision_is_bound_to_the_words_and_not_to_the_place(folder: Path) -> None:
    decide(folder, near="reject", verbatim="reject")
    (folder / "texts/b.md").rename(folder / "texts/z.md")
    moved = (folder / "texts/z.md").read_text().replace("# Other", "# Other\n\nA new line above it all.")
    (folder / "texts/z.md").write_text(moved.replace("The library opens", "The **library** opens"))
    assert findings(folder, "--decisions", "decisions.json") == []

    (folder / "texts/z.md").write_text(moved.replace("43 boats", "44 boats"))
    (finding,) = findings(folder, "--decisions", "decisions.json")
    assert finding["rule"] == "near" and "44 boats" in finding["text"]


def test_what_was_accepted_as_a_copy_word_for_word_is_asked_anew_where_a_link_differs(folder: Path) -> None:
    decide(folder, verbatim="accept")
    linked = LIBRARY.replace("library", "[library](https://example.org/other)")
    (folder / "texts/c.md").write_text(f"# Third\n\n{linked}\n")
    flag, *_ = (each for each in findings(folder, "--decisions", "decisions.json") if each["rule"] == "exact")
    assert flag["guard"] == "link" and "decision" not in flag


def test_a_rejected_block_is_a_twin_as_any_that_stays(folder: Path) -> None:
    decide(folder, near="reject")
    (folder / "texts/c.md").write_text(f"# Third\n\n{BOATS.format(43)}\n")
    (removal,) = (
        each for each in findings(folder, "--decisions", "decisions.json") if each["document"] == "texts/c.md"
    )
    assert removal["rule"] == "verbatim" and removal["kept"]["document"] == "texts/b.md"


def test_a_rejected_pair_stays_whichever_comes_first_and_an_accepted_one_is_asked_anew(folder: Path) -> None:
    decide(folder, near="reject")
    turned = findings(folder, "--decisions", "decisions.json", "--prefer", "b.md")
    assert [each["rule"] for each in turned] == ["verbatim"]
    decide(folder, near="accept")
    flag, _ = findings(folder, "--decisions", "decisions.json", "--prefer", "b.md")
    assert "42 boats" in flag["text"] and flag["guard"] == "number"


def test_a_rejected_block_ends_a_run(folder: Path) -> None:
    page = f"# {{}}\n\n{BOATS.format(42)}\n\nSee the map.\n\n{LIBRARY}\n\nAsk for the key.\n"
    for name in ("a.md", "b.md"):
        (folder / "texts" / name).write_text(page.format(name))
    short = [each for each in findings(folder) if each["text"].startswith(("See", "Ask"))]
    assert len(short) == 2, "short blocks go beside what goes"
    rows = [
        {
            "pair": short[0]["pair"],
            "decision": "reject",
            "rule": "verbatim",
            "text": "See the map.",
            "twin": "",
        }
    ]
    made = {"schema": "dedup-decisions/1", "decisions": rows}
    (folder / "decisions.json").write_text(json.dumps(made))
    left = dedup_(folder, "clean", "texts", "-o", "out", "--decisions", "decisions.json")
    assert (folder / "out/b.md").read_text() == "# b.md\n\nSee the map.\n\n", left.stderr


def test_what_an_index_remembers_is_decided_on_alike(folder: Path) -> None:
    decide(folder, near="reject", verbatim="reject")
    assert dedup_(folder, "clean", "texts/a.md", "-o", "out.md", "--index", "seen").returncode == 0
    for command in (["check"], ["clean", "--diff"]):
        done = dedup_(folder, *command, "texts/b.md", "--index-read", "seen", "--decisions", "decisions.json")
        assert done.returncode == 0 and done.stdout == "" and "2 by decision" in done.stderr


def test_the_file_may_be_named_in_the_configuration(folder: Path) -> None:
    decide(folder, near="reject", verbatim="reject")
    (folder / "dedup.toml").write_text('decisions = "decisions.json"\n')
    (folder / "texts/deep").mkdir()
    done = dedup_(folder / "texts/deep", "check", "..")
    assert done.returncode == 0 and done.stdout == ""
    (folder / "decisions.json").unlink()
    done = dedup_(folder, "check", "texts")
    assert done.returncode == 2 and "decisions: decisions.json: no such file" in done.stderr


def test_the_python_calls_take_a_file_or_the_object(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    decide(folder, near="accept", verbatim="reject")
    held = read_decisions(Path("decisions.json"))
    for decisions in ("decisions.json", Path("decisions.json"), held):
        report = dedup.check("texts", decisions=decisions)
        assert [(each.rule, each.decision) for each in report.removals] == [("near", "accept")]
        assert not report.flags and report.summary.decided == 1
    report = dedup.clean("texts", output="out", decisions=held)
    assert Path("out/b.md").read_text() == f"# Other\n\n{LIBRARY}\n\n{OTHER}\n"


def entry(pair: str, decision: Any = ACCEPT, rule: str = "near", guard: str | None = None) -> Decided:
    return Decided(pair, decision, rule, "first “words”…", "others", guard)


PAIRS = [f"{number:016x}-{number:016x}" for number in range(9)]


def test_the_file_is_a_decision_a_line_in_order_and_the_same_bytes_each_time(tmp_path: Path) -> None:
    path = tmp_path / "decisions.json"
    entries = [entry(pair, guard="name" if pair == PAIRS[3] else None) for pair in PAIRS]
    write_decisions(Decisions(reversed(entries)), path)
    data = path.read_bytes()
    assert json.loads(data)["schema"] == "dedup-decisions/1"
    _, *lines, last, end = data.decode().splitlines()
    assert [json.loads(line.rstrip(","))["pair"] for line in (*lines, last)] == PAIRS[:]
    assert "“words”…" in last and end == "]}" and not last.endswith(",")
    assert [json.loads(line.rstrip(",")).get("guard") for line in lines[2:5]] == [None, "name", None]
    write_decisions(read_decisions(path), path)
    assert path.read_bytes() == data
    write_decisions(Decisions(), path)
    assert len(read_decisions(path)) == 0


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_what_two_branches_decided_is_merged_by_git(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        names = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
        subprocess.run(
            ["git", *names, *arguments],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            env=os.environ | identity,
        )

    path = tmp_path / "decisions.json"

    def commit(*pairs: str) -> None:
        write_decisions(Decisions([*read_decisions(path), *map(entry, pairs)]), path)
        git("add", ".")
        git("commit", "-m", "more")

    git("init")
    write_decisions(Decisions(), path)
    commit(PAIRS[1], PAIRS[4], PAIRS[7])
    git("checkout", "-b", "other")
    commit(PAIRS[2])
    git("checkout", "main")
    commit(PAIRS[5])
    git("merge", "other", "-m", "both")
    assert [each.pair for each in read_decisions(path)] == [PAIRS[number] for number in (1, 2, 4, 5, 7)]


GOOD = {"pair": PAIRS[1], "decision": "accept", "rule": "near", "text": "", "twin": ""}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[", "not valid JSON"),
        ("", "not valid JSON"),
        ("[]", "names no schema"),
        ({"decisions": []}, "names no schema"),
        ({"schema": "dedup-report/1", "removals": []}, 'names the schema "dedup-report/1"'),
        ({"schema": "dedup-decisions/2", "decisions": []}, "this dedup reads dedup-decisions/1"),
        ({"schema": "dedup-decisions/1"}, "'decisions' must be a list"),
        ([GOOD, 7], "decisions[1]: must be an object"),
        ([{**GOOD, "decision": "maybe"}], "'decision' must be accept or reject, not \"maybe\""),
        ([{**GOOD, "decision": ["accept"]}], "'decision' must be a string"),
        ([{**GOOD, "pair": "12-34"}], "'pair' must be two fingerprints"),
        ([{"pair": PAIRS[1], "decision": "accept"}], "'rule' is missing"),
        ([{**GOOD, "guard": 7}], "'guard' must be a string"),
        (
            [GOOD, {**GOOD, "decision": "reject", "rule": "exact"}],
            "is decided twice, as accept and as reject",
        ),
        (
            f'{{"schema": "dedup-decisions/1", "decisions": [\n<<<<<<< HEAD\n{json.dumps(GOOD)}\n',
            "line 2: a conflict",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_one_line(folder: Path, content: Any, reason: str) -> None:
    if isinstance(content, list):
        content = {"schema": "dedup-decisions/1", "decisions": content}
    text = content if isinstance(content, str) else json.dumps(content)
    (folder / "decisions.json").write_text(text)
    for command in (["check", "texts"], ["clean", "texts", "-o", "out"], ["review", "texts"]):
        done = dedup_(folder, *command, "--decisions", "decisions.json", stdin=subprocess.DEVNULL)
        assert done.returncode == 2 and done.stdout == ""
        (line,) = done.stderr.splitlines()
        assert line.startswith("dedup: decisions.json: ") and reason in line
    assert (folder / "decisions.json").read_text() == text
    assert not (folder / "out").exists()


def test_the_same_decision_twice_and_more_fields_are_no_mistake(folder: Path) -> None:
    rows = [GOOD, {**GOOD, "by": "a person"}, {**GOOD, "rule": "exact"}]
    (folder / "decisions.json").write_text(
        json.dumps({"schema": "dedup-decisions/1", "decisions": rows, "more": 1})
    )
    assert len(read_decisions(folder / "decisions.json")) == 1
    assert dedup_(folder, "check", "texts", "--decisions", "decisions.json").returncode == 1


def test_a_report_is_not_written_over_the_decisions(folder: Path) -> None:
    decide(folder, near=REJECT)
    done = dedup_(folder, "check", "texts", "--decisions", "decisions.json", "--report", "./decisions.json")
    assert done.returncode == 2 and "would overwrite the decisions" in done.stderr


def written(folder: Path, **texts: str) -> None:
    """Writes documents in the place of those that were there."""
    for path in (folder / "texts").iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / "texts" / f"{name}.md").write_text(text)


def test_what_stays_beside_one_twin_does_not_go_for_another_that_nobody_was_shown(folder: Path) -> None:
    first = BOATS.format(42)
    middle = first.replace("big ", "").replace(" by the window", "")
    last = middle.replace("harbour ", "").replace(" to ask", "")
    written(folder, a=f"{first}\n", b=f"{last}\n", c=f"{middle}\n")  # a and b are not alike, c is like both
    (finding,) = findings(folder)
    decide(folder, near="reject")
    assert findings(folder, "--decisions", "decisions.json") == []
    other = "a.md" if finding["kept"]["document"].endswith("b.md") else "b.md"
    (folder / "texts" / other).rename(folder / f"{other}.not")
    assert findings(folder, "--decisions", "decisions.json") == []
    (folder / f"{other}.not").rename(folder / "texts" / other)
    (folder / "texts" / finding["kept"]["document"].removeprefix("texts/")).unlink()
    assert len(findings(folder, "--decisions", "decisions.json")) == 1, "the other pair is undecided"


@pytest.mark.parametrize(
    ("page", "guard"),
    [
        (f"# B\n\n## Use\n\n```\nx\n```\n\n{LIBRARY}\n", "section"),
        (f"# B\n\n## Use\n\n{OTHER}\n\n{LIBRARY}\n\n```\nx\n```\n", "lead-in"),
    ],
)
def test_a_judgement_about_what_stands_around_is_overruled(folder: Path, page: str, guard: str) -> None:
    written(folder, a=f"# A\n\n{LIBRARY}\n", b=page)
    (flag,) = findings(folder)
    assert flag["guard"] == guard
    decide(folder, verbatim="accept")
    (removal,) = findings(folder, "--decisions", "decisions.json")
    assert (removal["guard"], removal["decision"]) == (guard, "accept")


def test_a_guard_of_what_stands_around_that_nobody_saw_holds(folder: Path) -> None:
    written(folder, a=f"# A\n\n{LIBRARY}\n", b=f"# B\n\n## Use\n\n{LIBRARY}\n\n```\nx\n```\n")
    decide(folder, with_guard=False, verbatim="accept")
    (flag,) = findings(folder, "--decisions", "decisions.json")
    assert flag["guard"] == "lead-in" and "decision" not in flag
    done = dedup_(folder, "check", "texts", "--decisions", "decisions.json")
    assert "1 accepted block stays" in done.stderr


def test_a_copy_that_is_to_stay_does_not_go_for_what_the_first_one_repeats(folder: Path) -> None:
    written(
        folder,
        a=f"# A\n\n{BOATS.format(42)}\n",
        b=f"# B\n\n{BOATS.format(43)}\n",
        c=f"# C\n\n{BOATS.format(43)}\n",
    )
    decide(folder, near="accept", verbatim="reject")
    flags = findings(folder, "--decisions", "decisions.json")
    assert [(each["document"], each["guard"]) for each in flags] == [("texts/b.md", "number")]
    done = dedup_(folder, "check", "texts", "--decisions", "decisions.json")
    assert "1 accepted block stays" in done.stderr and "1 by decision" in done.stderr

    alike = BOATS.format(42).replace("big ", "")  # goes without a decision
    written(folder, a=f"# A\n\n{BOATS.format(42)}\n", b=f"# B\n\n{alike}\n", c=f"# C\n\n{alike}\n")
    pair = pair_of(alike, alike)
    assert len(findings(folder)) == 2
    write_decisions(Decisions([entry(pair, REJECT, "verbatim")]), folder / "decisions.json")
    assert findings(folder, "--decisions", "decisions.json") == []


def test_an_accepted_fact_does_not_lift_what_stands_around(folder: Path) -> None:
    written(folder, a=f"# A\n\n{BOATS.format(42)}\n", b=f"# B\n\n{BOATS.format(43)}\n")
    decide(folder, near="accept")
    written(
        folder, a=f"# A\n\n{BOATS.format(42)}\n", b=f"# B\n\n## Use\n\n{BOATS.format(43)}\n\n```\nx\n```\n"
    )
    (flag,) = findings(folder, "--decisions", "decisions.json")
    assert flag["guard"] == "lead-in"


def test_a_guard_of_what_two_say_holds_where_another_was_seen() -> None:
    held = Decisions([entry(PAIRS[0], guard="link"), entry(PAIRS[1])])
    assert held.of(PAIRS[0], "near", "link") == ACCEPT and held.of(PAIRS[0], "near") == ACCEPT
    assert held.of(PAIRS[0], "near", "identifier") is None
    assert held.of(PAIRS[1], "near", "number") == ACCEPT and held.of(PAIRS[1], "near", "caption") is None
    held.put(entry(PAIRS[0], guard="lead-in"))
    assert [each.guard for each in held.about(PAIRS[0])] == ["link", "lead-in"]


def test_the_guards_of_what_stands_around_are_those_of_the_rules() -> None:
    names = (
        structure.LEAD_IN,
        structure.CAPTION,
        structure.SECTION,
        structure.PARALLEL,
        structure.BOILERPLATE,
    )
    assert {*names, structure.OPENING, structure.STRUCTURE, EMPTY} == SURROUNDINGS


def test_what_the_rest_could_not_be_read_without_stays_and_is_not_asked_again(folder: Path) -> None:
    written(folder, a=f"# A\n\n{LIBRARY}\n", b=f"# B\n\n- one\n- two\n\n{LIBRARY}\n\n- three\n- four\n")
    (flag,) = findings(folder)
    assert flag["guard"] == "structure"
    decide(folder, verbatim="accept")
    assert [each["guard"] for each in findings(folder, "--decisions", "decisions.json")] == ["structure"]
    done = dedup_(folder, "review", "texts", "--decisions", "decisions.json", stdin=subprocess.DEVNULL)
    assert done.stdout == ""
    decide(folder, verbatim="reject")
    assert findings(folder, "--decisions", "decisions.json") == []


def test_what_the_settings_alone_flag_goes_where_it_was_accepted(folder: Path) -> None:
    written(folder, a=f"# A\n\n{BOATS.format(42)}\n", b=f"# B\n\n{BOATS.format(42).replace('big ', '')}\n")
    (folder / "dedup.toml").write_text('near = "flag"\n')
    (flag,) = findings(folder)
    assert flag["guard"] is None
    decide(folder, near="accept")
    (removal,) = findings(folder, "--decisions", "decisions.json")
    assert removal["guard"] is None and removal["decision"] == "accept"


def test_a_short_block_that_is_held_beside_a_copy_goes_where_that_was_accepted(folder: Path) -> None:
    short = "Ask for {} keys at the desk."
    written(
        folder, a=f"# A\n\n{LIBRARY}\n\n{short.format(2)}\n", b=f"# B\n\n{LIBRARY}\n\n{short.format(3)}\n"
    )
    (removal,) = findings(folder)
    assert removal["rule"] == "verbatim"
    made = Decisions([Decided(pair_of(short.format(3), short.format(2)), ACCEPT, "near", "", "")])
    write_decisions(made, folder / "decisions.json")
    goes = findings(folder, "--decisions", "decisions.json")
    assert [(each["rule"], each.get("guard")) for each in goes] == [("verbatim", None), ("near", "number")]


def test_the_line_of_a_run_tells_which_of_its_blocks_was_accepted(folder: Path) -> None:
    texts = (f"{LIBRARY}\n\n{BOATS.format(number)}\n" for number in (42, 43))
    written(folder, **{name: f"# {name}\n\n{text}" for name, text in zip("ab", texts, strict=True)})
    decide(folder, near="accept")
    done = dedup_(folder, "check", "texts", "--decisions", "decisions.json")
    assert "texts/b.md:3: near" in done.stdout and "[number, accepted in line 5]" in done.stdout


def test_rows_that_the_kernel_would_take_out_by_itself_are_decided_on(folder: Path) -> None:
    rows = [LIBRARY, OTHER, LIBRARY, LIBRARY, OTHER]
    table = folder / "texts.jsonl"
    table.write_text("".join(f"{json.dumps({'text': text})}\n" for text in rows))
    check = ["check", "texts.jsonl", "--near", "remove", "--format", "json"]
    report = json.loads(dedup_(folder, *check).stdout)
    assert [each["line"] for each in report["removals"]] == [3, 4, 5]
    (pair,) = {each["pair"] for each in report["removals"] if each["text"] == LIBRARY}
    write_decisions(Decisions([Decided(pair, REJECT, "verbatim", "", "")]), folder / "decisions.json")
    report = json.loads(dedup_(folder, *check, "--decisions", "decisions.json").stdout)
    assert [each["line"] for each in report["removals"]] == [5]
    assert report["summary"]["decided"] == 2
