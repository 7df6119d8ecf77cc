"""datasketch with xxhash instead of SHA-1."""

import datasketch_rows
from xxhash import xxh3_64_intdigest


def hash32(data: bytes) -> int:
    """The lower half of XXH3."""
    return xxh3_64_intdigest(data) & 0xFFFFFFFF


datasketch_rows.main(hashfunc=hash32)
