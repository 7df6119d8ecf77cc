"""What each threshold would take of a user's own text, with examples from either side, and which one to choose."""
