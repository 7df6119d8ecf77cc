"""What the scanner of AsciiDoc makes blocks of."""

from __future__ import annotations

from dataclasses import dataclass, field

from dedup.blocks.columns import Kind, Role


@dataclass(slots=True)
class Row:
    """A block in the making: its first and last line, what it is, what it shows.

    `tag` says what the parser made of it. `fixed` blocks are what others depend on; beside a `loose` one may stand
    anything, since the preprocessor decides on it.
    """

    first: int
    last: int
    tag: str
    kind: Kind = Kind.PROTECTED
    level: int = 0
    group: int = 0
    role: Role = Role.NONE
    visible: str = ""
    links: list[str] = field(default_factory=list)
    fixed: bool = False
    loose: bool = False
    named: bool = False

    def protect(self) -> None:
        """Take the row out of all comparison; a headline goes on to say what stands below it."""
        if self.kind == Kind.HEADLINE:
            self.fixed = True
        else:
            self.kind, self.visible = Kind.PROTECTED, ""


@dataclass(slots=True)
class Above:
    """The attribute lines, anchors and titles above a block, from the line `first` on.

    `mixed` says that other lines stand between them, `named` that others can point to the block.
    """

    first: int
    style: str = ""
    named: bool = False
    titled: bool = False
    mixed: bool = False
    says: list[str] = field(default_factory=list)
