"""What the record read of a stock at the last period end by a milestone's day, beside what the day itself read."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from recounting import MEANINGS, paths
from shinro.analysis.period_ends import beside_the_record
from shinro.findings.readings import ConditionReading, MilestoneReading
from shinro.periods import Calendar, Period
from shinro.series import State

TODAY = date(2026, 8, 10)
TRACKS = paths(("companies", [1, 2, 3, 4, 10, 12, 9]))  # of January to July


def read(due: date, value: int, text: str = "companies >= 10", days: int = 1) -> tuple[date, Fraction] | None:
    period = Period(due, due + timedelta(days=days))
    state = State.REACHED if value >= 10 else State.MISSED
    level = Fraction(10)
    found = ConditionReading(
        text,
        "companies",
        MEANINGS["companies"],
        ">=",
        level,
        Fraction(value),
        period,
        state,
        None,
        holds=value >= level,
    )
    milestone = MilestoneReading("m", due, state, (found,), 0)
    ((again,),) = [each.conditions for each in beside_the_record([milestone], TRACKS, Calendar(), TODAY)]
    return again.recorded


@pytest.mark.parametrize(
    ("due", "value", "recorded"),
    [
        (date(2026, 7, 1), 9, (date(2026, 6, 30), 12)),
        (date(2026, 7, 1), 11, None),
        (date(2026, 5, 1), 11, (date(2026, 4, 30), 4)),
        (date(2026, 5, 1), 9, None),
        (date(2026, 6, 30), 9, None),
        (date(2026, 1, 1), 9, None),
        (date(2026, 9, 1), 9, None),
    ],
)
def test_it_is_told_where_one_of_the_two_holds_and_the_other_does_not(
    due: date, value: int, recorded: tuple[date, int] | None
) -> None:
    found = read(due, value)
    assert (found and (found[0], int(found[1]))) == recorded


def test_what_is_read_over_a_period_is_no_stock_of_a_day() -> None:
    assert read(date(2026, 7, 1), 9, "companies >= 10 per month") is None
    assert read(date(2026, 7, 1), 9, days=31) is None
