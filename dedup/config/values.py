"""Whether a value is one that a setting can have, and what is said of one that is not."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from dedup.problems import DedupError

STRINGS = tuple[str, ...]


def shown_name(name: str) -> str:
    """A name as it stands in a file and on the command line."""
    return name.replace("_", "-")


def unknown(name: str, known: Iterable[str], where: str = "") -> str:
    """What is said of a name that is none of the known ones; `where` is the table that it stands in, with its dot."""
    shown = shown_name(name)
    near = get_close_matches(shown.lower(), sorted(set(map(shown_name, known))), n=1, cutoff=0.5)
    return f"unknown option {where + shown!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def none_of(value: Any, choices: Iterable[str]) -> str:
    """What is said of a value that is none of the choices."""
    choices = list(choices)
    near = get_close_matches(str(value).lower(), choices, n=1, cutoff=0.5)
    return f"{value!r} is none of {', '.join(choices)}" + (f"; did you mean {near[0]!r}?" if near else "")


def bare(hint: Any) -> Any:
    """A type without its None."""
    return (
        next((each for each in get_args(hint) if each is not NoneType), hint) if is_optional(hint) else hint
    )


def is_optional(hint: Any) -> bool:
    """Whether a type takes None."""
    return NoneType in get_args(hint)


def adapted(value: Any, hint: Any) -> Any:
    """A value as a setting of this type has it: a list as a tuple, a whole number as a number."""
    if bare(hint) == STRINGS and isinstance(value, list):
        return tuple(value)
    if bare(hint) is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def check_value(name: str, value: Any, hint: Any) -> None:
    """Raises DedupError where a value is not of a setting's type."""
    if value is None and is_optional(hint):
        return
    hint = bare(hint)
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise DedupError(f"{shown_name(name)}: {none_of(value, get_args(hint))}")
        return
    if hint is float:
        right = isinstance(value, int | float) and not isinstance(value, bool)
    elif hint is int:
        right = isinstance(value, int) and not isinstance(value, bool)
    elif hint == STRINGS:
        right = isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    else:
        right = isinstance(value, str)
    if not right:
        wanted = {float: "a number", int: "a whole number", STRINGS: "a list of strings"}
        shown = list(value) if isinstance(value, tuple) else value  # as it stands in a file
        raise DedupError(f"{shown_name(name)}: expected {wanted.get(hint, 'a string')}, not {shown!r}")
