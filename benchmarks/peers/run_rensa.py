"""rensa: its streaming deduplicator, fed with token lists in one call."""

import rows
from rensa import RMinHashDeduplicator

ids, texts = rows.read()
index = RMinHashDeduplicator(threshold=rows.THRESHOLD, num_perm=128, use_lsh=True, num_bands=32)
kept = index.add_pairs((str(number), rows.shingles(text)) for number, text in enumerate(texts))
rows.write(identity for identity, stays in zip(ids, kept, strict=True) if stays)
