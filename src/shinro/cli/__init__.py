"""The command line: words in, a path run, a report out. No thought of its own."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")  # matrices here are small: threads wait for each other
COLLECT = (1_000_000, 50, 100)  # a short process with many small frozen values: looking for circles costs a fifth of it


def main(argv: Sequence[str] | None = None) -> None:
    """Runs one command. Exit 0: done; 1: problems that are errors; 2: the command, or shinro itself, is at fault."""
    gc.set_threshold(*COLLECT)  # before the rooms are imported
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    from shinro.cli.application import run

    run(sys.argv[1:] if argv is None else argv)


def process() -> NoReturn:
    """The command of this process. Ends it once all is written: tidying memory up costs 7 % of a short command."""
    code: object = 0
    try:
        main()
    except SystemExit as end:
        code = end.code
    atexit._run_exitfuncs()  # noqa: SLF001 - what Python itself would call here; it has no public name
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 1
    os._exit(code if isinstance(code, int) else 0)
