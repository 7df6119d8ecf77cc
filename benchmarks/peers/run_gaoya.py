"""gaoya: an index of the whole file built on all cores, then asked for each row on all cores."""

import rows
from gaoya.minhash import MinHashStringIndex

ids, texts = rows.read()
index = MinHashStringIndex(
    hash_size=32,
    jaccard_threshold=rows.THRESHOLD,
    num_bands=rows.BANDS,
    band_size=rows.ROWS,
    analyzer="word",
    lowercase=True,
    ngram_range=(3, 3),
    id_container="smallvec",
)
index.par_bulk_insert_docs(list(range(len(texts))), texts)
kept = bytearray(len(texts))
for number, found in enumerate(index.par_bulk_query(texts)):
    kept[number] = not any(other < number and kept[other] for other in found)
rows.write(identity for identity, stays in zip(ids, kept, strict=True) if stays)
