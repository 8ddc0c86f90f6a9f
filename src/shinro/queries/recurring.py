"""Recurring revenue: subscription periods -> what moved in each period, as sums that close.

Law: in every period and segment, opening + new + expansion - contraction - churned + reactivation + moved in - moved
out = closing, in money and in companies. Cost: a sort of the days on which an entity changes. Nothing is divided.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ibis

from shinro.periods import Calendar, Grain
from shinro.queries.changes import HAS_ENTITY, TRIED, paid_changes, trial_days
from shinro.queries.local_day import day_literal, ordinal
from shinro.queries.prices import factor, flag, hashed, priced, valued
from shinro.queries.scans import Scan
from shinro.queries.terms import MONEY_MOVES, MOVES, Terms

__all__ = ["hashed", "movements"]

Table = Any
Column = Any
Window = Any

BEFORE = 10_000_000  # periods before a span are numbered below all others
NEW, AGAIN, LEFT, STAYS = 1, 2, 3, 4  # what happens to a company
MONEY = "money"  # the currency that an amount is in
AMOUNTS = ("up", "down", "moved_in", "moved_out")


@dataclass(frozen=True)
class Bought:
    """The rows of a scan, and what they say of prices: built once, since several parts of an answer read it."""

    rows: Table
    scan: Scan
    terms: Terms

    @cached_property
    def priced(self) -> Table:
        """The rows with their MRR and its days."""
        return priced(self.rows, self.scan, self.terms)

    def changes(self, keys: list[str]) -> Table:
        """By how much what is paid changes, and when."""
        ended = self.terms.events or self.terms.lists or self.scan.ends
        return paid_changes(self.priced, keys, ended=bool(ended))


def movements(rows: Table, scan: Scan, calendar: Calendar) -> Table:
    """What moved by period and dimensions: `MOVES`, money in parts (`SCALE`) of the minor unit.

    `rows` holds a row a subscription period: `entity`, `amount`, `day` and, where the terms name them, `every`,
    `quantity`, `status`, `trial`; `end` where the table has one; dimensions; `is0`, whether it counts, where not
    every row does.
    """
    assert scan.terms is not None  # noqa: S101 - only a recurring scan comes here
    by = [f"dim{n}" for n in range(len(scan.dimensions))]
    bought = Bought(rows, scan, scan.terms)
    found = _moved(bought, calendar, by)
    return _by_currency(found, bought, calendar, by) if scan.terms.rates else found


def _by_currency(counts: Table, bought: Bought, calendar: Calendar, by: list[str]) -> Table:
    """Money by the currency that it is in, and, without one, how many companies there are whatever they pay in."""
    keys, apart = [HAS_ENTITY, *by, MONEY], [*by, MONEY]
    sums = _counted(_segments(_cells(bought, keys, calendar), keys), apart)
    money = _summed(sums.mutate(**{name: sums[name] * factor(bought.terms) for name in AMOUNTS}), apart)
    none = {name: ibis.literal(0).cast(money[name].type()) for name in MOVES}
    amounts = money.mutate(**{name: none[name] for name in MOVES if name not in MONEY_MOVES})
    counted = counts.mutate(**{name: none[name] for name in MONEY_MOVES}, **{MONEY: ibis.null("string")})
    columns = ["period", *apart, *MOVES]
    return amounts.select(*columns).union(counted.select(*columns), distinct=False)


def _moved(bought: Bought, calendar: Calendar, by: list[str]) -> Table:
    """What moved, all amounts taken as of one currency."""
    keys, terms = [HAS_ENTITY, *by], bought.terms
    cells = _segments(_cells(bought, keys, calendar), keys) if by else _standing(bought, calendar)
    sums = _counted(cells, by) if by else _whole(cells)
    found = _summed(sums.mutate(**{name: sums[name] * factor(terms) for name in AMOUNTS}), by)
    if not (terms.trial_ends or terms.status):
        return found
    days = trial_days(bought.priced, bought.changes(keys), keys)
    return _with_trials(found, _periods(days, bought.scan, calendar), by)


def paid_by_cohort(rows: Table, scan: Scan, calendar: Calendar) -> Table:
    """By the period in which companies first pay, and by each from then on: what moved of their MRR, and of how many.

    Law: what has moved up to a period, over all cohorts, is the MRR of that period (where no company owes a credit).
    """
    assert scan.terms is not None  # noqa: S101 - only a recurring scan comes here
    cells = _kinds(_standing(Bought(rows, scan, scan.terms), calendar))
    first = ibis.cases((cells.kind == NEW, cells.period)).min()
    cells = cells.mutate(cohort=first.over(ibis.window(group_by=HAS_ENTITY)))
    cells = cells.filter(cells.cohort.notnull(), cells.period >= cells.cohort)
    moved = ibis.cases((cells.period == cells.cohort, cells.now), else_=cells.now - cells.was)
    cells = cells.select("cohort", at=cells.period, mrr=moved, companies=flag(cells.joins) - flag(cells.leaves))
    sums = {"mrr": cells.mrr.sum() * factor(scan.terms), "companies": cells.companies.sum().cast("int64")}
    return cells.group_by(["cohort", "at"]).aggregate(**sums)


def _standing(bought: Bought, calendar: Calendar) -> Table:
    """Each entity's periods with what it pays at their end and paid before, and the most that it paid before."""
    terms, scan = bought.terms, bought.scan
    if terms.events and not (terms.subscription or terms.trial_ends or scan.ends):
        return _latest(valued(bought.rows.filter(bought.rows.entity.notnull()), terms), scan, calendar)
    cells = _cells(bought, [HAS_ENTITY], calendar)
    cells = cells.mutate(now=cells.mrr.sum().over(_running(cells, [HAS_ENTITY])))
    cells = cells.mutate(was=cells.now - cells.mrr)
    return cells.mutate(most=cells.was.max().over(_running(cells, [HAS_ENTITY])))


