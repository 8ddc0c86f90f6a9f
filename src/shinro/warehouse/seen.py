"""Seen: what a first pass over the rows saw of each column, and so what the column becomes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shinro.periods import offsets
from shinro.warehouse import casting
from shinro.warehouse.engine import literal
from shinro.warehouse.reading import Reading

DECIMAL = "DECIMAL(38, 9)"
INT64 = 9223372036854775807
SPAN = (date(1900, 1, 1), date(2100, 1, 1))  # offsets are worked out in it; beyond, those of its ends hold
EDGES = (datetime(1, 1, 3), datetime(9999, 12, 29))  # noqa: DTZ001 - times in the tables have no zone


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a column."""

    read: int = 0  # times
    unread: int = 0
    ambiguous: int = 0
    whole: bool = True  # no number has a fraction, and all fit 64 bits
    clocks: int = 0  # moments, not plain dates
    zoned: int = 0  # moments with an offset
    low: datetime | None = None
    high: datetime | None = None
    altered: int = 0  # texts that trimming changes

    def __add__(self, other: Seen) -> Seen:
        return Seen(
            self.read + other.read,
            self.unread + other.unread,
            self.ambiguous + other.ambiguous,
            self.whole and other.whole,
            self.clocks + other.clocks,
            self.zoned + other.zoned,
            min(filter(None, (self.low, other.low)), default=None),
            max(filter(None, (self.high, other.high)), default=None),
            self.altered + other.altered,
        )


def seen_sql(reading: Reading) -> list[str]:
    """The aggregates over the layers, in the order of the fields of Seen."""
    value, utc, bad = f"v{reading.n}", f"u{reading.n}", f"count(*) FILTER ({reading.unread})"
    parts = dict.fromkeys(Seen.__slots__, "0") | {"whole": "TRUE", "low": "NULL", "high": "NULL", "unread": bad}
    if reading.kind == "number" and not reading.fits:
        parts["whole"] = f"coalesce(bool_and({value} = trunc({value}) AND abs({value}) <= {INT64}), TRUE)"
    if reading.kind == "text" and reading.fits:
        parts["altered"] = f"count(*) FILTER ({casting.untrimmed(reading.cell)})"
    if reading.kind == "time":
        parts |= {
            "read": f"count({value}) + count({utc})",
            "ambiguous": f"count(*) FILTER (CASE WHEN {reading.unread} THEN {reading.ambiguous} ELSE FALSE END)",
            "clocks": f"count(*) FILTER (c{reading.n} AND NOT ({reading.missing}))",
            "zoned": f"count({utc})",
            "low": f"min(coalesce({value}, {utc}))",
            "high": f"max(coalesce({value}, {utc}))",
        }
    return [parts[field] for field in Seen.__slots__]


def kept_as(reading: Reading, seen: Seen, zone: str) -> tuple[str, str]:
    """The column over the layers as the table keeps it, and its type: number, date, moment, text, truth."""
    value = f"v{reading.n}"
    if reading.kind == "time":
        if seen.read and not seen.clocks:
            return f"CAST({value} AS DATE)", "date"
        local = to_utc(value, seen, zone)
        return (f"coalesce(u{reading.n}, {local})" if seen.zoned else local), "moment"
    if reading.kind == "number" and not reading.fits:
        return f"CAST({value} AS {'BIGINT' if seen.whole else DECIMAL})", "number"
    if reading.kind == "text" and untouched(reading, seen):
        return reading.cell, "text"
    return value, reading.kind


def untouched(reading: Reading, seen: Seen) -> bool:
    """Whether a typed file's column already is what the table wants."""
    return reading.fits and not seen.unread and not seen.altered


def to_utc(local: str, seen: Seen, zone: str) -> str:
    """A wall time of a zone in UTC by arithmetic: of an hour that comes twice the first, one that is left out moves on.

    Law: equals zoneinfo's conversion with fold=0 where it lies within 1900 to 2100.
    Source: the tz database, by `shinro.periods.offsets`.
    """
    if seen.low is None or seen.high is None:
        return local
    first, last = (min(max(moment.date(), SPAN[0]), SPAN[1]) for moment in (seen.low, seen.high))
    steps = offsets(zone, first, last)
    moved, east = _west(local, steps[0][1]), steps[0][1]
    cases = ""
    for moment, later in steps[1:]:
        if moment is not None:
            wall = moment + timedelta(seconds=max(east, later))
            cases = f" WHEN {local} >= TIMESTAMP {literal(str(wall))} THEN {_west(local, later)}" + cases
        east = later
    moved = f"CASE{cases} ELSE {moved} END" if cases else moved
    if EDGES[0] <= seen.low and seen.high <= EDGES[1]:
        return moved
    clamped = f"least(greatest({moved}, TIMESTAMP '0001-01-01'), TIMESTAMP '9999-12-31 23:59:59.999999')"
    return f"CASE WHEN {local} IS NOT NULL THEN {clamped} END"  # both pass a NULL over


def _west(local: str, east: int) -> str:
    return f"({local} - to_seconds({east}))" if east else local
