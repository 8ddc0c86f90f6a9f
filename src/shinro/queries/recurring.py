"""Recurring revenue: subscription periods -> what moved in each period, as sums that close.

Law: in every period and segment, opening + new + expansion - contraction - churned + reactivation + moved in - moved
out = closing, in money and in companies. Cost: a sort of the days on which an entity changes. Nothing is divided.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal, localcontext
from fractions import Fraction
from typing import Any

import ibis

from shinro.periods import Calendar
from shinro.queries.local_day import ordinal
from shinro.queries.scans import Scan
from shinro.queries.terms import (
    DROPPED,
    ENDED,
    INTERVALS,
    MONEY_MOVES,
    MOVES,
    SCALE,
    TRIALS,
    UNPAID,
    Terms,
)

Table = Any
Column = Any

WIDE_FROM = "０１２３４５６７８９ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WIDE_TO = "0123456789abcdefghijklmnopqrstuvwxyz"
BEFORE = 10_000_000  # periods before a span are numbered below all others
RECIPROCAL = 20  # decimal places
HAS_ENTITY = "entity"


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
    changes = _changes(_priced(rows, scan, scan.terms), keys, scan)
    if scan.last:
        changes = changes.filter(changes.day <= ibis.date(scan.last.year, scan.last.month, scan.last.day))
    if scan.span:
        changes = changes.filter(changes.day < ibis.date(scan.span.end.year, scan.span.end.month, scan.span.end.day))
    net = changes.group_by([*keys, "day"]).aggregate(mrr=changes.mrr.sum(), trial=changes.trial.sum())
    net = _trials(net, keys).mutate(period=_period(net.day, scan, calendar))
    sums = {name: net[name].sum() for name in ("mrr", "trial", "started", "ended", "converted")}
    states = _states(net.group_by([*keys, "period"]).aggregate(**sums), keys)
    return _summed(_moves(states, keys), ["period", *keys[1:]])


def _period(day: Column, scan: Scan, calendar: Calendar) -> Column:
    number = ordinal(day, scan.grain, calendar)
    if scan.span is None:
        return number
    start = scan.span.start
    return ibis.cases((day < ibis.date(start.year, start.month, start.day), number - BEFORE), else_=0)


def _priced(rows: Table, scan: Scan, terms: Terms) -> Table:
    """Rows with their MRR, the days from and to which it is paid, and those of the trial before it."""
    if "is0" in rows.columns:
        rows = rows.filter(rows.is0)
    status = _squeezed(rows.status) if terms.status else None
    end = rows.end if scan.ends else ibis.null("date")
    if scan.ends and scan.ends_inclusive:
        end = (end.cast("timestamp(6)") + ibis.interval(days=1)).date()
    trial = rows.trial if terms.trial_ends else ibis.null("date")
    paid_from = ibis.coalesce(ibis.greatest(trial, rows.day), rows.day)
    tried_to = ibis.coalesce(ibis.least(trial, end), trial, end)
    trying = rows.trial.notnull() if terms.trial_ends else ibis.literal(value=False)
    pays = ibis.literal(value=True)
    if status is not None:
        trying |= _is_in(status, TRIALS)
        pays = ~_is_in(status, (*TRIALS, *UNPAID)) & (end.notnull() | ~_is_in(status, ENDED))
        trying &= ~_is_in(status, UNPAID) & (end.notnull() | ~_is_in(status, ENDED))
    if terms.currency:
        money = _squeezed(rows.currency)
        pays &= money.isnull() | money.isin(["", *terms.money])
    rows = rows.mutate(mrr=_mrr(rows, terms), to=end, paid_from=paid_from, tried_to=tried_to, pays=pays, trying=trying)
    return rows.filter(rows.entity.notnull(), lambda t: t.to.isnull() | (t.to > t.day))


def _is_in(status: Column, words: tuple[str, ...]) -> Column:
    return ibis.coalesce(status.isin(words), ibis.literal(value=False))


def _squeezed(text: Column) -> Column:
    for character in DROPPED:
        text = text.replace(character, "")
    return text.translate(WIDE_FROM, WIDE_TO)


def _mrr(rows: Table, terms: Terms) -> Column:
    """A row's MRR in parts of the minor unit: its invoice, less the tax in it, by how often it comes."""
    invoice = rows.amount.cast("decimal(38, 9)") * 10**terms.minor
    if terms.quantity:
        invoice = invoice * ibis.coalesce(rows.quantity, 1)
    if terms.tax:
        invoice = invoice - _tax(invoice, terms.tax / (1 + terms.tax))
    return ibis.coalesce(invoice * _weight(rows, terms), 0)


