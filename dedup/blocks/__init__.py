"""Documents into blocks."""

from __future__ import annotations

from dedup.blocks.columns import BOLD_LEVEL, Blocks, Kind, Role
from dedup.blocks.compare import first_difference

__all__ = ["BOLD_LEVEL", "Blocks", "Kind", "Role", "cut", "first_difference"]


def cut(text: bytes, syntax: str) -> Blocks:
    """The blocks of a document's text; `syntax` is `text`, `markdown` or `mdx`."""
    if syntax == "text":
        from dedup.blocks.text import cut_text

        return cut_text(text)
    from dedup.blocks.markdown import cut_markdown

    return cut_markdown(text, mdx=syntax == "mdx")
