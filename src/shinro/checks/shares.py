"""T: shares that stay between 0 and 100 %."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from shinro.checks.facts import Facts, Need
from shinro.checks.rule import rule
from shinro.definitions.expression import Binary, Name
from shinro.definitions.meaning import fact
from shinro.definitions.metric import Metric
from shinro.definitions.portions import is_per_entity, narrower
from shinro.definitions.project import Project
from shinro.periods import Grain
from shinro.problems import Place, Problem, Severity
from shinro.series import Point, Series


@rule("T206", None, Need.SERIES)
def shares_stay_inside(facts: Facts) -> Iterator[Problem]:
    """A share of its own denominator is never outside 0..100 %; a rate of events dated apart may be, and misleads."""
    for name, metric in facts.project.metrics.items():
        series = _series(facts, str(name))
        outside = [point for point in series.complete if _is_outside(point)] if series else []
        if not series or not outside:
            continue
        if metric.conversion or is_subset(facts.project, metric):
            yield _told(facts, series, outside, metric.at(metric.way), Severity.ERROR, "share")
        elif metric.ratio and series.meaning.percent and not _counts_each(facts.project, metric):
            yield _told(facts, series, outside, metric.at("ratio"), Severity.WARNING, "period")


def _series(facts: Facts, metric: str) -> Series | None:
    every = [each for grain in Grain if (each := (facts.series or {}).get((metric, grain)))]
    return next((each for each in every if any(map(_is_outside, each.complete))), None)


def _is_outside(point: Point) -> bool:
    return point.value is not None and not 0 <= point.value <= 1


def _told(facts: Facts, series: Series, outside: list[Point], place: Place, severity: Severity, case: str) -> Problem:
    worst = max(outside, key=lambda point: abs(point.value or Fraction(0)))
    period = facts.project.calendar.label(worst.period, series.grain)
    value = f"{float((worst.value or Fraction(0)) * 100):.1f}"
    args = {"metric": series.metric, "value": value, "period": period, "count": len(outside)}
    return Problem(place, "T206", {"case": case, **args}, severity)


def is_subset(project: Project, metric: Metric) -> bool:
    """Whether a ratio counts, above, a part of what it counts below: one table, one date, a filter that is narrower."""
    sides = _sides(metric)
    if sides is None:
        return False
    over, under = (project.metric(name) for name in sides)
    facts = [fact(project, name) for name in sides]
    if over is None or under is None or facts[0] is None or facts[0] != facts[1]:
        return False
    counted = (over.way, over.column and str(over.column)) == (under.way, under.column and str(under.column))
    return counted and over.way in ("count", "count_distinct", "stock") and narrower(over, under)


def _sides(metric: Metric) -> tuple[str, str] | None:
    node = metric.ratio.node if metric.ratio else None
    if isinstance(node, Binary) and isinstance(node.left, Name) and isinstance(node.right, Name):
        return node.left.path, node.right.path
    return None


def _counts_each(project: Project, metric: Metric) -> bool:
    """Whether a ratio says how many each has, whatever unit is written for it."""
    node = metric.ratio.node if metric.ratio else None
    return isinstance(node, Binary) and is_per_entity(project, node.left, node.right)


RULES = (shares_stay_inside,)
