"""Reading: how each planned column is read from what is there, as SQL."""

from __future__ import annotations

from dataclasses import dataclass

from shinro.loads import ColumnPlan, Role
from shinro.warehouse import casting
from shinro.warehouse.casting import Writing
from shinro.warehouse.engine import literal, quoted
from shinro.warehouse.text import BROKEN

WHOLE = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)
FLOATS = frozenset({"FLOAT", "DOUBLE"})
MOMENTS = frozenset({"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP"})
ZONED = "TIMESTAMP WITH TIME ZONE"


@dataclass(frozen=True, slots=True)
class Reading:
    """One column as SQL: `value` is its reading, NULL where there is none.

    For a time `value` is local to the source and `utc` is what came with an offset; `clock` tells a moment from a date.
    `fits` where the engine's own type is already what the table wants.
    """

    plan: ColumnPlan
    kind: str  # text, number, time, truth
    raw: str
    present: str
    value: str
    utc: str = "NULL"
    clock: str = "FALSE"
    by_people: bool = False  # text that people or exports wrote, where a date may be ambiguous
    fits: bool = False


def read_as(plan: ColumnPlan, raw: str, native: str, writing: Writing, *, broken: bool = False) -> Reading:
    """The reading of a column by its role and by the type that it already has."""
    kind = _kind(plan.role, native)
    if native == "VARCHAR":
        return _from_text(plan, kind, raw, writing, broken=broken)
    if kind == "text":
        return Reading(plan, kind, raw, f"{raw} IS NOT NULL", casting.trimmed(_as_text(raw, native)))
    return _from_native(plan, kind, raw, native, writing)


def _kind(role: Role, native: str) -> str:
    if role is not Role.ANY:
        return str(role.value)
    if native in WHOLE or native in FLOATS or native.startswith("DECIMAL"):
        return "number"
    if native in MOMENTS or native in (ZONED, "DATE"):
        return "time"
    return "truth" if native == "BOOLEAN" else "text"


def _as_text(raw: str, native: str) -> str:
    """A typed value as text; a whole number that was stored as a float loses its `.0`."""
    text = f"CAST({raw} AS VARCHAR)"
    return f"regexp_replace({text}, '\\.0$', '')" if native in FLOATS else text


def _from_text(plan: ColumnPlan, kind: str, raw: str, writing: Writing, *, broken: bool) -> Reading:
    present = f"{casting.trimmed(raw)} IS NOT NULL"
    if kind == "number":
        return Reading(plan, kind, raw, present, casting.number(raw, writing))
    if kind == "truth":
        return Reading(plan, kind, raw, present, casting.truth(raw))
    if kind == "time":
        clock = f"({casting.has_clock(raw)} OR {casting.clock_stated(raw, writing)})"
        local, utc = casting.local_time(raw, writing), casting.offset_time(raw, writing)
        return Reading(plan, kind, raw, present, local, utc, clock, by_people=True)
    whole = casting.trimmed(raw)
    value = f"CASE WHEN NOT contains({raw}, {literal(BROKEN)}) THEN {whole} END" if broken else whole
    return Reading(plan, kind, raw, present, value, fits=True)


def _from_native(plan: ColumnPlan, kind: str, raw: str, native: str, writing: Writing) -> Reading:
    present = f"{raw} IS NOT NULL"
    exact = native in WHOLE or native.startswith("DECIMAL")
    if (kind == "number" and exact) or (kind == "truth" and native == "BOOLEAN"):
        return Reading(plan, kind, raw, present, raw, fits=True)
    if kind == "number" and native == "BOOLEAN":
        return Reading(plan, kind, raw, present, f"CAST({raw} AS TINYINT)")
    finite = f"CASE WHEN isfinite({raw}) THEN CAST({raw} AS TIMESTAMP) END"
    if kind == "time" and native == ZONED:
        return Reading(plan, kind, raw, present, "CAST(NULL AS TIMESTAMP)", finite, clock="TRUE")
    if kind == "time" and native == "DATE":
        return Reading(plan, kind, raw, present, finite, fits=True)
    if kind == "time" and native in MOMENTS:
        same = native == "TIMESTAMP" and writing.zone == "UTC"
        return Reading(plan, kind, raw, present, finite, clock="TRUE", fits=same)
    return _from_text(plan, kind, _as_text(raw, native), Writing(zone=writing.zone), broken=False)


def columns_sql(reading: Reading, n: int) -> list[str]:
    """The columns of a first layer, numbered: r raw, p present, v value and, for a time, u in UTC and c clock."""
    parts = {"r": reading.raw, "p": reading.present, "v": reading.value}
    if reading.kind == "time":
        parts |= {"u": f"CAST({reading.utc} AS TIMESTAMP)", "c": reading.clock}
    return [f"{sql} AS {letter}{n}" for letter, sql in parts.items()]


def unread(reading: Reading, n: int) -> str:
    """Whether a cell of the first layer holds something that could not be read."""
    return f"(p{n} AND v{n} IS NULL AND u{n} IS NULL)" if reading.kind == "time" else f"(p{n} AND v{n} IS NULL)"


def ambiguous(reading: Reading, n: int) -> str:
    """Whether a cell of the first layer is a date whose order nobody can tell."""
    return casting.ambiguous(f"CAST(r{n} AS VARCHAR)") if reading.by_people else "FALSE"


def reason(reading: Reading, n: int) -> str:
    """Why a cell of the first layer that could not be read could not."""
    broken = f"contains(CAST(r{n} AS VARCHAR), {literal(BROKEN)})"
    word = {"time": "date", "text": "encoding"}.get(reading.kind, reading.kind)
    order = f"WHEN {ambiguous(reading, n)} THEN 'ambiguous date'"
    return f"CASE WHEN {broken} THEN 'encoding' {order} ELSE {literal(word)} END"


def named(expression: str, name: str) -> str:
    """`expression AS "name"`."""
    return f"{expression} AS {quoted(name)}"


def header_of(reading: Reading) -> str:
    """The name under which a typed file has the column."""
    return reading.raw[1:-1].replace('""', '"')
