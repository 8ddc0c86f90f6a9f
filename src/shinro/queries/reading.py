"""What a scan reads: unbound tables, many-to-one joins, local days, conditions; one row a row of the fact table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

import ibis
import ibis.expr.datatypes as types

from shinro.definitions.expression import And, Compare, In, Name, Node, Or, Text, names
from shinro.queries.funnel import Attempts
from shinro.queries.local_day import day_literal, day_of, ordinal
from shinro.queries.rollup import PARTS, WEIGHT, part, parts_of
from shinro.queries.rows import condition
from shinro.queries.scans import Scan
from shinro.queries.schema import Offsets, Schema
from shinro.queries.terms import Terms

Table = Any
Column = Any

TYPES = {  # not by their names, which take the compiler a millisecond each to read
    "number": types.Decimal(38, 9),
    "integer": types.int64,
    "date": types.date,
    "moment": types.Timestamp(scale=6),
    "text": types.string,
    "truth": types.boolean,
}


def rows_of_scan(scan: Scan, schema: Schema) -> Table:
    """The fact table's rows with what the scan reads: dimensions, the measures' conditions, days.

    Of plain aggregates only the rows that some measure counts (an engine skips most of the rest), of a growth metric
    those that it follows; all in one filter and one choice of columns: each takes the compiler a millisecond or more.
    In a zone that changes its clock the day is worked out first, and once: engines do not see that two of them are one.
    """
    joined = _joined(scan, schema)
    columns = {name: joined[name] for name in _read(scan, schema)}
    for name in columns:
        kind = kind_of(schema, scan.table, name)
        if kind in ("moment", "date"):
            columns[name] = day_of(joined[name], schema.offsets)
    picked = {f"dim{n}": joined[_path(scan, one.table, one.column)] for n, one in enumerate(scan.dimensions)}
    conditions = _conditions(joined, scan, schema, columns)
    counted = conditions.pop("counted", None)
    picked |= conditions | _measured(joined, scan, schema)
    picked["day"] = day_of(joined[scan.moment], schema.offsets)
    if scan.ends is not None:
        picked["end"] = day_of(joined[scan.ends], schema.offsets)
    if scan.terms is not None:
        picked |= _paid(joined, scan.terms, schema.offsets)
        picked |= {"instant": joined[scan.moment]} if scan.terms.events else {}
    if scan.growth is not None:
        picked["instant"] = joined[scan.moment]
        picked["entity"] = joined[scan.growth.entity]
    picked |= {name: condition(node, columns) for name, node in scan.conditions}
    asked = [joined[scan.moment].notnull(), *_asked(scan, picked, counted)]
    if isinstance(scan.growth, Attempts) and scan.growth.together:
        picked["step0"] = picked.pop("is0", ibis.literal(value=True))
    if len(schema.offsets) == 1 or joined[scan.moment].type().is_date():
        dated = _numbered(scan, picked["day"], schema)
        return joined.filter(*asked, *_of_days(scan, picked["day"])).select(**picked, **dated)
    rows = joined.filter(*asked).select(**picked)
    rows = rows.filter(*days) if (days := _of_days(scan, rows.day)) else rows
    return rows.mutate(**number) if (number := _numbered(scan, rows.day, schema)) else rows


def _is_plain(scan: Scan) -> bool:
    return scan.growth is None and scan.terms is None and scan.ends is None


def _asked(scan: Scan, picked: Mapping[str, Column], counted: Column | None) -> list[Column]:
    """What is asked of a row beside its day: of somebody, as the filters ask; nothing of what lasts longer."""
    if scan.growth is None:
        return [] if counted is None else [counted]
    groups = scan.growth.followed if isinstance(scan.growth, Attempts) else (("is0",),)
    asked = [reduce(or_, map(picked.__getitem__, names)) for names in groups if picked.keys() >= {*names}]
    return [picked["entity"].notnull(), *asked]


def _of_days(scan: Scan, day: Column) -> list[Column]:
    """That a row is of a day that counts, of what is counted where it begins."""
    plain = _is_plain(scan)
    until = [day <= day_literal(scan.last)] if scan.last and (plain or scan.growth is not None) else []
    if plain and scan.span:
        until += [day >= day_literal(scan.span.start), day < day_literal(scan.span.end)]
    return until


def _numbered(scan: Scan, day: Column, schema: Schema) -> dict[str, Column]:
    """The number of the period that a row is counted in, by name."""
    if not _is_plain(scan):
        return {}
    whole = scan.span is not None and not scan.parted
    return {"period": ibis.literal(0, "int64") if whole else ordinal(day, scan.grain, schema.calendar)}


def _conditions(joined: Table, scan: Scan, schema: Schema, columns: Mapping[str, Column]) -> dict[str, Column]:
    """Whether a row counts for each measure (`is0`..); of plain aggregates whether it does for any (`counted`)."""
    rolled = schema.rollup if schema.rollup is not None and schema.rollup.table == scan.table else None
    if rolled is None:
        asked = {f"is{n}": one.where for n, one in enumerate(scan.measures)}
        asked |= {"counted": any_of(scan)} if _is_plain(scan) else {}
        return {name: condition(node, columns) for name, node in asked.items() if node is not None}
    found: dict[str, Column] = {}
    counts: list[Column] = []  # counted in the roll-up: nothing is left to look at
    for n, one in enumerate(scan.measures):
        name = rolled.count_of(one)
        if name is not None and (one.where is None or one.way == "count"):
            counts.append(joined[name] > 0)
        elif one.where is not None:
            found[f"is{n}"] = condition(one.where, columns) if name is None else joined[name] > 0
    if _is_plain(scan) and all(one.where is not None for one in scan.measures):
        found["counted"] = reduce(or_, [*found.values(), *counts])
    return found


def _measured(joined: Table, scan: Scan, schema: Schema) -> dict[str, Column]:
    """The columns that measures read: `of0`..; over a roll-up its parts, and how many rows each stands for."""
    measured = [(n, one, one.column) for n, one in enumerate(scan.measures) if one.column is not None]
    if schema.rollup is None or scan.table != schema.rollup.table:
        return {f"of{n}": joined[column] for n, _, column in measured}
    counting = [(n, one) for n, one in enumerate(scan.measures) if one.way == "count"]
    picked: dict[str, Column] = {f"weight{n}": joined[schema.rollup.count_of(one) or WEIGHT] for n, one in counting}
    for n, one, column in measured:
        hows = PARTS.get(one.way, ())
        picked[f"of{n}"] = joined[part(column, hows[0])] if hows else joined[column]
        if hows[1:]:
            picked[f"at{n}"] = joined[part(column, hows[1])]
    return picked


def _paid(joined: Table, terms: Terms, offsets: Offsets) -> dict[str, Column]:
    """What a subscription's price is made of, by the names that `movements` knows."""
    read = {name: getattr(terms, name) for name in ("entity", "amount", "every", "quantity", "status", "currency")}
    picked = {name: joined[column] for name, column in read.items() if column}
    if terms.listed:
        prices = (joined[column].cast(TYPES["number"]) for column in (terms.listed, terms.amount))
        picked["amount"] = ibis.coalesce(*prices)
    if terms.every_count:
        picked["every_count"] = joined[terms.every_count]
    if terms.subscription:
        picked["stream"] = joined[terms.subscription]
    if terms.trial_ends:
        picked["trial"] = day_of(joined[terms.trial_ends], offsets)
    return picked


