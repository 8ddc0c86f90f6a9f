"""References: every name that the file writes to mean something defined elsewhere, and what may be meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from shinro.definitions.columns import dimension_owner
from shinro.definitions.ends import cut_from, dimensioned, filters, uncut
from shinro.definitions.expression import Name, names
from shinro.definitions.metric import Metric
from shinro.definitions.nodes import Text
from shinro.definitions.project import Project
from shinro.definitions.tree import KEPT
from shinro.definitions.values import Formula, Ref, Where
from shinro.problems import Place


@dataclass(frozen=True, slots=True)
class Reference:
    """One name where it is read: what reads it, what kind of thing it names, and all that it may name."""

    reader: str
    kind: str  # metric, table, source, time, dimension, department
    name: str
    place: Place
    known: frozenset[str]

    @property
    def resolves(self) -> bool:
        """Whether it is defined."""
        return self.name in self.known


def references(project: Project) -> Iterator[Reference]:
    """Every reference, by the order of the file's sections. Cost: linear in the file."""
    yield from _of_tables(project)
    for name, metric in project.metrics.items():
        yield from _of_metric(project, str(name), metric)
    known = metric_names(project)
    for reader, ref in _refs(project):
        yield Reference(reader, "metric", str(ref), ref.place, known)
    for node, formula in project.tree.items():
        yield from _of_formula(str(node), formula, known)
    yield from _of_goals(project, known)
    yield from _of_departments(project)
    yield from _of_dimensions(project)


@lru_cache(maxsize=KEPT)
def metric_names(project: Project) -> frozenset[str]:
    """Every name that a number has: metrics but the recurring ones (which are no number themselves), and all parts."""
    plain = {str(name) for name, metric in project.metrics.items() if not metric.recurring}
    parts = {f"{name}.{part}" for name, metric in project.metrics.items() for part in metric.parts}
    return frozenset(plain | parts)


def spot(text: Text, at: int) -> Place:
    """The place of an offset in a text; its start where the text has several lines."""
    return text.place if "\n" in text else text.place.shifted(at)


def _of_tables(project: Project) -> Iterator[Reference]:
    sources, tables = _keys(project.sources), _keys(project.tables)
    for name, table in project.tables.items():
        source = table.from_.partition(".")[0]
        yield Reference(str(name), "source", source, table.from_.place, sources)
        for other in table.joins:
            yield Reference(str(name), "table", str(other), other.place, tables)
        if table.where:
            yield from _of_where(project, str(name), str(name), table.where)


def _of_metric(project: Project, name: str, metric: Metric) -> Iterator[Reference]:
    tables, known = _keys(project.tables), metric_names(project)
    for text, place in _tables_read(metric):
        yield Reference(name, "table", text, place, tables)
    if metric.reported:
        source = metric.reported.partition(".")[0]
        yield Reference(name, "source", source, metric.reported.place, _keys(project.sources))
    if metric.at_ and metric.table:
        yield _time(project, name, metric.table, metric.at_)
    for table, where in filters(project, name, metric):
        yield from _of_where(project, name, table, where)
    for formula in filter(None, (metric.ratio, metric.derived)):
        yield from _of_formula(name, formula, known)
    if metric.cumulative:
        yield Reference(name, "metric", str(metric.cumulative), metric.cumulative.place, known)
    yield from _of_conversion(project, name, metric)


def _tables_read(metric: Metric) -> Iterator[tuple[str, Place]]:
    if metric.column:
        yield metric.column.table, metric.column.place
    for table in (metric.count, metric.stock, metric.active, metric.retention, metric.funnel, metric.recurring):
        if table:
            yield str(table), table.place


def _of_conversion(project: Project, name: str, metric: Metric) -> Iterator[Reference]:
    either = metric_names(project) | _keys(project.tables)
    if metric.conversion:
        yield Reference(name, "metric", str(metric.conversion), metric.conversion.place, either)
    if metric.to and metric.to.metric:
        yield Reference(name, "metric", str(metric.to.metric), metric.to.metric.place, either)
    if metric.to and metric.to.table:
        yield Reference(name, "table", str(metric.to.table), metric.to.table.place, _keys(project.tables))
        if metric.to.at_:
            yield _time(project, name, metric.to.table, metric.to.at_)


def _time(project: Project, name: str, table: str, at: Text) -> Reference:
    found = project.table(table)
    known = _keys(found.times) if found else frozenset({str(at)})
    return Reference(name, "time", str(at), at.place, known)


def _of_formula(reader: str, formula: Formula, known: frozenset[str]) -> Iterator[Reference]:
    for name in names(formula.node):
        if name != Name("previous"):
            yield Reference(reader, "metric", name.path, spot(formula.text, name.at), known)


def _of_where(project: Project, reader: str, table: str, where: Where) -> Iterator[Reference]:
    fact = project.table(table)
    if fact is None:
        return
    known = _keys(fact.joins) | {table}
    for name in names(where.node):
        if name.part:
            yield Reference(reader, "table", name.name, spot(where.text, name.at), known)


def _refs(project: Project) -> Iterator[tuple[str, Ref]]:
    """Every reference to a metric that stands alone as a value or key, with the section that it stands in."""
    for star in project.north_star:
        refs = [star.metric, *filter(None, [star.guardrail]), *star.outcomes]
        yield from _in("north_star", refs)
    yield from _in("tree", project.tree)
    for influence in project.influences:
        yield from _in("influences", [influence.from_, influence.to])
    for name, department in project.departments.items():
        yield from _in(str(name), department.owns)
    yield from _in("kpis", project.kpis)
    yield from _in("targets", project.targets)
    for initiative in project.initiatives:
        yield from _in("initiatives", filter(None, [initiative.moves]))
    if project.planning:
        yield from _in("planning", [*project.planning.bounds, *project.planning.weights])
    for told in project.traction:
        customers = [told.customers.metric] if told.customers else []
        yield from _in("traction", [told.headline, *told.supports, *customers])


def _in(section: str, refs: Iterable[Ref]) -> Iterator[tuple[str, Ref]]:
    return ((section, ref) for ref in refs)


def _of_goals(project: Project, known: frozenset[str]) -> Iterator[Reference]:
    for milestone in project.milestones:
        for goal in milestone.reach:
            if goal.condition:
                path = Name(goal.condition.metric, goal.condition.part).path
                yield Reference(milestone.title, "metric", path, goal.place, known)


def _of_departments(project: Project) -> Iterator[Reference]:
    for star in project.north_star:
        for name in star.confirmed:
            yield Reference("confirmed", "department", str(name), name.place, _keys(project.departments))


def _of_dimensions(project: Project) -> Iterator[Reference]:
    """The dimensions of targets, initiatives and customers: each one of all tables that the metric is measured from."""
    for metric, dimension in dimensioned(project):
        owners = [dimension_owner(project, table, str(dimension)) for table in cut_from(project, metric)]
        known = _dimensions(project, metric) | ({str(dimension)} if owners and all(owners) else set())
        if owners and not uncut(project, metric):
            yield Reference(metric, "dimension", str(dimension), dimension.place, frozenset(known))


def _dimensions(project: Project, metric: str) -> set[str]:
    tables = [table for name in cut_from(project, metric) if (table := project.table(name))]
    each = [{str(dimension) for dimension in table.dimensions} for table in tables]
    return set.intersection(*each) if each else set()


def _keys(named: Iterable[object]) -> frozenset[str]:
    return frozenset(str(name) for name in named)
