"""The schema for editors: that of the code, and it accepts what the commands accept."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from dedup.cli import main
from dedup.cli.configured import NOT_IN_FILE, SETTINGS, Configured, read_given
from dedup.config.options import all_options
from dedup.config.schema import schema, written
from dedup.problems import DedupError
from dedup.settings import PER_PATH, PRESETS

STORED = Path(__file__).parent.parent / "docs" / "dedup.schema.json"
VALIDATOR = Draft7Validator(schema(), format_checker=Draft7Validator.FORMAT_CHECKER)


def test_the_stored_schema_is_that_of_the_code() -> None:
    assert STORED.read_text("utf-8") == written(), "run `make schema`"


def test_it_is_a_schema_and_describes_every_key() -> None:
    Draft7Validator.check_schema(schema())
    assert set(schema()["properties"]) == {*SETTINGS, *all_options()}
    for key, definition in schema()["definitions"].items():
        assert len(definition["description"]) > 10, key
        assert "may be given" not in definition["description"]


def is_accepted(values: dict[str, Any], folder: Path) -> bool:
    """Whether `dedup check` starts under such a file."""
    folder.joinpath("dedup.toml").write_text(toml(values), "utf-8")
    assert tomllib.loads(toml(values)) == values
    command = main.get_command(click.Context(main), "check")
    assert isinstance(command, Configured)
    try:
        read_given(command, click.Context(command))
    except DedupError:
        return False
    return True


def toml(values: dict[str, Any], table: str = "") -> str:
    """Values as TOML, tables in tables after the others; JSON writes the rest as TOML has it."""
    plain = {key: value for key, value in values.items() if not isinstance(value, dict)}
    tables = {key: value for key, value in values.items() if isinstance(value, dict)}
    lines = [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in plain.items()]
    for key, value in tables.items():
        name = f"{table}{json.dumps(key)}"
        lines += [f"[{name}]", toml(value, f"{name}.")]
    return "\n".join(lines) + "\n"


CHOICES = sorted({choice for each in schema()["definitions"].values() for choice in each.get("enum", ())})
GLOBS = ("*.md", "docs/**", "a b", "/x", "**/y/", "a#")
NO_GLOBS = ("", " ", "# a", "!docs")
TABLE = {name.replace("_", "-") for name in PER_PATH}

strings = st.sampled_from((*CHOICES, *GLOBS, *NO_GLOBS, "csv", "Auto", "1G", "many", "(", "^docs/"))
numbers = st.sampled_from((0, 1, 2, 8, -1, 0.5, 1.5, -0.1, 1 << 30))
anything = st.one_of(
    strings, numbers, st.booleans(), st.lists(strings, max_size=2), st.just([3]), st.just({"a": 1})
)
seldom = st.integers(0, 9).map(lambda number: number == 9)


@st.composite
def value_of(draw: st.DrawFn, key: str) -> Any:
    """A value that a key may have, and now and then one that it may not."""
    definition = schema()["definitions"].get(key.replace("_", "-"), {})
    if draw(seldom):
        return draw(anything)
    if "enum" in definition:
        return draw(st.sampled_from(definition["enum"]))
    fitting: dict[str, st.SearchStrategy[Any]] = {
        "number": st.sampled_from((1, 0.3)),
        "integer": st.integers(1, 9),
        "boolean": st.booleans(),
        "string": st.sampled_from(("x", "^docs/", "id")),
        "array": st.lists(st.sampled_from(GLOBS) if key in ("prefer", "include") else strings, max_size=2),
    }
    return draw(fitting.get(str(definition.get("type")), st.just("1G")))


@st.composite
def tables(draw: st.DrawFn) -> Any:
    found = {}
    for glob in draw(st.lists(st.sampled_from(GLOBS * 4 + NO_GLOBS), max_size=2, unique=True)):
        keys = draw(
            st.lists(st.sampled_from(sorted(TABLE | {"drop_repeated"})), max_size=2, unique_by=_plain)
        )
        keys += ["group-by"] if draw(seldom) else []
        found[glob] = {key: draw(value_of(key)) for key in keys}
    return draw(anything) if draw(seldom) else found


@st.composite
def files(draw: st.DrawFn) -> dict[str, Any]:
    right = st.sampled_from([*schema()["properties"], "min_words", "log_json", *["per-path"] * 9])
    found = {}
    for key in draw(st.lists(right, max_size=4, unique_by=_plain)):
        found[key] = draw(tables() if key == "per-path" else value_of(key))
    if draw(seldom):
        found[draw(st.sampled_from((*NOT_IN_FILE, "per-path-root", "nera", "root")))] = draw(anything)
    return found


def _plain(key: str) -> str:
    return key.replace("_", "-")


@settings(max_examples=300, deadline=None)
@given(found=files())
def test_it_accepts_what_the_command_accepts(
    tmp_path_factory: pytest.TempPathFactory, found: dict[str, Any]
) -> None:
    folder = tmp_path_factory.mktemp("schema")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert VALIDATOR.is_valid(found) == is_accepted(found, folder), found


@pytest.mark.parametrize("key", schema()["properties"])
def test_each_key_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.chdir(tmp_path)
    right = wrong = 0
    for value in ("auto", "off", "keep", "run", "fail", "both", "text", "jsonl", "docs", "1G", "x", 1, 3, 0, 0.5, 2.5,
                  True, [], ["x"], [3], {}, {"x": {}}, {"x": 3}, {"x": {"near": "off"}}, {"x": {"near": 1}}, {"!x": {}}):  # fmt: skip
        accepted = is_accepted({key: value}, tmp_path)
        assert VALIDATOR.is_valid({key: value}) == accepted, value
        right, wrong = right + accepted, wrong + (not accepted)
    assert right
    assert wrong


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_accepted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, preset: str) -> None:
    monkeypatch.chdir(tmp_path)
    chosen = {"preset": preset, **PRESETS[preset]}
    assert VALIDATOR.is_valid(chosen)
    assert is_accepted(chosen, tmp_path)
