"""Active entities: rows -> how many entities are active on the days that windows end with, by calendar period too.

Entity-days are made distinct first; what follows is one sort an entity, and counts. Nothing is divided, nothing is
joined. Law: at any day, a window's number is a sum of what is found here. Cost: linear in the rows, and a sort of the
entity-days (of as many rows a day as make an entity active, where it takes several).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from shinro.periods import MONTHS_OF, Calendar, Duration, Grain, Period
from shinro.queries.activity import SHORT, Firsts, Gaps, Presence, Stretches
from shinro.queries.local_day import day_literal, days_from, ordinal
from shinro.queries.scans import Scan

Table = Any
Column = Any
Rows = Callable[[Scan], Table]

FIRST, NEXT, AGAIN = 0, 1, 2  # an entity's first period; the one after another; one after a pause
ACTIVE, EITHER, NEW = 0, 1, 2  # active; active or was so a window before; active for the first time
EVER = 4_000_000  # days: more than lie between any two
LOOKED_BACK = 4  # rows that make an entity active: looking back day by day is faster than going through the rows


def gaps(scan: Scan, rows: Rows, calendar: Calendar) -> Table:
    """Active entities by day, dimensions and gap: days since they were active, `cap` at most; one more for never."""
    assert isinstance(scan.growth, Gaps)  # noqa: S101 - only such a scan comes here
    cap, keys, days = scan.growth.cap, _keys(scan), _days(scan, rows)
    since = days_from(days.before, days.day)
    days = days.mutate(gap=ibis.cases((days.before.isnull(), cap + 1), (since > cap, cap), else_=since))
    found = days.group_by(["day", *keys[1:], "gap"]).aggregate(many=days.count())
    return found.select(number=ordinal(found.day, Grain.DAY, calendar), **_same(found, [*keys[1:], "gap", "many"]))


def firsts(scan: Scan, rows: Rows, calendar: Calendar) -> Table:
    """Active entities by day and dimensions: for the first time ever, and for the first time in that day, week, month.

    Of each of these also, who was active in the one before.
    """
    assert isinstance(scan.growth, Firsts)  # noqa: S101 - only such a scan comes here
    keys, days = _keys(scan), _days(scan, rows)
    sums = {"new": days.before.isnull()}
    for grain in SHORT:
        here, then = ordinal(days.day, grain, calendar), ordinal(days.before, grain, calendar)
        sums[f"first_{grain.value}"] = (here != then) | days.before.isnull()
        sums[f"kept_{grain.value}"] = then == here - step(grain, None)
    found = days.group_by(["day", *keys[1:]]).aggregate(
        **{name: days.count(where=truth) for name, truth in sums.items()}
    )
    return found.select(number=ordinal(found.day, Grain.DAY, calendar), **_same(found, [*keys[1:], *sums]))


def presence(scan: Scan, rows: Rows, calendar: Calendar) -> Table:
    """Active entities by period and dimensions, and by what they were before: `FIRST`, `NEXT` or `AGAIN`."""
    assert isinstance(scan.growth, Presence)  # noqa: S101 - only such a scan comes here
    keys, found = _keys(scan), rows(scan)
    if scan.span:
        found = found.filter(found.day < day_literal(scan.span.end))
    found = found.mutate(number=_period(found.day, scan, calendar))
    found = _enough(found, [*keys, "number"], scan.growth.at_least)
    found = found.mutate(before=found.number.lag().over(ibis.window(group_by=keys, order_by=found.number)))
    kept = found.before == found.number - step(scan.grain, scan.span)
    found = found.mutate(kind=ibis.cases((found.before.isnull(), FIRST), (kept, NEXT), else_=AGAIN))
    return found.group_by(["number", *keys[1:], "kind"]).aggregate(many=found.count())


def stretches(scan: Scan, rows: Rows, calendar: Calendar) -> Table:
    """How many entities begin (+) and cease (-) to be `ACTIVE`, `EITHER` and `NEW`, by day and dimensions.

    A row keeps an entity active from its day until the window leaves the oldest of the last `at_least` rows behind.
    """
    assert isinstance(scan.growth, Stretches)  # noqa: S101 - only such a scan comes here
    keys, within = _keys(scan), scan.growth.within
    edges = _edges(rows(scan), keys, scan.growth)
    once = edges.at.min().over(ibis.window(group_by=keys))
    edges = edges.mutate(once=_left(once, within))
    clipped = edges.select(*keys[1:], at=ibis.least(edges.at, edges.once), by=edges.by, kind=ibis.literal(NEW, "int64"))
    whole = edges.select(*keys[1:], "at", "by", kind=ibis.literal(ACTIVE, "int64"))
    found = ibis.union(whole, _either(edges, keys, within), clipped, distinct=False)
    found = found.group_by(["at", *keys[1:], "kind"]).aggregate(by=found.by.sum().cast("int64"))
    found = found.filter(found.by != 0)
    number, names = ordinal(found["at"], Grain.DAY, calendar), [*keys[1:], "kind"]
    return found.select(number=number, **_same(found, names), change=found.by)


def step(grain: Grain, span: Period | None) -> int:
    """How far apart two neighbouring periods are numbered."""
    if span is not None:
        return span.length
    return {Grain.DAY: 1, Grain.WEEK: 7}.get(grain) or MONTHS_OF[grain]


def _keys(scan: Scan) -> list[str]:
    return ["entity", *(f"dim{n}" for n in range(len(scan.dimensions)))]


def _same(found: Table, names: list[str]) -> dict[str, Column]:
    return {name: found[name] for name in names}


def _days(scan: Scan, rows: Rows) -> Table:
    """Every entity's active days in each segment, each with the one `before`."""
    keys = _keys(scan)
    days = rows(scan).select(*keys, "day").distinct()
    return days.mutate(before=days.day.lag().over(ibis.window(group_by=keys, order_by=days.day)))


