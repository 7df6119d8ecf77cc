"""`--against`: what changed is compared with the rest, and only what changed is reported on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.against.cache import FOLDER

HARBOUR = "The harbour board voted on Tuesday to build a second ferry berth at Eastquay, which is to be ready in spring."
LIBRARY = "You may have books at home for as long as nobody else asks for them, and each may be renewed by telephone."
GAUGE = "The height of the gauge above the chart datum is asked for once, when the station is set up by its keeper."


def dedup(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dedup", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, "COLUMNS": "200", **environment},
    )


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    ).stdout


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "site"
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "harbour.md").write_text(f"# Harbour\n\n{HARBOUR}\n")
    (root / "docs" / "library.md").write_text(f"# Library\n\n{LIBRARY}\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    return root


def test_a_pasted_paragraph_is_reported_where_it_was_pasted(repository: Path) -> None:
    # In path order a.md would come first, and harbour.md be what repeats.
    (repository / "docs" / "a.md").write_text(f"# Another page\n\n{HARBOUR}\n")
    done = dedup("check", "--against", ".", "docs/a.md", cwd=repository)
    assert done.returncode == 1
    assert "docs/a.md:3: verbatim 1.00 " in done.stdout and "= docs/harbour.md:3" in done.stdout
    assert "in 1 document" in done.stderr


def test_what_does_not_involve_a_changed_file_is_not_reported(repository: Path) -> None:
    (repository / "docs" / "z.md").write_text(f"# Old\n\n{HARBOUR}\n")
    git(repository, "add", ".")
    done = dedup("check", "--against", ".", "docs/library.md", cwd=repository)
    assert (done.returncode, done.stdout) == (0, "")


def test_a_changed_file_may_hold_the_first_of_two(repository: Path) -> None:
    (repository / "docs" / "z.md").write_text(f"# Old\n\n{HARBOUR}\n")
    git(repository, "add", ".")
    done = dedup("check", "--against", ".", "docs/harbour.md", cwd=repository)
    assert "docs/harbour.md:3: verbatim" in done.stdout and "= docs/z.md:3" in done.stdout


def test_changed_files_are_compared_with_each_other(repository: Path) -> None:
    for name in ("n1.md", "n2.md"):
        (repository / "docs" / name).write_text(f"# Page {name}\n\n{GAUGE}\n")
    done = dedup("check", "--against", ".", "docs/n1.md", "docs/n2.md", cwd=repository)
    assert "docs/n2.md:3: verbatim" in done.stdout and "= docs/n1.md:3" in done.stdout


def test_what_git_does_not_track_is_not_compared_with(repository: Path) -> None:
    (repository / "draft.md").write_text(f"{GAUGE}\n")
    (repository / "docs" / "a.md").write_text(f"# Another\n\n{GAUGE}\n")
    assert dedup("check", "--against", ".", "docs/a.md", cwd=repository).returncode == 0
    git(repository, "add", "draft.md")
    assert dedup("check", "--against", ".", "docs/a.md", cwd=repository).returncode == 1


def test_a_tracked_file_that_was_deleted_is_no_error(repository: Path) -> None:
    (repository / "docs" / "a.md").write_text(f"# Another\n\n{HARBOUR}\n")
    (repository / "docs" / "harbour.md").unlink()
    done = dedup("check", "--against", ".", "docs/a.md", cwd=repository)
    assert (done.returncode, done.stdout) == (0, "")


def test_what_settings_leave_out_is_neither_looked_at_nor_compared_with(repository: Path) -> None:
    (repository / "old").mkdir()
    (repository / "old" / "page.md").write_text(f"{GAUGE}\n")
    (repository / "docs" / "a.md").write_text(f"# Another\n\n{GAUGE}\n")
    git(repository, "add", ".")
    (repository / "dedup.toml").write_text('exclude = ["old/"]\n')
    assert dedup("check", "--against", ".", "docs/a.md", cwd=repository).returncode == 0
    done = dedup("check", "--against", ".", "old/page.md", cwd=repository)
    assert done.returncode == 0 and "nothing to remove in 0 documents" in done.stderr


def test_a_page_that_is_compared_with_no_other(repository: Path) -> None:
    (repository / "docs" / "a.md").write_text(f"# Another\n\n{HARBOUR}\n")
    (repository / "dedup.toml").write_text('[per-path."docs/harbour.md"]\nscope = "within"\n')
    assert dedup("check", "--against", ".", "docs/a.md", cwd=repository).returncode == 0


def test_what_is_generated_is_neither_looked_at_nor_compared_with(repository: Path) -> None:
    for name in ("made.gen.md", "a.md"):
        (repository / "docs" / name).write_text(f"# Another\n\n{GAUGE}\n")
    (repository / "docs" / ".gitattributes").write_text("*.gen.md linguist-generated\n")
    git(repository, "add", ".")
    assert dedup("check", "--against", ".", "docs/a.md", cwd=repository).returncode == 0
    done = dedup("check", "--against", ".", "docs/made.gen.md", cwd=repository)
    assert done.returncode == 0 and "nothing to remove in 0 documents" in done.stderr


def test_from_another_folder_and_of_a_part(repository: Path) -> None:
    (repository / "docs" / "a.md").write_text(f"# Another\n\n{HARBOUR}\n")
    (repository / "docs" / "deep").mkdir()
    done = dedup("check", "--against", "..", "../a.md", cwd=repository / "docs" / "deep")
    assert "../a.md:3: verbatim" in done.stdout and "= ../harbour.md:3" in done.stdout


def test_a_single_file_and_a_folder_outside_a_repository(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(f"{HARBOUR}\n")
    (tmp_path / "two.txt").write_text(f"{HARBOUR}\n")
    for against in ("one.txt", "."):
        done = dedup("check", "two.txt", "--against", against, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "two.txt:1: repeats one.txt:1\n")


def test_what_is_not_there_is_one_line(repository: Path) -> None:
    done = dedup("check", "--against", "nowhere", "docs/library.md", cwd=repository)
    assert done.returncode == 2
    assert done.stderr == "dedup: --against nowhere: no such file or directory\n"


def test_only_the_same_group_is_compared_with(repository: Path) -> None:
    for release in ("1.0", "1.1"):
        (repository / release).mkdir()
        (repository / release / "a.md").write_text(f"# A\n\n{GAUGE}\n")
    (repository / "1.1" / "b.md").write_text(f"# B\n\n{GAUGE}\n")
    git(repository, "add", ".")
    group = ("--group-by", r"[0-9]+\.[0-9]+")
    assert (
        dedup("check", "--against", ".", *group, "1.1/b.md", cwd=repository).stdout.count("= 1.1/a.md") == 1
    )
    assert dedup("check", "--against", ".", *group, "1.0/a.md", cwd=repository).returncode == 0


def test_a_copy_that_drifted_from_another_page(repository: Path) -> None:
    long = f"{HARBOUR} {LIBRARY}"
    (repository / "docs" / "harbour.md").write_text(f"# Harbour\n\n{long}\n")
    (repository / "docs" / "a.md").write_text(f"# Another\n\n{long.replace('Tuesday', 'Friday')}\n")
    done = dedup(
        "check", "--preset", "docs", "--against", ".", "--fail-over", "0", "docs/a.md", cwd=repository
    )
    assert done.returncode == 1
    assert "docs/a.md:3: drift 0." in done.stdout and "[-Tuesday-]{+Friday+}" in done.stdout
    assert "docs/harbour.md:3: drift 1.00" in done.stdout


def test_tables_are_compared_with_texts(repository: Path) -> None:
    (repository / "rows.jsonl").write_text(json.dumps({"text": HARBOUR}) + "\n")
    done = dedup("check", "rows.jsonl", "--against", "docs", cwd=repository)
    assert "= docs/harbour.md:3" in done.stdout


def test_clean_in_place_changes_the_named_files_alone(repository: Path) -> None:
    (repository / "docs" / "a.md").write_text(f"# Another page\n\n{HARBOUR}\n\n{GAUGE}\n")
    before = (repository / "docs" / "harbour.md").read_bytes()
    done = dedup("clean", "--in-place", "--against", ".", "docs/a.md", cwd=repository)
    assert done.returncode == 0
    assert (repository / "docs" / "a.md").read_text() == f"# Another page\n\n{GAUGE}\n"
    assert (repository / "docs" / "harbour.md").read_bytes() == before
    report = repository / FOLDER / "dedup-report.json"
    assert str(report.relative_to(repository)) in done.stderr
    assert git(repository, "status", "--porcelain") == "?? docs/a.md\n"
    assert dedup("restore", str(report.relative_to(repository)), cwd=repository).returncode == 0
    assert (repository / "docs" / "a.md").read_text() == f"# Another page\n\n{HARBOUR}\n\n{GAUGE}\n"


class TestCache:
    def look(self, root: Path, **environment: str) -> str:
        done = dedup("check", "--against", ".", "docs/a.md", cwd=root, **environment)
        return "".join(line for line in done.stdout.splitlines(True) if ": verbatim" in line)

    @pytest.fixture
    def root(self, repository: Path) -> Path:
        (repository / "docs" / "a.md").write_text(f"# Another page\n\n{HARBOUR}\n\n{LIBRARY}\n")
        for path in repository.rglob("*.md"):  # what was changed just now is not remembered
            os.utime(path, (1_700_000_000, 1_700_000_000))
        return repository

    def test_it_tells_git_to_ignore_it(self, root: Path) -> None:
        self.look(root)
        assert (root / FOLDER / "sketches").exists()
        assert git(root, "status", "--porcelain") == "?? docs/a.md\n"

    def test_the_same_with_and_without(self, root: Path) -> None:
        first = self.look(root)
        assert first.count("\n") == 2
        assert self.look(root) == first
        for path in (root / FOLDER).iterdir():
            path.unlink()
        assert self.look(root) == first

    @pytest.mark.parametrize("kernel", ["reference", "compiled"])
    def test_both_kernels_share_it(self, root: Path, kernel: str) -> None:
        other = "compiled" if kernel == "reference" else "reference"
        first = self.look(root, DEDUP_KERNEL=kernel)
        if "kernel" in first:
            pytest.skip("there is no compiled kernel")
        assert self.look(root, DEDUP_KERNEL=other) == first

    def test_a_changed_file_is_sketched_again(self, root: Path) -> None:
        self.look(root)
        (root / "docs" / "harbour.md").write_text(f"# Harbour\n\n{GAUGE}\n")
        assert "harbour.md" not in self.look(root)
        (root / "docs" / "harbour.md").write_text(f"# Harbour\n\n{HARBOUR}\n")
        assert "harbour.md" in self.look(root)

    def test_a_change_that_keeps_size_and_time_is_seen(self, root: Path) -> None:
        self.look(root)
        path = root / "docs" / "harbour.md"
        status = path.stat()
        path.write_bytes(path.read_bytes()[::-1])
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert "harbour.md" not in self.look(root)

    @pytest.mark.parametrize("damage", ["cut", "turned", "emptied", "another", "folder"])
    def test_a_damaged_one_is_as_if_it_were_not_there(self, root: Path, damage: str) -> None:
        first = self.look(root)
        path = root / FOLDER / "sketches"
        data = path.read_bytes()
        if damage == "folder":
            path.unlink()
            path.mkdir()
        else:
            path.write_bytes(
                {
                    "cut": data[: len(data) // 2],
                    "turned": data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
                    "emptied": b"",
                    "another": b"dedup 99" + data[8:],
                }[damage]
            )
        done = dedup("check", "--against", ".", "docs/a.md", cwd=root)
        assert first in done.stdout and "sketches" not in done.stderr
        if damage != "folder":
            assert path.read_bytes() != b"" and self.look(root) == first

    def test_two_at_once(self, root: Path) -> None:
        expected = self.look(root)
        (root / FOLDER / "sketches").unlink()
        command = [sys.executable, "-m", "dedup", "check", "--against", ".", "docs/a.md"]
        running = [
            subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for process in running:
            assert expected in process.communicate()[0]
        assert sorted(path.name for path in (root / FOLDER).iterdir()) == [
            ".gitignore",
            "CACHEDIR.TAG",
            "sketches",
        ]

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions mean nothing to root")
    def test_where_it_cannot_be_written(self, root: Path) -> None:
        root.chmod(0o500)
        try:
            assert self.look(root).count("\n") == 2
        finally:
            root.chmod(0o700)

    def test_it_is_in_the_top_of_a_work_tree(self, root: Path, tmp_path: Path) -> None:
        git(root, "add", ".")
        git(root, "commit", "-qm", "two")
        git(root, "worktree", "add", "-q", str(tmp_path / "tree"))
        done = dedup("check", "--against", ".", "a.md", cwd=tmp_path / "tree" / "docs")
        assert done.stdout.count(": verbatim") == 2
        assert (tmp_path / "tree" / FOLDER).is_dir()


def test_submodules_are_part_of_a_repository(repository: Path, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / "shared.md").write_text(f"{GAUGE}\n")
    git(inner, "add", ".")
    git(inner, "commit", "-qm", "one")
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "vendor")
    (repository / "docs" / "a.md").write_text(f"# Another\n\n{GAUGE}\n")
    assert "= vendor/shared.md:1" in dedup("check", "--against", ".", "docs/a.md", cwd=repository).stdout


SENTENCES = (
    HARBOUR,
    LIBRARY,
    GAUGE,
    "> " + GAUGE,
    HARBOUR.replace("second", "third"),
    LIBRARY.replace("books", "[books](b.md)"),
)
PAGE = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None)
@given(rest=st.lists(PAGE, min_size=1, max_size=4), changed=PAGE)
def test_the_same_as_with_everything_remembered(rest: list[list[str]], changed: list[str]) -> None:
    from tempfile import TemporaryDirectory

    from dedup.against import Against
    from dedup.cleaner import Cleaner
    from dedup.settings import Settings
    from dedup.sources import Sources

    with TemporaryDirectory() as name:
        for number, page in enumerate(rest):
            Path(name, f"{number}.md").write_text(f"# Page number {number}\n\n" + "\n\n".join(page) + "\n")
        new = Path(name, "new.md")
        new.write_text("# What is new\n\n" + "\n\n".join(changed) + "\n")
        options = Settings()
        documents = list(Sources([str(new)], options))
        found = []
        for some in (documents, None):
            cleaner = Cleaner(options)
            against = Against([name], options, {os.path.realpath(new)}, lambda problem: None)
            cleaner.remember_against(against, some)  # type: ignore[arg-type]
            found.append([cleaner.clean(document).findings for document in documents])  # type: ignore[arg-type]
        assert found[0] == found[1]
