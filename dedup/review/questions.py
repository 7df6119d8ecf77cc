"""What is to be asked: the findings without a decision, those of one pair together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dedup.decisions import REJECT, Choice, Decided, Decisions
from dedup.decisions.model import UNMOVED
from dedup.report.model import Finding, Flag, Report
from dedup.report.shown import first_words

Kind = tuple[bool, str, str | None]
"""Whether it is a flag, the rule, and the guard."""


@dataclass(frozen=True, slots=True)
class Question:
    """The findings of one pair of words, of which `shown` is the one to look at."""

    pair: str
    shown: Finding
    findings: tuple[Finding, ...]

    @property
    def kind(self) -> Kind:
        """What it shares with others that are like it."""
        return isinstance(self.shown, Flag), self.shown.rule, self.shown.guard

    def answered(self, decision: Choice, twin: str | None) -> list[Decided]:
        """The decisions that an answer comes to; `twin` is what the block repeats, if known.

        To reject is to reject under each rule; to accept is for what was shown, and what would go anyway.
        """
        text = first_words(self.shown.text)
        other = text if twin is None and self.shown.similarity == 1 else first_words(twin or "")
        kinds: dict[tuple[str, str | None], None] = {}
        for finding in self.findings:
            if decision == REJECT:
                kinds[finding.rule, None] = None
            elif finding.guard in (None, self.shown.guard):
                kinds[finding.rule, finding.guard] = None
        return [Decided(self.pair, decision, rule, text, other, guard) for rule, guard in kinds]


def questions(report: Report, decisions: Decisions, without: Collection[str]) -> list[Question]:
    """What to ask about a report, the flags first, since a removal needs nobody; not about the pairs `without`."""
    of_pair: dict[str, list[Finding]] = {}
    findings: list[Finding] = [*report.flags, *report.removals]
    for finding in findings:
        pair = finding.pair
        guard = None if finding.guard in UNMOVED else finding.guard
        if pair is not None and pair not in without and decisions.of(pair, finding.rule, guard) is None:
            of_pair.setdefault(pair, []).append(finding)
    return [Question(pair, same[0], tuple(same)) for pair, same in of_pair.items()]
