"""What the engines find is what a slow walk over the rows finds, whatever the rows, the definitions and the session.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_measure.py` tries 2,000 worlds.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given

import oracle
from measuring import Duck, Reading, Server, columns_of, exact_cells, measured
from postgres import Postgres
from worlds import TYPES, WORLDS, Asked, asked

HOSTILE = {
    "TimeZone": "America/St_Johns",
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "sql_standard",
    "search_path": "nowhere",
    "default_transaction_isolation": "serializable",
    "lc_numeric": "C",
    "extra_float_digits": "-15",
    "standard_conforming_strings": "on",
}


@pytest.fixture(scope="module")
def duck() -> Duck:
    return Duck()


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[Server]:
    opened = Server(postgres.database(HOSTILE).url)
    yield opened
    opened.connection.close()


@WORLDS
@given(asked())
def test_what_is_measured_is_what_a_slow_walk_over_the_rows_finds(duck: Duck, server: Server, asked: Asked) -> None:
    world = asked.world
    reading = Reading(world, TYPES, duck)
    found = measured(world, TYPES, reading, asked.wants)
    for want in asked.wants:
        assert columns_of(found, want) == oracle.values(world, want.metric, want.grain, want.dimensions), want
    other = Reading(world, TYPES, server)
    for scan, its in reading.scans.items():
        assert exact_cells(other.read(scan)) == exact_cells(its)
    server.connection.rollback()
