"""The cosine of WordLlama's vectors of each pair: `python cosines.py PAIRS.json OUT.json`, lists of two texts in."""

import json
import sys
from pathlib import Path

from word_vectors import Vectors

pairs = json.loads(Path(sys.argv[1]).read_bytes())
model = Vectors()
ones, others = (model.encode([pair[side] for pair in pairs]) for side in (0, 1))
Path(sys.argv[2]).write_text(json.dumps([round(float(cosine), 6) for cosine in (ones * others).sum(axis=1)]))
