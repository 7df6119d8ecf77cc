"""The program: `dedup`, and `python -m dedup`."""

from __future__ import annotations

import atexit
import os
import sys
import threading

from dedup.cli import main


def run() -> None:
    """Runs the command line and ends the process with its status."""
    try:
        main()
    except SystemExit as end:
        _leave(end.code)
        raise


def _leave(status: object) -> None:
    """Ends the process at once where nothing is under way any more; returns where Python has to end it.

    To take everything apart first, as Python does, took an eighth of the time of a hook.
    """
    if not isinstance(status, int) or threading.active_count() > 1:
        return
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError, AttributeError):  # nobody reads any more, or there is no such stream
        return
    atexit._run_exitfuncs()
    os._exit(status)


if __name__ == "__main__":
    run()
