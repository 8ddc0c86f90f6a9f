"""The frame of a series: its periods with how final each is, and the numbers that a scan found for them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from shinro.loads import Load
from shinro.periods import Calendar, Grain, Period
from shinro.queries.scans import Measure, Scan, Want
from shinro.series import Mark, Point, Segment

ANCHOR = date(1900, 1, 1)
Cells = Mapping[Segment, Mapping[int, tuple[Fraction | None, Fraction | None]]]  # segment -> ordinal -> (value, base)
ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Frame:
    """Periods from a table's first day to as-of, each with its mark, and their ordinals as scans return them."""

    periods: tuple[Period, ...]
    marks: tuple[Mark, ...]
    ordinals: tuple[int, ...]


def frame(load: Load, grain: Grain, calendar: Calendar, as_of: date) -> Frame:
    """The frame of a table's metrics. Empty where the table has no dated row up to as-of.

    A period is complete when as-of is past its end plus the source's lateness, never because rows stop. What lies
    after the known days, and after a silence no longer than has been usual, is unknown.
    """
    if load.oldest is None or load.oldest > as_of:
        return Frame((), (), ())
    periods = tuple(calendar.periods(load.oldest, as_of, grain))
    known = _known(load)
    marks = tuple(_mark(period, as_of, load.late_by, known) for period in periods)
    return Frame(periods, marks, tuple(ordinal(period.start, grain) for period in periods))


def span_frame(load: Load, span: Period) -> Frame:
    """The frame of one value over a span of days that lies before as-of."""
    known = load.oldest is not None and span.start <= _known(load)
    return Frame((span,), (Mark.COMPLETE if known else Mark.UNKNOWN,), (0,))


def _known(load: Load) -> date:
    until = load.known_until or load.newest or date.min
    return until + timedelta(days=max(load.late_by, load.longest_gap - 1, 0))


def _mark(period: Period, as_of: date, late_by: int, known: date) -> Mark:
    if period.start > known:
        return Mark.UNKNOWN
    over = as_of >= period.end + timedelta(days=late_by)
    return Mark.COMPLETE if over and known >= period.last else Mark.INCOMPLETE


def ordinal(start: date, grain: Grain) -> int:
    """A period's number as scans return it: days since 1900-01-01, or months since year 0."""
    if grain in (Grain.DAY, Grain.WEEK):
        return (start - ANCHOR).days
    return start.year * 12 + start.month - 1


@cache
def _whole(number: int) -> Fraction:
    return Fraction(number)


def exact(number: object) -> Fraction | None:
    """An engine's number as an exact one."""
    if number is None:
        return None
    if isinstance(number, int):
        return _whole(number)
    if isinstance(number, Decimal):
        return Fraction(number)
    raise TypeError(number)


def cells(scan: Scan, rows: Iterable[tuple[object, ...]]) -> tuple[Cells, ...]:
    """The numbers of each measure of a scan, from its rows. Cost: linear in the rows."""
    width = 1 + len(scan.dimensions)
    wide = [one.way in ("avg", "median") for one in scan.measures]
    names = [one.name for one in scan.dimensions]
    found: list[dict[Segment, dict[int, tuple[Fraction | None, Fraction | None]]]] = [{} for _ in scan.measures]
    segments: dict[tuple[object, ...], Segment] = {}
    for row in rows:
        key = row[1:width]
        segment = segments.get(key)
        if segment is None:
            segment = segments[key] = tuple((name, _label(part)) for name, part in zip(names, key, strict=True))
        at, period = width, int(row[0])  # type: ignore[call-overload]  # an engine's whole number
        for n, is_wide in enumerate(wide):
            pair = (exact(row[at]), exact(row[at + 1]) if is_wide else None)
            at += 1 + is_wide
            by_period = found[n].get(segment)
            if by_period is None:
                by_period = found[n][segment] = {}
            by_period[period] = pair
    return tuple(found)


def _label(part: object) -> str | None:
    return None if part is None else str(part)


def points(
    frame: Frame, measure: Measure, found: Mapping[int, tuple[Fraction | None, Fraction | None]]
) -> tuple[Point, ...]:
    """A simple metric's points: a period without rows is zero for counts and sums, undefined for the others."""
    empty = ZERO if measure.way in ("count", "count_distinct", "sum") else None
    made = []
    for period, mark, number in zip(frame.periods, frame.marks, frame.ordinals, strict=True):
        if mark is Mark.UNKNOWN:
            made.append(Point(period, None, mark))
            continue
        pair = found.get(number)
        if pair is None:
            made.append(Point(period, empty, mark))
        elif pair[1] is None:
            made.append(Point(period, empty if pair[0] is None else pair[0], mark))
        else:
            made.append(Point(period, pair[0] / pair[1] if pair[0] is not None and pair[1] else None, mark, *pair))
    return tuple(made)


def stock_points(frame: Frame, found: Mapping[int, tuple[Fraction | None, Fraction | None]]) -> tuple[Point, ...]:
    """A stock's points: what opened less what closed, up to the end of each period (of as-of in the running one)."""
    total, made = ZERO, []
    moves = sorted(found.items())
    at = 0
    for period, mark, number in zip(frame.periods, frame.marks, frame.ordinals, strict=True):
        while at < len(moves) and moves[at][0] <= number:
            total += moves[at][1][0] or ZERO
            at += 1
        made.append(Point(period, None if mark is Mark.UNKNOWN else total, mark))
    return tuple(made)


def wanted(want: Want) -> str:
    """A want as one line, for progress and messages."""
    by = f" by {', '.join(want.dimensions)}" if want.dimensions else ""
    return f"{want.metric} per {want.grain.value}{by}"
