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
    assert "-- rows of sales that could not be read, and are in no number that `values` shows: 1" in found["odd"]
