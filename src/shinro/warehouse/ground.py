"""Ground: what the points of a growth metric stand on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shinro.loads import Load
from shinro.periods import Calendar, Grain
from shinro.queries.scans import Scan
from shinro.series import Point
from shinro.warehouse.frame import Frame


@dataclass(frozen=True, slots=True)
class Ground:
    """What points stand on: the scan, the periods with their marks, and what is known of the tables."""

    scan: Scan
    frame: Frame
    grain: Grain  # asked for; the scan's own may be finer
    calendar: Calendar
    as_of: date
    loads: Mapping[str, Load]
    made: dict[str, Any] = field(default_factory=dict, compare=False)  # what is the same for all segments, by name


Maker = Callable[[str, Ground, Any], tuple[Point, ...]]  # a part, where it stands, what was read of a segment
