"""The forms of growth metrics' rows: each kind of growth, and what makes its Ibis expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from shinro.periods import Calendar
from shinro.queries.active import firsts, gaps, presence, stretches
from shinro.queries.activity import Firsts, Gaps, Presence, Stretches
from shinro.queries.attempts import attempts
from shinro.queries.funnel import Attempts
from shinro.queries.kept import cohorts
from shinro.queries.retention import Retention
from shinro.queries.scans import Scan

Table = Any
Rows = Callable[[Scan], Table]  # a scan -> its rows: entity, instant, day, dim0.., is0 where filtered, conditions
Form = Callable[[Scan, Rows, Calendar], Table]

# Kind of growth -> its form. The first column is a number, then the dimensions, then what its points are made of.
FORMS: Mapping[type[Any], Form] = {
    Firsts: firsts,
    Gaps: gaps,
    Presence: presence,
    Stretches: stretches,
    Retention: cohorts,
    Attempts: attempts,
}


def rows_of(scan: Scan, rows: Rows, calendar: Calendar) -> Table:
    """The expression of a growth metric's scan, the same for every engine."""
    return FORMS[type(scan.growth)](scan, rows, calendar)
