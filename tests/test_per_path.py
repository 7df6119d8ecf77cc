"""Settings of single documents: which documents a rule is for, what it changes there, and the same in any batches."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from table_files import EDITED, LONG, OTHER, written

from dedup import Cleaner, DedupError, Document, Settings, document, kernel
from dedup.cli import main
from dedup.config.per_path import ByPath
from dedup.index.folder import Identity, open_indexes
from dedup.index.write import commit
from dedup.report.as_json import finding_row
from dedup.report.model import Report
from dedup.sources import Sources
from dedup.sources import rows as source_rows

NEAR = LONG.replace("The board", "A board")
SHORT = "Ask the harbour master for it."
SHORT_EDITED = "Ask the harbour master for them."


@contextmanager
def reference() -> Iterator[None]:
    compiled, kernel.compiled = kernel.compiled, None
    try:
        yield
    finally:
        kernel.compiled = compiled


def found(report: Report) -> list[tuple[str, int, str, str]]:
    rows = [(each.document, each.line, each.rule, each.kept.document) for each in report.removals]
    return rows + [(each.document, each.line, "flag", each.kept.document) for each in report.flags]


def clean(texts: dict[str, str], per_path: dict[str, Any], **options: Any) -> Report:
    cleaner = Cleaner(Settings.of(per_path=per_path, **options))
    for _ in cleaner.feed([document(text, path) for path, text in texts.items()]):
        pass
    return cleaner.report


# --- Which documents ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("glob", "matching", "others"),
    [
        ("docs/legacy/**", ["docs/legacy/a.md", "docs/legacy/b/c.md"], ["docs/a.md", "x/docs/legacy/a.md"]),
        ("docs/legacy", ["docs/legacy/a.md"], ["docs/legacy.md"]),
        ("legacy/", ["docs/legacy/a.md", "legacy/a.md"], ["legacy"]),
        ("*.md", ["a.md", "docs/b.md"], ["a.txt", "a.mdx"]),
        ("/a.md", ["a.md", "./a.md"], ["docs/a.md"]),
        ("docs/*/a.md", ["docs/x/a.md", "docs/../docs/x/a.md"], ["docs/a.md", "docs/x/y/a.md"]),
        ("-", ["-"], ["a"]),
    ],
)
def test_globs_are_patterns_of_gitignore(glob: str, matching: list[str], others: list[str]) -> None:
    by_path = ByPath(Settings.of(per_path={glob: {"near": "off"}}))
    assert {path: by_path.of(path).near for path in (*matching, *others)} == {
        **dict.fromkeys(matching, "off"),
        **dict.fromkeys(others, "auto"),
    }


def test_later_rules_win_value_by_value() -> None:
    rules = {"docs": {"near": "off", "min-words": 5}, "*.md": {"near": "flag"}, "x.md": {"lists": "off"}}
    by_path = ByPath(Settings.of(per_path=rules))
    found = by_path.of("docs/x.md")
    assert (found.near, found.min_words, found.lists) == ("flag", 5, "off")
    assert (by_path.of("docs/x.txt").near, by_path.of("x.txt").near) == ("off", "auto")


def test_globs_are_relative_to_the_root_wherever_paths_are_seen_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "repo/docs/deep").mkdir(parents=True)
    (tmp_path / "linked").symlink_to(tmp_path / "repo")
    monkeypatch.chdir(tmp_path / "repo/docs/deep")
    by_path = ByPath(Settings.of(per_path={"/docs/*.md": {"near": "off"}}, per_path_root="../.."))
    inside = (
        "../a.md",
        str(tmp_path / "repo/docs/a.md"),
        str(tmp_path / "linked/docs/a.md"),
        "../deep/../a.md",
    )
    assert {by_path.of(path).near for path in inside} == {"off"}
    outside = (
        "a.md",
        "../../a.md",
        "../../../docs/a.md",
        "/docs/a.md",
        str(tmp_path / "repository/docs/a.md"),
    )
    assert {by_path.of(path).near for path in outside} == {"auto"}


def test_as_dict_gives_the_rules_back() -> None:
    chosen = Settings.of({"per-path": {"b": {"min-words": 5}, "a/**": {"threshold": 1, "near": "off"}}})
    plain = json.loads(json.dumps(chosen.as_dict()))
    assert list(plain["per_path"].items()) == [
        ("b", {"min_words": 5}),
        ("a/**", {"threshold": 1.0, "near": "off"}),
    ]
    assert Settings.of(plain) == chosen
    assert hash(chosen) == hash(Settings.of(plain))


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"a": {"nera": "off"}}, "unknown option 'per-path.\"a\".nera'; did you mean 'near'?"),
        ({"a": {"near": "of"}}, "per-path.\"a\".near: 'of' is none of"),
        ({"a": {"group_by": "x"}}, 'per-path."a".group-by: cannot be set per path'),
        ({"a": {"per-path": {}}}, 'per-path."a".per-path: cannot be set per path'),
        ({"a": 1}, 'per-path."a": expected a table, not 1'),
        (3, "per-path: expected a table for each glob, not 3"),
    ],
)
def test_wrong_rules(rules: Any, told: str) -> None:
    with pytest.raises(DedupError) as caught:
        Settings.of(per_path=rules)
    assert str(caught.value).startswith(told)


def test_a_rule_whose_glob_is_none_is_told_before_anything_is_read() -> None:
    with pytest.raises(DedupError, match="not a glob"):
        Cleaner(Settings.of(per_path={"": {"near": "off"}}))


# --- What they change -----------------------------------------------------------------------------------------


def test_near() -> None:
    texts = {"a.txt": LONG, "b.txt": NEAR}
    assert found(clean(texts, {"b.txt": {"near": "remove"}}, near="off")) == [("b.txt", 1, "near", "a.txt")]
    assert found(clean(texts, {"b.txt": {"near": "flag"}})) == [("b.txt", 1, "flag", "a.txt")]
    assert not found(clean(texts, {"b.txt": {"near": "off"}}))
    assert found(clean(texts, {"a.txt": {"near": "off"}})) == [("b.txt", 1, "near", "a.txt")]


def test_threshold_higher_and_lower() -> None:
    # Two words differ, then five: the first pair is alike by its words, 0.91, the others by their shingles alone.
    edited = LONG.replace("agreed", "decided").replace("walkers alone", "walkers alike")
    last = edited.replace("carts", "carriages").replace("bridge", "crossing").replace("Tuesday", "Friday")
    texts = {"a.txt": LONG, "b.txt": edited, "c.txt": last}
    low = clean(texts, {"b.txt": {"threshold": 0.4}}, near="remove", threshold=0.95)
    assert found(low) == [("b.txt", 1, "near", "a.txt")]
    high = clean(texts, {"b.txt": {"threshold": 0.95}}, near="remove", threshold=0.3)
    assert found(high) == [("c.txt", 1, "near", "b.txt")]


def test_min_words_higher_and_lower() -> None:
    texts = {"a.txt": SHORT, "b.txt": SHORT, "c.txt": SHORT_EDITED}
    low = {"b.txt": {"min-words": 3}, "c.txt": {"min-words": 3, "near": "remove", "threshold": 0.3}}
    assert found(clean(texts, low)) == [("b.txt", 1, "verbatim", "a.txt"), ("c.txt", 1, "near", "a.txt")]
    high = clean(texts, {"b.txt": {"min-words": 30}}, min_words=3, near="remove", threshold=0.3)
    assert found(high) == [("c.txt", 1, "near", "a.txt")]


def test_a_document_of_a_scope_of_its_own() -> None:
    """Under `within` it is compared with no other, and no other with it."""
    texts = {"a.txt": f"{LONG}\n\n{LONG}\n", "b.txt": f"{LONG}\n\n{OTHER}\n", "c.txt": f"{OTHER}\n\n{LONG}\n"}
    assert found(clean(texts, {"a.txt": {"scope": "within"}})) == [
        ("a.txt", 3, "verbatim", "a.txt"),
        ("c.txt", 1, "verbatim", "b.txt"),
        ("c.txt", 3, "verbatim", "b.txt"),
    ]
    assert found(
        clean(texts, {"b.txt": {"scope": "both"}, "c.txt": {"scope": "across"}}, scope="within")
    ) == [
        ("a.txt", 3, "verbatim", "a.txt"),
        ("c.txt", 1, "verbatim", "b.txt"),
        ("c.txt", 3, "verbatim", "b.txt"),
    ]


def test_near_duplicates_inside_a_document_that_is_compared_with_no_other() -> None:
    """What other documents hold of it makes no difference to it: not even which sketches it has."""
    twice = f"{LONG}\n\n{NEAR}\n"
    cleaner = Cleaner(Settings.of(per_path={"b.txt": {"scope": "within"}}))
    for path in ("a.txt", "b.txt"):  # one after the other: all of the second is known
        cleaner.clean(document(twice, path))
    assert ("b.txt", 3, "near", "b.txt") in found(cleaner.report)


def test_headlines_and_lists() -> None:
    text = f"# A headline of some words\n\n{LONG}\n\n{NEAR}\n\n- {OTHER}\n"
    texts = {"a.md": text, "b.md": text}
    rule = {"b.md": {"headlines": "off", "lists": "off"}}
    removed = [(row[0], row[1]) for row in found(clean(texts, {}))]
    assert {("b.md", 1), ("b.md", 7)} <= set(removed)
    kept = [(row[0], row[1]) for row in found(clean(texts, rule))]
    assert [row for row in kept if row[0] == "b.md"] == [("b.md", 3), ("b.md", 5)]


# --- From the command line ------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for path in ("a.txt", "docs/legacy/b.txt", "docs/new/c.txt"):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(f"{LONG}\n")
    return tmp_path


def dedup(*args: str, stdin: str | None = None) -> Result:
    result = CliRunner().invoke(main, args, prog_name="dedup", input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def test_it_holds_wherever_the_command_runs(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("dedup.toml").write_text('[per-path."docs/legacy/**"]\nscope = "within"\n')
    told = dedup("check", ".").stdout
    assert told.startswith("docs/new/c.txt")
    assert told.count("\n") == 1
    monkeypatch.chdir(repository / "docs")
    assert dedup("check", "../a.txt", "legacy").exit_code == 0
    assert dedup("check", "../a.txt", "new").exit_code == 1
    assert dedup("check", str(repository / "a.txt"), str(repository / "docs/legacy")).exit_code == 0
    shown = json.loads(dedup("check", "legacy", "--format", "json").stdout)["settings"]
    assert (shown["per_path"], shown["per_path_root"]) == ({"docs/legacy/**": {"scope": "within"}}, "..")


def test_in_pyproject(repository: Path) -> None:
    Path("pyproject.toml").write_text('[tool.dedup.per-path."docs/legacy/**"]\nscope = "within"\n')
    assert dedup("check", "a.txt", "docs/legacy").exit_code == 0


def test_the_command_line_goes_before_all_tables_of_the_file(repository: Path) -> None:
    Path("dedup.toml").write_text('min-words = 2\n[per-path."docs/**"]\nscope = "within"\nmin-words = 90\n')
    assert dedup("check", "a.txt", "docs/legacy").exit_code == 0
    assert dedup("check", "a.txt", "docs/legacy", "--scope", "both").exit_code == 0
    assert dedup("check", "a.txt", "docs/legacy", "--scope", "both", "--min-words", "5").exit_code == 1


def test_what_becomes_of_an_empty_document(repository: Path) -> None:
    Path("dedup.toml").write_text(
        '[per-path."docs/legacy"]\nempty = "drop"\n[per-path."docs/new"]\nempty = "flag"\n'
    )
    assert dedup("clean", ".", "-o", "out").exit_code == 0
    assert {path.relative_to("out").as_posix() for path in Path("out").rglob("*.txt")} == {
        "a.txt",
        "docs/new/c.txt",
    }
    assert Path("out/docs/new/c.txt").read_text() == f"{LONG}\n"


def test_standard_input_is_a_document_of_the_current_folder(repository: Path) -> None:
    Path("dedup.toml").write_text('[per-path."/-"]\nmin-words = 90\n')
    assert dedup("check", "-", stdin=f"{LONG}\n\n{LONG}\n").exit_code == 0


def test_explain_knows_the_settings_of_the_later_document(repository: Path) -> None:
    Path("docs/new/c.txt").write_text(f"{NEAR}\n")
    places = ("a.txt:1", "docs/new/c.txt:1")
    assert "goes: near" in dedup("explain", *places).stdout
    Path("dedup.toml").write_text("[per-path.'*/new']\nthreshold = 0.97\n")
    told = dedup("explain", *places).stdout
    assert "below the threshold of 0.97" in told
    assert "(threshold 0.97)" in told


def test_an_index_is_for_the_rules_that_it_was_built_with(repository: Path) -> None:
    rule = '[per-path."docs/**"]\nmin-words = 5\nempty = "flag"\n'
    assert dedup("clean", "a.txt", "-o", "x.txt", "--index", "kept").exit_code == 0
    Path("dedup.toml").write_text(rule)
    told = dedup("check", "a.txt", "--index-read", "kept").stderr
    assert "was built with other settings: per-path (None, now {'docs/**': {'min_words': 5}})" in told
    assert dedup("clean", "a.txt", "-o", "y.txt", "--index", "other").exit_code == 0
    assert dedup("check", "docs", "--index-read", "other").exit_code == 0
    Path("dedup.toml").write_text(rule.replace("flag", "drop"))  # what is kept does not depend on it
    assert dedup("check", "docs", "--index-read", "other").exit_code == 1
    assert dedup("index", "verify", "other").exit_code == 0


def test_what_an_index_remembers_is_enough_for_all_rules(repository: Path) -> None:
    """What is short where it stands is found by a document to which it is not."""
    Path("a.txt").write_text(f"{SHORT}\n")
    Path("docs/new/c.txt").write_text(f"{SHORT_EDITED}\n")
    Path("dedup.toml").write_text('near = "remove"\n[per-path.docs]\nmin-words = 3\nthreshold = 0.5\n')
    assert dedup("clean", "a.txt", "-o", "x.txt", "--index", "kept").exit_code == 0
    assert dedup("check", "docs/new", "--index-read", "kept").stdout == "docs/new/c.txt:1: repeats a.txt:1\n"
    assert dedup("index", "verify", "kept").exit_code == 0


# --- The same in any batches ----------------------------------------------------------------------------------

blocks = st.sampled_from(
    (
        LONG,
        EDITED,
        NEAR,
        LONG.replace("agreed", "decided").replace("walkers alone", "walkers alike"),
        OTHER,
        OTHER.replace("second", "new"),
        SHORT,
        SHORT_EDITED,
        "# A headline of some words",
        f"- {OTHER}\n- {SHORT}",
    )
)
texts = st.lists(blocks, min_size=1, max_size=5).map(lambda parts: "\n\n".join(parts) + "\n")
changes = st.fixed_dictionaries(
    {},
    optional={
        "near": st.sampled_from(("auto", "remove", "flag", "off")),
        "headlines": st.sampled_from(("auto", "remove", "off")),
        "threshold": st.sampled_from((0.4, 0.7, 0.95)),
        "min_words": st.sampled_from((1, 4, 30)),
        "lists": st.sampled_from(("run", "off")),
        "scope": st.sampled_from(("within", "across", "both")),
        "empty": st.sampled_from(("keep", "drop", "flag")),
        "drop_repeated": st.sampled_from((0.3, 1.0)),
    },
)
rules = st.dictionaries(st.sampled_from(("a*", "b*", "*.md", "*1.*")), changes, min_size=1, max_size=3)
little = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def cleaned(batches: Sequence[Sequence[Document]], chosen: Settings) -> tuple[list[Any], list[bytes]]:
    cleaner = Cleaner(chosen)
    left = [each.content for batch in batches for each in cleaner.feed(batch)]
    return [finding_row(each) for each in cleaner.report.findings], left


@little
@given(sources=st.lists(texts, min_size=2, max_size=6), base=changes, per_path=rules)
def test_documents_in_any_batches_by_either_kernel(
    sources: list[str], base: dict[str, Any], per_path: dict[str, Any]
) -> None:
    chosen = Settings.of(base, per_path=per_path)
    documents = [document(text, f"{'abc'[n % 3]}{n % 2}.md") for n, text in enumerate(sources)]
    together = cleaned([documents], chosen)
    assert cleaned([[each] for each in documents], chosen) == together
    with reference():
        assert cleaned([documents], chosen) == together


@little
@given(sources=st.lists(texts, min_size=1, max_size=5), base=changes, changed=changes)
def test_rules_for_all_documents_are_the_settings_of_the_run(
    sources: list[str], base: dict[str, Any], changed: dict[str, Any]
) -> None:
    documents = [document(text, f"{n}.md") for n, text in enumerate(sources)]
    by_path = Settings.of(base, per_path={"*": changed})
    assert cleaned([documents], by_path) == cleaned([documents], Settings.of(base | changed))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    tables=st.lists(st.lists(texts | blocks, min_size=1, max_size=5), min_size=2, max_size=3),
    base=changes,
    per_path=rules,
    size=st.sampled_from((1 << 22, 1)),
)
def test_tables_in_any_batches_by_either_kernel(
    tmp_path_factory: pytest.TempPathFactory,
    tables: list[list[str]],
    base: dict[str, Any],
    per_path: dict[str, Any],
    size: int,
) -> None:
    chosen = Settings.of(base, per_path=per_path)
    folder = tmp_path_factory.mktemp("tables")
    paths = [
        str(written(folder / f"{name}1.jsonl", [{"text": text} for text in rows]))
        for name, rows in zip("abc", tables, strict=False)
    ]

    def run(jobs: int) -> tuple[list[Any], list[bytes]]:
        cleaner = Cleaner(chosen.with_(per_path_root=str(folder)), jobs=jobs)
        left = [b"".join(each.parts()) for each in cleaner.feed_all(Sources(paths, chosen))]
        return [finding_row(each) for each in cleaner.report.findings], left

    together = run(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_rows, "BATCH_BYTES", size)
        assert run(2) == together
        with reference():
            assert run(1) == together


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    sources=st.lists(texts, min_size=2, max_size=5),
    base=changes.filter(lambda chosen: chosen.get("scope") != "within"),
    per_path=rules,
    split=st.integers(1, 4),
)
def test_batches_with_an_index(
    tmp_path_factory: pytest.TempPathFactory,
    sources: list[str],
    base: dict[str, Any],
    per_path: dict[str, Any],
    split: int,
) -> None:
    chosen = Settings.of(base, per_path=per_path)
    documents = [document(text, f"{'abc'[n % 3]}{n % 2}.md") for n, text in enumerate(sources)]
    folder = str(tmp_path_factory.mktemp("index") / "kept")
    left: list[bytes] = []
    rows: list[Any] = []
    for batch in (documents[:split], documents[split:]):
        opened = open_indexes([folder], [], chosen)
        cleaner = Cleaner(chosen, indexes=opened)
        left += [each.content for each in cleaner.feed(batch)]
        cleaner.close()
        commit(opened[0], cleaner.memories, chosen, Identity(None, None, None), (), alone=True)
        opened[0].close()
        rows += [(each.document, each.line, each.rule, each.kept.line) for each in cleaner.report.removals]
    together = Cleaner(chosen)
    assert [each.content for each in together.feed(documents)] == left
    assert [
        (each.document, each.line, each.rule, each.kept.line) for each in together.report.removals
    ] == rows
