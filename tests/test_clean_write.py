"""Cleaned bytes and where they are written: nothing but the ranges goes, nothing else is touched."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import Cleaned
from dedup.atomic import replacing
from dedup.documents import Document
from dedup.output import Destination, clean_in_place, cut_out
from dedup.problems import DedupError, Problem
from dedup.report.model import DocumentEntry, Place, Removal, Report

SOURCE = b"\xefne\n\ntwo\n\none\n"
CUT = (10, 14)
CLEAN = b"\xefne\n\ntwo\n\n"


def removal(path: str, source: bytes, start: int, end: int) -> Removal:
    raw = source[start:end]
    kept = Place(path, 0, 4, 1)
    return Removal(path, start, end, 5, 5, "paragraph", "verbatim", 1.0, 1, kept, raw.decode("latin-1"), raw)


def entry(path: str, source: bytes, *ranges: tuple[int, int]) -> DocumentEntry:
    before, after = sha256(source).hexdigest(), sha256(cut_out(source, ranges)).hexdigest()
    return DocumentEntry(path, before, after)


def cleaned(
    path: str, inside: str = "", *ranges: tuple[int, int], source: bytes = SOURCE, empty: bool = False
) -> Cleaned:
    document = Document(path, source, source, "text", inside or Path(path).name)
    removals = tuple(removal(path, source, *place) for place in ranges)
    return Cleaned(document, entry(path, source, *ranges), removals, (), (), empty)


def put(path: str, content: bytes = SOURCE, mode: int = 0o644) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    file.chmod(mode)
    return file


def tree(folder: str = ".") -> dict[str, bytes]:
    root = Path(folder)
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def mode(path: str) -> int:
    return stat.S_IMODE(Path(path).stat().st_mode)


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def problems() -> list[Problem]:
    return []


# --- cutting --------------------------------------------------------------------------------------------------


@st.composite
def sources_with_ranges(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, int]]]:
    source = draw(st.binary(max_size=60))
    edges = sorted(draw(st.lists(st.integers(0, len(source)), max_size=10)))
    return source, list(zip(edges[::2], edges[1::2], strict=False))


@given(sources_with_ranges())
@settings(max_examples=500)
def test_only_the_ranges_go(case: tuple[bytes, list[tuple[int, int]]]) -> None:
    source, ranges = case
    gone = {position for start, end in ranges for position in range(start, end)}
    assert cut_out(source, ranges) == bytes(
        byte for position, byte in enumerate(source) if position not in gone
    )


@pytest.mark.parametrize("ranges", [[(0, 3), (2, 4)], [(4, 5), (0, 1)], [(3, 2)], [(0, 6)], [(-1, 2)]])
def test_ranges_that_cannot_be(ranges: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="cannot be cut out"):
        cut_out(b"12345", ranges)


# --- one file whole or not at all -----------------------------------------------------------------------------


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, MemoryError])
def test_what_is_cut_short_leaves_nothing_behind(error: type[BaseException]) -> None:
    put("a.md", b"old")
    for name in ("a.md", "new.md"):
        with pytest.raises(error), replacing(Path(name)) as out:
            out.write(b"half")
            raise error
    assert tree() == {"a.md": b"old"}


def test_mode_of_new_and_replaced_files() -> None:
    put("a.md", b"old", 0o640)
    for name, wanted in (("a.md", None), ("b.md", 0o600), ("c.md", None)):
        with replacing(Path(name), wanted) as out:
            out.write(b"new")
    umask = os.umask(0)
    os.umask(umask)
    assert [mode(name) for name in ("a.md", "b.md", "c.md")] == [0o640, 0o600, 0o666 & ~umask]


def test_the_target_of_a_link_is_replaced() -> None:
    put("deep/real.md", b"old")
    Path("link.md").symlink_to("deep/real.md")
    with replacing(Path("link.md")) as out:
        out.write(b"new")
    assert Path("link.md").is_symlink()
    assert Path("deep/real.md").read_bytes() == b"new"


def test_a_device_is_written_to_and_stays() -> None:
    with replacing(Path("/dev/null")) as out:
        out.write(b"new")
    assert Path("/dev/null").is_char_device()


# --- -o -------------------------------------------------------------------------------------------------------


def test_one_document_into_a_file(problems: list[Problem]) -> None:
    put("a.md", mode=0o600)
    destination = Destination("new/b.md", ["a.md"], problems.append)
    written = destination.write(cleaned("a.md", "", CUT))
    assert not destination.is_folder
    assert (written.output, written.inside, written.dropped) == ("new/b.md", "b.md", False)
    assert tree() == {"a.md": SOURCE, "new/b.md": CLEAN}
    assert mode("new/b.md") == 0o600
    assert not problems


def test_a_directory_is_mirrored_with_unchanged_files(problems: list[Problem]) -> None:
    put("docs/a.md", mode=0o755)
    put("docs/sub/b.md")
    destination = Destination("./out", ["docs"], problems.append)
    written = [
        destination.write(cleaned("docs/a.md", "a.md", CUT)),
        destination.write(cleaned("docs/sub/b.md", "sub/b.md")),
    ]
    assert tree("out") == {"a.md": CLEAN, "sub/b.md": SOURCE}
    assert [entry.output for entry in written] == ["out/a.md", "out/sub/b.md"]
    assert [entry.inside for entry in written] == ["a.md", "sub/b.md"]
    assert mode("out/a.md") == 0o755


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["docs/a.md", "docs/b.md"], ["a.md", "b.md"]),
        (["docs/a.md", "docs/sub/a.md"], ["a.md", "sub/a.md"]),
        (["docs", "more"], ["docs/a.md", "docs/b.md", "docs/sub/a.md", "more/a.md"]),
        (["docs", "docs/sub"], ["a.md", "b.md", "sub/a.md"]),
        (["docs", "HERE/more/a.md"], ["docs/a.md", "docs/b.md", "docs/sub/a.md", "more/a.md"]),
        (["docs/../more", "docs/sub"], ["docs/sub/a.md", "more/a.md"]),
        (["docs/a.md", "-"], ["a.md", "stdin"]),
        (["docs/a.md", "missing/b.md"], ["a.md"]),
        (["docs/", "docs"], ["a.md", "b.md", "sub/a.md"]),
    ],
)
def test_several_arguments_lie_as_they_do_below_their_common_folder(
    here: Path, problems: list[Problem], paths: list[str], expected: list[str]
) -> None:
    for name in ("docs/a.md", "docs/b.md", "docs/sub/a.md", "more/a.md"):
        put(name)
    paths = [path.replace("HERE", str(here)) for path in paths]
    destination = Destination("out", paths, problems.append)
    read: dict[str, Cleaned] = {}
    for path in paths:
        if path == "-":
            read[path] = cleaned("-", "-")
        for file in (
            sorted(Path(path).rglob("*.md")) if Path(path).is_dir() else filter(Path.exists, [Path(path)])
        ):
            read.setdefault(os.path.realpath(file), cleaned(file.as_posix(), file.name))
    for document in read.values():
        destination.write(document)
    assert list(tree("out")) == expected
    assert not problems


def test_one_file_into_a_folder_that_is_there(problems: list[Problem]) -> None:
    put("a.md")
    Path("out").mkdir()
    Destination("out", ["a.md"], problems.append).write(cleaned("a.md"))
    Destination("more/", ["a.md"], problems.append).write(cleaned("a.md"))
    assert list(tree()) == ["a.md", "more/a.md", "out/a.md"]


@pytest.mark.parametrize(
    ("dest", "paths", "reason"),
    [
        ("docs/a.md", ["docs/a.md"], "is an input; use --in-place"),
        ("link.md", ["docs/a.md"], "is an input; use --in-place"),
        ("docs", ["docs/a.md"], "docs/a.md: is an input; use --in-place"),
        ("docs", ["docs/a.md", "docs/b.md"], "docs/a.md: is an input; use --in-place"),
        ("docs", ["docs"], "is the input itself; use --in-place"),
        ("docs/.", ["docs/../docs"], "is the input itself; use --in-place"),
        (".", ["docs"], "holds the input docs"),
        ("docs/a.md", ["docs"], "is a file, and several documents need a folder"),
        ("docs/a.md", ["docs/b.md", "link.md"], "is a file, and several documents need a folder"),
        ("", ["docs"], "has no name"),
    ],
)
def test_an_output_that_would_overwrite_an_input(
    problems: list[Problem], dest: str, paths: list[str], reason: str
) -> None:
    put("docs/a.md")
    put("docs/b.md")
    Path("link.md").symlink_to("docs/a.md")
    before = tree()
    with pytest.raises(DedupError, match=reason):
        Destination(dest, paths, problems.append)
    assert tree() == before


@pytest.mark.parametrize("inside", ["../b.md", "/etc/b.md", "sub/../../b.md", "out/b.md"])
def test_no_document_leaves_the_folder(problems: list[Problem], inside: str) -> None:
    put("docs/a.md")
    put("elsewhere/b.md", b"mine")
    Path("dest").mkdir()
    Path("dest/out").symlink_to("../elsewhere")
    before = tree()
    written = Destination("dest", ["docs"], problems.append).write(cleaned("docs/a.md", inside))
    assert written.output is None
    assert [problem.path for problem in problems] == ["docs/a.md"]
    assert "lies outside dest" in problems[0].reason
    assert tree() == before


def test_two_documents_never_meet_in_one_file(problems: list[Problem]) -> None:
    put("docs/a.md")
    destination = Destination("out", ["docs"], problems.append)
    destination.write(cleaned("docs/a.md", "a.md"))
    second = destination.write(cleaned("docs/A.md", "a.md", source=b"other"))
    assert second.output is None
    assert tree("out") == {"a.md": SOURCE}
    assert str(problems[0]) == "docs/A.md: not written: out/a.md is already written to"


def test_an_input_met_through_a_link_is_not_overwritten(problems: list[Problem]) -> None:
    put("out/a.md")
    Path("docs").mkdir()
    Path("docs/x.md").symlink_to("../out/a.md")
    destination = Destination("out", ["docs"], problems.append)
    destination.write(cleaned("docs/x.md", "x.md"))
    destination.write(cleaned("docs/a.md", "a.md", source=b"other"))
    assert Path("out/a.md").read_bytes() == SOURCE
    assert str(problems[0]) == "docs/a.md: not written: out/a.md is also an input"


def test_what_cannot_be_written_is_a_problem_and_the_rest_is_done(problems: list[Problem]) -> None:
    put("docs/a.md")
    put("out/a.md/in_the_way")
    put("out/sub")
    destination = Destination("out", ["docs"], problems.append)
    for name in ("a.md", "sub/b.md", "c.md"):
        destination.write(cleaned(f"docs/{name}", name))
    assert [problem.path for problem in problems] == ["docs/a.md", "docs/sub/b.md"]
    assert all(problem.reason.startswith("not written: ") for problem in problems)
    assert list(tree("out")) == ["a.md/in_the_way", "c.md", "sub"]


def test_a_document_of_which_nothing_is_left(problems: list[Problem]) -> None:
    put("docs/a.md")
    destination = Destination("out", ["docs"], problems.append)
    gone = cleaned("docs/a.md", "sub/a.md", (1, 5), source=b"\none\n", empty=True)
    dropped = destination.write(gone, drop_empty=True)
    assert (dropped.dropped, dropped.output, dropped.rest) == (True, "out/sub/a.md", b"\n")
    assert not Path("out").exists()
    assert not destination.write(gone).dropped
    assert tree("out") == {"sub/a.md": b"\n"}


# --- in place -------------------------------------------------------------------------------------------------


def in_place(*documents: Cleaned) -> Report:
    return Report(
        documents=[document.entry for document in documents],
        removals=[removal for document in documents for removal in document.removals],
    )


def test_in_place_keeps_mode_and_links(problems: list[Problem]) -> None:
    put("a.md", mode=0o640)
    put("deep/real.md")
    Path("link.md").symlink_to("deep/real.md")
    untouched = put("c.md")
    before = untouched.stat()
    clean_in_place(
        in_place(cleaned("a.md", "", CUT), cleaned("link.md", "", CUT), cleaned("c.md")), problems.append
    )
    assert tree() == {"a.md": CLEAN, "c.md": SOURCE, "deep/real.md": CLEAN, "link.md": CLEAN}
    assert mode("a.md") == 0o640
    assert Path("link.md").is_symlink()
    assert (untouched.stat().st_ino, untouched.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert not problems


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give a file away")
def test_in_place_keeps_the_owner(problems: list[Problem]) -> None:
    put("a.md")
    os.chown("a.md", 12345, 12345)
    clean_in_place(in_place(cleaned("a.md", "", CUT)), problems.append)
    assert (Path("a.md").stat().st_uid, Path("a.md").stat().st_gid) == (12345, 12345)


def test_what_changed_meanwhile_is_left_alone(problems: list[Problem]) -> None:
    put("a.md", SOURCE + b"new words")
    put("c.md")
    clean_in_place(in_place(*(cleaned(name, "", CUT) for name in ("a.md", "b.md", "c.md"))), problems.append)
    assert tree() == {"a.md": SOURCE + b"new words", "c.md": CLEAN}
    assert list(map(str, problems)) == [
        "a.md: changed while dedup ran; left as it is",
        "b.md: left as it is: no such file or directory",
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write to everything")
def test_a_read_only_file_is_left_alone(problems: list[Problem]) -> None:
    put("a.md", mode=0o444)
    clean_in_place(in_place(cleaned("a.md", "", CUT)), problems.append)
    assert tree() == {"a.md": SOURCE}
    assert list(map(str, problems)) == ["a.md: is read-only; left as it is"]
