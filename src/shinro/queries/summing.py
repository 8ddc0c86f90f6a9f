"""Summing up: the rows of a roll-up, from those of its table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shinro.queries.local_day import day_of
from shinro.queries.rollup import WEIGHT, Rollup, count, own_columns, part
from shinro.queries.rows import condition
from shinro.queries.schema import Offsets

Table = Any
Column = Any


def apart(rollup: Rollup, rows: Table, offsets: Offsets) -> dict[str, Column]:
    """What rows are kept apart by: the local day in place of the moment, keys (moments among them as local days)."""
    keys = {name: _key(rows[name], offsets) for name in rollup.keys}
    return {rollup.moment: day_of(rows[rollup.moment], offsets)} | keys


def summed(rollup: Rollup, rows: Table, offsets: Offsets) -> Table:
    """The table summed up: what its rows are kept apart by, their number, parts."""
    rows = rows.filter(rows[rollup.moment].notnull())
    picked = apart(rollup, rows, offsets)
    picked |= {f"of {column}": rows[column] for column in dict.fromkeys(column for column, _ in rollup.parts)}
    read = {name: _key(rows[name], offsets) for node in rollup.counts for name in own_columns(node, rollup.table)}
    read |= {f"{rollup.table}.{name}": column for name, column in read.items()}
    picked |= {f"is {n}": condition(node, read) for n, node in enumerate(rollup.counts)}
    rows = rows.select(**picked)
    parts = {part(column, how): getattr(rows[f"of {column}"], how)() for column, how in rollup.parts}
    parts |= {count(n): rows.count(where=rows[f"is {n}"]) for n in range(len(rollup.counts))}
    return rows.group_by([rollup.moment, *rollup.keys]).aggregate(**{WEIGHT: rows.count()}, **parts)


def _key(column: Column, offsets: Offsets) -> Column:
    return day_of(column, offsets) if column.type().is_timestamp() else column


def numbered(rollup: Rollup, rows: Table, text: str, quoted: Callable[[str], str]) -> str:
    """The statement of a summed up table with its entities as numbers: they are only compared with each other.

    Null is one of them and equals nobody: it stays null.
    """
    if rollup.entity is None or not rows[rollup.entity].type().is_string():
        return text
    entity = quoted(rollup.entity)
    columns = [f"summed.{quoted(name)}" for name in rows.columns if name != rollup.entity]
    return f"""WITH summed AS (
{text}
),
known AS (SELECT who, row_number() OVER () - 1 AS number FROM (SELECT DISTINCT {entity} AS who FROM summed) AS each)
SELECT known.number AS {entity}, {", ".join(columns)}
FROM summed LEFT JOIN known ON summed.{entity} = known.who"""
