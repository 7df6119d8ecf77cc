from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from dedup.problems import DedupError
from dedup.sources.patterns import Rules, check_globs, globs, lines_of, rules_above

FOLDERS = ("", "a", "docs", "build", "a/b", "a/docs", "docs/build", "docs/a/b", "build/docs")
PARTS = ("a", "b", "docs", "build", "*", "**", "*.md", "x.md", "?", "[ab]", "d*", "*.txt")


def pattern(rng: random.Random) -> str:
    parts = "/".join(rng.choice(PARTS) for _ in range(rng.choice((1, 1, 1, 2, 2, 3))))
    return rng.choice(("", "", "!")) + rng.choice(("", "", "/")) + parts + rng.choice(("", "", "/"))


def not_ignored(folder: Path, rules: Rules) -> set[Path]:
    rules = rules.under(f"{folder}/", lines_of(folder / ".gitignore"))
    found = set()
    for path in folder.iterdir():
        if not path.name.startswith(".") and not rules.ignores(f"{path}/" if path.is_dir() else str(path)):
            found |= not_ignored(path, rules) if path.is_dir() else {path}
    return found


@pytest.mark.skipif(shutil.which("git") is None, reason="compares with git")
def test_the_same_is_ignored_as_by_git(tmp_path: Path) -> None:
    root = tmp_path.resolve()
    # Nothing of the user's own git, nor of the one whose hook may be running this.
    alone = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", "init", "-q", root], check=True, env=alone)
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in ("x.md", "y.txt"):
            (root / folder / name).touch()
    for seed in range(150):
        rng = random.Random(seed)
        places = [root / folder / ".gitignore" for folder in rng.sample(("", "a", "docs", "a/docs"), 2)]
        for place in places:
            place.write_text("\n".join(pattern(rng) for _ in range(rng.randint(0, 4))))
        shown = {place: place.read_text() for place in places}
        command = ["git", "ls-files", "--others", "--exclude-standard", "-z", "--", "*.md", "*.txt"]
        listed = subprocess.run(
            command, cwd=root, check=True, env=alone, capture_output=True, text=True
        ).stdout
        assert not_ignored(root, rules_above(root)) == {root / name for name in listed.split("\0") if name}, (
            shown
        )
        for place in places:
            place.unlink()


def test_the_usual_list_of_what_to_let_in(tmp_path: Path) -> None:
    rules = Rules().under("/t/", ["*", "!*/", "!*.md"])
    assert not rules.ignores("/t/docs/")
    assert not rules.ignores("/t/docs/a.md")
    assert rules.ignores("/t/docs/a.txt")


def test_lines_of_a_file_from_anywhere(tmp_path: Path) -> None:
    file = tmp_path / ".gitignore"
    file.write_bytes(b"\xef\xbb\xbfone.md\r\n# no\r\n\r\n!\n[\n[z-a]\nback\\\nna\xefve.md\n\xe2\x80\xa8.md")
    rules = Rules().under("/t/", lines_of(file))
    assert lines_of(file)[0] == "one.md"
    assert rules.ignores("/t/one.md")
    assert rules.ignores("/t/na\udcefve.md")
    assert rules.ignores("/t/\u2028.md")
    assert not rules.ignores("/t/two.md")


@pytest.mark.parametrize("bad", ["[", "!", "back\\", "[z-a]", "", "# no"])
def test_a_bad_glob_is_named(bad: str) -> None:
    with pytest.raises(DedupError, match=r"^exclude: not a glob: "):
        check_globs("exclude", ["*.md", bad])
    with pytest.raises(DedupError):
        globs("exclude", [bad])
