"""Runs one command, measures it, and writes what it saw as JSON; `process.measure` starts it.

It is a process of its own because the kernel counts the memory of who starts a process as the first memory of that
process: whoever measures has to be small.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import time
from threading import Timer

_SUBREAPER = 36
"""Linux, `prctl`: what a measured process leaves behind becomes a child of this one, and is counted."""


def main(seen: str, said: str, written: str, timeout: float, command: list[str]) -> None:
    """`said` and `written` are where standard error and standard output go, `seen` what was measured."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)
    late = []
    with open(said, "wb") as errors, open(written, "wb") as output:  # noqa: PTH123 (pathlib takes memory)
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, start_new_session=True
        )

    def end() -> None:
        late.append(True)
        os.killpg(process.pid, signal.SIGKILL)

    timer = Timer(timeout, end)
    timer.daemon = True
    timer.start()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    timer.cancel()
    usages = [usage, *stragglers(process.pid)]
    result = {
        "seconds": seconds,
        "processor": sum(each.ru_utime + each.ru_stime for each in usages),
        # Kilobytes, but bytes on macOS.
        "megabytes": max(u.ru_maxrss for u in usages) / (1 << 20 if sys.platform == "darwin" else 1 << 10),
        "status": os.waitstatus_to_exitcode(status),
        "timed_out": bool(late),
    }
    with open(seen, "w") as file:  # noqa: PTH123
        json.dump(result, file)


def stragglers(group: int) -> list[resource.struct_rusage]:
    """What the processes used that a measured one left behind; they are given two seconds to end."""
    found = []
    until = time.perf_counter() + 2
    while True:
        try:
            pid, _, usage = os.wait4(-group, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid:
            found.append(usage)
            continue
        if time.perf_counter() > until:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:4], float(sys.argv[4]), sys.argv[5:])
