"""Measuring rows that a test makes: typed tables in an engine, loads as a loader would report them, the real path."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Protocol
from zlib import crc32

import duckdb
import psycopg

import oracle
from oracle import Column, Row, World
from shinro.definitions.columns import plans
from shinro.definitions.meaning import meanings
from shinro.definitions.project import Project, read_project
from shinro.loads import Load
from shinro.queries.compile import sql
from shinro.queries.scans import Scan, Want
from shinro.queries.schema import Schema
from shinro.series import Segment
from shinro.warehouse.engine import quoted
from shinro.warehouse.frame import Cells, cells, exact
from shinro.warehouse.measure import Measured, measure
from shinro.warehouse.reads import schema_of as told
from shinro.warehouse.texts import DIALECT, Texts
from shinro.warehouse.together import part, statement

Types = Mapping[str, Mapping[str, str]]
Found = tuple[object, ...]
EVERY = 1 if "SHINRO_EXAMPLES" in os.environ else 4  # worlds of which one is read together as well
KINDS = {"number": "DECIMAL(38, 9)", "integer": "BIGINT", "date": "DATE", "moment": "TIMESTAMP", "text": "VARCHAR"}
KINDS |= {"truth": "BOOLEAN"}


class Engine(Protocol):
    """What runs SQL and gives rows."""

    dialect: str

    def create(self, table: str, types: Mapping[str, str], rows: list[Row]) -> None:
        """A typed table with these rows, in place of any that was there."""

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query."""


class Duck:
    """An embedded engine in memory."""

    dialect = "duckdb"

    def __init__(self) -> None:
        self.connection = duckdb.connect()

    def create(self, table: str, types: Mapping[str, str], rows: list[Row]) -> None:
        self.connection.execute(f"CREATE OR REPLACE TABLE {quoted(table)} ({_columns(types)})")
        if rows:
            marks = ", ".join(f"({', '.join('?' * len(types))})" for _ in rows)
            parts = [row[column] for row in rows for column in types]
            self.connection.execute(f"INSERT INTO {quoted(table)} VALUES {marks}", parts)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.connection.execute(query).fetchall()


class Server:
    """A connection to a PostgreSQL server; nothing is ever committed."""

    dialect = "postgres"

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url)

    def create(self, table: str, types: Mapping[str, str], rows: list[Row]) -> None:
        columns = _columns(types).replace("VARCHAR", "TEXT")
        self.connection.execute(f"DROP TABLE IF EXISTS {quoted(table)}".encode())
        self.connection.execute(f"CREATE TEMP TABLE {quoted(table)} ({columns})".encode())
        with self.connection.cursor().copy(f"COPY {quoted(table)} FROM STDIN".encode()) as copy:
            for row in rows:
                copy.write_row([_told(row[column]) for column in types])

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.connection.execute(query.encode()).fetchall()


def _told(found: object) -> object:
    """A day in words that every DateStyle reads alike."""
    return found.isoformat() if isinstance(found, date) else found


def _columns(types: Mapping[str, str]) -> str:
    return ", ".join(f"{quoted(name)} {KINDS[kind]}" for name, kind in types.items())


def project_of(text: str) -> Project:
    """The project of a text that is right."""
    project, problems = read_project(text, "shinro.yaml")
    assert not problems, problems
    return project


def loads_of(world: World, types: Types) -> dict[str, Load]:
    """What a loader would report of the rows."""
    made = {}
    for table, rows in world.rows.items():
        days = oracle.days_of(world, table)
        kept = {column: "number" if kind == "integer" else kind for column, kind in types[table].items()}
        made[table] = Load(
            table, "crm", (), (), table, len(rows), types=kept, oldest=days.oldest, newest=days.newest,
            latest=days.latest, known_until=days.newest, longest_gap=days.longest_gap, future=days.future,
            late_by=world.late_by, whole=tuple(column for column, kind in types[table].items() if kind == "integer"),
        )  # fmt: skip
    return made


def schema_of(world: World, types: Types) -> Schema:
    """What the compiler is told."""
    planned, problems = plans(world.project, "", {})
    assert not problems, problems
    return told(planned, loads_of(world, types), world.calendar)


class Reading:
    """Answers scans from an engine, and remembers them."""

    def __init__(self, world: World, types: Types, engine: Engine) -> None:
        self.schema, self.engine = schema_of(world, types), engine
        self.scans: dict[Scan, Cells] = {}
        self.texts: list[str] = []
        self.raw: list[list[Found]] = []
        for table, rows in world.rows.items():
            engine.create(table, types[table], rows)

    def read(self, scan: Scan) -> Cells:
        """Law: the text that is kept for other days too is the one that is compiled for this day."""
        text = sql(scan, self.schema, self.engine.dialect)
        if self.engine.dialect == DIALECT and (scan.last or scan.span):
            assert Texts().scan(scan, self.schema) == text
        self.texts.append(text)
        self.raw.append(self.engine.rows(text))
        self.scans[scan] = cells(scan, self.raw[-1])
        return self.scans[scan]


def measured(world: World, types: Types, reading: Reading, wants: Iterable[Want]) -> Measured:
    """The real path from wants to series, over an engine.

    Law: scans that are read together give the rows that each of them gives alone, in the same order. Of every world
    where more examples than usual are asked for, else of one in a few.
    """
    loads = loads_of(world, types)
    found = measure(world.project, meanings(world.project), loads, wants, world.as_of, reading.read, lambda _: ())
    asked = crc32(repr(reading.texts).encode()) % EVERY == 0
    if asked and reading.texts and reading.engine.dialect == DIALECT:
        assert repr(together(reading.engine, world.rows, {}, reading.texts)) == repr(reading.raw)
    return found


def together(duck: Engine, tables: Iterable[str], rolled: Mapping[str, str], texts: list[str]) -> list[list[Found]]:
    """What an embedded engine finds of texts that it reads together."""
    duck.rows(f"CREATE OR REPLACE TEMP TABLE together AS {statement(tables, rolled, texts)}")
    return [duck.rows(part("together", n)) for n in range(len(texts))]


def columns_of(found: Measured, want: Want) -> dict[Segment, Column]:
    """Series as the oracle tells them."""
    return {one.segment: {at.period: (at.value, at.mark) for at in one.points} for one in found.get(want, ())}


def exact_cells(found: Cells) -> dict[Segment, dict[int, tuple[Fraction | None, ...]]]:
    """Cells whose numbers can be compared between engines."""
    return {
        segment: {at: tuple(exact(number) for number in row[1 + len(segment) :]) for at, row in by_period.items()}
        for segment, by_period in found.items()
    }
