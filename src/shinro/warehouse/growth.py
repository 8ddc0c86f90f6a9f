"""Growth: the rows that a scan of a growth metric found -> the points of the metric and of its parts, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from shinro.queries.activity import Firsts, Gaps, Presence, Stretches
from shinro.queries.funnel import Attempts
from shinro.queries.retention import Retention
from shinro.queries.scans import Scan
from shinro.series import Point
from shinro.warehouse.active import first_points, gap_points, presence_points, reaches, stretch_points
from shinro.warehouse.frame import Row
from shinro.warehouse.funnel import attempt_points
from shinro.warehouse.ground import Ground, Maker
from shinro.warehouse.retention import retention_points

__all__ = ["POINTS", "Ground", "growth_points", "growth_read"]

# Kind of growth -> what makes the points of a part ("" is the metric's own number) from one segment's rows.
POINTS: Mapping[type[Any], Maker] = {
    Firsts: first_points,
    Gaps: gap_points,
    Presence: presence_points,
    Stretches: stretch_points,
    Retention: retention_points,
    Attempts: attempt_points,
}


def growth_read(scan: Scan, rows: Iterable[Row]) -> Any:  # noqa: ANN401 - each kind of growth has its own
    """What the points of one segment are made of, whatever the part and the grain asked for.

    A row is the first column, then what stands after the dimensions.
    """
    columns = list(zip(*rows, strict=True))
    del columns[1 : 1 + len(scan.dimensions)]
    if isinstance(scan.growth, Firsts):
        return columns
    plain = list(zip(*columns, strict=True))
    return reaches(plain) if isinstance(scan.growth, Gaps) else plain


def growth_points(part: str, ground: Ground, found: Any) -> tuple[Point, ...]:  # noqa: ANN401 - as above
    """The points of a part for one segment, from what `growth_read` made of it."""
    return POINTS[type(ground.scan.growth)](part, ground, found)
