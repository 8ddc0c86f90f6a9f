"""Attempts on DuckDB: one sorted list of an entity's rows, read once from its last row back.

An entity's rows become one list of numbers, an instant and a step each, sorted and laid out again, so that no sort
compares names. One clock runs through all entities, those of two of them far apart, so that a running maximum needs no
partition: where a step was met last on the way back is its earliest completion. It relies on the engine keeping the
order of an unnested list below windows that have no order (its streaming windows); a law holds it equal to the portable
form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ibis

from shinro.periods import Calendar
from shinro.queries.attempts import SECOND, WHO, day_literal, ends_attempts, events_of, told
from shinro.queries.funnel import Attempts, are_exclusive, midnight
from shinro.queries.local_day import ordinal
from shinro.queries.recurring import hashed
from shinro.queries.scans import Scan

Table = Any
Column = Any
Rows = Callable[[Scan], Table]
Days = Callable[[Column], Column]

APART = 2**62  # microseconds by which the clocks of two entities differ: no two instants are so far apart
WIDE = 2**54  # microseconds: no two instants are so far apart either
SO_FAR = ibis.window(preceding=None, following=0)


def _own(name: str, of: str, to: str, kind: Any = ibis.udf.scalar) -> Callable[[Column], Column]:  # noqa: ANN401 - scalar or agg
    """A function of the engine's own, from one type to another."""

    def own(given: object) -> object:
        return given

    return kind.builtin(own, name=name, signature=((of,), to))  # type: ignore[no-any-return]  # Ibis ships no types


microseconds = _own("epoch_us", "timestamp(6)", "int64")
moment_at = _own("make_timestamp", "int64", "timestamp(6)")
wide_sum = _own("sum", "int64", "decimal(38, 0)", ibis.udf.agg)  # it has the engine's 128 bits, as all made of it has


def streamed(scan: Scan, rows: Rows, calendar: Calendar, days: Days) -> Table | None:
    """What `attempts` gives, in the same form; None where this one cannot tell it.

    It tells plain funnels and conversions: moments, steps that no row has two of, windows in seconds or none.
    """
    growth = scan.growth
    assert isinstance(growth, Attempts)  # noqa: S101 - only such a scan comes here
    if growth.strict or (growth.within and growth.seconds is None):
        return None
    if not growth.later and not are_exclusive(growth, scan.measures[0].where):
        return None
    events = _counted(events_of(scan, growth, rows), scan)
    if events.instant.type().is_date():
        return None
    starts = _starts(_back(_packed(events, scan, growth), growth), growth)
    starts = _dated(starts, days(moment_at(starts.at)), scan, growth, calendar)
    best = _best(starts, len(growth.steps))
    if scan.dimensions:
        firsts = events.filter(events.s0)
        firsts = _dated(firsts.mutate(at=microseconds(firsts.instant)), firsts.day, scan, growth, calendar)
        best = _placed(best, firsts, [f"dim{n}" for n in range(len(scan.dimensions))])
    return told(best, scan, len(growth.steps), ibis.literal(1, "int64"))


def _counted(events: Table, scan: Scan) -> Table:
    """The rows of days that count."""
    if scan.last:
        events = events.filter(events.day <= day_literal(scan.last))
    if scan.span:
        events = events.filter(events.day >= day_literal(scan.span.start))
    return events


def _dated(starts: Table, day: Column, scan: Scan, growth: Attempts, calendar: Calendar) -> Table:
    """Starts with their period, without the young and those after a span."""
    starts = starts.mutate(began=day)
    if growth.seconds is not None and scan.last:
        known = midnight(growth.known_before(scan.last), calendar.zone)
        starts = starts.filter(starts.at + growth.seconds * SECOND < known)
    if scan.span:
        starts = starts.filter(starts.began < day_literal(scan.span.end))
        return starts.mutate(period=ibis.literal(0, "int64"))
    return starts.mutate(period=ordinal(starts.began, scan.grain, calendar))


