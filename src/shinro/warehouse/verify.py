"""Verifying: what the rows of a typed table say about their keys, days, ends and values; and about their joins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from shinro.loads import Joined, JoinPlan, Load, TablePlan
from shinro.warehouse.days import Ask, Days, days_of
from shinro.warehouse.engine import quoted
from shinro.warehouse.pricing import repeated_amounts, unpriced
from shinro.warehouse.reading import WHOLE

SAMPLES = 5
VALUES = 50
VOUCHED = 14  # days: so long a silence is believed of a file that is called by a later day, whatever it had before
LONG = 80  # characters: a longer text is no name of a state
LARGE = 10**9  # an amount
BITS64 = WHOLE - {"HUGEINT", "UBIGINT"}
MANY = 200  # about so many distinct values are not worth listing exactly


def facts_of(
    ask: Ask, table: str, plan: TablePlan, load: Load, today: date, zone: str, dated: date | None = None
) -> Load:
    """The load with all that its rows say. `table` is SQL behind FROM; `zone`, the project's, gives a moment its day.

    `dated` is the date in the files' names: all up to it is known, unless the rows end long before it, and after it
    only what `time` shows.
    Law: the order of the rows does not matter. Cost: a scan for the days, one for the key, two for the values.
    """
    days = days_of(ask, table, plan, load.types, today, zone, dated)
    named = min(dated, today) if dated else None
    repeated, nulls, samples = keys_of(ask, table, plan.key)
    without, unlisted = unpriced(ask, table, plan.priced, load.types)
    negative, short = _amounts(ask, table, plan.amount, load.types)
    return replace(
        load,
        oldest=days.oldest,
        newest=days.newest,
        latest=days.latest,
        known_until=_known_until(days, named),
        named=named,
        longest_gap=days.longest_gap,
        future=days.future,
        undated=_empty(ask, table, plan.time),
        repeated_keys=repeated,
        null_keys=nulls,
        key_samples=samples,
        ended=_ended(ask, table, plan),
        negative=negative,
        short=short,
        whole=_whole(ask, table),
        unpriced=without,
        unlisted=unlisted,
        repeated_amounts=repeated_amounts(ask, table, plan.priced, load.types),
        values=values_of(ask, table, plan, load.types),
    )


def _known_until(days: Days, named: date | None) -> date | None:
    """The newest day, or that of the files' names, unless the rows end so long before it that some may be missing."""
    if named is None or days.newest is None:
        return days.newest or named
    silence = (named - days.newest).days
    return named if 0 < silence <= max(days.longest_gap, VOUCHED) else days.newest


def _empty(ask: Ask, table: str, column: str | None) -> int:
    """Rows whose column is empty."""
    return _int(ask(f"SELECT count(*) - count({quoted(column)}) FROM {table}")[0][0]) if column else 0


def keys_of(ask: Ask, table: str, key: str | None) -> tuple[int, int, tuple[str, ...]]:
    """Keys that stand more than once, rows without a key, and the first of the repeated ones."""
    if key is None:
        return 0, 0, ()
    name = quoted(key)
    nulls = _empty(ask, table, key)
    repeated = f"(SELECT {name} AS key FROM {table} WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) > 1)"
    count = _int(ask(f"SELECT count(*) FROM {repeated}")[0][0])
    if not count:
        return 0, nulls, ()
    return count, nulls, _texts(ask(f"SELECT CAST(key AS VARCHAR) AS key FROM {repeated} ORDER BY key LIMIT {SAMPLES}"))


def _ended(ask: Ask, table: str, plan: TablePlan) -> int | None:
    if plan.ends is None:
        return None
    return _int(ask(f"SELECT count({quoted(plan.ends)}) FROM {table}")[0][0])


def _amounts(ask: Ask, table: str, amount: str | None, types: Mapping[str, str]) -> tuple[int, bool]:
    """Rows whose amount is below 0, and whether all are shorter than ten digits before the point."""
    if amount is None or types.get(amount) != "number":
        return 0, False
    of = quoted(amount)
    short = f"coalesce(min({of}) > -{LARGE} AND max({of}) < {LARGE}, TRUE)"
    ((negative, small),) = ask(f"SELECT count(*) FILTER ({of} < 0), {short} FROM {table}")
    return _int(negative), small is True


def _whole(ask: Ask, table: str) -> tuple[str, ...]:
    """The columns that the typed table holds as whole numbers of 64 bits, or of fewer."""
    return tuple(str(name) for name, kind, *_ in ask(f"DESCRIBE SELECT * FROM {table}") if kind in BITS64)


def values_of(ask: Ask, table: str, plan: TablePlan, types: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The distinct values of each text column that has few and short ones, in order."""
    names = [name for name, kind in types.items() if kind == "text" and name != plan.key]
    if not names:
        return {}
    counts = ", ".join(
        f"approx_count_distinct({quoted(name)}), coalesce(max(length({quoted(name)})), 0)" for name in names
    )
    row = ask(f"SELECT {counts} FROM {table}")[0]
    few = [name for n, name in enumerate(names) if _int(row[2 * n]) <= MANY and _int(row[2 * n + 1]) <= LONG]
    found = {name: _distinct(ask, table, quoted(name)) for name in few}
    return {name: values for name, values in found.items() if len(values) <= VALUES}


def _distinct(ask: Ask, table: str, name: str) -> tuple[str, ...]:
    return _texts(ask(f"SELECT DISTINCT {name} AS value FROM {table} WHERE {name} IS NOT NULL ORDER BY value"))


def _texts(rows: Sequence[tuple[object, ...]]) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in rows)


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


def join_of(ask: Ask, plan: TablePlan, join: JoinPlan, *, alike: bool) -> Joined:
    """What a join sees. `alike`: both keys are of one type, and are compared as they are; else as texts.

    Law: it finds what scans find (`queries.reading`), so that 1 is 1.00, and a number in one source the same in a text.
    """
    text, key = (f"CAST({quoted(name)} AS VARCHAR)" for name in (join.column, join.key))
    here, there = (quoted(join.column), quoted(join.key)) if alike else (text, key)
    mine, other = quoted(plan.name), quoted(join.table)
    nulls = _empty(ask, mine, join.column)
    partners = f"(SELECT {there} FROM {other} WHERE {there} IS NOT NULL)"
    lost = f"FROM {mine} WHERE {here} IS NOT NULL AND {here} NOT IN {partners}"
    orphans = _int(ask(f"SELECT count(*) {lost}")[0][0])
    samples = _texts(ask(f"SELECT DISTINCT {text} AS value {lost} ORDER BY value LIMIT {SAMPLES}")) if orphans else ()
    repeated = keys_of(ask, other, join.key)[0]
    return Joined(join.table, nulls, orphans, samples, repeated)


def verify_joins(ask: Ask, plan: TablePlan, loads: Mapping[str, Load]) -> Load:
    """The table's load with what each of its joins saw; a join to a table that was not loaded is passed over.

    `ask` runs SQL over a session that holds both tables.
    """
    types = loads[plan.name].types
    joined = tuple(
        join_of(ask, plan, join, alike=types.get(join.column) == loads[join.table].types.get(join.key))
        for join in plan.joins
        if join.table in loads
    )
    return replace(loads[plan.name], joined=joined)
