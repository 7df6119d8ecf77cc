"""The recipes of `docs/ingestion.md` do what they show, one after the other in one folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_readme import ROOT, examples_of, here, plain, run_block

__all__ = ["here"]

PAGE = (ROOT / "docs" / "ingestion.md").read_text("utf-8")
FENCES = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NEEDS = {"prefect": "prefect", "jq": "jq"}


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_the_recipes_print_what_is_shown(here: Path) -> None:
    folder = here / "batches"
    for number, (language, text) in enumerate(FENCES):
        if language == "console":
            if "| jq " in text and shutil.which("jq") is None:
                continue
            examples = examples_of(text)
            printed = run_block([command for command, _ in examples], folder)
            for (command, shown), output in zip(examples, printed, strict=True):
                assert plain(output) == plain(shown), command
        elif language == "python" and "prefect" not in text:
            done = subprocess.run(
                [sys.executable, "-c", text], cwd=folder, capture_output=True, check=False, timeout=120
            )
            assert done.returncode == 0, done.stderr.decode()
            assert plain(done.stdout.decode("utf-8")) == plain(FENCES[number + 1][1])


@pytest.mark.recipes
def test_the_flow_runs_and_may_run_again(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("prefect", reason="needs Prefect: make test-recipes installs it")
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "CRITICAL")
    (program,) = (text for language, text in FENCES if language == "python" and "prefect" in text)
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=here / "batches",
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr.decode()
        assert plain(done.stdout.decode())[-2:] == [
            "monday 2 rows, 0 paragraphs removed",
            "tuesday 3 rows, 2 paragraphs removed",
        ]
