"""The questions gone through one after the other, as `git add -p` does it: a key, then Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dedup.decisions import ACCEPT, REJECT, Choice, Decided, Decisions
from dedup.decisions.file import read_decisions, write_decisions
from dedup.report.model import Finding
from dedup.review.questions import Kind, Question

PROMPT = "Take it out? [y,n,a,d,A,D,s,b,q,?] "

HELP = """\
y - yes, it may go: clean takes it out, also where it is flagged
n - no, it stays, and is not reported again
s - skip it: leave it undecided
a - yes to this one and all later ones of the same rule and guard
d - no to this one and all later ones of the same rule and guard
A - yes to this one and all that are left
D - no to this one and all that are left
b - go back to the one before, and ask again; until it is answered anew, what was decided holds
q - quit; what was decided is kept
? - show this help
"""

_CHOICES: dict[str, Choice] = {"y": ACCEPT, "a": ACCEPT, "A": ACCEPT, "n": REJECT, "d": REJECT, "D": REJECT}

Show = Callable[[Question, int, int], str]
"""A question as it is shown, given its number and how many there are."""

TwinOf = Callable[[Finding], str | None]


@dataclass(frozen=True, slots=True)
class _Step:
    """What an answer did: to which question, what was decided of it before, and how many orders stood."""

    position: int
    before: tuple[Decided, ...]
    orders: int
    was_asked: bool


class Session:
    """A review: what is decided goes into `decisions` and their file before the next question is put."""

    def __init__(
        self,
        decisions: Decisions,
        path: Path,
        ask: Callable[[str], str | None],
        tell: Callable[[str], None],
    ) -> None:
        """`ask` puts a prompt and gives the answer, None where there are no more; `tell` shows a text."""
        self._decisions = decisions
        self._path = path
        self._ask = ask
        self._tell = tell
        self._orders: list[tuple[Kind | None, Choice]] = []
        self._is_saved = True
        self._touched: set[str] = set()
        self._before: dict[str, tuple[Decided, ...]] = {}
        self.skipped: set[str] = set()
        self.decided = 0

    def go_through(self, questions: Sequence[Question], show: Show, twin_of: TwinOf) -> bool:
        """Asks one question after the other; whether they all were, and nobody quit.

        `twin_of` gives what a finding repeats, where that can be told. What was decided is in the file when this ends,
        however it does.
        """
        steps: list[_Step] = []
        position = 0
        try:
            while position < len(questions):
                question = questions[position]
                choice = self._order_for(question)
                if choice is not None:
                    before = self._withdrawn(question.pair)
                    steps.append(_Step(position, before, len(self._orders), was_asked=False))
                    self._decide(question, choice, twin_of)
                    position += 1
                    continue
                self.save()
                self._tell(show(question, position + 1, len(questions)))
                answer = self._answer(bool(steps))
                if answer == "q":
                    return False
                if answer == "b":
                    position = self._go_back(steps, questions)
                    continue
                before = self._withdrawn(question.pair)
                steps.append(_Step(position, before, len(self._orders), was_asked=True))
                if answer == "s":
                    self.skipped.add(question.pair)
                else:
                    choice = _CHOICES[answer]
                    if answer in "aAdD":
                        self._orders.append((question.kind if answer in "ad" else None, choice))
                    self._decide(question, choice, twin_of)
                position += 1
            return True
        finally:
            self.save()

    def save(self) -> None:
        """Writes the file where something in it has changed; a DedupError where that cannot be.

        What somebody else has written there meanwhile about other pairs is taken over.
        """
        if not self._is_saved:
            meanwhile = read_decisions(self._path, may_be_absent=True)
            for pair in {entry.pair for entry in meanwhile} - self._touched:
                self._decisions.set(pair, meanwhile.about(pair))
            write_decisions(self._decisions, self._path)
            self._is_saved = True

    def _answer(self, may_go_back: bool) -> str:
        """The key that was pressed, one of those that mean something here; `q` where there are no more answers."""
        while True:
            answer = self._ask(PROMPT)
            if answer is None:
                return "q"
            if answer == "b" and not may_go_back:
                self._tell("This is the first one.\n")
            elif answer in ("s", "b", "q") or answer in _CHOICES:
                return answer
            elif answer:
                self._tell(HELP)

    def _order_for(self, question: Question) -> Choice | None:
        """What an earlier answer says of all later questions like this one."""
        return next((choice for kind, choice in self._orders if kind in (None, question.kind)), None)

    def _decide(self, question: Question, choice: Choice, twin_of: TwinOf) -> None:
        for entry in question.answered(choice, twin_of(question.shown)):
            self._decisions.put(entry)
        self.decided += 1
        self._touched.add(question.pair)
        self._is_saved = False

    def _withdrawn(self, pair: str) -> tuple[Decided, ...]:
        """What is decided of a pair without an answer that was gone back to, which ends here."""
        if pair in self._before:
            self._decisions.set(pair, self._before.pop(pair))
            self.decided -= 1
            self._is_saved = False
        return self._decisions.about(pair)

    def _go_back(self, steps: list[_Step], questions: Sequence[Question]) -> int:
        """Goes back to the last answer, which holds until there is another; the number of its question.

        What it decided of later questions is undone.
        """
        while True:
            step = steps.pop()
            pair = questions[step.position].pair
            if pair in self.skipped:
                self.skipped.discard(pair)
            elif step.was_asked:
                self._before[pair] = step.before
            else:
                self._decisions.set(pair, step.before)
                self.decided -= 1
                self._is_saved = False
            if step.was_asked:
                del self._orders[step.orders :]
                return step.position