def _packed(events: Table, scan: Scan, growth: Attempts) -> Table:
    """A row for each row of a step, those of one entity together, the last first: `who`, `at`, `step`.

    `who` is a number, or the entity itself where its segment is to be found.
    """
    count = len(growth.steps)
    codes = [(events[f"s{n}"], n) for n in range(count)]
    step = ibis.cases(*codes, else_=count)
    bits = count.bit_length()
    number = -(microseconds(events.instant) * 2**bits + step)  # an ascending sort is the faster one
    lists = events.select(WHO, number=number).group_by(WHO)
    lists = lists.aggregate(numbers=lambda t: t.number.collect(include_null=True))
    lists = lists.mutate(one=ibis.literal(1, "int64"))
    place = wide_sum(lists.one).over(SO_FAR)
    who = lists[WHO] if scan.dimensions else ibis.row_number()
    lists = lists.select(who=who, place=place, numbers=lists.numbers.sort())
    laid = lists.select("who", "place", number=-lists.numbers.unnest())
    laid = laid.select("who", "place", at=laid.number >> bits, step=laid.number & (2**bits - 1))
    return laid.select("who", "at", "step", clock=laid.place * APART - laid.at)


def _back(laid: Table, growth: Attempts) -> Table:
    """With `clock1`..: when each later step was met last on the way back, so when it is completed first."""
    last = len(growth.steps) - 1
    if ends_attempts(growth):
        laid = laid.mutate(ends=_latest(laid, last + 1, laid.clock))
    for step in range(last, 0, -1):
        made = {later: "clock" if later == step else f"r{step + 1}_{later}" for later in range(step, last + 1)}
        laid = laid.mutate(**{f"r{step}_{later}": _latest(laid, step, laid[name]) for later, name in made.items()})
    kept = ["who", "at", "clock", *(["ends"] if ends_attempts(growth) else [])]
    return laid.filter(laid.step == 0).select(*kept, **{f"clock{n}": laid[f"r1_{n}"] for n in range(1, last + 1)})


def _latest(laid: Table, step: int, clock: Column) -> Column:
    """What stands at the row of a step that was met last; an entity met before is too far away to count."""
    return clock.max(where=laid.step == step).over(SO_FAR)


def _starts(back: Table, growth: Attempts) -> Table:
    """Attempts with the level that they reach, and their times."""
    last = len(growth.steps) - 1
    waited = {n: back.clock - back[f"clock{n}"] for n in range(1, last + 1)}
    longest = APART // 2 if growth.seconds is None else growth.seconds * SECOND
    reached = {n: wait <= longest for n, wait in waited.items()}
    if ends_attempts(growth):
        open_for = ibis.coalesce(back.clock - back.ends, APART)
        reached = {n: found & (waited[n] <= open_for) for n, found in reached.items()}
    down = range(last, 0, -1)
    level = ibis.cases(*((reached[n], n) for n in down), else_=0)
    whole = ibis.cases(*((reached[n], waited[n]) for n in down), else_=0)
    before = {n: waited[n - 1] if n > 1 else 0 for n in waited}
    took = {f"took{n}": ibis.cases((reached[n], (waited[n] - before[n]).cast("int64"))) for n in waited}
    nothing = back.clock - back.clock  # of 128 bits
    rank = ((nothing + level) * WIDE - whole) * WIDE - back.at
    return back.select("who", "at", level=level.cast("int64"), rank=rank, **took)


def _best(starts: Table, steps: int) -> Table:
    """The best attempt by entity and period: the furthest, then the fastest, then the first.

    Whoever came no further than the best has no time for the steps behind it, so that the time of a step is that of the
    best of those who have one.
    """
    took = [f"took{n}" for n in range(1, steps)]
    best = starts.group_by(["who", "period"]).aggregate(
        level=starts.level.max(), **{name: starts[name].argmax(starts.rank) for name in took}
    )
    return best.select("who", "period", "level", *took)


def _placed(best: Table, firsts: Table, dims: list[str]) -> Table:
    """The best attempts with the segment of each one's first in the period."""
    hashes = {f"hash{n}": ibis.coalesce(hashed(firsts[dim].cast("string")), "") for n, dim in enumerate(dims)}
    nulls = {f"null{n}": firsts[dim].isnull() for n, dim in enumerate(dims)}
    tuples = ibis.struct({"at": firsts.at, **hashes, **nulls, **{dim: firsts[dim] for dim in dims}})
    kind = str(tuples.type())
    least = _own("min", kind, kind, ibis.udf.agg)
    found = firsts.mutate(told=tuples).group_by([WHO, "period"]).aggregate(first=lambda t: least(t.told))
    found = found.select(whose=found[WHO], then=found.period, **{dim: found.first[dim] for dim in dims})
    return best.inner_join(found, [best.who == found.whose, best.period == found.then])
