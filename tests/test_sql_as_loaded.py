"""SQL for a server: over its own tables it gives what a load gives, in whatever zone a session is; else it says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from loading import loaded, plan
from loading import rows as rows_of
from postgres import Postgres
from shinro.loads import TablePlan
from shinro.periods import Grain
from shinro.run.gathering import Moment, gathering
from shinro.run.opening import open_project
from shinro.run.sql import sql
from shinro.run.values import values
from shinro.warehouse.as_loaded import as_loaded

ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Pacific/Apia")
TABLES = """
CREATE SCHEMA raw;
CREATE TYPE raw.stage AS ENUM ('won', 'lost');
CREATE DOMAIN raw.money AS numeric(18, 2);
CREATE TABLE raw.orders (order_id bigint, at timestamptz, wall timestamp, day date, customer text, code char(6),
  stage raw.stage, amount raw.money, share float8, paid boolean);
INSERT INTO raw.orders VALUES
  (1, '2026-01-01 04:59:59+00', '2026-11-01 01:30:00', '2026-01-01', ' Ann ', 'web', 'won', 10.50, 0.1, true),
  (2, '2026-01-01 05:00:00+00', '2026-03-08 02:30:00', '2026-01-02', '', 'ab', 'lost', 0, 1e-3, false),
  (3, '2026-02-01 04:30:00+00', '2026-11-01 00:59:59', NULL, '\u3000', NULL, NULL, NULL, NULL, NULL),
  (4, '2026-02-01 12:00:00+00', '2026-07-01 12:00:00.25', '2026-02-03', 'Ann', 'web ', 'won', 7, 2.5, true),
  (5, '2026-02-09 12:00:00+00', '2026-11-01 02:00:00', '2026-02-09', 'Ben', 'x', 'won', 1, 2, true)
"""
COLUMNS = (
    "order_id:any", "at:time", "wall:time", "day:time", "customer:text", "code:text", "stage:text", "amount:number",
    "share:number", "paid:truth",
)  # fmt: skip
STORY = """\
company: Acme
timezone: America/New_York
sources: {crm: {type: postgres, url: "${URL}", schema: raw}}
tables:
  sales: {from: crm.orders, key: order_id, time: at, entity: customer, dimensions: [code]}
metrics:
  orders: {count: sales}
  web: {count: sales, where: code = 'web'}
  buyers: {count_distinct: sales.customer}
  size: {avg: sales.amount}
"""
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def company(postgres: Postgres) -> Postgres:
    """A company's own database."""
    made = postgres.database()
    made.run(TABLES)
    return made


def planned(folder: Path, url: str, *columns: str) -> TablePlan:
    made = plan(folder, *(columns or COLUMNS), stem="orders", key="order_id", timezone="America/New_York")
    return replace(made, source=replace(made.source, type="postgres", url=url, schema="raw"))


