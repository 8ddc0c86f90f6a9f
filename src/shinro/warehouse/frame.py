"""The frame of a series: its periods with how final each is, and the numbers that a scan found for them."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import repeat
from operator import attrgetter, itemgetter

from shinro.loads import Load
from shinro.periods import MONTHS_OF, Calendar, Grain, Period
from shinro.queries.scans import Measure, Scan
from shinro.series import Mark, Point, Segment

ANCHOR = date(1900, 1, 1)
Row = tuple[object, ...]
Cells = Mapping[Segment, Mapping[int, Row]]  # segment -> the period's ordinal -> the scan's row
ZERO = Fraction(0)
STEPS = {Grain.DAY: 1, Grain.WEEK: 7, **MONTHS_OF}  # from an ordinal to the next
MONTHLY = 31  # days: no longer silence is usual, whatever a table had before
WIDE = ("avg", "median")  # two numbers a row: over and base


@dataclass(frozen=True, slots=True)
class Frame:
    """Periods from a table's first day to as-of, each with its mark, and their ordinals as scans return them."""

    periods: tuple[Period, ...]
    marks: tuple[Mark, ...]
    ordinals: tuple[int, ...]

    @property
    def each(self) -> Iterable[tuple[Period, Mark, int]]:
        """Period, mark and ordinal, side by side."""
        return zip(self.periods, self.marks, self.ordinals, strict=True)

    @property
    def unknown(self) -> bool:
        """Whether any period is unknown."""
        return Mark.UNKNOWN in self.marks


def frame(load: Load, grain: Grain, calendar: Calendar, as_of: date) -> Frame:
    """The frame of a table's metrics. Empty where the table has no dated row up to as-of; never from before 1900.

    A period is complete when as-of is past its end plus the source's lateness, never because rows stop. What lies
    after the known days, and after a silence no longer than has been usual (a month at most), is unknown.
    """
    if load.oldest is None or as_of < max(load.oldest, ANCHOR):
        return Frame((), (), ())
    periods = tuple(calendar.periods(max(load.oldest, ANCHOR), as_of, grain))
    known = known_to(load)
    there = bisect_right(periods, known, key=_start)
    over = bisect_right(periods, as_of - timedelta(days=load.late_by), key=_end)
    whole = min(over, bisect_right(periods, known, key=_last))
    marks = (Mark.COMPLETE,) * whole + (Mark.INCOMPLETE,) * (there - whole)
    marks += (Mark.UNKNOWN,) * (len(periods) - there)
    first, step = ordinal(periods[0].start, grain), STEPS[grain]
    return Frame(periods, marks, tuple(range(first, first + step * len(periods), step)))


_start, _end, _last = attrgetter("start"), attrgetter("end"), attrgetter("last")  # of a period


def span_frame(load: Load, span: Period, as_of: date) -> Frame:
    """The frame of one value over a span of days up to as-of; unknown where it ends before the first row."""
    begun = load.oldest is not None and load.oldest < span.end
    mark = _mark(span, as_of, load.late_by, known_to(load)) if begun else Mark.UNKNOWN
    return Frame((span,), (mark,), (0,))


def parted(whole: Frame, load: Load, span: Period, as_of: date) -> Frame:
    """What of a frame lies in a span of days, the first and the last period cut by it. Cost: linear in the periods."""
    known = known_to(load)
    there = [each for each in whole.each if each[0].start < span.end and span.start < each[0].end]
    cut = [Period(max(period.start, span.start), min(period.end, span.end)) for period, _, _ in there]
    marks = tuple(_mark(period, as_of, load.late_by, known) for period in cut)
    return Frame(tuple(cut), marks, tuple(number for _, _, number in there))


def known_to(load: Load) -> date:
    """The last day that a table's rows speak of: what lies behind it is unknown, not zero."""
    until = load.known_until or load.newest or date.min
    silence = min(load.longest_gap - 1, MONTHLY)
    return until + timedelta(days=max(load.late_by, silence, 0))


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


def exact(number: object) -> Fraction | None:
    """An engine's number as an exact one."""
    if number is None:
        return None
    if isinstance(number, int | Decimal | str):
        return Fraction(number)
    raise TypeError(number)


