"""Metrics made of metrics: ratios from their parts, formulas, running totals, period by period, exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from shinro.definitions.evaluate import value
from shinro.definitions.expression import Binary, Name, Node
from shinro.definitions.metric import Metric
from shinro.definitions.tree import drivers
from shinro.periods import Period
from shinro.series import Mark, Point, Segment, Series

BySegment = Mapping[Segment, Series]
Build = Callable[[Segment, tuple[Point, ...]], Series]
RANK = {Mark.COMPLETE: 0, Mark.INCOMPLETE: 1, Mark.UNKNOWN: 2}


def combined(metric: Metric, inputs: Mapping[str, BySegment], build: Build) -> dict[Segment, Series]:
    """The series of a ratio or a formula for every segment that any of its inputs has. Cost: linear in the points."""
    formula = metric.ratio or metric.derived
    assert formula is not None  # noqa: S101 - only these two are combined
    segments = dict.fromkeys(segment for found in inputs.values() for segment in found)
    read = drivers(formula.node)
    made: dict[Segment, Series] = {}
    for segment in segments:
        columns = {name: _column(inputs.get(name, {}), segment) for name in read}
        made[segment] = build(segment, _points(formula.node, columns, ratio=metric.ratio is not None))
    return made


def _column(found: BySegment, segment: Segment) -> Mapping[Period, Point]:
    """An input's points by period; where it has no rows of this segment, zeros as far as its others reach."""
    own = found.get(segment)
    if own is not None:
        return {point.period: point for point in own.points}
    other = next(iter(found.values()), None)
    return {point.period: _none(point) for point in other.points} if other else {}


def _none(point: Point) -> Point:
    return Point(point.period, None if point.mark is Mark.UNKNOWN else Fraction(0), point.mark)


def _points(node: Node, columns: Mapping[str, Mapping[Period, Point]], *, ratio: bool) -> tuple[Point, ...]:
    periods = sorted({period for column in columns.values() for period in column})
    made: list[Point] = []
    for n, period in enumerate(periods):
        here = {name: column.get(period) for name, column in columns.items()}
        mark = max((point.mark if point else Mark.UNKNOWN for point in here.values()), key=RANK.__getitem__)
        row: dict[str, object] = {name: point.value if point else None for name, point in here.items()}
        row["previous"] = made[-1].value if made else None
        before = {name: column.get(periods[n - 1]) if n else None for name, column in columns.items()}
        made.append(_point(node, period, mark, row, before, ratio=ratio))
    return tuple(made)


def _point(
    node: Node,
    period: Period,
    mark: Mark,
    row: Mapping[str, object],
    before: Mapping[str, Point | None],
    *,
    ratio: bool,
) -> Point:
    if mark is Mark.UNKNOWN:
        return Point(period, None, mark)

    def previous(name: Name) -> Fraction | None:
        point = before.get(name.path)
        return point.value if point else None

    if ratio and isinstance(node, Binary):
        over, base = _number(node.left, row, previous), _number(node.right, row, previous)
        found = over / base if over is not None and base else None
        return Point(period, found, mark, over, base)
    return Point(period, _number(node, row, previous), mark)


def _number(node: Node, row: Mapping[str, object], previous: Callable[[Name], Fraction | None]) -> Fraction | None:
    found = value(node, row, previous)
    return found if isinstance(found, Fraction) else None


def accumulated(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """Running totals from the first period on; unknown from the first unknown on."""
    total, made = Fraction(0), []
    for point in points:
        total += point.value or Fraction(0)
        made.append(Point(point.period, None if point.mark is Mark.UNKNOWN else total, point.mark))
    return tuple(made)
