"""Whether a curve flattens: made-up curves that do, that do not, and that are too short or too small to say."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shinro.analysis.flattening import LOSES, Shape, flattening
from shinro.cohorts import Cohort, Curve
from shinro.periods import Grain, Period

MONDAY = date(2026, 1, 5)


def curve(shares: Sequence[float], size: int, cohorts: int = 1, unit: Grain = Grain.WEEK) -> Curve:
    """Cohorts of one size that keep the same shares, all mature at the last bucket."""
    kept = tuple(round(size * share) for share in (1, *shares))
    weeks = [Period(MONDAY + timedelta(7 * n), MONDAY + timedelta(7 * n + 7)) for n in range(cohorts)]
    made = tuple(Cohort(week, kept, len(kept)) for week in weeks)
    return Curve("kept", unit, len(kept) - 1, made, date(2026, 12, 31))


FLAT = (0.6, 0.45, 0.38, 0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.35)
DYING = tuple(0.8**n for n in range(1, 13))
NO_FLOOR = tuple(0.5 / n**0.7 for n in range(1, 13))  # a power law: it slows down and never rests


def test_a_curve_that_comes_to_rest_flattens_at_its_level_from_its_bucket() -> None:
    found = flattening(curve(FLAT, 200, 5))
    assert (found.shape, found.start, found.end) == (Shape.FLATTENS, 4, 12)
    assert found.level == Fraction(35, 100)
    assert found.loses[0] == 0
    assert found.loses[1] <= found.limit == LOSES[Grain.WEEK]
    assert found.size == 1000


def test_a_curve_that_rises_again_flattens_too() -> None:
    smile = (*FLAT[:6], 0.36, 0.38, 0.40, 0.42, 0.44, 0.46)
    assert flattening(curve(smile, 400)).shape is Shape.FLATTENS


@pytest.mark.parametrize("shares", [DYING, NO_FLOOR])
def test_a_curve_that_does_not_flatten_is_said_to_fall(shares: Sequence[float]) -> None:
    found = flattening(curve(shares, 2000, 4))
    assert found.shape is Shape.FALLS
    assert found.loses[0] > found.limit
    assert (found.start, found.end, found.level) == (6, 12, None)


@pytest.mark.parametrize(("shares", "since"), [((0.5, 0.1, 0, 0, 0, 0, 0), 3), ((0, 0, 0, 0, 0), 1)])
def test_where_nobody_is_left_it_is_told_since_when(shares: Sequence[float], since: int) -> None:
    found = flattening(curve(shares, 200))
    assert (found.shape, found.start, found.end, found.size) == (Shape.GONE, since, len(shares), 200)


def test_where_the_last_left_of_late_the_curve_falls() -> None:
    found = flattening(curve((0.5, 0.3, 0.2, 0.1, 0, 0, 0), 200))
    assert (found.shape, found.start) == (Shape.FALLS, 3)
    assert found.loses[0] > found.limit


def test_of_nobody_no_share_is_lost() -> None:
    """Everybody is back in every second week: the later half starts where nobody is."""
    found = flattening(curve((0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0), 200))
    assert (found.shape, found.loses) == (Shape.UNSURE, (Fraction(0), Fraction(1)))


@pytest.mark.parametrize("shown", [1, 3, 4, 12])
def test_how_many_buckets_are_shown_changes_nothing(shown: int) -> None:
    whole = curve(FLAT, 200, 5)
    assert flattening(replace(whole, last=shown, judged=12)) == flattening(whole)
    assert {len(each.kept) for each in replace(whole, last=shown, judged=12).shown} == {shown + 1}


def test_a_cliff_within_a_rest_is_no_rest_and_one_before_it_is_left_out() -> None:
    step = (0.5, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3)
    found = flattening(curve(step, 1000))
    assert (found.shape, found.start, found.level) == (Shape.FLATTENS, 5, Fraction(3, 10))
    assert flattening(curve((*(0.5,) * 10, 0.4, 0.3), 1000)).shape is Shape.FALLS


@pytest.mark.parametrize(("shares", "size"), [(FLAT[:3], 5000), (FLAT, 29), ((), 100)])
def test_too_few_buckets_or_entities_are_not_looked_at(shares: Sequence[float], size: int) -> None:
    assert flattening(curve(shares, size)).shape is Shape.FEW


def test_a_small_curve_cannot_be_told() -> None:
    found = flattening(curve((0.6, 0.5, 0.45, 0.42, 0.4), 40))
    assert found.shape is Shape.UNSURE
    assert found.loses[0] <= found.limit < found.loses[1]


def test_a_rest_that_a_few_old_entities_do_not_deny_still_counts() -> None:
    young = curve(FLAT[:10], 3000)
    old = curve((*FLAT[:10], 0.34, 0.33), 30)
    both = replace(old, cohorts=(*old.cohorts, *young.cohorts))
    found = flattening(both)
    assert (found.shape, found.start, found.end) == (Shape.FLATTENS, 4, 10)


def test_no_cohorts_are_too_few() -> None:
    assert flattening(replace(curve(FLAT, 100), cohorts=())).shape is Shape.FEW


def test_on_or_after_is_not_judged() -> None:
    assert flattening(replace(curve(FLAT, 200, 5), ever=True)).shape is Shape.OPEN


def test_a_month_may_lose_more_than_a_week_and_a_week_more_than_a_day() -> None:
    slow = tuple(0.5 * 0.975**n for n in range(12))
    shapes = [flattening(curve(slow, 20_000, 1, unit)).shape for unit in (Grain.DAY, Grain.WEEK, Grain.MONTH)]
    assert shapes == [Shape.FALLS, Shape.FLATTENS, Shape.FLATTENS]


def test_young_cohorts_are_looked_at_no_further_than_they_are_mature() -> None:
    old = curve(FLAT, 1000)
    (first,) = old.cohorts
    young = Cohort(Period(MONDAY + timedelta(84), MONDAY + timedelta(91)), (1000, 0), 1)
    assert flattening(replace(old, cohorts=(first, young))) == flattening(old)


@given(st.lists(st.floats(0, 1), max_size=14), st.integers(0, 3000), st.sampled_from(list(LOSES)))
def test_every_curve_has_a_verdict_whose_bounds_are_in_order(shares: list[float], size: int, unit: Grain) -> None:
    found = flattening(curve(shares, size, 1, unit))
    low, high = found.loses
    assert 0 <= low <= high <= 1
    assert (found.level is None) == (found.shape is not Shape.FLATTENS)
    if found.shape is Shape.FLATTENS:
        assert found.end - found.start >= 3
        assert high <= found.limit
    if found.shape is Shape.FALLS:
        assert low > found.limit


def made_up(chance: random.Random, lasts: Callable[[], float], active: float, size: int = 100) -> Curve:
    """Eight weekly cohorts, each a week younger than the one before; everybody lasts so long, active in most weeks."""
    cohorts = []
    for young in range(8):
        kept = [size] + [0] * (12 - young)
        for _ in range(size):
            stay = lasts()
            for week in range(1, len(kept)):
                kept[week] += week <= stay and chance.random() < active
        start = MONDAY + timedelta(7 * young)
        cohorts.append(Cohort(Period(start, start + timedelta(7)), tuple(kept), len(kept)))
    return Curve("kept", Grain.WEEK, 12, tuple(cohorts), date(2026, 12, 31))


def test_of_made_up_curves_most_are_told_and_hardly_any_is_said_to_do_the_opposite() -> None:
    """Eight cohorts of 100: a third stays for good, or everybody may leave with 10 % a week. 40 curves each."""
    chance = random.Random(1)  # noqa: S311 - made-up data

    def rests() -> float:
        return 99 if chance.random() < 0.35 else chance.expovariate(0.7)

    def leaves() -> float:
        return float(int(chance.expovariate(0.105)))

    flat, falling = (
        Counter(flattening(made_up(chance, lasts, 0.8)).shape for _ in range(40)) for lasts in (rests, leaves)
    )
    assert max(flat[Shape.FALLS], falling[Shape.FLATTENS]) <= 2
    assert flat[Shape.FLATTENS] > 20
    assert falling[Shape.FALLS] > 20
