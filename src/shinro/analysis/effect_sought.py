"""What an initiative's effect is judged by: its KPI, the part that it touches, series that it did not, the way up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from shinro.analysis.effect_periods import ends_before
from shinro.analysis.effect_star import drivers_to_star
from shinro.analysis.readings import grain_of
from shinro.definitions.metric import Metric
from shinro.definitions.people import Initiative
from shinro.definitions.periodic import is_of_its_length, not_within
from shinro.definitions.project import Project
from shinro.definitions.tree import below, explained_by, influenced_by, measured_from
from shinro.periods import Grain

MOST_TRIED = 12  # other metrics that may be a control: more would find one by accident
RECENT = timedelta(weeks=13)  # how long before a start another initiative's work may still show
STEADY = frozenset({"count", "count_distinct", "sum", "avg", "ratio", "derived", "stock", "reported"})


@dataclass(frozen=True, slots=True)
class SoughtEffect:
    """The series that one effect needs, at one grain."""

    initiative: Initiative
    metric: str
    grain: Grain
    dimensions: tuple[str, ...]  # of the part that it touches
    controls: tuple[str, ...]  # metrics that it did not touch
    drivers: tuple[str, ...]  # with the star, where the KPI passes up to it


def sought_effect(project: Project, initiative: Initiative) -> SoughtEffect | None:
    """What an initiative's effect needs; None where it does not say what it moves, or since when."""
    metric = str(initiative.moves) if initiative.moves else ""
    if initiative.first is None or not project.metric(metric):
        return None
    grain = judged_by(project, metric)
    controls = tuple(_controls(project, initiative, metric, grain))[:MOST_TRIED]
    dimensions = tuple(str(name) for name in initiative.in_)
    return SoughtEffect(initiative, metric, grain, dimensions, controls, drivers_to_star(project, metric))


def judged_by(project: Project, metric: str) -> Grain:
    """The periods that a metric's effect is measured by: weeks, of which there are the most.

    But a number that is of its period's length is no other period's: it is measured as it is read and aimed at.
    """
    return grain_of(project, metric) if is_of_its_length(project, metric) else not_within(project, metric, Grain.WEEK)


def _controls(project: Project, initiative: Initiative, metric: str, grain: Grain) -> Iterator[str]:
    """Metrics that neither this initiative nor one of the same time could have moved, in the order of the file."""
    moved = {metric, *(str(each.moves) for each in _beside(project, initiative))}
    touched = frozenset[str]().union(*(_touched(project, each) for each in moved))
    parts = below(touched, measured_from(project))
    for name, found in project.metrics.items():
        leaves = below([str(name)], measured_from(project))
        if is_steady(found) and not leaves & parts and not_within(project, str(name), grain) is grain:
            yield str(name)


def is_steady(metric: Metric) -> bool:
    """Whether a metric's periods are final when they are over, and it does not only rise."""
    return len(metric.ways) == 1 and metric.way in STEADY


def _touched(project: Project, metric: str) -> frozenset[str]:
    """A metric and all that is explained by it, believed to follow it, or measured from it."""
    graphs = (explained_by(project), influenced_by(project), measured_from(project))
    nodes = {node for graph in graphs for node in graph}
    return frozenset({metric, *(node for node in nodes if metric in below([node], *graphs))})


def _beside(project: Project, initiative: Initiative) -> Iterator[Initiative]:
    """Other initiatives whose work may show in the time that is judged."""
    first = initiative.first or date.min
    until = ends_before(initiative, first)
    for other in project.initiatives:
        if other is not initiative and other.moves and other.first and first - RECENT <= other.first < until:
            yield other


def overlapping(project: Project, initiative: Initiative) -> tuple[str, ...]:
    """Other initiatives on the same part of the same KPI, judged over some of the same days: not separable."""
    if initiative.first is None:
        return ()
    first, until = initiative.first, ends_before(initiative, initiative.first)
    same = [each for each in project.initiatives if each is not initiative and each.moves == initiative.moves]
    return tuple(
        str(each.name)
        for each in same
        if each.first and each.first < until and first < ends_before(each, each.first) and _meets(initiative, each)
    )


def _meets(one: Initiative, other: Initiative) -> bool:
    """Whether two initiatives touch some of the same: unless they name other values of one dimension."""
    shared = one.in_.keys() & other.in_.keys()
    return all(set(one.in_[name]) & set(other.in_[name]) for name in shared)