def _weight(rows: Table, terms: Terms) -> Column:
    if not terms.every:
        return ibis.literal(SCALE)
    every = _squeezed(rows.every)
    words: dict[int, list[str]] = {}
    for word, weight in INTERVALS.items():
        words.setdefault(weight, []).append(word)
    known = [(every.isin(of), ibis.literal(weight)) for weight, of in words.items()]
    return ibis.cases((every.isnull() | (every == ""), ibis.literal(SCALE)), *known, else_=0)


def _tax(invoice: Column, share: Fraction) -> Column:
    """The tax in an invoice, rounded down: a multiplication by the reciprocal, at most one too small, put right."""
    over, under = share.numerator, share.denominator
    whole = (invoice.abs().floor().cast("decimal(18, 0)") * over).cast("decimal(18, 0)")
    with localcontext(prec=RECIPROCAL, rounding=ROUND_DOWN):
        part = Decimal(1) / Decimal(under)
    reciprocal = ibis.literal(part.quantize(Decimal(1).scaleb(-RECIPROCAL), ROUND_DOWN), "decimal(20, 20)")
    found = (whole * reciprocal).cast("decimal(38, 20)").floor().cast("decimal(18, 0)")
    found = ibis.cases(((found + 1) * under <= whole, found + 1), else_=found)
    return ibis.cases((invoice < 0, -found), else_=found)


def _changes(rows: Table, keys: list[str], scan: Scan) -> Table:
    """A row for every day on which a subscription or a trial starts (+) or ends (-)."""
    assert scan.terms is not None  # noqa: S101 - only a recurring scan comes here
    paid = rows.filter(rows.pays, rows.to.isnull() | (rows.to > rows.paid_from))
    nothing = ibis.literal(0, "int64")
    found = [paid.select(*keys, day=paid.paid_from, mrr=paid.mrr, trial=nothing)]
    if scan.ends:
        ended = paid.filter(paid.to.notnull())
        found.append(ended.select(*keys, day=ended.to, mrr=-ended.mrr, trial=nothing))
    if scan.terms.trial_ends or scan.terms.status:
        tried = rows.filter(rows.trying, rows.tried_to.isnull() | (rows.tried_to > rows.day))
        over = tried.filter(tried.tried_to.notnull())
        one = ibis.literal(1, "int64")
        found.append(tried.select(*keys, day=tried.day, mrr=tried.mrr * 0, trial=one))
        found.append(over.select(*keys, day=over.tried_to, mrr=over.mrr * 0, trial=-one))
    return ibis.union(*found, distinct=False) if len(found) > 1 else found[0]


def _trials(net: Table, keys: list[str]) -> Table:
    """Days with the trials that start and end on them, and whether who tried then pays."""
    running = ibis.window(group_by=keys, order_by=net.day, preceding=None, following=0)
    whole = ibis.range_window(group_by=HAS_ENTITY, order_by=net.day, preceding=None, following=0)
    net = net.mutate(tries=net.trial.sum().over(running), pays=net.mrr.sum().over(whole))
    before = net.tries - net.trial
    starts, ends = (net.tries > 0) & (before <= 0), (net.tries <= 0) & (before > 0)
    return net.mutate(started=_one(starts), ended=_one(ends), converted=_one(ends & (net.pays > 0)))


