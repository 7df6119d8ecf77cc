"""The polars namespace: `df.dedup.clean("text")` and `df.dedup.report("text")`, for DataFrame and LazyFrame.

Importing this module makes it known; `import dedup` does so too where polars was imported before.
"""

from __future__ import annotations

from typing import Any

import polars

from dedup.frames import clean_table


@polars.api.register_dataframe_namespace("dedup")
@polars.api.register_lazyframe_namespace("dedup")
class DedupNamespace:
    """What repeats in a frame's column of texts."""

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def clean(self, text: str = "text", id: str | None = None, **options: Any) -> Any:
        """The frame without what repeats, with the options of `dedup.clean_table`."""
        return clean_table(self._frame, text, id, **options)[0]

    def report(self, text: str = "text", id: str | None = None, **options: Any) -> polars.DataFrame:
        """The findings, a row a removal or flag."""
        report: polars.DataFrame = clean_table(self._frame, text, id, **options)[1]
        return report
