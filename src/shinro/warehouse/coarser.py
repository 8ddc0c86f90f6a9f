"""Coarser: counts and sums by day, added up to weeks, months, quarters and years: a table is asked once for all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import accumulate, chain, count
from operator import itemgetter, sub

from shinro.periods import Calendar, Grain
from shinro.queries.scans import Measure, Scan
from shinro.warehouse.frame import ANCHOR, Cells, Row, ordinal

Whole = Collection[str]  # a table's columns of whole numbers


@dataclass(frozen=True, slots=True)
class Days:
    """A segment's numbers by day, added up from its first one on: any longer period is a difference of two of them."""

    key: Row  # its dimensions
    when: Sequence[int]  # days since 1900, in order
    sums: tuple[Sequence[int], ...]  # of each measure: before the first day, then up to each
    many: tuple[Sequence[int] | None, ...]  # as those, on how many of the days there is something; None: on all


def daily(scan: Scan, whole: Whole) -> Scan | None:
    """The scan by day that has all that a coarser one is made of; None where its days do not add up to it, exactly."""
    apart = scan.ends or scan.terms or scan.growth or scan.span or scan.grain is Grain.DAY
    if apart or not all(_is_whole(one, whole) for one in scan.measures):
        return None
    return replace(scan, grain=Grain.DAY)


def _is_whole(measure: Measure, whole: Whole) -> bool:
    return measure.way == "count" or (measure.way == "sum" and measure.column in whole)


def sums_of(scan: Scan, found: Cells) -> tuple[Days, ...]:
    """What a scan by day found, added up. Cost: linear in its rows."""
    width = 1 + len(scan.dimensions)
    made = []
    for rows in found.values():
        when, *columns = zip(*rows.values(), strict=True)
        numbers = columns[width - 1 :]
        each = [[number or 0 for number in column] if None in column else column for column in numbers]
        sums = tuple(tuple(accumulate(column, initial=0)) for column in each)
        many = tuple(_there(column) if None in column else None for column in numbers)
        made.append(Days(tuple(column[0] for column in columns[: width - 1]), when, sums, many))
    return tuple(made)


def _there(column: Iterable[object]) -> Sequence[int]:
    return tuple(accumulate((number is not None for number in column), initial=0))


def coarser(scan: Scan, days: Sequence[Days], calendar: Calendar) -> list[Row] | None:
    """The rows of a scan from those of its days; None where they lie at the end of the calendar.

    Law: it gives the rows that the scan gives (in order of time, segments as they come). Cost: linear in the days.
    """
    try:
        numbers = _ordinals(sorted({*chain.from_iterable(each.when for each in days)}), scan.grain, calendar)
    except (OverflowError, ValueError):  # the period of one of the last days of the calendar ends behind it
        return None
    rows = chain.from_iterable(_rows(each, numbers) for each in days)
    return sorted(rows, key=itemgetter(0))


def _rows(days: Days, numbers: Mapping[int, int]) -> Iterable[Row]:
    """A segment's rows: what there is up to the last day of each period, less what there was before its first."""
    upto = dict(zip(map(numbers.__getitem__, days.when), count(1), strict=False))
    ends = list(upto.values())
    sums = [_moves(column, ends) for column in days.sums]
    many = [None if column is None else _moves(column, ends) for column in days.many]
    columns = [_where(each, there) for each, there in zip(sums, many, strict=True)]
    return ((number, *days.key, *each) for number, *each in zip(upto, *columns, strict=True))


def _moves(sums: Sequence[int], ends: Sequence[int]) -> list[int]:
    reached = [sums[end] for end in ends]
    return list(map(sub, reached, [0, *reached]))


def _where(numbers: list[int], there: list[int] | None) -> Sequence[int | None]:
    """Sums of what there is: nothing and something is something, as in a sum of rows; nothing is none."""
    if there is None:
        return numbers
    return [number if many else None for number, many in zip(numbers, there, strict=True)]


def _ordinals(days: Iterable[int], grain: Grain, calendar: Calendar) -> dict[int, int]:
    """The periods' numbers by those of days, which are in order."""
    found: dict[int, int] = {}
    number, end = 0, None
    for day in days:
        if end is None or day >= end:
            period = calendar.period(ANCHOR + timedelta(days=day), grain)
            number, end = ordinal(period.start, grain), ordinal(period.end, Grain.DAY)
        found[day] = number
    return found


def asked_by_day(scans: Iterable[Scan], whole: Callable[[Scan], Whole]) -> frozenset[Scan]:
    """The scans by day that are asked for anyway beside coarser ones of the same."""
    known = set(scans)
    return frozenset(found for scan in known if (found := daily(scan, whole(scan))) in known and found is not None)
