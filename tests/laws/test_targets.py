from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shinro.analysis.compare import compare
from shinro.analysis.courses import Course, Knot, Shape
from shinro.definitions.paths import progress
from shinro.periods import Calendar, Grain, Period
from shinro.reports.numbers import rounded
from shinro.series import Better, State

START = date(2026, 4, 1)
numbers = st.fractions(-1000, 1000, max_denominator=100)
days = st.integers(0, 500).map(lambda n: START + timedelta(days=n))
calendars = st.builds(
    Calendar,
    week_starts=st.integers(0, 6),
    fiscal_starts=st.integers(1, 12),
    days_off=st.frozensets(days, max_size=40),
)


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """A course that begins on the first of April."""
    later = draw(st.lists(st.integers(1, 400), unique=True, max_size=4).map(sorted))
    knots = [Knot(START + timedelta(days=n), draw(numbers)) for n in (0, *later)]
    shape, per = draw(st.sampled_from(Shape)), draw(st.sampled_from(Grain))
    return Course(tuple(knots), draw(calendars), shape, per)


@given(courses(), days, st.sampled_from([Grain.MONTH, Grain.QUARTER]))
def test_the_targets_of_parts_add_up_to_the_target_of_the_whole(course: Course, day: date, grain: Grain) -> None:
    whole = course.calendar.period(day, grain)
    cuts = [
        cut for week in course.calendar.periods(whole.start, whole.last, Grain.WEEK) if (cut := _within(week, whole))
    ]
    targets = [course.target(cut) for cut in cuts]
    if whole.start < START:
        assert course.target(whole) is None
    else:
        assert sum((target for target in targets if target is not None), Fraction(0)) == course.target(whole)


def _within(week: Period, whole: Period) -> Period | None:
    start, end = max(week.start, whole.start), min(week.end, whole.end)
    return Period(start, end) if start < end else None


@given(courses(), days)
def test_a_constant_level_is_the_target_of_its_own_period_by_a_weeks_five_working_days(
    course: Course, day: date
) -> None:
    flat = Course((Knot(date.min, course.knots[0].level),), course.calendar, Shape.STEPS, course.per)
    period = flat.calendar.period(day, course.per or Grain.DAY)
    works = flat.calendar.working_days(period.start, period.end)
    shares = {Grain.DAY: Fraction(works), Grain.WEEK: Fraction(works, 5)}
    share = shares.get(course.per or Grain.MONTH, Fraction(1))
    assert flat.target(period) == course.knots[0].level * share


@given(courses(), days, st.sampled_from(Grain))
def test_what_is_due_on_the_last_day_is_the_target(course: Course, day: date, grain: Grain) -> None:
    period = course.calendar.period(day, grain)
    assert course.due(period, period.last) == course.target(period)
    assert course.due(period, period.end) == course.target(period)


@given(courses(), days)
def test_a_line_stays_between_its_knots(course: Course, day: date) -> None:
    found = course.level(day)
    levels = [knot.level for knot in course.knots]
    assert found is not None
    assert min(levels) <= found <= max(levels)


@given(numbers, numbers)
def test_turning_the_direction_round_swaps_ahead_and_behind(value: Fraction, target: Fraction) -> None:
    swapped = {State.AHEAD: State.BEHIND, State.BEHIND: State.AHEAD, State.ON_COURSE: State.ON_COURSE}
    assert compare(value, target, Better.LOWER) is swapped[compare(value, target, Better.HIGHER)]


@given(numbers, numbers)
def test_mirrored_numbers_read_the_same_the_other_way(value: Fraction, target: Fraction) -> None:
    assert compare(value, target, Better.HIGHER) is compare(-value, -target, Better.LOWER)


@given(numbers, numbers, numbers)
def test_progress_leads_back_to_where_we_are(start: Fraction, goal: Fraction, now: Fraction) -> None:
    share = progress(start, goal, now)
    assert share is None if start == goal else start + (goal - start) * (share or 0) == now


@given(st.fractions(), st.integers(0, 4))
def test_rounding_moves_at_most_half_a_unit(value: Fraction, places: int) -> None:
    found = rounded(value, places)
    assert abs(found - value) <= Fraction(1, 2 * 10**places)
    assert rounded(-value, places) == -found
