"""Commands whose options can stand in the configuration file, and what is said of those that are wrong there."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from dedup.config.find import Config, find_config
from dedup.config.values import none_of, shown_name, unknown
from dedup.problems import DedupError
from dedup.settings import PathRule, Settings

NOT_IN_FILE = ("diff", "in-place", "output", "update-baseline")
"""Options that say what a single run does, and so belong on the command line."""


class OfThisRun(click.Option):
    """An option that says what a single run does, though another command has one of its name that a file can set."""


SETTINGS = tuple(shown_name(field.name) for field in fields(Settings) if field.name != "per_path_root")
"""The settings by the names that they have in a file."""

_PLACES = ("FILE", "FOLDER", "DIR", "PATH")  # metavars of what is a path in the file system

_META = "dedup.config"


@dataclass(frozen=True, slots=True)
class Given:
    """What a configuration file gives to a command: settings, and defaults of its other options by parameter."""

    config: Config
    settings: Mapping[str, Any]
    defaults: Mapping[str, Any]


class Configured(click.Command):
    """A command that takes from the configuration file what was not given on the command line.

    Settings are for `settings_of`; any other option of the command is looked up under its own name.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Reads the file before the arguments, unless nothing but the help is wanted.

        Raises DedupError with the name of the file and the key where something is wrong there.
        """
        if not ctx.resilient_parsing:
            options, _, _ = self.make_parser(ctx).parse_args(args=list(args))
            help_option = self.get_help_option(ctx)
            if help_option is None or help_option.name not in options:
                given = ctx.meta[_META] = read_given(self, ctx)
                ctx.default_map = dict(given.defaults) if given else None
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; a DedupError that begins with a path from the file names the file and the key."""
        try:
            return super().invoke(ctx)
        except DedupError as error:
            given = given_by_file()
            if given is None:
                raise
            for key, option in file_options(self).items():
                name = str(option.name)
                if ctx.get_parameter_source(name) is ParameterSource.DEFAULT_MAP:
                    value = ctx.params[name]
                    paths = value if isinstance(value, tuple) else (value,)
                    if any(str(error).startswith(f"{path}: ") for path in paths):
                        raise DedupError(f"{given.config.path}: {key}: {error}") from None
            raise


def given_by_file() -> Given | None:
    """What the configuration file gives to the command that is run."""
    context = click.get_current_context()
    if _META not in context.meta:
        context.meta[_META] = read_given(context.command, context)
    given: Given | None = context.meta[_META]
    return given


def read_given(command: click.Command, ctx: click.Context) -> Given | None:
    """What the configuration file that holds for the current folder gives to a command; None without a file.

    Raises DedupError with the name of the file and the key where something is wrong there, be it for another command.
    """
    config = find_config(Path.cwd())
    if config is None:
        return None
    try:
        return _given(config, command, ctx)
    except DedupError as error:
        raise DedupError(f"{config.path}: {error}") from None


def _given(config: Config, command: click.Command, ctx: click.Context) -> Given:
    own = file_options(command)
    others: dict[str, click.Option] | None = None
    settings: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    seen: dict[str, str] = {}
    for name, value in config.values.items():
        key = shown_name(name)
        if seen.setdefault(key, name) != name:
            raise DedupError(f"{name}: stands there as {seen[key]} too")
        if key in SETTINGS:
            settings[key] = value
        elif key in NOT_IN_FILE:
            raise DedupError(f"{key}: says what a single run does, so it cannot stand in a file")
        elif key in own:
            checked = checked_option(key, value, own[key], ctx, config.folder)
            defaults[str(own[key].name)] = checked
        else:
            others = others if others is not None else _options_of_others()
            if key not in others:
                raise DedupError(unknown(key, [*SETTINGS, *own, *others]))
            checked_option(key, value, others[key], ctx, config.folder)
    check_settings(settings)
    return Given(config, settings, defaults)


def check_settings(values: Mapping[str, Any]) -> Settings:
    """The settings of a file; DedupError for those that cannot be, and for globs that are none."""
    settings = Settings.of(values)
    if any((settings.per_path, settings.prefer, settings.include, settings.exclude)):
        from dedup.config.per_path import matcher
        from dedup.sources.patterns import check_globs

        for name in ("prefer", "include", "exclude"):
            check_globs(name, getattr(settings, name))
        for rule in settings.per_path:
            matcher(rule)
    return settings


