"""Changes: the days on which something starts to be paid or ceases to be, and on which trials start and end."""

from __future__ import annotations

from typing import Any

import ibis

from shinro.queries.prices import flag

Table = Any
Column = Any

HAS_ENTITY = "entity"
TRIED = ("trials", "trials_started", "trials_ended", "trials_paid")  # a change, and what it is made of


def paid_changes(rows: Table, keys: list[str], *, ended: bool) -> Table:
    """A row for every day on which something starts to be paid (+) or, where rows have an end, ceases to be (-)."""
    paid = rows.filter(rows.pays, rows.to.isnull() | (rows.to > rows.paid_from))
    starts = paid.select(*keys, day=paid.paid_from, mrr=paid.mrr)
    if not ended:
        return starts
    over = paid.filter(paid.to.notnull())
    return starts.union(over.select(*keys, day=over.to, mrr=-over.mrr), distinct=False)


def trial_days(rows: Table, changes: Table, keys: list[str]) -> Table:
    """The days on which an entity's trials start and end, and whether it then pays: `TRIED`. Cost: a sort of them."""
    tried = rows.filter(rows.tries, rows.tried_to.isnull() | (rows.tried_to > rows.day))
    over = tried.filter(tried.tried_to.notnull())
    days = tried.select(*keys, day=tried.day, trial=ibis.literal(1, "int64"))
    days = days.union(over.select(*keys, day=over.tried_to, trial=ibis.literal(-1, "int64")), distinct=False)
    days = days.group_by([*keys, "day"]).aggregate(trial=days.trial.sum())
    running = ibis.window(group_by=keys, order_by=days.day, preceding=None, following=0)
    days = days.mutate(after=days.trial.sum().over(running))
    before = days.after - days.trial
    days = days.mutate(started=flag((days.after > 0) & (before <= 0)), ended=flag((days.after <= 0) & (before > 0)))
    plain = days.filter((days.started == 1) | (days.ended == 1))
    plain = plain.select(
        *keys, "day", trials=plain.started - plain.ended, trials_started=plain.started, trials_ended=plain.ended,
        trials_paid=plain.started * 0,
    )  # fmt: skip
    return plain.union(_converted(days.filter(days.ended == 1), changes, keys), distinct=False)


def _converted(ends: Table, changes: Table, keys: list[str]) -> Table:
    """Trials that ended on a day at whose end their entity pays: what it pays is a running sum, no join of ranges."""
    nothing = {name: ibis.null(changes[name].type()) for name in keys[1:]}
    of_them = changes.semi_join(ends, HAS_ENTITY)
    paid = of_them.mutate(**nothing).select(*keys, "day", "mrr", asked=ibis.literal(0, "int64"))
    asked = ends.select(*keys, "day", mrr=ibis.literal(0).cast(changes.mrr.type()), asked=ibis.literal(1, "int64"))
    both = paid.union(asked, distinct=False)
    upto = ibis.range_window(preceding=None, following=0, group_by=HAS_ENTITY, order_by=both.day)
    both = both.mutate(price=both.mrr.sum().over(upto))
    found = both.filter(both.asked == 1, both.price > 0)
    nothing = found.asked * 0
    return found.select(
        *keys, "day", trials=nothing, trials_started=nothing, trials_ended=nothing, trials_paid=found.asked
    )
