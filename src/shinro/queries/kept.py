"""Cohorts: rows of entities -> how many of each cohort are kept, in one pass over the rows.

Entities' periods are made distinct first; what follows is windows over them, one sort an entity, and counts.
Cost: a distinct of the rows and a sort of the entities' periods; nothing is divided. A week is numbered by its first
day, so that a bucket of weeks is told in days.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from shinro.periods import Calendar, Grain
from shinro.queries.local_day import ordinal
from shinro.queries.recurring import hashed
from shinro.queries.retention import Retention
from shinro.queries.scans import Scan

Table = Any
Column = Any
Rows = Callable[[Scan], Table]


def cohorts(scan: Scan, rows: Rows, calendar: Calendar) -> Table:
    """A row a cohort, segment and `n`: the cohort's number, the dimensions, `n`, how many entities there are.

    `n` is a bucket that is looked at, numbered like periods from the cohort's own on: they are active in it; of `on or
    after`, active in it for the last time, or behind the last bucket. Where none is looked at, 1 stands for those who
    are kept and 0 for the others.
    """
    how = scan.growth
    assert isinstance(how, Retention)  # noqa: S101 - only such a scan comes here
    keys = [f"dim{n}" for n in range(len(scan.dimensions))]
    found = _followed(rows(scan), keys, how, calendar)
    by = ["cohort", *keys, "n"]
    return found.group_by(by).aggregate(entities=found.count()).select(*by, "entities")


def _followed(rows: Table, keys: list[str], how: Retention, calendar: Calendar) -> Table:
    """`cohort`, the dimensions and `n`: a row for each entity of each cohort, for each bucket that is looked at."""
    if how.buckets.ever and not keys and not how.buckets.each:
        return _lasting(_ends(rows, how.grain, calendar), how)
    active = active_periods(rows, keys, how.grain, calendar)
    if how.buckets.ever:
        return _lasting(_each_to_last(active) if how.buckets.each else _first_to_last(active), how)
    if not how.buckets.each:
        return _of_first(active, keys, how)
    return _side_by_side(active, keys, how) if how.looked else _of_each(active, how)


def active_periods(rows: Table, keys: list[str], unit: Grain, calendar: Calendar) -> Table:
    """Each entity's periods once, with the dimensions of its first row in it (ties: by a hash of their texts)."""
    if not keys:
        if unit is Grain.DAY:
            days = rows.select("entity", "day").distinct()
            return days.select("entity", period=ordinal(days.day, unit, calendar))
        return rows.select("entity", period=ordinal(rows.day, unit, calendar)).distinct()
    rows = rows.mutate(period=ordinal(rows.day, unit, calendar))
    cells = rows.group_by(["entity", "period", *keys]).aggregate(seen=rows.instant.min())
    order = [cells.seen, *(place for key in keys for place in _places(cells[key]))]
    within = ibis.window(group_by=["entity", "period"], order_by=order)
    cells = cells.mutate(place=ibis.row_number().over(within))
    return cells.filter(cells.place == 0).select("entity", "period", *keys)


def _places(column: Column) -> list[Column]:
    """What orders a dimension's values alike in every engine and collation."""
    if column.type().is_string():
        return [ibis.coalesce(hashed(column), "")]
    return [ibis.cases((column.isnull(), 0), else_=1), column]


def _ends(rows: Table, unit: Grain, calendar: Calendar) -> Table:
    """Every entity's first and last period."""
    days = rows.group_by("entity").aggregate(first=rows.day.min(), last=rows.day.max())
    return days.select(cohort=ordinal(days.first, unit, calendar), last=ordinal(days.last, unit, calendar))


def _each_to_last(active: Table) -> Table:
    return active.mutate(cohort=active.period, last=active.period.max().over(ibis.window(group_by="entity")))


def _first_to_last(active: Table) -> Table:
    found = _each_to_last(active)
    found = found.mutate(first=found.period.min().over(ibis.window(group_by="entity")))
    return found.filter(found.period == found.first)


def _lasting(found: Table, how: Retention) -> Table:
    """How far behind its cohort an entity is seen for the last time."""
    lasts = found.last - found.cohort
    if how.looked:
        return found.mutate(n=ibis.least(lasts, max(how.looked) * how.step))
    return found.mutate(n=_flag(lasts >= how.buckets.after * how.step))


def _of_first(active: Table, keys: list[str], how: Retention) -> Table:
    """Cohorts of entities' first periods: the entity's periods that lie in a bucket that is looked at.

    The first period is joined: a window of each entity would sort (1M events: 1.2 times the CPU on DuckDB).
    """
    firsts = active.group_by(who=active.entity).aggregate(cohort=active.period.min())
    found = active.inner_join(firsts, active.entity == firsts.who).drop("who")
    found = found.mutate(n=found.period - found.cohort)
    own = found.n.between(how.buckets.after * how.step, how.buckets.last * how.step)
    looked = found.filter(_looked(found.n, how) if how.looked else (found.n == 0) | own)
    if keys:
        home = found.filter(found.n == 0)
        home = home.select(*keys, who=home.entity)
        looked = looked.drop(*keys)
        looked = looked.inner_join(home, looked.entity == home.who)
    if how.looked:
        return looked
    kept = looked.group_by(["entity", "cohort", *keys]).aggregate(ahead=looked.n.max())
    return kept.mutate(n=_flag(kept.ahead > 0))


def _looked(n: Column, how: Retention) -> Column:
    """Whether a bucket is looked at."""
    if how.looked == tuple(range(len(how.looked))):
        return n <= how.looked[-1] * how.step
    return n.isin([bucket * how.step for bucket in how.looked])


def _of_each(active: Table, how: Retention) -> Table:
    """Every period of an entity is a cohort: whether some of its periods lie in the buckets behind it."""
    reach = (how.buckets.after * how.step, how.buckets.last * how.step)
    behind = ibis.window(group_by="entity", order_by=active.period, range=reach)
    found = active.mutate(cohort=active.period, many=active.count().over(behind))
    return found.mutate(n=_flag(found.many > 0))


def _side_by_side(active: Table, keys: list[str], how: Retention) -> Table:
    """Every period of an entity beside those of its periods that are looked at: no block further than the next one."""
    reach = max(how.looked) * how.step
    blocks = active.mutate(block=active.period - active.period % (reach + how.step))
    here = blocks.select("entity", *keys, cohort=blocks.period, block=blocks.block)
    both = here.union(here.mutate(block=here.block + reach + how.step), distinct=False)
    later = blocks.select(who=blocks.entity, at=blocks.period, its=blocks.block)
    found = both.inner_join(later, [both.entity == later.who, both.block == later.its])
    found = found.mutate(n=found["at"] - found.cohort)
    return found.filter(found.n >= 0, _looked(found.n, how))


def _flag(truth: Column) -> Column:
    return ibis.cases((truth, 1), else_=0)
