"""Recorded: what a project's record holds, for those that only look; nothing is imported where there is none."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from shinro.problems import CannotGoOn, Problem
from shinro.run.opening import Opened

if TYPE_CHECKING:
    from shinro.entries import Entry

BOOK = "book.sqlite"


def recorded(opened: Opened) -> tuple[tuple[Entry, ...] | None, tuple[Problem, ...]]:
    """The entries, oldest first, and what is wrong with the record; None where there is none, or none to be read."""
    try:
        store = opened.record
        found = (store / BOOK).stat()
        return _read(store, (found.st_mtime_ns, found.st_size)), ()
    except CannotGoOn as stop:
        return None, stop.problems
    except OSError:
        return None, ()


@lru_cache(maxsize=1)
def _read(store: Path, _stamp: tuple[int, int]) -> tuple[Entry, ...]:
    """The entries of a book as it stood at one moment."""
    # Not at the top: most projects that are looked at have no record, and its libraries cost more than a status.
    entries: tuple[Entry, ...] = import_module("shinro.record.reading").entries(store)
    return entries
