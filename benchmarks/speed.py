"""Time and memory of dedup and of other tools on the same job: `python -m benchmarks.speed`.

Whole processes, one after the other. The tables go into benchmarks/README.md and the plot into benchmarks/speed.svg;
`--print` leaves both alone. `--big` runs dedup alone, on 1 GB and 4 GB.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.corpora import KEDA, DataMissing, unpack
from benchmarks.environments import NotInstalled
from benchmarks.inputs import FOLDER, Input, prepared
from benchmarks.plot import chart
from benchmarks.process import Measured
from benchmarks.quality import Score, score, truth_of
from benchmarks.tables import README, machine, table, versions, write_between
from benchmarks.tools import (
    CANNOT_RUN,
    JSCPD,
    OURS,
    PEERS,
    Outcome,
    Peer,
    check_folder,
    command_of,
    memory_megabytes,
    run_dedup,
    run_peer,
)

PLOT = Path(__file__).with_name("speed.svg")
SIZES = (10, 60, 1000)
BIG = (1000, 4000)
SLOW = 20.0
"""What takes longer than so many seconds is run once, as is everything at 1 GB and more."""
MEMORY_SHARE = 0.7
HEAD = ["seconds", "times dedup", "processor s", "peak MB", "MB/s", "kept", "recall", "precision"]


@dataclass(slots=True)
class Result:
    """All runs of a tool on an input. note: why there is no measurement, if there is none."""

    name: str
    runs: list[Measured] = field(default_factory=list)
    score: Score | None = None
    note: str = ""

    @property
    def seconds(self) -> float:
        """The median."""
        return statistics.median(run.seconds for run in self.runs)

    @property
    def processor(self) -> float:
        """The median."""
        return statistics.median(run.processor for run in self.runs)

    @property
    def megabytes(self) -> float:
        """The peak of all runs."""
        return max(run.megabytes for run in self.runs)


@dataclass(frozen=True, slots=True)
class Plan:
    """What the command line asks for."""

    dedup: list[str | Path]
    peers: tuple[Peer, ...]
    runs: int
    timeout: float


Sizes = dict[int, list[Result]]


def say(text: str) -> None:
    """A line for who waits."""
    print(text, file=sys.stderr, flush=True)


def why_not(name: str, made: Input, before: Sizes, timeout: float) -> str:
    """Why a tool is not run on a large input, by what a smaller one took; empty where it is run."""
    if made.megabytes < 1000:
        return ""
    for size in sorted(before, reverse=True):
        for result in before[size]:
            if result.name != name:
                continue
            if result.note:
                return "not run: it failed on a smaller input"
            times = made.megabytes / size
            if result.seconds * times > timeout:
                return f"not run: about {result.seconds * times / 60:.0f} minutes"
            if result.megabytes * times > memory_megabytes() * MEMORY_SHARE:
                return f"not run: about {result.megabytes * times / 1000:.0f} GB of memory"
            return ""
    return ""


def failure(outcome: Outcome, timeout: float) -> str:
    """Why a run is no measurement; empty where it is one."""
    if outcome.measured.timed_out:
        return f"stopped after {timeout:.0f} s"
    if outcome.measured.status:
        said = outcome.measured.said.strip().splitlines() or [""]
        return f"failed, exit status {outcome.measured.status}: {said[-1][:80]}"
    return "" if outcome.kept else "failed: it wrote nothing"


def compare(made: Input, plan: Plan, folder: Path, before: Sizes) -> list[Result]:
    """All tools on an input, in turn, then in turn again: what slows the machine for a while slows all."""
    truth = truth_of(made)
    made.path.read_bytes() if made.megabytes < 1000 else None  # from the disk once, before the first
    tools: list[tuple[Result, Callable[[], Outcome]]] = [
        (Result(OURS), lambda: run_dedup(plan.dedup, made.path, folder, plan.timeout)),
        *(
            (Result(peer.shown()), lambda peer=peer: run_peer(peer, made.path, folder, plan.timeout))
            for peer in plan.peers
        ),
    ]
    for turn in range(1 if made.megabytes >= 1000 else plan.runs):
        for result, run in tools:
            if result.note or (turn and result.seconds > SLOW):
                continue
            result.note = why_not(result.name, made, before, plan.timeout)
            if result.note:
                continue
            try:
                outcome = run()
            except NotInstalled as error:
                result.note = f"could not be installed: {error}"
                continue
            result.note = failure(outcome, plan.timeout)
            if not result.note:
                result.runs.append(outcome.measured)
                result.score = score(truth, outcome.kept)
            say(f"{made.name} {result.name}: {outcome.measured.seconds:.2f} s {result.note}")
    return [result for result, _ in tools]


def rows(made: Input, results: Sequence[Result]) -> Iterator[list[str]]:
    """A row for each tool."""
    ours = results[0].seconds if results[0].runs else None
    for result in results:
        name = f"**{result.name}**" if result.name == OURS else result.name
        if not result.runs:
            yield [name, result.note, *[""] * (len(HEAD) - 1)]
            continue
        assert result.score is not None
        yield [
            name,
            f"{result.seconds:.2f}" if result.seconds < 100 else f"{result.seconds:.0f}",
            f"{result.seconds / ours:.1f}" if ours else "–",
            f"{result.processor:.1f}",
            f"{result.megabytes:,.0f}",
            f"{made.megabytes / result.seconds:.1f}",
            f"{result.score.kept:,}",
            f"{result.score.recall:.4f}",
            f"{result.score.precision:.4f}",
        ]


def tables(done: Sequence[tuple[Input, list[Result]]]) -> Iterator[str]:
    """A table for each input."""
    for made, results in done:
        truth = truth_of(made)
        how = "what the generator planted" if made.truth else "brute force over all pairs"
        yield (
            f"**{made.name}**: {len(truth.ids):,} paragraphs, of which keeping the first removes "
            f"{len(truth.expected):,}, by {how}."
        )
        yield table(["tool", *HEAD], rows(made, results))
    if CANNOT_RUN:
        yield "\n".join(f"Not in the tables: {name}, which {why}." for name, why in CANNOT_RUN.items())


def folder_table(plan: Plan) -> str:
    """Checking a documentation repository, against jscpd."""
    runs: dict[str, list[tuple[Measured, int]]] = {}
    notes: dict[str, str] = {}
    # Not below the checkout, whose .gitignore all of them would obey.
    with tempfile.TemporaryDirectory() as name:
        place = unpack(KEDA, Path(name)).parent
        for turn in range(plan.runs):
            for tool in (OURS, *JSCPD):
                if tool in notes or (turn and runs[tool][0][0].seconds > SLOW):
                    continue
                try:
                    measured, found = check_folder(tool, plan.dedup, place, KEDA, plan.timeout)
                except NotInstalled as error:
                    notes[tool] = f"could not be installed: {error}"
                    continue
                if measured.status in (0, 1) and found:
                    runs.setdefault(tool, []).append((measured, found))
                else:
                    notes[tool] = f"failed, exit status {measured.status}: {measured.said.strip()[-80:]}"
                say(f"{KEDA} {tool}: {measured.seconds:.2f} s {notes.get(tool, '')}")
    results = {tool: Result(tool, [measured for measured, _ in found]) for tool, found in runs.items()}
    ours = results[OURS].seconds if OURS in results else None
    lines = []
    for tool in (OURS, *JSCPD):
        shown = f"`dedup check {KEDA}`" if tool == OURS else f"`jscpd {KEDA} --format markdown`, {tool}"
        if tool not in results:
            lines.append([shown, notes[tool], *[""] * 4])
            continue
        r = results[tool]
        times = f"{r.seconds / ours:.1f}" if ours else "–"
        found = f"{runs[tool][0][1]:,}"
        lines.append([shown, f"{r.seconds:.2f}", times, f"{r.processor:.1f}", f"{r.megabytes:,.0f}", found])
    head = ["command, whole process", "seconds", "times dedup", "processor s", "peak MB", "findings"]
    return table(head, lines)


def plotted(done: Sequence[tuple[Input, list[Result]]]) -> str:
    """Time over size."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for made, results in done:
        for result in results:
            if result.runs:
                lines.setdefault(result.name, []).append((made.megabytes, result.seconds))
    ticks = {float(made.megabytes): made.name for made, _ in done}
    return chart(lines, ticks, "JSONL", "seconds, whole process")


