"""Which kernel is in use: the compiled one where it was built, else the reference in NumPy, which gives the same bits.

The environment variable `DEDUP_KERNEL=reference` asks for the reference, `compiled` for nothing else. Every function
that has two forms asks `compiled` once for each call and hands over whole columns.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dedup.problems import DedupError

if TYPE_CHECKING:
    from types import ModuleType

VARIABLE = "DEDUP_KERNEL"


def _load() -> ModuleType | None:
    wanted = os.environ.get(VARIABLE, "")
    if wanted not in ("", "compiled", "reference"):
        raise DedupError(f"{VARIABLE}: {wanted!r} is none of compiled, reference")
    if wanted == "reference":
        return None
    try:
        from dedup import _kernel
    except ImportError:
        if wanted:
            raise DedupError(f"{VARIABLE}: there is no compiled kernel in this installation") from None
        return None
    return _kernel


compiled = _load()
"""The module of compiled functions, None where the reference is in use."""


def kernel_name() -> str:
    """What is in use, for people: `compiled`, or `reference`, the one in NumPy."""
    return "reference" if compiled is None else "compiled"
