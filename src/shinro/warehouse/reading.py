"""Reading: how each planned column is read from what is there, as SQL over layers of the rows.

Layer by layer a column is `r` as it is, `q` read quickly, `z` quickly with an offset, `s` narrow text where neither
could, `t` that cut to its parts, `v` its value, `c` whether it is a moment, `u` what came with an offset; each with the
column's number. A layer works out only what the one before left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shinro.loads import TOTAL, ColumnPlan, Role
from shinro.warehouse import casting
from shinro.warehouse.casting import Steps, Writing
from shinro.warehouse.cells import FAULT
from shinro.warehouse.engine import literal, quoted
from shinro.warehouse.text import BROKEN

WHOLE = frozenset(
    {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
)
FLOATS = frozenset({"FLOAT", "DOUBLE"})
DECIMAL = re.compile(r"DECIMAL\(\d+, ?(\d+)\)")  # no list of them: `DECIMAL(18,3)[]`
MOMENTS = frozenset({"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMP"})
ZONED = "TIMESTAMP WITH TIME ZONE"
NO_TIME = "CAST(NULL AS TIMESTAMP)"
PLACES = 9  # behind the point; more are rounded, in every source alike
MOST = 10**28  # of a number in thousands or millions, once it is multiplied


@dataclass(frozen=True, slots=True)
class Reading:
    """The n-th planned column as SQL: `value` is the reading of its cell, NULL where there is none.

    For a time `value` is local to the source and `utc` is what came with an offset; `clock` tells a moment from a date.
    """

    plan: ColumnPlan
    n: int
    kind: str  # text, number, time, truth
    raw: str
    value: str
    steps: Steps | None = None
    utc: str = NO_TIME
    clock: str = "FALSE"
    text: bool = False  # it was text: emptiness is space, and a date may be ambiguous
    certain: bool = False  # there is no cell that cannot be read
    foreign: str = "FALSE"  # whether an unread cell is a number of another currency
    signed: str = "FALSE"  # of a column in thousands or the like: whether a cell stands behind a currency's sign
    fits: bool = False  # the engine's own type is already what the table wants

    @property
    def cell(self) -> str:
        """The column of the first layer."""
        return f"r{self.n}"

    @property
    def missing(self) -> str:
        """Whether there is no reading."""
        nothing = f"v{self.n} IS NULL"
        return f"{nothing} AND u{self.n} IS NULL" if self.kind == "time" else nothing

    @property
    def present(self) -> str:
        """Whether the cell holds anything."""
        return casting.present(self.cell) if self.text else f"{self.cell} IS NOT NULL"

    @property
    def unread(self) -> str:
        """Whether the cell holds something that could not be read."""
        return "FALSE" if self.certain else f"CASE WHEN {self.missing} THEN {self.present} ELSE FALSE END"

    @property
    def ambiguous(self) -> str:
        """Whether the cell is a date whose order nobody can tell."""
        return casting.ambiguous(self.cell) if self.text and self.kind == "time" else "FALSE"

    @property
    def reason(self) -> str:
        """Why a cell that could not be read could not."""
        cell = f"CAST({self.cell} AS VARCHAR)"
        cases = f"WHEN contains({cell}, {literal(BROKEN)}) THEN 'encoding'"
        cases += f" WHEN prefix({cell}, {literal(FAULT)}) THEN 'formula'"
        cases += f" WHEN {self.ambiguous} THEN 'ambiguous date' WHEN {self.signed} THEN 'unit'"
        cases += f" WHEN {self.foreign} THEN 'currency'"
        word = {"time": "date", "text": "total" if self.plan.payer else "encoding"}.get(self.kind, self.kind)
        return f"CASE {cases} ELSE {literal(word)} END"

    @property
    def header(self) -> str:
        """The name under which a typed file has the column."""
        return self.raw[1:-1].replace('""', '"')


def layers(readings: Sequence[Reading], source: str, blank: str = "FALSE", *more: str) -> str:
    """The rows of a source that are not blank, in all layers, as SQL that stands behind FROM; `more` goes through."""
    first = [*more, *(f"{each.raw} AS {each.cell}" for each in readings)]
    rows = f"(SELECT {', '.join(first) or '1 AS one'} FROM {source} WHERE NOT ({blank}))"
    for step in (_quick, _offsets, _narrow, _rough, _values, _utc):
        columns = [column for each in readings for column in step(each)]
        rows = f"(SELECT {', '.join(['*', *columns])} FROM {rows})" if columns else rows
    return rows


def _quick(reading: Reading) -> list[str]:
    return [f"{reading.steps.quick} AS q{reading.n}"] if reading.steps else []


def _offsets(reading: Reading) -> list[str]:
    if not reading.steps or reading.kind != "time":
        return []
    cell, n = reading.cell, reading.n
    return [f"CASE WHEN q{n} IS NULL AND {cell} IS NOT NULL THEN {casting.quick_offset(cell)} END AS z{n}"]


def _narrow(reading: Reading) -> list[str]:
    if not reading.steps:
        return []
    left = f"q{reading.n} IS NULL AND {reading.cell} IS NOT NULL"
    left += f" AND z{reading.n} IS NULL" if reading.kind == "time" else ""
    return [f"CASE WHEN {left} THEN {casting.narrowed(reading.cell)} END AS s{reading.n}"]


def _rough(reading: Reading) -> list[str]:
    n = reading.n
    return [f"CASE WHEN s{n} IS NOT NULL THEN {reading.steps.rough} END AS t{n}"] if reading.steps else []


def _values(reading: Reading) -> list[str]:
    clock = [f"{reading.clock} AS c{reading.n}"] if reading.kind == "time" else []
    return [f"{reading.value} AS v{reading.n}", *clock]


def _utc(reading: Reading) -> list[str]:
    if reading.kind != "time":
        return []
    n = reading.n
    slow = f"CASE WHEN v{n} IS NULL AND {reading.cell} IS NOT NULL THEN {reading.utc} END"
    return [f"coalesce(z{n}, {slow}) AS u{n}" if reading.steps else f"{slow} AS u{n}"]


def read_as(plan: ColumnPlan, n: int, raw: str, native: str, writing: Writing, *, broken: bool = False) -> Reading:
    """The reading of a column by its role and the type that it has; `broken` where its text may be marked."""
    read = _read_as(plan, n, raw, native, writing, broken=broken)
    return _scaled(read) if read.kind == "number" and plan.scale != 1 else read


def _scaled(read: Reading) -> Reading:
    """A number in the unit that its column is of: thousands, millions; one that would not fit is not read.

    One that says its own unit is in that. Where some stand behind a currency's sign and some do not, nobody can tell
    what those that do are in.
    """
    number = f"CAST({read.value} AS DECIMAL(38, 9))"
    bound, times = MOST // read.plan.scale, read.plan.scale
    value = f"WHEN {number} BETWEEN -{bound} AND {bound} THEN CAST({number} * {times} AS DECIMAL(38, 9))"
    if not read.steps:
        return replace(read, value=f"CASE {value} END", certain=False, fits=False)
    own, signed = casting.own_unit(f"t{read.n}"), casting.sign_before(f"t{read.n}")
    bare = f"coalesce({number} <> 0 AND NOT (t{read.n} IS NOT NULL AND ({own} OR {signed})), FALSE)"
    value = f"WHEN {own} THEN {number} WHEN {signed} AND bool_or({bare}) OVER () THEN NULL {value}"
    return replace(read, value=f"CASE {value} END", certain=False, fits=False, signed=signed)


def _read_as(plan: ColumnPlan, n: int, raw: str, native: str, writing: Writing, *, broken: bool) -> Reading:
    kind = _kind(plan.role, native)
    if native == "VARCHAR":
        return _from_text(plan, n, kind, raw, writing, broken=broken)
    if kind == "text":
        return Reading(plan, n, kind, _as_text(raw, native), casting.trimmed(f"r{n}"), text=True, certain=True)
    return _from_native(plan, n, kind, raw, native, writing)


def _kind(role: Role, native: str) -> str:
    if role is not Role.ANY:
        return str(role.value)
    if native in WHOLE or native in FLOATS or DECIMAL.fullmatch(native):
        return "number"
    if native in MOMENTS or native in (ZONED, "DATE"):
        return "time"
    return "truth" if native == "BOOLEAN" else "text"


def _as_text(raw: str, native: str) -> str:
    """A typed value as text; a whole number that was stored as a float loses its `.0`."""
    text = f"CAST({raw} AS VARCHAR)"
    return f"regexp_replace({text}, '\\.0$', '')" if native in FLOATS else text


def _from_text(plan: ColumnPlan, n: int, kind: str, raw: str, writing: Writing, *, broken: bool) -> Reading:
    cell, narrow, rough = f"r{n}", f"s{n}", f"t{n}"
    if kind == "text":
        return _whole_text(plan, n, raw, broken=broken)
    if kind == "time":
        steps = casting.time(cell, narrow, rough, writing)
        moment = casting.is_moment(cell, writing)
        return Reading(plan, n, kind, raw, _value(steps, n), steps, casting.offset(narrow, writing), moment, text=True)
    if kind == "truth":
        steps = casting.truth(cell, narrow, rough)
        return Reading(plan, n, kind, raw, _value(steps, n), steps, text=True)
    steps = casting.number(cell, narrow, rough, writing)
    return Reading(plan, n, kind, raw, _value(steps, n), steps, text=True, foreign=casting.foreign(cell, writing))


def _value(steps: Steps, n: int) -> str:
    return f"CASE WHEN q{n} IS NOT NULL THEN q{n} WHEN s{n} IS NOT NULL THEN {steps.read} END"


def _whole_text(plan: ColumnPlan, n: int, raw: str, *, broken: bool) -> Reading:
    cell = f"r{n}"
    whole = casting.trimmed(cell)
    sound = f"NOT contains({cell}, {literal(BROKEN)}) AND NOT prefix({cell}, {literal(FAULT)})"
    kept = [*([sound] if broken else []), *([f"NOT {casting.full(cell, TOTAL)}"] if plan.payer else [])]
    value = f"CASE WHEN {' AND '.join(kept)} THEN {whole} END" if kept else whole
    return Reading(plan, n, "text", raw, value, text=True, certain=not kept, fits=True)


def _from_native(plan: ColumnPlan, n: int, kind: str, raw: str, native: str, writing: Writing) -> Reading:
    cell = f"r{n}"
    exact = native in WHOLE or DECIMAL.fullmatch(native) is not None
    if kind == "number" and _places(native) > PLACES:
        return Reading(plan, n, kind, raw, f"CAST({cell} AS DECIMAL(38, {PLACES}))", certain=True)
    if (kind == "number" and exact) or (kind == "truth" and native == "BOOLEAN"):
        return Reading(plan, n, kind, raw, cell, certain=True, fits=True)
    if kind == "number" and native == "BOOLEAN":
        return Reading(plan, n, kind, raw, f"CAST({cell} AS TINYINT)", certain=True)
    finite = f"CASE WHEN isfinite({cell}) THEN CAST({cell} AS TIMESTAMP) END"
    if kind == "time" and native == ZONED:
        return Reading(plan, n, kind, raw, NO_TIME, utc=finite, clock="TRUE")
    if kind == "time" and native == "DATE":
        return Reading(plan, n, kind, raw, finite, fits=True)
    if kind == "time" and native in MOMENTS:
        same = native == "TIMESTAMP" and writing.zone == "UTC"
        return Reading(plan, n, kind, raw, finite, clock="TRUE", fits=same)
    return _from_text(plan, n, kind, _as_text(raw, native), Writing(zone=writing.zone), broken=False)


def _places(native: str) -> int:
    """Those behind the point of a decimal."""
    decimal = DECIMAL.fullmatch(native)
    return int(decimal[1]) if decimal else 0


def named(expression: str, name: str) -> str:
    """`expression AS "name"`."""
    return f"{expression} AS {quoted(name)}"