class _Exact(dict[object, Fraction | None]):
    """Numbers met before: a count is made a fraction once."""

    def __missing__(self, number: object) -> Fraction | None:
        self[number] = found = exact(number)
        return found


EXACT = _Exact()
OR_ZERO = _Exact({None: ZERO})  # for counts and sums: nothing is none


def cells(scan: Scan, rows: Iterable[Row]) -> Cells:
    """A scan's rows by segment and period, or in order where a period has several. Cost: linear in the rows."""
    width, many = 1 + len(scan.dimensions), scan.many
    names = [one.name for one in scan.dimensions]
    by_key: defaultdict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        by_key[row[1:width]].append(row)
    found: dict[Segment, list[Row]] = {}
    for key, each in by_key.items():
        found.setdefault(tuple((name, label(part)) for name, part in zip(names, key, strict=True)), []).extend(each)
    return {
        segment: dict(enumerate(each) if many else zip(map(_period, each), each, strict=True))
        for segment, each in found.items()
        if each
    }


_period: Callable[[Row], int] = itemgetter(0)  # of a scan's row


def label(part: object) -> str | None:
    """What a segment is called by a part of its key: a decimal by its shortest text, a truth as conditions write it.

    Law: the same fresh and kept (`answers`), and as a condition compares it.
    """
    if isinstance(part, bool):
        return "true" if part else "false"
    if isinstance(part, Decimal):
        told = f"{part:f}"
        return told.rstrip("0").rstrip(".") if "." in told else told
    return None if part is None else str(part)


def at_of(scan: Scan, measure: Measure) -> int:
    """Where a measure's number stands in a row of its scan."""
    before = scan.measures[: scan.measures.index(measure)]
    return 1 + len(scan.dimensions) + sum(2 if one.way in WIDE else 1 for one in before)


def segments_of(measure: Measure, at: int, found: Cells) -> list[Segment]:
    """The segments in which a measure has a value, whatever else its scan measures. Cost: a look or two each."""
    if measure.way in ("count", "count_distinct"):
        return [segment for segment, rows in found.items() if any(row[at] for row in rows.values())]
    return [segment for segment, rows in found.items() if any(row[at] is not None for row in rows.values())]


def points(frame: Frame, measure: Measure, at: int, found: Mapping[int, Row]) -> tuple[Point, ...]:
    """A simple metric's points: a period without rows is zero for counts and sums, undefined for the others."""
    if measure.way in WIDE:
        made = (_wide(period, mark, at, found.get(n)) for period, mark, n in frame.each)
        return tuple(made)
    exactly = OR_ZERO if measure.way in ("count", "count_distinct", "sum") else EXACT
    rows = map(found.get, frame.ordinals, repeat((None,) * (at + 1)))
    return told(frame, list(map(exactly.__getitem__, map(itemgetter(at), rows))))


def told(frame: Frame, values: Sequence[Fraction | None]) -> tuple[Point, ...]:
    """A point a period of values; what is unknown has none, and stands last."""
    if frame.unknown:
        known = frame.marks.index(Mark.UNKNOWN)
        values = [*values[:known], *repeat(None, len(values) - known)]
    return tuple(map(_plain, zip(frame.periods, values, frame.marks, repeat(None), repeat(None))))


_plain = partial(tuple.__new__, Point)  # a point from its five parts, without a Python frame for each


def _wide(period: Period, mark: Mark, at: int, row: Row | None) -> Point:
    if row is None or mark is Mark.UNKNOWN:
        return Point(period, None, mark)
    over, base = exact(row[at]), exact(row[at + 1])
    return Point(period, over / base if over is not None and base else None, mark, over, base)


def stock_points(frame: Frame, at: int, found: Mapping[int, Row]) -> tuple[Point, ...]:
    """A stock's points: what opened less what closed, up to the end of each period (of as-of in the running one)."""
    total, made = ZERO, []
    moves = sorted((number, exact(row[at]) or ZERO) for number, row in found.items())
    next_move = 0
    for period, mark, number in frame.each:
        while next_move < len(moves) and moves[next_move][0] <= number:
            total += moves[next_move][1]
            next_move += 1
        made.append(Point(period, None if mark is Mark.UNKNOWN else total, mark))
    return tuple(made)
