"""What each tool makes of the same pairs: which it takes one of, which it leaves."""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from benchmarks import generate
from benchmarks.accuracy_pairs import Group, Pair, Row, kinds_of, rows_of
from benchmarks.environments import NotInstalled, npm_command
from benchmarks.process import ROOT, measure
from benchmarks.tables import table
from benchmarks.tools import JSCPD, OURS, PEERS, Peer, run_peer

SEMHASH = Peer("semhash with WordLlama", "semhash", "run_semhash.py")
"""Not in the speed benchmark: what it would run there is not its own model."""
ASKED = (*PEERS, SEMHASH)
NEWEST_JSCPD = JSCPD[0]
"""The last one in JavaScript runs out of memory on so many paragraphs."""
TIMEOUT = 600.0
CONFIDENT = 1.959964
"""Standard deviations that 95 % of a normal distribution lie within."""
COVERED = 0.8
"""Of a paragraph of which so much stands in copies that jscpd reports, jscpd is said to have found it."""
JSCPD_TOKENS = 8


class CannotRun(Exception):
    """A tool gave no answer; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool made of the pairs. taken: the numbers of those that it took one or both of. wiped: both, so that
    nothing is left. flagged: those that it left and reported to a person, with the reason.
    """

    name: str
    taken: frozenset[int]
    wiped: frozenset[int]
    flagged: dict[int, str]