def _one(truth: Column) -> Column:
    return ibis.cases((truth, ibis.literal(1, "int64")), else_=ibis.literal(0, "int64"))


def _states(cells: Table, keys: list[str]) -> Table:
    """Each entity's segments with what they pay before and after a period, and what the entity pays in all."""
    segment = ibis.window(group_by=keys, order_by=cells.period, preceding=None, following=0)
    cells = cells.mutate(after=cells.mrr.sum().over(segment))
    if len(keys) == 1:
        cells = cells.mutate(all_after=cells.after, all_before=cells.after - cells.mrr)
    else:
        whole = ibis.range_window(group_by=HAS_ENTITY, order_by=cells.period, preceding=None, following=0)
        within = ibis.window(group_by=[HAS_ENTITY, "period"])
        cells = cells.mutate(all_after=cells.mrr.sum().over(whole), all_moved=cells.mrr.sum().over(within))
        cells = cells.mutate(all_before=cells.all_after - cells.all_moved)
    first = ibis.cases((cells.all_after > 0, cells.period)).min().over(ibis.window(group_by=HAS_ENTITY))
    return cells.mutate(before=cells.after - cells.mrr, first=first, up=ibis.greatest(cells.mrr, 0))


def _moves(cells: Table, keys: list[str]) -> Table:
    """Every entity's segment and period with the part of its change that each movement has."""
    cells = cells.mutate(down=cells.up - cells.mrr)
    joins, leaves = (cells.all_before <= 0) & (cells.all_after > 0), (cells.all_before > 0) & (cells.all_after <= 0)
    cells = cells.mutate(
        kind=ibis.cases(
            (joins & (cells.first == cells.period), "new"), (joins, "again"), (leaves, "left"), else_="stays"
        )
    )
    enters, exits = (cells.before <= 0) & (cells.after > 0), (cells.before > 0) & (cells.after <= 0)
    stays = cells.kind == "stays"
    moved_in, moved_out = _moved(cells, keys)
    joined = cells.kind.isin(["new", "again"])
    found: Mapping[str, Column] = {
        "new_mrr": _where(cells.kind == "new", cells.mrr),
        "expansion": _where(stays, cells.up - moved_in),
        "contraction": _where(stays, cells.down - moved_out),
        "churned_mrr": _where(cells.kind == "left", -cells.mrr),
        "reactivation": _where(cells.kind == "again", cells.mrr),
        "moved_in": _where(stays, moved_in),
        "moved_out": _where(stays, moved_out),
        "companies": _one(enters) - _one(exits),
        "new_companies": _one(enters & (cells.kind == "new")),
        "churned_companies": _one(exits & (cells.kind == "left")),
        "reactivated_companies": _one(enters & (cells.kind == "again")),
        "companies_moved_in": _one(enters & ~joined),
        "companies_moved_out": _one(exits & (cells.kind != "left")),
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


def _moved(cells: Table, keys: list[str]) -> tuple[Column, Column]:
    """What an entity that stays takes from some segments into others; it fills them in a fixed order."""
    if len(keys) == 1:
        return cells.mrr * 0, cells.mrr * 0
    within = ibis.window(group_by=[HAS_ENTITY, "period"])
    order = [ibis.coalesce(hashed(cells[key].cast("string")), "") for key in keys[1:]]
    upto = ibis.window(group_by=[HAS_ENTITY, "period"], order_by=order, preceding=None, following=0)
    moved = ibis.least(cells.up.sum().over(within), cells.down.sum().over(within))

    def share(column: Column) -> Column:
        before = column.sum().over(upto) - column
        return ibis.greatest(ibis.least(moved - before, column), column * 0)

    return share(cells.up), share(cells.down)


def _summed(cells: Table, by: list[str]) -> Table:
    sums = {name: cells[name].sum() if name in MONEY_MOVES else cells[name].sum().cast("int64") for name in MOVES}
    return cells.group_by(by).aggregate(**sums).select(*by, *MOVES)
