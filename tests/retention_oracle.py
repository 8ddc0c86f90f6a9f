"""A slow, obviously right walk over who was active when: cohorts, what is kept of them, when they are mature."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from hashlib import md5

import oracle
from oracle import Column, World, period_of, periods, segment_of
from shinro.definitions.metric import Metric
from shinro.periods import Grain, Period
from shinro.series import Mark, Segment


@dataclass(frozen=True)
class Rows:
    """The rows of `kept` that count, by who: local day, moment, segment, what orders rows of one moment."""

    world: World
    by: tuple[str, ...]

    @cached_property
    def metric(self) -> Metric:
        return self.world.metric("kept")

    @cached_property
    def found(self) -> dict[object, list[tuple[date, datetime, list[tuple[int, object]], Segment]]]:
        made: dict[object, list[tuple[date, datetime, list[tuple[int, object]], Segment]]] = {}
        like = Metric(count=self.metric.retention, where=self.metric.where, place=self.metric.place)
        for line, row in zip(self.world.lines["events"], self.world.rows["events"], strict=True):
            day, at = line["at"], row["at"]
            if line["who"] is None or not isinstance(day, date) or day > self.world.as_of:
                continue
            if oracle.counts(self.world, like, line):
                assert isinstance(at, datetime)
                order = [_order(line[name]) for name in self.by]
                made.setdefault(line["who"], []).append(
                    (day, at, order, segment_of(self.world, "events", self.by, line))
                )
        return made

    def periods_of(self, who: object, unit: Grain) -> dict[Period, Segment]:
        """The periods in which somebody is active, with the segment of the first row in each."""
        cuts: dict[Period, list[tuple[datetime, list[tuple[int, object]], Segment]]] = {}
        for day, at, order, segment in self.found[who]:
            cuts.setdefault(period_of(day, unit, self.world.calendar), []).append((at, order, segment))
        return {cut: min(rows, key=lambda row: row[:2])[2] for cut, rows in cuts.items()}


def _order(found: object) -> tuple[int, object]:
    if isinstance(found, str):
        return (0, md5(found.encode()).hexdigest())  # noqa: S324 - an order, no secret
    return (0, "") if found is None else (1, found)


def ahead(world: World, period: Period, unit: Grain, steps: int) -> Period:
    """The period so many later."""
    for _ in range(steps):
        period = period_of(period.end, unit, world.calendar)
    return period


def entered(rows: Rows, unit: Grain) -> Iterable[tuple[Period, Segment, set[Period]]]:
    """Everybody who is in a cohort: its period, the segment, all periods in which they are active."""
    for who in rows.found:
        active = rows.periods_of(who, unit)
        for cohort in [min(active)] if rows.metric.cohort == "first" else active:
            yield cohort, active[cohort], set(active)


def stays(rows: Rows, unit: Grain, cohort: Period, active: set[Period], first: int, end: int) -> bool:
    """Whether one is active in a bucket from `first` up to and without `end`; `on or after`: in any later one."""
    start = ahead(rows.world, cohort, unit, first)
    if rows.metric.counted == "on or after":
        return any(period >= start for period in active)
    return any(ahead(rows.world, start, unit, n) in active for n in range(end - first))


def retained(world: World, grain: Grain, by: tuple[str, ...] = ()) -> dict[Segment, dict[Period, tuple[int, int]]]:
    """Cohort and kept of every period in which cohorts are mature, by segment."""
    rows = Rows(world, by)
    after, until = rows.metric.after, rows.metric.until
    assert after
    unit, first = Grain(after.duration.unit), after.duration.amount
    end = until.duration.amount if until else first + 1
    made: dict[Segment, dict[Period, tuple[int, int]]] = {}
    for cohort, segment, active in entered(rows, unit):
        mature = ahead(world, cohort, unit, end - 1)
        if mature.start > world.as_of or oracle.mark(world, "events", mature) is Mark.UNKNOWN:
            made.setdefault(segment, {})
            continue
        dated = period_of(mature.last, grain, world.calendar)
        size, kept = made.setdefault(segment, {}).get(dated, (0, 0))
        made[segment][dated] = size + 1, kept + stays(rows, unit, cohort, active, first, end)
    return made


def value(found: dict[Period, tuple[int, int]], world: World, grain: Grain, part: str) -> Column:
    """What the metric, or a part of it, reads in every period."""
    made: Column = {}
    for period in periods(world, "events", grain):
        how = oracle.mark(world, "events", period)
        size, kept = found.get(period, (0, 0))
        number = {"cohort": Fraction(size), "kept": Fraction(kept), "": Fraction(kept, size) if size else None}[part]
        made[period] = (None if how is Mark.UNKNOWN else number, how)
    return made


def triangle(
    world: World, unit: Grain, last: int, by: tuple[str, ...] = ()
) -> dict[Segment, dict[Period, list[int | None]]]:
    """How many of each cohort are active so many periods later; None where that is not known, or is yet to come."""
    rows = Rows(world, by)
    made: dict[Segment, dict[Period, list[int | None]]] = {}
    there = {cut for cut in periods(world, "events", unit) if oracle.mark(world, "events", cut) is not Mark.UNKNOWN}
    for cohort, segment, active in entered(rows, unit):
        counts = made.setdefault(segment, {}).setdefault(cohort, [None] * (last + 1))
        for n in range(last + 1):
            if ahead(world, cohort, unit, n) in there:
                counts[n] = (counts[n] or 0) + stays(rows, unit, cohort, active, n, n + 1)
    return made
