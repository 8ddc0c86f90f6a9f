"""Recurring revenue from change events on DuckDB: one sort of the changes, then what stands before and after each.

It relies on the engine keeping a sorted order below windows that have no order (its streaming windows), so that
neither the last change of a period nor the one before it asks for a sort within each entity. The engine sorts by up to
24 bytes at once, much faster than by more: texts are numbered first, and amounts that are known to be short are sorted
as such. The statement is written out around the compiled rows (see attempts_duck). 1M changes: .26 s of CPU where .41
were spent on long keys, .78 in the portable form; of entities that are texts .58 for 1.18. A law holds it equal to the
portable form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shinro.periods import Calendar
from shinro.queries.days_duck import ordinal_text
from shinro.queries.local_day import day_literal
from shinro.queries.prices import factor, valued
from shinro.queries.recurring import AGAIN, BEFORE, LEFT, NEW, counted_by
from shinro.queries.scans import Scan
from shinro.queries.terms import MOVES, Terms

Table = Any
Text = Callable[[Table], str]

SO_FAR = "OVER (ROWS UNBOUNDED PRECEDING)"
RISES, FALLS = 4, 5  # who pays before and after, and who does not; who pays as much falls by 0
NARROW = "DECIMAL(18, 9)"
# What moved, of what was paid before (`was`) and is paid now by `n` entities, by what happened to these.
MOVED: Mapping[str, str] = {
    "mrr": "sum(now - was)",
    "new_mrr": f"sum(now - was) FILTER (kind = {NEW})",
    "expansion": f"sum(now - was) FILTER (kind = {RISES})",
    "contraction": f"sum(was - now) FILTER (kind = {FALLS})",
    "churned_mrr": f"sum(was - now) FILTER (kind = {LEFT})",
    "reactivation": f"sum(now - was) FILTER (kind = {AGAIN})",
}
COUNTED: Mapping[str, str] = {
    "companies": f"sum(CASE kind WHEN {NEW} THEN n WHEN {AGAIN} THEN n WHEN {LEFT} THEN -n ELSE 0 END)",
    "new_companies": f"sum(n) FILTER (kind = {NEW})",
    "churned_companies": f"sum(n) FILTER (kind = {LEFT})",
    "reactivated_companies": f"sum(n) FILTER (kind = {AGAIN})",
}


def standing(scan: Scan, rows: Table, calendar: Calendar, text: Text, *, short: bool, texts: bool) -> str | None:
    """What `movements` gives, in the same order; None where this form cannot tell it.

    It tells change events that each say by themselves what their entity pays, whole, in one currency, without trials.
    `short`: every amount of the table is shorter than ten digits; `texts`: its entities are texts.
    """
    terms = scan.terms
    if terms is None or not _plain(scan, terms):
        return None
    rows = valued(rows.filter(rows.entity.notnull()), terms)
    if scan.last:
        rows = rows.filter(rows.day <= day_literal(scan.last))
    if scan.span:
        rows = rows.filter(rows.day < day_literal(scan.span.end))
    changes = text(rows.select("entity", "instant", "day", "mrr"))
    mrr = f"mrr::{NARROW} AS mrr" if short and _as_they_stand(terms) else "mrr"
    who, coded, by_code = ("who", CODED, " JOIN coded USING (entity)") if texts else ("entity AS who", "", "")
    sums = ", ".join([_money(name, terms) for name in MOVES[:8]] + [_count(name) for name in MOVES[8:]])
    return f"""WITH changes AS (
{changes}
),{coded}
dated AS (SELECT {who}, instant, {mrr}, {_period(scan, calendar)} AS period FROM changes{by_code}),
streamed AS (
SELECT who, period, mrr, lead(who) OVER () AS next, lead(period) OVER () AS following
FROM (FROM dated ORDER BY who, instant, mrr)
),
lasts AS (
SELECT who, period, mrr AS now, lag(who) OVER () AS before, lag(mrr) OVER () AS earlier,
  max(CASE WHEN mrr > 0 THEN who END) {SO_FAR} AS payer
FROM streamed WHERE next IS DISTINCT FROM who OR period <> following
),
known AS (
SELECT period, now, CASE WHEN before IS NOT DISTINCT FROM who THEN earlier ELSE 0 END AS was,
  lag(payer) OVER () IS NOT DISTINCT FROM who AS paid
FROM lasts
),
kinds AS (
SELECT period, now, was, CASE WHEN was <= 0 AND now > 0 THEN CASE WHEN paid THEN {AGAIN} ELSE {NEW} END
  WHEN was > 0 AND now <= 0 THEN {LEFT} WHEN now > was THEN {RISES} ELSE {FALLS} END AS kind
FROM known
),
sums AS (SELECT period, kind, sum(now) AS now, sum(was) AS was, count(*) AS n FROM kinds GROUP BY ALL)
SELECT period, {sums} FROM sums GROUP BY period ORDER BY period"""


CODED = """
coded AS (
SELECT entity, (row_number() OVER ())::UINTEGER AS who FROM (SELECT DISTINCT entity FROM changes)
),"""


def _plain(scan: Scan, terms: Terms) -> bool:
    apart = terms.subscription or terms.trial_ends or terms.status or terms.rates or terms.cohorts
    return bool(terms.events and not (apart or scan.ends or scan.dimensions))


def _as_they_stand(terms: Terms) -> bool:
    """Whether no amount is made larger before it is summed."""
    return not (terms.every or terms.quantity or terms.rounds or terms.listed)


def _period(scan: Scan, calendar: Calendar) -> str:
    number = ordinal_text("day", counted_by(scan), calendar)
    if scan.span is None:
        return number
    within = number if scan.parted else "0"
    return f"CASE WHEN day < DATE '{scan.span.start}' THEN {number} - {BEFORE} ELSE {within} END"


def _money(name: str, terms: Terms) -> str:
    return f"coalesce({MOVED.get(name, 'NULL')}, 0) * {factor(terms)} AS {name}"


def _count(name: str) -> str:
    return f"coalesce({COUNTED.get(name, 'NULL')}, 0)::BIGINT AS {name}"
