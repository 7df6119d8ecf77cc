"""The options of `check` that say which findings fail it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import click

from dedup.problems import DedupError

if TYPE_CHECKING:
    from dedup.gate import Gate
    from dedup.gate.limit import Limit

Command = TypeVar("Command", bound=Callable[..., Any])


class Most(click.ParamType):  # type: ignore[type-arg] # it takes none before click 8.4
    """A number of findings, as 10, or a share of the bytes read, as 2.5%."""

    name = "limit"
    json_schema: ClassVar[dict[str, Any]] = {
        "type": ["integer", "string"],
        "minimum": 0,
        "maximum": 10**18 - 1,
        "pattern": r"^[ ]*([0-9]{1,18}|(100|[0-9]{1,2})([.][0-9]{1,9})?[ ]*%)[ ]*$",
    }

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Limit:
        """The limit."""
        from dedup.gate.limit import Limit

        try:
            return Limit.of(str(value))
        except DedupError as error:
            self.fail(str(error), param, ctx)


_BASELINE, _SINCE = (
    click.option(
        "--baseline",
        metavar="FILE",
        help="Tell only of findings that FILE does not know, and fail for each of them. What is no more is taken out of "
        "it; nothing is added.",
    ),
    click.option(
        "--since",
        metavar="REF",
        help="Tell only of findings on lines (theirs, or those that they repeat) that were changed since HEAD and this "
        "branch, tag or commit parted, and fail for each of them.",
    ),
)
_UPDATE, _FAIL_OVER = (
    click.option(
        "--update-baseline",
        is_flag=True,
        help="Write what is found to the --baseline, which is made where there is none.",
    ),
    click.option(
        "--fail-over",
        metavar="N|N%",
        type=Most(),
        help="Fail where more than N findings, removals and flags together, are left, or more than N per cent of the "
        "bytes read stand in them. [default: fail where there is something to remove]",
    ),
)


def gate_options(command: Command) -> Command:
    """Adds the options."""
    return _BASELINE(_UPDATE(_SINCE(_FAIL_OVER(command))))


def narrowing_options(command: Command) -> Command:
    """Adds those of them that say which findings are told of."""
    return _BASELINE(_SINCE(command))


def take_gate(options: dict[str, Any], reports: Sequence[str]) -> Gate:
    """The gate that the options ask for, which are taken out of them; DedupError where there cannot be one."""
    from dedup.gate import gate_of

    baseline, since, limit = (options.pop(name, None) for name in ("baseline", "since", "fail_over"))
    updates = options.pop("update_baseline", False)
    if updates and baseline is None:
        raise click.UsageError("--update-baseline needs --baseline FILE")
    if baseline is not None and os.path.realpath(baseline) in map(os.path.realpath, reports):
        raise click.UsageError(f"{baseline}: the report would overwrite the baseline")
    return gate_of(baseline, since, limit, updates=updates)
