"""Signatures to and from datasketch, for handing them to other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.sketch.reference import SEED
from dedup.words import U32

if TYPE_CHECKING:
    from datasketch import LeanMinHash


def to_lean(signature: U32) -> LeanMinHash:
    """A signature (uint32, one value for each permutation) as datasketch's LeanMinHash of the scheme `affine32`."""
    from datasketch import LeanMinHash

    return LeanMinHash(seed=SEED, hashvalues=signature, scheme="affine32")


def from_lean(lean: LeanMinHash) -> U32:
    """The signature that a LeanMinHash holds; ValueError where it is of another scheme or seed."""
    if lean.scheme != "affine32" or lean.seed != SEED:
        raise ValueError(f"need scheme affine32 and seed {SEED}, not {lean.scheme} and {lean.seed}")
    return np.asarray(lean.hashvalues, np.uint32)
