"""The book's file: an SQLite database that only grows, opened so that what was acknowledged survives a crash.

`synchronous` is EXTRA, not FULL: with a rollback journal FULL does not sync the folder after the journal is gone, so
that a loss of power right after a commit could bring the journal, and with it the old state, back.
Source: SQLite's documentation of `PRAGMA synchronous` and of atomic commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shinro.problems import CannotGoOn, Place, problem, refusal
from shinro.record.disk import on_disk

FILE = "book.sqlite"
WAIT = 60.0  # seconds for another publisher to finish
APPLICATION, FORM = 0x53484E52, 1  # `SHNR`; the number of this form of file
SCHEMA = (
    """CREATE TABLE entries (seq INTEGER PRIMARY KEY, content BLOB NOT NULL)""",
    """CREATE TABLE nodes (level INTEGER, place INTEGER, hash BLOB NOT NULL, PRIMARY KEY (level, place))
       WITHOUT ROWID""",
    """CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL)""",
    """CREATE TABLE texts (hash TEXT PRIMARY KEY, salt BLOB NOT NULL, words TEXT NOT NULL) WITHOUT ROWID""",
    """CREATE TRIGGER entries_in_order BEFORE INSERT ON entries
       WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), -1) + 1 FROM entries)
       BEGIN SELECT RAISE(ABORT, 'entries follow one another'); END""",
    *(
        f"""CREATE TRIGGER {table}_refuse_{verb} BEFORE {verb.upper()} ON {table}
            BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END"""
        for table in ("entries", "nodes", "checkpoints")
        for verb in ("update", "delete")
    ),
)
TABLES = ("checkpoints", "entries", "nodes", "texts")
FULL, BROKEN = ("SQLITE_FULL", "SQLITE_IOERR"), ("SQLITE_NOTADB", "SQLITE_CORRUPT")


@contextmanager
def reading(store: Path) -> Iterator[sqlite3.Connection | None]:
    """The book as it stands at one moment; None where there is none. Raises CannotGoOn (B801, B814, B815)."""
    file = store / FILE
    if not file.exists() or not file.stat().st_size:
        yield None
        return
    with told(file), _open(file, "rw") as db:
        db.execute("BEGIN")
        yield db if _is_book(db, file) else None


@contextmanager
def writing(store: Path) -> Iterator[sqlite3.Connection]:
    """The book in one transaction, for this process alone: all of what is done inside, or nothing.

    Waits for another writer. Raises CannotGoOn: B801 no book, B814 no room or an error of the disk, B815 still busy.
    """
    file = store / FILE
    with told(file):
        _make_folder(store)
        with _open(file, "rwc") as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                if not _is_book(db, file):
                    _lay_out(db)
                yield db
                db.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    db.execute("ROLLBACK")
                raise


def _make_folder(store: Path) -> None:
    missing = [folder for folder in (store, *store.parents) if not folder.exists()]
    store.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        on_disk(folder.parent)


@contextmanager
def _open(file: Path, mode: str) -> Iterator[sqlite3.Connection]:
    db = sqlite3.connect(f"{file.resolve().as_uri()}?mode={mode}", timeout=WAIT, isolation_level=None, uri=True)
    try:
        for setting in ("synchronous = EXTRA", "recursive_triggers = ON", "secure_delete = ON", "trusted_schema = OFF"):
            db.execute(f"PRAGMA {setting}")
        yield db
    finally:
        db.close()


def _is_book(db: sqlite3.Connection, file: Path) -> bool:
    """Whether the file is a book; False where it is empty still. Raises CannotGoOn (B801) where it is anything else."""
    ((application,),) = db.execute("PRAGMA application_id")
    ((form,),) = db.execute("PRAGMA user_version")
    ((tables,),) = db.execute("SELECT count(*) FROM sqlite_master")
    if (application, form) == (APPLICATION, FORM):
        return True
    if application or form or tables:
        raise CannotGoOn([problem("B801", Place(str(file)), reason=f"application_id={application} version={form}")])
    return False


def _lay_out(db: sqlite3.Connection) -> None:
    for statement in SCHEMA:
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION}")
    db.execute(f"PRAGMA user_version = {FORM}")


@contextmanager
def told(file: Path) -> Iterator[None]:
    """Errors of the disk and of SQLite as problems."""
    try:
        yield
    except sqlite3.Error as broken:
        raise CannotGoOn([problem(_code(broken), Place(str(file)), reason=str(broken))]) from broken
    except (FileExistsError, NotADirectoryError):
        raise CannotGoOn([problem("B814", Place(str(file.parent)), case="file")]) from None
    except OSError as broken:
        raise CannotGoOn([problem("B814", Place(str(file)), reason=refusal(broken))]) from broken


def _code(broken: sqlite3.Error) -> str:
    name = getattr(broken, "sqlite_errorname", "")
    if name.startswith("SQLITE_BUSY"):
        return "B815"
    return "B801" if name.startswith(BROKEN) or not isinstance(broken, sqlite3.OperationalError) else "B814"
