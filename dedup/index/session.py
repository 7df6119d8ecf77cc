"""The indexes of one run: opened at its start, added to as its last act."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from dedup.index.folder import Identity, Index, open_indexes
from dedup.match.memory import Memory
from dedup.settings import Settings

STDIN = "-"


class Input(Protocol):
    """A file to read: its name as it is reported, and where it is."""

    @property
    def path(self) -> str:
        """The name."""

    @property
    def real(self) -> str:
        """The place; `-` is standard input."""


class Session:
    """What a run compares with and adds to."""

    def __init__(
        self,
        write: Sequence[str],
        read: Sequence[str],
        settings: Settings,
        name: str | None,
        destination: str,
    ) -> None:
        """Opens the indexes; DedupError where one cannot be. `destination` is part of what a run without a name is."""
        self.indexes: Sequence[Index] = open_indexes(write, read, settings)
        self._settings = settings
        self._name = name
        self._destination = destination
        self._inputs: list[Input] = []
        self._stdin = b""
        self._identity = Identity(name, None, None)

    @property
    def adds(self) -> bool:
        """Whether there is an index to add to."""
        return any(index.adds for index in self.indexes)

    def expect(self, inputs: Iterable[Input], stdin: bytes) -> None:
        """Finds out whether these inputs were added before; DedupError where the name is taken."""
        self._inputs, self._stdin = list(inputs), stdin
        self._identity = self._identify()
        for index in self.indexes:
            if index.adds:
                index.expect(self._identity)

    def add(self, memories: Mapping[str | None, Memory]) -> None:
        """Adds what was kept to one index after the other; a DedupError where that cannot be."""
        adding = [index for index in self.indexes if index.adds]
        if not adding:
            return
        from dedup.index.write import commit

        before, after = self._identity, self._identify()
        identity = Identity(self._name, after.fingerprint, after.digest)
        contents = [digest for digest in (before.digest, after.digest) if digest]
        for index in adding:
            commit(index, memories, self._settings, identity, contents, alone=len(self.indexes) == 1)

    def close(self) -> None:
        """Lets others write."""
        for index in self.indexes:
            index.close()

    def _identify(self) -> Identity:
        """What the run is by what its inputs hold now."""
        if self._name is None and any(file.real == STDIN for file in self._inputs):
            return Identity(None, None, None)
        content, named = sha256(), sha256(os.fsencode(self._destination) + b"\0")
        for file in self._inputs:
            digest = sha256(self._stdin).digest() if file.real == STDIN else _digest(file.real)
            content.update(digest)
            named.update(os.fsencode(file.path) + b"\0" + digest)
        fingerprint = named.hexdigest() if self._name is None else None
        return Identity(self._name, fingerprint, content.hexdigest())


def _digest(path: str) -> bytes:
    """The hash of a file; of one that cannot be read, which the run will say, that of none."""
    found = sha256()
    try:
        with Path(path).open("rb") as file:
            while data := file.read(1 << 20):
                found.update(data)
    except OSError:
        return b"\0" * found.digest_size
    return found.digest()