def compared(plan: Plan, sizes: Sequence[int], folder: Path, draw: bool) -> str:
    """All tables; the plot is written on the way."""
    before: Sizes = {}
    done: list[tuple[Input, list[Result]]] = []
    for size in sizes:
        say(f"{size} MB: preparing")
        made = prepared(size)
        before[size] = compare(made, plan, folder, before)
        done.append((made, before[size]))
    parts = list(tables(done))
    try:
        parts += [f"A folder of Markdown, {KEDA}: 2,167 files, 12.3 MB.", folder_table(plan)]
    except DataMissing as error:
        say(f"{error}: no folder is measured")
    if draw and any(result.runs for _, results in done for result in results):
        PLOT.write_text(plotted(done), "utf-8")
    parts.append(
        f"Median of {plan.runs} runs in turn; one run where it takes more than {SLOW:.0f} s and at 1 GB. "
        f"{versions()}; {machine()}."
    )
    return "\n\n".join(parts)


def big(plan: Plan, folder: Path) -> str:
    """dedup alone on large inputs."""
    lines = []
    first = 0.0
    for size in BIG:
        say(f"{size} MB: preparing")
        made = prepared(size)
        outcome = run_dedup(plan.dedup, made.path, folder, plan.timeout)
        if note := failure(outcome, plan.timeout):
            raise RuntimeError(f"{made.name}: {note}")
        seconds = outcome.measured.seconds
        first = first or seconds
        lines.append(
            [
                made.name,
                f"{seconds:.1f}",
                f"{seconds / first:.2f}",
                f"{outcome.measured.processor:.1f}",
                f"{size / seconds:.0f}",
                f"{outcome.measured.megabytes:,.0f}",
                f"{len(outcome.kept):,}",
            ]
        )
    head = ["input", "seconds", "times the first", "processor s", "MB/s", "peak MB", "kept"]
    return f"{table(head, lines)}\n\n{versions()}; {machine()}."