def _cells(bought: Bought, keys: list[str], calendar: Calendar) -> Table:
    """By how much what is paid changes in each period, where it does."""
    moved = _periods(bought.changes(keys), bought.scan, calendar)
    cells = moved.group_by([*keys, "period"]).aggregate(mrr=moved.mrr.sum())
    return cells.filter(cells.mrr != 0)


def _latest(rows: Table, scan: Scan, calendar: Calendar) -> Table:
    """Each entity's last change of a period, where it says by itself what the entity pays."""
    rows = _periods(rows, scan, calendar)
    order = ibis.window(group_by=HAS_ENTITY, order_by=[rows.instant, rows.mrr])
    rows = rows.mutate(following=rows.period.lead().over(order)).select(HAS_ENTITY, "period", "mrr", "following")
    last = rows.filter(rows.following.isnull() | (rows.following != rows.period))
    order = ibis.window(group_by=HAS_ENTITY, order_by=last.period)
    earlier = ibis.window(group_by=HAS_ENTITY, order_by=last.period, preceding=(None, 1))
    return last.select(
        HAS_ENTITY,
        "period",
        now=last.mrr,
        was=ibis.coalesce(last.mrr.lag().over(order), 0),
        most=ibis.coalesce(last.mrr.max().over(earlier), 0),
    )


def _periods(changes: Table, scan: Scan, calendar: Calendar) -> Table:
    """Changes with the period that they are in, without those that are still to come."""
    if scan.last:
        changes = changes.filter(changes.day <= day_literal(scan.last))
    if scan.span:
        changes = changes.filter(changes.day < day_literal(scan.span.end))
    return changes.mutate(period=_period(changes.day, scan, calendar))


def _period(day: Column, scan: Scan, calendar: Calendar) -> Column:
    number = ordinal(day, counted_by(scan), calendar)
    if scan.span is None:
        return number
    start = scan.span.start
    return ibis.cases((day < day_literal(start), number - BEFORE), else_=number if scan.parted else 0)


def counted_by(scan: Scan) -> Grain:
    """The periods at whose ends it counts who pays; before a span that is one period, months."""
    return Grain.MONTH if scan.span and not scan.parted else scan.grain


def _whole(cells: Table) -> Table:
    """The few sums that all movements are made of, where all that an entity pays is one cell."""
    moved = cells.now - cells.was
    cells = _kinds(cells.mutate(up=ibis.greatest(moved, 0), down=ibis.greatest(-moved, 0)))
    sums = cells.group_by(["period", "kind"]).aggregate(up=cells.up.sum(), down=cells.down.sum(), n=cells.count())
    enters, exits = (sums.kind == NEW) | (sums.kind == AGAIN), sums.kind == LEFT
    return sums.mutate(moved_in=sums.up * 0, moved_out=sums.up * 0, enters=enters, exits=exits)


def _kinds(cells: Table) -> Table:
    """What happens to a company in a period: new, again, left, or it stays as it is, paying or not."""
    cells = cells.mutate(joins=(cells.was <= 0) & (cells.now > 0), leaves=(cells.was > 0) & (cells.now <= 0))
    joins, leaves = cells.joins, cells.leaves
    kind = ibis.cases((joins & (cells.most > 0), AGAIN), (joins, NEW), (leaves, LEFT), else_=STAYS)
    return cells.mutate(kind=kind)


def _running(cells: Table, keys: list[str]) -> Window:
    return ibis.window(group_by=keys, order_by=cells.period, preceding=None, following=0)


def _upto(cells: Table) -> Window:
    """All periods of an entity up to a cell's own."""
    return ibis.range_window(preceding=None, following=0, group_by=HAS_ENTITY, order_by=cells.period)


