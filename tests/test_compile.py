"""Golden SQL of a dozen scans in each dialect; the same texts are run on both engines, against what a hand counted.

After a change that is meant: `SHINRO_GOLDEN=1 pytest tests/test_compile.py` writes the texts anew; read the difference.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from measuring import Duck, Engine, Server, project_of, schema_of
from oracle import Row, World
from postgres import Postgres
from shinro.definitions.grammar import where
from shinro.periods import Grain, Period
from shinro.queries.compile import sql
from shinro.queries.reading import any_of
from shinro.queries.scans import Scan, Want, scans

GOLDEN = Path(__file__).parent / "contract" / "sql"
PROJECT = project_of("""
timezone: America/New_York
week_starts: sunday
fiscal_year_starts: april
sources: {crm: {type: files, path: "*.csv"}}
tables:
  agents: {from: crm.agents, key: agent, dimensions: [office]}
  deals:
    from: crm.deals
    key: id
    time: opened
    times: {closed: closed}
    starts: opened
    ends: closed
    ends_are: inclusive
    dimensions: [stage]
    joins: {agents: agent}
metrics:
  deals: {count: deals}
  won: {count: deals, where: stage = 'won'}
  closed: {count: deals, where: "stage in ('won', 'lost')"}
  worth: {sum: deals.amount, at: closed, where: stage = 'won'}
  size: {avg: deals.amount}
  middle: {median: deals.amount}
  least: {min: deals.amount}
  clients: {count_distinct: deals.client}
  won_clients: {count_distinct: deals.client, where: stage = 'won'}
  open: {stock: deals}
  eastern: {count: deals, where: "agents.office = 'East' and days_between(opened, closed) >= 2"}
