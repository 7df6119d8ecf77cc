"""The hooks, run by the real pre-commit in real repositories, from a clone of this one at its last commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from real_data import folder_of

pytestmark = pytest.mark.hooks

ROOT = Path(__file__).parent.parent
HARBOUR = "The harbour board voted on Tuesday to build a second ferry berth at Eastquay, which is to be ready in spring."
LIBRARY = "You may have books at home for as long as nobody else asks for them, and each may be renewed by telephone."
OTHER = "What is said here is said nowhere else in the whole of this small site, and so nobody needs to look at it."


def run(
    *arguments: str, cwd: Path, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(arguments, capture_output=True, text=True, cwd=cwd, env=environment)


def succeed(*arguments: str, cwd: Path, environment: dict[str, str] | None = None) -> str:
    done = run(*arguments, cwd=cwd, environment=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Site:
    """A repository whose commits go through a hook."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.root = root
        self.environment = environment
        self.git("init", "-q")

    def git(self, *arguments: str) -> str:
        return succeed("git", *arguments, cwd=self.root, environment=self.environment)

    def write(self, path: str, *paragraphs: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text("\n\n".join(paragraphs) + "\n")

    def install(self, clone: Path, hook: str) -> None:
        revision = succeed("git", "rev-parse", "HEAD", cwd=clone).strip()
        config = f"repos:\n- repo: {clone}\n  rev: {revision}\n  hooks:\n  - id: {hook}\n"
        (self.root / ".pre-commit-config.yaml").write_text(config)
        self.git("add", ".")
        self.git("commit", "-qm", "what was there before")
        succeed(sys.executable, "-m", "pre_commit", "install", cwd=self.root, environment=self.environment)

    def commit(self) -> tuple[bool, str]:
        """Whether a commit of what is staged went through, and what was said."""
        done = run("git", "commit", "-m", "a change", cwd=self.root, environment=self.environment)
        return done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not (ROOT / ".git").exists():
        pytest.skip("this is no git repository")
    place = tmp_path_factory.mktemp("clone") / "dedup"
    succeed("git", "clone", "-q", str(ROOT), str(place), cwd=ROOT)
    return place


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """pre-commit keeps what it installs in a folder of its own; there is no compiler."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\nname = Ada\nemail = ada@example.org\n[commit]\ngpgsign = false\n"
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "DEDUP_"))}
    return {
        **clean,
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "CC": "/nowhere/cc",
    }


@pytest.fixture
def site(tmp_path: Path, environment: dict[str, str]) -> Site:
    root = tmp_path / "site"
    root.mkdir()
    site = Site(root, environment)
    site.write("docs/harbour.md", "# Harbour", HARBOUR)
    site.write("docs/library.md", "# Library", LIBRARY)
    return site


def test_from_a_working_copy(site: Site, clone: Path) -> None:
    site.git("add", ".")
    site.write("docs/a.md", "# Another page", HARBOUR)
    site.git("add", ".")
    arguments = ("-m", "pre_commit", "try-repo", str(clone), "dedup-check", "--files", "docs/a.md")
    done = run(sys.executable, *arguments, cwd=site.root, environment=site.environment)
    assert done.returncode == 1
    assert "docs/a.md:3: verbatim 1.00" in done.stdout and "= docs/harbour.md:3" in done.stdout


def test_a_paste_is_found_at_the_commit(site: Site, clone: Path) -> None:
    site.install(clone, "dedup-check")
    site.write("docs/a.md", "# Another page", OTHER, HARBOUR)
    site.git("add", ".")
    passed, said = site.commit()
    assert not passed and "docs/a.md:5: verbatim 1.00" in said and "= docs/harbour.md:3" in said
    site.write("docs/a.md", "# Another page", OTHER)
    site.git("add", ".")
    assert site.commit()[0]


def test_what_is_staged_is_what_is_checked(site: Site, clone: Path) -> None:
    site.install(clone, "dedup-check")
    # Staged without the repeat, and with it in the working copy, also where nobody has staged anything.
    site.write("docs/a.md", "# Another page", OTHER)
    site.git("add", ".")
    site.write("docs/a.md", "# Another page", OTHER, HARBOUR)
    site.write("draft.md", OTHER)
    passed, said = site.commit()
    assert passed, said
    assert HARBOUR in (site.root / "docs" / "a.md").read_text()
    # And the other way round.
    site.git("add", "docs/a.md")
    site.write("docs/a.md", "# Another page", OTHER)
    passed, said = site.commit()
    assert not passed and "docs/a.md:5: verbatim" in said


def test_cleaning_at_the_commit(site: Site, clone: Path) -> None:
    site.install(clone, "dedup-clean")
    site.write("docs/a.md", "# Another page", OTHER, HARBOUR)
    site.git("add", ".")
    passed, said = site.commit()
    assert not passed and "files were modified by this hook" in said
    assert (site.root / "docs" / "a.md").read_text() == f"# Another page\n\n{OTHER}\n\n"
    assert "dedup restore .dedup_cache/dedup-report.json" in said
    assert ".dedup_cache" not in site.git("status", "--porcelain")
    site.git("add", ".")
    assert site.commit()[0]


@pytest.mark.real
def test_a_real_repository(tmp_path: Path, environment: dict[str, str], clone: Path) -> None:
    """A first run writes a baseline; a paste, an edited paste and a repeated headline fail, a moved file passes."""
    folder_of("keda-docs", tmp_path)
    site = Site(tmp_path / "keda-docs", environment)
    (site.root / "dedup.toml").write_text(
        'preset = "docs"\nbaseline = ".dedup-baseline.jsonl"\ngroup-by = \'(^|/)docs/[0-9]+\\.[0-9]+/\'\n'
    )
    site.git("add", ".")
    dedup = [sys.executable, "-m", "dedup"]
    written = run(*dedup, "check", ".", "--update-baseline", cwd=site.root)
    assert written.returncode == 0, written.stderr
    site.install(clone, "dedup-check")
    docs = site.root / "content" / "docs" / "2.21"
    lines = (docs / "scalers" / "cpu.md").read_text().splitlines()
    at = next(n for n, line in enumerate(lines) if len(line.split()) >= 30 and line[0].isalpha())
    target = docs / "concepts" / "scaling-jobs.md"
    before = target.read_text()
    above, below = before[: before.index("\n## ") + 1], before[before.index("\n## ") + 1 :]

    def try_(addition: str) -> tuple[bool, str]:
        target.write_text(f"{above}{addition}\n\n{below}")
        site.git("add", ".")
        result = site.commit()
        site.git("checkout", "HEAD", "--", str(target)) if not result[0] else None
        return result

    named = f"content/docs/2.21/concepts/scaling-jobs.md:{above.count(chr(10)) + 1}:"
    twin = f"content/docs/2.21/scalers/cpu.md:{at + 1}"
    passed, said = try_(lines[at])
    assert not passed and named in said and twin in said, said
    words = lines[at].split(" ")
    words[5], words[-4] = "certainly", "elsewhere"
    passed, said = try_(" ".join(words))
    assert not passed and named in said and twin in said, said
    passed, said = try_("## Example using ClusterTriggerAuthentication with GCP Identity")
    assert not passed and named in said and "= content/docs/2.21/" in said, said
    shutil.move(docs / "scalers" / "cpu.md", docs / "concepts" / "processor.md")
    site.git("add", ".")
    passed, said = site.commit()
    assert passed, said
