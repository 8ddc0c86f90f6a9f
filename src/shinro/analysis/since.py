"""Since when, and whether it is unusual: what the periods before say of a combination that broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import log, sqrt

from shinro.findings.segments import Break, Breaks, Side
from shinro.periods import Period
from shinro.series import Mark, Point, Segment, Series

EARLIER = 12  # periods that are looked back on: what is longer ago says nothing of the old level
FEW = 4  # moves from period to period; fewer do not say what is usual
UNUSUAL = 3.0  # times the root mean square of earlier moves
HALF = 0.5


def dated(found: Breaks, series: Sequence[Series], first: date, last: date) -> Breaks:
    """Breaks with the period since when each stands on its new level: one that starts after `first`, up to `last`.

    `series` are those of the cells. Cost: linear in the points of the cells of each break.
    """
    dates = [_since(_points(one.segment, series, last), first) for one in found.breaks]
    return replace(found, breaks=tuple(replace(one, since=at) for one, at in zip(found.breaks, dates, strict=True)))


def unusual(found: Breaks, series: Sequence[Series], before: Period, last: date) -> Breaks:
    """Breaks without those that move about as far between other periods: nothing unexpected.

    What all did alike stays: it says where the change is not. Fewer than four earlier moves say nothing.
    """
    kept = [one for one in found.breaks if not one.segment or _is_unusual(one, series, before, last)]
    return replace(found, breaks=tuple(kept))


def _is_unusual(one: Break, series: Sequence[Series], before: Period, last: date) -> bool:
    """Whether a combination moved further than ever in the year before, and three times as far as it usually does.

    Rows of one person go together, so that chance in counts alone takes the habits of a few for a break.
    """
    points = [point for point in _points(one.segment, series, last) if point.period.end <= before.end][-EARLIER:]
    levels = [_level(Side(point.value, point.over, point.base)) for point in points if point.mark is not Mark.UNKNOWN]
    moves = [abs(there - here) for here, there in pairwise(levels)]
    now = abs(_level(one.observed) - _level(one.expected))
    return len(moves) < FEW or now > max(*moves, UNUSUAL * sqrt(sum(move**2 for move in moves) / len(moves)))


def _level(cell: Side) -> float:
    """The logarithm of a rate, a count or an amount, with half a thing added to it."""
    over, base = (_number(cell.over), _number(cell.base)) if cell.is_ratio else (_number(cell.value), 1.0)
    return log((max(over, 0.0) + HALF) / (base + HALF))


def _points(segment: Segment, series: Sequence[Series], last: date) -> list[Point]:
    """The points of one combination up to a day: the sums of its cells."""
    rows: dict[Period, list[Point]] = {}
    for one in series:
        if set(segment) <= set(one.segment):
            for point in one.points:
                rows.setdefault(point.period, []).append(point)
    return [_sum_of(rows[period]) for period in sorted(rows) if period.end <= last]


def _since(points: Sequence[Point], first: date) -> Period | None:
    """The period in which a combination broke."""
    place = next((number for number, point in enumerate(points) if point.period.start > first), len(points))
    begin = max(place - EARLIER, 0)
    found = since(points[begin:], place - begin)
    return None if found is None else points[begin + found].period


def _sum_of(row: Sequence[Point]) -> Point:
    """The same period of several cells as one."""
    mark = Mark.UNKNOWN if any(point.mark is Mark.UNKNOWN for point in row) else row[0].mark
    if all(point.base is None for point in row):
        return Point(row[0].period, sum((point.value or Fraction(0) for point in row), Fraction(0)), mark)
    over, base = (
        sum((part or Fraction(0) for part in parts), Fraction(0))
        for parts in zip(*((p.over, p.base) for p in row), strict=True)
    )
    return Point(row[0].period, over / base if base else None, mark, over, base)


def since(points: Sequence[Point], first: int) -> int | None:
    """The place of the first point of a new level, not before `first`; None where no place is better than chance.

    Every place is tried: a rate of its own on each side (of counts a mean), against one for all. The place with the
    largest log-likelihood ratio is told where that is no chance find among those tried (Bonferroni, 5 %).
    Only for counts and for ratios of counts. Cost: linear. Source: Page (1955), Hinkley and Hinkley (1970),
    doi:10.1093/biomet/57.3.477.
    """
    known = [_counted(point) for point in points]
    tried = range(max(first, 1), len(known))
    scores = {place: _gain(known[:place], known[place:]) for place in tried}
    best = max(scores, key=lambda place: (scores[place], place), default=None)
    return best if best is not None and scores[best] >= log(20 * len(scores)) else None


def _counted(point: Point) -> tuple[float, float]:
    """What was counted and in how many tries; of a count in one period."""
    if point.mark is Mark.UNKNOWN:
        return 0.0, 0.0
    if point.base is not None:
        return _number(point.over), _number(point.base)
    return _number(point.value), 1.0


def _gain(before: Sequence[tuple[float, float]], after: Sequence[tuple[float, float]]) -> float:
    """The log-likelihood ratio of two levels against one, of counts in so many tries."""
    one, two = _sum(before), _sum(after)
    return _likely(*one) + _likely(*two) - _likely(one[0] + two[0], one[1] + two[1])


def _sum(cells: Sequence[tuple[float, float]]) -> tuple[float, float]:
    return sum(over for over, _ in cells), sum(base for _, base in cells)


def _likely(over: float, base: float) -> float:
    return over * log(over / base) if over > 0 and base > 0 else 0.0


def _number(value: Fraction | None) -> float:
    return float(value or 0)
