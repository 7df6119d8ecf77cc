"""near-dupes: its one call. It compares shingles of characters, and checks each pair exactly."""

import rows
from near_dupes import find_duplicates

ids, texts = rows.read()
found = find_duplicates(texts, kind="text", threshold=rows.THRESHOLD)
# It would keep the longest of a group; the first is asked for here.
gone = {number for group in found.groups for number in group[1:]}
rows.write(identity for number, identity in enumerate(ids) if number not in gone)
