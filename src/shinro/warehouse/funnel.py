"""Funnels and conversions: who reached which step -> shares with their parts, entities, and days, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from shinro.periods import Period
from shinro.queries.funnel import DAY, Attempts
from shinro.series import Mark, Point
from shinro.warehouse.frame import ANCHOR, EXACT, ZERO, Row, frame, known_to
from shinro.warehouse.ground import Ground

A_DAY = DAY * 1_000_000  # microseconds
WORST = (Mark.COMPLETE, Mark.INCOMPLETE, Mark.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Reached:
    """Who reached a step in a period, and the times that they took from the step before, in microseconds."""

    entities: Fraction = ZERO
    middle: Fraction = ZERO  # the sum of the one or two middle times
    total: Fraction = ZERO

    @property
    def days(self) -> Fraction | None:
        """The median time."""
        return self.middle / (2 - self.entities % 2) / A_DAY if self.entities else None


def attempt_points(part: str, ground: Ground, rows: Iterable[Row]) -> tuple[Point, ...]:
    """The points of a part. A period whose windows are not all over is incomplete.

    Units: entities, shares, days. Law: a step never has more than the one before; over <= base.
    """
    growth = ground.scan.growth
    assert isinstance(growth, Attempts)  # noqa: S101 - only such a scan comes here
    found = {_int(row[0]): reached(row) for row in rows}
    nobody = (Reached(),) * len(growth.steps)
    marks = _marks(ground, growth)
    return tuple(
        Point(period, None, Mark.UNKNOWN)
        if mark is Mark.UNKNOWN
        else _point(part, growth, found.get(number, nobody), Point(period, None, mark))
        for (period, _, number), mark in zip(ground.frame.each, marks, strict=True)
    )


def reached(row: Row) -> tuple[Reached, ...]:
    """Who reached each step, from a row of a period and segment: of the first a count, of a later one its times too."""
    _, first, *later = (EXACT[each] or ZERO for each in row)
    return (Reached(first), *(Reached(*later[at : at + 3]) for at in range(0, len(later), 3)))


def _int(found: object) -> int:
    assert isinstance(found, int)  # noqa: S101 - the engine's whole number
    return found


def _marks(ground: Ground, growth: Attempts) -> list[Mark]:
    other = _other(ground, growth)
    known, found = _known(ground, growth), []
    for period, mark, _ in ground.frame.each:
        over = Mark.COMPLETE if growth.is_over(period, known, ground.calendar.zone) else Mark.INCOMPLETE
        found.append(max((mark, over, other.get(period, Mark.COMPLETE)), key=WORST.index))
    return found


def _known(ground: Ground, growth: Attempts) -> date:
    """The day to which windows can have passed: as-of, or where one of the tables ends.

    What may have come behind its end is not known, so that nobody whose window reaches there is sure to be lost.
    """
    tables = {ground.scan.table, *([growth.later.table] if growth.later else [])}
    ends = min(known_to(ground.loads[table]) for table in tables)
    return min(ground.as_of, max(ends, ANCHOR) + timedelta(days=1 + growth.late))


def _other(ground: Ground, growth: Attempts) -> Mapping[Period, Mark]:
    """How final the rows are that a conversion comes to: what ended is unknown, not zero."""
    if growth.later is None or growth.later.table == ground.scan.table or ground.scan.span:
        return {}
    load = ground.loads[growth.later.table]
    if load.oldest is None or load.oldest > ground.as_of:
        return dict.fromkeys(ground.frame.periods, Mark.UNKNOWN)
    return {period: mark for period, mark, _ in frame(load, ground.grain, ground.calendar, ground.as_of).each}


def _point(part: str, growth: Attempts, at: tuple[Reached, ...], bare: Point) -> Point:
    steps = growth.steps
    if not part:
        return _share(at[-1].entities, at[0].entities, bare)
    if not growth.own:
        return _of_conversion(part, at, bare)
    if part in steps:
        return bare._replace(value=at[steps.index(part)].entities)
    name, _, what = part.rpartition("_")
    if what == "rate":
        here = steps.index(name)
        return _share(at[here].entities, at[here - 1].entities, bare)
    if name in steps:
        return _median(at[steps.index(name)], bare)
    return _mean(at[steps.index(name.removesuffix("_mean"))], bare)


def _of_conversion(part: str, at: tuple[Reached, ...], bare: Point) -> Point:
    cohort, converted = at
    if part in ("cohort", "converted"):
        return bare._replace(value=(cohort if part == "cohort" else converted).entities)
    return _median(converted, bare)


def _share(over: Fraction, base: Fraction, bare: Point) -> Point:
    return bare._replace(value=over / base if base else None, over=over, base=base)


def _median(step: Reached, bare: Point) -> Point:
    return bare._replace(value=step.days)


def _mean(step: Reached, bare: Point) -> Point:
    days = step.total / A_DAY
    return bare._replace(value=days / step.entities if step.entities else None, over=days, base=step.entities)
