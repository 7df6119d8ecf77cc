"""MinHash signatures of shingle sets.

The functions are looked up when they are used, so that naming the kernel imports nothing.
"""

from __future__ import annotations

__all__ = ["kernel_name"]


def kernel_name() -> str:
    """Which implementation is in use: `reference` is the one in NumPy."""
    return "reference"
