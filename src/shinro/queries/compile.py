"""Scans -> SQL. The only room that knows Ibis: unbound tables in, an engine's text out; nothing is executed here.

Ibis is kept inside its public API, and its versions are bounded tightly.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from operator import or_
from typing import Any

import ibis
from ibis.expr.datatypes import Decimal

from shinro.queries.forms_duck import own_text
from shinro.queries.growths import rows_of
from shinro.queries.local_day import day_literal, ordinal
from shinro.queries.reading import TYPES, rows_of_scan, unbound
from shinro.queries.recurring import movements, paid_by_cohort
from shinro.queries.rollup import Rollup, own_columns
from shinro.queries.scans import Measure, Scan
from shinro.queries.schema import Schema
from shinro.queries.summing import apart, numbered, summed

Table = Any
Column = Any
WHOLE = Decimal(38, 0)


def rollup_sql(rollup: Rollup, schema: Schema, dialect: str, quoted: Callable[[str], str]) -> str:
    """The SQL text of a roll-up's rows; `quoted` writes a column's name for the engine."""
    columns = [rollup.moment, *rollup.keys, *(column for column, _ in rollup.parts)]
    columns += [name for node in rollup.counts for name in own_columns(node, rollup.table)]
    rows = unbound(rollup.table, list(dict.fromkeys(columns)), schema)
    found = summed(rollup, rows, schema.offsets)
    return numbered(rollup, found, _text(found, dialect), quoted)


def kinds_sql(rollup: Rollup, schema: Schema, dialect: str) -> str:
    """The SQL text of what a roll-up keeps its table's rows apart by, a row each."""
    rows = unbound(rollup.table, list(dict.fromkeys((rollup.moment, *rollup.keys))), schema)
    rows = rows.filter(rows[rollup.moment].notnull())
    return _text(rows.select(**apart(rollup, rows, schema.offsets)), dialect)


def sql(scan: Scan, schema: Schema, dialect: str) -> str:
    """The SQL text of a scan. Rows: the period's ordinal, the dimensions, then the scan's measures in order.

    An average gives two columns (sum, rows), a median two (sum of the one or two middle values, how many they are).
    Law: the same rows in another order give the same answer in the same order.
    """
    text = partial(_text, dialect=dialect, fused=scan.terms is None and scan.growth is None)
    own = own_text(scan, schema, text) if dialect == "duckdb" else None
    if own is not None:
        return own
    asked = expression(scan, schema)
    return text(asked.order_by(list(asked.columns) if scan.many else _keys(scan)))


def _text(asked: Table, dialect: str, *, fused: bool = True) -> str:
    """The text of an expression, one SELECT in place of several where it is fused: shorter for who reads it.

    In long expressions that writes what is used often as often as it is used: movements by a dimension, 70 kB for 47,
    compiled in .61 s for .41, and planned by the engine in .20 for .12. In those that follow entities it gains nothing.
    """
    before, ibis.options.sql.fuse_selects = ibis.options.sql.fuse_selects, fused
    try:
        return str(ibis.to_sql(asked, dialect=dialect, pretty=True))
    finally:
        ibis.options.sql.fuse_selects = before


def expression(scan: Scan, schema: Schema) -> Table:
    """The Ibis expression of a scan, without a division; it is the same for every engine."""
    if scan.terms is not None:
        form = paid_by_cohort if scan.terms.cohorts else movements
        return form(rows_of_scan(scan, schema), scan, schema.calendar)
    if scan.growth is not None:
        return rows_of(scan, partial(rows_of_scan, schema=schema), schema.calendar)
    if scan.ends is not None:
        return _stock(scan, schema)
    rows = rows_of_scan(scan, schema)
    if scan.measures[0].way == "median":
        return _median(rows, scan)
    return _aggregated(rows, scan)


def _until(rows: Table, day: Column, scan: Scan) -> Table:
    """The rows up to the last day that counts."""
    return rows.filter(day <= day_literal(scan.last)) if scan.last else rows


def _keys(scan: Scan) -> list[str]:
    return ["period", *(f"dim{n}" for n in range(len(scan.dimensions)))]


