"""An index as a run uses it: opened to compare with, and perhaps to add to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from dedup.index.database import Database, forget, told
from dedup.index.lock import Lock
from dedup.index.manifest import (
    NAME,
    PENDING,
    Batch,
    Manifest,
    Pending,
    deciding,
    read_manifest,
    read_pending,
    write_manifest,
)
from dedup.problems import DedupError, reason_of
from dedup.settings import Settings

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes a run the same run again: its name, where it writes what it read, and the contents that it read."""

    name: str | None
    fingerprint: str | None
    digest: str | None


class Index:
    """An index in its folder.

    `manifest` is what it holds. Rows from `stop` on are not compared with: they are of the batch that is run again,
    or of later ones. `adds` says whether the run's own rows are to be added.
    """

    def __init__(self, path: Path, settings: Settings, *, write: bool) -> None:
        """Raises DedupError where it cannot be opened, or was built with other settings."""
        self.path = path
        self.adds = write
        self._lock: Lock | None = None
        manifest = read_manifest(path)
        if write:
            self._lock = Lock(path)
            manifest = read_manifest(path)  # another run may just have added to it
        elif manifest is None:
            raise DedupError(f"{path}: there is no index")
        try:
            if manifest is None:
                manifest = self._begin(settings)
            manifest.check_settings(settings, path)
        except DedupError:
            self.close()
            raise
        self.manifest = manifest
        self.stop = manifest.next_row
        self.pending: Pending | None = None
        self._again: Batch | None = None
        if write:
            sweep(path, manifest, self._found_pending())

    def _begin(self, settings: Settings) -> Manifest:
        """A new index, on the disk before anything is added: then files without a manifest are a damaged one."""
        if any(self.path.glob("*.duckdb")):
            raise DedupError(f"{self.path}: is damaged: {NAME} is missing")
        manifest = Manifest(deciding(settings))
        try:
            write_manifest(manifest, self.path)
        except OSError as error:
            raise DedupError(f"{self.path}: {reason_of(error)}") from None
        return manifest

    def close(self) -> None:
        """Lets others write."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _found_pending(self) -> Pending | None:
        """What an ended run had begun to add to what the index still holds."""
        pending = read_pending(self.path)
        if pending is not None and self.manifest.batches == pending.manifest.batches[:-1]:
            self.pending = pending
        return self.pending

    def expect(self, run: Identity, inputs: Sequence[str | None]) -> None:
        """Finds out whether a run was here before: then nothing is added, and it is compared with what came before it.

        DedupError where its name is taken by a batch of other contents.
        """
        batch = self.manifest.batch(run.name, run.fingerprint)
        if batch is None:
            if self.pending is not None and not self.pending.is_of(run.name, inputs):
                self.pending = None
                sweep(self.path, self.manifest)
            return
        self._again = batch
        if run.digest is not None:
            self.check(run)
        self.stop = batch.first_row
        self.adds = False

    def check(self, run: Identity) -> None:
        """DedupError where a run has the name of an earlier one and not its contents."""
        if self._again is not None and run.name is not None and run.digest not in self._again.digests:
            raise DedupError(
                f'{self.path}: there is a batch "{run.name}" of other input; '
                f"`dedup index remove {self.path} --batch {run.name}` removes it"
            )

    def attach(self, database: Database, prefix: str) -> list[str]:
        """Makes the segments known to DuckDB; their names, in the order of their rows."""

        def attach(manifest: Manifest) -> list[str]:
            names = []
            for number, segment in enumerate(manifest.segments):
                names.append(f"{prefix}{number}")
                try:
                    database.attach(self.path / segment.file, names[-1])
                except FileNotFoundError:
                    for name in names[:-1]:
                        database.detach(name)
                    raise
            return names

        return self._steady(attach)

    def _steady(self, use: Callable[[Manifest], Result]) -> Result:
        """Uses the files of the manifest; where another run has merged them meanwhile, those of the next."""
        with told(self.path):
            while True:
                try:
                    return use(self.manifest)
                except FileNotFoundError as error:
                    manifest = None if self._lock else read_manifest(self.path)
                    if manifest is None or manifest.segments == self.manifest.segments:
                        raise DedupError(
                            f"{self.path}: is damaged: {Path(str(error)).name} is missing"
                        ) from None
                    # What was added since is not looked at: its batches are not known.
                    self.manifest = replace(manifest, batches=self.manifest.batches)

    def stacked(self, rows: int) -> list[tuple[int, str | None]]:
        """The first row of each batch, where the rows of this index begin at a number, and its name."""
        batches: Sequence[Batch] = self.manifest.batches
        return [(rows + batch.first_row, batch.name) for batch in batches if batch.first_row < self.stop]


def sweep(path: Path, manifest: Manifest, pending: Pending | None = None) -> None:
    """Deletes what a run that was ended left: files that neither manifest names."""
    named = {segment.file for segment in manifest.segments}
    if pending is not None:
        named |= {PENDING, *(segment.file for segment in pending.manifest.segments)}
    for file in path.iterdir():
        if file.name.endswith((".duckdb", ".duckdb.wal", ".tmp", PENDING)) and file.name not in named:
            forget(file)


def open_indexes(write: Sequence[str], read: Sequence[str], settings: Settings) -> list[Index]:
    """The indexes of a run, those that are added to first; DedupError where one cannot be opened."""
    seen: set[str] = set()
    for name in (*write, *read):
        real = str(Path(name).resolve())
        if real in seen:
            raise DedupError(f"{name}: is given twice")
        seen.add(real)
    if write and settings.scope == "within":
        raise DedupError("an index needs documents to be compared with each other, and scope is within")
    opened: list[Index] = []
    try:
        for name in write:
            opened.append(Index(Path(name), settings, write=True))
        for name in read:
            opened.append(Index(Path(name), settings, write=False))
    except DedupError:
        for index in opened:
            index.close()
        raise
    return opened
