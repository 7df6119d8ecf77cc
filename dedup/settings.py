"""What can be set: one frozen dataclass, filled from a preset, a configuration file and the call, in this order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_type_hints

from dedup.config.values import adapted, check_value, none_of, unknown
from dedup.problems import DedupError

Near = Literal["auto", "remove", "flag", "off"]
Headlines = Literal["auto", "remove", "flag", "off"]
Lists = Literal["run", "off"]
Scope = Literal["within", "across", "both"]
Empty = Literal["keep", "drop", "flag"]
TextFormat = Literal["text", "markdown", "html"]
InputFormat = Literal["jsonl", "csv", "tsv", "parquet", "arrow"]
OnError = Literal["fail", "skip"]
Preset = Literal["prose", "docs", "corpus"]
Guard = Literal[
    "link",
    "date",
    "version",
    "percent",
    "currency",
    "unit",
    "number",
    "negation",
    "opposite",
    "accent",
    "identifier",
    "name",
    "word",
    "order",
    "wording",
]
"""The guards, in the order in which they are asked: the first that finds a difference is reported. `word` is of short
paragraphs, `wording` of headlines."""

SHINGLE_WORDS = 3
PERMUTATIONS = 128
HEADLINE_SIMILARITY = 0.85


PER_PATH = (
    "near",
    "headlines",
    "threshold",
    "min_words",
    "lists",
    "scope",
    "without_guard",
    "allow",
    "empty",
    "drop_repeated",
)
"""The settings that a document can have of its own; others are those of a whole run."""


@dataclass(frozen=True, slots=True)
class PathRule:
    """What is set for the documents whose path a glob matches: names and values."""

    glob: str
    changes: tuple[tuple[str, Any], ...]

    @property
    def name(self) -> str:
        """How the rule's table is called in a file."""
        return f'per-path."{self.glob}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is compared and what becomes of it.

    preset: the named set of defaults these settings started from: `prose`, `docs` or `corpus`.
    near: what becomes of a near-duplicate. `auto` removes it unless the difference touches a fact, `remove` always
        removes it, `flag` only reports it, `off` looks for verbatim and exact repeats only.
    headlines: the same for headlines. `auto` removes repeats that structure nothing, `remove` takes repeats
        wherever they stand, `flag` only reports, `off` leaves headlines alone.
    threshold: the lowest similarity of a near-duplicate, over 0 and at most 1: the Jaccard similarity of two
        blocks' sets of 3-word shingles, or, where one has fewer than 45 words, the share of words that are the same
        where no more than one in eight differs, or two of ten, if that is more. A pair at the threshold is missed less
        than once in a thousand times.
    min_words: a block of fewer words is short: it goes only as part of a run.
    lists: `run` lets list items go as part of a run, `off` leaves every list as it is.
    scope: compare blocks `within` each document, `across` documents only, or `both`.
    group_by: a regular expression searched in the path; only documents whose matched text is the same are
        compared with each other.
    without_guard: the names of guards that keep nothing in: a near-duplicate that differs in such a fact alone is as
        one that differs in none.
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
    per_path: what differs for some documents, of the settings in `PER_PATH`: for each glob (a pattern of gitignore's)
        its values; of rules that match the same document later ones win. `Settings.of` takes a mapping of mappings.
    per_path_root: the folder that those globs are relative to, as seen from the current one.
    """

    preset: Preset = "prose"
    near: Near = "auto"
    headlines: Headlines = "auto"
    threshold: float = 0.8
    min_words: int = 8
    lists: Lists = "run"
    scope: Scope = "both"
    group_by: str | None = None
    without_guard: tuple[str, ...] = ()
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
    per_path: tuple[PathRule, ...] = ()
    per_path_root: str = "."

    def __post_init__(self) -> None:
        for name, hint in _HINTS.items():
            if name != "per_path":
                check_value(name, getattr(self, name), hint)
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
        for guard in self.without_guard:
            if guard not in get_args(Guard):
                raise DedupError(f"without-guard: {none_of(guard, get_args(Guard))}")
        for expression in self.allow:
            try:
                re.compile(expression)
            except re.error as error:
                raise DedupError(f"allow: {expression!r} is not a regular expression: {error}") from None
        for rule in self.per_path:
            self._check_rule(rule)

    def _check_rule(self, rule: PathRule) -> None:
        for name, _ in rule.changes:
            if name not in _HINTS:
                raise DedupError(unknown(name, PER_PATH, f"{rule.name}."))
            if name not in PER_PATH:
                raise DedupError(f"{rule.name}.{name.replace('_', '-')}: cannot be set per path")
        try:
            self.with_rule(rule)
        except DedupError as error:
            raise DedupError(f"{rule.name}.{error}") from None

    @classmethod
    def of(cls, values: Mapping[str, Any] | None = None, /, **more: Any) -> Settings:
        """Settings from a mapping of options, the preset's values underneath.

        Names may be written with `-` or `_`. Raises DedupError that names an unknown option and the nearest one.
        """
        given = _named({**(values or {}), **more})
        for name in given:
            if name not in _HINTS:
                raise DedupError(unknown(name, _HINTS))
        preset = given.get("preset", "prose")
        check_value("preset", preset, Preset)
        if "per_path" in given:
            given["per_path"] = _rules(given["per_path"])
        return cls(**{"preset": preset, **PRESETS[preset], **given})

    def with_rule(self, rule: PathRule) -> Settings:
        """The settings of a document that a rule matches."""
        return replace(self, per_path=(), **dict(rule.changes))

    def values_of(self, name: str) -> list[Any]:
        """The values that a setting has for one document or another."""
        changed = (dict(rule.changes) for rule in self.per_path)
        return [getattr(self, name), *(changes[name] for changes in changed if name in changes)]

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain values, in the order of the fields, for the report."""
        values = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        values["per_path"] = {
            rule.glob: {name: _plain(value) for name, value in rule.changes} for rule in self.per_path
        }
        return values

    def with_(self, **changes: Any) -> Settings:
        """A copy with some values changed."""
        return replace(self, **changes)


PRESETS: dict[str, dict[str, Any]] = {
    "prose": {},
    "docs": {"near": "flag", "threshold": 0.5, "min_words": 20, "lists": "off"},
    "corpus": {"near": "remove", "empty": "drop"},
}

_HINTS: dict[str, Any] = get_type_hints(Settings)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by the names of the fields, as these have them."""
    given = {name.replace("-", "_"): value for name, value in values.items()}
    return {name: adapted(value, _HINTS.get(name)) for name, value in given.items()}


def _rules(tables: Any) -> tuple[PathRule, ...]:
    """The rules of a mapping of globs to what is set for them."""
    if not isinstance(tables, Mapping):
        raise DedupError(f"per-path: expected a table for each glob, not {tables!r}")
    for glob, values in tables.items():
        if not isinstance(values, Mapping):
            raise DedupError(f'per-path."{glob}": expected a table, not {values!r}')
    return tuple(PathRule(glob, tuple(_named(values).items())) for glob, values in tables.items())
