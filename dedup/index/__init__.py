"""The index: what earlier batches kept, on disk, to compare with and to add to."""
