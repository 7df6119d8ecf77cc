"""The configuration file that `dedup init` writes: every setting with its default and what it does."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, Literal, get_args, get_origin, get_type_hints

from dedup.config.options import all_options, told_in_short
from dedup.config.values import bare, shown_name
from dedup.settings import PER_PATH, PRESETS, Settings

_RELEASES = r"'(^|/)v?[0-9]+\.[0-9]+/'"

_EXAMPLES = {"group_by": _RELEASES, "id_column": '"id"', "drop_repeated": "0.9"}
"""Values of settings that have no default."""

_MORE = {
    "group_by": "For documentation with a folder for each release, such as docs/2.1/ and docs/2.2/: each release is "
    "compared with itself."
}


def template(preset: str, table: str = "") -> str:
    """The text of a file with the values of a preset; `table` is the one that the settings stand in, if any.

    A line that begins with `#` and a name shows a default or an example; read as it is, the file gives exactly what
    the preset gives.
    """
    options, hints = all_options(), get_type_hints(Settings)
    chosen = Settings.of(preset=preset)
    sets = {"preset", *PRESETS[preset]}
    parts = [_head(table)]
    for field in fields(Settings):
        key = shown_name(field.name)
        if key in options:
            value = getattr(chosen, field.name)
            lines = [_line(told_in_short(options[key][0]), bare(hints[field.name]), unset=value is None)]
            lines += [f"# {_MORE[field.name]}"] if field.name in _MORE else []
            shown = _example(field.name, bare(hints[field.name])) if value is None else _toml(value)
            lines.append(f"{'' if field.name in sets else '#'}{key} = {shown}")
            parts.append("\n".join(lines))
    settings = {shown_name(field.name) for field in fields(Settings)}
    others = {key: told_in_short(ways[0]) for key, ways in options.items() if key not in settings}
    width = max(map(len, others), default=0)
    parts.append(
        "\n".join(
            [
                "# Options of the commands can stand here too; a path is relative to this file:",
                *(f"#   {key:<{width}}  {text}" for key, text in others.items()),
            ]
        )
    )
    parts.append(
        "# Settings of some documents: globs as in .gitignore, relative to this file; of several, later ones win.\n"
        f"# Possible are {', '.join(map(shown_name, PER_PATH))}.\n"
        f'#[{table + "." if table else ""}per-path."docs/legacy/**"]\n'
        '#near = "off"'
    )
    return "\n\n".join(parts) + "\n"


def _head(table: str) -> str:
    lines = [
        "# Settings of dedup. A line such as `#threshold = 0.8` shows a default: take away its # to set another value.",
        "# The command line comes before this file, and this file before the preset.",
    ]
    return "\n".join([f"[{table}]", *lines] if table else lines)


def _line(text: str, hint: Any, *, unset: bool) -> str:
    choices = get_args(hint) if get_origin(hint) is Literal else ()
    named = all(choice in text for choice in choices)
    shown = "" if named else f": {', '.join(choices)}"
    return f"# {text.rstrip('.')}{shown}{' (not set)' if unset else ''}."


def _example(name: str, hint: Any) -> str:
    return _EXAMPLES.get(name) or (_toml(get_args(hint)[0]) if get_origin(hint) is Literal else '""')


def _toml(value: Any) -> str:
    # What JSON writes of strings, numbers, booleans and lists of these is TOML as well.
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
