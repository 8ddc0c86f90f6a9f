"""Growth: the rows that a scan of a growth metric found -> the points of the metric and of its parts, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shinro.loads import Load
from shinro.periods import Calendar, Grain
from shinro.queries.scans import Scan
from shinro.series import Point
from shinro.warehouse.frame import Frame, Row


@dataclass(frozen=True, slots=True)
class Ground:
    """What points stand on: the scan, the periods with their marks, and what is known of the tables."""

    scan: Scan
    frame: Frame
    grain: Grain  # asked for; the scan's own may be finer
    calendar: Calendar
    as_of: date
    loads: Mapping[str, Load]


Maker = Callable[[str, Ground, Iterable[Row]], tuple[Point, ...]]

# Kind of growth -> what makes the points of a part ("" is the metric's own number) from one segment's rows.
POINTS: Mapping[type[Any], Maker] = {}


def growth_points(part: str, ground: Ground, rows: Iterable[Row]) -> tuple[Point, ...]:
    """The points of a part for one segment. A row is the first column, then what stands after the dimensions."""
    lead = 1 + len(ground.scan.dimensions)
    return POINTS[type(ground.scan.growth)](part, ground, [(row[0], *row[lead:]) for row in rows])
