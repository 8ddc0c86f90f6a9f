"""Oddities of a past: each is handled and said, and a past without any is left as it is."""

from __future__ import annotations

import numpy as np
import pytest

from shinro.analysis.forecast import Kind
from shinro.analysis.forecast_made import World
from shinro.analysis.forecast_past import Past, drawn, oddities, past
from shinro.analysis.forecast_tree import streams

CALM = [100.0, 104, 97, 101, 99, 103, 98, 102, 100, 96, 103, 101, 99, 102]


def told(values: list[float | None], kind: Kind = Kind.AMOUNT) -> dict[str, object]:
    found = past(values, kind)
    assert found
    return {word: dict(args) for word, args in found.told}


def test_a_calm_past_is_left_as_it_is() -> None:
    found = past(CALM, Kind.AMOUNT)
    assert found
    assert found.values.tolist() == CALM
    assert found.told == ()


def test_fewer_than_eight_points_are_no_past() -> None:
    assert past([1.0] * 7 + [None] * 3, Kind.COUNT) is None


def test_gaps_are_filled_on_the_line_between_their_neighbours() -> None:
    found = past([*CALM[:5], None, None, 111.0, *CALM[8:]], Kind.AMOUNT)
    assert found
    assert found.values[5:7].tolist() == [103, 107]
    assert dict(found.told)["gaps"] == {"n": 2}


@pytest.mark.parametrize(("every", "inside"), [(1, 0.74), (2, 0.72)])
def test_a_past_of_which_half_is_filled_is_forecast_no_surer_than_a_whole_one(every: int, inside: float) -> None:
    """Random walks of 25 points, known every period or every other one; how many values lie in the range of 8 in 10."""
    held = []
    for n in range(150):
        course = 1000 + np.random.default_rng(n).normal(0, 20, 31).cumsum()
        known = [None if at % every else float(value) for at, value in enumerate(course[:25])]
        found = past(known, Kind.AMOUNT)
        assert found
        assert (found.widen > 1) == (every > 1)
        low, high = np.quantile(drawn(found, 6, np.random.default_rng(n), 400), [0.1, 0.9], axis=0)
        held.append(((low <= course[25:]) & (course[25:] <= high)).mean())
    assert inside < float(np.mean(held)) < inside + 0.1


def test_a_gap_before_a_level_that_was_left_for_good_widens_nothing() -> None:
    found = past([*CALM[:5], None, *CALM[6:], *(value + 200 for value in CALM[:10])], Kind.AMOUNT)
    assert found
    assert (found.values.size, found.widen) == (10, 1)


def test_what_was_never_counted_where_it_was_known_is_less_known_where_it_was_filled() -> None:
    whole, half = past([0] * 25, Kind.COUNT), past([0, None] * 12 + [0], Kind.COUNT)
    assert whole
    assert half
    some = [float((drawn(each, 12, np.random.default_rng(0)).sum(1) > 0).mean()) for each in (whole, half)]
    assert some[0] + 0.05 < some[1]


def test_periods_that_are_not_known_yet_are_counted() -> None:
    found = past([*CALM, None, None], Kind.AMOUNT)
    assert found
    assert (found.behind, found.values.size) == (2, 14)


def test_zeros_before_the_first_count_are_left_out() -> None:
    assert told([0.0, 0.0, 0.0, *CALM]) == {"leading": {"n": 3}}
    found = past([0.0] * 9 + [5.0] * 3, Kind.COUNT)
    assert found
    assert found.values.size == 12  # too little would be left


@pytest.mark.parametrize(("after", "word"), [(10, "shift"), (5, "shift_late")])
def test_what_came_before_a_level_was_left_for_good_is_forgotten_where_enough_follows(after: int, word: str) -> None:
    found = past([*CALM, *(value + 200 for value in CALM[:after])], Kind.AMOUNT)
    assert found
    assert dict(found.told) == {word: {"n": after}}
    assert found.values.size == (after if word == "shift" else 14 + after)


def test_a_trend_is_no_shift_however_steady() -> None:
    assert told([float(20 + 10 * n) for n in range(14)]) == {}


def test_what_repeats_is_no_shift() -> None:
    assert told([0.015, 0.01, 0.02] * 6, Kind.SHARE) == {}
    assert told([4.0, 5.0, 6.0] * 5, Kind.COUNT) == {}


def test_bursts_are_set_to_their_neighbours_and_drawn_as_often_as_they_came() -> None:
    values = [*CALM, *CALM]
    values[9] = 400.0
    found = past(values, Kind.AMOUNT)
    assert found
    assert dict(found.told) == {"bursts": {"n": 1}}
    assert found.values.max() < 110
    onward = drawn(found, 12, np.random.default_rng(0), 500)
    assert 0.01 < float((onward > 250).mean()) < 0.08


@pytest.mark.parametrize(
    ("usual", "odd", "kind", "told_so"),
    [
        (10.0, 100.0, Kind.COUNT, True),
        (1000.0, 9000.0, Kind.AMOUNT, True),
        (2.0, 57.0, Kind.COUNT, True),
        (1.0, 0.0, Kind.COUNT, True),
        (10.0, 14.0, Kind.COUNT, False),
        (0.0, 5.0, Kind.COUNT, False),  # nothing says how often something comes but that it came
    ],
)
def test_a_past_that_is_always_the_same_but_once_has_a_burst(
    usual: float, odd: float, kind: Kind, *, told_so: bool
) -> None:
    found = past([usual] * 15 + [odd] + [usual] * 14, kind)
    assert found
    assert ("bursts" in dict(found.told)) is told_so
    if told_so:
        onward = drawn(found, 12, np.random.default_rng(0))
        assert np.allclose(np.quantile(onward, [0.1, 0.9]), usual, rtol=0.001)
        assert 0.02 < float((np.abs(onward - odd) < np.abs(onward - usual)).mean()) < 0.05


