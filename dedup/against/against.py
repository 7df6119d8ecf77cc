"""The files that a run is compared with, and of these the documents that matter for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from dedup.against.cache import Cache, cache_folder, now, read_cache, write_cache
from dedup.against.files import Known, find_files
from dedup.against.select import first_holders, select, wanted_of
from dedup.against.sketch import sketch_texts
from dedup.documents import Document
from dedup.match.prepared import Prepared
from dedup.problems import Problem, reason_of
from dedup.settings import Settings
from dedup.sources.encoding import NotText, decode, decode_block
from dedup.sources.walk import syntax_of
from dedup.words import Shingles

GroupOf = Callable[[str], str | None]
Prepare = Callable[[Sequence[Document]], list[Prepared]]

AT_A_TIME = 16 << 20
"""So many bytes of files are sketched at a time."""


class Against:
    """The files that `--against` names, less those that are themselves looked at."""

    def __init__(
        self,
        arguments: Sequence[str],
        settings: Settings,
        without: Container[str],
        on_problem: Callable[[Problem], None],
    ) -> None:
        """`without` holds the real paths of the files that are looked at.

        Raises DedupError where an argument is no file or folder.
        """
        self._settings = settings
        self._on_problem = on_problem
        self._began = now()
        self.files = find_files(arguments, settings, without, on_problem)
        self._folder = cache_folder(Path(arguments[0]))

    def documents(self) -> Iterator[Document]:
        """All the documents, in order."""
        return (document for file in self.files if (document := self._document(file)) is not None)

    def prepared(self, asked: Sequence[Prepared], group_of: GroupOf, prepare: Prepare) -> Iterator[Prepared]:
        """The documents that matter for those that are looked at, in order, each prepared by `prepare`.

        These are documents of the same group with a block that is like one of those looked at. Of a block that stands
        in one as it is, what is like it in others does not matter: the first that has the same is its twin.
        """
        groups: dict[str | None, list[Prepared]] = {}
        for document in asked:
            groups.setdefault(group_of(document.document.path), []).append(document)
        owners, sketches = self._sketches()
        for name, members in groups.items():
            wanted = wanted_of(members, self._settings)
            holders = select(wanted, sketches, self._settings)
            taken: dict[int, list[Prepared]] = {}
            readable = [
                number
                for number, (file, owner) in enumerate(zip(self.files, owners, strict=True))
                if owner >= 0 and group_of(file.path) == name
            ]
            if holders is None:
                self._take(readable, taken, prepare)
            else:
                likely = [(number, holders.likely[owners[number]]) for number in readable]
                found: dict[int, int] = {}
                while first := first_holders(likely, found, taken):
                    self._take(first, taken, prepare)
                    found = wanted.find(taken)
                sought = set(range(len(wanted.blocks))).difference(found)
                maybe = (n for n in readable if not sought.isdisjoint(holders.maybe[owners[n]]))
                self._take([number for number in maybe if number not in taken], taken, prepare)
            for number in sorted(taken):
                yield from taken[number]

    def _take(self, numbers: Sequence[int], taken: dict[int, list[Prepared]], prepare: Prepare) -> None:
        """Prepares files, as far as they can be read and are wanted, and adds them to those taken."""
        documents = (self._document(self.files[number]) for number in numbers)
        prepared = {
            each.document.path: each
            for each in prepare([document for document in documents if document is not None])
        }
        for number in numbers:
            each = prepared.get(self.files[number].path)
            taken[number] = [] if each is None else [each]

    def _document(self, file: Known) -> Document | None:
        data = self._read(file)
        if data is None:
            return None
        try:
            return decode(file.path, data, syntax_of(file.path), file.inside)
        except NotText:
            return None  # as a binary file in a folder is passed over

    def _sketches(self) -> tuple[list[int], Shingles]:
        """For each file which of the sketches is its own (-1: it cannot be read), as remembered or made now."""
        cache = read_cache(self._folder)
        names = self._names()
        owners = [-1] * len(self.files)
        new: list[int] = []
        for number, (file, name) in enumerate(zip(self.files, names, strict=True)):
            state, owner = cache.files.get(name, (None, -1))
            if state == file.state:
                owners[number] = owner
            else:
                new.append(number)
        if not new:
            return owners, cache.sketches
        # What else was remembered stays, as far as it is there: another run may be about other files.
        here = set(names)
        others = {name: entry for name, entry in cache.files.items() if name not in here}
        sketches = self._add(new, owners, cache.sketches)
        files = {
            name: (file.state, owner)
            for file, name, owner in zip(self.files, names, owners, strict=True)
            if owner >= 0
        }
        files |= {name: entry for name, entry in others.items() if (self._folder.parent / name).exists()}
        write_cache(self._folder, Cache(files, sketches), self._began)
        return owners, sketches

    def _names(self) -> list[str]:
        """The paths of the files as the cache has them: relative to the folder that it lies in."""
        top = f"{self._folder.parent}{os.sep}"
        return [
            file.real[len(top) :] if file.real.startswith(top) else os.path.relpath(file.real, top)
            for file in self.files
        ]

    def _add(self, new: Sequence[int], owners: list[int], known: Shingles) -> Shingles:
        """The known sketches and those of the new files, of equal files one; tells each file which is its own."""
        place: dict[bytes, int] = {}
        count = len(known.first) - 1
        values, lengths = [known.values], [np.diff(known.first)]
        texts: list[str] = []
        size = 0

        def sketch() -> None:
            nonlocal size
            if texts:
                made = sketch_texts(texts)
                values.append(made.values)
                lengths.append(np.diff(made.first))
                texts.clear()
                size = 0

        for number in new:
            data = self._read(self.files[number])
            if data is None:
                continue
            digest = sha256(data).digest()
            if digest not in place:
                place[digest] = count + len(place)
                texts.append(_text_of(data))
                size += len(data)
                if size >= AT_A_TIME:
                    sketch()
            owners[number] = place[digest]
        sketch()
        first = np.concatenate(([0], np.cumsum(np.concatenate(lengths))))
        return Shingles(np.concatenate(values), first)

    def _read(self, file: Known) -> bytes | None:
        """The bytes of a file; None where it is no longer there, or cannot be read, which is told."""
        try:
            with open(file.real, "rb", buffering=0) as source:  # noqa: PTH123 - it is done for thousands
                return source.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._on_problem(Problem(file.path, reason_of(error)))
            return None


def _text_of(data: bytes) -> str:
    """The characters of a file, whatever it is: a binary one has a sketch that nothing asks for."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return decode_block(decode("", data, "text", "").text)
    except NotText:
        return ""