def interval(hits: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not of:
        return 0.0, 1.0
    share, z2 = hits / of, CONFIDENT**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = CONFIDENT / (1 + z2 / of) * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low, high = max(middle - reach, 0.0), min(middle + reach, 1.0)
    # Where all or none are hit, the bound is that; rounding must not leave it beside it.
    return (0.0 if not hits else low), (1.0 if hits == of else high)


def per_cent(hits: int, of: int) -> str:
    """A share in per cent with its interval, as a cell of a table."""
    if not of:
        return "–"
    low, high = interval(hits, of)
    return f"{100 * hits / of:.1f} <sub>{100 * low:.1f}–{100 * high:.1f}</sub>"


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """The rows as the speed benchmark writes them."""
    path.write_text("".join(generate.line_of(row.name, row.text) for row in rows), "utf-8")


def _answer(name: str, rows: Sequence[Row], gone: Iterable[str], flags: dict[str, str]) -> Answer:
    """The answer from the names of the rows that are gone, and of those that are flagged."""
    of = {row.name: row.pair for row in rows}
    counts = Counter(of[name] for name in gone)
    wiped = frozenset(pair for pair, count in counts.items() if count == 2)
    flagged = {of[name]: why for name, why in flags.items() if of[name] not in counts}
    return Answer(name, frozenset(counts), wiped, flagged)


def ask_dedup(rows: Sequence[Row], source: Path, *options: str) -> Answer:
    """The dedup of this checkout as a process."""
    report = source.with_suffix(".report.json")
    command: list[str | Path] = [sys.executable, "-m", "dedup", "check", source, "--report", report, *options]
    measured = measure(command, source.parent, {"PYTHONPATH": str(ROOT)}, TIMEOUT)
    if measured.status not in (0, 1):
        raise CannotRun(f"exit status {measured.status}: {measured.said.strip()[-200:]}")
    said = json.loads(report.read_bytes())
    gone = {removal["id"] for removal in said["removals"]}
    flags = {flag["id"]: flag["guard"] or "no guard" for flag in said["flags"]}
    return _answer(" ".join([OURS, *options]), rows, gone, flags)


def ask_peer(peer: Peer, rows: Sequence[Row], source: Path) -> Answer:
    """A tool of the speed benchmark, run as there."""
    outcome = run_peer(peer, source, source.parent, TIMEOUT)
    if not outcome.kept:
        last = (outcome.measured.said.strip().splitlines() or ["nothing said"])[-1]
        raise CannotRun(f"exit status {outcome.measured.status}: {last[:120]}")
    gone = {row.name for row in rows} - set(outcome.kept)
    return _answer(peer.shown(), rows, gone, {})


def ask_jscpd(version: str, rows: Sequence[Row], folder: Path) -> Answer:
    """jscpd, which takes nothing out: a paragraph counts as taken where nearly all of it stands in a reported copy."""
    place = folder / f"jscpd-{version}"
    place.mkdir()
    lines = [" ".join(row.text.split()) for row in rows]
    (place / "rows.md").write_text("".join(f"{line}\n\n" for line in lines), "utf-8")
    command: list[str | Path] = [
        npm_command("jscpd", version),
        "rows.md",
        "--reporters",
        "json",
        "--output",
        ".",
    ]
    command += [
        "--min-tokens",
        str(JSCPD_TOKENS),
        "--min-lines",
        "0",
        "--max-size",
        "100mb",
        "--max-lines",
        "1000000",
    ]
    measured = measure(command, place, {"NO_COLOR": "1"}, TIMEOUT)
    report = place / "jscpd-report.json"
    if not report.exists():
        raise CannotRun(f"exit status {measured.status}: {measured.said.strip()[-120:]}")
    covered: list[set[int]] = [set() for _ in rows]
    for copy in json.loads(report.read_bytes())["duplicates"]:
        start, end = copy["secondFile"]["startLoc"], copy["secondFile"]["endLoc"]
        for line in range(start["line"], end["line"] + 1):
            number, between = divmod(line - 1, 2)
            if between or number >= len(rows):
                continue
            first = start["column"] - 1 if line == start["line"] else 0
            last = end["column"] - 1 if line == end["line"] else len(lines[number])
            covered[number].update(range(max(first, 0), min(last, len(lines[number]))))
    gone = {
        row.name
        for row, line, found in zip(rows, lines, covered, strict=True)
        if len(found) >= COVERED * len(line)
    }
    return _answer(f"jscpd {version}", rows, gone, {})


def ask_all(
    pairs: Sequence[Pair], folder: Path, peers: Sequence[Peer] = ASKED
) -> tuple[list[Answer], dict[str, str]]:
    """The answers of dedup and of all tools that can be asked, and why the others cannot be."""
    rows = rows_of(pairs)
    source = folder / "pairs.jsonl"
    write_rows(rows, source)
    answers = [ask_dedup(rows, source), ask_dedup(rows, source, "--near", "remove")]
    failed: dict[str, str] = {}
    for peer in peers:
        try:
            answers.append(ask_peer(peer, rows, source))
        except (CannotRun, NotInstalled) as error:
            failed[peer.shown()] = str(error)
    if peers:
        try:
            answers.append(ask_jscpd(NEWEST_JSCPD, rows, folder))
        except (CannotRun, NotInstalled) as error:
            failed[f"jscpd {NEWEST_JSCPD}"] = str(error)
    return answers, failed


def counted(pairs: Sequence[Pair], answer: Answer, kinds: Iterable[str]) -> tuple[int, int]:
    """How many pairs of these kinds a tool got wrong, of how many."""
    wanted = set(kinds)
    chosen = [number for number, pair in enumerate(pairs) if pair.kind in wanted]
    wrong = sum(
        (number not in answer.taken or number in answer.wiped)
        if pairs[number].group.goes
        else number in answer.taken
        for number in chosen
    )
    return wrong, len(chosen)


def _bold(name: str) -> str:
    return f"**{name}**" if name.startswith(OURS) else name


def group_table(pairs: Sequence[Pair], answers: Sequence[Answer], groups: Sequence[Group]) -> str:
    """A row for each tool, a column for each kind of some groups: the share that the tool got wrong, in per cent."""
    kinds = [kind for kind, group in kinds_of(pairs).items() if group in groups]
    rows = [
        [_bold(answer.name), *(per_cent(*counted(pairs, answer, [kind])) for kind in kinds)]
        for answer in answers
    ]
    return table(["tool", *kinds], rows)


def _of(pairs: Sequence[Pair], *groups: Group) -> list[str]:
    return [kind for kind, group in kinds_of(pairs).items() if group in groups]


def summary_table(pairs: Sequence[Pair], answers: Sequence[Answer]) -> str:
    """A row for each tool: what it takes that should stay, what it leaves that should go, both over all kinds."""
    head = [
        "tool",
        "taken, facts changed",
        "taken, look-alikes",
        "left, harmless edits",
        "left, verbatim",
        "wiped out",
    ]
    groups = (Group.CHANGED, Group.ALIKE, Group.HARMLESS, Group.VERBATIM)
    rows = [
        [
            _bold(answer.name),
            *(per_cent(*counted(pairs, answer, _of(pairs, group))) for group in groups),
            f"{len(answer.wiped):,}",
        ]
        for answer in answers
    ]
    return table(head, rows)


def bar_table(pairs: Sequence[Pair], answer: Answer) -> str:
    """dedup's own pairs with their flags: removed, flagged and passed over, for each kind."""
    rows = []
    for kind, group in kinds_of(pairs).items():
        chosen = [number for number, pair in enumerate(pairs) if pair.kind == kind]
        removed = sum(number in answer.taken for number in chosen)
        guards = Counter(answer.flagged[number] for number in chosen if number in answer.flagged)
        flagged = sum(guards.values())
        named = ", ".join(f"{guard} {count:,}" for guard, count in guards.most_common(3))
        due = "removed" if group.goes else "flagged" if group == Group.CHANGED else "not removed"
        rows.append(
            [
                kind,
                due,
                f"{len(chosen):,}",
                f"{removed:,}",
                f"{flagged:,}",
                f"{len(chosen) - removed - flagged:,}",
                named,
            ]
        )
    return table(["kind", "should be", "pairs", "removed", "flagged", "not reported", "guards"], rows)


def failures(pairs: Sequence[Pair], answer: Answer) -> Iterator[tuple[Pair, str]]:
    """The pairs that dedup judged otherwise than it should, each with what it made of it."""
    for number, pair in enumerate(pairs):
        guard = answer.flagged.get(number)
        said = "removed" if number in answer.taken else f"flagged: {guard}" if guard else "not reported"
        if pair.group.goes:
            right = said == "removed"
        elif pair.group == Group.CHANGED:
            right = guard is not None
        else:
            right = said != "removed"
        if not right:
            yield pair, said


def _marked(one: str, other: str) -> str:
    """The words of two texts, those that differ as [-so-]{+like this+}."""
    ours, theirs = one.split(" "), other.split(" ")
    parts = []
    for tag, i, j, k, m in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            parts += ours[i:j]
            continue
        parts += [f"[-{' '.join(ours[i:j])}-]"] if j > i else []
        parts += [f"{{+{' '.join(theirs[k:m])}+}}"] if m > k else []
    return " ".join(parts).replace("\n", "⏎")


def failure_lines(pairs: Sequence[Pair], answer: Answer) -> Iterator[str]:
    """A line for each pair that dedup judged otherwise than it should; then how many there are of each."""
    counts: Counter[str] = Counter()
    for pair, said in failures(pairs, answer):
        counts[f"{pair.kind}: {said}"] += 1
        yield f"{pair.kind}: {said}: {_marked(pair.one, pair.other)}"
    for name, count in counts.most_common():
        yield f"{count:6,} {name}"


def not_asked(failed: dict[str, str]) -> str:
    """Why some tools are in no table."""
    return "\n".join(
        f"Not in the tables: {name}, which gave no answer: {why}." for name, why in failed.items()
    )
