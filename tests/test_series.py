from __future__ import annotations

from datetime import date
from fractions import Fraction

from shinro.periods import Calendar, Grain
from shinro.series import Mark, Meaning, Nature, Point, Series

PERIODS = list(Calendar().periods(date(2026, 3, 1), date(2026, 5, 1), Grain.MONTH))
MARCH, APRIL, MAY = PERIODS
POINTS = (
    Point(MARCH, Fraction(80)),
    Point(APRIL, Fraction(90), Mark.INCOMPLETE),
    Point(MAY, None, Mark.UNKNOWN),
)
LEADS = Series(Meaning("leads", Nature.FLOW), Grain.MONTH, POINTS, date(2026, 4, 20))


def test_a_series_is_called_by_its_metric() -> None:
    assert LEADS.metric == "leads"


def test_a_point_is_found_by_its_period_or_by_a_day_in_it() -> None:
    assert LEADS.at(APRIL) is POINTS[1]
    assert LEADS.on(date(2026, 3, 31)) is POINTS[0]
    assert LEADS.at(Calendar().period(date(2026, 6, 1), Grain.MONTH)) is None
    assert LEADS.on(date(2026, 6, 1)) is None


def test_only_what_is_final_is_complete() -> None:
    assert LEADS.complete == POINTS[:1]
