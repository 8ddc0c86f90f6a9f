"""As loaded: a table of PostgreSQL as a load would keep it, as SQL over it, whatever the session's zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from shinro.loads import ColumnPlan, Load, TablePlan
from shinro.periods import offsets
from shinro.warehouse.databases import Table, schema_and_name
from shinro.warehouse.engine import literal, quoted
from shinro.warehouse.shapes import shaped
from shinro.warehouse.sheet import position
from shinro.warehouse.snapshots import snapshot_path

SPACES = r"E' \t\r\n\u3000\u00a0'"  # that a load takes from the ends of a text, as PostgreSQL writes them
YEARS = (date(1970, 1, 1), date(2050, 1, 1))  # in which a zone changes its offset, or never does
NUMBERS = {
    **dict.fromkeys(("int2", "int4", "int8"), "{0}"),
    **dict.fromkeys(("numeric", "float4", "float8"), "CAST(CAST({0} AS text) AS numeric(38, 9))"),
}
YEARS_KEPT = "BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'"
# What a load can keep: 29 digits before the point, after rounding, and years of four digits; NaN is above all numbers.
FITS = {
    "numeric": "abs({0}) < 99999999999999999999999999999.9999999995",
    **dict.fromkeys(("float4", "float8"), "abs({0}) < 1e29"),
    **dict.fromkeys(("date", "timestamp"), f"CAST({{0}} AS date) {YEARS_KEPT}"),
    "timestamptz": f"CAST({{0}} AT TIME ZONE 'UTC' AS date) {YEARS_KEPT}",
}


def as_loaded(plan: TablePlan, load: Load, folder: Path) -> str | None:
    """A SELECT of the columns that a load of a server's table kept, from that table.

    None where that table was not seen, where texts of a column were read as numbers, days or truths, or rows of totals
    left out, as only a load does. Law: its rows are those of the load.
    """
    table = _table(plan, load, folder) if plan.source.type == "postgres" and not (plan.row or plan.wide) else None
    if table is None:
        return None
    asked = [column for column in plan.columns if column.name in load.types]
    if load.rejected and any(column.payer for column in asked):
        return None
    kept = [_column(column, load, table, plan) for column in asked]
    texts = [text for text in kept if text is not None]
    if len(texts) < len(kept):
        return None
    columns = ",\n    ".join(texts) or "1 AS one"
    sound = [fits for column in asked if (fits := _fits(column, load, table))]
    rows = "\n  WHERE " + "\n    AND ".join(f"({each}) IS NOT FALSE" for each in sound) if sound else ""
    return f"SELECT\n    {columns}\n  FROM {quoted(table.schema)}.{quoted(table.name)}{rows}"


def _table(plan: TablePlan, load: Load, folder: Path) -> Table | None:
    """The table as it was last read, with the types that its columns had."""
    if len(load.snapshot) != 1:
        return None
    seen = shaped(load.snapshot[0], snapshot_path(folder, load.snapshot[0], ".csv"))
    wanted = schema_and_name(plan, "public")
    return next((one.table for one in seen if one.table and (one.table.schema, one.table.name) == wanted), None)


def _header(column: ColumnPlan, table: Table) -> str | None:
    headers = tuple(table.columns)
    at = position(headers, column.header)
    return None if at is None else headers[at]


def _fits(column: ColumnPlan, load: Load, table: Table) -> str | None:
    """Whether a load can keep a cell; None where it kept all of them."""
    header = _header(column, table)
    if header is None or not load.rejected or load.types[column.name] == "text":
        return None
    form = FITS.get(table.types.get(header, ""))
    return form and form.format(quoted(header))


def _column(column: ColumnPlan, load: Load, table: Table, plan: TablePlan) -> str | None:
    """A column as it is kept; None where only a load reads it so."""
    header, kept = _header(column, table), load.types[column.name]
    if header is None:
        return None
    cell = quoted(header)
    if kept == "text":
        read: str | None = f"NULLIF(TRIM(BOTH {SPACES} FROM CAST({cell} AS text)), '')"
    else:
        read = _forms(kept, plan.source.timezone).get(table.types.get(header, ""), "").format(cell) or None
    if read is not None and column.scale != 1:
        read = f"{read} * {column.scale}"
    if read is not None and (fits := _fits(column, load, table)):
        read = f"CASE WHEN {fits} THEN {read} END"  # the engine may work it out before it leaves rows out
    return read and f"{read} AS {quoted(column.name)}"


def _forms(kept: str, zone: str) -> Mapping[str, str]:
    """How each type of the server becomes what is kept."""
    if kept == "moment":
        return {"timestamptz": "{0} AT TIME ZONE 'UTC'", "timestamp": _to_utc(zone)}
    return {"number": NUMBERS, "date": {"date": "{0}"}, "truth": {"bool": "{0}"}}.get(kept, {})


def _to_utc(zone: str) -> str:
    """A wall time of a zone in UTC: of an hour that comes twice the first, while PostgreSQL takes the second.

    An hour earlier it is no such hour yet, and an hour later than that the first of both.
    """
    if zone == "UTC":
        return "{0}"
    there = literal(zone)
    if len(offsets(zone, *YEARS)) == 1:
        return f"{{0}} AT TIME ZONE {there} AT TIME ZONE 'UTC'"
    hour = "INTERVAL '1 hour'"
    return f"LEAST({{0}} AT TIME ZONE {there}, ({{0}} - {hour}) AT TIME ZONE {there} + {hour}) AT TIME ZONE 'UTC'"
