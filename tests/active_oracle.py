"""A slow, obviously right count of who is active: for every window, every entity's rows are looked at again."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from oracle import DAY, Column, World, counts, days_of, mark, period_of, periods, segment_of
from shinro.definitions.metric import Metric
from shinro.periods import Duration, Grain, Period
from shinro.series import Mark, Segment

Row = Mapping[str, object]
PARTS = ("", "new", "returning", "resurrected", "dormant")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def back(day: date, span: Duration) -> date:
    """The day so long before: the same day of the month, or the month's last where it has no such day."""
    if span.unit not in MONTHS:
        return day - DAY * span.amount * {"day": 1, "week": 7}[span.unit]
    year, month = divmod(day.year * 12 + day.month - 1 - span.amount * MONTHS[span.unit], 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Walk:
    """One metric of active entities, by dimensions."""

    world: World
    metric: Metric
    by: tuple[str, ...] = ()

    @cached_property
    def table(self) -> str:
        return str(self.metric.active)

    @cached_property
    def within(self) -> Duration | None:
        return self.metric.within.duration if self.metric.within else None

    @cached_property
    def least(self) -> int:
        return int(self.metric.at_least.level.number.value) if self.metric.at_least else 1

    @cached_property
    def days(self) -> dict[Segment, dict[object, list[date]]]:
        """The days of every entity's rows, by segment."""
        table = self.world.table(self.table)
        plain = Metric(count=self.metric.active, where=self.metric.where, place=self.metric.place)
        found: dict[Segment, dict[object, list[date]]] = {} if self.by else {(): {}}
        for row in self.world.lines[self.table]:
            day, entity = row[str(table.time)], row[str(table.entity)]
            if not isinstance(day, date) or day > self.world.as_of or entity is None:
                continue
            if counts(self.world, plain, row):
                segment = segment_of(self.world, self.table, self.by, row)
                found.setdefault(segment, {}).setdefault(entity, []).append(day)
        return found

    def is_active(self, days: list[date], after: date, upto: date) -> bool:
        return sum(1 for day in days if after < day <= upto) >= self.least

    def number(self, part: str, segment: Segment, windows: list[tuple[date, date]]) -> int:
        """A part at the first of some windows; then come the ones before it, each directly before the last."""
        entities = self.days[segment].values()
        return sum(self.holds(part, days, windows) for days in entities)

    def holds(self, part: str, days: list[date], windows: list[tuple[date, date]]) -> bool:
        now, was = (self.is_active(days, *window) for window in windows[:2])
        ever = was or self.was_ever(days, windows)
        if part == "dormant":
            return was and not now
        kind = "returning" if was else "resurrected" if ever else "new"
        return now and part in ("", kind)

    def was_ever(self, days: list[date], windows: list[tuple[date, date]]) -> bool:
        """In any earlier window: of the calendar those before, else those that end on any day before this one."""
        if not self.within:
            return any(self.is_active(days, *window) for window in windows[1:])
        day, upto = min(days), windows[0][0]
        while day <= upto:
            if self.is_active(days, back(day, self.within), day):
                return True
            day += DAY
        return False

    def before(self, window: Period, grain: Grain) -> list[tuple[date, date]]:
        """The calendar's periods before one, back to before the first row."""
        first = days_of(self.world, self.table).oldest or window.start
        found, period = [], window
        while period.start > first:
            period = self.world.calendar.step(period, grain, -1)
            found.append((period.start - DAY, period.last))
        return [*found, (date(1800, 1, 1), date(1800, 1, 2))]

    def has_anybody(self, segment: Segment, grain: Grain) -> bool:
        """Whether anybody is ever active in a segment."""
        for days in self.days[segment].values():
            for day in days:
                period = period_of(day, grain, self.world.calendar)
                window = (back(day, self.within), day) if self.within else (period.start - DAY, period.last)
                if self.is_active(days, *window):
                    return True
        return False

    def at(self, part: str, segment: Segment, period: Period, grain: Grain) -> Fraction | None:
        """A part in a period that is not unknown."""
        last = min(period.last, self.world.as_of)
        if self.within is None:
            now = (period.start - DAY, last)
            return Fraction(self.number(part, segment, [now, *self.before(period, grain)]))
        if (self.within.amount, self.within.unit) != (1, "day"):
            while last > period.start and not self.is_known(last):
                last -= DAY
            return Fraction(self.on(part, segment, last))
        days = [period.start + DAY * n for n in range(period.length)]
        known = [day for day in days if self.is_known(day)]
        return Fraction(sum(self.on(part, segment, day) for day in known), len(known)) if known else None

    def on(self, part: str, segment: Segment, day: date) -> int:
        assert self.within is not None
        after = back(day, self.within)
        return self.number(part, segment, [(after, day), (back(after, self.within), after)])

    def is_known(self, day: date) -> bool:
        first = days_of(self.world, self.table).oldest
        one = Period(day, day + DAY)
        return (
            first is not None and first <= day <= self.world.as_of and mark(self.world, self.table, one) != Mark.UNKNOWN
        )


def values(world: World, metric: str, grain: Grain, by: tuple[str, ...] = ()) -> dict[Segment, Column]:
    """A metric or part in every period, whole or for every segment that anybody was ever active in."""
    name, _, part = metric.partition(".")
    walk = Walk(world, world.metric(name), by)
    made: dict[Segment, Column] = {}
    for segment in [each for each in walk.days if not by or walk.has_anybody(each, grain)]:
        made[segment] = {}
        for period in periods(world, walk.table, grain):
            how = mark(world, walk.table, period)
            value = None if how is Mark.UNKNOWN else walk.at(part, segment, period, grain)
            made[segment][period] = (value, how)
    return made
