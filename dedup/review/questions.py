"""What is to be asked: the findings without a decision, those of one pair together."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dedup.decisions import Choice, Decided, Decisions
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
        """The decisions that an answer comes to, one for each rule; `twin` is what the block repeats, if known."""
        text = first_words(self.shown.text)
        other = text if twin is None and self.shown.similarity == 1 else first_words(twin or "")
        rules = dict.fromkeys(finding.rule for finding in self.findings)
        return [Decided(self.pair, decision, rule, text, other) for rule in rules]


def questions(report: Report, decisions: Decisions, without: Collection[str]) -> list[Question]:
    """What to ask about a report, the flags first, since a removal needs nobody; not about the pairs `without`."""
    of_pair: dict[str, list[Finding]] = {}
    findings: list[Finding] = [*report.flags, *report.removals]
    for finding in findings:
        pair = finding.pair
        if pair is not None and pair not in without and decisions.of(pair, finding.rule) is None:
            of_pair.setdefault(pair, []).append(finding)
    return [Question(pair, same[0], tuple(same)) for pair, same in of_pair.items()]
