"""A stand-in for as-of: the text of a scan that counts up to a day serves every other day, with that day written in.

The compiler is only ever given the stand-in. Law: what comes out is the text that it gives for the day itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from shinro.queries.funnel import EPOCH, Attempts, midnight
from shinro.queries.scans import Scan

SECOND = 1_000_000  # microseconds
DAY = date(9411, 3, 17)  # nobody's
TOO_LATE = 9000  # years: days from then on look like it
# What is left of it where a form writes a day in a way that is not told here: years from 9300 to 9499, and moments.
LEFT = re.compile(r"\b9[34]\d\d, \d|'9[34]\d\d-|\b23\d{16}\b")


def stands_in(scan: Scan) -> Scan | None:
    """The scan up to the stand-in; itself where it has no last day. None where its text serves its own day alone.

    A span names days of its own.
    """
    if scan.span is not None or (scan.last is not None and scan.last.year >= TOO_LATE):
        return None
    return replace(scan, last=DAY) if scan.last else scan


def is_clear(scan: Scan, told: str, zone: str) -> bool:
    """Whether nothing that a scan is compiled from (`told`, without its last day) can be mistaken for the stand-in."""
    days, numbers = _days(scan, DAY), _moments(scan, DAY, zone)
    plain = [word for day in days for word in (day.isoformat(), f"{day.year}, {day.month}, {day.day}")]
    return not any(word in told for word in (*plain, *numbers))


def dated(text: str, scan: Scan, zone: str) -> str | None:
    """A text of the stand-in as of the scan's own day; None where some of the stand-in is left in it.

    Cost: linear in the text.
    """
    if scan.last is None:
        return text
    meant: Mapping[str, str] = dict(zip(_words(scan, DAY, zone), _words(scan, scan.last, zone), strict=True))
    found = re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, meant))})(?!\w)", lambda match: meant[match[0]], text)
    return None if LEFT.search(found) else found


def _words(scan: Scan, last: date, zone: str) -> tuple[str, ...]:
    """The ways in which a text may write what depends on the last day."""
    days = (f"{day.year}, {day.month}, {day.day}" for day in _days(scan, last))
    texts = (f"DATE '{day}'" for day in _days(scan, last))
    return (*(f"MAKE_DATE({day})" for day in days), *texts, *_moments(scan, last, zone))


def _days(scan: Scan, last: date) -> tuple[date, ...]:
    """The last day, and the first one whose rows may not all be there."""
    return (last, scan.growth.known_before(last)) if isinstance(scan.growth, Attempts) else (last,)


def _moments(scan: Scan, last: date, zone: str) -> tuple[str, ...]:
    """When that one begins, and one window before: microseconds since 1970, in UTC; and its days since then."""
    if not isinstance(scan.growth, Attempts):
        return ()
    known = scan.growth.known_before(last)
    begins = midnight(known, zone)
    return str(begins), str(begins - (scan.growth.seconds or 0) * SECOND), str((known - EPOCH.date()).days)
