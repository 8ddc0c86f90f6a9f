"""Forms of DuckDB's own: scans that are much faster written out for it than in the portable form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from shinro.queries.active_duck import day_by_day
from shinro.queries.attempts_duck import streamed
from shinro.queries.funnel import Attempts
from shinro.queries.reading import kind_of, rows_of_scan
from shinro.queries.scans import Scan
from shinro.queries.schema import Schema
from shinro.queries.standing_duck import standing

Table = Any


def own_text(scan: Scan, schema: Schema, text: Callable[[Table], str]) -> str | None:
    """The statement of a scan in a form of DuckDB's own; None where there is none. `text` compiles its rows.

    Law: it gives the rows of the portable form, in the same order.
    """
    if scan.terms is not None:
        if not scan.terms.events:
            return None
        short, texts = scan.table in schema.short, kind_of(schema, scan.table, scan.terms.entity) == "text"
        return standing(scan, rows_of_scan(scan, schema), schema.calendar, text, short=short, texts=texts)
    rows = partial(rows_of_scan, schema=schema)
    if isinstance(scan.growth, Attempts):
        numbers = scan.growth.later is None and (scan.table, scan.growth.entity) in schema.whole
        return streamed(scan, rows, schema.calendar, schema.offsets, text, numbers=numbers)
    if scan.growth is None:
        return None
    rolled = schema.rollup is not None and schema.rollup.table == scan.table
    texts = kind_of(schema, scan.table, scan.growth.entity) == "text"
    return day_by_day(scan, rows, schema.calendar, text, rolled=rolled, texts=texts)
