"""`dedup init`: what it writes is what holds without it, and nothing is overwritten."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from jsonschema import Draft7Validator

from dedup.cli import main
from dedup.cli.configured import SETTINGS
from dedup.config.options import all_options
from dedup.config.schema import schema
from dedup.config.template import template
from dedup.settings import PRESETS, Settings

EXAMPLES = ("group-by", "drop-repeated", "id-column", "input-format")
"""What has no default."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def dedup(*args: str) -> Result:
    result = CliRunner().invoke(main, args, prog_name="dedup")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    return result


def uncommented(text: str) -> str:
    """The text with all that is commented out put into effect, but for the schema's address."""
    return re.sub(r"^#(?=[^ :])", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("pyproject", [False, True])
def test_what_is_written_is_what_the_preset_gives(preset: str, pyproject: bool) -> None:
    path = Path("pyproject.toml" if pyproject else "dedup.toml")
    if pyproject:
        path.write_text("[project]\nname = 'x'\n")
    result = dedup("init", "--preset", preset, *(["--pyproject"] if pyproject else []))
    assert result.exit_code == 0
    what = f"added [tool.dedup] to {path}" if pyproject else f"wrote {path}"
    assert result.stderr.splitlines() == [
        f"dedup: {what}: every setting, with the values of the preset {preset}",
        "dedup: next: dedup check .",
    ]
    text = path.read_text()
    found = tomllib.loads(text)
    found = found["tool"]["dedup"] if pyproject else found
    assert Settings.of(found) == Settings.of(preset=preset)
    assert {"preset": preset, **PRESETS[preset]} == {
        key.replace("-", "_"): value for key, value in found.items()
    }
    # A command takes it.
    Path("a.txt").write_text("Some text.\n")
    shown = json.loads(dedup("check", "a.txt", "--format", "json").stdout)["settings"]
    assert shown == Settings.of(preset=preset).as_dict()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("table", ["", "tool.dedup"])
def test_every_setting_is_there_with_its_default(preset: str, table: str) -> None:
    found = tomllib.loads(uncommented(template(preset, table)))
    found = found["tool"]["dedup"] if table else found
    assert set(found) == set(SETTINGS)
    assert Draft7Validator(schema()).is_valid(found)
    assert found.pop("per-path") == {"docs/legacy/**": {"near": "off"}}
    for key in EXAMPLES:
        assert Settings.of({key: found[key]})
        del found[key]
    assert Settings.of(found) == Settings.of(preset=preset)


def test_each_setting_has_a_line_that_says_what_it_does_and_each_option_is_named() -> None:
    lines = template("prose").partition("#[")[0].splitlines()
    for number, line in enumerate(lines):
        if re.match(r"#?[a-z-]+ = ", line):
            assert re.match(r"# \w.*\.$", lines[number - 1]), line
    for key in all_options():
        assert any(re.match(rf"(#?{key} = |#   {key} +[A-Z])", line) for line in lines), key
    assert "schema" not in lines[0]


def test_the_example_of_releases_compares_each_with_itself() -> None:
    text = "The harbour master counted the boats twice before the storm reached the outer wall of the port.\n"
    for release in ("2.1", "2.2"):
        Path(f"docs/{release}").mkdir(parents=True)
        Path(f"docs/{release}/a.md").write_text(text)
        Path(f"docs/{release}/b.md").write_text(text)
    dedup("init")
    assert dedup("check", "docs").stdout.count("\n") == 3
    Path("dedup.toml").write_text(Path("dedup.toml").read_text().replace("#group-by", "group-by"))
    assert dedup("check", "docs").stdout == (
        "docs/2.1/b.md:1: repeats docs/2.1/a.md:1\ndocs/2.2/b.md:1: repeats docs/2.2/a.md:1\n"
    )
    assert dedup("check", "docs/2.1", "docs/2.2").stdout.count("\n") == 2


def test_in_a_git_repository_too(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    assert dedup("init").exit_code == 0
    assert Path("dedup.toml").is_file()


@pytest.mark.parametrize("options", [(), ("--pyproject",)])
@pytest.mark.parametrize("name", ["dedup.toml", ".dedup.toml", "pyproject.toml"])
def test_nothing_is_overwritten(name: str, options: tuple[str, ...]) -> None:
    Path("pyproject.toml").write_text("[project]\nname = 'x'\n")
    Path(name).write_text("[tool.dedup]\n" if name == "pyproject.toml" else "near = 'off'\n")
    before = {path.name: path.read_bytes() for path in Path().iterdir()}
    result = dedup("init", *options)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"dedup: {name}: ")
    assert result.stderr.count("\n") == 1
    assert {path.name: path.read_bytes() for path in Path().iterdir()} == before


@pytest.mark.parametrize(
    "before",
    [b"", b"[project]\nname = 'x'", b"[project]\r\nname = 'x'\r\n", b"[tool.x]\na = 1\n", b"# dedup\n"],
)
def test_pyproject_is_kept_byte_for_byte(before: bytes) -> None:
    path = Path("pyproject.toml")
    path.write_bytes(before)
    path.chmod(0o640)
    assert dedup("init", "--pyproject", "--preset", "docs").exit_code == 0
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\n") == after.count(b"\r\n") or b"\r" not in after
    assert path.stat().st_mode & 0o777 == 0o640
    assert tomllib.loads(after.decode())["tool"]["dedup"]["near"] == "flag"


@pytest.mark.parametrize(
    ("before", "told"),
    [
        (None, "no such file or directory"),
        ("[tool\n", "not valid TOML: "),
        ("tool = 1\n", "writes [tool] in a way that no table can be added to"),
        ("tool = {x = 1}\n", "writes [tool] in a way that no table can be added to"),
    ],
)
def test_a_pyproject_that_no_table_can_be_added_to(before: str | None, told: str) -> None:
    path = Path("pyproject.toml")
    if before is not None:
        path.write_text(before)
    result = dedup("init", "--pyproject")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"dedup: pyproject.toml: {told}")
    assert result.stderr.count("\n") == 1
    assert before is None or path.read_text() == before


def test_a_folder_in_the_way() -> None:
    Path("dedup.toml").mkdir()
    assert dedup("init").stderr == "dedup: dedup.toml: is there already\n"
