"""Replacing: files that people and commands both change, so that nobody's change is lost to another's.

The lock is the record's: a transaction of SQLite. It is the system's own on every platform, works between processes,
and goes with the process that has it, so that a crash leaves none behind. An editor takes no lock: a file is looked at
once more right before it is replaced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from shinro.problems import CannotGoOn, Disk, Place, problem
from shinro.run.written import writing
from shinro.warehouse.snapshots import open_folder, whole_file

LOCK = "writing.sqlite"
REFUSALS = {"SQLITE_CANTOPEN": Disk.DENIED, "SQLITE_READONLY": Disk.READ_ONLY, "SQLITE_FULL": Disk.FULL}
WAIT = 60.0  # seconds for another command to finish


@contextmanager
def alone(store: Path) -> Iterator[None]:
    """No other command of ours replaces a file of the project meanwhile: what is read inside stands when it is written.

    Waits for another one; not to be taken twice by one process. Raises CannotGoOn: B815 another one is not done, S142
    the lock cannot be taken, because the folder `store` cannot be written to.
    """
    file = store / LOCK
    with writing(file):
        open_folder(store)
        lock = _taken(file)
    with closing(lock):
        yield


def _taken(file: Path) -> sqlite3.Connection:
    lock = None
    try:
        lock = sqlite3.connect(file, timeout=WAIT, isolation_level=None)
        lock.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as broken:
        if lock is not None:
            lock.close()
        if getattr(broken, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            raise CannotGoOn([problem("B815", Place(str(file)), case="files")]) from broken
        raise CannotGoOn([problem("S142", Place(str(file)), reason=_why(broken))]) from broken
    return lock


def _why(broken: sqlite3.Error) -> Disk | str:
    """What is wrong with the disk, as every other writing says it."""
    name = getattr(broken, "sqlite_errorname", "")
    return next((why for begins, why in REFUSALS.items() if name.startswith(begins)), str(broken))


def bytes_of(path: Path) -> bytes | None:
    """A file's bytes; None where there is none. Raises OSError where it gives none."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return None


def put(path: Path, content: bytes, seen: bytes | None) -> bool:
    """Puts bytes in the place of those that were `seen` there (None: no file), at once; its rights stay.

    False, and nothing is written, where others stand there by now. Raises CannotGoOn (S142) where it cannot be written.
    """
    target = path.resolve()  # what a link leads to, not the link
    with writing(path):
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o644
        with suppress(_MovedError):
            with whole_file(target) as file:
                file.write(content)
                _look_again(target, seen)
            target.chmod(mode)
            return True
    return False


class _MovedError(Exception):
    """Another stands there by now."""


def _look_again(target: Path, seen: bytes | None) -> None:
    if bytes_of(target) != seen:
        raise _MovedError
