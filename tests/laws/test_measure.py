"""What the engines find is what a slow walk over the rows finds, whatever the rows, the definitions and the session.

`SHINRO_EXAMPLES=2000 pytest tests/laws/test_measure.py` tries 2,000 worlds.
"""

from __future__ import annotations

from hypothesis import given

import oracle
from measuring import Duck, Reading, Server, columns_of, exact_cells, measured
from worlds import TYPES, WORLDS, Asked, asked


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
