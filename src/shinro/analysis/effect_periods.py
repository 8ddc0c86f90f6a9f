"""The periods of an effect: which are before, which are after, which belong to neither; and the numbers of each.

Only complete periods count; one without a number stays in its place in time, as a gap. The period in which an
initiative starts is left out of both sides unless no working day of it lies before the start. What is judged after the
start ends when the change was expected, else when the initiative ends, else after a quarter: what comes later has had
other causes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import dropwhile
from statistics import fmean, median

from shinro.definitions.people import Initiative
from shinro.periods import Calendar, Duration, Grain, Period
from shinro.series import Mark, Nature, Point

QUARTER = Duration(13, "week")  # judged after the start where nothing says how long
MOST_BEFORE = 156  # periods before the start that are used: three years of weeks


@dataclass(frozen=True, slots=True)
class Frame:
    """The periods of an effect, one after another in time; those from number `start` on are after the first day.

    `gaps` are those among them that are not known. `split` is the one that it starts in the midst of, which counts on
    neither side. `until` is the first day that is not judged any more; `over` says whether all that comes before it is
    known.
    """

    periods: tuple[Period, ...]
    start: int
    split: Period | None
    until: date
    over: bool
    gaps: frozenset[Period] = frozenset()

    @property
    def after(self) -> tuple[Period, ...]:
        """The known periods after the start."""
        return tuple(period for period in self.periods[self.start :] if period not in self.gaps)

    def stretch(self, values: Sequence[float | None]) -> int:
        """Where the last stretch before the start begins that has as many numbers as come after it; a third at most."""
        known = [at for at, value in enumerate(values) if value is not None]
        before = [at for at in known if at < self.start]
        length = min(len(known) - len(before), len(before) // 3)
        return before[-length] if length else self.start


@dataclass(frozen=True, slots=True)
class Track:
    """A series on the periods of a frame: its numbers (None in a gap), and how noisy each is against the others."""

    values: tuple[float | None, ...]
    noise: tuple[float, ...]
    adds: bool = False  # amounts, which may be taken in proportion


def framed(points: Sequence[Point], initiative: Initiative, grain: Grain, calendar: Calendar) -> Frame | None:
    """The frame of an initiative in a series; None where it has no first day.

    The first period of a series is left out: the data may begin in the midst of it.
    """
    first = initiative.first
    if first is None:
        return None
    until = ends_before(initiative, first)
    known = [point.period for point in points if point.mark is Mark.COMPLETE][1:]
    begins = calendar.period(first, grain)
    late = begins.start < first and calendar.working_days(begins.start, first) > 0
    since = begins.end if late else begins.start
    cuts = tuple(calendar.periods(known[0].start, known[-1].start, grain)) if known else ()
    before = [period for period in cuts if period.end <= begins.start][-MOST_BEFORE:]
    before = list(dropwhile(lambda period: period not in known, before))
    split = [begins] if late and begins in cuts else []
    after = [period for period in cuts if since <= period.start < until]
    last = calendar.period(until - timedelta(days=1), grain)
    over = bool(known) and known[-1].end >= last.end
    periods = (*before, *split, *after)
    gaps = frozenset(periods) - {*known, begins if late else None}
    return Frame(periods, len(before) + len(split), begins if late else None, until, over, gaps)


def ends_before(initiative: Initiative, first: date) -> date:
    """The first day that is not judged any more."""
    within = initiative.expect.change.within if initiative.expect else None
    if within is None and initiative.ends:
        return initiative.ends + timedelta(days=1)
    return (within or QUARTER).after(first)


def track(points: Sequence[Point], frame: Frame, nature: Nature, calendar: Calendar, *, accrues: bool) -> Track:
    """The numbers of a series on a frame: a flow's as if each period had the usual working days.

    A share is as noisy as one over the square root of its base, a flow as one over that of its working days.
    """
    found = {point.period: point for point in points if point.mark is Mark.COMPLETE}
    kept = [None if period == frame.split else found.get(period) for period in frame.periods]
    if accrues:
        return _worked(kept, frame, calendar)
    values = [None if point is None or point.value is None else float(point.value) for point in kept]
    bases = [float(point.base) if point and point.base else 0.0 for point in kept]
    if nature is Nature.RATIO and any(bases):
        usual = fmean(base for base in bases if base > 0)
        noise = [(usual / base) ** 0.5 if base > 0 else 1.0 for base in bases]
        return Track(tuple(values), tuple(noise))
    return Track(tuple(values), (1.0,) * len(values))


def _worked(points: Sequence[Point | None], frame: Frame, calendar: Calendar) -> Track:
    days = [calendar.working_days(period.start, period.end) for period in frame.periods]
    usual = median([worked for worked in days if worked] or [1])
    values = [
        float(point.value) * usual / worked if point and point.value is not None and worked else None
        for point, worked in zip(points, days, strict=True)
    ]
    return Track(tuple(values), tuple((usual / worked) ** 0.5 if worked else 1.0 for worked in days), adds=True)


def pooled(many: Sequence[Sequence[Point]]) -> tuple[Point, ...]:
    """Segments as one series, of the periods that all have: ratios by their parts, anything else by its sum."""
    rows = [{point.period: point for point in points} for points in many]
    shared = [period for period in rows[0] if all(period in row for row in rows)] if rows else []
    return tuple(_pool(period, [row[period] for row in rows]) for period in sorted(shared))


def _pool(period: Period, points: Sequence[Point]) -> Point:
    mark = next((point.mark for point in points if point.mark is not Mark.COMPLETE), Mark.COMPLETE)
    if any(point.base is not None for point in points):
        over = sum((point.over or Fraction(0) for point in points), Fraction(0))
        base = sum((point.base or Fraction(0) for point in points), Fraction(0))
        return Point(period, over / base if base else None, mark, over, base)
    known = [point.value for point in points if point.value is not None]
    return Point(period, sum(known[1:], known[0]) if known else None, mark)
