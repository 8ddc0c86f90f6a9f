"""Scans -> SQL. The only room that knows Ibis: unbound tables in, an engine's text out; nothing is executed here.

Ibis is kept inside its public API, and its versions are bounded tightly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from typing import Any

import ibis

from shinro.definitions.expression import And, Compare, In, Name, Node, Or, Text, names
from shinro.loads import Role, TablePlan
from shinro.periods import Calendar
from shinro.queries.growths import rows_of
from shinro.queries.local_day import Offsets, day_of, ordinal
from shinro.queries.recurring import movements
from shinro.queries.rows import condition
from shinro.queries.scans import Measure, Scan
from shinro.queries.terms import Terms

Table = Any
Column = Any

TYPES = {
    "number": "decimal(38, 9)",
    "integer": "int64",
    "date": "date",
    "moment": "timestamp(6)",
    "text": "string",
    "truth": "boolean",
}
OF_ROLE = {Role.NUMBER: "number", Role.TIME: "moment", Role.TRUTH: "truth", Role.TEXT: "text", Role.ANY: "text"}


@dataclass(frozen=True, slots=True)
class Schema:
    """What the compiler must know of the tables: columns with their types, join keys, names in the engine."""

    types: Mapping[str, Mapping[str, str]]  # table -> column -> number, integer, date, moment, text, truth
    joins: Mapping[str, Mapping[str, tuple[str, str]]]  # table -> other -> (column here, key there)
    calendar: Calendar
    offsets: Offsets
    repeated: frozenset[tuple[str, str]] = frozenset()  # (table, other): the other's keys were seen to repeat


def schema(
    plans: Mapping[str, TablePlan],
    known: Mapping[str, Mapping[str, str]],
    calendar: Calendar,
    offsets: Offsets,
    repeated: frozenset[tuple[str, str]] = frozenset(),
) -> Schema:
    """The schema of planned tables; `known` holds the types that loads found, roles stand in for the others."""
    types = {
        name: {column.name: known.get(name, {}).get(column.name, OF_ROLE[column.role]) for column in plan.columns}
        for name, plan in plans.items()
    }
    joins = {name: {join.table: (join.column, join.key) for join in plan.joins} for name, plan in plans.items()}
    return Schema(types, joins, calendar, offsets, repeated)


def sql(scan: Scan, schema: Schema, dialect: str) -> str:
    """The SQL text of a scan. Rows: the period's ordinal, the dimensions, then the scan's measures in order.

    An average gives two columns (sum, rows), a median two (sum of the one or two middle values, how many they are).
    Law: the same rows in another order give the same answer in the same order.
    """
    asked = expression(scan, schema)
    asked = asked.order_by(list(asked.columns) if scan.growth else _keys(scan))
    return str(ibis.to_sql(asked, dialect=dialect, pretty=True))


def expression(scan: Scan, schema: Schema) -> Table:
    """The Ibis expression of a scan, without a division."""
    if scan.terms is not None:
        return movements(_rows(scan, schema), scan, schema.calendar)
    if scan.growth is not None:
        return rows_of(scan, partial(_rows, schema=schema), schema.calendar)
    if scan.ends is not None:
        return _stock(scan, schema)
    rows = _rows(scan, schema)
    rows = _until(rows, rows.day, scan)
    if scan.span is not None:
        rows = rows.filter(
            rows.day >= ibis.date(scan.span.start.isoformat()), rows.day < ibis.date(scan.span.end.isoformat())
        )
        rows = rows.mutate(period=ibis.literal(0, "int64"))
    else:
        rows = rows.mutate(period=ordinal(rows.day, scan.grain, schema.calendar))
    if scan.measures[0].way == "median":
        return _median(rows, scan)
    rows = _only_counted(rows)
    return _aggregated(rows, scan)


def _until(rows: Table, day: Column, scan: Scan) -> Table:
    """The rows up to the last day that counts."""
    last = scan.last
    return rows.filter(day <= ibis.date(last.year, last.month, last.day)) if last else rows


def _rows(scan: Scan, schema: Schema) -> Table:
    """The fact table's rows with what the scan reads: dimensions, the measures' conditions, days."""
    joined = _joined(scan, schema)
    columns = {name: joined[_flat(name)] for name in _read(scan)}
    for name in columns:
        kind = _type(schema, scan.table, name)
        if kind in ("moment", "date"):
            columns[name] = day_of(joined[_flat(name)], schema.offsets)
    picked = {f"dim{n}": joined[_flat(_path(scan, one.table, one.column))] for n, one in enumerate(scan.dimensions)}
    picked |= {f"is{n}": condition(one.where, columns) for n, one in enumerate(scan.measures) if one.where is not None}
    picked |= {f"of{n}": joined[_flat(one.column)] for n, one in enumerate(scan.measures) if one.column is not None}
    counted = any_of(scan)
    if counted is not None:
        picked["counted"] = condition(counted, columns)
    picked["day"] = day_of(joined[_flat(scan.moment)], schema.offsets)
    if scan.ends is not None:
        picked["end"] = day_of(joined[_flat(scan.ends)], schema.offsets)
    if scan.terms is not None:
        picked |= _paid(joined, scan.terms, schema.offsets)
    if scan.growth is not None:
        picked["instant"] = joined[_flat(scan.moment)]
        picked["entity"] = joined[_flat(scan.growth.entity)]
        picked |= {name: condition(node, columns) for name, node in scan.growth.conditions}
    return joined.filter(joined[_flat(scan.moment)].notnull()).select(**picked)


def _paid(joined: Table, terms: Terms, offsets: Offsets) -> dict[str, Column]:
    """What a subscription's price is made of, by the names that `movements` knows."""
    read = {name: getattr(terms, name) for name in ("entity", "amount", "every", "quantity", "status", "currency")}
    picked = {name: joined[_flat(column)] for name, column in read.items() if column}
    if terms.trial_ends:
        picked["trial"] = day_of(joined[_flat(terms.trial_ends)], offsets)
    return picked


