"""Tools of other makers that tests hold our output against: those from npm, as `make tools` installs them."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "tools" / "node_modules"


def tool(package: str, name: str) -> str:
    """The path of a program that a package brings."""
    found = next((FOLDER / package).rglob(name), None)
    if found is None:
        pytest.skip(f"{package} is not installed: make tools")
    found.chmod(0o755)  # npm takes it for data
    return str(found)
