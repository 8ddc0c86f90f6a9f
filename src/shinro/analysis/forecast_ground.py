"""What a forecast stands on: what was measured up to a day, and what each metric is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from shinro.analysis.forecast_formula import can_be_drawn
from shinro.definitions.expression import Binary, Name, Node, Number
from shinro.definitions.project import Project, ref
from shinro.definitions.tree import reads
from shinro.periods import Calendar, Grain, Period
from shinro.series import Meaning, Point, Series

PREVIOUS = Name("previous")


@dataclass(frozen=True)
class Ground:
    """What was measured at one grain up to a day, and how the company cuts time.

    `judged`: what conditions are read by, at grains of their own; `so_far`: what flows have brought since the story's
    start, up to the day that `forecast_since.known_day` says; none where that is not known.
    """

    project: Project
    meanings: Mapping[str, Meaning]
    series: Mapping[str, Series]
    calendar: Calendar
    grain: Grain
    as_of: date
    judged: Mapping[tuple[str, Grain], Series] = field(default_factory=dict)
    so_far: Mapping[str, Fraction] = field(default_factory=dict)

    def points(self, metric: str) -> tuple[Point, ...]:
        """The final points of a metric; none where it was not measured."""
        found = self.series.get(metric)
        return found.complete if found else ()

    @cached_property
    def first(self) -> Period:
        """The first period that is to be forecast: the one after the last that any metric is known for."""
        ends = [points[-1].period for metric in self.series if (points := self.points(metric))]
        running = self.calendar.period(self.as_of, self.grain)
        return min(self.calendar.step(max(ends), self.grain), running) if ends and max(ends) < running else (
            self.calendar.step(running, self.grain) if ends else running
        )  # fmt: skip

    def ahead(self, steps: int) -> tuple[Period, ...]:
        """So many periods to come."""
        return tuple(self.calendar.step(self.first, self.grain, n) for n in range(steps))


def formula_of(project: Project, metric: str) -> Node | None:
    """What a forecast makes a metric of: the tree's identity, what a recurring part is by definition, a sum over time.

    None where its own past is followed: of a driver, and of a rate, whose parts are forecast with it.
    """
    written = project.tree.get(ref(metric))
    found = project.metric(metric)
    node = written.node if written else None
    if node is None and found and found.recurring and "." in metric:
        node = _of_part(*metric.split(".", 1))
    if node is None and found and "." not in metric:
        node = found.derived.node if found.derived else None
        if found.cumulative:
            node = _grown_by(project, str(found.cumulative))
    return node if node and can_be_drawn(node) else None


def _grown_by(project: Project, flow: str) -> Node:
    """A sum over time: what stood and a flow, or what that is the sum and difference of."""
    found = project.metric(flow) if "." not in flow else None
    node = found.derived.node if found and found.derived else _name(flow)
    return _added(PREVIOUS, node if can_be_drawn(node) else _name(flow))


def _added(before: Node, node: Node) -> Node:
    match node:
        case Binary(("+" | "-") as op, left, right):
            return Binary(op, _added(before, left), right)
    return Binary("+", before, node)


def _name(metric: str) -> Name:
    name, _, part = metric.partition(".")
    return Name(name, part or None)


def _of_part(name: str, part: str) -> Node | None:
    def each(which: str) -> Name:
        return Name(name, which)

    match part:
        case "companies":
            come = Binary("+", PREVIOUS, each("new_companies"))
            return Binary("-", Binary("+", come, each("reactivated_companies")), each("churned_companies"))
        case "mrr":
            return Binary("*", each("companies"), each("arpa"))
        case "arr":
            return Binary("*", each("mrr"), Number(Fraction(12)))
        case "trials":
            return Binary("-", Binary("+", PREVIOUS, each("trials_started")), each("trials_ended"))
    return None


def inputs(project: Project, metrics: Sequence[str]) -> tuple[str, ...]:
    """Every metric whose series a forecast of some reads: themselves and all that they are made of."""
    found: dict[str, None] = {}
    waiting = list(metrics)
    while waiting:
        metric = waiting.pop(0)
        if metric in found:
            continue
        found[metric] = None
        node = formula_of(project, metric)
        waiting.extend(reads(node) if node else ())
        waiting.extend([shared[0]] if (shared := share_of(project, metric)) else ())
    return tuple(metric for metric in found if not metric.endswith(".trials_ended"))


def share_of(project: Project, metric: str) -> tuple[str, str] | None:
    """Of a recurring metric's churn rate: the stock, and the flow that leaves it."""
    name, _, part = metric.partition(".")
    found = project.metric(name)
    if found and found.recurring and part == "churn_rate":
        return f"{name}.companies", f"{name}.churned_companies"
    return None


def until(ground: Ground, metric: str) -> list[Point | None]:
    """A metric's points from its first to the last period that is over, None where it is not known."""
    known = {point.period: point for point in ground.points(metric) if point.period < ground.first}
    if not known:
        return []
    count, period = [], min(known)
    while period < ground.first:
        count.append(known.get(period))
        period = ground.calendar.step(period, ground.grain)
    return count


def known_values(ground: Ground, metric: str) -> dict[Period, float]:
    """A metric's known values, by period."""
    points = [point for point in until(ground, metric) if point]
    return {point.period: float(point.value) for point in points if point.value is not None}