def _aggregated(rows: Table, scan: Scan) -> Table:
    """Plain aggregates in one pass; a distinct count makes its column one more key and counts the groups above."""
    distinct = [n for n, one in enumerate(scan.measures) if one.way == "count_distinct"]
    if not distinct:
        return rows.group_by(_keys(scan)).aggregate(**_plain(rows, scan))
    rows = _with_entity(rows, distinct)
    inner = _plain(rows, scan)
    flags = {f"m{n}": _flag(rows, n) for n in distinct if len(distinct) > 1}
    groups = rows.group_by([*_keys(scan), "entity"]).aggregate(**inner, **flags)
    outer = {name: _outer(groups, scan, name) for name in inner}
    outer |= {f"m{n}": _entities(groups, f"m{n}", flagged=len(distinct) > 1) for n in distinct}
    return groups.group_by(_keys(scan)).aggregate(**outer).select(*_keys(scan), *_outputs(scan))


def _entities(groups: Table, name: str, *, flagged: bool) -> Column:
    """How many entities there are, of those that have a row of the measure where several measures share the column."""
    if not flagged:
        return groups.entity.count()
    return whole(ibis.coalesce(groups[name].sum(where=groups.entity.notnull()), 0))


def _plain(rows: Table, scan: Scan) -> dict[str, Column]:
    plain = [n for n, one in enumerate(scan.measures) if one.way != "count_distinct"]
    return {name: column for n in plain for name, column in _inner(rows, scan, n)}


def _with_entity(rows: Table, distinct: list[int]) -> Table:
    """The column that is counted, where any of the distinct counts counts its row; null elsewhere."""
    conditions = [_where(rows, n) for n in distinct]
    column = rows[f"of{distinct[0]}"]
    known = [one for one in conditions if one is not None]
    if len(known) == len(conditions):
        column = ibis.cases((reduce(or_, known), column))
    return rows.mutate(entity=column)


def _where(rows: Table, n: int) -> Column | None:
    return rows[f"is{n}"] if f"is{n}" in rows.columns else None


def _flag(rows: Table, n: int) -> Column:
    """1 where the group's entity has a row of the measure."""
    where = _where(rows, n)
    return ibis.least(rows.count(), 1) if where is None else ibis.cases((where, 1), else_=0).max()


def _inner(rows: Table, scan: Scan, n: int) -> list[tuple[str, Column]]:
    measure, where = scan.measures[n], _where(rows, n)
    if measure.way == "count":
        many = _weighed(rows, f"weight{n}", where)
        return [(f"m{n}", rows.count(where=where) if many is None else many)]
    column = rows[f"of{n}"]
    if measure.way == "avg":
        many = _weighed(rows, f"at{n}", where)
        return [(f"m{n}", column.sum(where=where)), (f"n{n}", column.count(where=where) if many is None else many)]
    return [(f"m{n}", getattr(column, measure.way)(where=where))]


def _weighed(rows: Table, weights: str, where: Column | None) -> Column | None:
    """How many rows of the table those of a roll-up stand for; None where the table itself is read."""
    return whole(ibis.coalesce(rows[weights].sum(where=where), 0)) if weights in rows.columns else None


def _outer(groups: Table, scan: Scan, name: str) -> Column:
    way = scan.measures[int(name[1:])].way
    if way in ("min", "max"):
        return getattr(groups[name], way)()
    return _total(groups[name]) if way == "count" or name.startswith("n") else groups[name].sum()


def _total(counts: Column) -> Column:
    """A sum of counts."""
    return whole(counts.sum())


def whole(number: Column) -> Column:
    """A whole number as a plain integer: engines widen sums, and wide integers are fetched four times slower.

    Ibis leaves a cast to the type out that it takes a sum for, hence the one between.
    """
    return number.cast(WHOLE).cast(TYPES["integer"])


def _outputs(scan: Scan) -> list[str]:
    return [name for n, one in enumerate(scan.measures) for name in outputs(one, n)]


def outputs(measure: Measure, n: int) -> tuple[str, ...]:
    """The columns that a measure gives, in order."""
    return (f"m{n}", f"n{n}") if measure.way in ("avg", "median") else (f"m{n}",)


def _median(rows: Table, scan: Scan) -> Table:
    """Sum and number of the one or two middle values: nothing is divided, so the median is exact."""
    where = _where(rows, 0)
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
    rows = rows_of_scan(scan, schema)
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
    counts = {f"m{n}": rows.count(where=_where(rows, n)) * sign for n in range(len(scan.measures))}
    return rows.group_by(_keys(scan)).aggregate(**counts)