def _path(scan: Scan, table: str, column: str) -> str:
    return column if table == scan.table else f"{table}.{column}"


def kind_of(schema: Schema, table: str, path: str) -> str:
    """The type of a column that a scan of a table reads."""
    owner, _, column = path.rpartition(".")
    return schema.types.get(owner or table, {}).get(column, "text")


def _read(scan: Scan, schema: Schema) -> tuple[str, ...]:
    """Every column that the scan reads, joined ones as `table.column`."""
    read = [scan.moment, *([scan.ends] if scan.ends else [])]
    read += scan.terms.columns if scan.terms else ()
    read += [scan.growth.entity] if scan.growth else []
    read += [_own(name, scan.table) for _, node in scan.conditions for name in names(node)]
    read += [_path(scan, one.table, one.column) for one in scan.dimensions]
    rolled = schema.rollup if schema.rollup is not None and schema.rollup.table == scan.table else None
    read += [WEIGHT, *(part(column, how) for column, how in parts_of(scan))] if rolled else []
    for one in scan.measures:
        counted = rolled.count_of(one) if rolled else None
        read += [counted] if counted else []
        read += [one.column] if one.column and not (rolled and one.way in PARTS) else []
        asked = names(one.where) if one.where is not None and counted is None else ()
        read += [_own(name, scan.table) for name in asked]
    return tuple(dict.fromkeys(read))


def _own(name: Name, table: str) -> str:
    return str(name.part) if name.name == table and name.part else name.path


def _joined(scan: Scan, schema: Schema) -> Table:
    """The fact table left-joined to what it reads of others, many-to-one: no row is ever counted twice.

    A key that stands more than once finds no partner, and the checks say so.
    """
    read = _read(scan, schema)
    keys = {schema.joins[scan.table][other][0] for other in scan.joins}
    own = dict.fromkeys([path for path in read if "." not in path] + sorted(keys))
    result = unbound(scan.table, list(own), schema)
    for other in scan.joins:
        here, there = schema.joins[scan.table][other]
        wanted = [path.partition(".")[2] for path in read if path.startswith(f"{other}.")]
        partner = unbound(other, list(dict.fromkeys([there, *wanted])), schema)
        if (scan.table, other) in schema.repeated:
            partner = partner.filter(partner.count().over(ibis.window(group_by=there)) == 1)
        partner = partner.select(**{f"{other}.{column}": partner[column] for column in dict.fromkeys([there, *wanted])})
        result = result.left_join(partner, _same(result[here], partner[f"{other}.{there}"]))
    return result


def _same(here: Column, there: Column) -> Column:
    """Whether two keys are the same: as texts where their types differ, as they were verified."""
    alike = here.type() == there.type()
    return here == there if alike else here.cast("string") == there.cast("string")


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


def unbound(table: str, columns: list[str], schema: Schema) -> Table:
    """A table with some of its columns, by the name that it has in the engine."""
    rolled = schema.rollup is not None and schema.rollup.table == table
    name = schema.rollup.name if schema.rollup is not None and rolled else table
    return ibis.table({column: TYPES[kind_of(schema, table, column)] for column in columns}, name=name)
