"""The local day as arithmetic: a time zone's offsets become plain intervals, the same in every engine and session."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import ibis

from shinro.periods import Calendar, Grain
from shinro.queries.schema import Offsets

Column = Any
ANCHOR = (1900, 1, 1)  # a Monday
WEEKS = 7 * 100_000  # from before year 1 to the anchor: with them no remainder is of a negative number


def local(moment: Column, offsets: Offsets) -> Column:
    """A moment (UTC, without zone) as local wall time. Cost: one comparison a row for each transition in the span."""
    if len(offsets) == 1:
        return moment + ibis.interval(seconds=offsets[0][1]) if offsets[0][1] else moment
    pieces = [(moment < later, ibis.interval(seconds=east)) for (_, east), (later, _) in pairwise(offsets)]
    return moment + ibis.cases(*pieces, else_=ibis.interval(seconds=offsets[-1][1]))


def day_literal(day: date) -> Column:
    """A day as the engines read it."""
    return ibis.date(day.year, day.month, day.day)


def day_of(column: Column, offsets: Offsets) -> Column:
    """The local day of a moment; a plain date is its own."""
    return column if column.type().is_date() else local(column, offsets).date()


def days_from(first: Column, last: Column) -> Column:
    """Whole days from one day to another: a difference of days is an integer in every engine, while `delta` divides."""
    return (last - first).cast("int64")


def ordinal(day: Column, grain: Grain, calendar: Calendar) -> Column:
    """The first day of a day's period as a whole number: days since 1900-01-01 for days and weeks, else months since 0.

    Remainders, no division: exact in every engine.
    """
    if grain in (Grain.DAY, Grain.WEEK):
        number = days_from(ibis.date(*ANCHOR), day)
        return number if grain is Grain.DAY else number - (number + WEEKS - calendar.week_starts) % 7
    month = day.year().cast("int64") * 12 + day.month() - 1
    if grain is Grain.MONTH:
        return month
    length = 3 if grain is Grain.QUARTER else 12
    return month - (month + 1 - calendar.fiscal_starts + 12) % length
