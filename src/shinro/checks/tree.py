"""T: the tree: names that are defined, no circles, everything tied to the star, changes that are dated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

from shinro.checks.facts import Facts
from shinro.checks.references import Reference, metric_names, references, spot
from shinro.checks.rule import rule
from shinro.definitions.beginnings import circles_in_time
from shinro.definitions.expression import Compare, Day, Name, Node, Or, walk
from shinro.definitions.metric import PARTS, Metric
from shinro.definitions.nodes import Text
from shinro.definitions.project import Project, ref
from shinro.definitions.tree import circles, drivers, measured_from, tied
from shinro.definitions.values import Formula
from shinro.problems import Place, Problem, Severity, problem
from shinro.units import narrow

DAY_LENGTH = len("2026-04-01")


@rule("T201", Severity.ERROR)
def names_are_defined(facts: Facts) -> Iterator[Problem]:
    """Every name that is read is defined; the nearest one is offered."""
    for found in references(facts.project):
        if not found.resolves:
            near = _nearest(found)
            case = found.kind if near else f"{found.kind}_alone"
            args = {"reader": found.reader, "name": found.name, "near": near, "case": case}
            yield Problem(found.place, "T201", args)


def _nearest(found: Reference) -> str:
    """What may be meant: the first part of a metric that has parts, or whatever is written almost like it."""
    parts = [path for part in PARTS if (path := f"{found.name}.{part}") in found.known]
    spelled = {name.lower(): name for name in found.known}
    near = get_close_matches(found.name.lower(), spelled, 1)
    return parts[0] if parts else spelled[near[0]] if near else ""


@rule("T202", Severity.ERROR)
def no_circles(facts: Facts) -> Iterator[Problem]:
    """Nothing is measured from itself, and nothing explained by itself; the one is apart from the other.

    Inside a written identity a ratio is a leaf, so that only written identities can explain in a circle.
    """
    project = facts.project
    written = {str(node): drivers(formula.node) for node, formula in project.tree.items()}
    for case, graph in (("measured", measured_from(project)), ("explained", written)):
        for circle in circles(graph):
            place = _formula_place(project, circle[0], case)
            yield problem("T202", place, case=case, metric=circle[0], circle=" → ".join(circle))
    for circle in circles_in_time(project):
        place = _formula_place(project, circle[0], "measured")
        yield problem("T202", place, case="earlier", metric=circle[0], circle=" → ".join(circle))


def _formula_place(project: Project, metric: str, case: str) -> Place:
    formula: Formula | None = project.tree.get(ref(metric))
    if case == "explained" and formula:
        return formula.text.place
    found = project.metric(metric)
    return found.at(found.way) if found else project.place


@rule("T207", Severity.ERROR)
def tied_to_the_star(facts: Facts) -> Iterator[Problem]:
    """Every KPI meets the star through the tree, an influence or a shared outcome."""
    star = facts.project.star
    if star is None:
        return
    ties, known = tied(facts.project), metric_names(facts.project)
    for metric in facts.project.kpis:
        if str(metric) in known and str(metric) not in ties:
            yield problem("T207", metric.place, metric=str(metric), star=str(star.metric))


@rule("T209", Severity.ERROR)
def changes_are_dated(facts: Facts) -> Iterator[Problem]:
    """A definition that changed says on which day, so that the series is split there."""
    for name, metric in facts.project.metrics.items():
        for text in metric.changed:
            yield from _dated(facts, str(name), text)
        for day in _switches(facts.project, metric):
            if not any(text.startswith(day.value.isoformat()) for text in metric.changed) and metric.where:
                place = spot(metric.where.text, day.at)
                yield problem("T209", place, case="undated", metric=str(name), day=day.value.isoformat())


def _dated(facts: Facts, metric: str, text: Text) -> Iterator[Problem]:
    """`2026-04-01`, perhaps with words after it; no day that is still to come."""
    day = _day(text)
    if day is None:
        yield problem("T209", text.place, case="day", metric=metric, text=str(text))
    elif facts.looked_on and day > facts.looked_on:
        yield problem("T209", text.place, case="future", metric=metric, day=day.isoformat())


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(narrow(text[:DAY_LENGTH]))
    except ValueError:
        return None


def _switches(project: Project, metric: Metric) -> Iterator[Day]:
    """The days at which a `where` says one thing before and another after, told by the time of its rows."""
    table = project.table(metric.table)
    if not (metric.where and table):
        return
    moments = {Name(column) for column in table.dates}
    for either in walk(metric.where.node):
        if isinstance(either, Or):
            days = [day for part in either.parts for day in _bounds(part, moments)]
            seen = [day.value for day in days]
            yield from (day for n, day in enumerate(days) if day.value in seen[:n])


def _bounds(part: Node, moments: set[Name]) -> Iterator[Day]:
    for inner in walk(part):
        if isinstance(inner, Compare) and isinstance(inner.right, Day) and inner.left in moments:
            yield inner.right


RULES = (names_are_defined, no_circles, tied_to_the_star, changes_are_dated)
