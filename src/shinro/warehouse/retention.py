"""Retention: the cohorts that a scan found -> the points of a retention metric, exactly, and its curve."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate, repeat
from typing import cast

from shinro.cohorts import Cohort
from shinro.periods import Grain, Period, add_months
from shinro.queries.retention import Retention
from shinro.series import Mark, Point
from shinro.warehouse.frame import ANCHOR, Frame, Row, known_to, ordinal
from shinro.warehouse.ground import Ground

NOBODY = (0, 0)
Pools = Mapping[Period, tuple[int, int]]


def retention_points(part: str, ground: Ground, rows: Iterable[Row]) -> tuple[Point, ...]:
    """The metric's points, or those of a part, for one segment. Cost: linear in cohorts and periods.

    A cohort is dated at maturity: in the period in which its (last) bucket ends; cohorts that mature in one period are
    pooled. One whose bucket has not begun, or lies behind the known days, does not count yet.
    """
    pools = _pools(ground, rows)
    return tuple(_point(part, period, mark, *pools.get(period, NOBODY)) for period, mark, _ in ground.frame.each)


def _point(part: str, period: Period, mark: Mark, size: int, kept: int) -> Point:
    if mark is Mark.UNKNOWN:
        return Point(period, None, mark)
    if part:
        return Point(period, Fraction(size if part == "cohort" else kept), mark)
    return Point(period, Fraction(kept, size) if size else None, mark, Fraction(kept), Fraction(size))


def _pools(ground: Ground, rows: Iterable[Row]) -> Pools:
    """The cohorts that count, by the period that they are dated in: how many they have, how many are kept."""
    how = ground.scan.growth
    assert isinstance(how, Retention)  # noqa: S101 - only such a scan comes here
    begun = min(ground.as_of, known_to(ground.loads[ground.scan.table]))
    if begun < ANCHOR:
        return {}
    ahead = how.buckets.last * how.step
    newest = ordinal(ground.calendar.period(begun, how.grain).start, how.grain) - ahead
    found: dict[Period, tuple[int, int]] = {}
    for number, by_n in tallied(rows).items():
        if number <= newest:
            when = _dated(ground, _last_day(number + ahead, how.grain))
            size, kept = _kept(how, by_n)
            before = found.get(when, NOBODY)
            found[when] = before[0] + size, before[1] + kept
    return found


def tallied(rows: Iterable[Row]) -> Mapping[int, Mapping[int, int]]:
    """The rows of one segment as how many there are by cohort and `n`."""
    found: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for cohort, n, entities in cast("Iterable[tuple[int, int, int]]", rows):
        found[cohort][n] = entities
    return found


def _kept(how: Retention, by_n: Mapping[int, int]) -> tuple[int, int]:
    """How many a cohort has, and how many of them the metric keeps."""
    if how.looked and not how.buckets.ever:
        return by_n.get(0, 0), by_n.get(how.buckets.after * how.step, 0)
    least = how.buckets.after * how.step if how.looked else 1
    return sum(by_n.values()), sum(entities for n, entities in by_n.items() if n >= least)


def _dated(ground: Ground, matures: date) -> Period:
    """The period asked for that a day lies in; of a span, the span where it lies in it."""
    span = ground.scan.span
    if span is None:
        return ground.calendar.period(matures, ground.grain)
    return span if matures in span else Period(matures, matures)


def _last_day(number: int, unit: Grain) -> date:
    """The last day of the period that a scan numbers so."""
    if unit is Grain.MONTH:
        return add_months(date(number // 12, number % 12 + 1, 1), 1) - timedelta(days=1)
    return ANCHOR + timedelta(days=number + (6 if unit is Grain.WEEK else 0))


def cohorts_of(how: Retention, units: Frame, rows: Iterable[Row]) -> tuple[Cohort, ...]:
    """The cohorts of one segment by the periods of their unit, from the first that somebody is in.

    Buckets 0 to the last are all looked at. Cost: linear in rows and in cohorts by buckets.
    """
    found = tuple(_cohorts(how, units, tallied(rows)))
    first = next((n for n, each in enumerate(found) if each.size), len(found))
    return found[first:]


def _cohorts(how: Retention, units: Frame, counts: Mapping[int, Mapping[int, int]]) -> Iterator[Cohort]:
    there = sum(mark is not Mark.UNKNOWN for mark in units.marks)
    over = sum(mark is Mark.COMPLETE for mark in units.marks)
    looked = [bucket * how.step for bucket in how.looked]
    for n, (period, _, number) in enumerate(units.each):
        if n < there:
            by_bucket = list(map(counts.get(number, {}).get, looked, repeat(0)))
            if how.buckets.ever:
                by_bucket = list(accumulate(reversed(by_bucket)))[::-1]
            known = tuple(by_bucket[: there - n])
            begun = min(len(units.periods) - n, len(how.looked))
            yield Cohort(period, known, min(max(over - n, 0), len(how.looked)), begun - len(known))
