"""Freshness: whether the rows that a metric is measured from reach up to its last whole period."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from shinro.checks.facts import Facts
from shinro.definitions.columns import lacks
from shinro.definitions.meaning import fact_tables
from shinro.definitions.project import Project
from shinro.definitions.tree import below, measured_from
from shinro.loads import Load
from shinro.periods import DAYS_OF, Grain

PATIENCE = 14  # days: a silence that a table has had before, up to this long, is no end of its data


def loaded_from(project: Project, metric: str) -> tuple[str, ...]:
    """What a metric is loaded from in the end: its tables, and the typed-in metrics among its inputs by their names."""
    found: list[str] = []
    for name in sorted(below([metric], measured_from(project))):
        inner = project.metric(name)
        found += [name] if inner and inner.reported else fact_tables(project, name)
    return tuple(dict.fromkeys(found))


def unread(facts: Facts, metric: str) -> bool:
    """Whether something that a metric is measured from could not be loaded: the L code says so, at its own place."""
    loads, project = facts.loads or {}, facts.project
    absent = any(name not in loads for name in loaded_from(project, metric))
    return absent or any(lacks(project, name, loads) for name in below([metric], measured_from(project)))


def stale(facts: Facts, metric: str, grain: Grain) -> Iterator[Load]:
    """The loads behind a metric that end before the last whole period of a grain, lateness allowed for.

    Days off are no silence, and neither is one as long as the table has had before, up to two weeks.
    """
    for name in loaded_from(facts.project, metric):
        load = (facts.loads or {}).get(name)
        if load and _ends_early(facts, load, _read_every(facts.project, name, grain)):
            yield load


def _read_every(project: Project, name: str, grain: Grain) -> Grain:
    metric = project.metric(name)
    every = metric.every if metric and metric.reported else None
    return max(grain, every or grain, key=lambda each: DAYS_OF[each.value])


def _ends_early(facts: Facts, load: Load, grain: Grain) -> bool:
    known, looked_on = load.known_until, facts.reach or facts.looked_on
    if looked_on is None or known is None:
        return False
    calendar = facts.project.calendar
    metric = facts.project.metric(load.table)
    if metric and metric.reported and metric.every:
        known = calendar.period(known, metric.every).last
    begun = calendar.period(looked_on - timedelta(days=load.late_by), grain).start
    silence = (begun - known).days - 1
    return calendar.working_days(known + timedelta(days=1), begun) > 0 and silence > min(load.longest_gap, PATIENCE)
