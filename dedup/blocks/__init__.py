"""Documents into blocks."""

from __future__ import annotations

from functools import lru_cache

from dedup.blocks.columns import BOLD_LEVEL, Blocks, Kind, Role
from dedup.blocks.compare import first_difference

__all__ = ["BOLD_LEVEL", "Blocks", "Kind", "Role", "cut", "first_difference"]


_REMEMBERED, _SHORT = 256, 1 << 15


def cut(text: bytes, syntax: str) -> Blocks:
    """The blocks of a document's text; `syntax` is one of those of `Syntax`."""
    # Releases of a documentation and copies of a notice are the same file again and again.
    return _cut_again(text, syntax) if len(text) <= _SHORT else _cut(text, syntax)


def _cut(text: bytes, syntax: str) -> Blocks:
    if syntax == "text":
        from dedup.blocks.text import cut_text

        return cut_text(text)
    if syntax == "html":
        from dedup.blocks.html import cut_html

        return cut_html(text)
    if syntax == "notebook":
        from dedup.blocks.notebook import cut_notebook

        return cut_notebook(text)
    if syntax == "rst":
        from dedup.blocks.rst import cut_rst

        return cut_rst(text)
    if syntax == "asciidoc":
        from dedup.blocks.asciidoc import cut_asciidoc

        return cut_asciidoc(text)
    from dedup.blocks.markdown import cut_markdown

    return cut_markdown(text, mdx=syntax == "mdx")


_cut_again = lru_cache(maxsize=_REMEMBERED)(_cut)
