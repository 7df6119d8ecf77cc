"""Findings shown to a person one after the other, with a question each."""
