"""What can be wrong with an input, said in one line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One input that could not be worked on: which, and why.

    `path` is the input as the user named it, `reason` one clause without a full stop. `done` says that it was worked
    on all the same, but for what is named.
    """

    path: str
    reason: str
    done: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class DedupError(Exception):
    """A usage or input error that ends the call; its text is one line for a person."""


def reason_of(error: OSError) -> str:
    """The reason of an operating-system error in plain words, without errno and path."""
    return (error.strerror or str(error)).lower()