def _path(scan: Scan, table: str, column: str) -> str:
    return column if table == scan.table else f"{table}.{column}"


def _flat(path: str) -> str:
    return path.replace(".", "__")


def _type(schema: Schema, table: str, path: str) -> str:
    owner, _, column = path.rpartition(".")
    return schema.types.get(owner or table, {}).get(column, "text")


def _read(scan: Scan) -> tuple[str, ...]:
    """Every column that the scan reads, joined ones as `table.column`."""
    read = [scan.moment, *([scan.ends] if scan.ends else [])]
    read += scan.terms.columns if scan.terms else ()
    read += _followed(scan) if scan.growth else []
    read += [_path(scan, one.table, one.column) for one in scan.dimensions]
    for one in scan.measures:
        read += [one.column] if one.column else []
        read += [_own(name, scan.table) for name in (names(one.where) if one.where is not None else [])]
    return tuple(dict.fromkeys(read))


def _followed(scan: Scan) -> list[str]:
    assert scan.growth is not None  # noqa: S101 - only such a scan comes here
    conditions = (node for _, node in scan.growth.conditions)
    return [scan.growth.entity, *(_own(name, scan.table) for node in conditions for name in names(node))]


def _own(name: Name, table: str) -> str:
    return str(name.part) if name.name == table and name.part else name.path


def _joined(scan: Scan, schema: Schema) -> Table:
    """The fact table left-joined to what it reads of others, many-to-one: no row is ever counted twice.

    A key that stands more than once finds no partner, and the checks say so.
    """
    read = _read(scan)
    keys = {schema.joins[scan.table][other][0] for other in scan.joins}
    own = dict.fromkeys([path for path in read if "." not in path] + sorted(keys))
    result = _unbound(scan.table, list(own), schema)
    for other in scan.joins:
        here, there = schema.joins[scan.table][other]
        wanted = [path.partition(".")[2] for path in read if path.startswith(f"{other}.")]
        partner = _unbound(other, list(dict.fromkeys([there, *wanted])), schema)
        if (scan.table, other) in schema.repeated:
            partner = partner.filter(partner.count().over(ibis.window(group_by=there)) == 1)
        partner = partner.select(
            **{f"{other}__{column}": partner[column] for column in dict.fromkeys([there, *wanted])}
        )
        result = result.left_join(partner, _same(result[here], partner[f"{other}__{there}"]))
    return result


