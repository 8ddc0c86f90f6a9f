"""Laws of time: periods tile, steps undo themselves, and an offset in force gives the wall time of zoneinfo."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shinro.periods import Calendar, Grain, add_months, offsets

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
CALENDARS = st.builds(Calendar, week_starts=st.integers(0, 6), fiscal_starts=st.integers(1, 12))
GRAINS = st.sampled_from(Grain)
FIRST, LAST = date(2018, 1, 1), date(2030, 12, 31)
MOMENTS = st.datetimes(datetime(2018, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are plain


@given(CALENDARS, DAYS, st.integers(0, 500), GRAINS)
def test_periods_tile_a_span(calendar: Calendar, first: date, length: int, grain: Grain) -> None:
    last = first + timedelta(days=length)
    tiles = list(calendar.periods(first, last, grain))
    assert first in tiles[0]
    assert last in tiles[-1]
    assert all(before.end == after.start for before, after in pairwise(tiles))
    assert all(tile.length > 0 for tile in tiles)


@given(CALENDARS, DAYS, GRAINS)
def test_a_day_lies_in_its_period_and_every_day_of_it_has_the_same(calendar: Calendar, day: date, grain: Grain) -> None:
    period = calendar.period(day, grain)
    assert day in period
    assert calendar.period(period.start, grain) == calendar.period(period.last, grain) == period


@given(CALENDARS, DAYS, GRAINS, st.integers(-30, 30))
def test_a_step_there_and_back_is_no_step(calendar: Calendar, day: date, grain: Grain, steps: int) -> None:
    period = calendar.period(day, grain)
    there = calendar.step(period, grain, steps)
    assert calendar.step(there, grain, -steps) == period
    assert calendar.period(there.start, grain) == there


@given(CALENDARS, DAYS, st.sampled_from([Grain.DAY, Grain.WEEK]))
def test_a_year_before_has_the_same_weekdays(calendar: Calendar, day: date, grain: Grain) -> None:
    period = calendar.period(day, grain)
    assert calendar.year_before(period, grain).start.weekday() == period.start.weekday()


@given(DAYS, st.integers(-48, 48))
def test_months_later_lies_in_that_month(day: date, months: int) -> None:
    after = add_months(day, months)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day <= day.day


@given(CALENDARS, DAYS, st.integers(0, 60), st.integers(0, 60))
def test_working_days_add_up(calendar: Calendar, first: date, one: int, other: int) -> None:
    middle = first + timedelta(days=one)
    end = middle + timedelta(days=other)
    parts = calendar.working_days(first, middle) + calendar.working_days(middle, end)
    assert calendar.working_days(first, end) == parts


ZONES = [
    "Asia/Tokyo",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Europe/London",
    "Asia/Kathmandu",
]
OFFSETS = {zone: offsets(zone, FIRST, LAST) for zone in ZONES}


def wall(zone: str, moment: datetime) -> datetime:
    """Local wall time by the offset in force."""
    changes = [at for at, _ in OFFSETS[zone][1:] if at is not None]
    plain = moment.replace(tzinfo=None)
    return plain + timedelta(seconds=OFFSETS[zone][bisect_right(changes, plain)][1])


@pytest.mark.parametrize("zone", ZONES)
@given(MOMENTS)
def test_the_offset_in_force_gives_the_wall_time(zone: str, moment: datetime) -> None:
    assert wall(zone, moment) == moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize("zone", ZONES)
def test_the_offset_changes_at_the_very_second(zone: str) -> None:
    for at, _ in OFFSETS[zone][1:]:
        assert at is not None
        for moment in (at - timedelta(seconds=1), at):
            told = moment.replace(tzinfo=UTC)
            assert wall(zone, told) == told.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
