"""What a run found: the model, and a file a format."""
