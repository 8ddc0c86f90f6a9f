"""DuckDB files: opened read-only by a closed connection of their own, and read into one text file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from shinro.loads import Role, TablePlan
from shinro.problems import CannotGoOn, Problem, problem
from shinro.warehouse.databases import Table, absent, chosen, no_table, order, schema_and_name
from shinro.warehouse.engine import Limits, file_literal, interrupted_after, literal, quoted, settings
from shinro.warehouse.reading import DECIMAL, FLOATS, MOMENTS, WHOLE, ZONED
from shinro.warehouse.relations import says

LOCKED = "Could not set lock on file"
HOLDER = re.compile(r"is held in (?:.*/)?([^/]*\(?PID \d+\)?)")  # the program that has the file, without its folder


def read(plan: TablePlan, target: Path, scratch: Path, limits: Limits) -> tuple[Table, tuple[str, ...]]:
    """Writes a table's planned columns to `target` as CSV without a header; the table, and the columns in order.

    Nothing in the file's views can reach another file. Raises CannotGoOn. Cost: one scan, and a sort by the key.
    """
    with _opened(plan, scratch, limits) as connection:
        table = _table(plan, connection)
        columns = chosen(plan, table)
        texts = ", ".join(_text(column, table.types[column]) for column in columns) or "1"
        key = order(plan, columns)
        by = f" ORDER BY {quoted(key)}" if key else ""
        source = f"{quoted(table.schema)}.{quoted(table.name)}"
        rows = f"SELECT {texts} FROM {source}{by}"
        connection.execute(f"COPY ({rows}) TO {file_literal(target)} (FORMAT csv, HEADER false, DELIMITER ',')")
        return table, columns


@contextmanager
def _opened(plan: TablePlan, scratch: Path, limits: Limits) -> Iterator[duckdb.DuckDBPyConnection]:
    path = Path(plan.source.path or "")
    if not path.is_file():
        raise CannotGoOn([problem("L121", plan.source.place, file=path.name or plan.source.name, says=absent(path))])
    try:
        connection = duckdb.connect(str(path), read_only=True)
    except (duckdb.Error, OSError) as error:
        raise CannotGoOn([_unread(plan, path, error)]) from error
    try:
        for statement in settings(scratch, (), limits):
            connection.execute(statement)
        with interrupted_after(connection, limits.seconds):
            yield connection
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise
    except duckdb.Error as error:
        raise CannotGoOn([_unread(plan, path, error)]) from error
    finally:
        connection.close()


def _unread(plan: TablePlan, path: Path, error: Exception) -> Problem:
    if LOCKED in str(error):
        holder = HOLDER.search(str(error))
        case = {"case": "locked", "holder": holder[1]} if holder else {"case": "busy"}
        return Problem(plan.source.place, "L121", {**case, "file": path.name, "says": LOCKED})
    return problem("L121", plan.source.place, file=path.name, says=says(error))


def _table(plan: TablePlan, connection: duckdb.DuckDBPyConnection) -> Table:
    schema, name = schema_and_name(plan, "main")
    rows = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns()"
        f" WHERE schema_name = {literal(schema)} AND table_name = {literal(name)} AND NOT internal"
        " ORDER BY column_index"
    ).fetchall()
    if not rows:
        there = connection.execute(
            "SELECT DISTINCT schema_name, table_name FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
        ).fetchall()
        raise CannotGoOn([no_table(plan, schema, name, [(str(one), str(other)) for one, other in there])])
    types = {str(column): str(kind) for column, kind in rows}
    return Table(schema, name, {column: _role(kind) for column, kind in types.items()}, types)


def _role(kind: str) -> Role:
    if kind in WHOLE or kind in FLOATS or DECIMAL.fullmatch(kind):
        return Role.NUMBER
    if kind in MOMENTS or kind in (ZONED, "DATE"):
        return Role.TIME
    return Role.TRUTH if kind == "BOOLEAN" else Role.TEXT


def _text(column: str, kind: str) -> str:
    text = f"CAST({quoted(column)} AS VARCHAR)"
    return f"regexp_replace({text}, '\\.0$', '')" if kind in FLOATS else text
