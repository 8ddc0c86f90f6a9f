from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from made_up import bearings_of, daily
from shinro.analysis.measured import Bearings
from shinro.analysis.months import PAST, months
from shinro.findings.readings import Months
from shinro.periods import Grain
from shinro.series import Mark
from telling import AS_OF, NUMBERS, look, text_of


def of(metric: str, bearings: Bearings | None = None) -> Months:
    found = bearings or look()
    return months(found, found.measured.series[metric, Grain.MONTH])


def goals(found: Months) -> list[tuple[date, Fraction, str]]:
    return [(goal.month.start, goal.level, goal.title) for goal in found.goals]


def test_a_year_and_the_running_month_are_shown() -> None:
    points = of("leads").points
    assert len(points) == PAST
    assert points[0].period.start == date(2025, 6, 1)
    assert points[-1].period.start == date(2026, 6, 1)
    assert [point.mark for point in points[-2:]] == [Mark.COMPLETE, Mark.INCOMPLETE]


def test_the_months_before_the_first_number_are_left_out() -> None:
    later = {**NUMBERS, "leads": lambda day: 3 if day >= date(2026, 4, 1) else 0}
    points = of("leads", bearings_of(text_of(), AS_OF, later)).points
    assert [point.period.start.month for point in points] == [4, 5, 6]


def test_where_there_is_no_number_yet_the_running_month_stands_alone() -> None:
    points = of("leads", bearings_of(text_of(), AS_OF, {**NUMBERS, "leads": daily(0)})).points
    assert [point.period.start for point in points] == [date(2026, 6, 1)]


def test_a_flows_level_stands_in_the_month_that_is_over_on_its_day() -> None:
    """by: +6 months, reach: [qualified_leads >= 400 per month] -> October 1: September"""
    found = of("qualified_leads")
    assert goals(found) == [(date(2026, 9, 1), Fraction(400), "m6")]
    assert found.targets[-1] == (found.goals[0].month, Fraction(400))


def test_a_stocks_level_stands_in_the_month_of_its_day() -> None:
    assert goals(of("companies")) == [(date(2026, 4, 1), Fraction(3), "m0"), (date(2026, 7, 1), Fraction(6), "m3")]


def test_a_rate_is_held_against_its_month_and_a_total_since_the_start_is_not() -> None:
    assert goals(of("reply_rate")) == [(date(2026, 9, 1), Fraction(3, 10), "m6")]
    assert goals(of("leads")) == []


def test_without_a_target_there_is_no_path() -> None:
    assert of("held_rate").targets == ()


@pytest.mark.parametrize("metric", ["calls", "sales"])
def test_targets_are_a_months_whatever_period_they_are_set_by(metric: str) -> None:
    """calls: {per: week, level: 250}: 22 working days of May, less three holidays"""
    found = of(metric)
    assert all(cut.start.day == 1 for cut, _ in found.targets)
    if metric == "calls":
        assert 700 < {cut.start.month: level for cut, level in found.targets}[5] < 1250
