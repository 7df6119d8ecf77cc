"""The environments that the compared tools run in, each its own, made below benchmarks/.peers where it is absent."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from hashlib import sha256
from pathlib import Path

from benchmarks.process import ROOT

FOLDER = Path(__file__).with_name(".peers")
PINS = Path(__file__).with_name("peers")
NEEDS_312 = "text-dedup"
_SOURCES = ("dedup", "kernel", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md")


class NotInstalled(Exception):
    """A tool could not be installed; the message says why."""


def _run(*command: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no word why"]
        raise NotInstalled(f"{Path(str(command[0])).name} failed: {said[-1]}")


def _pip(python: Path, *arguments: str | Path) -> None:
    _run(python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", *arguments)


def _is_made(folder: Path, key: str) -> bool:
    mark = folder / "made-of"
    return mark.exists() and mark.read_text("utf-8") == key


def _fresh(folder: Path) -> Path:
    """The Python of a new virtual environment."""
    shutil.rmtree(folder, ignore_errors=True)
    _run(sys.executable, "-m", "venv", folder)
    return folder / "bin" / "python"


def _works(python: str) -> bool:
    """Whether a Python that was found by its name runs and can make environments."""
    return not subprocess.run(
        [python, "-c", "import venv, ensurepip"], capture_output=True, check=False
    ).returncode


def _newer_python() -> str | None:
    """A Python of 3.12 or later, if there is one."""
    if sys.version_info >= (3, 12):
        return sys.executable
    named = [shutil.which(f"python3.{minor}") for minor in (12, 13, 14)]
    # Tools that keep several Pythons keep them side by side, each in a folder named after its version.
    beside = sorted(str(path) for path in Path(sys.base_prefix).parent.glob("3.1[2-9]*/bin/python3"))
    return next((python for python in [*named, *beside] if python and _works(python)), None)


def _text_dedup(folder: Path, pins: Path) -> None:
    """text-dedup asks for Python 3.12 for two words of syntax; on an older one they are written the older way."""
    shutil.rmtree(folder, ignore_errors=True)
    newer = _newer_python()
    _run(newer or sys.executable, "-m", "venv", folder)
    python = folder / "bin" / "python"
    _pip(python, "--only-binary=:all:", *([] if newer else ["--ignore-requires-python"]), "-r", pins)
    for path in () if newer else folder.glob("lib/*/site-packages/text_dedup/config/**/*.py"):
        text = re.sub(r"(?m)^type (\w+) =", r"\1 =", path.read_text("utf-8"))
        path.write_text(text.replace("from typing import override", "from typing_extensions import override"))


def python_of(peer: str) -> Path:
    """The Python that a peer is installed for, with the versions that peers/PEER.txt pins."""
    pins = PINS / f"{peer}.txt"
    folder = FOLDER / peer
    key = pins.read_text("utf-8")
    if not _is_made(folder, key):
        if peer == NEEDS_312:
            _text_dedup(folder, pins)
        else:
            _pip(_fresh(folder), "-r", pins)
        (folder / "made-of").write_text(key, "utf-8")
    return folder / "bin" / "python"


def pinned(peer: str) -> str:
    """The version that is pinned of a peer."""
    found = re.search(rf"(?im)^{re.escape(peer)}==(\S+)", (PINS / f"{peer}.txt").read_text("utf-8"))
    return found[1] if found else "?"


def npm_command(package: str, version: str) -> Path:
    """The command of an npm package of that version."""
    folder = FOLDER / f"{package}-{version}"
    if not _is_made(folder, version):
        if not shutil.which("npm"):
            raise NotInstalled("npm is not there")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _run("npm", "install", "--no-audit", "--no-fund", "--prefix", folder, f"{package}@{version}")
        (folder / "made-of").write_text(version, "utf-8")
    return folder / "node_modules" / ".bin" / package


def _digest(paths: list[Path]) -> str:
    """What the files hold, in one number."""
    total = sha256()
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def dedup_command() -> Path:
    """The command `dedup` of this checkout, installed as a user installs it; again where the checkout has changed."""
    folder = FOLDER / "dedup"
    found = (ROOT / name for name in _SOURCES)
    files = (path for top in found for path in (top.rglob("*") if top.is_dir() else [top]))
    key = _digest(sorted(p for p in files if p.is_file() and p.suffix in (".py", ".c", ".h", ".toml", ".in")))
    if not _is_made(folder, key):
        python = _fresh(folder)
        # From a copy: building in place would leave its folders in the checkout.
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name) / "checkout"
            hidden = shutil.ignore_patterns(
                ".*", "build", "dist", "*.egg-info", "*.so", "__pycache__", "demo-out"
            )
            shutil.copytree(ROOT, copy, ignore=hidden)
            _pip(python, copy)
        (folder / "made-of").write_text(key, "utf-8")
    return folder / "bin" / "dedup"
