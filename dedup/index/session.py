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
        self._stdin: bytes | None = b""
        self._stdin_digest: bytes | None = None
        self._identity = Identity(name, None, None)

    @property
    def adds(self) -> bool:
        """Whether there is an index to add to."""
        return any(index.adds for index in self.indexes)

    def expect(self, inputs: Iterable[Input], stdin: bytes | None) -> None:
        """Finds out whether these inputs were added before; DedupError where the name is taken.

        `stdin` is what standard input holds, None where that is read later.
        """
        self._inputs, self._stdin = list(inputs), stdin
        self._identity = self._identify()
        for index in self.indexes:
            if index.adds:
                index.expect(self._identity)

    def add(self, memories: Mapping[str | None, Memory], stdin: bytes) -> None:
        """Adds what was kept to one index after the other; a DedupError where that cannot be.

        `stdin` is the hash of what was read of standard input where that was not known before.
        """
        if self._stdin is None:
            self._stdin_digest = stdin
            for index in self.indexes:
                index.check(self._identify())
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
            digest = self._digest_of(file)
            if digest is None:
                return Identity(self._name, None, None)
            content.update(digest)
            named.update(os.fsencode(file.path) + b"\0" + digest)
        fingerprint = named.hexdigest() if self._name is None else None
        return Identity(self._name, fingerprint, content.hexdigest())

    def _digest_of(self, file: Input) -> bytes | None:
        """The hash of an input, None where it is not known yet."""
        if file.real != STDIN:
            return _digest(file.real)
        return self._stdin_digest if self._stdin is None else sha256(self._stdin).digest()


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
