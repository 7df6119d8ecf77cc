"""What tells one finding from another though lines move and files are renamed."""

from __future__ import annotations

from dedup.words.fingerprints import fingerprint, pair_of

__all__ = ["fingerprint", "pair_of"]
