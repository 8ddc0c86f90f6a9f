"""PostgreSQL: a table read in one read-only transaction, under settings of our own, into one text file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, quote_plus

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from shinro.loads import Role, TablePlan
from shinro.problems import CannotGoOn, Problem, problem
from shinro.warehouse.databases import Table, chosen, no_table, order, schema_and_name
from shinro.warehouse.engine import Limits

WAIT = 15  # seconds until a server must have answered
SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, YMD",
    "IntervalStyle": "postgres",
    "extra_float_digits": "3",
    "bytea_output": "hex",
    "client_encoding": "UTF8",
    "xmloption": "content",
    "lc_monetary": "C",
    "row_security": "on",
}
ROLES = {
    Role.NUMBER: {"int2", "int4", "int8", "numeric", "float4", "float8"},
    Role.TIME: {"date", "timestamp", "timestamptz"},
    Role.TRUTH: {"bool"},
}
COLUMNS = """
SELECT a.attname::text, CASE WHEN t.typtype = 'd' THEN b.typname ELSE t.typname END::text
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
WHERE n.nspname = %s AND c.relname = %s AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""
TABLES = """
SELECT n.nspname::text, c.relname::text
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
AND n.nspname NOT LIKE 'pg_toast%%' ORDER BY 1, 2 LIMIT 500
"""


def read(plan: TablePlan, target: Path, limits: Limits) -> tuple[Table, tuple[str, ...]]:
    """Writes a table's planned columns to `target` as CSV without a header; the table, and the columns in order.

    Law: the session's own settings (zone, styles, digits, search path) change nothing of what is read.
    Raises CannotGoOn; no password stands in a problem. Cost: one pass over the rows, one chunk in memory.
    """
    schema, name = schema_and_name(plan, "public")
    with _opened(plan) as connection, _told(plan), connection.transaction():
        _settle(connection, schema, limits)
        table = _table(plan, connection, schema, name)
        columns = chosen(plan, table)
        with target.open("wb") as file, connection.cursor().copy(_copy(plan, table, columns)) as rows:
            for chunk in rows:
                file.write(chunk)
        return table, columns


@contextmanager
def _opened(plan: TablePlan) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    if not plan.source.url:
        raise CannotGoOn([problem("L123", plan.source.place, source=plan.source.name)])
    try:
        known = conninfo_to_dict(plan.source.url)
    except psycopg.Error:
        raise CannotGoOn([problem("L124", plan.source.place, source=plan.source.name)]) from None
    if any("@" in str(known.get(name) or "") for name in ("host", "port", "dbname")):
        # A bare sign in the password cut it up, and its pieces would be shown as the server's name.
        raise CannotGoOn([problem("L124", plan.source.place, source=plan.source.name)])
    wait = str(known.get("connect_timeout") or WAIT)
    if not wait.isdecimal():
        raise CannotGoOn([problem("L124", plan.source.place, case="wait", source=plan.source.name)])
    try:
        connection = psycopg.connect(plan.source.url, connect_timeout=int(wait))
    except (psycopg.Error, ValueError) as error:
        raise CannotGoOn([_unread(plan, "L125", error)]) from None
    with connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        yield connection


@contextmanager
def _told(plan: TablePlan) -> Iterator[None]:
    """What the server refuses is told in its own words, and as what it is: a right that lacks, a lock, or a failure."""
    try:
        yield
    except psycopg.errors.InsufficientPrivilege as error:
        raise CannotGoOn([_unread(plan, "L129", error)]) from None
    except psycopg.errors.LockNotAvailable as error:
        raise CannotGoOn([_unread(plan, "L129", error, case="locked", seconds=WAIT)]) from None
    except psycopg.Error as error:
        raise CannotGoOn([_unread(plan, "L129", error, case="failed")]) from None


def _unread(plan: TablePlan, code: str, error: Exception, **more: object) -> Problem:
    known = conninfo_to_dict(plan.source.url or "")
    where = f"{known.get('host') or 'localhost'}:{known.get('port') or 5432}/{known.get('dbname') or ''}"
    says = " ".join(str(error).split("\n", 1)[0].split())
    for secret in secrets_of(known):
        says = says.replace(secret, "***")
    told = {"source": plan.source.name, "server": where, "table": plan.name, "says": says[:200], **more}
    return Problem(plan.source.place, code, told)


def secrets_of(known: Mapping[str, object]) -> list[str]:
    """Every way in which a password may be written in a message, longest first."""
    words = [str(known[name]) for name in ("password", "sslpassword") if known.get(name)]
    ways = {way for word in words for way in (word, quote(word), quote(word, safe=""), quote_plus(word))}
    return sorted(ways, key=len, reverse=True)


def _settle(connection: psycopg.Connection[tuple[object, ...]], schema: str, limits: Limits) -> None:
    """Our own settings for this transaction; the catalog comes first, so that nothing stands in for its operators."""
    asked = SETTINGS | {
        "search_path": f"pg_catalog, {_quoted(schema)}",
        "statement_timeout": str(int(limits.seconds * 1000)),
        "lock_timeout": str(WAIT * 1000),
    }
    for name, value in asked.items():
        connection.execute("SELECT pg_catalog.set_config(%s, %s, true)", (name, value))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _table(plan: TablePlan, connection: psycopg.Connection[tuple[object, ...]], schema: str, name: str) -> Table:
    rows = connection.execute(COLUMNS, (schema, name)).fetchall()
    if not rows:
        there = [(str(one), str(other)) for one, other in connection.execute(TABLES).fetchall()]
        raise CannotGoOn([no_table(plan, schema, name, there)])
    types = {str(column): str(kind) for column, kind in rows}
    return Table(schema, name, {column: _role(kind) for column, kind in types.items()}, types)


def _role(kind: str) -> Role:
    return next((role for role, kinds in ROLES.items() if kind in kinds), Role.TEXT)


def _copy(plan: TablePlan, table: Table, columns: Sequence[str]) -> sql.Composed:
    texts = sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in columns)
    return sql.SQL("COPY (SELECT {} FROM {} AS t{}) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')").format(
        texts, sql.Identifier(table.schema, table.name), _by(plan, table, columns)
    )


def _by(plan: TablePlan, table: Table, columns: Sequence[str]) -> sql.Composable:
    """By the key: as its type sorts, or as text where not all types of its kind can be sorted."""
    key = order(plan, columns)
    if key is None:
        return sql.SQL("")
    form = " ORDER BY t.{}::text" if table.columns[key] is Role.TEXT else " ORDER BY t.{}"
    return sql.SQL(form).format(sql.Identifier(key))
