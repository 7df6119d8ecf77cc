"""The tools that are compared, and how each is run."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import environments
from benchmarks.environments import npm_command, pinned, python_of
from benchmarks.process import Measured, measure
from benchmarks.quality import ids_of

SCRIPTS = Path(__file__).with_name("peers")
OURS = "dedup"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another tool for JSONL. package: what its environment is named after, and its pins. script: in peers/."""

    name: str
    package: str
    script: str

    def shown(self) -> str:
        """The name with the version."""
        return self.name.replace(self.package, f"{self.package} {pinned(self.package)}", 1)


PEERS = (
    Peer("gaoya", "gaoya", "run_gaoya.py"),
    Peer("rensa", "rensa", "run_rensa.py"),
    Peer("datasketch + xxhash", "datasketch", "run_datasketch_xxhash.py"),
    Peer("datasketch", "datasketch", "run_datasketch.py"),
    Peer("near-dupes", "near-dupes", "run_near_dupes.py"),
    Peer("text-dedup, verified", "text-dedup", "run_text_dedup.py"),
    Peer("datatrove", "datatrove", "run_datatrove.py"),
)

CANNOT_RUN = {
    "semhash": "compares what a language model makes of the texts; its package holds none and would download one",
}

JSCPD = ("5.3.3", "4.3.0")
"""The newest whose program for this system could be had, and the last in JavaScript."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run: what was measured, and the ids that were kept; none where it failed."""

    measured: Measured
    kept: tuple[str, ...]


def run_peer(peer: Peer, source: Path, folder: Path, timeout: float) -> Outcome:
    """Runs a peer on a file of JSONL."""
    out = folder / "kept.txt"
    out.unlink(missing_ok=True)
    command = [python_of(peer.package), SCRIPTS / peer.script, source, out]
    # What the tools of the datasets library would ask their hub for is not there to be asked.
    quiet = {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    measured = measure(command, folder, quiet, timeout)
    done = measured.status == 0 and out.exists()
    return Outcome(measured, tuple(out.read_text("utf-8").split()) if done else ())


def run_dedup(command: Iterable[str | Path], source: Path, folder: Path, timeout: float) -> Outcome:
    """Runs dedup on a file of JSONL."""
    out = folder / "kept.jsonl"
    out.unlink(missing_ok=True)
    measured = measure([*command, "clean", source, "-o", out, "--preset", "corpus"], folder, timeout=timeout)
    done = measured.status == 0 and out.exists()
    return Outcome(measured, tuple(ids_of(out)) if done else ())


def check_folder(
    tool: str, dedup: Sequence[str | Path], place: Path, name: str, timeout: float
) -> tuple[Measured, int]:
    """Looks for repeats in a folder of `place`, with dedup or the jscpd of a version; gives the number of findings.

    jscpd reads the Markdown only, else it runs as it comes: repeats of 50 tokens and 5 lines at least.
    """
    said = place / "said.txt"
    if tool == OURS:
        measured = measure([*dedup, "check", name], place, timeout=timeout, output=said)
        return measured, len(said.read_text("utf-8").splitlines())
    command = [npm_command("jscpd", tool), name, "--format", "markdown"]
    measured = measure(command, place, {"NO_COLOR": "1"}, timeout, said)
    found = re.search(r"Found (\d+)", said.read_text("utf-8"))
    return measured, int(found[1]) if found else 0


def command_of(given: str | None) -> list[str | Path]:
    """The command `dedup`: the given one, else that of an environment of its own."""
    return list(given.split()) if given else [environments.dedup_command()]


def memory_megabytes() -> float:
    """The memory of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6
