"""Reading: the entries of a book, without what writing and proving need; a look at a company pays for no more."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from shinro.entries import Entry
from shinro.problems import CannotGoOn, Place, problem
from shinro.record.content import entry_of
from shinro.record.shelf import FILE, reading


def entries(store: Path) -> tuple[Entry, ...]:
    """Every entry in order; none where there is no book. Raises CannotGoOn (B801, B802). Cost: linear."""
    with reading(store) as db:
        return entries_in(db, store) if db else ()


def entries_in(db: sqlite3.Connection, store: Path) -> tuple[Entry, ...]:
    """Every entry of an open book, in order."""
    words = dict(db.execute("SELECT hash, words FROM texts"))
    rows = db.execute("SELECT seq, content FROM entries ORDER BY seq")
    return tuple(_entry(seq, content, words, store) for seq, content in rows)


def _entry(seq: int, content: bytes, words: dict[str, str], store: Path) -> Entry:
    try:
        return entry_of(content, words)
    except ValueError:
        raise CannotGoOn([problem("B802", Place(str(store / FILE)), seq=seq)]) from None
