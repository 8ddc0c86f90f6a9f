from __future__ import annotations

from datetime import date
from fractions import Fraction

from shinro.periods import Calendar, Grain, Period
from shinro.series import Mark, Meaning, Nature, Point, Series, pooled, windows

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


def rates(*parts: tuple[int, int] | None) -> list[Point]:
    """A rate's months from March on: won of closed, None where the parts are not known."""
    found = [Point(period, None, Mark.UNKNOWN) for period in Calendar().periods(START, date(2026, 12, 1), Grain.MONTH)]
    for n, part in enumerate(parts):
        over, base = map(Fraction, part or (0, 0))
        value = over / base if base else None
        found[n] = Point(found[n].period, value, Mark.COMPLETE, *((over, base) if part else (None, None)))
    return found[: len(parts)]


START = date(2026, 3, 1)


def test_periods_of_a_rate_are_pooled_by_their_parts() -> None:
    """1 of 2, then 0 of 6: an eighth, not a quarter."""
    assert pooled(rates((1, 2), (0, 6))) == Point(
        Period(START, date(2026, 5, 1)), Fraction(1, 8), Mark.COMPLETE, Fraction(1), Fraction(8)
    )
    assert pooled(rates((1, 2))) == rates((1, 2))[0]
    assert pooled(rates((1, 2), None)) is None
    assert pooled([]) is None


def test_windows_are_those_of_which_every_period_is_known() -> None:
    """Of five months, the third not known: two whole windows of two."""
    points = rates((1, 2), (1, 2), None, (0, 4), (1, 1))
    assert [each.value for each in windows(points, 2)] == [Fraction(1, 2), Fraction(1, 5)]
    assert [each.value for each in windows([points[0], points[3]], 2)] == []  # not side by side
    assert windows(points, 6) == ()
