"""Recurring revenue: subscription periods -> what moved in each period, as sums that close.

Law: in every period and segment, opening + new + expansion - contraction - churned + reactivation + moved in - moved
out = closing, in money and in companies. Cost: a sort of the days on which an entity changes. Nothing is divided.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from shinro.periods import Calendar
from shinro.queries.local_day import ordinal
from shinro.queries.prices import flag, priced
from shinro.queries.scans import Scan
from shinro.queries.terms import MONEY_MOVES, MOVES

Table = Any
Column = Any
Window = Any

BEFORE = 10_000_000  # periods before a span are numbered below all others
HAS_ENTITY = "entity"
NEW, AGAIN, LEFT, STAYS = 1, 2, 3, 4  # what happens to a company
EVENTS = ("started", "ended", "converted")  # of trials


@ibis.udf.scalar.builtin(name="md5")  # type: ignore[untyped-decorator]  # Ibis ships no types
def hashed(text: str) -> str:  # type: ignore[empty-body]  # the engine's own function
    """The MD5 of a text: an order of texts that no collation changes."""


def movements(rows: Table, scan: Scan, calendar: Calendar) -> Table:
    """What moved by period and dimensions: `MOVES`, money in parts (`SCALE`) of the minor unit.

    `rows` holds a row a subscription period: `entity`, `amount`, `day` and, where the terms name them, `every`,
    `quantity`, `status`, `trial`; `end` where the table has one; dimensions; `is0`, whether it counts, where not
    every row does.
    """
    assert scan.terms is not None  # noqa: S101 - only a recurring scan comes here
    keys = [HAS_ENTITY, *(f"dim{n}" for n in range(len(scan.dimensions)))]
    changes = _changes(priced(rows, scan, scan.terms), keys, scan)
    if scan.last:
        changes = changes.filter(changes.day <= ibis.date(scan.last.year, scan.last.month, scan.last.day))
    if scan.span:
        changes = changes.filter(changes.day < ibis.date(scan.span.end.year, scan.span.end.month, scan.span.end.day))
    changes = changes.mutate(period=_period(changes.day, scan, calendar))
    sums = {name: changes[name].sum() for name in ("mrr", *EVENTS)}
    states = _states(changes.group_by([*keys, "period"]).aggregate(**sums), keys)
    return _summed(_moves(states, keys), ["period", *keys[1:]])


def _period(day: Column, scan: Scan, calendar: Calendar) -> Column:
    number = ordinal(day, scan.grain, calendar)
    if scan.span is None:
        return number
    start = scan.span.start
    return ibis.cases((day < ibis.date(start.year, start.month, start.day), number - BEFORE), else_=0)


def _changes(rows: Table, keys: list[str], scan: Scan) -> Table:
    """A row for every day on which something starts to be paid (+) or ceases to be (-), or a trial starts or ends."""
    assert scan.terms is not None  # noqa: S101 - only a recurring scan comes here
    paid = rows.filter(rows.pays, rows.to.isnull() | (rows.to > rows.paid_from))
    nothing = dict.fromkeys(EVENTS, ibis.literal(0, "int64"))
    found = [paid.select(*keys, day=paid.paid_from, mrr=paid.mrr, **nothing)]
    if scan.ends:
        ended = paid.filter(paid.to.notnull())
        found.append(ended.select(*keys, day=ended.to, mrr=-ended.mrr, **nothing))
    if scan.terms.trial_ends or scan.terms.status:
        found.append(_trials(rows, paid, keys))
    return ibis.union(*found, distinct=False) if len(found) > 1 else found[0]


def _trials(rows: Table, paid: Table, keys: list[str]) -> Table:
    """The days on which an entity's trials start and end, and whether it then pays."""
    tried = rows.filter(rows.tries, rows.tried_to.isnull() | (rows.tried_to > rows.day))
    over = tried.filter(tried.tried_to.notnull())
    days = tried.select(*keys, day=tried.day, trial=ibis.literal(1, "int64"))
    days = days.union(over.select(*keys, day=over.tried_to, trial=ibis.literal(-1, "int64")), distinct=False)
    days = days.group_by([*keys, "day"]).aggregate(trial=days.trial.sum())
    running = ibis.window(group_by=keys, order_by=days.day, preceding=None, following=0)
    days = days.mutate(after=days.trial.sum().over(running))
    before = days.after - days.trial
    days = days.mutate(started=flag((days.after > 0) & (before <= 0)), ended=flag((days.after <= 0) & (before > 0)))
    payers = paid.select(payer=paid.entity, paid_from=paid.paid_from, paid_to=paid.to, price=paid.mrr)
    then = [
        days.entity == payers.payer,
        days.ended == 1,
        payers.paid_from <= days.day,
        payers.paid_to.isnull() | (payers.paid_to > days.day),
    ]
    found = days.left_join(payers, then).group_by([*keys, "day", "started", "ended"])
    found = found.aggregate(price=lambda t: ibis.coalesce(t.price.sum(), 0))
    return found.select(
        *keys, "day", mrr=found.price * 0, started=found.started, ended=found.ended, converted=flag(found.price > 0)
    )


