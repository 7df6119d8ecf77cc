from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from trees import feed, link, write

from dedup.documents import Document
from dedup.problems import DedupError
from dedup.settings import Settings
from dedup.sources import Sources

DEFAULT = Settings()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def listed(*paths: str, settings: Settings = DEFAULT) -> list[str]:
    """The paths read; anything wrong fails the test."""
    sources = Sources(paths, settings)
    found = [document.path for document in sources]
    assert sources.problems == []
    return found


# Names and order


def test_a_directory_is_read_in_path_order() -> None:
    write("t/b.md", "t/a/z.md", "t/a.md", "t/a-b/x.md", "t/B.md", "t/a/b/c.md", "t/ä.md")
    assert listed("t") == ["t/B.md", "t/a/b/c.md", "t/a/z.md", "t/a-b/x.md", "t/a.md", "t/b.md", "t/ä.md"]


@pytest.mark.parametrize(
    ("argument", "path"),
    [("./t/a.md", "t/a.md"), ("t/", "t/a.md"), ("t//./", "t/a.md"), ("t/../t", "t/../t/a.md")],
)
def test_paths_are_as_the_user_wrote_them(argument: str, path: str) -> None:
    write("t/a.md")
    assert listed(argument) == [path]


def test_the_current_folder_and_absolute_paths(folder: Path) -> None:
    write("t/a.md")
    assert listed(".") == ["t/a.md"]
    assert listed(str(folder)) == [f"{folder.as_posix()}/t/a.md"]


def test_a_document_knows_where_it_was_inside() -> None:
    write("t/a/b.mdx", "c.MD", "d")
    found = {document.inside: document for document in Sources(["t", "c.MD", "d"], DEFAULT)}
    assert list(found) == ["a/b.mdx", "c.MD", "d"]
    assert [document.syntax for document in found.values()] == ["mdx", "markdown", "text"]
    assert found["a/b.mdx"].source == b"This is t/a/b.mdx.\n"


def test_the_same_file_is_read_once_at_its_first_place() -> None:
    write("t/a.md", "t/b.md", "t/c.md")
    link("link.md", "t/c.md")
    assert listed("t/b.md", "link.md", "t", "./t/a.md", "t/b.md") == ["t/b.md", "link.md", "t/a.md"]


def test_preferred_paths_come_first() -> None:
    write("t/a.md", "t/new/b.md", "t/new/old/c.md", "u/d.md", "e.md")
    settings = Settings(prefer=("t/new", "!old/", "e.md"))
    assert listed("t", "u", "e.md", settings=settings) == [
        "t/new/b.md",
        "e.md",
        "t/a.md",
        "t/new/old/c.md",
        "u/d.md",
    ]


@pytest.mark.skipif(sys.platform == "darwin", reason="names are Unicode there")
def test_a_name_that_is_no_text() -> None:
    name = os.fsdecode(b"na\xefve.md")
    write(f"t/{name}")
    assert listed("t") == [f"t/{name}"]


# What is read in a directory


def test_by_default_texts_are_read_and_the_rest_is_counted() -> None:
    texts = ["a.markdown", "a.md", "a.mdown", "a.mdx", "a.mkd", "a.text", "a.txt", "b.TXT"]
    write(*(f"t/{name}" for name in [*texts, "a.png", "md", "a.md.bak"]))
    write("t/binary.md", "t/c/binary.txt", content=b"a\0b")
    os.mkfifo("t/fifo.md")
    sources = Sources(["t"], DEFAULT)
    assert sources.passed_over == {"other": 4}
    assert [document.inside for document in sources] == texts
    assert sources.passed_over == {"other": 4, "binary": 2}
    assert sources.problems == []


def test_nothing_passed_over_is_not_mentioned() -> None:
    write("t/a.md")
    sources = Sources(["t"], DEFAULT)
    list(sources)
    assert sources.passed_over == {}


def test_hidden_things_are_left_out_unless_named() -> None:
    write("t/.a.md", "t/.git/b.md", "t/c.md", "t/.d/e.md")
    assert listed("t") == ["t/c.md"]
    assert listed("t/.d", "t/.a.md") == ["t/.d/e.md", "t/.a.md"]


def test_include_replaces_the_choice_and_exclude_takes_away() -> None:
    write("t/a.md", "t/b.rst", "t/c/d.rst", "t/drafts/e.rst", "t/c/drafts/f.rst", "t/g.txt")
    settings = Settings(include=("*.rst", "/g.txt"), exclude=("drafts/",))
    assert listed("t", settings=settings) == ["t/b.rst", "t/c/d.rst", "t/g.txt"]
    assert listed("t", settings=Settings(include=("c/",))) == ["t/c/d.rst", "t/c/drafts/f.rst"]
    assert listed("t", settings=Settings(exclude=("*", "!*/", "!a.md"))) == ["t/a.md"]