""")
TYPES = {
    "agents": {"agent": "text", "office": "text"},
    "deals": {
        "id": "text", "opened": "moment", "closed": "date", "stage": "text", "client": "text", "agent": "text",
        "amount": "number",
    },
}  # fmt: skip


def deal(n: int, opened: str, closed: str | None, stage: str | None, who: str | None, amount: str | None) -> Row:
    """The n-th deal, of client `c{n % 2}`."""
    return {
        "id": f"d{n}", "opened": datetime.fromisoformat(opened), "closed": closed and date.fromisoformat(closed),
        "stage": stage, "client": f"c{n % 2}", "agent": who, "amount": amount and Decimal(amount),
    }  # fmt: skip


ROWS: dict[str, list[Row]] = {
    "agents": [{"agent": "Ann", "office": "East"}, {"agent": "Bob", "office": "West"}],
    "deals": [
        deal(1, "2026-03-08T04:59:59", "2026-03-09", "won", "Ann", "100.1"),  # 7 March in New York
        deal(2, "2026-03-09T03:59:59", "2026-04-01", "lost", "Bob", "200.2"),  # 8 March, now four hours behind
        deal(3, "2026-03-31T12:00:00", "2026-04-02", "won", "Ann", None),
        deal(4, "2026-04-01T04:00:00", None, "open", None, "50"),  # 1 April
        deal(5, "2026-04-01T03:59:59", "2026-04-01", "won", "Cid", "0.3"),  # 31 March
    ],
}
WORLD = World(PROJECT, TYPES, ROWS, date(2026, 4, 30), date(2026, 4, 30))
MARCH, APRIL = 2026 * 12 + 2, 2026 * 12 + 3
EAST = where("agents.office = 'East'")
SPAN = Period(date(2026, 3, 8), date(2026, 4, 1))
Rows = set[tuple[object, ...]]


def scan(*metrics: str, grain: Grain = Grain.MONTH, by: tuple[str, ...] = (), **more: object) -> Scan:
    wants = [replace(Want(metric, grain, by), **more) for metric in metrics]  # type: ignore[arg-type]  # a test's words
    (found,) = scans(PROJECT, wants, dict.fromkeys(TYPES), WORLD.as_of)
    return found


CASES: dict[str, tuple[Scan, Rows]] = {
    "count_by_month": (scan("deals"), {(MARCH, 4), (APRIL, 1)}),
    "count_by_day": (scan("deals", grain=Grain.DAY), {(46086, 1), (46087, 1), (46110, 2), (46111, 1)}),
    "count_by_week": (scan("deals", grain=Grain.WEEK), {(46080, 1), (46087, 1), (46108, 3)}),
    "count_by_quarter": (scan("deals", grain=Grain.QUARTER), {(2026 * 12, 4), (APRIL, 1)}),
    "count_by_fiscal_year": (scan("deals", grain=Grain.YEAR), {(2025 * 12 + 3, 4), (APRIL, 1)}),
    "several_with_filters": (scan("won", "closed"), {(MARCH, 3, 4)}),
    "sum_at_another_time": (scan("worth"), {(MARCH, Decimal("100.1")), (APRIL, Decimal("0.3"))}),
    "average_and_least": (
        scan("size", "least"),
        {(MARCH, Decimal("300.6"), 3, Decimal("0.3")), (APRIL, Decimal(50), 1, Decimal(50))},
    ),
    "median": (scan("middle"), {(MARCH, Decimal("100.1"), 1), (APRIL, Decimal(50), 1)}),
    "distinct": (scan("clients"), {(MARCH, 2), (APRIL, 1)}),
    "distinct_beside_counts": (scan("deals", "clients", "won_clients"), {(MARCH, 4, 2, 1), (APRIL, 1, 1, 0)}),
    "stock": (
        scan("open", grain=Grain.DAY),
        {(46086, 1), (46087, 1), (46089, -1), (46110, 2), (46111, 1), (46112, -2), (46113, -1)},
    ),
    "by_a_joined_dimension": (
        scan("deals", by=("office", "stage")),
        {
            (MARCH, "East", "won", 2), (MARCH, "West", "lost", 1), (MARCH, None, "won", 1), (APRIL, None, "open", 1),
        },
    ),
    "filtered_through_a_join": (scan("eastern"), {(MARCH, 2)}),
    "asked_for_and_a_span": (scan("deals", where=EAST, span=SPAN), {(0, 1)}),
    "cut_at_a_day": (replace(scan("deals"), last=date(2026, 3, 8)), {(MARCH, 2)}),
}  # fmt: skip


@pytest.fixture(scope="module", params=["duckdb", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    made: Engine = Duck()
    if request.param == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        made = Server(server.database({"TimeZone": "America/St_Johns", "DateStyle": "SQL, DMY"}).url)
    for table, rows in ROWS.items():
        made.create(table, TYPES[table], rows)
    yield made
    if isinstance(made, Server):
        made.connection.close()


@pytest.mark.parametrize("name", CASES)
def test_a_scan_compiles_to_the_text_that_is_kept_and_the_text_finds_what_was_counted(
    engine: Engine, name: str
) -> None:
    asked, expected = CASES[name]
    text = sql(asked, schema_of(WORLD, TYPES), engine.dialect)
    kept = GOLDEN / f"{name}.{engine.dialect}.sql"
    if os.environ.get("SHINRO_GOLDEN"):
        kept.write_text(text + "\n", "utf-8")
    assert text + "\n" == kept.read_text("utf-8")
    found = engine.rows(kept.read_text("utf-8"))
    assert set(found) == expected
    assert len(found) == len(expected)


def test_counts_come_as_plain_integers() -> None:
    """Engines widen sums of counts, and wide integers are fetched four times slower."""
    duck = Duck()
    for table, rows in ROWS.items():
        duck.create(table, TYPES[table], rows)
    for name in ("count_by_day", "several_with_filters", "distinct_beside_counts", "stock", "filtered_through_a_join"):
        duck.connection.execute(sql(CASES[name][0], schema_of(WORLD, TYPES), "duckdb"))
        assert {str(kind) for _, kind, *_ in duck.connection.description or ()} == {"BIGINT"}, name


def test_every_kept_text_belongs_to_a_case_and_divides_nothing() -> None:
    names = {path.name for path in GOLDEN.iterdir()}
    assert names == {f"{name}.{dialect}.sql" for name in CASES for dialect in ("duckdb", "postgres")}
    assert [path.name for path in GOLDEN.iterdir() if re.search(r"/|\bDIV\b|DATE_DIFF", path.read_text("utf-8"))] == []


def test_a_key_that_stands_twice_joins_nothing_so_that_no_row_counts_twice() -> None:
    asked = scan("deals", by=("office",))
    duck, known = Duck(), replace(schema_of(WORLD, TYPES), repeated=frozenset({("deals", "agents")}))
    twice = {**ROWS, "agents": [*ROWS["agents"], {"agent": "Ann", "office": "North"}]}
    for table, rows in twice.items():
        duck.create(table, TYPES[table], rows)
    assert set(duck.rows(sql(asked, known, "duckdb"))) == {(MARCH, None, 3), (MARCH, "West", 1), (APRIL, None, 1)}


@pytest.mark.parametrize("kinds", [("integer", "text"), ("text", "integer")])
def test_keys_of_two_types_are_the_same_where_their_texts_are(engine: Engine, kinds: tuple[str, str]) -> None:
    here, there = (int if kind == "integer" else str for kind in kinds)
    types = {"agents": {**TYPES["agents"], "agent": kinds[1]}, "deals": {**TYPES["deals"], "agent": kinds[0]}}
    agents: list[Row] = [{"agent": there(7), "office": "East"}]
    deals: list[Row] = [{**ROWS["deals"][0], "agent": here(n)} for n in (7, 8)]
    world = World(PROJECT, types, {"agents": agents, "deals": deals}, WORLD.as_of, WORLD.today)
    for table, rows in world.rows.items():
        engine.create(f"typed_{table}", types[table], rows)
    text = sql(scan("deals", by=("office",)), schema_of(world, types), engine.dialect)
    text = text.replace('FROM "deals"', 'FROM "typed_deals"').replace('"agents" AS', '"typed_agents" AS')
    assert set(engine.rows(text)) == {(MARCH, "East", 1), (MARCH, None, 1)}


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        (("won", "closed"), "stage in ('won', 'lost')"),
        (("won", "eastern"), "stage = 'won' or (agents.office = 'East' and days_between(opened, closed) >= 2)"),
        (("won",), "stage in ('won')"),
        (("won", "deals"), None),
    ],
)
def test_rows_that_no_measure_counts_are_left_out_before_the_counting(
    metrics: tuple[str, ...], expected: str | None
) -> None:
    assert any_of(scan(*metrics)) == (where(expected) if expected else None)
