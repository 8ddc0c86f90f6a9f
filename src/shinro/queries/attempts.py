"""Attempts: the rows of those who are followed -> how far the best attempt of each came, and how fast.

For every row of the first step the earliest completion of every later step is known from one sort of an entity's rows,
by nested running minima from its last row back: the earliest last step after a row; at a row of the step before, that;
the earliest of these after a row; and so on. Cost: that sort and n(n-1)/2 running minima for n steps. No join, no
division.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import ibis

from shinro.periods import MONTHS_OF, Calendar, Grain
from shinro.queries.funnel import CALENDAR, DAY, ENDS, EPOCH, Attempts, midnight
from shinro.queries.local_day import day_literal, days_from, ordinal
from shinro.queries.recurring import hashed
from shinro.queries.scans import Measure, Scan

Table = Any
Column = Any
Rows = Callable[[Scan], Table]

SECOND = 1_000_000  # microseconds
WHO = "entity"


def attempts(scan: Scan, rows: Rows, calendar: Calendar) -> Table:
    """By period and dimensions: of every step how many reached it, and of the times that they took from the one before.

    Of these, in microseconds: the sum of the one or two middle ones, and the sum of all. The first step has none.
    """
    growth = scan.growth
    assert isinstance(growth, Attempts)  # noqa: S101 - only such a scan comes here
    events = events_of(scan, growth, rows)
    day = ibis.literal(DAY * SECOND if events.instant.type().is_date() else 1, "int64")
    events = _timed(events, scan)
    ahead = _strictly_ahead(events, growth) if growth.strict else _ahead(events, growth)
    begun = _begun(ahead, scan, growth, calendar)
    return told(_best(begun, scan), scan, len(growth.steps), day)


def events_of(scan: Scan, growth: Attempts, rows: Rows) -> Table:
    """Every row of a step: who, when, its dimensions, `step0`.. and `out`: whether it is of each; unknown is no."""
    own = rows(scan)
    if growth.later is None:
        return own
    measure = Measure(scan.measures[0].metric, "count", None, growth.later.where)
    ends = replace(growth, entity=growth.later.entity, later=None, conditions=())
    end = replace(
        scan, table=growth.later.table, moment=growth.later.moment, growth=ends, measures=(measure,), dimensions=()
    )
    return _both(own, rows(end), scan)


def _both(own: Table, other: Table, scan: Scan) -> Table:
    """The rows of both ends as one: by the day where one of them has no more; names as texts where they differ.

    `since` is when each first row was, whatever the other side has.
    """
    days = own.instant.type().is_date() or other.instant.type().is_date()
    text = own.entity.type() != other.entity.type()
    dims = [f"dim{n}" for n in range(len(scan.dimensions))]

    def side(rows: Table, *, first: bool) -> Table:
        return rows.select(
            entity=rows.entity.cast("string") if text else rows.entity,
            instant=rows.day if days else rows.instant,
            day=rows.day,
            step0=ibis.literal(first),
            step1=ibis.literal(not first),
            since=rows.instant if first else ibis.null(own.instant.type()),
            **{dim: rows[dim] if first else ibis.null(own[dim].type()) for dim in dims},
        )

    both = side(own, first=True).union(side(other, first=False), distinct=False)
    return both.filter(both.entity.notnull())


def ends_attempts(growth: Attempts) -> bool:
    """Whether some rows end attempts."""
    return any(name == ENDS for name, _ in growth.conditions)


def _timed(events: Table, scan: Scan) -> Table:
    """With `at`: microseconds since 1970, or days where that is all that is known; rows of days that count alone."""
    if scan.span:
        events = events.filter(events.day >= day_literal(scan.span.start))
    return events.mutate(at=_number(events.instant))


def _number(instant: Column) -> Column:
    if instant.type().is_date():
        return days_from(day_literal(EPOCH.date()), instant)
    whole = instant.truncate("s").epoch_seconds().cast("int64")
    return whole * SECOND + instant.microsecond().cast("int64")


def _carried(growth: Attempts) -> tuple[str, ...]:
    """What is known of a completion: when it is, and its local day where windows end with one."""
    return ("at", "day") if growth.within and growth.within.unit in CALENDAR else ("at",)


def _ahead(events: Table, growth: Attempts) -> Table:
    """With `at1`.. (and `day1`..): the earliest completion of every later step, for whoever begins at a row.

    Rows at the same instant see each other, so that they count in the order of the steps.
    """
    back = ibis.range_window(group_by=WHO, order_by=events.at.desc(), preceding=None, following=0)
    last = len(growth.steps) - 1
    if ends_attempts(growth):
        events = events.mutate(ends_at=events.at.min(where=events[ENDS]).over(back))
    for step in range(last, 0, -1):
        here = {
            f"{what}{step}_{later}": events[what if later == step else f"{what}{step + 1}_{later}"]
            for what in _carried(growth)
            for later in range(step, last + 1)
        }
        events = events.mutate(
            **{name: each.min(where=events[f"step{step}"]).over(back) for name, each in here.items()}
        )
    named = {f"{what}{n}": events[f"{what}1_{n}"] for what in _carried(growth) for n in range(1, last + 1)}
    return events.filter(events.step0).mutate(**named)


def _strictly_ahead(events: Table, growth: Attempts) -> Table:
    """The same where no row of another step may come between: each next run of rows of one step must be the next one.

    A row of several steps is a row of each, in order.
    """
    whole = events
    last, carried = len(growth.steps) - 1, _carried(growth)
    each = [whole.filter(whole[f"step{n}"]).mutate(step=ibis.literal(n, "int64")) for n in range(last + 1)]
    rows = ibis.union(*each, distinct=False) if len(each) > 1 else each[0]
    order = ibis.window(group_by=WHO, order_by=[rows.at, rows.step])
    rows = rows.mutate(before=rows.step.lag(1).over(order))
    turn = (rows.step > 0) & (rows.before.isnull() | (rows.before != rows.step))
    rows = rows.mutate(turn=ibis.cases((turn, 1), else_=0))
    upto = ibis.window(group_by=WHO, order_by=[rows.at, rows.step, rows.turn.desc()], preceding=None, following=0)
    rows = rows.mutate(turns=rows.turn.sum().over(upto))
    turns = rows.filter(rows.turn == 1)
    nexts = ibis.window(group_by=WHO, order_by=turns.turns)
    found: dict[str, Column] = {}
    for n in range(1, last + 1):
        ahead = {what: turns[what].lead(n - 1).over(nexts) if n > 1 else turns[what] for what in (*carried, "step")}
        before = turns.before.lead(n - 1).over(nexts) if n > 1 else turns.before
        follows = (ahead["step"] == n) & (before == n - 1)
        found |= {f"{what}{n}": ibis.cases((follows, ahead[what])) for what in carried}
    turns = turns.select(WHO, at_turn=turns.turns - 1, **found)
    starts = rows.filter(rows.step == 0)
    joined = starts.left_join(turns, [starts.entity == turns.entity, starts.turns == turns.at_turn])
    joined = joined.drop("entity_right", "at_turn")
    if ends_attempts(growth):
        return _ended(joined, whole)
    return joined


def _ended(starts: Table, whole: Table) -> Table:
    """With `ends_at`: the first row from the start on that ends an attempt."""
    ends = whole.filter(whole[ENDS])
    kept = [name for name in starts.columns if name != ENDS]
    blank = {name: ibis.null(starts[name].type()) for name in kept if name not in (WHO, "at")}
    marks = ends.select(entity=ends.entity, at=ends.at, **blank).mutate(ending=ibis.literal(value=True))
    both = starts.select(*kept).mutate(ending=ibis.literal(value=False))
    both = both.union(marks.select(*both.columns), distinct=False)
    back = ibis.range_window(group_by=WHO, order_by=both.at.desc(), preceding=None, following=0)
    both = both.mutate(ends_at=both.at.min(where=both.ending).over(back))
    return both.filter(~both.ending)


def _begun(starts: Table, scan: Scan, growth: Attempts, calendar: Calendar) -> Table:
    """Attempts with the level that they reach and their period; those whose window is not over are left out."""
    over = _window_end(starts, growth)
    known = growth.known_before(scan.last) if scan.last else None
    if over is not None and known:
        starts = starts.filter(over < _horizon(starts, growth, known, calendar))
    if scan.span:
        starts = starts.filter(starts.day < day_literal(scan.span.end))
        period = ibis.literal(0, "int64")
    else:
        period = ordinal(starts.day, scan.grain, calendar)
    last = len(growth.steps) - 1
    reached = {n: _reached(starts, n, over, growth) for n in range(1, last + 1)}
    level = sum((ibis.cases((reached[n], 1), else_=0) for n in reached), start=ibis.literal(0, "int64"))
    ends = [ibis.cases((reached[n], starts[f"at{n}"])) for n in reached]
    times = {f"took{n}": end - (ends[n - 2] if n > 1 else starts.at) for n, end in enumerate(ends, 1)}
    whole = ibis.coalesce(*reversed(ends), starts.at) - starts.at
    return starts.mutate(period=period, level=level, whole=whole, **times)


def _reached(starts: Table, n: int, over: Column | None, growth: Attempts) -> Column:
    what = "day" if growth.within and growth.seconds is None else "at"
    found = starts[f"at{n}"].notnull()
    if over is not None:
        found = found & (starts[f"{what}{n}"] <= over)
    if ends_attempts(growth):
        found = found & (starts.ends_at.isnull() | (starts[f"at{n}"] <= starts.ends_at))
    return found


def _window_end(starts: Table, growth: Attempts) -> Column | None:
    """The last instant, or the last day, that a window holds."""
    if growth.within is None:
        return None
    if growth.seconds is not None:
        whole = growth.seconds // DAY if _is_days(starts) else growth.seconds * SECOND
        return starts.at + whole
    months = growth.within.amount * MONTHS_OF[Grain(growth.within.unit)]
    return (starts.day.cast("timestamp(6)") + ibis.interval(months=months)).date()


def _is_days(starts: Table) -> bool:
    return bool(starts.instant.type().is_date())


def _horizon(starts: Table, growth: Attempts, known: date, calendar: Calendar) -> Column:
    """Before it all is known, in what windows are measured in."""
    if growth.seconds is None:
        return day_literal(known)
    days = (known - EPOCH.date()).days
    return ibis.literal(days if _is_days(starts) else midnight(known, calendar.zone), "int64")


def _best(begun: Table, scan: Scan) -> Table:
    """One attempt an entity and period, in its first one's segment: the furthest, then the fastest, then the first."""
    order = [begun.level.desc(), begun.whole, begun.at]
    dims = [f"dim{n}" for n in range(len(scan.dimensions))]
    ranked = begun.mutate(place=ibis.row_number().over(ibis.window(group_by=[WHO, "period"], order_by=order)))
    if dims:
        hashes = [ibis.coalesce(hashed(begun[dim].cast("string")), "") for dim in dims]
        nulls = [begun[dim].isnull() for dim in dims]
        since = begun.since if "since" in begun.columns else begun.at
        first = ibis.window(group_by=[WHO, "period"], order_by=[since, *hashes, *nulls], preceding=None, following=None)
        ranked = ranked.mutate(**{dim: begun[dim].first(include_null=True).over(first) for dim in dims})
    return ranked.filter(ranked.place == 0)


