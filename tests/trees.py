"""Small trees of real files for tests, made in the current folder."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest


def write(*names: str, content: bytes | None = None) -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"This is %s.\n" % os.fsencode(name) if content is None else content)


def link(name: str, target: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).symlink_to(target)


def feed(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
