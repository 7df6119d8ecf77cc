"""What tells one finding from another though lines move and files are renamed."""

from __future__ import annotations

from hashlib import blake2b

from dedup.words import folded_words


def fingerprint(text: str) -> str:
    """16 hex digits that are the same for texts of the same words, on every system and in every release."""
    joined = " ".join(folded_words(text)).encode("utf-8", "surrogatepass")
    return blake2b(joined, digest_size=8).hexdigest()
