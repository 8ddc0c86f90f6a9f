"""Series: one metric over time, exact, with everything that says what its numbers mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from shinro.periods import Grain, Period
from shinro.units import NUMBER, Unit

SMALL = 30  # a share on a smaller base is shown with its n and interval (docs/decisions/0017)
BAND = Fraction(1, 20)  # of a target's absolute value, either side: within it a number is on course (0016)


class Nature(Enum):
    """How a number lives in time: it flows, stands at a date, is a ratio of two, or looks back over a window."""

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    WINDOWED = "windowed"


class Better(Enum):
    """Which way is good."""

    HIGHER = "higher"
    LOWER = "lower"
    NONE = "none"


class Mark(Enum):
    """How far a point can be trusted to be final."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"  # the period, or its lateness, is not over yet
    UNKNOWN = "unknown"  # the data ended before it


class State(Enum):
    """The one vocabulary of where a number stands against what was meant."""

    AHEAD = "ahead"
    ON_COURSE = "on course"
    BEHIND = "behind"
    REACHED = "reached"
    MISSED = "missed"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"


Segment = tuple[tuple[str, str | None], ...]


class Point(NamedTuple):
    """A metric's value in one period. `value` None: undefined (0/0, no rows for an average) where not marked unknown.

    For a ratio, and an average, `over` and `base` are its exact parts, so that it can be pooled. A tuple, since there
    are a quarter of a million of them in a year of weeks by channel and rep.
    """

    period: Period
    value: Fraction | None
    mark: Mark = Mark.COMPLETE
    over: Fraction | None = None
    base: Fraction | None = None

    @property
    def final(self) -> Fraction | None:
        """The value where it is final; None where it is undefined, not known, or may still change."""
        return self.value if self.mark is Mark.COMPLETE else None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the numbers of a metric mean, the same for all of its series."""

    metric: str
    nature: Nature
    unit: Unit = NUMBER
    better: Better = Better.NONE
    percent: bool = False  # shown as a percentage
    numerator: str | None = None
    denominator: str | None = None
    population: str | None = None  # the `where` in force, printed
    window: str | None = None
    currency: str | None = None
    sources: tuple[str, ...] = ()
    by_definition: bool = False
    policy: str | None = None  # of recurring revenue: what counts, each option by name


@dataclass(frozen=True, slots=True)
class Series:
    """One metric, at one grain, for one segment (empty for the whole), in order of time and without gaps."""

    meaning: Meaning
    grain: Grain
    points: tuple[Point, ...]
    as_of: date
    zone: str = "UTC"
    segment: Segment = ()

    @property
    def metric(self) -> str:
        """The metric's name."""
        return self.meaning.metric

    def at(self, period: Period) -> Point | None:
        """The point of a period, if the series has it."""
        return next((point for point in self.points if point.period == period), None)

    def on(self, day: date) -> Point | None:
        """The point of the period that a day lies in."""
        return next((point for point in self.points if day in point.period), None)

    @property
    def complete(self) -> tuple[Point, ...]:
        """The points that are final."""
        return tuple(point for point in self.points if point.mark is Mark.COMPLETE)


def mark_of(points: Iterable[Point]) -> Mark:
    """The mark of several periods as one: that of the least known."""
    marks = {point.mark for point in points}
    return next((mark for mark in (Mark.UNKNOWN, Mark.INCOMPLETE) if mark in marks), Mark.COMPLETE)


def pooled(points: Sequence[Point]) -> Point | None:
    """Periods of a rate as one: their parts added, then divided. None where a part of one of them is not known.

    Law: one period pooled is that period.
    """
    over = [point.over for point in points if point.over is not None]
    base = [point.base for point in points if point.base is not None]
    if not points or len(over) != len(points) or len(base) != len(points):
        return None
    top, whole = sum(over, Fraction(0)), sum(base, Fraction(0))
    span = Period(points[0].period.start, points[-1].period.end)
    return Point(span, top / whole if whole else None, mark_of(points), top, whole)


def windows(points: Sequence[Point], periods: int) -> tuple[Point, ...]:
    """A rate over so many periods up to each, oldest first: only those of which all periods and parts are known.

    Cost: points times periods.
    """
    runs = (points[n : n + periods] for n in range(len(points) - periods + 1))
    whole = (run for run in runs if all(one.period.end == later.period.start for one, later in pairwise(run)))
    return tuple(found for run in whole if (found := pooled(run)))
