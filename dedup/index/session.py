"""The indexes of one run: opened at its start, added to as its last act."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from dedup.index.folder import Identity, Index, open_indexes
from dedup.index.manifest import Pending, write_pending
from dedup.match.memory import Memory
from dedup.problems import DedupError, reason_of
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
        self._contents: list[str | None] = []

    @property
    def adds(self) -> bool:
        """Whether there is an index to add to."""
        return any(index.adds for index in self.indexes)

    def expect(self, inputs: Iterable[Input], stdin: bytes | None) -> None:
        """Finds out whether these inputs were added before; DedupError where the name is taken.

        `stdin` is what standard input holds, None where that is read later.
        """
        self._inputs = list(inputs)
        piped = None if stdin is None else sha256(stdin).hexdigest()
        self._contents = [piped if file.real == STDIN else _digest(file.real) for file in self._inputs]
        identity = self._identify(self._contents)
        for index in self.indexes:
            if index.adds:
                index.expect(identity, self._contents)

    def add(self, memories: Mapping[str | None, Memory], stdin: str) -> None:
        """Adds what was kept to one index after the other; a DedupError where that cannot be.

        `stdin` is the hash of what was read of standard input, where that was not known before.
        """
        if None in self._contents:
            self._contents = [stdin if content is None else content for content in self._contents]
            for index in self.indexes:
                index.check(self._identify(self._contents))
        self.stage(memories)
        self.publish()

    def stage(self, memories: Mapping[str | None, Memory], after: Mapping[str, str] | None = None) -> None:
        """Writes what was kept beside what the indexes hold, for `publish`.

        `after` are the hashes of files that are about to be replaced, by path. Where the run is ended meanwhile, the
        same run again goes on with what was written here: then these files may no longer be what they were.
        """
        adding = [index for index in self.indexes if index.adds]
        if not adding:
            return
        from dedup.index.write import stage

        before = [str(content) for content in self._contents]
        left = [(after or {}).get(file.path) or now for file, now in zip(self._inputs, before, strict=True)]
        identity = self._identify(left)
        digests = [digest for digest in (self._identify(before).digest, identity.digest) if digest]
        for index in adding:
            if index.pending is None:
                alone = len(self.indexes) == 1
                manifest = stage(index, memories, self._settings, identity, digests, alone=alone)
                index.pending = Pending(self._name, tuple(zip(before, left, strict=True)), manifest)
                if after is not None:
                    try:
                        write_pending(index.pending, index.path)
                    except OSError as error:
                        raise DedupError(f"{index.path}: not added to: {reason_of(error)}") from None

    def publish(self) -> None:
        """Makes what was written part of the indexes, one after the other."""
        for index in self.indexes:
            if index.adds and index.pending is not None:
                from dedup.index.write import publish

                publish(index, index.pending.manifest)

    def close(self) -> None:
        """Lets others write."""
        for index in self.indexes:
            index.close()

    def _identify(self, contents: Sequence[str | None]) -> Identity:
        """What the run is where its inputs hold this."""
        if self._name is None and any(file.real == STDIN for file in self._inputs):
            return Identity(None, None, None)
        content, named = sha256(), sha256(os.fsencode(self._destination) + b"\0")
        if None in contents:
            return Identity(self._name, None, None)
        for file, digest in zip(self._inputs, contents, strict=True):
            content.update(str(digest).encode())
            named.update(file.path.encode("utf-8", "surrogatepass") + b"\0" + str(digest).encode())
        return Identity(
            self._name, None if self._name is not None else named.hexdigest(), content.hexdigest()
        )


def _digest(path: str) -> str:
    """The hash of a file; of one that cannot be read, which the run will say, none."""
    found = sha256()
    try:
        with Path(path).open("rb") as file:
            while data := file.read(1 << 20):
                found.update(data)
    except OSError:
        return ""
    return found.hexdigest()
