"""Measurements on real text: what they are and how to run them stands in README.md."""
