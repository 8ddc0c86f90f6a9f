"""Courses: the level that a metric should stand at on each day; and what that makes of a period."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction

from shinro.analysis.compare import root
from shinro.periods import Calendar, Grain, Period

DAY = timedelta(days=1)
NORMAL = {Grain.DAY: 1, Grain.WEEK: 5}  # working days of a normal period; a month or longer has its own


class Shape(Enum):
    """How a level moves from one knot to the next."""

    STEPS = "steps"  # it stays until the next knot
    LINEAR = "linear"  # the same amount every day


@dataclass(frozen=True, slots=True)
class Knot:
    """A level that is to be reached on a day."""

    day: date
    level: Fraction


@dataclass(frozen=True, slots=True)
class Course:
    """Levels day by day: none before the first knot, the last knot's level after it.

    A level is what one whole `per` period brings of something that accrues, and the value itself where `per` is None;
    a level a week means a week of five working days, one a day a working day, so that holidays ask for less.
    `knots` stand in order of days, no two on one. `rate`: one knot, growing by it at the start of every later period
    of `every`, without end. `until`: the day that the last level is to be reached by, where one is set.
    Days before `since` are `earlier`'s, where that is told; from `ended` on there is no level.
    """

    knots: tuple[Knot, ...]
    calendar: Calendar
    shape: Shape = Shape.STEPS
    per: Grain | None = None
    rate: Fraction | None = None
    every: Grain = Grain.MONTH
    until: date | None = None
    earlier: Course | None = None
    since: date = date.min
    ended: date = date.max

    @property
    def begins(self) -> date:
        """The first day with a level."""
        return self.earlier.begins if self.earlier else self.knots[0].day

    def after(self, earlier: Course | None, since: date) -> Course:
        """This course from a day on, another until then: until this one begins, where that is later."""
        first = max(since, self.begins)
        return replace(self, earlier=earlier, since=first) if earlier and earlier.begins < first else self

    def level(self, day: date) -> Fraction | None:
        """The level on a day; None before the first knot, and where it has ended."""
        if self.earlier and day < self.since:
            return self.earlier.level(day)
        if day >= self.ended:
            return None
        place = bisect_right(self.knots, day, key=lambda knot: knot.day)
        if not place:
            return None
        before = self.knots[place - 1]
        if self.rate is not None:
            return before.level * (1 + self.rate) ** steps(self.calendar, before.day, day, self.every)
        if place == len(self.knots) or self.shape is Shape.STEPS:
            return before.level
        after = self.knots[place]
        share = Fraction((day - before.day).days, (after.day - before.day).days)
        return before.level + (after.level - before.level) * share

    def target(self, period: Period) -> Fraction | None:
        """What a period should bring (`per`), or where its last day should find the value.

        None where the course begins after the period's first day, or, without `per`, after its last; or ended in it.
        Law: the targets of periods that tile a span add up to the target of the span. Cost: linear in days.
        """
        return self.due(period, period.last)

    def due(self, period: Period, day: date) -> Fraction | None:
        """The part of a period's target that its days up to and with `day` should bring, by working days.

        Law: on the period's last day it is the target.
        """
        if self.per is None:
            return self.level(min(day, period.last))
        if self.level(period.start) is None or self.level(period.last) is None:
            return None
        return sum(self.daily(Period(period.start, min(day + DAY, period.end))), Fraction(0))

    def daily(self, span: Period) -> Iterator[Fraction]:
        """What each day of a span brings: its level, shared over the working days of the `per` period it lies in.

        A week counts as five of them, whatever its holidays; a month without any shares its level over all its days.
        """
        per = self.per or Grain.DAY
        day, whole, days = span.start, Period(span.start, span.start), 0
        if self.earlier and day < self.since:
            day = min(self.since, span.end)
            yield from self.earlier.daily(Period(span.start, day))
        while day < span.end:
            if day not in whole:
                whole = self.calendar.period(day, per)
                days = NORMAL.get(per) or self.calendar.working_days(whole.start, whole.end)
            level = self.level(day)
            if level is not None and (not days or self.calendar.is_working(day)):
                yield level / (days or whole.length)
            day += DAY


def steps(calendar: Calendar, first: date, day: date, grain: Grain) -> int:
    """How many periods of a grain start after the one that `first` lies in, up to a day."""
    return sum(1 for _ in calendar.periods(first, day, grain)) - 1


def grown(first: Knot, last: Knot, calendar: Calendar, every: Grain) -> tuple[Knot, ...]:
    """Knots that lead from one level to another at a constant rate, a step at the start of each period of a grain.

    Levels are more than 0. Law: the period of the last knot's day has exactly its level.
    """
    starts = [period.start for period in calendar.periods(first.day, last.day, every)][1:]
    if not starts:
        return (first, last) if last.day > first.day else (last,)
    once = root(last.level / first.level, len(starts))
    between = [Knot(day, first.level * once**n) for n, day in enumerate(starts[:-1], start=1)]
    return (first, *between, Knot(starts[-1], last.level))
