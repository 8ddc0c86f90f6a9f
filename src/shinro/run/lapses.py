"""Lapses: how long entities take between stages, and where nobody is found at both, measured for the rules on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from shinro.checks.facts import Lapse
from shinro.checks.stages import between_stages
from shinro.definitions.ends import End, begins, comes_to
from shinro.definitions.expression import And
from shinro.periods import DAYS_OF, Duration, Grain, Period
from shinro.queries.funnel import between
from shinro.queries.scans import Measure, Scan
from shinro.run.gathering import Gathered
from shinro.warehouse.funnel import Reached, reached

LATER_THAN_ALL = date(9000, 1, 1)  # seen from it nobody is young: whoever has done both counts, however short ago


def lapses(gathered: Gathered) -> Mapping[str, Lapse]:
    """Metric -> its lapse, for each rate between stages whose tables are loaded.

    Of an entity's several ways the fastest counts, so that a long time is one that nobody can miss.
    Cost: two scans a rate, which are kept.
    """
    return dict(_measured(gathered))


def _measured(gathered: Gathered) -> Iterator[tuple[str, Lapse]]:
    for staged in between_stages(gathered.opened.project):
        if gathered.unmeasured([staged.metric]):
            continue
        ends = staged.start, staged.end
        _, ever = _reached(gathered, staged.metric, *ends)
        _, soon = _reached(gathered, staged.metric, *ends, _period(staged.grain))
        if ever.entities:
            longer = 1 - soon.entities / ever.entities
            yield staged.metric, Lapse(int(ever.entities), ever.days or Fraction(0), longer, staged.grain)


def strangers(gathered: Gathered) -> Mapping[str, int]:
    """Conversion -> how many it follows, where none of them is in the other table, before or after, won or not.

    Cost: a scan a conversion from one table to another, and one more where nobody came; they are kept.
    """
    return dict(_apart(gathered))


def _apart(gathered: Gathered) -> Iterator[tuple[str, int]]:
    project = gathered.opened.project
    for name in map(str, project.metrics):
        start, end = begins(project, name), comes_to(project, name)
        if start is None or end is None or start.name == end.name or gathered.unmeasured([name]):
            continue
        there = replace(end, moment=str(end.table.time or end.table.starts or end.moment), filter=None)
        begun, came = _reached(gathered, name, start, there)
        if begun.entities and not came.entities:
            ended, back = _reached(gathered, name, there, start)
            if ended.entities and not back.entities:
                yield name, int(begun.entities)


def _period(grain: Grain) -> Duration:
    return Duration(DAYS_OF[grain.value], "day")


def _reached(
    gathered: Gathered, metric: str, start: End, end: End, within: Duration | None = None
) -> tuple[Reached, Reached]:
    """Who began with the one stage, and who of them came to the other, up to as-of."""
    growth = between(gathered.opened.project, start, end, within)
    first = gathered.loads[start.name].oldest
    if growth is None or first is None or first > gathered.as_of:
        return Reached(), Reached()
    wheres = start.wheres
    where = And(wheres) if len(wheres) > 1 else wheres[0] if wheres else None
    scan = Scan(
        start.name,
        str(start.moment),
        Grain.YEAR,
        (Measure(metric, "conversion", None, where),),
        last=gathered.as_of,
        span=Period(first, gathered.as_of + timedelta(days=1)),
        growth=replace(growth, late=(gathered.as_of - LATER_THAN_ALL).days),
    )
    for row in gathered.asked.read(scan).get((), {}).values():
        begun, came = reached(row)
        return begun, came
    return Reached(), Reached()
