"""Coarser: counts by day, added up to weeks, months, quarters and years, so that a table is asked once for all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from operator import itemgetter
from types import NoneType

from shinro.periods import Calendar, Grain
from shinro.queries.scans import Scan
from shinro.warehouse.frame import ANCHOR, Row, ordinal

ADDITIVE = ("count", "sum")
WHOLE = {int, NoneType}
MANY = 40_000  # rows: of more of them an engine makes the sums faster


def daily(scan: Scan) -> Scan | None:
    """The scan by day that has all that a coarser one is made of; None where its days do not add up to it."""
    apart = scan.ends or scan.terms or scan.growth or scan.span or scan.grain is Grain.DAY
    if apart or any(one.way not in ADDITIVE for one in scan.measures):
        return None
    return replace(scan, grain=Grain.DAY)


def coarser(scan: Scan, days: list[Row], calendar: Calendar) -> list[Row] | None:
    """The rows of a scan from those of its days; None where these are many, or no whole numbers.

    Law: it gives the rows that the scan gives (in order of time, segments as they come). Cost: linear in the rows.
    """
    width = 1 + len(scan.dimensions)
    when, *columns = zip(*days, strict=True) if days else [()] * (width + len(scan.measures))
    if len(days) > MANY or not all({*map(type, column)} <= WHOLE for column in columns[width - 1 :]):
        return None
    try:
        numbers = _ordinals(sorted(map(int, set(when))), scan.grain, calendar)
    except (OverflowError, ValueError):  # the period of one of the last days of the calendar ends behind it
        return None
    places: defaultdict[Row, int] = defaultdict(count().__next__)  # in order as they come
    keys = zip(map(numbers.__getitem__, when), *columns[: width - 1], strict=True)
    at = list(map(places.__getitem__, keys))
    sums = [_summed(at, len(places), column) for column in columns[width - 1 :]]
    return sorted(((*key, *each) for key, *each in zip(places, *sums, strict=True)), key=itemgetter(0))


def _summed(at: list[int], many: int, numbers: Iterable[int | None]) -> list[int | None]:
    """Sums of what there is, by place: nothing and something is something, as in a sum of rows."""
    found: list[int | None] = [None] * many
    for place, number in zip(at, numbers, strict=True):
        if number is not None:
            found[place] = (found[place] or 0) + number
    return found


def _ordinals(days: list[int], grain: Grain, calendar: Calendar) -> dict[object, int]:
    """The periods' numbers by those of days, which are in order."""
    found: dict[object, int] = {}
    number, end = 0, None
    for day in days:
        if end is None or day >= end:
            period = calendar.period(ANCHOR + timedelta(days=day), grain)
            number, end = ordinal(period.start, grain), ordinal(period.end, Grain.DAY)
        found[day] = number
    return found


def asked_by_day(scans: Iterable[Scan]) -> frozenset[Scan]:
    """The scans by day that are asked for anyway beside coarser ones of the same."""
    known = set(scans)
    return frozenset(found for scan in known if (found := daily(scan)) in known and found is not None)
