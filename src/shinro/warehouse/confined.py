"""Confined: what a child process does first: it takes its request, and bounds on its own memory and time.

Where the system has `resource` it keeps the bounds (Linux all, macOS the time); elsewhere, and on macOS, the process
looks at its own memory twenty times a second, and ends itself.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

if sys.platform == "win32":
    import ctypes
else:
    import resource

TOO_MUCH = 77  # the process ended itself: its memory was used up
LOOK = 0.05  # seconds between two looks


def answer(work: Callable[[Mapping[str, Any]], Mapping[str, object]]) -> None:
    """Takes a request from the standard input, does the work within its bounds, and writes the answer."""
    request = json.loads(sys.stdin.buffer.read())
    _confine(request["memory"], request["seconds"])
    try:
        made = work(request)
    except MemoryError:
        os._exit(TOO_MUCH)
    sys.stdout.buffer.write(json.dumps(made).encode())


def _confine(memory: int, seconds: float) -> None:
    if sys.platform != "win32":
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_CPU, int(seconds) + 1)
        _limit(resource.RLIMIT_AS, memory)
    if sys.platform != "linux":
        threading.Thread(target=_watch, args=(memory,), daemon=True).start()


if sys.platform != "win32":

    def _limit(kind: int, most: int) -> None:
        """Never above what was set already; a system that knows the name alone leaves it to the watch."""
        hard = resource.getrlimit(kind)[1]
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):
            return


def _watch(memory: int) -> None:
    while used() <= memory:
        time.sleep(LOOK)
    os._exit(TOO_MUCH)


if sys.platform == "win32":

    class _Counters(ctypes.Structure):
        """PROCESS_MEMORY_COUNTERS."""

        _fields_ = (
            ("size", ctypes.c_uint32),
            ("faults", ctypes.c_uint32),
            ("peak", ctypes.c_size_t),
            *((f"more{n}", ctypes.c_size_t) for n in range(7)),
        )

    def used() -> int:
        """The most memory that this process has had, in bytes."""
        kernel = ctypes.WinDLL("kernel32")
        kernel.GetCurrentProcess.restype = ctypes.c_void_p
        kernel.K32GetProcessMemoryInfo.argtypes = (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32)
        counters = _Counters(size=ctypes.sizeof(_Counters))
        kernel.K32GetProcessMemoryInfo(kernel.GetCurrentProcess(), ctypes.byref(counters), counters.size)
        return int(counters.peak)

else:

    def used() -> int:
        """The most memory that this process has had, in bytes."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
