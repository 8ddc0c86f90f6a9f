"""SQLite file: run as a process of its own, it copies a database whole, or writes one of its tables as a text file."""

from __future__ import annotations

import csv
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from shinro.warehouse.cells import SECONDS, cell_text, epoch_text
from shinro.warehouse.confined import answer
from shinro.warehouse.sheet import position
from shinro.warehouse.text import BROKEN, MARK

Answer = dict[str, object]
WAIT = 5.0  # seconds for another program to let go of the database
PAGES = 4096  # pages that are copied in one step
STEPS = 50_000  # instructions of the engine between two looks at the clock
HEAP = 512 << 20
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 16 << 20,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 1 << 20,
    sqlite3.SQLITE_LIMIT_COLUMN: 2000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 250_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
WAL = 2  # the header's version number of a database that is written by way of a log


def work(request: Mapping[str, Any]) -> Answer:
    """`do: copy` copies `path` to `target`; `do: rows` writes the table's `needed` columns there as CSV.

    The answer has a `case`: copied, read, table (it is not there), time, or refused with what SQLite `says`.
    """
    try:
        return _copied(request) if request["do"] == "copy" else _read(request)
    except sqlite3.OperationalError as error:
        slow = str(error) == "interrupted"
        return {"case": "time"} if slow else {"case": "refused", "says": str(error)}
    except (sqlite3.Error, OverflowError) as error:
        return {"case": "refused", "says": str(error)}


def _copied(request: Mapping[str, Any]) -> Answer:
    """The database as it is at one moment, what stands in its log among it, in one file of the usual form."""
    path, target = Path(request["path"]), Path(request["target"])
    with closing(_open(path)) as source, closing(sqlite3.connect(target)) as copy:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchall()  # waits here for a lock, and holds its own
        source.backup(copy, pages=PAGES)
    return {"case": "copied"}


def _open(path: Path) -> sqlite3.Connection:
    """Read-only; where nobody has it open, without a trace beside it."""
    return sqlite3.connect(_address(path, immutable=_is_at_rest(path)), uri=True, timeout=WAIT, isolation_level=None)


def _is_at_rest(path: Path) -> bool:
    """Whether a database that is written by way of a log has none: then nobody has it open."""
    with path.open("rb") as file:
        head = file.read(20)
    return head[18:19] == bytes([WAL]) and not Path(f"{path}-wal").exists()


def _address(path: Path, *, immutable: bool) -> str:
    uri = path.absolute().as_uri()
    if not uri.startswith("file:///"):
        uri = uri.replace("file://", "file:////", 1)  # a share of another computer
    return f"{uri}?mode=ro" + ("&immutable=1" if immutable else "")


def _read(request: Mapping[str, Any]) -> Answer:
    with closing(sqlite3.connect(_address(Path(request["path"]), immutable=True), uri=True)) as connection:
        _close_in(connection, time.monotonic() + request["seconds"])
        names = _names(connection)
        wanted = request["table"]
        name = wanted if wanted in names else next((one for one in names if one.lower() == wanted.lower()), None)
        if name is None:
            return {"case": "table", "there": names[:100]}
        kinds = _columns(connection, name)
        found = {position(tuple(kinds), header) for header in request["needed"]}
        columns = [column for n, column in enumerate(kinds) if n in found]
        connection.set_authorizer(_allowed)
        _write(connection, name, columns, request)
        return {"case": "read", "table": name, "kinds": kinds, "columns": columns}


def _close_in(connection: sqlite3.Connection, until: float) -> None:
    """Nothing in the file's schema can write, reach another file, call what is not SQLite's own, or run for ever."""
    for limit, most in LIMITS.items():
        connection.setlimit(limit, most)
    for setting in (
        "query_only = 1",
        "trusted_schema = 0",
        "cell_size_check = 1",
        "mmap_size = 0",
        "temp_store = 2",
        f"hard_heap_limit = {HEAP}",
    ):
        connection.execute(f"PRAGMA {setting}").fetchall()
    connection.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    connection.text_factory = _decoded


def _allowed(action: int, *_: object) -> int:
    return sqlite3.SQLITE_OK if action in ALLOWED else sqlite3.SQLITE_DENY


def _names(connection: sqlite3.Connection) -> list[str]:
    """The tables and views; none of SQLite's own, and none that a module makes up."""
    rows = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND upper(sql) NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return [cell_text(name) for (name,) in rows]


def _columns(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """Each column with its declared type; generated ones among them."""
    rows = connection.execute("SELECT name, type, hidden FROM pragma_table_xinfo(?)", (table,))
    return {cell_text(name): cell_text(kind).upper() for name, kind, hidden in rows if hidden != 1}


def _write(connection: sqlite3.Connection, table: str, columns: Sequence[str], request: Mapping[str, Any]) -> None:
    names = ", ".join(f't."{_quoted(column)}"' for column in columns) or "1"
    timed = {n for n, column in enumerate(columns) if _is_timed(columns, column, request)}
    with Path(request["target"]).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        rows = connection.execute(f'SELECT {names} FROM "{_quoted(table)}" AS t')
        writer.writerows(_texts(rows, timed, request["point"]))


def _quoted(name: str) -> str:
    return name.replace('"', '""')


def _is_timed(columns: Sequence[str], column: str, request: Mapping[str, Any]) -> bool:
    """Whether a column's numbers are seconds since 1970: it is read as a time, and the source says so."""
    times = {position(tuple(columns), header) for header in request["times"]}
    return request["dates"] == SECONDS and columns.index(column) in times


def _texts(rows: sqlite3.Cursor, timed: set[int], point: str) -> Iterator[list[str]]:
    for row in rows:
        yield [(epoch_text(cell) if n in timed else None) or cell_text(cell, point) for n, cell in enumerate(row)]


def _decoded(text: bytes) -> str:
    """Text that is no UTF-8, or that a zero byte cuts, is marked."""
    return text.decode("utf-8", MARK).replace("\0", BROKEN)


if __name__ == "__main__":
    answer(work)