def test_a_named_file_is_always_read() -> None:
    write("t/a.html", "t/.b", content=b"text")
    write("t/.gitignore", content=b"*\n")
    named = ["t/a.html", "t/.b"]
    assert listed(*named, settings=Settings(exclude=("*",))) == named


@pytest.mark.parametrize("option", ["include", "exclude", "prefer"])
def test_a_bad_glob_ends_the_call(option: str) -> None:
    with pytest.raises(DedupError, match=rf"^{option}: not a glob: '\['$"):
        Sources(["."], Settings.of({option: ["["]}))


def test_gitignore_files_hold_at_every_level() -> None:
    write("t/a.md", "t/b.md", "t/build/c.md", "t/d/a.md", "t/d/e.md", "t/d/build/f.md", "t/d/b.md")
    write("t/.gitignore", content=b"/a.md\nbuild/\nb.md\n")
    write("t/d/.gitignore", content=b"e.md\n!b.md\n")
    assert listed("t") == ["t/d/a.md", "t/d/b.md"]


def test_gitignore_files_of_the_repository_hold_in_its_folders() -> None:
    write("r/.git/info/exclude", content=b"c.md\n")
    write("r/.gitignore", content=b"a.md\n/t/u/b.md\n")
    write(".gitignore", content=b"d.md\n")
    write(*(f"r/t/u/{name}.md" for name in "abcd"))
    assert listed("r/t/u") == ["r/t/u/d.md"]


def test_a_named_directory_is_read_although_git_ignores_it() -> None:
    Path("r/.git").mkdir(parents=True)
    write("r/.gitignore", content=b"build/\n*.txt\n")
    write("r/build/t/a.md", "r/build/t/b.md", "r/build/t/c.txt")
    write("r/build/t/.gitignore", content=b"b.md\n")
    assert listed("r/build") == listed("r/build/t") == ["r/build/t/a.md", "r/build/t/c.txt"]


def test_the_destination_is_not_input(folder: Path) -> None:
    write("t/a.md", "t/out/b.md", "t/c/out/d.md")
    link("t/link", "out")
    link("t/e.md", "out/b.md")
    for out in ("t/out", f"{folder}/t/c/../out/", "t/link"):
        assert [document.path for document in Sources(["t"], DEFAULT, exclude_dirs=[out])] == [
            "t/a.md",
            "t/c/out/d.md",
        ]


def test_a_directory_in_the_destination_is_input_when_it_is_named() -> None:
    write("out/t/.a.md")
    link("out/t/b.md", ".a.md")
    for out in ("out", "out/t"):
        assert [document.path for document in Sources(["out/t"], DEFAULT, exclude_dirs=[out])] == [
            "out/t/b.md"
        ]


# Symbolic links


def test_a_link_is_no_second_document() -> None:
    write("t/b.md", "t/d/c.md")
    link("t/a.md", "b.md")
    link("t/a", "d")
    assert listed("t") == ["t/b.md", "t/d/c.md"]


def test_links_reach_what_lies_in_the_tree_and_is_not_read_otherwise() -> None:
    write("t/.shared/a.md", "t/.shared/sub/b.md", "t/c.tex")
    link("t/c.md", "c.tex")
    link("t/x", ".shared")
    link("t/y", ".shared/sub")
    link("t/z.md", ".shared/a.md")
    assert listed("t") == ["t/c.md", "t/x/a.md", "t/x/sub/b.md"]
    assert listed("t", settings=Settings(exclude=("x/",))) == ["t/c.md", "t/y/b.md", "t/z.md"]


def test_links_out_of_the_tree_are_passed_over() -> None:
    write("t/a.md", "tt/b.md")
    link("t/b.md", "../tt/b.md")
    link("t/c", "../tt")
    sources = Sources(["t"], DEFAULT)
    assert [document.path for document in sources] == ["t/a.md"]
    assert (sources.problems, sources.passed_over) == ([], {"other": 2})


def test_the_directory_itself_may_be_a_link() -> None:
    write("t/a.md")
    link("t/b.md", "a.md")
    link("l", "t")
    assert listed("l") == ["l/a.md"]


def test_folders_that_link_to_each_other_end() -> None:
    write("t/a/x.md", "t/b/y.md")
    link("t/a/b", "../b")
    link("t/b/a", "../a")
    assert listed("t") == ["t/a/x.md", "t/b/y.md"]


# Standard input


def test_standard_input_is_a_text_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = "Grüße\r\n".encode("latin-1")
    write("-", "a.md")
    feed(monkeypatch, data)
    found = list(Sources(["-", "a.md", "-", "./-"], DEFAULT))
    assert found[0] == Document("-", data, data, "text", "-")
    assert [document.path for document in found] == ["-", "a.md", "./-"]


def test_standard_input_of_another_syntax(monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, b"# Title")
    assert [document.syntax for document in Sources(["-"], DEFAULT, stdin_syntax="mdx")] == ["mdx"]