def _enough(found: Table, by: list[str], least: int) -> Table:
    if least == 1:
        return found.select(*by).distinct()
    many = found.group_by(by).aggregate(many=found.count())
    return many.filter(many.many >= least).select(*by)


def _period(day: Column, scan: Scan, calendar: Calendar) -> Column:
    """A period's number; of a span and of the times as long before it, the days from the span's start: 0, -n, -2n."""
    if scan.span is None:
        return ordinal(day, scan.grain, calendar)
    start, length = scan.span.start, scan.span.length
    since = days_from(day_literal(start), day)
    return since - (since + (EVER - EVER % length)) % length


def _edges(found: Table, keys: list[str], growth: Stretches) -> Table:
    """The days `at` which each entity begins (1) and ceases (-1) to be active."""
    days = _oldest(found, keys, growth.at_least)
    inside = ibis.window(group_by=keys, order_by=days.day)
    days = days.mutate(
        earlier=days.oldest.lag().over(inside), next=days.day.lead().over(inside), later=days.oldest.lead().over(inside)
    )
    until, within = _left(days.oldest, growth.within), growth.within
    lasts = days.oldest.notnull() & (days.day < until)
    begins = days.earlier.isnull() | (_left(days.earlier, within) < days.day)
    pauses = (until < days.next) | ((until == days.next) & (_left(days.later, within) == days.next))
    days = days.mutate(until=until, begins=lasts & begins, ceases=lasts & (days.next.isnull() | pauses))
    begun, ceased = days.filter(days.begins), days.filter(days.ceases)
    edges = begun.select(*keys, at=begun.day, by=ibis.literal(1, "int64"))
    return edges.union(ceased.select(*keys, at=ceased.until, by=ibis.literal(-1, "int64")), distinct=False)


def _oldest(found: Table, keys: list[str], least: int) -> Table:
    """Each entity's days with the day of the oldest of its last `least` rows; null where it has had fewer so far."""
    if least == 1:
        days = found.select(*keys, "day").distinct()
        return days.mutate(oldest=days.day)
    days = found.group_by([*keys, "day"]).aggregate(many=ibis.least(found.count(), least))
    if least > LOOKED_BACK:
        rows = days.mutate(each=ibis.range(0, days.many).unnest())
        order = ibis.window(group_by=keys, order_by=[rows.day, rows.each])
        rows = rows.mutate(oldest=rows.day.lag(least - 1).over(order))
        return rows.filter(rows.each == rows.many - 1).select(*keys, "day", "oldest")
    inside = ibis.window(group_by=keys, order_by=days.day)
    back = {f"{name}{n}": days[name].lag(n).over(inside) for n in range(1, least) for name in ("day", "many")}
    days = days.mutate(**back)
    so_far, choices = days.many, [(days.many >= least, days.day)]
    for n in range(1, least):
        so_far += days[f"many{n}"]
        choices.append((so_far >= least, days[f"day{n}"]))
    return days.select(*keys, "day", oldest=ibis.cases(*choices))


def _left(day: Column, within: Duration) -> Column:
    """The first day whose window does not reach back to a day.

    By months, the window of a day that its month does not have is that of the day after: January 31 is left by a
    month's window on March 1.
    """
    if within.unit == "day":
        return _later(day, ibis.interval(days=within.amount))
    found = _later(day, ibis.interval(months=within.amount))
    return ibis.cases((day.day() > found.day(), _later(found, ibis.interval(days=1))), else_=found)


def _later(day: Column, by: Column) -> Column:
    return (day.cast("timestamp(6)") + by).date()


def _summed(edges: Table, keys: list[str]) -> Table:
    found = edges.group_by([*keys, "at"]).aggregate(by=edges.by.sum().cast("int64"))
    return found.filter(found.by != 0)


def _either(edges: Table, keys: list[str], within: Duration) -> Table:
    """Where an entity begins and ceases to be active or to have been so in the window before."""
    later = edges.select(*keys, at=_left(edges["at"], within), by=edges.by)
    both = _summed(edges.select(*keys, "at", "by").union(later, distinct=False), keys)
    after = both.by.sum().over(ibis.window(group_by=keys, order_by=both["at"], preceding=None, following=0))
    both = both.mutate(after=after)
    turns = ibis.cases(
        ((both.after > 0) & (both.after <= both.by), 1), ((both.after <= 0) & (both.after > both.by), -1), else_=0
    )
    return both.select(*keys[1:], "at", by=turns.cast("int64"), kind=ibis.literal(EITHER, "int64"))
