"""What a source states of its writing is of texts alone, and decimals are rounded alike, whatever holds the rows."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from loading import loaded, plan, problem_of, rows
from postgres import Postgres
from shinro.loads import Role, TablePlan
from shinro.warehouse.again import inputs_held, keep_text
from shinro.warehouse.databases import Table
from shinro.warehouse.inputs import Inputs
from shinro.warehouse.recall import Noted
from shinro.warehouse.relations import Input
from shinro.warehouse.shapes import keep_shape
from shinro.warehouse.snapshots import snapshot_path

TABLE = """
CREATE TABLE leads (id INTEGER, text VARCHAR, typed DECIMAL(18, 4), said VARCHAR, day DATE);
INSERT INTO leads VALUES (1, '1.234', 1.234, '03/04/2026', '2026-04-03'), (2, '1.234,5', 2.5, '25/04/2026', NULL)
"""
COLUMNS = ("id:number", "text:number", "typed:number", "said:time", "day:time")
STATED = {"numbers": "1.234,56", "dates": "%d/%m/%Y"}
ROWS = [
    (1, 1234, Decimal("1.234"), date(2026, 4, 3), date(2026, 4, 3)),
    (2, Decimal("1234.5"), Decimal("2.5"), date(2026, 4, 25), None),
]
PLACES = ("0.0000000005", "-0.0000000005", "1.000000000499", "7.5", "3")
ROUNDED = [Decimal("1E-9"), Decimal("-1E-9"), 1, Decimal("7.5"), 3]


def held(folder: Path, holder: str, sql: str, asked: TablePlan) -> TablePlan:
    """The table that SQL makes, in a database or in a file, as it is asked for."""
    path = folder / f"crm.{holder}"
    if holder == "sqlite":
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(sql)
    else:
        with duckdb.connect(str(path) if holder == "duckdb" else ":memory:") as connection:
            connection.execute(sql)
            if holder != "duckdb":
                connection.execute(f"COPY leads TO '{folder / f'leads.{holder}'}' (FORMAT {holder})")
                return asked
    return replace(asked, source=replace(asked.source, type=holder, path=str(path)))


@pytest.mark.parametrize("holder", ["duckdb", "sqlite", "parquet", "json"])
def test_what_a_source_states_of_its_writing_is_of_texts_alone(tmp_path: Path, holder: str) -> None:
    assert rows(held(tmp_path, holder, TABLE, plan(tmp_path, *COLUMNS, **STATED)), tmp_path) == ROWS


def test_what_a_postgresql_source_states_is_of_texts_alone(tmp_path: Path, postgres: Postgres) -> None:
    database = postgres.database()
    money = "ALTER TABLE leads ADD paid money; UPDATE leads SET paid = 1234.5"
    database.run(TABLE, money, "ALTER TABLE leads ADD short char(6); UPDATE leads SET short = '2.000'")
    asked = plan(tmp_path, *COLUMNS, "paid:number", "short:number", key="id", **STATED)
    asked = replace(asked, source=replace(asked.source, type="postgres", url=database.url, currency="USD"))
    assert rows(asked, tmp_path) == [(*row, Decimal("1234.5"), 2000) for row in ROWS]


@pytest.mark.parametrize("holder", ["duckdb", "parquet", "json", "csv"])
@pytest.mark.parametrize("kind", ["DECIMAL(38, 12)", "DOUBLE"])
def test_more_than_nine_places_are_rounded_to_nine_whatever_holds_them(tmp_path: Path, holder: str, kind: str) -> None:
    values = ", ".join(f"('{text}')" for text in PLACES)
    made = f"CREATE TABLE leads AS SELECT CAST(x AS {kind}) AS x FROM (VALUES {values}) AS t(x)"
    assert [row[0] for row in rows(held(tmp_path, holder, made, plan(tmp_path, "x:number")), tmp_path)] == ROUNDED


@pytest.mark.parametrize(("kind", "lies"), [("DECIMAL(18, 9)", True), ("DECIMAL(18, 10)", False)])
def test_a_file_of_longer_decimals_is_not_read_where_it_lies(tmp_path: Path, kind: str, *, lies: bool) -> None:
    made = f"CREATE TABLE leads AS SELECT CAST(x AS {kind}) AS x FROM (VALUES (1.5)) AS t(x)"
    loaded(held(tmp_path, "parquet", made, plan(tmp_path, "x:number")), tmp_path)
    assert bool(list((tmp_path / ".shinro" / "cache" / "tables").glob("*.parquet"))) is not lies


def test_numbers_of_json_that_are_no_amounts_stay_as_they_were_typed(tmp_path: Path) -> None:
    (tmp_path / "leads.json").write_text('[{"id": 1.5, "day": 2026.04, "text": "1.234,5", "typed": 2.5}]', "utf-8")
    asked = plan(tmp_path, "id:text", "day:text", "text:number", "typed:number", numbers="1.234,56")
    assert rows(asked, tmp_path) == [("1.5", "2026.04", Decimal("1234.5"), Decimal("2.5"))]


@pytest.mark.parametrize("holder", ["duckdb", "parquet"])
def test_a_list_of_decimals_is_no_number(tmp_path: Path, holder: str) -> None:
    made = "CREATE TABLE leads AS SELECT CAST([1.5] AS DECIMAL(18, 3)[]) AS x"
    refused = problem_of(held(tmp_path, holder, made, plan(tmp_path, "x:number")), tmp_path)
    assert (refused.code, refused.args["value"]) == ("L112", "[1.500]")
    apart = tmp_path / "apart"
    apart.mkdir()
    assert rows(held(apart, holder, made, plan(apart, "x:any")), apart) == [("[1.500]",)]


def test_a_column_that_became_a_text_is_read_as_its_source_writes_texts(tmp_path: Path) -> None:
    made = "CREATE TYPE word AS ENUM ('1.234'); CREATE TABLE leads AS SELECT CAST('1.234' AS word) AS x"
    asked = held(tmp_path, "duckdb", made, plan(tmp_path, "x:number", **STATED))
    assert rows(asked, tmp_path) == [(Decimal("1.234"),)]
    with duckdb.connect(str(tmp_path / "crm.duckdb")) as connection:
        connection.execute("ALTER TABLE leads ALTER x TYPE VARCHAR")
    assert rows(asked, tmp_path) == [(1234,)]


def test_what_a_server_gave_is_held_where_it_was_noted_under_an_older_name_too(tmp_path: Path) -> None:
    text = b"a,1\n"
    sha256 = hashlib.sha256(text).hexdigest()
    keep_text(tmp_path, sha256, ".csv", text)
    table = Table("public", "leads", {"id": Role.TEXT, "x": Role.NUMBER}, {"id": "text", "x": "numeric"})
    kept = snapshot_path(tmp_path, sha256, ".csv")
    item = Input("public.leads", kept, sha256, "rows", table, ("id", "x"))
    keep_shape(item)
    (note,) = kept.parent.glob("*.shape")
    shutil.copyfile(note, kept.with_name(f"{sha256}.{item.shape[:16]}.shape"))
    asked = plan(tmp_path, "id:text", "x:number")
    asked = replace(asked, source=replace(asked.source, type="postgres"))
    last = Noted("", (), (item.name,), (f"snapshots/{kept.name}",), None, (item.shape,), None)
    assert inputs_held(asked, tmp_path, last) == Inputs((item,))
