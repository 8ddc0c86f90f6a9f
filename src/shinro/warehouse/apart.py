"""Apart: reading in a process of its own, where a library that hangs, or takes all memory, harms nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shinro.loads import TablePlan
from shinro.problems import CannotGoOn, problem
from shinro.warehouse.confined import TOO_MUCH
from shinro.warehouse.engine import Limits

MEMORY = 1 << 30  # bytes that such a process may have
SHOWN = "1GB"
NO_ROOM = (b"memory allocation of", b"MemoryError")
STARTING = 20.0  # seconds beyond the time to read: a process that has not ended by then is killed


def read_apart(
    module: str, plan: TablePlan, name: str, limits: Limits, request: Mapping[str, object]
) -> Mapping[str, Any]:
    """What `module` answers to a request, run as a process of its own; `name` is the file as the user knows it.

    Raises CannotGoOn where it took too long (L118), needed too much memory (L119), or broke (L117).
    Cost: the start of an interpreter, about 0.1 s.
    """
    bounds = {"memory": MEMORY, "seconds": limits.seconds}
    # -P: nothing in the folder where the user stands is taken for a module.
    command = [sys.executable, "-P", "-m", module]
    pipe = subprocess.PIPE
    quiet = {**os.environ, "RUST_BACKTRACE": "0"}  # a library that ends for want of memory would first look for names
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=quiet) as child:  # noqa: S603 - our own
        try:
            said, errors = child.communicate(json.dumps({**request, **bounds}).encode(), limits.seconds + STARTING)
        except subprocess.TimeoutExpired:
            raise _too_slow(plan, limits) from None
        finally:
            child.kill()
    if child.returncode == 0:
        made: Mapping[str, Any] = json.loads(said)
        if made.get("case") == "time":
            raise _too_slow(plan, limits)
        return made
    if child.returncode == TOO_MUCH or any(sign in errors for sign in NO_ROOM):
        raise CannotGoOn([problem("L119", plan.place, table=plan.name, memory=SHOWN)])
    if _out_of_time(child.returncode):
        raise _too_slow(plan, limits)
    raise CannotGoOn([problem("L117", plan.place, file=name, table=plan.name, says=f"exit {child.returncode}")])


def _too_slow(plan: TablePlan, limits: Limits) -> CannotGoOn:
    return CannotGoOn([problem("L118", plan.place, table=plan.name, seconds=int(limits.seconds))])


def _out_of_time(code: int) -> bool:
    """SIGXCPU, or SIGKILL where the system goes on to that."""
    return code in (-24, -9)


def text_of(path: Path) -> str:
    """A path as a request holds it."""
    return str(path.absolute())
