"""Remarks above a statement of `sql`: what it counts, over which tables, what was taken for granted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from shinro.loads import Load
from shinro.periods import Grain
from shinro.queries.activity import Firsts, Gaps, Presence, Stretches
from shinro.queries.funnel import Attempts
from shinro.queries.retention import Retention
from shinro.queries.scans import Measure, Scan
from shinro.queries.schema import Schema

MOMENT = "moment in UTC"
OF_GROWTH = {
    Gaps: "number: days since 1900-01-01; gap: days since they were active before, longest of all for never\n"
    "-- active in the n days up to x: sum(many) where x - n < number and number <= x and number - gap <= x - n",
    Firsts: "number: days since 1900-01-01; new: active for the first time; first: the first time in that day, week or"
    " month; kept: active in the one before too\n-- active in a week: sum(first_week) of its days",
    Presence: "number: the period; kind 0: active for the first time, 1: in the period before too, 2: back again\n"
    "-- active in a period: sum(many)",
    Stretches: "number: days since 1900-01-01; change: how many begin and cease to be active (kind 0), to be or have"
    " been so in the window before (1), to be new (2)\n-- active on a day: sum(change) of kind 0 up to it",
    Attempts: "reached{n}: how many reached step n, the first is 0; of the times from the step before, in microseconds:"
    " middle{n} the sum of the one or two middle ones, total{n} of all",
}
COHORTS = "cohort: the period in which they begin, whose buckets may not all be over yet; entities: how many\n-- n: "
BUCKETS = (
    "active so far behind the cohort's period, as periods are numbered; on or after: for the last time, or at the last"
    " bucket or later"
)
KEPT_OR_NOT = "1 for those who are kept, 0 for the others"
DAILY = (Gaps, Firsts, Stretches)  # whose rows are of days, whatever is asked for
DAYS = "a period is counted in days since 1900-01-01, up to its first day"
MONTHS = "a period is counted in months, year x 12 + month - 1 of its first (24314: March 2026)"
PARTS = {
    "avg": "m{n} the sum, n{n} of how many",
    "median": "m{n} the sum of the one or two in the middle, n{n} how many they are",
}
KEPT = (
    "over {tables} as a load keeps them: moments in UTC without a zone, texts trimmed, empty ones missing,"
    " rows that cannot be read left out; where they are not so, it gives other numbers"
)
OVER = "{table} is read where it lies, as a load would keep it: {types}"
LOST = "rows of {table} that could not be read, and are in no number that `values` shows, nor here: {rejected}"


def remarks(scan: Scan, made: Schema, loads: Mapping[str, Load], as_of: date | None, over: Collection[str] = ()) -> str:
    """Comments above a statement; `over` are the tables that it reads where they lie."""
    lines = [f"as of {as_of}"] if as_of else []
    lines += [*_counted(scan), *_assumed(scan, made, loads), *_tables(scan, loads, over)]
    return "".join(f"-- {line}\n" for line in lines)


def _counted(scan: Scan) -> Iterator[str]:
    """What a row's columns are."""
    yield from (text for kind, text in OF_GROWTH.items() if isinstance(scan.growth, kind))
    if isinstance(scan.growth, Retention):
        yield COHORTS + (BUCKETS if scan.growth.looked else KEPT_OR_NOT)
    if not isinstance(scan.growth, DAILY):
        grain = (scan.growth and scan.growth.grain) or scan.grain
        yield DAYS if grain in (Grain.DAY, Grain.WEEK) else MONTHS
    if scan.growth is None and scan.terms is None:
        yield "; ".join(_measure(n, one, scan) for n, one in enumerate(scan.measures))


def _measure(n: int, one: Measure, scan: Scan) -> str:
    if scan.ends is not None:
        return f"m{n}: {one.metric}, how many begin less how many end; open at the end of a period: the sum up to it"
    return f"m{n}: {one.metric}" + (f", {PARTS[one.way].format(n=n)}" if one.way in PARTS else "")


def _assumed(scan: Scan, made: Schema, loads: Mapping[str, Load]) -> Iterator[str]:
    for table in dict.fromkeys(scan.reads):
        if table not in loads:
            yield f"assumed of {table}: {_types(made.types[table])}"


def _tables(scan: Scan, loads: Mapping[str, Load], over: Collection[str]) -> Iterator[str]:
    """Of each table what it must be for the statement to hold."""
    kept = [table for table in dict.fromkeys(scan.reads) if table not in over]
    if kept:
        yield KEPT.format(tables=", ".join(kept))
    yield from (f"{table} as it was loaded: {_types(loads[table].types)}" for table in kept if table in loads)
    for table in over:
        yield OVER.format(table=table, types=_types(loads[table].types))
        if loads[table].rejected:
            yield LOST.format(table=table, rejected=loads[table].rejected)


def _types(types: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {MOMENT if kind == 'moment' else kind}" for name, kind in types.items())
