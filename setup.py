"""The compiled kernel, left out where there is no compiler; all else stands in pyproject.toml."""

import os
import sys
from pathlib import Path

from setuptools import Extension, setup

setup(
    ext_modules=[
        Extension(
            "dedup._kernel",
            ["kernel/module.c"],
            depends=[str(header) for header in Path("kernel").glob("*.h")],
            extra_compile_args=["/O2", "/std:c11"] if sys.platform == "win32" else ["-O3", "-std=gnu11"],
            # Wheels are made with the kernel or not at all.
            optional="DEDUP_NEEDS_KERNEL" not in os.environ,
        )
    ]
)
