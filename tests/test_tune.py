"""`dedup tune`: its numbers are those of check, its examples the nearest, its suggestions what they show."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pyarrow
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet
from real_data import folder_of

import dedup
from dedup.cli import main
from dedup.tune import inputs as tune_inputs
from dedup.tune.valley import Band, bands_of, edge, find_valley, inside, step_of

LETTERS = "bcdfglmnprstv"
WORDS = [a + x + b + y for a in LETTERS for x in "aeiou" for b in LETTERS for y in "aou"]


def run(*args: str, stdin: bytes | None = None) -> Result:
    result = CliRunner().invoke(main, args, input=stdin, prog_name="dedup")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def tuned(*args: str, stdin: bytes | None = None, status: int = 0) -> dict[str, Any]:
    result = run("tune", "--format", "json", *args, stdin=stdin)
    assert result.exit_code == status, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    assert found["schema"] == "dedup-tune/1"
    return found


def checked(*args: str, stdin: bytes | None = None) -> dict[str, Any]:
    result = run("check", "--format", "json", *args, stdin=stdin)
    assert result.exit_code in (0, 1), result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def put(path: str, content: bytes | str) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    return tmp_path


def paragraph(dice: Random, words: int = 62) -> list[str]:
    """Words of no language; of 62 with `n` changed ones that stand apart the similarity is (60 - 3n) / (60 + 3n)."""
    return dice.choices(WORDS, k=words)


def varied(words: list[str], changes: int, dice: Random, to: str | None = None) -> list[str]:
    changed = list(words)
    for number in range(changes):
        changed[4 + 5 * number] = to or dice.choice([w for w in WORDS if w != words[4 + 5 * number]])
    return changed


def text_of(words: list[str]) -> str:
    return f"{words[0].capitalize()} {' '.join(words[1:])}."


def write_pairs(changes: list[int], *, folder: str = "texts", seed: int = 1, ending: str = "txt") -> None:
    """A text of paragraphs, and one of copies of them with so many words changed."""
    dice = Random(seed)
    ones = [paragraph(dice) for _ in changes]
    others = [varied(one, n, dice) for one, n in zip(ones, changes, strict=True)]
    put(f"{folder}/a.{ending}", "\n\n".join(map(text_of, ones)) + "\n")
    put(f"{folder}/b.{ending}", "\n\n".join(map(text_of, others)) + "\n")


def mixed() -> None:
    """Pairs of all similarities, some with a changed number, short blocks, headlines, lists."""
    write_pairs([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8])
    dice = Random(7)
    one = paragraph(dice)
    chain = [varied(one, n, dice) for n in range(4)]
    facts = [varied(chain[0], 1, dice, to=number) for number in ("30", "32", "1999")]
    short = [" ".join(dice.choices(WORDS, k=n)).capitalize() + "." for n in (5, 6, 9, 11, 14, 19)]
    blocks = [text_of(words) for words in (*chain, *facts)]
    put("texts/c.md", "# Head\n\n" + "\n\n".join([*blocks, *short, "- an item of a list", short[0]]) + "\n")
    put(
        "texts/d.md",
        "# Head\n\n" + "\n\n".join([*short[1:4], text_of(chain[2]), *short[4:], short[2]]) + "\n",
    )


# --- The numbers ----------------------------------------------------------------------------------------------


def numbers(report: dict[str, Any]) -> dict[str, Any]:
    """Of a report of check what tune tells of a run."""
    summary = report["summary"]
    near = [flag for flag in report["flags"] if flag["rule"] == "near"]
    guards = [flag["guard"] or "setting" for flag in near]
    return {
        "removed": summary["removed"],
        "flagged": summary["flagged"],
        "bytes_removed": summary["bytes_in"] - summary["bytes_out"],
        "variants": summary["variants"],
        "short_repeats": summary["natural"],
        "by_rule": {
            rule: {"removed": counts["removed"], "flagged": counts["flagged"]}
            for rule, counts in summary["by_rule"].items()
        },
        "near": {
            "removed": sum(removal["rule"] == "near" for removal in report["removals"]),
            "flagged": len(near),
            "guards": {guard: guards.count(guard) for guard in sorted(set(guards))},
        },
    }


def assert_as_check(found: dict[str, Any], *args: str, stdin: bytes | None = None) -> None:
    """Each row is what check says with that threshold, or those min-words."""
    assert found["thresholds"]
    for row in found["thresholds"]:
        expected = numbers(checked(*args, "--threshold", str(row["threshold"]), stdin=stdin))
        assert {name: row[name] for name in expected} == expected, row["threshold"]
    for row in found["min_words"]:
        expected = numbers(checked(*args, "--min-words", str(row["min_words"]), stdin=stdin))
        del expected["near"]
        assert {name: row[name] for name in expected} == expected, row["min_words"]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--preset", "docs"),
        ("--preset", "corpus"),
        ("--threshold", "0.73", "--min-words", "6"),
        ("--scope", "within", "--near", "remove"),
        ("--group-by", "[ab]"),
    ],
)
def test_every_number_is_that_of_check(options: tuple[str, ...]) -> None:
    mixed()
    found = tuned("texts", *options)
    assert_as_check(found, "texts", *options)
    removed = {row["removed"] + row["flagged"] for row in found["thresholds"]}
    assert len(removed) > 2 or "within" in options or "--group-by" in options


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.booleans()), min_size=1, max_size=12),
    st.integers(0, 1000),
)
def test_every_number_is_that_of_check_on_any_text(pieces: list[tuple[int, int, bool]], seed: int) -> None:
    dice = Random(seed)
    pool = [paragraph(dice) for _ in range(4)]
    put("random/a.txt", "\n\n".join(text_of(pool[n]) for n, _, _ in pieces[::2]))
    put(
        "random/b.txt",
        "\n\n".join(text_of(varied(pool[n], k, dice, "12" if fact else None)) for n, k, fact in pieces),
    )
    for row in tuned("random")["thresholds"]:
        report = dedup.check("random", threshold=row["threshold"])
        assert (row["removed"], row["flagged"]) == (report.summary.removed, report.summary.flagged)


def test_thresholds_go_from_below_the_one_in_force_to_1() -> None:
    write_pairs([1, 2])
    found = tuned("texts")
    assert [row["threshold"] for row in found["thresholds"]] == [n / 20 for n in range(10, 21)]
    assert [row["threshold"] for row in found["thresholds"] if row["current"]] == [0.8]
    found = tuned("texts", "--threshold", "0.42")
    assert [row["threshold"] for row in found["thresholds"]][:5] == [0.3, 0.35, 0.4, 0.42, 0.45]
    assert [row["min_words"] for row in tuned("texts", "--min-words", "7")["min_words"]] == [5, 7, 8, 12, 20]


def test_per_path_rules_hold_but_for_what_is_tried() -> None:
    mixed()
    put("dedup.toml", '[per-path."*.md"]\nthreshold = 0.55\nheadlines = "remove"\n')
    assert_as_check(tuned("texts"), "texts")


def test_near_duplicates_that_are_not_looked_for_have_no_threshold() -> None:
    mixed()
    found = tuned("texts", "--near", "off")
    assert (found["thresholds"], found["similarities"], found["examples"]) == ([], [], [])
    assert len(found["min_words"]) == 4
    said = " ".join(run("tune", "texts", "--near", "off").stdout.split())
    assert "so there is no threshold to choose" in said


def test_bands_count_what_the_lowest_threshold_finds() -> None:
    write_pairs([1, 1, 2, 5, 6])
    found = tuned("texts")
    counted = {band["from"]: band["removed"] + band["flagged"] for band in found["similarities"]}
    assert {low: number for low, number in counted.items() if number} == {0.9: 2, 0.8: 1, 0.6: 1, 0.5: 1}
    assert sum(counted.values()) == sum(found["thresholds"][0]["by_rule"]["near"].values())


def test_jobs_change_nothing() -> None:
    dice = Random(3)
    mixed()
    for number in range(4):
        put(f"texts/long{number}.txt", "\n\n".join(text_of(paragraph(dice)) for _ in range(1000)))
    one, two = (run("tune", "texts", "--jobs", jobs) for jobs in ("1", "2"))
    assert one.stdout == two.stdout
    assert one.exit_code == two.exit_code == 0


# --- Examples -------------------------------------------------------------------------------------------------


def test_examples_are_the_nearest_on_either_side() -> None:
    mixed()
    found = tuned("texts", "--threshold", "0.7")
    above = [each for each in found["examples"] if each["side"] == "above" and each["threshold"] == 0.7]
    below = [each for each in found["examples"] if each["side"] == "below" and each["threshold"] == 0.7]
    assert len(above) == len(below) == 3
    report = checked("texts", "--threshold", "0.7")
    near = [each for each in (*report["removals"], *report["flags"]) if each["rule"] == "near"]
    assert [each["similarity"] for each in above] == sorted(each["similarity"] for each in near)[:3]
    assert all(each["similarity"] >= 0.7 for each in above)
    low = checked("texts", "--threshold", "0.5")
    places = {(each["document"], each["line"]) for each in near}
    left = [
        each["similarity"]
        for each in (*low["removals"], *low["flags"])
        if each["rule"] == "near"
        and each["similarity"] < 0.7
        and (each["document"], each["line"]) not in places
    ]
    assert [each["similarity"] for each in below] == sorted(left, reverse=True)[:3]


def test_an_example_shows_the_words_that_differ() -> None:
    dice = Random(5)
    one = paragraph(dice, 200)
    other = list(one)
    other[100] = "zebra"
    put("a.txt", f"{text_of(one)}\n\n{text_of(other)}\n")
    (example,) = tuned("a.txt")["examples"]
    assert example["kept"] == {"document": "a.txt", "line": 1}
    assert (example["document"], example["line"], example["side"], example["removed"]) == (
        "a.txt",
        3,
        "above",
        True,
    )
    assert ["old", one[100]] in example["words"] and ["new", "zebra"] in example["words"]
    assert (example["text"], example["kept_text"]) == (text_of(other), text_of(one))
    shown = run("tune", "a.txt").stdout
    assert f"[-{one[100]}-]{{+zebra+}}" in shown
    assert "  a.txt:3: goes 0.97 = a.txt:1\n" in shown


def test_the_same_words_are_shown_once() -> None:
    dice = Random(6)
    one = paragraph(dice)
    other = varied(one, 1, dice)
    for name in ("b", "c", "d", "e"):
        put(f"texts/{name}.txt", text_of(other if name != "b" else one) + "\n")
    found = tuned("texts", "--near", "flag")
    assert [each["document"] for each in found["examples"] if each["side"] == "above"] == ["texts/c.txt"]


def test_many_differences_are_shortened_and_counted() -> None:
    dice = Random(8)
    one = paragraph(dice, 800)
    other = list(one)
    for at in range(10, 790, 28):
        other[at] = "zebra"
    put("a.txt", f"{text_of(one)}\n\n{text_of(other)}\n")
    lines = run("tune", "a.txt").stdout.splitlines()
    start = next(n for n, line in enumerate(lines) if "a.txt:3: goes" in line)
    shown = lines[start + 1 : lines.index("", start)]
    assert 1 < len(shown) <= 4
    assert max(map(len, shown)) <= 100
    assert "more such pieces" in shown[-1]
    assert "{+zebra+}" in shown[0]


def test_colour_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    write_pairs([1])
    plain = run("tune", "texts").stdout
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = CliRunner().invoke(main, ["tune", "texts"], color=True).stdout
    assert "\x1b[31m[-" in coloured and "\x1b[32m{+" in coloured
    assert "\x1b" not in plain


# --- Suggestions ----------------------------------------------------------------------------------------------


def reason(found: dict[str, Any], setting: str) -> dict[str, Any]:
    (one,) = (each for each in found["suggestion"]["reasons"] if each["setting"] == setting)
    return one  # type: ignore[no-any-return]


def test_two_kinds_of_pairs_are_parted() -> None:
    write_pairs([1] * 20 + [7] * 20)  # 0.90 and 0.48 apart from chance, 7 changes being 39 / 81
    found = tuned("texts", "--threshold", "0.55")
    assert reason(found, "threshold")["changes"] is False
    found = tuned("texts", "--threshold", "0.4")
    chosen = reason(found, "threshold")
    assert chosen["changes"] is True
    assert 0.5 <= chosen["value"] <= 0.9
    assert found["suggestion"]["settings"] == {"threshold": chosen["value"]}
    assert "there is no text, below that up to" in chosen["reason"]
    assert {each["threshold"] for each in found["examples"]} == {0.4, chosen["value"]}
    below = [each for each in found["examples"] if each["threshold"] > 0.4 and each["side"] == "below"]
    assert {each["similarity"] for each in below} == {0.4814}
    shown = run("tune", "texts", "--threshold", "0.4").stdout
    assert f"For dedup.toml:\n\nthreshold = {chosen['value']:.2f}\n" in shown
    assert f"{chosen['value']:.2f}" in next(
        line for line in shown.splitlines() if line.endswith("← suggested")
    )


def test_few_near_duplicates_say_nothing() -> None:
    write_pairs([1, 1, 2, 5, 5])
    found = tuned("texts")
    assert found["suggestion"]["settings"] == {}
    assert "too few to choose by: 0.80 is fine" in reason(found, "threshold")["reason"]
    assert all(not each["changes"] for each in found["suggestion"]["reasons"])
    assert "Nothing need be set" in run("tune", "texts").stdout


def test_pairs_of_all_kinds_say_nothing() -> None:
    write_pairs([1, 2, 3, 4, 5, 6] * 8)
    found = tuned("texts")
    assert "no one gap" in reason(found, "threshold")["reason"]
    assert found["suggestion"]["settings"] == {}


def test_one_text_in_many_places_is_one_thing_to_judge() -> None:
    dice = Random(9)
    ones = [paragraph(dice) for _ in range(2)]
    others = [varied(one, n, dice) for one, n in zip(ones, (1, 6), strict=True)]
    for number in range(20):
        put(f"texts/r{number}/a.txt", "\n\n".join(map(text_of, ones)) + "\n")
        put(f"texts/r{number}/b.txt", "\n\n".join(map(text_of, others)) + "\n")
    found = tuned("texts", "--group-by", "r[0-9]+")
    assert sum(band["removed"] for band in found["similarities"]) == 40
    assert sum(band["texts"] for band in found["similarities"]) == 2
    assert "only 2 different near-duplicates" in reason(found, "threshold")["reason"]


def test_phrases_ask_for_more_words() -> None:
    dice = Random(10)
    phrases = [" ".join(dice.choices(WORDS, k=9)).capitalize() + "." for _ in range(3)]
    for number in range(20):
        parts = [block for phrase in phrases for block in (text_of(paragraph(dice)), phrase)]
        put(f"texts/{number:02}.txt", "\n\n".join(parts) + "\n")
    found = tuned("texts")
    chosen = reason(found, "min_words")
    assert (chosen["value"], chosen["changes"]) == (12, True)
    assert found["suggestion"]["settings"] == {"min-words": 12}
    assert "57 say one of 3 texts" in chosen["reason"]


def versions() -> None:
    dice = Random(11)
    pages = [[text_of(paragraph(dice)) for _ in range(3)] for _ in range(12)]
    for version in ("1.0", "1.1", "2.0"):
        for number, page in enumerate(pages):
            blocks = [block for text in page for block in ("## Parameters", text)]
            put(f"docs/{version}/p{number:02}.md", f"# Page {number}\n\n" + "\n\n".join(blocks) + "\n")


def test_folders_of_releases_are_compared_with_themselves() -> None:
    versions()
    found = tuned("docs", "--preset", "docs")
    chosen = reason(found, "group_by")
    assert "(1.0 … 2.0, 3 folders)" in chosen["reason"]
    assert found["suggestion"]["again"] is True
    assert list(found["suggestion"]["settings"]) == ["group-by"]
    shown = run("tune", "docs", "--preset", "docs").stdout
    assert shown.splitlines()[-1] == f"  dedup tune docs --preset docs --group-by '{chosen['value']}'"
    again = tuned("docs", "--preset", "docs", "--group-by", chosen["value"])
    assert again["suggestion"]["again"] is False
    assert again["suggestion"]["settings"] == {"preset": "docs", "group-by": chosen["value"]}
    assert again["current"]["removed"] == 0


def reference() -> None:
    """Pages that have a headline in common, and nothing else."""
    dice = Random(16)
    for number in range(24):
        blocks = ("## How to set the parameters of the scaler", text_of(paragraph(dice)))
        put(f"pages/{number:02}.md", f"# Page {WORDS[number]}\n\n" + "\n\n".join(blocks) + "\n")


def test_documentation_is_known_by_its_headlines() -> None:
    reference()
    found = tuned("pages")
    assert reason(found, "preset")["value"] == "docs"
    assert found["suggestion"]["again"] is True
    given_ones = tuned("pages", "--preset", "prose")["suggestion"]["reasons"]
    assert all(each["setting"] != "preset" for each in given_ones)
    write_pairs([1] * 20)
    assert tuned("texts")["suggestion"]["again"] is False


def test_what_is_suggested_can_be_pasted() -> None:
    versions()
    reference()
    shown = run("tune", "docs", "pages").stdout
    lines = shown.split("For dedup.toml:\n\n")[1].split("\n\n")[0]
    put("dedup.toml", lines + "\n")
    found = tuned("docs")
    assert (found["settings"]["preset"], found["settings"]["group_by"]) == (
        "docs",
        r"(^|/)v?[0-9]+(\.[0-9]+)+/",
    )


def test_a_valley_is_as_wide_as_it_is_and_the_only_one() -> None:
    def valley(*counts: int) -> tuple[float, float] | None:
        first = 20 - len(counts)
        found = find_valley(
            [Band(edge(first + n), edge(first + n + 1), k, 0, k) for n, k in enumerate(counts)]
        )
        return (found.low, found.high) if found else None

    assert valley(20, 2, 3, 1, 20) == (0.8, 0.95)
    assert valley(20, 0, 0, 0, 20) == (0.8, 0.95)
    assert valley(20, 15, 12, 3, 9, 20) == (0.85, 0.95)
    assert valley(20, 0, 20, 0, 20) is None
    assert valley(20, 0, 20, 12, 20) == (0.8, 0.85)
    assert valley(5, 10, 20, 10, 5) is None
    assert valley(7, 0, 7) is None


@given(st.lists(st.integers(0, 40), min_size=3, max_size=14))
def test_a_valley_has_a_peak_on_either_side(counts: list[int]) -> None:
    first = 20 - len(counts)
    bands = [Band(edge(first + n), edge(first + n + 1), number, 0, number) for n, number in enumerate(counts)]
    valley = find_valley(bands)
    if valley is None:
        return
    inner = [band.texts for band in bands if valley.low <= band.low and band.high <= valley.high]
    below = [band.texts for band in bands if band.high <= valley.low]
    above = [band.texts for band in bands if band.low >= valley.high]
    assert max(inner) == valley.most
    assert min(max(below), max(above)) >= max(2 * valley.most, valley.most + 5)
    assert valley.low < inside(valley) <= valley.high


@given(st.floats(0.05, 1))
def test_a_similarity_stands_in_its_band(similarity: float) -> None:
    step = step_of(similarity)
    assert edge(step) <= similarity + 1e-8
    assert similarity < edge(step + 1) or (similarity == 1 and edge(step + 1) == 1)
    assert sum(band.count for band in bands_of([(similarity, True, "a")], 0.05)) == 1


# --- Inputs ---------------------------------------------------------------------------------------------------


def rows() -> list[dict[str, str]]:
    dice = Random(12)
    found = []
    for number in range(30):
        one = paragraph(dice)
        found.append({"id": f"n{number}", "body": text_of(one)})
        found.append(
            {
                "id": f"m{number}",
                "body": text_of(varied(one, number % 7, dice, "17" if number % 5 == 0 else None)),
            }
        )
    return found


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_tables(form: str) -> None:
    if form == "jsonl":
        put("t.jsonl", "".join(json.dumps(row) + "\n" for row in rows()))
    elif form == "csv":
        put("t.csv", "id,body\n" + "".join(f'{row["id"]},"{row["body"]}"\n' for row in rows()))
    else:
        parquet.write_table(pyarrow.Table.from_pylist(rows()), "t.parquet")
    path = f"t.{form}"
    found = tuned(path, "--text-column", "body")
    assert found["input"]["documents"] == 60
    assert_as_check(found, path, "--text-column", "body")
    assert found["examples"]
    texts = {row["body"] for row in rows()}
    assert all(each["text"] in texts and each["kept_text"] in texts for each in found["examples"])


def test_standard_input_as_text_and_as_a_table() -> None:
    mixed()
    text = Path("texts/c.md").read_bytes()
    assert_as_check(tuned("-", stdin=text), "-", stdin=text)
    table = "".join(json.dumps({"text": row["body"]}) + "\n" for row in rows()).encode()
    put("t.jsonl", table)
    found = run_process("tune", "-", "--input-format", "jsonl", "--format", "json", stdin=table)
    assert found["thresholds"] == tuned("t.jsonl")["thresholds"]
    assert {each["document"] for each in found["examples"]} == {"-"}


def run_process(*args: str, stdin: bytes) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "dedup", *args], input=stdin, capture_output=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_what_cannot_be_read_is_named_and_the_rest_is_done() -> None:
    mixed()
    expected = tuned("texts")
    put("texts/z.txt", b"one \xff\xfe two \x81\n")
    put("bad.jsonl", '{"text": "one"}\nnot json\n')
    result = run("tune", "texts", "nowhere.md", "bad.jsonl", "--format", "json")
    assert result.exit_code == 2
    said = result.stderr.splitlines()
    assert [line for line in said if "nowhere.md" in line] == ["dedup: nowhere.md: no such file or directory"]
    assert sum("bad.jsonl: row 2" in line for line in said) == 1
    assert "Traceback" not in result.stderr
    found = json.loads(result.stdout)
    assert [row["removed"] for row in found["thresholds"]] == [
        row["removed"] for row in expected["thresholds"]
    ]


def test_other_encodings_are_read_as_check_reads_them() -> None:
    dice = Random(13)
    one, other = paragraph(dice), paragraph(dice)
    put("texts/a.txt", f"Café {text_of(one)}\n\nNaïve {text_of(other)}\n".encode("latin-1"))
    put("texts/b.txt", f"Café {text_of(varied(one, 2, dice))}\n\nNaïve {text_of(other)}\n".encode("utf-16"))
    found = tuned("texts")
    assert_as_check(found, "texts")
    assert any("Café" in each["text"] for each in found["examples"])


def test_nothing_and_one_document() -> None:
    put("empty.txt", "")
    found = tuned("empty.txt")
    assert found["input"] == {"documents": 1, "blocks": 0, "bytes": 0, "sample": None}
    assert {row["removed"] for row in found["thresholds"]} == {0}
    assert "no near-duplicates" in reason(found, "threshold")["reason"]
    assert "No near-duplicates from 0.50 on." in run("tune", "empty.txt").stdout
    put("one.txt", text_of(paragraph(Random(1))))
    assert run("tune", "one.txt").exit_code == 0
    assert run("tune").exit_code == 2
    result = run("tune", "nowhere")
    assert result.exit_code == 2
    assert result.stderr == "dedup: nowhere: no such file or directory\n"
    assert result.stdout == ""


def test_hostile_and_right_to_left_text_is_shown_as_text() -> None:
    dice = Random(14)
    letters = "אבגדהוזחטיכלמנסעפצקרשת"
    words = ["".join(dice.choices(letters, k=4)) for _ in range(62)]
    other = list(words)
    other[30] = "שלום"
    put("texts/\x1b[31mred.txt", f"{' '.join(words)}.\n\n{' '.join(other)}.\n")
    one = paragraph(dice)
    hostile = varied(one, 1, dice, "ev\x1b]0;il\u202e")
    put("texts/b.txt", f"{text_of(one)}\n\n{text_of(hostile)}\n")
    result = run("tune", "texts")
    assert result.exit_code == 0
    assert f"[-{words[30]}-]{{+שלום+}}" in result.stdout
    assert not {"\x1b", "\u202e"} & set(result.stdout)


def test_what_is_said_as_json_ends_with_a_summary() -> None:
    write_pairs([1, 2])
    result = run("tune", "texts", "nowhere", "--log-json")
    first, last = map(json.loads, result.stderr.splitlines())
    assert (first["event"], first["path"]) == ("problem", "nowhere")
    assert (last["event"], last["documents"], last["problems"]) == ("summary", 2, 1)


def test_nothing_is_changed() -> None:
    mixed()
    before = {path: path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()}
    run("tune", "texts")
    assert {path: path.read_bytes() for path in sorted(Path().rglob("*")) if path.is_file()} == before


def test_settings_of_the_file_hold_and_a_format_of_check_does_not() -> None:
    write_pairs([1, 2])
    put("dedup.toml", 'threshold = 0.7\nformat = "sarif"\n')
    assert tuned("texts")["settings"]["threshold"] == 0.7
    assert run("tune", "texts").stdout.startswith("2 documents, ")
    put("dedup.toml", "threshold = 7\n")
    assert run("tune", "texts").exit_code == 2


def test_of_very_much_text_a_sample_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    dice = Random(15)
    for number in range(60):
        put(f"texts/{number:02}.txt", text_of(paragraph(dice)) + "\n")
    put("t.jsonl", "".join(json.dumps({"id": row["id"], "text": row["body"]}) + "\n" for row in rows() * 4))
    whole = tuned("t.jsonl")
    monkeypatch.setattr(tune_inputs, "TEXT_BYTES", 10_000)
    monkeypatch.setattr(tune_inputs, "TABLE_BYTES", 60_000)
    found = tuned("texts")
    sample = found["input"]["sample"]
    assert (sample["of"], sample["documents"]) == (60, found["input"]["documents"])
    assert 5 < sample["documents"] < 55
    assert tuned("texts") == found
    assert "always the same ones" in run("tune", "texts").stdout
    found = tuned("t.jsonl")
    assert (found["input"]["sample"]["of"], whole["input"]["sample"]) == (240, None)
    assert 50 < found["input"]["documents"] < 230
    lines = Path("t.jsonl").read_text().splitlines()
    for example in found["examples"]:
        assert json.loads(lines[example["line"] - 1])["text"] == example["text"]


# --- What is said of it ---------------------------------------------------------------------------------------


ROOT = Path(__file__).parent.parent


def test_the_example_in_the_docs_is_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "fixtures")
    monkeypatch.setenv("COLUMNS", "100")
    page = (ROOT / "docs" / "tune.md").read_text("utf-8")
    command, shown = page.split("```console\n$ dedup ")[1].split("```")[0].split("\n", 1)
    assert run(*command.split()).stdout == shown


def test_every_field_is_in_the_docs() -> None:
    mixed()
    page = (ROOT / "docs" / "tune.md").read_text("utf-8")

    def names(value: Any) -> set[str]:
        if isinstance(value, list):
            return {name for each in value for name in names(each)}
        if not isinstance(value, dict):
            return set()
        return set(value) | {name for each in value.values() for name in names(each)}

    found = tuned("texts")
    del found["settings"], found["suggestion"]["settings"]
    for row in (found["current"], *found["thresholds"], *found["min_words"]):
        del row["by_rule"]
    for row in found["thresholds"]:
        del row["near"]["guards"]
    assert not {name for name in names(found) if f"`{name}`" not in page and f'"{name}"' not in page}


@pytest.mark.real
def test_documentation_of_many_releases(tmp_path: Path) -> None:
    folder = folder_of("keda-docs", tmp_path)
    options = ("--preset", "docs", "--group-by", r"(^|/)v?[0-9]+(\.[0-9]+)+/")
    assert reason(tuned(str(folder), "--preset", "docs"), "group_by")["value"] == options[-1]
    found = tuned(str(folder), *options)
    for row in found["thresholds"][::5]:
        expected = numbers(checked(str(folder), *options, "--threshold", str(row["threshold"])))
        assert {name: row[name] for name in expected} == expected
    assert found["suggestion"]["again"] is False
