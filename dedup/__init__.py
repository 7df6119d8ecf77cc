"""Finds paragraphs and headlines that repeat earlier ones, takes them out, and can put everything back.

`check` and `clean` work on files and directories, `Cleaner` on one document after the other. Names are imported
when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from dedup._version import __version__

if TYPE_CHECKING:
    from dedup.api import InputProblems, check, clean, document
    from dedup.cleaner import Cleaner
    from dedup.decisions import Decisions
    from dedup.documents import Document
    from dedup.findings import Cleaned
    from dedup.frames import clean_table
    from dedup.problems import DedupError
    from dedup.report.model import Report
    from dedup.settings import Settings

__all__ = [
    "Cleaned",
    "Cleaner",
    "Decisions",
    "DedupError",
    "Document",
    "InputProblems",
    "Report",
    "Settings",
    "__version__",
    "check",
    "clean",
    "clean_table",
    "document",
]

_HOMES = {
    "Cleaned": "dedup.findings",
    "Cleaner": "dedup.cleaner",
    "Decisions": "dedup.decisions",
    "DedupError": "dedup.problems",
    "Document": "dedup.documents",
    "InputProblems": "dedup.api",
    "Report": "dedup.report.model",
    "Settings": "dedup.settings",
    "check": "dedup.api",
    "clean": "dedup.api",
    "clean_table": "dedup.frames",
    "document": "dedup.api",
}


if "polars" in sys.modules:  # else it would be imported for those who need it not
    import dedup.polars  # noqa: F401 - makes the namespace known


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'dedup' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
