"""What would be done under settings: each is tried by the real run, since what is kept first changes with them."""

from __future__ import annotations

import gc
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.blocks import Kind
from dedup.cleaner import Cleaner
from dedup.documents import Document
from dedup.problems import DedupError, Problem
from dedup.report.model import Finding, Removal, Report
from dedup.rows import processors
from dedup.settings import Settings
from dedup.tune.inputs import TableFile, opened
from dedup.words import folded_words
from dedup.words.fingerprints import fingerprint

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

ALONE_BYTES = 1 << 20
"""So little text is tried in this process: to start others takes longer."""

SHORT_WORDS = 20
"""Paragraphs of fewer words may be phrases that are said again, and no copies."""

BY_SETTING = "setting"
"""What a flag is counted under that no guard made: the setting only reports."""

Items = Sequence[Document | TableFile]


@dataclass(frozen=True, slots=True)
class Pair:
    """A near-duplicate and the block that it repeats: where they begin, how alike they are, what becomes of it."""

    similarity: float
    removed: bool
    guard: str | None
    document: str
    start: int
    line: int
    kept: str
    kept_start: int
    kept_line: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What else the findings of one trial tell.

    pairs: how many repeats, headlines aside, a document has of another (both paths). section: headlines that repeat
    and structure their documents. lone: for the short paragraphs that go by themselves, by words and text, how many.
    """

    pairs: Counter[tuple[str, str]]
    section: int
    lone: Counter[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a run under some settings comes to; `rules` and `guards` count as the report does.

    rules: for each rule the blocks removed and flagged. guards: of the near-duplicates flagged, by guard. near: the
    near-duplicates, as they are found. natural: short repeats that stay. evidence: where it was asked for.
    """

    documents: int
    blocks: int
    bytes_in: int
    bytes_out: int
    removed: int
    flagged: int
    variants: int
    natural: int
    rules: dict[str, tuple[int, int]]
    guards: dict[str, int]
    near: list[Pair]
    problems: list[Problem]
    notes: list[Problem]
    evidence: Evidence | None


def run_trials(
    items: Items,
    wanted: Sequence[tuple[Settings, bool]],
    total_bytes: int,
    jobs: int | None,
    tick: Callable[[int], None],
) -> list[Trial]:
    """A trial for each of the settings, with evidence where that is wanted; `tick` is told how many are done.

    Several processes work side by side where there is enough to do; the result does not depend on that.
    """
    workers = min(jobs or processors(), len(wanted))
    pool = _pool(items, workers) if workers > 1 and total_bytes >= ALONE_BYTES else None
    trials: list[Trial] = []
    if pool is None:
        for settings, has_evidence in wanted:
            trials.append(try_settings(items, settings, has_evidence, jobs))
            tick(len(trials))
        return trials
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import active_children

    others = active_children()
    try:
        futures = [pool.submit(_try, settings, has_evidence) for settings, has_evidence in wanted]
        for future in futures:
            trials.append(future.result())
            tick(len(trials))
    except BrokenProcessPool:
        raise DedupError("a process was ended from outside; with --jobs 1 less memory is needed") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        if len(trials) < len(wanted):  # else what is begun would be done to its end
            for process in active_children():
                if process not in others:
                    process.terminate()
    return trials


def _pool(items: Items, workers: int) -> ProcessPoolExecutor | None:
    """Processes that have the items; None where the system gives none."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    try:
        # Not forked: what has threads, as Arrow has, may stand still in a copy.
        return ProcessPoolExecutor(workers, get_context("spawn"), _begin, (list(items),))
    except (ImportError, NotImplementedError, OSError):
        return None


_items: Items = ()


def _begin(items: Items) -> None:
    """Gives a process what it works on. An interrupt, which a terminal sends to all, ends it without a word."""
    global _items
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # As the command itself has it: looking for garbage in what is remembered takes a tenth of the time.
    gc.set_threshold(200_000, 20, 100)
    _items = items


def _try(settings: Settings, has_evidence: bool) -> Trial:
    return try_settings(_items, settings, has_evidence, 1)


def try_settings(items: Items, settings: Settings, has_evidence: bool, jobs: int | None) -> Trial:
    """What a run under these settings comes to."""
    problems: list[Problem] = []
    notes: list[Problem] = []
    cleaner = Cleaner(settings, jobs=jobs)
    for _ in cleaner.feed_all(opened(items, problems, notes)):
        pass
    report = cleaner.report
    summary = report.summary
    return Trial(
        documents=summary.documents,
        blocks=summary.blocks,
        bytes_in=summary.bytes_in,
        bytes_out=summary.bytes_out,
        removed=summary.removed,
        flagged=summary.flagged,
        variants=summary.variants,
        natural=summary.natural,
        rules={rule: (counts.removed, counts.flagged) for rule, counts in sorted(summary.by_rule.items())},
        guards=dict(
            sorted(Counter(flag.guard or BY_SETTING for flag in report.flags if flag.rule == "near").items())
        ),
        near=[_pair(finding) for finding in report.findings if finding.rule == "near"],
        problems=problems,
        notes=notes,
        evidence=_evidence(report) if has_evidence else None,
    )


def _pair(finding: Finding) -> Pair:
    kept = finding.kept
    return Pair(
        similarity=finding.similarity,
        removed=isinstance(finding, Removal),
        guard=None if isinstance(finding, Removal) else finding.guard,
        document=finding.document,
        start=finding.start,
        line=finding.line,
        kept=kept.document,
        kept_start=kept.start,
        kept_line=kept.line,
        text=finding.text,
    )


def _evidence(report: Report) -> Evidence:
    pairs: Counter[tuple[str, str]] = Counter()
    lone: Counter[tuple[int, str]] = Counter()
    section = 0
    sizes = Counter(removal.run for removal in report.removals)
    for finding in report.findings:
        if finding.rule == "headline":
            section += not isinstance(finding, Removal)
            continue
        pairs[finding.document, finding.kept.document] += 1
        if (
            isinstance(finding, Removal)
            and finding.kind == Kind.PARAGRAPH.label
            and sizes[finding.run] == 1
            and len(finding.text) < 40 * SHORT_WORDS
        ):
            count = len(folded_words(finding.text))
            if count < SHORT_WORDS:
                lone[count, fingerprint(finding.text)] += 1
    return Evidence(pairs, section, lone)
