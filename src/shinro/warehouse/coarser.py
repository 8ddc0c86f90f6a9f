"""Coarser: counts by day, added up to weeks, months, quarters and years, so that a table is asked once for all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from shinro.periods import Calendar, Grain
from shinro.queries.scans import Scan
from shinro.warehouse.frame import ANCHOR, Row, ordinal

ADDITIVE = ("count", "sum")
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
    if len(days) > MANY or not all(number is None or number.__class__ is int for row in days for number in row[width:]):
        return None
    try:
        numbers = {day: _ordinal(int(str(day)), scan.grain, calendar) for day in {row[0] for row in days}}
    except (OverflowError, ValueError):  # the period of one of the last days of the calendar ends behind it
        return None
    found: dict[Row, Row] = {}
    for row in days:
        key, here = (numbers[row[0]], *row[1:width]), row[width:]
        before = found.get(key)
        found[key] = here if before is None else tuple(map(_added, before, here))
    return [key + sums for key, sums in sorted(found.items(), key=_number)]


def _ordinal(day: int, grain: Grain, calendar: Calendar) -> int:
    return ordinal(calendar.period(ANCHOR + timedelta(days=day), grain).start, grain)


def _number(item: tuple[Row, Row]) -> int:
    return item[0][0]  # type: ignore[return-value]  # the period's ordinal


def _added(one: object, other: object) -> object:
    """A sum of what there is: nothing and something is something, as in a sum of rows."""
    if one is None or other is None:
        return other if one is None else one
    return one + other  # type: ignore[operator]  # whole numbers


def asked_by_day(scans: Iterable[Scan]) -> frozenset[Scan]:
    """The scans by day that are asked for anyway beside coarser ones of the same."""
    known = set(scans)
    return frozenset(found for scan in known if (found := daily(scan)) in known and found is not None)
