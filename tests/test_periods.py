from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import pytest

from shinro.periods import Calendar, Duration, Grain, Period, add_months, offsets

MONDAY = date(2026, 5, 11)
JAPAN = Calendar("Asia/Tokyo", fiscal_starts=4, days_off=frozenset({date(2026, 5, 4), date(2026, 5, 5)}))


def days(first: str, end: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("grain", "period"),
    [
        (Grain.DAY, days("2026-05-11", "2026-05-12")),
        (Grain.WEEK, days("2026-05-11", "2026-05-18")),
        (Grain.MONTH, days("2026-05-01", "2026-06-01")),
        (Grain.QUARTER, days("2026-04-01", "2026-07-01")),
        (Grain.YEAR, days("2026-04-01", "2027-04-01")),
    ],
)
def test_the_period_that_a_day_lies_in(grain: Grain, period: Period) -> None:
    assert JAPAN.period(MONDAY, grain) == period


def test_a_week_starts_when_the_company_says() -> None:
    assert Calendar(week_starts=6).period(MONDAY, Grain.WEEK) == days("2026-05-10", "2026-05-17")


@pytest.mark.parametrize(("day", "year"), [(date(2026, 3, 31), 2025), (date(2026, 4, 1), 2026)])
def test_a_fiscal_year_is_called_by_the_year_in_which_it_starts(day: date, year: int) -> None:
    assert JAPAN.fiscal_year(day) == year
    assert JAPAN.label(JAPAN.period(day, Grain.YEAR), Grain.YEAR) == f"FY{year}"


@pytest.mark.parametrize(
    ("day", "grain", "label"),
    [
        (MONDAY, Grain.DAY, "2026-05-11"),
        (MONDAY, Grain.WEEK, "2026-05-11"),
        (MONDAY, Grain.MONTH, "2026-05"),
        (MONDAY, Grain.QUARTER, "FY2026 Q1"),
        (date(2026, 3, 1), Grain.QUARTER, "FY2025 Q4"),
    ],
)
def test_a_period_has_a_short_name(day: date, grain: Grain, label: str) -> None:
    assert JAPAN.label(JAPAN.period(day, grain), grain) == label


@pytest.mark.parametrize(
    ("grain", "before"),
    [
        (Grain.DAY, days("2025-05-12", "2025-05-13")),  # a Monday too
        (Grain.WEEK, days("2025-05-12", "2025-05-19")),
        (Grain.MONTH, days("2025-05-01", "2025-06-01")),
        (Grain.QUARTER, days("2025-04-01", "2025-07-01")),
        (Grain.YEAR, days("2025-04-01", "2026-04-01")),
    ],
)
def test_the_same_period_a_year_before(grain: Grain, before: Period) -> None:
    assert JAPAN.year_before(JAPAN.period(MONDAY, grain), grain) == before


def test_a_period_knows_its_last_day_its_length_and_its_days() -> None:
    may = JAPAN.period(MONDAY, Grain.MONTH)
    assert (may.last, may.length) == (date(2026, 5, 31), 31)
    assert [day in may for day in (date(2026, 4, 30), may.start, may.last, may.end)] == [False, True, True, False]


def test_working_days_leave_out_weekends_and_days_off() -> None:
    assert JAPAN.working_days(date(2026, 5, 1), date(2026, 5, 12)) == 5
    assert JAPAN.working_days(date(2026, 5, 12), date(2026, 5, 1)) == 0
    assert [JAPAN.is_working(date(2026, 5, day)) for day in (1, 2, 4, 6)] == [True, False, False, True]


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 5, 30), 12, date(2027, 5, 30)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int, after: date) -> None:
    assert add_months(day, months) == after


@pytest.mark.parametrize(
    ("duration", "after", "length", "seconds", "text"),
    [
        (Duration(90, "day"), date(2026, 6, 30), 90, 90 * 86400, "90 days"),
        (Duration(6, "week"), date(2026, 5, 13), 42, 42 * 86400, "6 weeks"),
        (Duration(3, "month"), date(2026, 7, 1), 90, 90 * 86400, "3 months"),
        (Duration(2, "quarter"), date(2026, 10, 1), 182, 182 * 86400, "2 quarters"),
        (Duration(1, "year"), date(2027, 4, 1), 365, 365 * 86400, "1 year"),
        (Duration(-1, "day"), date(2026, 3, 31), -1, -86400, "-1 day"),
        (Duration(12, "hour"), date(2026, 4, 1), 0, 43200, "12 hours"),
        (Duration(30, "minute"), date(2026, 4, 1), 0, 1800, "30 minutes"),
    ],
)
def test_a_length_of_time(duration: Duration, after: date, length: int, seconds: int, text: str) -> None:
    assert duration.after(date(2026, 4, 1)) == after
    assert (duration.days, duration.seconds, str(duration)) == (length, seconds, text)


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (days("2026-05-04", "2026-05-07"), days("2026-05-04", "2026-05-11"), Fraction(1, 3)),  # two days off
        (days("2026-05-09", "2026-05-10"), days("2026-05-09", "2026-05-11"), Fraction(1, 2)),  # nobody works
        (days("2026-05-09", "2026-05-11"), days("2026-05-09", "2026-05-11"), Fraction(1)),
        (days("2026-05-09", "2026-05-08"), days("2026-05-04", "2026-05-11"), Fraction(0)),
    ],
)
def test_the_share_of_a_span_is_that_of_its_working_days(part: Period, whole: Period, share: Fraction) -> None:
    assert JAPAN.share(part, whole) == share


def test_the_offsets_of_a_zone_with_and_without_summer_time() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert offsets("Asia/Tokyo", first, last) == ((None, 9 * 3600),)
    assert offsets("America/New_York", first, last) == (
        (None, -5 * 3600),
        (datetime(2026, 3, 8, 7), -4 * 3600),  # noqa: DTZ001 - UTC without zone, as it is handed over
        (datetime(2026, 11, 1, 6), -5 * 3600),  # noqa: DTZ001
    )


def test_a_zone_of_half_an_hour_of_summer_time() -> None:
    found = offsets("Australia/Lord_Howe", date(2026, 1, 1), date(2026, 12, 31))
    assert [seconds for _, seconds in found] == [39600, 37800, 39600]
