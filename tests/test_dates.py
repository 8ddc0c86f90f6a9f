from __future__ import annotations

from datetime import date

import pytest

from shinro.periods import Calendar, Grain, Period
from shinro.reports.dates import day, period, short_period, span
from shinro.reports.words import words

APRIL = Calendar(fiscal_starts=4)


@pytest.mark.parametrize(
    ("grain", "ja", "en"),
    [
        (Grain.DAY, "2026年2月11日", "Feb 11, 2026"),
        (Grain.WEEK, "2026年2月9日の週", "week of Feb 9, 2026"),
        (Grain.MONTH, "2026年2月", "Feb 2026"),
        (Grain.QUARTER, "2025年度 第4四半期", "FY2025 Q4"),
        (Grain.YEAR, "2025年度", "FY2025"),
    ],
)
def test_a_periods_name(grain: Grain, ja: str, en: str) -> None:
    found = APRIL.period(date(2026, 2, 11), grain)
    assert period(found, grain, APRIL, words("ja")) == ja
    assert period(found, grain, APRIL, words("en")) == en


@pytest.mark.parametrize(
    ("grain", "ja", "en"),
    [(Grain.DAY, "2/11", "Feb 11"), (Grain.WEEK, "2/9週", "wk Feb 9"), (Grain.MONTH, "2026年2月", "Feb 2026")],
)
def test_a_periods_short_name(grain: Grain, ja: str, en: str) -> None:
    found = APRIL.period(date(2026, 2, 11), grain)
    assert short_period(found, grain, APRIL, words("ja")) == ja
    assert short_period(found, grain, APRIL, words("en")) == en


@pytest.mark.parametrize(
    ("first", "end", "ja", "en"),
    [
        (date(2026, 4, 1), date(2026, 4, 2), "2026年4月1日", "Apr 1, 2026"),
        (date(2026, 4, 1), date(2026, 6, 4), "2026年4月1日〜6月3日", "Apr 1 – Jun 3, 2026"),
        (date(2025, 12, 29), date(2026, 1, 5), "2025年12月29日〜2026年1月4日", "Dec 29, 2025 – Jan 4, 2026"),
        (date(2026, 4, 1), date(2026, 5, 1), "2026年4月", "Apr 2026"),
        (date(2026, 1, 1), date(2026, 4, 1), "2026年1月〜3月", "Jan – Mar 2026"),
        (date(2025, 12, 1), date(2026, 3, 1), "2025年12月〜2026年2月", "Dec 2025 – Feb 2026"),
    ],
)
def test_a_span_of_days(first: date, end: date, ja: str, en: str) -> None:
    assert span(Period(first, end), "ja") == ja
    assert span(Period(first, end), "en") == en


def test_a_day() -> None:
    assert (day(date(2026, 4, 6), "ja"), day(date(2026, 4, 6), "en")) == ("2026年4月6日", "Apr 6, 2026")