def _segments(cells: Table, keys: list[str]) -> Table:
    """Each entity's segments with what happens to the entity, and what of their change only moved between them."""
    cells = cells.mutate(
        after=cells.mrr.sum().over(_running(cells, keys)),
        up=ibis.greatest(cells.mrr, 0),
        down=ibis.greatest(-cells.mrr, 0),
    )
    before = cells.after - cells.mrr
    cells = cells.mutate(enters=(before <= 0) & (cells.after > 0), exits=(before > 0) & (cells.after <= 0))
    within = _within(keys)
    at = ibis.range_window(preceding=0, following=0, group_by=within, order_by=cells.period)
    here = ibis.range_window(preceding=0, following=0, group_by=HAS_ENTITY, order_by=cells.period)
    cells = cells.mutate(
        now=cells.mrr.sum().over(_upto(cells)),
        moves=cells.mrr.sum().over(here),
        gained=cells.up.sum().over(at),
        lost=cells.down.sum().over(at),
        gainers=flag(cells.up > 0).sum().over(at),
        losers=flag(cells.down > 0).sum().over(at),
    )
    cells = cells.mutate(
        was=cells.now - cells.moves,
        moved=ibis.least(cells.gained, cells.lost),
        widest=ibis.greatest(cells.gainers, cells.losers),
    )
    cells = cells.mutate(most=cells.was.max().over(_upto(cells)))
    return _shared(_kinds(cells), keys)


def _within(keys: list[str]) -> list[str]:
    """What money can move within: an entity's segments, in one currency."""
    return [key for key in keys if key in (HAS_ENTITY, MONEY)]


def _shared(cells: Table, keys: list[str]) -> Table:
    """What a company takes from some segments into others; several of them are filled in a fixed order."""
    wide = (cells.moved > 0) & (cells.widest > 1)
    dims = [key for key in keys if key not in _within(keys)]
    order = [ibis.cases((wide, ibis.coalesce(hashed(cells[key].cast("string")), ""))) for key in dims]
    upto = ibis.window(group_by=[*_within(keys), "period"], order_by=order, preceding=None, following=0)

    def share(column: Column) -> Column:
        before = column.sum().over(upto) - column
        return ibis.greatest(ibis.least(cells.moved - before, column), column * 0)

    return cells.mutate(moved_in=share(cells.up), moved_out=share(cells.down))


def _counted(cells: Table, by: list[str]) -> Table:
    """The few sums that all movements are made of, by what happened to the company and to its segment."""
    sums = {name: cells[name].sum() for name in AMOUNTS}
    return cells.group_by(["period", *by, "kind", "enters", "exits"]).aggregate(**sums, n=cells.count())


def _summed(sums: Table, by: list[str]) -> Table:
    """Every movement by period and dimensions."""
    enters, exits = sums.enters, sums.exits
    new, again, left, stays = (sums.kind == kind for kind in (NEW, AGAIN, LEFT, STAYS))
    net, nothing = sums.up - sums.down, sums.n * 0
    found = {
        "mrr": net,
        "new_mrr": _where(new, net),
        "expansion": _where(stays, sums.up - sums.moved_in),
        "contraction": _where(stays, sums.down - sums.moved_out),
        "churned_mrr": _where(left, -net),
        "reactivation": _where(again, net),
        "moved_in": _where(stays, sums.moved_in),
        "moved_out": _where(stays, sums.moved_out),
        "companies": _where(enters, sums.n) - _where(exits, sums.n),
        "new_companies": _where(enters & new, sums.n),
        "churned_companies": _where(exits & left, sums.n),
        "reactivated_companies": _where(enters & again, sums.n),
        "companies_moved_in": _where(enters & (left | stays), sums.n),
        "companies_moved_out": _where(exits & ~left, sums.n),
        **dict.fromkeys(TRIED, nothing),
    }
    return _totals(sums.select("period", *by, **found), by)


def _with_trials(found: Table, days: Table, by: list[str]) -> Table:
    """Movements with those of trials beside them."""
    days = days.group_by(["period", *by]).aggregate(**{name: days[name].sum().cast("int64") for name in TRIED})
    nothing = {name: ibis.literal(0).cast(found[name].type()) for name in MOVES if name not in TRIED}
    apart = days.mutate(**nothing).select("period", *by, *MOVES)
    return _totals(found.union(apart, distinct=False), by)


def _where(truth: Column, amount: Column) -> Column:
    return ibis.cases((truth, amount), else_=amount * 0)


def _totals(cells: Table, by: list[str]) -> Table:
    sums = {name: cells[name].sum() if name in MONEY_MOVES else cells[name].sum().cast("int64") for name in MOVES}
    return cells.group_by(["period", *by]).aggregate(**sums).select("period", *by, *MOVES)
