"""Days: what the days of a table's rows say of how new they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from shinro.loads import Happened, TablePlan
from shinro.periods import offsets
from shinro.warehouse.engine import literal, quoted
from shinro.warehouse.seen import SPAN

Ask = Callable[[str], Sequence[tuple[object, ...]]]

USUAL = 31  # days: what another time may be ahead of the leading one; a plan further ahead shows nothing


@dataclass(frozen=True, slots=True)
class Days:
    """What the days of a table's rows say."""

    oldest: date | None = None
    newest: date | None = None
    latest: date | None = None
    longest_gap: int = 0
    future: int = 0


def local_day(column: str, kind: str, zone: str, low: date, high: date) -> str:
    """The day of a date, or the local day of a moment kept in UTC, as SQL: plain arithmetic with the zone's offsets."""
    if kind == "date":
        return column
    steps = offsets(zone, low, high)
    cases = "".join(
        f" WHEN {column} >= TIMESTAMP {literal(str(moment))} THEN {column} + to_seconds({east})"
        for moment, east in reversed(steps[1:])
    )
    local = (
        f"CASE{cases} ELSE {column} + to_seconds({steps[0][1]}) END"
        if cases
        else f"{column} + to_seconds({steps[0][1]})"
    )
    return f"CAST({local} AS DATE)"


def days_of(
    ask: Ask, table: str, plan: TablePlan, types: Mapping[str, str], today: date, zone: str, dated: date | None = None
) -> Days:
    """Oldest, newest and latest day, the longest silence up to the newest, and rows after today.

    The newest day is that of `time`, else of `starts`, up to today. Another time may be a plan: it counts in the rows
    in which it happened, while it is no more than a month ahead of the leading one, or up to the date in the file's
    name. Ends that are no `times` tell nothing of how new the rows are.
    """
    leading, others, planned = _ranked(plan, types)
    names = [*leading, *others, *planned]
    if not names:
        return Days()
    low, high = _span(ask, table, [name for name in names if types[name] == "moment"])
    days = {name: local_day(quoted(name), types[name], zone, low, high) for name in names}
    lead, other = (_distinct_days(ask, table, [days[name] for name in ranked]) for ranked in (leading, others))
    seen = sorted({*lead, *other, *_distinct_days(ask, table, [days[name] for name in planned])})
    told = {each.column: _rows(each, types) for each in plan.happened if each.column in (*leading, *others)}
    if any(told.values()):
        lead, other = (
            _distinct_days(ask, table, [days[name] for name in ranked], [told.get(name, "") for name in ranked])
            for ranked in (leading, others)
        )
    later = " OR ".join(f"{day} > DATE '{today}'" for day in days.values())
    future = ask(f"SELECT count(*) FROM {table} WHERE {later}")[0][0] if seen and seen[-1] > today else 0
    known = _known(lead, other, today, dated)
    return Days(
        min(seen, default=None), max(known, default=None), max(seen, default=None), _gap(known), int(str(future))
    )


def _ranked(plan: TablePlan, types: Mapping[str, str]) -> tuple[list[str], list[str], list[str]]:
    """The columns that date the rows: those that tell the newest day, those that help to, those written ahead."""
    every = dict.fromkeys(name for name in (plan.time, *plan.times, plan.starts, plan.ends) if name)
    times = [name for name in every if types.get(name) in ("date", "moment")]
    first = next((name for name in (plan.time, plan.starts) if name in times), None)
    ahead = [*plan.planned, *(() if plan.ends in plan.times else (plan.ends,))]
    planned = [name for name in times if name in ahead and name != first]
    others = [name for name in times if name not in (first, *planned)]
    if first:
        return [first], others, planned
    return (others, [], planned) if others else (planned, [], [])


def _rows(happened: Happened, types: Mapping[str, str]) -> str:
    """The rows in which a day happened, as SQL behind FROM; none are left out by columns that hold no text."""
    told = [
        f"{quoted(column)} IN ({', '.join(map(literal, values))})"
        for column, values in happened.told
        if types.get(column) == "text"
    ]
    return f" WHERE {' AND '.join(told)}" if told else ""


def _distinct_days(ask: Ask, table: str, days: Sequence[str], rows: Sequence[str] = ()) -> list[date]:
    """The days of columns, in order; years before 1 and after 9999 are none. `rows` says in which rows each counts."""
    if not days:
        return []
    parts = zip(days, rows or [""] * len(days), strict=True)
    distinct = " UNION ".join(f"SELECT DISTINCT {day} AS day FROM {table}{where}" for day, where in parts)
    found = ask(f"SELECT day FROM ({distinct}) WHERE day IS NOT NULL ORDER BY day")
    return [row[0] for row in found if isinstance(row[0], date)]


def _known(lead: Sequence[date], other: Sequence[date], today: date, dated: date | None) -> list[date]:
    """The days that show how new the rows are, in order."""
    past = [day for day in lead if day <= today]
    if not past:
        return []
    reach = dated or past[-1] + timedelta(days=USUAL)
    return sorted({*past, *(day for day in other if day <= min(reach, today))})


def _gap(days: Sequence[date]) -> int:
    return max(((after - before).days for before, after in pairwise(days)), default=0)


def _span(ask: Ask, table: str, moments: Sequence[str]) -> tuple[date, date]:
    """The days from the first to the last moment, as far as offsets are worked out."""
    ends = ", ".join(f"min({quoted(name)}), max({quoted(name)})" for name in moments) or "NULL"
    found = [moment.date() for moment in ask(f"SELECT {ends} FROM {table}")[0] if isinstance(moment, datetime)]
    inside = [min(max(day, SPAN[0]), SPAN[1]) for day in found]
    return min(inside, default=SPAN[0]), max(inside, default=SPAN[0])
