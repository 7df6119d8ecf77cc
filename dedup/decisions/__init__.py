"""What people decided about findings, bound to the words of the two blocks."""

from dedup.decisions.model import ACCEPT, REJECT, Choice, Decided, Decisions

__all__ = ["ACCEPT", "REJECT", "Choice", "Decided", "Decisions"]
