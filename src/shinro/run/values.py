"""values: metrics' series at a grain, whole or by dimensions. sql: the text that measures a metric."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from shinro.analysis.overlaps import overlap
from shinro.definitions.ends import cut_from
from shinro.definitions.metric import PARTS
from shinro.definitions.project import Project
from shinro.periods import Grain
from shinro.problems import CannotGoOn, Place, Problem
from shinro.queries.scans import Want, dimensions
from shinro.queries.terms import rates_of
from shinro.run.filters import filter_of, refuse_uncut
from shinro.run.gathering import Gathered
from shinro.series import Series

BRIDGE = ("new_mrr", "expansion", "contraction", "churned_mrr", "reactivation")
STANDING = ("mrr", "companies")
BY = Place("--by")


@dataclass(frozen=True, slots=True)
class Values:
    """Series as asked for, and what has no numbers."""

    series: tuple[Series, ...]
    as_of: date
    unmeasured: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()  # of the tables that were read
    overlaps: tuple[Series, ...] = ()  # of segments that do not add up to the whole: what they lack to do so


def values(
    gathered: Gathered, metrics: tuple[str, ...], grain: Grain, by: tuple[str, ...] = (), where: str = ""
) -> Values:
    """The series of metrics, of the rows that `where` keeps.

    Raises CannotGoOn for a metric, a dimension or a column that the project does not have, or a `where` that is none.
    """
    project, by = gathered.opened.project, tuple(dict.fromkeys(by))
    for metric in metrics:
        known_metric(project, metric, gathered.opened.name)
        known_dimensions(gathered, metric, by)
    asked = filter_of(gathered, metrics, where) if where else None
    wants = {metric: Want(metric, grain, by, None, asked) for metric in metrics}
    wholes = {metric: Want(metric, grain, (), None, asked) for metric in metrics if by and _overlaps(project, metric)}
    measured = gathered.measure([*wants.values(), *wholes.values()])
    lines = [(measured.get(whole), measured.get(wants[metric])) for metric, whole in wholes.items()]
    overlaps = tuple(overlap(whole[0], segments) for whole, segments in lines if whole and segments)
    series = [one for want in wants.values() for one in measured.get(want, ())]
    tables = {table for metric in metrics for table in gathered.tables(metric)}
    problems = gathered.problems_of(tables)
    return Values(tuple(series), gathered.as_of, gathered.unmeasured(metrics, grain), problems, overlaps)


def bridged(project: Project, metrics: Iterable[str]) -> tuple[str, ...]:
    """Metrics, with the bridge of recurring revenue in place of its name, which has no number of its own."""
    return tuple(dict.fromkeys(each for metric in metrics for each in _bridge(project, metric)))


def _bridge(project: Project, metric: str) -> tuple[str, ...]:
    found = project.metric(metric)
    if found is None or "." in metric or found.ways != ("recurring",):
        return (metric,)
    fx = ("fx",) if rates_of(project, metric) else ()
    return tuple(f"{metric}.{part}" for part in (*BRIDGE, *fx, *STANDING))


def beside(project: Project, metrics: Iterable[str]) -> tuple[str, ...]:
    """Metrics with what a reader wants to see beside them: a funnel's steps and their rates, a conversion's parts."""
    return tuple(dict.fromkeys(each for metric in metrics for each in _with_parts(project, metric)))


def _with_parts(project: Project, metric: str) -> tuple[str, ...]:
    found = project.metric(metric)
    if found is None or "." in metric or found.ways not in (("funnel",), ("conversion",)):
        return (metric,)
    steps = [f"{metric}.{part}" for part in found.parts if found.conversion or not part.endswith("_days")]
    return (*steps[:2], metric, *steps[2:]) if found.conversion else (*steps, metric)


def _overlaps(project: Project, metric: str) -> bool:
    """Whether one thing can count in several segments."""
    found = project.metric(metric)
    if found and len(found.ways) == 1 and found.recurring:
        part = metric.partition(".")[2]
        return part in PARTS and PARTS[part][1] == "companies"
    return bool(found and found.ways and found.way in ("active", "count_distinct"))


def known_metric(project: Project, metric: str, name: str) -> None:
    """Raises CannotGoOn with the nearest name where a metric is not defined."""
    known = names(project)
    if metric not in known:
        whole, _, part = metric.partition(".")
        parts = {each.removeprefix(f"{whole}."): each for each in known if part and each.startswith(f"{whole}.")}
        near = get_close_matches(part, parts, 1) if parts else get_close_matches(metric, known, 1, cutoff=0.5)
        near = [parts[each] for each in near] if parts else near
        args = {"name": metric, "near": near[0] if near else "", "known": ", ".join(parts.values() or known) or "-"}
        args["case"] = "near" if near else "far"
        raise CannotGoOn([Problem(Place(name), "Q140", args)])


def names(project: Project) -> list[str]:
    """Every metric and part that can be asked for."""
    found: list[str] = []
    for name, metric in project.metrics.items():
        found += [] if metric.recurring else [str(name)]
        found += [f"{name}.{part}" for part in metric.parts]
    return found


def known_dimensions(gathered: Gathered, metric: str, by: tuple[str, ...], place: Place = BY) -> None:
    """Raises CannotGoOn where a metric cannot be cut by one of the dimensions, which stand at a place."""
    project = gathered.opened.project
    tables = {table: dimensions(project, table) for table in cut_from(project, metric)}
    for name in by:
        refuse_uncut(project, metric, name, place)
    for table, known in tables.items():
        own = {f"{table}.{name}" for name in known}
        for name in by:
            if name not in known and name not in own and not _joined(project, table, name):
                shared = [each for each in known if all(each in others for others in tables.values())]
                args = {"metric": metric, "dimension": name, "known": ", ".join(shared), "table": table}
                raise CannotGoOn([Problem(place, "Q133", args if shared else {**args, "case": "none"})])


def _joined(project: Project, table: str, name: str) -> bool:
    owner, dot, column = name.partition(".")
    found = project.table(table)
    other = project.table(owner)
    return bool(dot and found and other and column in other.dimensions and any(str(n) == owner for n in found.joins))