def asked(database: Postgres, text: str, zone: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(database.url) as connection:
        connection.execute("SELECT set_config('TimeZone', %s, false)", (zone,))
        return connection.execute(text.encode()).fetchall()


@pytest.mark.parametrize("zone", ZONES)
def test_over_the_servers_table_stand_the_rows_of_the_load(tmp_path: Path, company: Postgres, zone: str) -> None:
    """Hours that come twice, texts with space, texts of nothing, blank-padded ones, floats among them."""
    made = planned(tmp_path, company.url)
    text = as_loaded(made, loaded(made, tmp_path), tmp_path / ".shinro")
    assert text is not None
    assert asked(company, f"{text} ORDER BY 1", zone) == rows_of(made, tmp_path)


@pytest.mark.parametrize("metric", ["orders", "web", "buyers", "size"])
def test_the_text_for_a_server_gives_there_what_values_show(tmp_path: Path, company: Postgres, metric: str) -> None:
    (tmp_path / "shinro.yaml").write_text(STORY, encoding="utf-8")
    opened = open_project(tmp_path)
    moment = Moment(NOW, environ={"URL": company.url})
    with gathering(opened, moment) as found:
        (series,) = values(found, (metric,), Grain.MONTH).series
    expected = {point.period.start.month: point.value for point in series.points if point.value}
    (text,) = sql(opened, metric, Grain.MONTH, (), "postgres", moment)
    assert "-- a period is counted in months, year x 12 + month - 1 of its first" in text
    assert f"-- m0: {metric}" in text
    for zone in ZONES:
        rows = [row for row in asked(company, text, zone) if row[1]]
        assert {row[0] % 12 + 1: row[1] / row[2] if metric == "size" else row[1] for row in rows} == expected


ODD = {
    "numeric": (
        "NaN",
        "Infinity",
        "99999999999999999999999999999.9999999994",
        "-99999999999999999999999999999.9999999995",
    ),
    "float8": ("NaN", "-Infinity", "9.9999999999999e28", "1e29", "1e100", "1e-100"),
    "float4": ("NaN", "Infinity", "9.9999994e28", "-1e35", "1e-40"),
    "date": ("infinity", "-infinity", "0001-01-01", "0044-03-15 BC", "9999-12-31", "10000-01-01"),
    "timestamp": ("infinity", "-infinity", "0001-01-01", "0001-12-31 BC", "9999-12-31 23:59:59.999999", "10000-01-01"),
    "timestamptz": ("infinity", "0001-01-01Z", "0001-12-31 23:59Z BC", "9999-12-31 23:59Z", "10000-01-01Z"),
}


@pytest.mark.parametrize("kind", ODD)
def test_rows_that_a_load_cannot_read_are_left_out_on_the_server_too(
    tmp_path: Path, postgres: Postgres, kind: str
) -> None:
    database = postgres.database()
    odd = [f"INSERT INTO raw.orders VALUES ({n}, '{value}')" for n, value in enumerate(ODD[kind])]
    database.run("CREATE SCHEMA raw", f"CREATE TABLE raw.orders (order_id int, x {kind})", *odd)
    database.run("INSERT INTO raw.orders SELECT n, NULL FROM generate_series(100, 120) AS n")
    role = "number" if kind in ("numeric", "float8", "float4") else "time"
    made = planned(tmp_path, database.url, "order_id:any", f"x:{role}")
    made = replace(made, source=replace(made.source, timezone="UTC"))
    load = loaded(made, tmp_path)
    text = as_loaded(made, load, tmp_path / ".shinro")
    assert load.rejected
    for zone in ZONES:
        assert asked(database, f"{text} ORDER BY 1", zone) == rows_of(made, tmp_path)


def test_rows_of_totals_are_left_out_by_a_load_alone(tmp_path: Path, postgres: Postgres) -> None:
    database = postgres.database()
    rows = ", ".join(f"({n}, 'Ann')" for n in range(9))
    database.run("CREATE SCHEMA raw", "CREATE TABLE raw.orders (order_id int, who text)")
    database.run(f"INSERT INTO raw.orders VALUES {rows}")
    made = planned(tmp_path, database.url, "order_id:any", "who:text")
    made = replace(made, columns=tuple(replace(one, payer=one.name == "who") for one in made.columns))
    assert as_loaded(made, loaded(made, tmp_path), tmp_path / ".shinro")
    database.run("INSERT INTO raw.orders VALUES (9, 'Total')")
    assert as_loaded(made, loaded(made, tmp_path), tmp_path / ".shinro") is None


def test_what_only_a_load_reads_is_said(tmp_path: Path, company: Postgres) -> None:
    """A text that is a number, a row that cannot be read, another engine, no load at all."""
    company.run(
        "CREATE TABLE raw.texts AS SELECT order_id, at, '1,200'::text AS amount FROM raw.orders",
        "CREATE TABLE raw.odd AS SELECT order_id, at FROM raw.orders",
        "INSERT INTO raw.odd VALUES (9, 'infinity')",
    )
    tables = {"texts": "sum: sales.amount", "odd": "count: sales"}
    found = {}
    for table, metric in tables.items():
        folder = tmp_path / table
        folder.mkdir()
        story = STORY[: STORY.index("tables:")] + f"tables:\n  sales: {{from: crm.{table}, key: order_id, time: at}}\n"
        (folder / "shinro.yaml").write_text(f"{story}metrics:\n  sold: {{{metric}}}\n", encoding="utf-8")
        opened, moment = open_project(folder), Moment(NOW, environ={"URL": company.url})
        found["none"] = sql(opened, "sold", Grain.MONTH, (), "postgres", moment)[0]
        with gathering(opened, moment):
            pass
        found[table] = sql(opened, "sold", Grain.MONTH, (), "postgres", moment)[0]
        found["duckdb"] = sql(opened, "sold", Grain.MONTH, (), "duckdb", moment)[0]
    assert "WITH " not in found["texts"] + found["duckdb"] + found["none"]
    for text in (found["texts"], found["duckdb"], found["none"]):
        assert "-- over sales as a load keeps them: moments in UTC without a zone, texts trimmed" in text
    assert "-- assumed of sales: " in found["none"]
    assert "-- sales as it was loaded: order_id number, at moment in UTC, amount number\n" in found["texts"]
    assert 'FROM "raw"."odd"' in found["odd"]
    assert (
        "-- rows of sales that could not be read, and are in no number that `values` shows, nor here: 1" in found["odd"]
    )
