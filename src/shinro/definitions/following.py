"""Following: what a metric that follows entities or pay needs, and what of it is missing or means nothing (Q154)."""

from __future__ import annotations

from collections.abc import Iterator

from shinro.definitions.ends import COUNTED, End, begins, comes_to
from shinro.definitions.metric import Ending, Metric
from shinro.definitions.project import Project
from shinro.definitions.values import Name
from shinro.problems import Place, Problem

FOLLOWS = ("active", "retention", "funnel", "conversion")
FEWEST = 2  # steps: from one to another


def unfollowed(project: Project) -> Iterator[Problem]:
    """Metrics whose tables do not say who is followed or when, and those that lead nowhere. Cost: linear."""
    for key, metric in project.metrics.items():
        name = str(key)
        if len(metric.ways) == 1 and metric.recurring:
            yield from _paid(project, name, metric)
        if len(metric.ways) != 1 or metric.way not in FOLLOWS:
            continue
        place = metric.at(metric.way)
        yield from _rows(name, begins(project, name), place, only_time=metric.way != "conversion")
        yield from _no_rows(project, name, str(metric.conversion or ""), place)
        if metric.funnel:
            yield from _steps(name, metric)
        if metric.to:
            yield from _to(project, name, metric.to)
        if metric.within and metric.way in ("funnel", "conversion") and not metric.within.duration.amount:
            yield _told("window", metric.within.place, metric=name, found=str(metric.within.text))


def _told(case: str, place: Place, **args: object) -> Problem:
    return Problem(place, "Q154", {"case": case, **args})


def _rows(name: str, end: End | None, place: Place, *, only_time: bool = False) -> Iterator[Problem]:
    """Rows of nobody, or of no day; what is not defined is named by its reference."""
    if end and end.entity is None:
        yield _told("entity", place, metric=name, table=end.name)
    elif end and (end.table.time if only_time else end.moment) is None:
        yield _told("time", place, metric=name, table=end.name)


def _paid(project: Project, name: str, metric: Metric) -> Iterator[Problem]:
    """Rows that do not say who pays, how much, or from when."""
    table = project.table(metric.recurring)
    if table is None:
        return
    for key in ("starts", "ends"):
        if (table.full_list or table.wide) and getattr(table, key):
            yield _told("list", table.at(key), metric=name, table=str(metric.recurring), key=key)
    there = {"entity": table.entity, "amount": table.amount, "term": table.starts or table.time}
    for case, column in there.items():
        if column is None:
            yield _told(case, metric.at(metric.way), metric=name, table=str(metric.recurring))


def _no_rows(project: Project, name: str, end: str, place: Place) -> Iterator[Problem]:
    """A conversion from or to a metric that counts no rows; one of itself is a circle, and named as one."""
    found = project.metric(end)
    if not found or not found.ways or project.table(end) or end.partition(".")[0] == name:
        return
    if found.way not in COUNTED:
        yield _told("counts", place, metric=name, of=end, way=found.way)


def _steps(name: str, metric: Metric) -> Iterator[Problem]:
    if "steps" in metric.places and len(metric.steps) < FEWEST:
        yield _told("steps", metric.at("steps"), metric=name)
    owners: dict[str, list[Name]] = {}
    for step in list(metric.steps)[1:]:
        for part in ("rate", "days", "mean_days"):
            owners.setdefault(f"{step}_{part}", []).append(step)
    for step in metric.steps:
        if str(step) in owners:
            yield _told("step", step.place, metric=name, step=str(step), of=str(owners[str(step)][0]))
    for part, both in owners.items():
        if len(both) > 1:  # `x_mean_days`: the mean time to x, the median one to x_mean
            of, step = sorted(both, key=lambda each: len(each.text))
            yield _told("part", step.place, metric=name, step=str(step), of=str(of), part=part)


def _to(project: Project, name: str, to: Ending) -> Iterator[Problem]:
    case = "none" if not (to.metric or to.table) else "both" if to.metric and to.table else "at" if to.at_ else None
    if case and not (case == "at" and to.table):
        yield _told(f"to_{case}", to.at("at") if case == "at" else to.place, metric=name)
        return
    yield from _no_rows(project, name, str(to.metric or ""), to.place)
    end = comes_to(project, name)
    if end and not (to.at_ and end.moment is None):
        yield from _rows(name, end, to.place)
