"""All that is kept in a book's file, as it stands there and not as it should be."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from shinro.problems import CannotGoOn, Place, problem
from shinro.record.shelf import FILE, SCHEMA, reading


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of a book, in the order of their keys; what is of another type than it should be reads as empty."""

    rows: tuple[tuple[int, bytes], ...] = ()  # seq, content
    nodes: Mapping[tuple[int, int], bytes] = field(default_factory=dict)  # level, place -> hash
    notes: tuple[tuple[int, str], ...] = ()  # size, signed note
    texts: tuple[tuple[str, bytes, str], ...] = ()  # hash, salt, words
    guarded: bool = True  # whether tables and triggers are as they were laid out

    @property
    def words(self) -> dict[str, str]:
        """The texts by hash. Cost: linear, each time."""
        return {digest: words for digest, _, words in self.texts}


def kept(store: Path) -> Kept:
    """What is in the file; nothing where there is none. Raises CannotGoOn (B801) where SQLite finds it broken."""
    with reading(store) as db:
        if db is None:
            return Kept()
        _sound(db, store)
        return Kept(
            tuple((_int(seq), _bytes(content)) for seq, content in db.execute("SELECT * FROM entries ORDER BY seq")),
            {(_int(level), _int(place)): _bytes(digest) for level, place, digest in db.execute("SELECT * FROM nodes")},
            tuple((_int(size), _str(note)) for size, note in db.execute("SELECT * FROM checkpoints ORDER BY size")),
            tuple(
                (_str(digest), _bytes(salt), _str(words)) for digest, salt, words in db.execute("SELECT * FROM texts")
            ),
            _is_guarded(db),
        )


def _sound(db: sqlite3.Connection, store: Path) -> None:
    ((found,),) = db.execute("PRAGMA integrity_check(1)")
    if found != "ok":
        raise CannotGoOn([problem("B801", Place(str(store / FILE)), reason=found)])


def _is_guarded(db: sqlite3.Connection) -> bool:
    found = {_flat(sql) for (sql,) in db.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
    return found == {_flat(statement) for statement in SCHEMA}


def _flat(sql: object) -> str:
    return " ".join(str(sql).split())


def _int(value: object) -> int:
    return value if isinstance(value, int) else -1


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _str(value: object) -> str:
    return value if isinstance(value, str) else ""
