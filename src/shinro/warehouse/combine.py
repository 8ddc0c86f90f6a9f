"""Metrics made of metrics: ratios from their parts, formulas, running totals, period by period, exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from shinro.definitions.evaluate import PREVIOUS, Past, earlier, value
from shinro.definitions.expression import Binary, Name, Node
from shinro.definitions.metric import Metric
from shinro.definitions.tree import drivers
from shinro.periods import DAYS_OF, Calendar, Grain, Period
from shinro.series import Mark, Point, Segment, Series

BySegment = Mapping[Segment, Series]
Build = Callable[[Segment, tuple[Point, ...]], Series]
Nothing = Callable[[str], tuple[Point, ...]]
OPEN = {Mark.COMPLETE: Mark.INCOMPLETE, Mark.INCOMPLETE: Mark.INCOMPLETE, Mark.UNKNOWN: Mark.UNKNOWN}
RANK = {Mark.COMPLETE: 0, Mark.INCOMPLETE: 1, Mark.UNKNOWN: 2}


def combined(metric: Metric, inputs: Mapping[str, BySegment], nothing: Nothing, build: Build) -> dict[Segment, Series]:
    """The series of a ratio or a formula for every segment that any of its inputs has. Cost: linear in the points.

    `nothing` gives an input's points for a segment in which it has no rows.
    """
    formula = metric.ratio or metric.derived
    assert formula is not None  # noqa: S101 - only these two are combined
    segments = dict.fromkeys(segment for found in inputs.values() for segment in found)
    made: dict[Segment, Series] = {}
    for segment in segments:
        columns = {name: found[segment].points if segment in found else nothing(name) for name, found in inputs.items()}
        made[segment] = build(segment, made_of(metric, columns))
    return made


def made_of(metric: Metric, inputs: Mapping[str, tuple[Point, ...]]) -> tuple[Point, ...]:
    """A ratio's or a formula's points from those of its inputs, period by period.

    A period is as final as what the formula reads in it; earlier values that it reads do not count for that. But where
    one of those is unknown though others before it are known, the period is unknown too, and not undefined. Where a
    formula reads earlier values alone, and all are known, a period that is over needs none of its own.
    """
    formula = metric.ratio or metric.derived
    assert formula is not None  # noqa: S101 - only these two are combined
    columns = {name: {point.period: point for point in points} for name, points in inputs.items()}
    periods = sorted({period for column in columns.values() for period in column})
    own, back = drivers(formula.node), earlier(formula.node)
    over = max((period for column in columns.values() for period in column if _is_over(column[period])), default=None)
    made: list[Point] = []
    past: list[Mapping[str, Point | None]] = []
    holes: dict[str, list[bool]] = {name: [] for name, _ in back}
    there: dict[str, list[bool]] = {name: [] for name, _ in back}
    known: set[str] = set()
    for period in periods:
        here = {name: column.get(period) for name, column in columns.items()}
        mark = max((_mark(here[name]) for name in own or tuple(columns)), key=RANK.__getitem__)
        if any(n <= len(past) and holes[name][-n] for name, n in back):
            mark = Mark.UNKNOWN
        elif not own and over and period <= over and all(n <= len(past) and there[name][-n] for name, n in back):
            mark = Mark.COMPLETE
        row: dict[str, object] = {name: point.value if point else None for name, point in here.items()}
        row[PREVIOUS] = made[-1].value if made else None
        made.append(_point(formula.node, period, mark, row, past, ratio=metric.ratio is not None))
        past.append(here)
        for name, column in holes.items():
            is_unknown = (made[-1].mark if name == PREVIOUS else _mark(here.get(name))) is Mark.UNKNOWN
            column.append(is_unknown and name in known)
            there[name].append(not is_unknown)
            known |= set() if is_unknown else {name}
    return tuple(made)


def _is_over(point: Point) -> bool:
    return point.mark is Mark.COMPLETE


def _mark(point: Point | None) -> Mark:
    return point.mark if point else Mark.UNKNOWN


def _point(
    node: Node,
    period: Period,
    mark: Mark,
    row: Mapping[str, object],
    past: Sequence[Mapping[str, Point | None]],
    *,
    ratio: bool,
) -> Point:
    if mark is Mark.UNKNOWN:
        return Point(period, None, mark)

    def before(name: Name, periods: int) -> Fraction | None:
        point = past[-periods].get(name.path) if periods <= len(past) else None
        return point.value if point else None

    if ratio and isinstance(node, Binary):
        over, base = _number(node.left, row, before), _number(node.right, row, before)
        found = over / base if over is not None and base else None
        return Point(period, found, mark, over, base)
    return Point(period, _number(node, row, before), mark)


def _number(node: Node, row: Mapping[str, object], past: Past) -> Fraction | None:
    found = value(node, row, past)
    return found if isinstance(found, Fraction) else None


def lasts(points: tuple[Point, ...], every: Grain, grain: Grain, calendar: Calendar) -> tuple[Point, ...]:
    """A number that is of one grain, by longer periods: that of the last period that ends in each.

    It is final where no later one will. Shorter periods than its own have none.
    """
    if DAYS_OF[every.value] > DAYS_OF[grain.value]:
        return ()
    found = {calendar.period(point.period.last, grain): point for point in points}
    return tuple(
        point._replace(
            period=period, mark=point.mark if _is_last(point.period, period, every, calendar) else OPEN[point.mark]
        )
        for period, point in found.items()
    )


def _is_last(period: Period, within: Period, every: Grain, calendar: Calendar) -> bool:
    return calendar.step(period, every).last >= within.end


def accumulated(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Running totals from the first period on; unknown from the first unknown on."""
    total: Fraction | None = Fraction(0)
    made = []
    for point in points:
        total = None if total is None or point.mark is Mark.UNKNOWN else total + (point.value or 0)
        made.append(Point(point.period, total, Mark.UNKNOWN if total is None else point.mark))
    return tuple(made)