def test_a_burst_in_the_last_period_but_one_is_none_of_the_level() -> None:
    found = past([*CALM[:-1], 400.0, 101.0], Kind.AMOUNT)
    assert found
    assert dict(found.told) == {"bursts": {"n": 1}}
    onward = drawn(found, 6, np.random.default_rng(0), 1000)
    assert 95 < float(np.median(onward)) < 110
    assert float(np.quantile(onward[:, -1], 0.975)) < 700


def test_a_last_period_far_out_is_a_burst_on_most_paths_and_a_new_level_on_some() -> None:
    found = past([*CALM, 400.0], Kind.AMOUNT)
    assert found
    assert dict(found.told) == {"burst_last": {}}
    onward = drawn(found, 6, np.random.default_rng(0), 1000)
    assert 95 < float(np.median(onward)) < 130
    assert 0.2 < float((onward[:, 0] > 250).mean()) < 0.5
    assert float(np.quantile(onward[:, -1], 0.975)) < 700


def test_a_level_that_has_shifted_for_two_periods_is_no_burst() -> None:
    assert told([*CALM, 400.0, 390.0]) == {}


def test_what_comes_every_season_is_no_burst() -> None:
    found = past([*CALM[:11], 400.0, *CALM[:11], 410.0], Kind.AMOUNT, length=12)
    assert found
    assert found.told == ()


def test_oddities_are_told_by_metric() -> None:
    found = past([0.0, *CALM], Kind.COUNT)
    assert found
    assert list(oddities({"calls": found})) == [("calls", "leading", {"n": 1})]


def test_a_past_below_nothing_has_no_bound() -> None:
    found = past([value - 100 for value in CALM], Kind.NUMBER)
    assert found
    assert drawn(found, 6, np.random.default_rng(0), 300).min() < 0


def test_a_count_that_never_came_may_still_come() -> None:
    found = past([0.0] * 12, Kind.COUNT)
    assert found
    onward = drawn(found, 12, np.random.default_rng(0), 2000)
    assert 0 < float(onward.mean()) < 0.2
    still = past([0.0] * 12, Kind.AMOUNT)
    assert still
    assert drawn(still, 3, np.random.default_rng(0), 10).max() == 0


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_that_was_always_none_or_all_stays_so(value: float) -> None:
    found = past([value] * 15, Kind.SHARE)
    assert found
    assert (drawn(found, 6, np.random.default_rng(0), 200) == value).all()


def test_a_share_that_is_often_none_is_none_as_often() -> None:
    found = past([0.0, 0.01, 0.0, 0.0, 0.02, 0.0, 0.015, 0.012] * 3, Kind.SHARE)
    assert found
    onward = drawn(found, 6, np.random.default_rng(0), 1000)
    assert found.told == ()
    assert 0.4 < float((onward == 0).mean()) < 0.6
    assert 0.005 < float(np.median(onward[onward > 0])) < 0.03
    assert float(np.quantile(onward[:, 0], 0.1)) == 0


def test_a_share_that_was_none_before_it_began_hardly_returns_there() -> None:
    found = past([0.0] * 8 + [0.05, 0.06, 0.055, 0.05, 0.052, 0.058] * 2, Kind.SHARE)
    assert found
    assert float((drawn(found, 6, np.random.default_rng(0), 1000) == 0).mean()) < 0.15


def test_a_share_of_amounts_that_is_none_in_some_months_may_be_none() -> None:
    over, base = np.where(np.arange(24) % 2, 30.5, 0.0), np.full(24, 1000.5)
    found = streams(World({"lost": Past(over / base, Kind.SHARE, over, base)}, steps=4, draws=500), ["lost"])["lost"]
    assert 0.2 < float((found.value == 0).mean()) < 0.8
    assert 0.012 < float(found.value.mean()) < 0.018


def test_the_base_of_a_ratio_is_forecast_from_what_is_known_of_it_and_no_hole_is_taken_for_0() -> None:
    bases = [200.0 + n * 7 % 11 for n in range(30)]

    def made(hole: tuple[float, float] | None) -> Past:
        parts = [hole if n % 3 == 2 and n < 29 else (base * 3, base) for n, base in enumerate(bases)]
        found = past([part[0] / part[1] if part and part[1] else None for part in parts], Kind.AMOUNT, parts)
        assert found
        return found

    gaps, zeros = made(None), made((0.0, 0.0))
    assert gaps.below
    assert zeros.below
    assert zeros.base is not None
    base = streams(World({"each": gaps}, steps=4, draws=500), ["each"])["each"].base
    assert base is not None
    assert 150 < np.quantile(base, 0.05) < np.quantile(base, 0.95) < 260
    assert gaps.below.widen > 1
    assert (zeros.below.widen, zeros.below.values.tolist()) == (1, zeros.base.tolist())
