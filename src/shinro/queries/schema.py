"""Schemas: what the compiler must know of the tables that it reads. No engine and no compiler is needed to tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shinro.loads import Role, TablePlan
from shinro.periods import Calendar
from shinro.queries.rollup import Rollup, types_over

Offsets = tuple[tuple[datetime | None, int], ...]  # of a zone, as `periods.offsets` gives them

OF_ROLE = {Role.NUMBER: "number", Role.TIME: "moment", Role.TRUTH: "truth", Role.TEXT: "text", Role.ANY: "text"}


@dataclass(frozen=True, slots=True)
class Schema:
    """What the compiler must know of the tables: columns with their types, join keys, names in the engine."""

    types: Mapping[str, Mapping[str, str]]  # table -> column -> number, integer, date, moment, text, truth
    joins: Mapping[str, Mapping[str, tuple[str, str]]]  # table -> other -> (column here, key there)
    calendar: Calendar
    offsets: Offsets
    repeated: frozenset[tuple[str, str]] = frozenset()  # (table, other): the other's keys were seen to repeat
    rollup: Rollup | None = None  # read in place of its table
    short: frozenset[str] = frozenset()  # tables none of whose amounts has ten digits before its point
    whole: frozenset[tuple[str, str]] = frozenset()  # (table, column) of whole numbers of 64 bits


def schema(
    plans: Mapping[str, TablePlan],
    known: Mapping[str, Mapping[str, str]],
    calendar: Calendar,
    offsets: Offsets,
) -> Schema:
    """The schema of planned tables; `known` holds the types that loads found, roles stand in for the others."""
    types = {
        name: {column.name: known.get(name, {}).get(column.name, OF_ROLE[column.role]) for column in plan.columns}
        for name, plan in plans.items()
    }
    joins = {name: {join.table: (join.column, join.key) for join in plan.joins} for name, plan in plans.items()}
    return Schema(types, joins, calendar, offsets)


def over(rollup: Rollup, schema: Schema) -> Schema:
    """The schema of scans that read a roll-up in place of its table."""
    types = types_over(rollup, schema.types.get(rollup.table, {}))
    return replace(schema, types={**schema.types, rollup.table: types}, rollup=rollup)


def narrowed(tables: Schema, names: Iterable[str]) -> Schema:
    """The schema of some tables alone: what is compiled with it depends on nothing of the others, nor on days off."""
    kept = set(names)
    joins = {
        name: {other: by for other, by in others.items() if other in kept}
        for name, others in tables.joins.items()
        if name in kept
    }
    return replace(
        tables,
        types={name: types for name, types in tables.types.items() if name in kept},
        joins=joins,
        calendar=replace(tables.calendar, days_off=frozenset()),
        repeated=frozenset(pair for pair in tables.repeated if kept.issuperset(pair)),
        short=tables.short & kept,
        whole=frozenset(pair for pair in tables.whole if pair[0] in kept),
        rollup=tables.rollup if tables.rollup is not None and tables.rollup.table in kept else None,
    )
