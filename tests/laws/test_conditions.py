"""A condition means the same in Python, in DuckDB and in PostgreSQL.

`SHINRO_EXAMPLES=5000 pytest tests/laws/test_conditions.py` tries 5,000 conditions, each on four rows.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from measuring import Duck, Engine, Server
from postgres import Postgres
from shinro.definitions.evaluate import value
from shinro.definitions.expression import Node
from shinro.definitions.grammar import where
from shinro.loads import Role
from shinro.queries.reading import TYPES
from shinro.queries.rows import condition
from strategies import COLUMNS, rows, wheres

AT_ONCE = 10  # conditions in one statement
BATCHES = settings(
    max_examples=int(os.environ.get("SHINRO_EXAMPLES", "150")) // AT_ONCE, suppress_health_check=list(HealthCheck)
)
KINDS = {Role.NUMBER: "number", Role.TEXT: "text", Role.TIME: "date", Role.TRUTH: "truth"}
KNOWN = {column: KINDS[role] for column, role in COLUMNS.items()}
Rows = list[dict[str, object]]


def found_by(engine: Engine, nodes: list[Node], given_rows: Rows) -> list[list[object]]:
    """Each condition's truth on each row, as an engine finds it."""
    types = {"n": "integer", **KNOWN}
    engine.create("rows", types, [{"n": n, **row} for n, row in enumerate(given_rows)])
    table = ibis.table({column: TYPES[kind] for column, kind in types.items()}, name="rows")
    columns = {column: table[column] for column in KNOWN}
    picked = {f"c{n}": condition(node, columns) for n, node in enumerate(nodes)}
    text = ibis.to_sql(table.select("n", **picked).order_by("n"), dialect=engine.dialect)
    return [list(row[1:]) for row in engine.rows(str(text))]


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Server]:
    hostile = {"DateStyle": "German, MDY", "TimeZone": "Pacific/Apia", "IntervalStyle": "iso_8601"}
    opened = Server(postgres.database(hostile).url)
    yield opened
    opened.connection.close()


@BATCHES
@given(
    st.lists(wheres(), min_size=AT_ONCE, max_size=AT_ONCE),
    st.lists(rows(), min_size=4, max_size=4),
)
def test_a_condition_means_the_same_in_every_engine(duck: Duck, server: Server, nodes: list[Node], rows: Rows) -> None:
    expected = [[value(node, row) for node in nodes] for row in rows]
    assert found_by(duck, nodes, rows) == expected
    assert found_by(server, nodes, rows) == expected
    server.connection.rollback()


ODD: dict[str, object] = {
    "amount": None,
    "seats": 2,
    "kind": "%_\\",
    "結果": "",
    "opened": None,
    "closed": None,
    "paid": None,
    "削除": None,
}


@pytest.mark.parametrize(
    "text",
    [
        "contains(kind, '%')", "contains(kind, '_\\')", "starts_with(kind, '')", "ends_with(kind, '\\')",
        "kind = 'it''s' or kind is not null", "seats = 123456.789", "seats < 999999999999999",
        "seats * 0.1 = 0.2", "length(結果) = 0", "not (amount > 1)", "amount > 1 or seats = 2", "paid in (true, false)",
        "seats not in (1, amount)", "least(amount, seats) = 2", "coalesce(opened, 2026-04-01) = 2026-04-01",
        "days_between(2024-02-28, 2024-03-01) = 2", "seats > 2.0000000001", "upper('éa') = 'éA'",
        "trim(' 　a　 ') = 'a'", "0001-01-01 < 9999-12-31",
    ],
)  # fmt: skip
def test_an_odd_condition_means_the_same_too(duck: Duck, server: Server, text: str) -> None:
    node = where(text)
    expected = [[value(node, ODD)]]
    assert found_by(duck, [node], [ODD]) == expected
    assert found_by(server, [node], [ODD]) == expected
    server.connection.rollback()