def _same(here: Column, there: Column) -> Column:
    """Whether two keys are the same: as texts where their types differ, as they were verified."""
    alike = here.type() == there.type()
    return here == there if alike else here.cast("string") == there.cast("string")


def _unbound(table: str, columns: list[str], schema: Schema) -> Table:
    return ibis.table({column: TYPES[_type(schema, table, column)] for column in columns}, name=table)


def _only_counted(rows: Table) -> Table:
    """Rows that some measure counts: worth a filter, since an engine skips most of the rest."""
    if "counted" not in rows.columns:
        return rows
    return rows.filter(rows.counted)


def any_of(scan: Scan) -> Node | None:
    """A condition that holds for every row that a measure counts; None where one counts all rows."""
    wheres = list(dict.fromkeys(one.where for one in scan.measures if one.where is not None))
    if len(wheres) == 0 or any(one.where is None for one in scan.measures):
        return None
    choices = [_choices(where) for where in wheres]
    columns = {found[0] for found in choices if found}
    if len(columns) == 1 and all(choices):
        picked = dict.fromkeys(choice for found in choices if found for choice in found[1])
        return In(columns.pop(), tuple(picked))
    return Or(tuple(wheres)) if len(wheres) > 1 else wheres[0]


def _choices(where: Node) -> tuple[Name, tuple[Node, ...]] | None:
    """What a column may be, where that is all that a condition says: `kind = 'call'`, `kind in (...)`."""
    match where:
        case Compare("=", Name() as name, Text() as text):
            return name, (text,)
        case In(Name() as name, choices, False) if all(isinstance(choice, Text) for choice in choices):
            return name, choices
        case And(parts):
            return next((found for part in parts if (found := _choices(part))), None)
        case _:
            return None


def _keys(scan: Scan) -> list[str]:
    return ["period", *(f"dim{n}" for n in range(len(scan.dimensions)))]


def _aggregated(rows: Table, scan: Scan) -> Table:
    """Plain aggregates in one pass; a distinct count makes its column one more key and counts the groups above."""
    distinct = [n for n, one in enumerate(scan.measures) if one.way == "count_distinct"]
    if not distinct:
        return rows.group_by(_keys(scan)).aggregate(**_plain(rows, scan)).select(*_keys(scan), *_outputs(scan))
    rows = _with_entity(rows, scan, distinct)
    inner = _plain(rows, scan)
    flags = {f"m{n}": _flag(rows, scan, n) for n in distinct if len(distinct) > 1}
    groups = rows.group_by([*_keys(scan), "entity"]).aggregate(**inner, **flags)
    outer = {name: _outer(groups, scan, name) for name in inner}
    outer |= {f"m{n}": _entities(groups, f"m{n}", flagged=len(distinct) > 1) for n in distinct}
    return groups.group_by(_keys(scan)).aggregate(**outer).select(*_keys(scan), *_outputs(scan))


def _entities(groups: Table, name: str, *, flagged: bool) -> Column:
    """How many entities there are, of those that have a row of the measure where several measures share the column."""
    if not flagged:
        return groups.entity.count()
    return ibis.coalesce(groups[name].sum(where=groups.entity.notnull()), 0).cast("int64")


def _plain(rows: Table, scan: Scan) -> dict[str, Column]:
    plain = [n for n, one in enumerate(scan.measures) if one.way != "count_distinct"]
    return {name: column for n in plain for name, column in _inner(rows, scan, n)}


def _with_entity(rows: Table, scan: Scan, distinct: list[int]) -> Table:
    """The column that is counted, where any of the distinct counts counts its row; null elsewhere."""
    conditions = [_where(rows, scan, n) for n in distinct]
    column = rows[f"of{distinct[0]}"]
    known = [one for one in conditions if one is not None]
    if len(known) == len(conditions):
        column = ibis.cases((reduce(or_, known), column))
    return rows.mutate(entity=column)


