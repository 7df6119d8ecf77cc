"""WordLlama's vectors of texts, from the files that its package holds; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import wordllama


class Vectors:
    """What semhash asks of a model."""

    def __init__(self) -> None:
        folder = Path(wordllama.__file__).parent
        self._model = wordllama.WordLlama.load(cache_dir=folder, disable_download=True)

    def encode(self, texts: Iterable[str], **_: Any) -> Any:
        """A vector of length 1 for each text."""
        return self._model.embed(list(texts), norm=True)
