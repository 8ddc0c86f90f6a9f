"""Reported: points of figures that are typed in. What was not typed in is unknown, never zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from shinro.periods import DAYS_OF, Calendar, Grain, Period
from shinro.series import Mark, Point

Rows = Sequence[tuple[date, Fraction]]


@dataclass(frozen=True, slots=True)
class Habit:
    """How a figure is typed in: one for each period of `every`, up to `late_by` days after it; a flow or a level."""

    every: Grain | None
    late_by: int
    flow: bool


def reported_points(rows: Rows, habit: Habit, grain: Grain, calendar: Calendar, as_of: date) -> tuple[Point, ...]:
    """The points of typed-in figures up to as-of: the sum of a flow, the last value of a stock or a rate.

    None of a grain shorter than `every`: a month's figure is no week's. Of a longer one, a flow is complete where every
    part has a figure, a level where its last part has one; where a part that is due has none, both are unknown.
    Law: a part belongs to the period that it ends in, whatever is read: the sum, the level and the formula of a month
    are of the same weeks, and nothing of it lies behind the month. Cost: linear in the rows and the parts.
    """
    past = sorted((row for row in rows if row[0] <= as_of), key=lambda row: row[0])
    longer = DAYS_OF[habit.every.value] - DAYS_OF[grain.value] if habit.every else -1
    if not past or longer > 0:
        return ()
    every = habit.every if longer < 0 else None
    typed = {calendar.period(day, every).start for day, _ in past} if every else set()
    by_period: dict[Period, list[Fraction]] = {}
    for day, number in past:
        by_period.setdefault(_period(day, every, grain, calendar), []).append(number)
    made = []
    for period in calendar.periods(min(by_period).start, as_of, grain):
        parts = list(parts_of(period, every, calendar)) if every else []
        mark = _mark(period, parts, typed, habit, as_of)
        made.append(_point(period, by_period.get(period, []), mark, flow=habit.flow))
    return tuple(made)


def parts_of(period: Period, every: Grain, calendar: Calendar) -> Iterator[Period]:
    """The shorter periods that end in a period, which is where they belong."""
    return (part for part in calendar.periods(period.start, period.last, every) if part.end <= period.end)


def _period(day: date, every: Grain | None, grain: Grain, calendar: Calendar) -> Period:
    return calendar.period(calendar.period(day, every).last if every else day, grain)


def _mark(period: Period, parts: Sequence[Period], typed: AbstractSet[date], habit: Habit, as_of: date) -> Mark:
    there = [part.start in typed for part in parts]
    due = sum(part.end + timedelta(days=habit.late_by) <= as_of for part in parts)
    if habit.flow:
        missing, whole = not all(there[:due]), all(there)
    else:
        missing, whole = due > 0 and not any(there[due - 1 :]), not there or there[-1]
    if missing:
        return Mark.UNKNOWN
    return Mark.COMPLETE if whole and as_of >= period.end else Mark.INCOMPLETE


def _point(period: Period, values: Sequence[Fraction], mark: Mark, *, flow: bool) -> Point:
    if not values or mark is Mark.UNKNOWN:
        return Point(period, None, Mark.UNKNOWN)
    return Point(period, sum(values, Fraction(0)) if flow else values[-1], mark)