def told(best: Table, scan: Scan, steps: int, unit: Column) -> Table:
    """The best attempts summed up, with `took1`.., the time from the step before, times `unit`."""
    keys = ["period", *(f"dim{n}" for n in range(len(scan.dimensions)))]
    each = [
        best.filter(best.level >= n).select(
            *keys,
            step=ibis.literal(n, "int64"),
            took=best[f"took{n}"].cast("int64") * unit if n else ibis.literal(0, "int64"),
        )
        for n in range(steps)
    ]
    rows = ibis.union(*each, distinct=False)
    by = [*keys, "step"]
    rows = rows.mutate(
        place=ibis.row_number().over(ibis.window(group_by=by, order_by=rows.took)) + 1,
        size=rows.count().over(ibis.window(group_by=by)),
    )
    twice = rows.place * 2
    middle = (twice >= rows.size) & (twice <= rows.size + 2) & ((rows.size % 2 == 0) | (twice == rows.size + 1))
    found = rows.group_by(by).aggregate(reached=rows.count(), middle=rows.took.sum(where=middle), total=rows.took.sum())
    columns = {"reached0": found.reached.max(where=found.step == 0)}
    for n in range(1, steps):
        here = found.step == n
        columns[f"reached{n}"] = ibis.coalesce(found.reached.max(where=here), 0)
        columns |= {f"{name}{n}": found[name].max(where=here) for name in ("middle", "total")}
    return found.group_by(keys).aggregate(**columns)
