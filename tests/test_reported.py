"""Figures that were typed in: what is missing is unknown at every grain."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from shinro.periods import Calendar, Grain
from shinro.series import Mark
from shinro.warehouse.reported import Habit, reported_points

C, I, U = Mark.COMPLETE, Mark.INCOMPLETE, Mark.UNKNOWN  # noqa: E741 - short in the tables below
SALES = {"01-31": 100, "02-28": 200, "04-30": 50}  # March is missing
FLOW, LEVEL = Habit(Grain.MONTH, 0, flow=True), Habit(Grain.MONTH, 0, flow=False)


def found(rows: dict[str, int], habit: Habit, as_of: str, grain: Grain = Grain.QUARTER) -> list[tuple[object, Mark]]:
    dated = [(date.fromisoformat(f"2026-{day}"), Fraction(number)) for day, number in rows.items()]
    made = reported_points(dated, habit, grain, Calendar(), date.fromisoformat(f"2026-{as_of}"))
    return [(point.value, point.mark) for point in made]


def test_a_month_that_is_missing_is_a_gap() -> None:
    expected = [(100, C), (200, C), (None, U), (50, C), (None, U)]
    assert found(SALES, FLOW, "05-01", Grain.MONTH) == expected
    assert found(SALES, LEVEL, "05-01", Grain.MONTH) == expected


@pytest.mark.parametrize("habit", [FLOW, LEVEL])
def test_a_quarter_that_lacks_its_last_month_is_unknown(habit: Habit) -> None:
    assert found(SALES, habit, "05-01") == [(None, U), (50, I)]


def test_a_quarter_that_lacks_its_first_month_is_unknown_for_a_flow_and_its_last_value_for_a_level() -> None:
    rows = {"02-01": 200, "03-01": 300}
    assert found(rows, FLOW, "04-01") == [(None, U), (None, U)]
    assert found(rows, LEVEL, "04-01") == [(300, C), (None, U)]


def test_a_month_that_is_not_over_is_not_missing_and_one_that_is_late_may_still_come() -> None:
    rows = {"01-01": 100, "02-01": 200}
    assert [found(rows, habit, "03-31") for habit in (FLOW, LEVEL)] == [[(300, I)], [(200, I)]]
    late = [Habit(Grain.MONTH, 10, flow=flow) for flow in (True, False)]
    assert [found(rows, habit, "04-10")[0] for habit in late] == [(300, I), (200, I)]
    assert [found(rows, habit, "04-11")[0] for habit in late] == [(None, U), (None, U)]


def test_a_week_belongs_to_the_month_that_it_ends_in_whether_it_is_added_up_or_read_as_the_last() -> None:
    weeks = {
        "03-30": 1,
        "04-06": 2,
        "04-13": 3,
        "04-20": 4,
    }  # that of 30 March ends on 5 April, that of 27 April in May
    flow, level = (Habit(Grain.WEEK, 0, flow=flow) for flow in (True, False))
    assert found(weeks, flow, "05-01", Grain.MONTH) == [(10, C), (None, U)]
    assert found(weeks, level, "05-01", Grain.MONTH) == [(4, C), (None, U)]
    assert found(weeks, flow, "04-26", Grain.MONTH) == [(10, I)]
    later = weeks | {"04-27": 5}
    assert found(later, flow, "05-04", Grain.MONTH) == [(10, C), (5, I)]
    assert found(later, level, "05-04", Grain.MONTH) == [(4, C), (5, I)]


def test_a_month_that_lacks_one_of_its_weeks_is_unknown_for_a_flow() -> None:
    weeks = {"03-30": 1, "04-06": 2, "04-20": 4}
    flow, level = (Habit(Grain.WEEK, 0, flow=flow) for flow in (True, False))
    assert found(weeks, flow, "05-01", Grain.MONTH)[0] == (None, U)
    assert found(weeks, level, "05-01", Grain.MONTH)[0] == (4, C)


def test_what_is_typed_in_at_no_set_times_lacks_nothing() -> None:
    assert found({"01-31": 100, "04-30": 50}, Habit(None, 0, flow=True), "05-01") == [(100, C), (50, I)]


def test_a_month_is_no_week_and_no_day() -> None:
    for habit in (FLOW, LEVEL):
        assert found(SALES, habit, "05-01", Grain.WEEK) == []
        assert found(SALES, habit, "05-01", Grain.DAY) == []
