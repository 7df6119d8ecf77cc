"""The commands of docs/ci.md and of the hooks are ones that the command line takes."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from dedup.cli import main

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
FENCES = re.compile(r"^```(sh|yaml)\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(
    r"(?:^|run: |- |\| *|-r )(dedup (?:check|clean|init|report|restore)[^|\n]*)", re.MULTILINE
)


def commands() -> list[str]:
    told = [line for _, block in FENCES.findall(PAGE) for line in COMMAND.findall(block)]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    return [*(line.split(" #")[0].strip() for line in told), *(hook["entry"] for hook in hooks)]


def test_there_are_some() -> None:
    assert len(commands()) >= 8


@pytest.mark.parametrize("command", commands())
def test_a_command_is_understood(command: str) -> None:
    # An option that there is not is told before the help is shown.
    done = CliRunner().invoke(main, [*shlex.split(command)[1:], "--help"])
    assert done.exit_code == 0, done.output


def test_the_examples_are_yaml() -> None:
    examples = [block for kind, block in FENCES.findall(PAGE) if kind == "yaml"]
    assert len(examples) == 4 and all(yaml.safe_load(example) for example in examples)
