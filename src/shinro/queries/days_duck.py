"""Days as DuckDB's text: what `local_day` says in Ibis, for statements that are written out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from shinro.periods import Calendar, Grain
from shinro.queries.funnel import EPOCH
from shinro.queries.local_day import ANCHOR, WEEKS
from shinro.queries.schema import Offsets

SECOND = 1_000_000  # microseconds


def day_text(moment: str, offsets: Offsets) -> str:
    """The local day of a moment in microseconds since 1970 in UTC."""
    steps = [(since(later), east * SECOND) for (_, east), (later, _) in pairwise(offsets) if later is not None]
    east = str(offsets[-1][1] * SECOND)
    if steps:
        east = f"CASE {' '.join(f'WHEN {moment} < {later} THEN {by}' for later, by in steps)} ELSE {east} END"
    return f"make_timestamp({moment} + {east})::DATE" if east != "0" else f"make_timestamp({moment})::DATE"


def since(moment: datetime) -> int:
    """A moment of UTC, without a zone, in microseconds since 1970."""
    return (moment.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)


def ordinal_text(day: str, grain: Grain, calendar: Calendar) -> str:
    """The first day of a day's period as a whole number, as `local_day.ordinal` numbers it."""
    if grain in (Grain.DAY, Grain.WEEK):
        number = f"({day} - make_date{ANCHOR})"
        return number if grain is Grain.DAY else f"{number} - ({number} + {WEEKS - calendar.week_starts}) % 7"
    month = f"(year({day}) * 12 + month({day}) - 1)"
    if grain is Grain.MONTH:
        return month
    length = 3 if grain is Grain.QUARTER else 12
    return f"{month} - ({month} + {1 - calendar.fiscal_starts + 12}) % {length}"


def place_text(day: str, grain: Grain, calendar: Calendar) -> tuple[str, str]:
    """How many days of a day's period (a day, a week, a month) lie before it; how many the period before has."""
    if grain is Grain.DAY:
        return "0", "1"
    if grain is Grain.WEEK:
        return f"({day} - make_date{ANCHOR} + {WEEKS - calendar.week_starts}) % 7", "7"
    return f"(day({day}) - 1)", f"day({day} - day({day})::INTEGER)"
