"""Stand-ins for days and for dimensions' columns: a scan's text serves all that differ from it in nothing else.

The compiler is only ever given the stand-ins, and what is meant is written into what comes out. Law: it is the text
that the compiler gives for these days and columns themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from shinro.periods import Period
from shinro.queries.funnel import EPOCH, Attempts, midnight
from shinro.queries.identity import identity
from shinro.queries.scans import Dimension, Scan
from shinro.queries.schema import Schema

SECOND = 1_000_000  # microseconds
LAST, START = date(9411, 3, 17), date(9301, 5, 19)  # nobody's
TOO_LATE = 9000  # years: days from then on look like them
# What is left where a form writes a day in a way that is not told here: years from 9300 to 9499, and their moments.
LEFT = re.compile(r"\b9[34]\d\d, \d|'9[34]\d\d-|\b23\d{16}\b")
COLUMN = "shinro dimension"  # nobody's, a number behind it


def stands_in(scan: Scan) -> Scan | None:
    """The scan with stand-ins for its days; None where its text serves these days alone.

    How long a span is may decide its text, and stays.
    """
    if any(day.year >= TOO_LATE for day in (*_days(scan), *_ends(scan))):
        return None
    span = Period(START, START + timedelta(days=scan.span.length)) if scan.span else None
    return replace(scan, last=scan.last and LAST, span=span)


def without_days(scan: Scan) -> tuple[object, ...]:
    """All that a scan is compiled from, but for its days."""
    return replace(scan, last=None, span=None), scan.last is not None, scan.span and scan.span.length


def is_clear(alike: Scan, told: str, zone: str) -> bool:
    """Whether nothing that a scan is compiled from (`told`, but for its days) can be mistaken for a stand-in."""
    days = (*_days(alike), *_ends(alike))
    plain = [word for day in days for word in (day.isoformat(), f"{day.year}, {day.month}, {day.day}")]
    return not any(word in told for word in (*plain, *_moments(alike, zone)))


def dated(text: str, alike: Scan, scan: Scan, zone: str) -> str | None:
    """A text of stand-ins with a scan's own days; None where something of a stand-in is left in it.

    Cost: linear in the text.
    """
    meant: Mapping[str, str] = dict(zip(_words(alike, zone), _words(scan, zone), strict=True))
    if not meant:
        return text
    found = re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, meant))})(?!\w)", lambda match: meant[match[0]], text)
    return None if LEFT.search(found) else found


def _words(scan: Scan, zone: str) -> tuple[str, ...]:
    """The ways in which a text may write what depends on the days."""
    days = (*_days(scan), *_ends(scan))
    made = (f"MAKE_DATE({day.year}, {day.month}, {day.day})" for day in days)
    return (*made, *(f"DATE '{day}'" for day in days), *_moments(scan, zone))


def _ends(scan: Scan) -> tuple[date, ...]:
    """The first day of a span, and the first one behind it."""
    return (scan.span.start, scan.span.end) if scan.span else ()


def _days(scan: Scan) -> tuple[date, ...]:
    """The last day, and the first one whose rows may not all be there."""
    if scan.last is None:
        return ()
    return (scan.last, scan.growth.known_before(scan.last)) if isinstance(scan.growth, Attempts) else (scan.last,)


def _moments(scan: Scan, zone: str) -> tuple[str, ...]:
    """When that one begins, and one window before: microseconds since 1970, in UTC; and its days since then."""
    if scan.last is None or not isinstance(scan.growth, Attempts):
        return ()
    known = scan.growth.known_before(scan.last)
    begins = midnight(known, zone)
    return str(begins), str(begins - (scan.growth.seconds or 0) * SECOND), str((known - EPOCH.date()).days)


def of_any_columns(scan: Scan, tables: Schema) -> tuple[Scan, Schema, Mapping[str, str]]:
    """A scan with stand-ins for its dimensions' columns, tables that have them, and what each one stands for.

    None stand in where a column is another table's, or is read for something else as well: it would be read twice.
    """
    columns, types = [one.column for one in scan.dimensions], tables.types.get(scan.table, {})
    own = not scan.joins and len({*columns}) == len(columns) and types.keys() >= {*columns}
    if not columns or not own or _speaks_of(scan, [*columns, COLUMN]) or any(COLUMN in name for name in types):
        return scan, tables, {}
    alike = {f"{COLUMN} {n}": column for n, column in enumerate(columns)}
    known = {**types, **{name: types[column] for name, column in alike.items()}}
    by = tuple(Dimension(f"by {n}", scan.table, name) for n, name in enumerate(alike))
    return replace(scan, dimensions=by), replace(tables, types={**tables.types, scan.table: known}), alike


def _speaks_of(scan: Scan, words: list[str]) -> bool:
    """Whether any word stands in what a scan is made of beside its dimensions and days; also where that is not told."""
    try:
        told = identity(replace(scan, dimensions=(), last=None, span=None))
    except TypeError:
        return True
    return re.search(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", told) is not None


def of_columns(text: str, alike: Mapping[str, str], quoted: Callable[[str], str]) -> str:
    """A text of stand-ins with the columns that are meant."""
    for name, column in alike.items():
        text = text.replace(quoted(name), quoted(column))
    return text
