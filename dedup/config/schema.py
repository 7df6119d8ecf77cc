"""The JSON Schema of the configuration file, for editors: `python -m dedup.config.schema` writes it out.

Draft 7 is what the editors' TOML plug-ins read. https://json-schema.org/draft-07/json-schema-validation
"""

from __future__ import annotations

import json
from typing import Any, Literal, get_args, get_origin, get_type_hints

import click

from dedup.config.options import all_options, told
from dedup.config.values import STRINGS, bare, shown_name
from dedup.settings import PER_PATH, Guard, Settings

_GLOB = r"^\s*[^#\s]"
"""Neither blank nor a comment."""

_PER_PATH_HELP = (
    "Settings of some documents: for each glob, a pattern as in .gitignore and relative to this file, what is set. "
    "Of tables that match the same document later ones win."
)

Schema = dict[str, Any]


def schema() -> Schema:
    """The schema: what the commands accept in the file, and nothing else."""
    options = all_options()
    definitions: dict[str, Schema] = {}
    for name, hint in get_type_hints(Settings).items():
        key = shown_name(name)
        if key in options:
            definitions[key] = {"description": told(options[key][0]), **_of_setting(name, hint)}
    table = {shown_name(name): _reference(shown_name(name)) for name in PER_PATH}
    definitions["per-path"] = {
        "description": _PER_PATH_HELP,
        "type": "object",
        "propertyNames": {"pattern": r"^\s*[^#\s!]"},
        "additionalProperties": _object(table),
    }
    for key, ways in options.items():
        if key not in definitions:
            definitions[key] = {"description": told(ways[0]), **_of_options(ways)}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "dedup.toml",
        "description": "Settings of dedup, and options of its commands: of dedup.toml, .dedup.toml, or [tool.dedup] in "
        "pyproject.toml.",
        **_object({key: _reference(key) for key in definitions}),
        "definitions": definitions,
    }


def _reference(key: str) -> Schema:
    return {"$ref": f"#/definitions/{key}"}


def _object(properties: dict[str, Schema]) -> Schema:
    """A table of such keys, which may be written with `_` too; nobody is offered that."""
    other = {f"^{key.replace('-', '[-_]')}$": value for key, value in properties.items() if "-" in key}
    return {
        "type": "object",
        "properties": properties,
        "patternProperties": other,
        "additionalProperties": False,
    }


def _of_setting(name: str, hint: Any) -> Schema:
    default = Settings().as_dict()[name]
    return _of_hint(name, bare(hint)) | ({} if default is None else {"default": default})


def _of_hint(name: str, hint: Any) -> Schema:
    if get_origin(hint) is Literal:
        return {"enum": list(get_args(hint))}
    if hint is float:  # all of them are shares
        return {"type": "number", "exclusiveMinimum": 0, "maximum": 1}
    if hint is int:
        return {"type": "integer", "minimum": 1}
    if hint == STRINGS:
        return {"type": "array", "items": _of_string(name)}
    return _of_string(name)


def _of_string(name: str) -> Schema:
    if name == "without_guard":
        return {"enum": list(get_args(Guard))}
    if name in ("group_by", "allow"):
        return {"type": "string", "format": "regex"}
    return {"type": "string"} | ({"pattern": _GLOB} if name in ("prefer", "include", "exclude") else {})


def _of_options(ways: list[click.Option]) -> Schema:
    """Of an option that several commands have what one of them accepts."""
    found: list[Schema] = []
    for option in ways:
        one = _of_option(option)
        if one not in found:
            found.append(one)
    return found[0] if len(found) == 1 else {"anyOf": found}


def _of_option(option: click.Option) -> Schema:
    one = _of_type(option.type)
    if option.nargs != 1:
        parts = option.type.types if isinstance(option.type, click.Tuple) else [option.type] * option.nargs
        items: Any = [_of_type(part) for part in parts]
        one = {"type": "array", "items": items, "minItems": len(items), "maxItems": len(items)}
    if option.multiple:
        return {"type": "array", "items": one}
    # What stands for no default, and for that of a flag, differs from one version of click to the next.
    return one | ({"default": option.default} if type(option.default) in (str, int, float) else {})


def _of_type(kind: Any) -> Schema:
    if hasattr(kind, "json_schema"):
        return dict(kind.json_schema)
    if kind.name == "boolean":
        return {"type": "boolean"}
    if isinstance(kind, click.Choice):
        return {"enum": [str(choice) for choice in kind.choices]}
    if isinstance(kind, click.IntRange | click.FloatRange):
        lowest = {"exclusiveMinimum" if kind.min_open else "minimum": kind.min}
        highest = {"exclusiveMaximum" if kind.max_open else "maximum": kind.max}
        edges = {name: edge for name, edge in (lowest | highest).items() if edge is not None}
        return {"type": "integer" if isinstance(kind, click.IntRange) else "number", **edges}
    if isinstance(kind, click.types.IntParamType):
        return {"type": "integer"}
    if isinstance(kind, click.types.FloatParamType):
        return {"type": "number"}
    if isinstance(kind, click.Path | click.File) or kind is click.STRING:
        return {"type": "string"}
    return {"type": ["string", "integer"]}


def written() -> str:
    """The schema as it stands in docs/dedup.schema.json."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    click.echo(written(), nl=False)
