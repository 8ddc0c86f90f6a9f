from __future__ import annotations

from datetime import date

import pytest

from shinro.periods import Calendar
from shinro.workdays import countries, days_off, with_holidays

APRIL_29, MAY_5, MAY_6 = date(2026, 4, 29), date(2026, 5, 5), date(2026, 5, 6)


def test_golden_week_is_off_with_its_days_in_lieu() -> None:
    off = days_off("JP", APRIL_29, date(2026, 5, 8))
    assert off == frozenset({APRIL_29, date(2026, 5, 3), date(2026, 5, 4), MAY_5, MAY_6})


def test_only_days_of_the_span_are_named_over_more_than_one_year() -> None:
    off = days_off("jp", date(2025, 12, 31), date(2026, 1, 1))
    assert off == frozenset({date(2026, 1, 1)})


def test_a_region_has_days_of_its_own() -> None:
    assert days_off("DE-BY", date(2026, 1, 6), date(2026, 1, 6)) == frozenset({date(2026, 1, 6)})
    assert days_off("DE", date(2026, 1, 6), date(2026, 1, 6)) == frozenset()


@pytest.mark.parametrize("name", ["XX", "Japan", "", "JP-ZZ", "日本"])
def test_an_unknown_country_is_none(name: str) -> None:
    assert days_off(name, APRIL_29, MAY_6) is None


def test_the_countries_are_named_by_code() -> None:
    assert {"JP", "US", "DE", "GB"} <= countries().keys()
    assert "BY" in countries()["DE"]


def test_a_calendar_keeps_its_own_days_off() -> None:
    calendar = Calendar(days_off=frozenset({date(2026, 5, 7)}))
    japan = with_holidays(calendar, "JP", APRIL_29, date(2026, 5, 8))
    assert japan.working_days(date(2026, 5, 4), date(2026, 5, 9)) == 1
    assert with_holidays(calendar, None, APRIL_29, MAY_6) == with_holidays(calendar, "XX", APRIL_29, MAY_6) == calendar
