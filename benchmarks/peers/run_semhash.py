"""semhash at its own threshold, 0.9, over WordLlama's vectors; its own model would have to be fetched."""

import rows
from semhash import SemHash
from word_vectors import Vectors

ids, texts = rows.read()
records = [{"id": identity, "text": text} for identity, text in zip(ids, texts, strict=True)]
index = SemHash.from_records(records=records, columns=["text"], model=Vectors())
rows.write(record["id"] for record in index.self_deduplicate(threshold=0.9).selected)
