"""What can be set: one frozen dataclass, filled from a preset, a configuration file and the call, in this order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from dedup.problems import DedupError, reason_of

Near = Literal["auto", "remove", "flag", "off"]
Headlines = Literal["auto", "remove", "flag", "off"]
Lists = Literal["run", "off"]
Scope = Literal["within", "across", "both"]
Empty = Literal["keep", "drop", "flag"]
TextFormat = Literal["text", "markdown", "html"]
InputFormat = Literal["jsonl", "csv", "tsv", "parquet", "arrow"]
OnError = Literal["fail", "skip"]
Preset = Literal["prose", "docs", "corpus"]

SHINGLE_WORDS = 3
PERMUTATIONS = 128
HEADLINE_SIMILARITY = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is compared and what becomes of it.

    preset: the named set of defaults these settings started from: `prose`, `docs` or `corpus`.
    near: what becomes of a near-duplicate. `auto` removes it unless the difference touches a fact, `remove` always
        removes it, `flag` only reports it, `off` looks for verbatim and exact repeats only.
    headlines: the same for headlines. `auto` removes repeats that structure nothing, `remove` takes repeats
        wherever they stand, `flag` only reports, `off` leaves headlines alone.
    threshold: the lowest similarity of a near-duplicate, over 0 and at most 1: the Jaccard similarity of two
        blocks' sets of 3-word shingles. Enough bands are used that a pair at the threshold is missed less than
        once in a thousand times.
    min_words: a block of fewer words is short: it goes only as part of a run.
    lists: `run` lets list items go as part of a run, `off` leaves every list as it is.
    scope: compare blocks `within` each document, `across` documents only, or `both`.
    group_by: a regular expression searched in the path; only documents whose matched text is the same are
        compared with each other.
    allow: regular expressions for what must repeat, each searched in what a reader sees of a block, white space being
        one space: a block in which one is found is never removed or flagged, and nothing is for repeating it.
    prefer: globs of paths whose documents come first and so are kept.
    include, exclude: globs of the files to read, and not to read, inside directories.
    empty: whether a document or row of which nothing is left is written out empty (`keep`) or not at all (`drop`), or
        stays as it is and is reported (`flag`).
    drop_repeated: a row of a table of which at least this share of the words, over 0 and at most 1, repeats other
        documents is dropped; None drops none.
    text_column, id_column: the columns of a table that hold the text and the row's name. Where no `id_column` is set,
        a column `id` gives the names; where one is, no two rows of a table may have the same.
    text_format: what the texts of a table are: `text`, `markdown` or `html`.
    input_format: the form of a table whose name does not say it.
    on_error: whether a row that cannot be read ends its table (`fail`) or is left out and counted (`skip`).
    """

    preset: Preset = "prose"
    near: Near = "auto"
    headlines: Headlines = "auto"
    threshold: float = 0.8
    min_words: int = 8
    lists: Lists = "run"
    scope: Scope = "both"
    group_by: str | None = None
    allow: tuple[str, ...] = ()
    prefer: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    empty: Empty = "keep"
    drop_repeated: float | None = None
    text_column: str = "text"
    id_column: str | None = None
    text_format: TextFormat = "text"
    input_format: InputFormat | None = None
    on_error: OnError = "fail"

    def __post_init__(self) -> None:
        for name, hint in _HINTS.items():
            _check(name, getattr(self, name), hint)
        if not 0 < self.threshold <= 1:
            raise DedupError(f"threshold: must be over 0 and at most 1, not {self.threshold}")
        if self.min_words < 1:
            raise DedupError(f"min-words: must be at least 1, not {self.min_words}")
        if self.drop_repeated is not None and not 0 < self.drop_repeated <= 1:
            raise DedupError(f"drop-repeated: must be over 0 and at most 1, not {self.drop_repeated}")
        if self.group_by is not None:
            try:
                re.compile(self.group_by)
            except re.error as error:
                raise DedupError(f"group-by: not a regular expression: {error}") from None
        for expression in self.allow:
            try:
                re.compile(expression)
            except re.error as error:
                raise DedupError(f"allow: {expression!r} is not a regular expression: {error}") from None

    @classmethod
    def of(cls, values: Mapping[str, Any] | None = None, /, **more: Any) -> Settings:
        """Settings from a mapping of options, the preset's values underneath.

        Names may be written with `-` or `_`. Raises DedupError that names an unknown option and the nearest one.
        """
        given = {name.replace("-", "_"): value for name, value in {**(values or {}), **more}.items()}
        for name in given:
            if name not in _HINTS:
                raise DedupError(_unknown(name))
        preset = given.get("preset", "prose")
        _check("preset", preset, Preset)
        merged: dict[str, Any] = {"preset": preset, **PRESETS[preset], **given}
        for name in ("allow", "prefer", "include", "exclude"):
            if isinstance(merged.get(name), list):
                merged[name] = tuple(merged[name])
        for name in ("threshold", "drop_repeated"):
            if isinstance(merged.get(name), int) and not isinstance(merged[name], bool):
                merged[name] = float(merged[name])
        return cls(**merged)

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain values, in the order of the fields, for the report."""
        return {
            field.name: list(value) if isinstance(value := getattr(self, field.name), tuple) else value
            for field in fields(self)
        }

    def with_(self, **changes: Any) -> Settings:
        """A copy with some values changed."""
        return replace(self, **changes)


PRESETS: dict[str, dict[str, Any]] = {
    "prose": {},
    "docs": {"near": "flag", "min_words": 20, "lists": "off"},
    "corpus": {"near": "remove", "empty": "drop"},
}

_HINTS: dict[str, Any] = get_type_hints(Settings)


def _unknown(name: str) -> str:
    shown = name.replace("_", "-")
    near = get_close_matches(shown, [known.replace("_", "-") for known in _HINTS], n=1, cutoff=0.5)
    return f"unknown option {shown!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _check(name: str, value: Any, hint: Any) -> None:
    shown = name.replace("_", "-")
    if NoneType in get_args(hint):
        if value is None:
            return
        hint = next(each for each in get_args(hint) if each is not NoneType)
    if get_origin(hint) is Literal:
        choices = get_args(hint)
        if value not in choices:
            near = get_close_matches(str(value), choices, n=1, cutoff=0.5)
            hint_text = f"; did you mean {near[0]!r}?" if near else ""
            raise DedupError(f"{shown}: {value!r} is none of {', '.join(choices)}{hint_text}")
        return
    if hint is float:
        right = isinstance(value, int | float) and not isinstance(value, bool)
    elif hint is int:
        right = isinstance(value, int) and not isinstance(value, bool)
    elif hint == tuple[str, ...]:
        right = isinstance(value, tuple) and all(isinstance(item, str) for item in value)
    else:
        right = isinstance(value, str)
    if not right:
        wanted = {float: "a number", int: "a whole number", tuple[str, ...]: "a list of strings"}
        raise DedupError(f"{shown}: expected {wanted.get(hint, 'a string')}, not {value!r}")


def find_config(start: Path) -> Path | None:
    """The configuration file that holds for a folder, nearest upwards, or None.

    In each folder `dedup.toml` comes before `.dedup.toml`, and that before a `pyproject.toml` with `[tool.dedup]`.
    """
    for folder in (start, *start.parents):
        for name in ("dedup.toml", ".dedup.toml", "pyproject.toml"):
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or _has_section(path)):
                return path
    return None


def _has_section(path: Path) -> bool:
    tools = _load(path).get("tool")
    return isinstance(tools, dict) and "dedup" in tools


def read_config(path: Path) -> dict[str, Any]:
    """The options that a configuration file sets; an error names the file."""
    data = _load(path)
    if path.name == "pyproject.toml":
        data = data["tool"]["dedup"]
    if not isinstance(data, dict):
        raise DedupError(f"{path}: tool.dedup: expected a table, not {data!r}")
    try:
        Settings.of(data)
    except DedupError as error:
        raise DedupError(f"{path}: {error}") from None
    return data


def _load(path: Path) -> dict[str, Any]:
    import tomllib  # most folders have nothing to read

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise DedupError(f"{path}: {reason_of(error)}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        if path.name == "pyproject.toml" and "dedup" not in path.read_bytes().decode("utf-8", "replace"):
            return {}
        raise DedupError(f"{path}: not valid TOML: {error}") from None
