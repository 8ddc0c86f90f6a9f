"""How final each period is, and the points that a scan's rows make."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from shinro.loads import Load
from shinro.periods import Calendar, Grain, Period
from shinro.queries.scans import Dimension, Measure, Scan
from shinro.series import Mark
from shinro.warehouse.frame import (
    at_of,
    cells,
    exact,
    frame,
    ordinal,
    points,
    segments_of,
    span_frame,
    stock_points,
)

CALENDAR = Calendar()
COMPLETE, INCOMPLETE, UNKNOWN = Mark.COMPLETE, Mark.INCOMPLETE, Mark.UNKNOWN


def load(oldest: str | None, newest: str | None, *, late_by: int = 0, gap: int = 1, until: str | None = None) -> Load:
    first, last, known = (date.fromisoformat(day) if day else None for day in (oldest, newest, until or newest))
    return Load(
        "t", "crm", (), (), "f", 1, oldest=first, newest=last, known_until=known, longest_gap=gap, late_by=late_by
    )


def marks(asked: Load, as_of: str, grain: Grain = Grain.MONTH) -> list[str]:
    found = frame(asked, grain, CALENDAR, date.fromisoformat(as_of))
    return [f"{CALENDAR.label(period, grain)} {mark.value}" for period, mark, _ in found.each]


@pytest.mark.parametrize(
    ("as_of", "late_by", "april"),
    [
        ("2026-04-30", 0, "incomplete"),  # the last day is not over
        ("2026-05-01", 0, "complete"),
        ("2026-05-01", 1, "incomplete"),  # rows of April may still come
        ("2026-05-02", 1, "complete"),
        ("2026-05-31", 3, "complete"),
    ],
)
def test_a_period_is_complete_when_as_of_is_past_its_end_and_the_lateness(as_of: str, late_by: int, april: str) -> None:
    found = marks(load("2026-03-05", as_of, late_by=late_by), as_of)
    assert found[0] == "2026-03 complete"
    assert found[1] == f"2026-04 {april}"


def test_the_running_period_is_incomplete_and_never_dropped() -> None:
    assert marks(load("2026-05-01", "2026-05-15"), "2026-05-15") == ["2026-05 incomplete"]


def test_what_lies_after_the_end_of_the_data_is_unknown_and_the_period_in_which_it_ends_incomplete() -> None:
    assert marks(load("2026-03-05", "2026-04-10"), "2026-06-15") == [
        "2026-03 complete", "2026-04 incomplete", "2026-05 unknown", "2026-06 unknown",
    ]  # fmt: skip


def test_an_exports_date_tells_how_far_it_knows() -> None:
    asked = load("2026-03-05", "2026-04-10", until="2026-05-20")
    assert marks(asked, "2026-05-31")[1:] == ["2026-04 complete", "2026-05 incomplete"]


@pytest.mark.parametrize(
    ("gap", "days_known"),
    [
        (0, 0),
        (1, 0),
        (3, 2),
        (32, 31),
        (400, 31),
    ],  # years of silence say nothing
)
def test_a_silence_that_is_usual_is_no_end(gap: int, days_known: int) -> None:
    found = frame(load("2026-01-01", "2026-02-01", gap=gap), Grain.DAY, CALENDAR, date(2026, 4, 30))
    unknown = [period.start for period, mark, _ in found.each if mark is UNKNOWN]
    assert unknown[0] == date(2026, 2, 2) + timedelta(days=days_known)


def test_lateness_reaches_as_far_as_a_silence() -> None:
    found = marks(load("2026-05-01", "2026-05-10", late_by=2), "2026-05-14", Grain.DAY)
    assert found[-5:] == [
        "2026-05-10 complete", "2026-05-11 complete", "2026-05-12 incomplete",
        "2026-05-13 unknown", "2026-05-14 unknown",
    ]  # fmt: skip


def test_without_a_day_up_to_as_of_there_is_no_period() -> None:
    for asked in (load(None, None), load("2026-06-01", "2026-06-10")):
        assert marks(asked, "2026-05-15") == []


@pytest.mark.parametrize("grain", Grain)
def test_a_day_in_year_1_breaks_nothing(grain: Grain) -> None:
    calendar = Calendar(week_starts=6, fiscal_starts=4)
    found = frame(load("0001-01-01", "2026-05-01"), grain, calendar, date(2026, 5, 1))
    assert date(1900, 1, 1) in found.periods[0]
    assert date(2026, 5, 1) in found.periods[-1]


def test_a_span_is_one_period_with_a_mark_as_any_other() -> None:
    """April 1 to May 15: unknown where nothing of it is, incomplete where the data or its lateness end within it."""
    span, june = Period(date(2026, 4, 1), date(2026, 5, 16)), date(2026, 6, 1)
    assert span_frame(load("2026-01-01", "2026-05-15"), span, june).marks == (COMPLETE,)
    assert span_frame(load("2026-05-15", "2026-05-15"), span, june).marks == (COMPLETE,)
    assert span_frame(load("2026-01-01", "2026-05-14"), span, june).marks == (INCOMPLETE,)
    assert span_frame(load("2026-01-01", "2026-05-15", late_by=2), span, date(2026, 5, 17)).marks == (INCOMPLETE,)
    assert span_frame(load("2026-01-01", "2026-02-15"), span, june).marks == (UNKNOWN,)
    assert span_frame(load("2026-05-16", "2026-06-01"), span, june).marks == (UNKNOWN,)
    assert span_frame(load(None, None), span, june).marks == (UNKNOWN,)


MAY = frame(load("2026-03-05", "2026-05-10"), Grain.MONTH, CALENDAR, date(2026, 7, 1))  # March to July, June is unknown
MARCH, APRIL, JUNE = (ordinal(date(2026, month, 1), Grain.MONTH) for month in (3, 4, 6))


@pytest.mark.parametrize("way", ["count", "count_distinct", "sum"])
def test_without_rows_what_is_counted_is_zero_while_the_data_lasts_and_unknown_after(way: str) -> None:
    found = points(MAY, Measure("x", way), 1, {MARCH: (MARCH, 3)})
    assert [point.value for point in found] == [3, 0, 0, None, None]
    assert [point.mark for point in found] == [COMPLETE, COMPLETE, INCOMPLETE, UNKNOWN, UNKNOWN]


@pytest.mark.parametrize("way", ["min", "max"])
def test_without_rows_a_least_and_a_most_are_undefined(way: str) -> None:
    found = points(MAY, Measure("x", way), 1, {MARCH: (MARCH, Decimal("1.5")), APRIL: (APRIL, None)})
    assert [point.value for point in found] == [Fraction(3, 2), None, None, None, None]


@pytest.mark.parametrize("way", ["avg", "median"])
def test_an_average_and_a_median_keep_their_parts_and_nothing_of_nothing_is_undefined(way: str) -> None:
    found = points(MAY, Measure("x", way), 1, {MARCH: (MARCH, "0.1", 3), APRIL: (APRIL, None, 0), JUNE: (JUNE, 1, 1)})
    assert [point.value for point in found] == [Fraction(1, 30), None, None, None, None]
    assert found[0].over == Fraction(1, 10)
    assert found[0].base == 3
    assert found[3] == (MAY.periods[3], None, UNKNOWN, None, None)


def test_a_stock_runs_on_over_periods_without_moves_and_knows_what_moved_before_the_first() -> None:
    moves = {MARCH - 30: (0, 5), MARCH: (0, 2), APRIL: (0, -3)}
    assert [point.value for point in stock_points(MAY, 1, moves)] == [7, 4, 4, None, None]


SCAN = Scan(
    "deals", "at", Grain.MONTH, (Measure("a", "avg", "x"), Measure("b", "count")),
    (Dimension("rep", "deals", "rep"), Dimension("size", "deals", "size")),
)  # fmt: skip


def test_rows_are_told_apart_by_segment_and_a_null_is_none() -> None:
    found = cells(SCAN, [(1, "Ann", 3, 1, 1, 4), (2, "Ann", 3, 1, 1, 5), (1, None, None, 1, 1, 6)])
    ann, nobody = (("rep", "Ann"), ("size", "3")), (("rep", None), ("size", None))
    assert {segment: sorted(rows) for segment, rows in found.items()} == {ann: [1, 2], nobody: [1]}
    assert [at_of(SCAN, measure) for measure in SCAN.measures] == [3, 5]


def test_a_segment_belongs_to_a_measure_where_it_has_a_value_for_it() -> None:
    """Whatever else is measured in the same scan: `None` of an average, 0 of a count say that there was nothing."""
    found = cells(SCAN, [(1, "Ann", 3, None, 0, 4), (1, "Bob", 3, 1, 1, 0)])
    names = [[segment[0][1] for segment in segments_of(one, at_of(SCAN, one), found)] for one in SCAN.measures]
    assert names == [["Bob"], ["Ann"]]


def test_numbers_become_exact_and_nothing_else_is_a_number() -> None:
    assert [exact(number) for number in (None, 3, Decimal("0.1"), "0.1")] == [None, 3, Fraction(1, 10), Fraction(1, 10)]
    with pytest.raises(TypeError):
        exact(0.1)


def test_the_number_of_a_period() -> None:
    assert ordinal(date(1900, 1, 2), Grain.DAY) == 1
    assert ordinal(date(2026, 4, 1), Grain.QUARTER) == 2026 * 12 + 3
