"""Ends: the rows that a funnel or a conversion begins with, and those that a conversion comes to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shinro.definitions.expression import Node, names
from shinro.definitions.metric import Metric
from shinro.definitions.project import Project
from shinro.definitions.sources import Table
from shinro.definitions.story import FileLevel
from shinro.definitions.values import Name, Where
from shinro.problems import Place, Problem, problem

COUNTED = ("count", "count_distinct")


@dataclass(frozen=True, slots=True)
class End:
    """Rows of a table at one of its times, which a metric's filter keeps; who they are of is the table's entity."""

    name: str
    table: Table
    moment: str | None
    filter: Where | None = None

    @property
    def entity(self) -> str | None:
        """The column that says who is followed."""
        return str(self.table.entity) if self.table.entity else None

    @property
    def wheres(self) -> tuple[Node, ...]:
        """What the table and the metric ask of a row."""
        return tuple(where.node for where in (self.table.where, self.filter) if where)


def begins(project: Project, name: str) -> End | None:
    """Where a funnel or a conversion begins; None where that is not defined, or counts nothing."""
    metric = project.metric(name)
    if metric is None:
        return None
    if metric.conversion:
        return _end(project, str(metric.conversion), name)
    return _whole(project, metric.events, None)


def comes_to(project: Project, name: str) -> End | None:
    """What a conversion comes to; None where that is not defined, or counts nothing."""
    metric = project.metric(name)
    if metric is None or metric.to is None:
        return None
    if metric.to.table:
        return _whole(project, str(metric.to.table), str(metric.to.at_) if metric.to.at_ else None)
    return _end(project, str(metric.to.metric), name)


def filters(project: Project, name: str, metric: Metric) -> Iterator[tuple[str, Where]]:
    """Every filter that a metric reads rows by, beside the table whose rows they are."""
    table = metric.table or metric.events
    if metric.conversion:
        start = begins(project, name)
        table = start.name if start else None
    for where in (metric.where, metric.excludes, *metric.steps.values()):
        if where and table:
            yield table, where


def cut_from(project: Project, metric: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The tables whose rows a metric's segments and filters are told by: of a conversion, that of its start alone."""
    found = project.metric(metric)
    if not found or not found.ways or metric in seen:
        return ()
    start = begins(project, metric.partition(".")[0]) if found.conversion else None
    direct = found.table or found.events or (start.name if start else None)
    if direct:
        return (direct,)
    inner = _made_of(found)
    return tuple(dict.fromkeys(table for name in inner for table in cut_from(project, name, seen | {metric})))


def uncut(project: Project, metric: str, seen: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What a metric is made of that is reported as one number: no row stands behind it, so it has no segments."""
    found = project.metric(metric)
    if not found or not found.ways or metric in seen:
        return ()
    if found.reported:
        return (metric,)
    inner = _made_of(found)
    return tuple(dict.fromkeys(whole for name in inner for whole in uncut(project, name, seen | {metric})))


def dimensioned(project: Project) -> Iterator[tuple[str, Name]]:
    """Each metric and dimension that a target has levels for, an initiative touches, or customers are told apart by."""
    split = [(str(metric), target.each) for metric, target in project.targets.items()]
    touched = [(str(each.moves), each.in_) for each in project.initiatives if each.moves]
    told = [(str(each.metric), (each.by,)) for story in project.traction if (each := story.customers)]
    for metric, every in (*split, *touched, *told):
        yield from ((metric, dimension) for dimension in every)


def never_cut(project: Project) -> Iterator[Problem]:
    """Levels, initiatives and customers by segments of what has none (code Q133)."""
    for metric, dimension in dimensioned(project):
        yield from never_cut_by(project, metric, str(dimension), dimension.place)


def never_cut_in_file(project: Project, metric: str, rows: Iterable[FileLevel], place: Place) -> Iterator[Problem]:
    """The same of the levels in a target's file, told at the first row that has a segment (code Q133)."""
    for row in rows:
        if row.segment:
            yield from never_cut_by(project, metric, row.segment[0][0], row.place or place)
            return


def never_cut_by(project: Project, metric: str, dimension: str, place: Place) -> Iterator[Problem]:
    """The problem of a segment of what is made of one number for the whole; nothing where it has segments."""
    if whole := uncut(project, metric):
        args = {"case": "whole", "metric": metric, "dimension": dimension, "whole": ", ".join(whole)}
        yield Problem(place, "Q133", args)


def _made_of(metric: Metric) -> tuple[str, ...]:
    """The metrics that a formula or a running total reads."""
    formula = metric.ratio or metric.derived
    inner = [name.path for name in names(formula.node)] if formula else []
    return (*inner, *([str(metric.cumulative)] if metric.cumulative else []))


def _end(project: Project, name: str, own: str) -> End | None:
    """A metric that counts rows, else the table of the name."""
    metric = project.metric(name) if name != own else None
    if metric and metric.ways and metric.way in COUNTED and metric.table:
        found = project.table(metric.table)
        return End(metric.table, found, found.moment(metric.at_), metric.where) if found else None
    return _whole(project, name, None)


def _whole(project: Project, name: str | None, at: str | None) -> End | None:
    found = project.table(name)
    if found is None or name is None:
        return None
    moment = found.moment(at) or (None if at else found.starts)
    return End(name, found, str(moment) if moment else None)


def one_and_the_same(project: Project) -> Iterator[Problem]:
    """Steps and ends that have the same rows, so that a row which reaches the one reaches the other (code Q157)."""
    for key, metric in project.metrics.items():
        name = str(key)
        if metric.ways == ("conversion",) and metric.to and metric.where is None:
            first = begins(project, name)
            if first and first == comes_to(project, name):
                yield problem("Q157", metric.at("to"), case="ends", metric=name, table=first.name)
        known: dict[Node, str] = {}
        for step, where in metric.steps.items():
            if where.node in known:
                other = known[where.node]
                yield problem("Q157", where.place, case="steps", metric=name, step=str(step), other=other)
            known.setdefault(where.node, str(step))