def file_options(command: click.Command) -> dict[str, click.Option]:
    """The options of a command that can stand in a file and are no settings, by the names that they have there."""
    named: dict[str, click.Option] = {}
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not isinstance(parameter, OfThisRun):
            long = [name.removeprefix("--") for name in parameter.opts if name.startswith("--")]
            if long and long[0] not in (*SETTINGS, *NOT_IN_FILE):
                named[long[0]] = parameter
    return named


def configured_commands() -> Iterator[click.Command]:
    """All commands that read the configuration file."""
    from dedup.cli import COMMANDS, main

    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        if isinstance(command, Configured):
            yield command


def _options_of_others() -> dict[str, click.Option]:
    found: dict[str, click.Option] = {}
    for command in configured_commands():
        for name, option in file_options(command).items():
            if name not in found or found[name].hidden:
                found[name] = option
    return found


def checked_option(key: str, value: Any, option: click.Option, ctx: click.Context, folder: str) -> Any:
    """The value of an option in a file, a path seen from the current folder; DedupError where it cannot have it.

    `folder` is that of the file, which a path there is relative to.
    """
    if option.multiple or option.nargs != 1:
        if not isinstance(value, list):
            raise DedupError(f"{key}: expected a list of {_wanted(option)[2]}, not {value!r}")
        values = value
    else:
        values = [value]
    kinds, single, several = _wanted(option)
    for each in values:
        if not isinstance(each, kinds) or (isinstance(each, bool) and bool not in kinds):
            wanted = single if value is each else f"a list of {several}"
            raise DedupError(f"{key}: expected {wanted}, not {value!r}")
        if isinstance(option.type, click.Choice) and each not in option.type.choices:
            raise DedupError(f"{key}: {none_of(each, map(str, option.type.choices))}")
    if is_place(option):
        values = [_seen(folder, each) for each in values]
    value = values if isinstance(value, list) else values[0]
    try:
        option.type_cast_value(ctx, value)
    except click.BadParameter as error:
        raise DedupError(f"{key}: {error.message.rstrip('.')}") from None
    return value


def is_place(option: click.Option) -> bool:
    """Whether an option's value is a path in the file system."""
    return isinstance(option.type, click.Path | click.File) or (option.metavar or "") in _PLACES


def _seen(folder: str, path: str) -> str:
    return path if folder == "." else os.path.join(folder, path)  # noqa: PTH118 - which leaves an absolute one alone


def _wanted(option: click.Option) -> tuple[tuple[type, ...], str, str]:
    """The types that a value in a file may have, and how one and several of them are called."""
    if option.type.name == "boolean":
        return (bool,), "true or false", "true or false"
    if isinstance(option.type, click.types.IntParamType):
        return (int,), "a whole number", "whole numbers"
    if isinstance(option.type, click.types.FloatParamType):
        return (int, float), "a number", "numbers"
    if isinstance(option.type, click.Choice | click.Path | click.File) or option.type is click.STRING:
        return (str,), "a string", "strings"
    return (str, int), "a string or a whole number", "strings or whole numbers"


def settings_of(options: Mapping[str, Any]) -> Settings:
    """The settings: the options that were given, over the configuration file, over the preset's.

    What was given on the command line holds for all documents, whatever the file sets per path. Raises DedupError
    that names an impossible setting.
    """
    names = {field.name for field in fields(Settings)}
    given = {name: value for name, value in options.items() if name in names and value not in (None, ())}
    file = given_by_file()
    if file is None:
        return Settings.of(given)
    settings = Settings.of(
        {**{name.replace("-", "_"): value for name, value in file.settings.items()}, **given}
    )
    if not settings.per_path:
        return settings
    rules = (
        PathRule(rule.glob, tuple((name, value) for name, value in rule.changes if name not in given))
        for rule in settings.per_path
    )
    return settings.with_(
        per_path=tuple(rule for rule in rules if rule.changes), per_path_root=file.config.folder
    )
