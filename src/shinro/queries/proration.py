"""Proration: an invoice for a part of an interval, as what all of the interval would cost. Nothing is divided.

whole = invoice × days of the interval / days from start to end, rounded to the minor unit, half away from 0

Law: a row that covers its interval or more keeps its amount, and one without an end too. Cost: a look-up a row.
Source: https://dev.chartmogul.com/docs/how-mrr-is-calculated-from-prorated-invoices, to the day in place of the second.
"""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal, localcontext
from typing import Any

import ibis

from shinro.queries.local_day import days_from
from shinro.queries.terms import LENGTHS

Table = Any
Column = Any

LONGEST_MONTHS, LONGEST_DAYS = 12, 366  # of an interval that is prorated
PLACES = 20
WIDTH = PLACES + len("0.")
WHOLE = "decimal(18, 0)"


@ibis.udf.scalar.builtin(name="substr")  # type: ignore[untyped-decorator]  # Ibis ships no types
def piece(text: str, start: int, length: int) -> str:  # type: ignore[empty-body]  # the engine's own function
    """A piece of a text from a position counted from 1; null where that is."""


def length_of(every: Column) -> Column:
    """How many months an interval is long, or how many days below 0; 0 for one that is not prorated or not known."""
    words: dict[int, list[str]] = {1: [""]}
    for word, length in LENGTHS.items():
        if -LONGEST_DAYS <= length <= LONGEST_MONTHS:
            words.setdefault(length, []).append(word)
    marked = ibis.literal("|") + every + "|"
    cases = ((ibis.literal(f"|{'|'.join(of)}|").contains(marked), length) for length, of in words.items())
    return ibis.cases(*((found, ibis.literal(length, "int64")) for found, length in cases), else_=0)


def whole(rows: Table, invoice: Column) -> Column:
    """Invoices in minor units, those of a part of their interval as of all of it.

    `rows` holds `day`, `to` (the first day that is not covered; null: open) and `length`. The interval of a part is the
    one that ends where it ends: an upgrade is paid to the end of the period that runs. At the end of a month either
    way of counting may make the interval whole.
    """
    told = (rows.length != 0) & rows.to.notnull() & (rows.day < rows.to)  # change events may end before they start
    first, last = _back(rows.to, rows.length), _forth(rows.day, rows.length)
    partial = told & (rows.day > first) & (rows.to < last)
    covered, days = days_from(rows.day, rows.to), days_from(first, rows.to)
    doubled = ibis.cases((partial, (invoice.abs() * (days * 2)).floor().cast(WHOLE) + covered)).cast(WHOLE)
    found = _quotient(doubled, ibis.cases((partial, covered)))
    return ibis.cases((partial, ibis.cases((invoice < 0, -found), else_=found)), else_=invoice)


def _back(day: Column, length: Column) -> Column:
    return (day.cast("timestamp(6)") - _months(length) - _days(length)).date()


def _forth(day: Column, length: Column) -> Column:
    return (day.cast("timestamp(6)") + _months(length) + _days(length)).date()


def _months(length: Column) -> Column:
    return ibis.greatest(length, 0).as_interval("M")


def _days(length: Column) -> Column:
    return ibis.greatest(-length, 0).as_interval("D")


def _quotient(doubled: Column, covered: Column) -> Column:
    """How often twice the days are in a number: a product with the reciprocal, at most one too small, put right."""
    start = ((covered - 1) * WIDTH + 1).cast("int32")
    reciprocal = piece(RECIPROCALS, start, WIDTH).cast(f"decimal({PLACES}, {PLACES})")
    found = (doubled * reciprocal).cast("decimal(38, 20)").floor().cast(WHOLE)
    return ibis.cases(((found + 1) * (covered * 2) <= doubled, found + 1), else_=found)


def _reciprocals() -> str:
    """1/2, 1/4, 1/6 and so on, of twice every number of days, each as wide as the others."""
    with localcontext(prec=PLACES + 10, rounding=ROUND_DOWN):
        parts = (Decimal(1) / Decimal(2 * days) for days in range(1, LONGEST_DAYS + 1))
        return "".join(format(part.quantize(Decimal(1).scaleb(-PLACES)), f".{PLACES}f") for part in parts)


RECIPROCALS = _reciprocals()