def _peers(names: str) -> tuple[Peer, ...]:
    """The peers that are asked for; a name or its beginning."""
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    for name in wanted:
        if not any(peer.name.startswith(name) for peer in PEERS):
            raise argparse.ArgumentTypeError(f"no peer {name}; there are {', '.join(p.name for p in PEERS)}")
    return tuple(peer for peer in PEERS if any(peer.name.startswith(name) for name in wanted))


def main() -> int:
    """Measures, prints, and writes the README's tables and the plot."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="megabytes, with commas between")
    parser.add_argument(
        "--peers", type=_peers, default=PEERS, help="names, with commas between; all unless given"
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--timeout", type=float, default=900, help="seconds, for one run")
    parser.add_argument("--dedup", help="the command to measure; else this checkout is installed for it")
    parser.add_argument("--big", action="store_true", help="dedup alone, on 1 GB and 4 GB")
    parser.add_argument("--print", action="store_true", help="leave README.md and the plot alone")
    given = parser.parse_args()
    sizes = sorted(int(size) for size in given.sizes.split(","))
    FOLDER.mkdir(exist_ok=True)
    try:
        plan = Plan(command_of(given.dedup), given.peers, given.runs, given.timeout)
        with tempfile.TemporaryDirectory(dir=FOLDER) as name:
            place = Path(name)
            text = big(plan, place) if given.big else compared(plan, sizes, place, not given.print)
    except (NotInstalled, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 2
    print(text)
    if not given.print:
        write_between(README, "big" if given.big else "speed", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
