"""Growth: the rows that a scan of a growth metric found -> the points of the metric and of its parts, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shinro.queries.activity import Gaps, Presence, Stretches
from shinro.queries.funnel import Attempts
from shinro.queries.retention import Retention
from shinro.series import Point
from shinro.warehouse.active import gap_points, presence_points, stretch_points
from shinro.warehouse.frame import Row
from shinro.warehouse.funnel import attempt_points
from shinro.warehouse.ground import Ground, Maker
from shinro.warehouse.retention import retention_points

__all__ = ["POINTS", "Ground", "growth_points"]

# Kind of growth -> what makes the points of a part ("" is the metric's own number) from one segment's rows.
POINTS: Mapping[type[Any], Maker] = {
    Gaps: gap_points,
    Presence: presence_points,
    Stretches: stretch_points,
    Retention: retention_points,
    Attempts: attempt_points,
}


def growth_points(part: str, ground: Ground, rows: Iterable[Row]) -> tuple[Point, ...]:
    """The points of a part for one segment. A row is the first column, then what stands after the dimensions."""
    lead = 1 + len(ground.scan.dimensions)
    return POINTS[type(ground.scan.growth)](part, ground, [(row[0], *row[lead:]) for row in rows])