def _states(cells: Table, keys: list[str]) -> Table:
    """Each entity's segments with what they pay before and after a period, and what the entity pays in all."""
    cells = cells.mutate(after=cells.mrr.sum().over(_running(cells, keys)), up=ibis.greatest(cells.mrr, 0))
    cells = cells.mutate(before=cells.after - cells.mrr, down=cells.up - cells.mrr)
    if len(keys) == 1:
        return _kinds(cells.mutate(all_after=cells.after, all_moved=cells.mrr)).mutate(
            moved_in=cells.mrr * 0, moved_out=cells.mrr * 0
        )
    companies = cells.group_by([HAS_ENTITY, "period"]).aggregate(
        all_moved=cells.mrr.sum(),
        moved=ibis.least(cells.up.sum(), cells.down.sum()),
        widest=ibis.greatest(flag(cells.up > 0).sum(), flag(cells.down > 0).sum()),
    )
    companies = companies.mutate(all_after=companies.all_moved.sum().over(_running(companies, [HAS_ENTITY])))
    return _shared(cells.inner_join(_kinds(companies), [HAS_ENTITY, "period"]), keys)


def _running(cells: Table, keys: list[str]) -> Window:
    return ibis.window(group_by=keys, order_by=cells.period, preceding=None, following=0)


def _kinds(companies: Table) -> Table:
    """What happens to a company in a period: new, again, left, or it stays as it is, paying or not."""
    ever = ibis.window(group_by=HAS_ENTITY, order_by=companies.period, preceding=None, following=0)
    first = ibis.cases((companies.all_after > 0, companies.period)).min().over(ever)
    companies = companies.mutate(first=first, all_before=companies.all_after - companies.all_moved)
    joins = (companies.all_before <= 0) & (companies.all_after > 0)
    leaves = (companies.all_before > 0) & (companies.all_after <= 0)
    new = joins & (companies.first == companies.period)
    kind = ibis.cases((new, NEW), (joins, AGAIN), (leaves, LEFT), else_=STAYS)
    return companies.mutate(kind=kind).drop("first", "all_before", "all_after", "all_moved")


def _shared(cells: Table, keys: list[str]) -> Table:
    """What a company takes from some segments into others; several of them are filled in a fixed order."""
    plain = cells.filter(~((cells.moved > 0) & (cells.widest > 1)))
    plain = plain.mutate(moved_in=ibis.least(plain.up, plain.moved), moved_out=ibis.least(plain.down, plain.moved))
    wide = cells.filter((cells.moved > 0) & (cells.widest > 1))
    order = [ibis.coalesce(hashed(wide[key].cast("string")), "") for key in keys[1:]]
    upto = ibis.window(group_by=[HAS_ENTITY, "period"], order_by=order, preceding=None, following=0)

    def share(column: Column) -> Column:
        before = column.sum().over(upto) - column
        return ibis.greatest(ibis.least(wide.moved - before, column), column * 0)

    return plain.union(wide.mutate(moved_in=share(wide.up), moved_out=share(wide.down)), distinct=False)


def _moves(cells: Table, keys: list[str]) -> Table:
    """Every entity's segment and period with the part of its change that each movement has."""
    enters, exits = (cells.before <= 0) & (cells.after > 0), (cells.before > 0) & (cells.after <= 0)
    new, again, left, stays = (cells.kind == kind for kind in (NEW, AGAIN, LEFT, STAYS))
    found: Mapping[str, Column] = {
        "new_mrr": _where(new, cells.mrr),
        "expansion": _where(stays, cells.up - cells.moved_in),
        "contraction": _where(stays, cells.down - cells.moved_out),
        "churned_mrr": _where(left, -cells.mrr),
        "reactivation": _where(again, cells.mrr),
        "moved_in": _where(stays, cells.moved_in),
        "moved_out": _where(stays, cells.moved_out),
        "companies": flag(enters) - flag(exits),
        "new_companies": flag(enters & new),
        "churned_companies": flag(exits & left),
        "reactivated_companies": flag(enters & again),
        "companies_moved_in": flag(enters & (left | stays)),
        "companies_moved_out": flag(exits & ~left),
    }
    trials = {
        "trials": cells.started - cells.ended,
        "trials_started": cells.started,
        "trials_ended": cells.ended,
        "trials_paid": cells.converted,
    }
    return cells.select("period", *keys, "mrr", **found, **trials)


def _where(truth: Column, amount: Column) -> Column:
    return ibis.cases((truth, amount), else_=amount * 0)


def _summed(cells: Table, by: list[str]) -> Table:
    sums = {name: cells[name].sum() if name in MONEY_MOVES else cells[name].sum().cast("int64") for name in MOVES}
    return cells.group_by(by).aggregate(**sums).select(*by, *MOVES)
