"""Sides: what series say of two spans of time, as cells that can be cut."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from shinro.analysis.mix import Sides, together
from shinro.findings.segments import SegmentLine, Side, Split
from shinro.periods import Period
from shinro.series import Mark, Point, Segment, Series

NOTHING = Fraction(0)
LOOKED_BACK, ENOUGH = 11, 20_000  # moves from period to period; cells


@dataclass(frozen=True, slots=True)
class Spans:
    """Two spans, each of whole periods of the series; a stock is read at the end of each."""

    before: Period
    after: Period
    stock: bool = False


def sides_of(series: Series, spans: Spans) -> Sides:
    """A series before and after. None where it has no such periods, or one of them is not known."""
    return _cell(series.points, spans.before, spans), _cell(series.points, spans.after, spans)


def cut_of(series: Sequence[Series], spans: Spans, factor: Fraction | None = None) -> dict[Segment, Sides]:
    """Every segment before and after, in order of their names; with a factor what was before is scaled by it."""
    made: dict[Segment, Sides] = {}
    for one in sorted(series, key=lambda each: str(each.segment)):
        before, after = sides_of(one, spans)
        made[one.segment] = (before if factor is None or before is None else scaled(before, factor), after)
    return made


def earlier_cuts(series: Sequence[Series], spans: Spans) -> list[dict[Segment, Sides]]:
    """Every segment between one period and the next, up to the end of the span before: at most a year of them.

    Fewer where there are many segments: about 20,000 cells tell how far cells move.
    """
    known = [point.period for point in series[0].points if point.period.end <= spans.before.end]
    most = max(1, min(LOOKED_BACK, ENOUGH // max(len(series), 1)))
    pairs = list(pairwise(known))[-most:]
    return [cut_of(series, Spans(first, second, spans.stock)) for first, second in pairs]


def mean_of(series: Series, spans: Spans) -> Fraction:
    """What makes of a span before as many periods as there are in the one after; a ratio and a stock need none."""
    before, after = (
        sum(span.start <= point.period.start and point.period.end <= span.end for point in series.points)
        for span in (spans.before, spans.after)
    )
    ratio = any(point.base is not None for point in series.points)
    return Fraction(1) if ratio or spans.stock or not before else Fraction(after, before)


def scaled(cell: Side, factor: Fraction) -> Side:
    """A cell with its value times a factor; a ratio keeps its base."""
    value, over = (None if part is None else part * factor for part in (cell.value, cell.over))
    return Side(value, over, cell.base)


def _cell(points: Sequence[Point], span: Period, spans: Spans) -> Side | None:
    first = bisect_left(points, span.start, key=_start)
    last = bisect_left(points, span.end, first, key=_start)
    inside = [point for point in points[first:last] if point.period.end <= span.end]
    if not inside or any(point.mark is Mark.UNKNOWN for point in inside):
        return None
    cells = [Side(point.value, point.over, point.base) for point in inside]
    made = cells[-1]
    for cell in cells[:-1] if not spans.stock else ():
        made = together(made, cell) or made
    return made


def _start(point: Point) -> date:
    return point.period.start


def tiled(series: Series, span: Period) -> bool:
    """Whether the periods of a series make up a span."""
    days = [point.period.length for point in series.points if span.start <= point.period.start < span.end]
    return sum(days) == span.length


def moved_of(series: Iterable[tuple[int, Series]], after: date, until: date) -> dict[Segment, Fraction]:
    """What moved in (sign 1) less what moved out (-1), by segment, in the periods behind one day and up to another."""
    made: dict[Segment, Fraction] = {}
    for sign, one in series:
        inside = (point.value or NOTHING for point in one.points if after <= point.period.start < until)
        made[one.segment] = made.get(one.segment, NOTHING) + sign * sum(inside, NOTHING)
    return made


def with_moved(found: Split, moved: Sequence[Mapping[Segment, Fraction]]) -> Split:
    """A split with what of each line only moved between segments; `moved` is that of each level.

    Law: at every level it adds up, with that of the overlap, to what moved into what that level is cut from.
    """
    return replace(found, lines=tuple(_with_moved(line, moved) for line in found.lines))


def _with_moved(line: SegmentLine, moved: Sequence[Mapping[Segment, Fraction]]) -> SegmentLine:
    mine = (amount for segment, amount in moved[0].items() if set(line.segment) <= set(segment))
    lines = tuple(_with_moved(one, moved[1:]) for one in line.lines)
    return replace(line, moved=sum(mine, NOTHING), lines=lines)


def doubles(segments: Sequence[Segment]) -> frozenset[str]:
    """Dimensions whose values go one to one with those of an earlier one: they say nothing that it does not."""
    columns = {at[0][0]: [value for _, value in at] for at in zip(*segments, strict=True)}
    kept: list[str] = []
    for name, column in columns.items():
        if not any(_one_to_one(column, columns[other]) for other in kept):
            kept.append(name)
    return frozenset(columns) - frozenset(kept)


def _one_to_one(column: Sequence[str | None], other: Sequence[str | None]) -> bool:
    pairs = len(set(zip(column, other, strict=True)))
    return pairs == len(set(column)) == len(set(other))
