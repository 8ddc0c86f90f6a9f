"""Lapses: how long entities take between the stages of the project's rates, measured for the rule that judges it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from shinro.checks.facts import Lapse
from shinro.checks.stages import Staged, between_stages
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
        ever, soon = (_reached(gathered, staged, within) for within in (None, _period(staged.grain)))
        if ever and soon and ever.entities:
            longer = 1 - soon.entities / ever.entities
            yield staged.metric, Lapse(int(ever.entities), ever.days or Fraction(0), longer, staged.grain)


def _period(grain: Grain) -> Duration:
    return Duration(DAYS_OF[grain.value], "day")


def _reached(gathered: Gathered, staged: Staged, within: Duration | None) -> Reached | None:
    """Who came from the one stage to the other, up to as-of."""
    growth = between(gathered.opened.project, staged.start, staged.end, within)
    first = gathered.loads[staged.start.name].oldest
    if growth is None or first is None or first > gathered.as_of:
        return None
    wheres = staged.start.wheres
    where = And(wheres) if len(wheres) > 1 else wheres[0] if wheres else None
    scan = Scan(
        staged.start.name,
        str(staged.start.moment),
        Grain.YEAR,
        (Measure(staged.metric, "conversion", None, where),),
        last=gathered.as_of,
        span=Period(first, gathered.as_of + timedelta(days=1)),
        growth=replace(growth, late=(gathered.as_of - LATER_THAN_ALL).days),
    )
    rows = gathered.asked.read(scan).get((), {}).values()
    return next((reached(row)[1] for row in rows), Reached())
