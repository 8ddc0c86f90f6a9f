"""Broken SQLite databases: what each is called, how it is made, and what loading must answer.

The table asked for is `id:text, at:time, amount:number, paid:truth` of `leads`; an answer is "rows/rejected" and codes.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

Make = Callable[[Path], object]

LEADS = """
CREATE TABLE leads (id TEXT, at TEXT, amount NUMERIC, paid BOOLEAN);
INSERT INTO leads VALUES ('a', '2026-04-01', 10, 1), ('b', '2026-04-02 09:30:00', 20.5, 0), ('c', NULL, NULL, NULL);
"""
EMPTY = LEADS.split(";", 1)[0]
SHORT = "; INSERT INTO leads VALUES ('a', '2026-04-01', 1)"
ALL = "length(group_concat(x, hex(zeroblob(999999))))"
FOUR = "L111 L111 L111 L111"
VIEW = "CREATE VIEW leads AS SELECT '1' AS id, '2026-04-01' AS at, {} AS amount, 1 AS paid"
NUMBERS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n {}) "


def script(*statements: str) -> Make:
    def make(path: Path) -> None:
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.executescript(statement)

    return make


def insert(*values: str) -> Make:
    """The good rows and one more for each list of values."""
    return script(LEADS, *(f"INSERT INTO leads VALUES ({each})" for each in values))


def view(amount: str, before: str = "", behind: str = "") -> Make:
    return script(VIEW.format(amount).replace(" AS SELECT", f" AS {before}SELECT", 1) + behind)


def data(content: bytes) -> Make:
    return lambda path: path.write_bytes(content)


def changed(change: Callable[[bytes], bytes], rows: int = 3000) -> Make:
    def make(path: Path) -> None:
        script(LEADS)(path)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executemany("INSERT INTO leads VALUES (?, '2026-04-01', 1, 1)", [(str(n),) for n in range(rows)])
        path.write_bytes(change(path.read_bytes()))

    return make


def schema(sql: str) -> Make:
    """A database whose own list of tables was written over."""

    def make(path: Path) -> None:
        script(LEADS)(path)
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA writable_schema = 1")
            connection.execute("UPDATE sqlite_schema SET sql = ?", (sql,))

    return make


def in_utf_16(path: Path) -> None:
    script("PRAGMA encoding = 'UTF-16le'; " + LEADS)(path)


def deep_views(path: Path) -> None:
    steps = [f"CREATE VIEW v{n} AS SELECT * FROM v{n - 1} UNION ALL SELECT * FROM v{n - 1};" for n in range(1, 60)]
    script(LEADS.replace("leads", "v0"), *steps, "CREATE VIEW leads AS SELECT * FROM v59")(path)


def torn_log(path: Path) -> None:
    """A log that belongs to nothing."""
    script("PRAGMA journal_mode = wal;", LEADS)(path)
    Path(f"{path}-wal").write_bytes(b"\x37\x7f\x06\x82" + random.Random(1).randbytes(5000))  # noqa: S311 - noise


# how it is made, and the answer
DATABASES: dict[str, tuple[Make, str]] = {
    "nothing": (data(b""), "L106"),
    "a text": (data(b"id,at,amount,paid\n" * 99), "L117"),
    "noise": (data(random.Random(1).randbytes(9000)), "L117"),  # noqa: S311 - the same each time
    "the first bytes alone": (data(b"SQLite format 3\0"), "L117"),
    "a header of zeros": (data(b"SQLite format 3\0" + b"\0" * 4080), "L117"),
    "half of it": (changed(lambda content: content[: len(content) // 2]), "L117"),
    "less a page": (changed(lambda content: content[:-4096]), "L117"),
    "pages of noise": (changed(lambda c: c[:8192] + random.Random(1).randbytes(len(c) - 8192)), "L117"),  # noqa: S311
    "a page that holds itself": (changed(lambda content: content[:4096] * (len(content) // 4096)), "L117"),
    "a list of tables that is none": (schema("nonsense"), "L117"),
    "a list of tables that makes others": (schema("CREATE TABLE other (x)"), "L117"),
    "a log that belongs to nothing": (torn_log, "3/0"),
    "no tables": (script("CREATE TABLE other (id)"), "L128"),
    "a table of another case": (script(LEADS.replace("leads", "Leads")), "3/0"),
    "a table of modules": (script("CREATE VIRTUAL TABLE leads USING fts5(id, at, amount, paid)"), "L128"),
    "other columns": (script("CREATE TABLE leads (x)"), FOUR),
    "a column misspelt": (script(LEADS.replace("amount", "amounts")), "L109"),
    "no rows": (script(EMPTY), "0/0 L115"),
    "names with quotes": (script(LEADS, 'ALTER TABLE leads ADD COLUMN """; DROP TABLE leads; --" TEXT'), "3/0"),
    "three hundred columns": (script(LEADS, *(f"ALTER TABLE leads ADD COLUMN c{n}" for n in range(300))), "3/0"),
    "a trigger": (script(LEADS, "CREATE TRIGGER t AFTER INSERT ON leads BEGIN DELETE FROM leads; END"), "3/0"),
    "columns that are worked out": (script(EMPTY.replace("amount NUMERIC", "amount AS (1)"), SHORT), "1/0"),
    "no row numbers": (script(EMPTY.replace("id TEXT", "id TEXT PRIMARY KEY") + " WITHOUT ROWID"), "0/0 L115"),
    "UTF-16": (in_utf_16, "3/0"),
    "bytes for a number": (insert("'d', '2026-04-01', x'00ff', 1"), "3/1"),
    "bytes for a key": (insert("x'6162', '2026-04-01', 1, 1"), "3/1"),
    "a text that is no UTF-8": (insert("CAST(x'82a0' AS TEXT), '2026-04-01', 1, 1"), "3/1"),
    "a text with a zero byte": (insert("CAST(x'610062' AS TEXT), '2026-04-01', 1, 1"), "3/1"),
    "a text for a number": (insert("'d', '2026-04-01', 'ten', 1"), "3/1"),
    "an infinite number": (insert("'d', '2026-04-01', 9e999, 1"), "3/1"),
    "a number that is too large": (insert("'d', '2026-04-01', 1e300, 1"), "3/1"),
    "the largest whole number": (insert("'d', '2026-04-01', 9223372036854775807, 1"), "4/0"),
    "a number for a time": (insert("'d', 2461131.5, 1, 1"), "3/1"),
    "seconds for a time that were not said": (insert("'d', 1775001600, 1, 1"), "3/1"),
    "a huge text": (insert("hex(zeroblob(3000000)), '2026-04-01', 1, 1"), "3/1"),
    "a text over all limits": (insert("hex(zeroblob(20000000)), '2026-04-01', 1, 1"), "L121"),
    "a view without end": (view("x", NUMBERS.format(""), " FROM n"), "L118"),
    "a view that counts without end": (view("(" + NUMBERS.format("") + "SELECT count(*) FROM n)"), "L118"),
    "a view that sorts all": (view("x", NUMBERS.format("LIMIT 99000000"), " FROM n ORDER BY -x"), "L118 L119"),
    "a view that takes all memory": (view(ALL, NUMBERS.format("LIMIT 999"), " FROM n"), "L121"),
    "a view of a huge value": (view("length(zeroblob(2000000000))"), "L121"),
    "a view that loads a program": (view("load_extension('x')"), "L121"),
    "a view of a table that is not there": (script("CREATE VIEW leads AS SELECT * FROM other"), "L121"),
    "a view of itself": (script("CREATE VIEW leads AS SELECT * FROM leads"), "L121"),
    "views upon views": (deep_views, "L118 L119 L121"),
    "a view of its own settings": (script(VIEW.format("(SELECT count(*) FROM pragma_database_list)")), "L121"),
}  # fmt: skip
