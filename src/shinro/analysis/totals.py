"""Totals: what a flow brought since the story's start, from the periods that add up to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from shinro.analysis.measured import Bearings, is_shared
from shinro.analysis.targets import judged
from shinro.definitions.expression import Binary, Name, Negative, Node, Number, names
from shinro.definitions.meaning import fact_tables, meaning_of, meanings
from shinro.definitions.periodic import not_within
from shinro.definitions.project import Project
from shinro.definitions.tree import is_previous
from shinro.periods import Grain, Period
from shinro.series import Mark, Meaning, Nature, Point, Series, mark_of

ONE_DAY = timedelta(days=1)
SIMPLE = ("count", "sum", "reported")


def added_by(project: Project, meaning: Meaning) -> Grain | None:
    """The periods of a metric that add up to what a longer time brought; None where only all of it, as one, tells.

    Days of counts, sums and reported amounts, not of distinct counts, which overlap. Months of what moves in recurring
    revenue, and of sums of that: who joins and leaves between the ends of two months moved in neither.
    """
    if not is_shared(project, meaning):
        return None
    found = project.metric(meaning.metric)
    if found and found.ways and found.way in SIMPLE:
        return not_within(project, meaning.metric, Grain.DAY)
    ways = set(_ways(project, meaning.metric, frozenset()))
    return Grain.MONTH if "recurring" in ways and ways <= {"count", "sum", "recurring"} else None


def typed_by(project: Project, metric: str) -> Grain | None:
    """The periods of amounts that are typed in, which count as they are over; None of what is counted from rows."""
    found = project.metric(metric)
    typed = found and found.ways and found.way == "reported"
    return not_within(project, metric, Grain.DAY) if typed else None


def adds_up(project: Project, metric: str) -> bool:
    """Whether a metric's months add up to what several of them brought: distinct counts overlap, and do not."""
    meaning = meaning_of(metric, meanings(project))
    return is_shared(project, meaning) and set(_ways(project, metric, frozenset())) <= {*SIMPLE, "recurring"}


def _ways(project: Project, metric: str, seen: frozenset[str]) -> Iterator[str]:
    """The ways of measuring that a sum of flows is made of in the end; something else where it is no such sum."""
    found = project.metric(metric)
    if found is None or not found.ways or metric in seen or not _flows(project, metric):
        yield "none"
    elif found.derived and _only_adds(found.derived.node):
        for name in names(found.derived.node):
            yield from _ways(project, name.path, seen | {metric})
    else:
        yield found.way


def _flows(project: Project, metric: str) -> bool:
    return meaning_of(metric, meanings(project)).nature is Nature.FLOW


def _only_adds(node: Node) -> bool:
    """Whether a formula adds and subtracts metrics, each as often as a number says: then its periods add up too."""
    match node:
        case Name():
            return not is_previous(node)
        case Negative(of):
            return _only_adds(of)
        case Binary("+" | "-", left, right):
            return _only_adds(left) and _only_adds(right)
        case Binary("*", left, right):
            pairs = ((left, right), (right, left))
            return any(isinstance(one, Number) and _only_adds(other) for one, other in pairs)
    return False


def cuts_months(span: Period, as_of: date) -> bool:
    """Whether days begin or end within a month, and do not hold all that it has yet."""
    return span.start.day != 1 or (span.end.day != 1 and span.last != as_of)


def since(bearings: Bearings, metric: str, day: date) -> Point | None:
    """What a flow brought from the story's start up to a day; None where that is not known.

    Before the first row of its tables nothing had happened yet, and the period told begins there; amounts that are
    typed in are not known before the first one, and are added as far as their periods are over.
    """
    starts = bearings.starts
    if starts is None or day < starts:
        return None
    span, by = Period(starts, day + ONE_DAY), added_by(bearings.project, bearings.meaning(metric))
    if by is None:
        points = bearings.measured.totals.get((metric, span))
        return points[0]._replace(period=_from_first_row(bearings, metric, span)) if points else None
    series = bearings.measured.series.get((metric, by))
    if series is None or not series.points:
        return None
    found = bearings.project.metric(metric)
    if found and found.way in SIMPLE:
        return _summed(bearings, series, span, typed=found.way == "reported")
    return _moved(bearings, series, span)


def _from_first_row(bearings: Bearings, metric: str, span: Period) -> Period:
    loads = (bearings.measured.loads.get(table) for table in fact_tables(bearings.project, metric))
    first = min((load.oldest for load in loads if load and load.oldest), default=span.start)
    return Period(max(span.start, first), span.end) if first < span.end else span


def _summed(bearings: Bearings, series: Series, span: Period, *, typed: bool) -> Point | None:
    points = [point for point in series.points if span.start <= point.period.start and point.period.end <= span.end]
    whole = judged(bearings.calendar, series.grain, span.last)
    if not points or points[-1].period != whole:
        return None
    begins = points[0].period.start == span.start or (not typed and points[0] is series.points[0])
    return _added(points, Period(points[0].period.start, whole.end)) if begins else None


def _moved(bearings: Bearings, series: Series, span: Period) -> Point | None:
    """Months added, the first and the last of them as far as the span has them.

    Law: who paid when the span began, or at the end of a month in it, is no new one later.
    """
    whole = [point for point in series.points if span.start <= point.period.start < span.end]
    cut = cuts_months(span, bearings.as_of)
    points = bearings.measured.totals.get((series.metric, span), ()) if cut else whole
    return _added(points, Period(max(span.start, points[0].period.start), span.end)) if points else None


def _added(points: Sequence[Point], span: Period) -> Point | None:
    mark = mark_of(points)
    values = [point.value for point in points if point.value is not None]
    if mark is Mark.UNKNOWN or len(values) < len(points):
        return None
    return Point(span, sum(values, Fraction(0)), mark)
