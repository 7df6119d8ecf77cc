"""Where documents come from: files, directories and standard input."""

from dedup.sources.files import Sources

__all__ = ["Sources"]