def _where(rows: Table, scan: Scan, n: int) -> Column | None:
    return rows[f"is{n}"] if scan.measures[n].where is not None else None


def _flag(rows: Table, scan: Scan, n: int) -> Column:
    """1 where the group's entity has a row of the measure."""
    where = _where(rows, scan, n)
    return ibis.least(rows.count(), 1) if where is None else ibis.cases((where, 1), else_=0).max()


def _inner(rows: Table, scan: Scan, n: int) -> list[tuple[str, Column]]:
    measure, where = scan.measures[n], _where(rows, scan, n)
    if measure.way == "count":
        return [(f"m{n}", rows.count(where=where))]
    column = rows[f"of{n}"]
    if measure.way == "avg":
        return [(f"m{n}", column.sum(where=where)), (f"n{n}", column.count(where=where))]
    return [(f"m{n}", getattr(column, measure.way)(where=where))]


def _outer(groups: Table, scan: Scan, name: str) -> Column:
    way = scan.measures[int(name[1:])].way
    if way in ("min", "max"):
        return getattr(groups[name], way)()
    return _total(groups[name]) if way == "count" or name.startswith("n") else groups[name].sum()


def _total(counts: Column) -> Column:
    """A sum of counts as a plain integer: engines widen it, and wide integers are fetched ten times slower."""
    return counts.sum().cast("int64")


def _outputs(scan: Scan) -> list[str]:
    return [name for n, one in enumerate(scan.measures) for name in outputs(one, n)]


def outputs(measure: Measure, n: int) -> tuple[str, ...]:
    """The columns that a measure gives, in order."""
    return (f"m{n}", f"n{n}") if measure.way in ("avg", "median") else (f"m{n}",)


def _median(rows: Table, scan: Scan) -> Table:
    """Sum and number of the one or two middle values: nothing is divided, so the median is exact."""
    where = _where(rows, scan, 0)
    rows = rows.filter(rows.of0.notnull() if where is None else rows.of0.notnull() & where)
    window = ibis.window(group_by=_keys(scan))
    ranked = rows.mutate(
        place=ibis.row_number().over(ibis.window(group_by=_keys(scan), order_by=rows.of0)) + 1,
        size=rows.count().over(window),
    )
    twice = ranked.place * 2
    middle = ranked.filter(
        (twice >= ranked.size) & (twice <= ranked.size + 2) & ((ranked.size % 2 == 0) | (twice == ranked.size + 1))
    )
    return (
        middle.group_by(_keys(scan)).aggregate(m0=middle.of0.sum(), n0=middle.count()).select(*_keys(scan), "m0", "n0")
    )


def _stock(scan: Scan, schema: Schema) -> Table:
    """Rows that open and rows that close by period; the stock is the running difference. One pass over the table.

    A row counts from its start; it is open at the end of a day while its end is later (inclusive ends: not before).
    Rows that end before they start never count.
    """
    rows = _rows(scan, schema)
    closes = (rows.end.cast(TYPES["moment"]) + ibis.interval(days=1)).date() if scan.ends_inclusive else rows.end
    rows = rows.mutate(close=closes).filter(lambda t: t.close.isnull() | (t.close > t.day))
    opened = _moves(_until(rows, rows.day, scan), scan, schema, rows.day, 1)
    ended = rows.filter(rows.close.notnull())
    closed = _moves(_until(ended, ended.close, scan), scan, schema, None, -1)
    both = opened.union(closed, distinct=False)
    sums = {f"m{n}": _total(both[f"m{n}"]) for n in range(len(scan.measures))}
    return both.group_by(_keys(scan)).aggregate(**sums).select(*_keys(scan), *sums)


def _moves(rows: Table, scan: Scan, schema: Schema, day: Column | None, sign: int) -> Table:
    rows = rows.mutate(period=ordinal(rows.close if day is None else day, scan.grain, schema.calendar))
    counts = {f"m{n}": rows.count(where=_where(rows, scan, n)) * sign for n in range(len(scan.measures))}
    return rows.group_by(_keys(scan)).aggregate(**counts)
