from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from shinro.analysis.evidence import (
    FEWEST_CHANGES,
    LEAST_WEEKS,
    LONGEST,
    Tried,
    corrected,
    evidence,
    judged,
    longest_lag,
    power,
    tried,
)
from shinro.analysis.evidence_controls import controls, harmonic, per_working_day, trend, without_events
from shinro.analysis.evidence_fits import added, clark_west, complete, forecasts, lagged, order
from shinro.analysis.evidence_lead import Ahead, ahead, out_of_sample, together
from shinro.findings.evidence import Because, Verdict

Levels = list[float | None]
WEEKS = 104


def noise(seed: int, weeks: int = WEEKS) -> list[float]:
    chance = random.Random(seed)  # noqa: S311 - numbers for a test
    return [chance.gauss(0, 1) for _ in range(weeks)]


def late(values: Sequence[float], weeks: int, more: Sequence[float], weight: float = 1) -> list[float]:
    return [weight * before + own for before, own in zip([0.0] * weeks + list(values), more, strict=False)]


X, Y = noise(1), late(noise(1), 3, noise(2))


def test_what_moves_first_leads_by_its_weeks_and_its_sign() -> None:
    found = evidence(X, Y)
    assert (found.verdict, found.lag, found.sign, found.weeks) == (Verdict.LEADS, 3, 1, WEEKS)
    assert found.p is not None
    assert found.q == found.p < 0.01
    assert found.gain is not None
    assert 0.2 < found.gain < 0.8
    mirrored = evidence(X, [-y for y in Y])
    assert (mirrored.verdict, mirrored.lag, mirrored.sign) == (Verdict.LEADS, 3, -1)


def test_what_moves_later_follows() -> None:
    found = evidence(Y, X)
    assert (found.verdict, found.lag, found.sign) == (Verdict.FOLLOWS, 3, 1)


def test_what_shares_its_weeks_moves_with() -> None:
    shared = noise(3)
    found = evidence(late(noise(4), 0, shared), late(noise(5), 0, shared))
    assert (found.verdict, found.lag, found.sign) == (Verdict.MOVES_WITH, 0, 1)


def test_each_ahead_of_the_other_moves_with() -> None:
    both = Ahead(1, 1, 0.001, 0.2, 0.001)
    (found,) = judged([Tried(WEEKS, both, both)])
    assert (found.verdict, found.p) == (Verdict.MOVES_WITH, 0.002)


def test_strangers_show_no_sign_in_many_weeks_and_nothing_can_be_told_in_few() -> None:
    assert evidence(noise(6), noise(7)).verdict is Verdict.NO_SIGN
    few = evidence(noise(6, 40), noise(20, 40))
    assert (few.verdict, few.because, few.weeks) == (Verdict.CANNOT_TELL, Because.SHORT, 40)
    assert few.power == power(40) < 0.5


@pytest.mark.parametrize("weeks", [0, 1, 2, LEAST_WEEKS - 1])
def test_below_half_a_year_nothing_is_tried(weeks: int) -> None:
    found = evidence(noise(1, weeks), noise(2, weeks))
    assert (found.verdict, found.because, found.weeks, found.p) == (Verdict.CANNOT_TELL, Because.SHORT, weeks, None)


def still(weeks: int) -> Levels:
    return [5.0] * weeks


def rare(weeks: int) -> Levels:
    return [float(week % 19 == 0) for week in range(weeks)]


def nothing(weeks: int) -> Levels:
    return [0.0] * weeks


@pytest.mark.parametrize(("made", "because"), [(still, "still"), (rare, "still"), (nothing, "still")])
def test_what_hardly_ever_changes_tells_nothing(made: Callable[[int], Levels], because: str) -> None:
    found = evidence(made(WEEKS), X)
    assert (found.verdict, found.because) == (Verdict.CANNOT_TELL, Because(because))
    assert FEWEST_CHANGES > WEEKS // 19 * 2


@pytest.mark.parametrize(("weight", "sign"), [(1, 1), (3, 1), (-2, -1)])
def test_one_number_in_two_units_moves_with_itself(weight: float, sign: int) -> None:
    found = evidence(X, [weight * x + 7 for x in X])
    assert (found.verdict, found.because, found.sign) == (Verdict.MOVES_WITH, Because.SAME, sign)
    assert (found.p, found.q) == (None, None)  # nothing was tested


def test_a_copy_that_comes_later_is_led_without_a_rest() -> None:
    found = evidence(X[2:], X[:-2])
    assert (found.verdict, found.lag) == (Verdict.LEADS, 2)
    assert found.gain is not None
    assert found.gain > 0.99


def test_weeks_that_are_unknown_are_left_out() -> None:
    holes: Levels = [None if week % 23 == 5 else x for week, x in enumerate(X)]
    found = evidence(holes, Y)
    assert found.weeks == sum(x is not None for x in holes)
    assert (found.verdict, found.lag) == (Verdict.LEADS, 3)
    torn: Levels = [x if week % 2 else None for week, x in enumerate(X)]
    assert evidence(torn, Y).because is Because.SHORT


def test_a_series_begins_with_its_first_number() -> None:
    assert evidence([0.0] * 40 + X[40:], Y).weeks == WEEKS - 40


def test_a_shared_season_is_not_a_lead() -> None:
    for period in (365.2425 / 7, 13, 365.2425 / 84):
        wave = [3 * np.sin(2 * np.pi * week / period) for week in range(WEEKS)]
        later = [3 * np.sin(2 * np.pi * (week - 2) / period) for week in range(WEEKS)]
        assert evidence(late(noise(8), 0, wave), late(noise(9), 0, later)).verdict is not Verdict.LEADS, period


def test_one_step_and_one_burst_in_both_are_anecdotes() -> None:
    x, y = noise(10), noise(11)
    step = evidence(
        [v + 5 * (week >= 50) for week, v in enumerate(x)], [v + 5 * (week >= 52) for week, v in enumerate(y)]
    )
    burst = evidence(
        [v + 9 * (week in (50, 51)) for week, v in enumerate(x)],
        [v + 9 * (week in (52, 53)) for week, v in enumerate(y)],
    )
    assert Verdict.LEADS not in (step.verdict, burst.verdict)


def test_holidays_in_both_are_taken_out() -> None:
    days = [5 - (week % 9 == 0) - 2 * (week % 17 == 3) for week in range(WEEKS)]
    x, y = ([10 * d + v for d, v in zip(days, own, strict=True)] for own in (noise(12), noise(13)))
    assert evidence(x, y).verdict is Verdict.MOVES_WITH
    assert evidence(x, y, days).verdict is Verdict.NO_SIGN
    assert evidence([10.0 * d for d in days], y, days).because is Because.STILL


def test_working_days_are_measured_on_changes() -> None:
    days = np.array([5.0, 4, 5, 3, 5, 5])
    assert per_working_day(7 * days, days) == pytest.approx([35.0] * 6)
    assert per_working_day(days, np.full(6, 5.0)) == pytest.approx(days)


def test_q_is_that_of_benjamini_and_hochberg() -> None:
    assert corrected([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.02, 0.04, 0.04, 0.02])
    assert corrected([0.9, 0.5]) == [0.9, 0.9]
    assert corrected([]) == []


def test_many_tries_make_one_p_doubtful() -> None:
    one = Tried(WEEKS, Ahead(2, 1, 0.02, 0.1, 0.03), Ahead(1, 1, 0.9, 0, 0.9))
    other = Tried(WEEKS, Ahead(1, 1, 0.9, 0, 0.9), Ahead(1, 1, 0.9, 0, 0.9))
    assert judged([one])[0].verdict is Verdict.LEADS
    assert judged([one, *[other] * 9])[0].verdict is Verdict.NO_SIGN


def test_the_way_back_forbids_a_lead() -> None:
    (found,) = judged([Tried(WEEKS, Ahead(2, 1, 0.001, 0.1, 0.001), Ahead(1, 1, 0.02, 0, 0.9), (0.0, 1.0))])
    assert found.verdict is Verdict.MOVES_WITH


def test_power_is_read_between_what_was_measured() -> None:
    assert power(0) == 0
    assert power(26) < power(39) < power(52) < 0.5 < power(78) < power(104) < power(1000) < 1


def test_a_believed_lag_is_looked_for() -> None:
    assert [longest_lag(weeks) for weeks in (26, 52, 104, 300)] == [2, 4, 8, LONGEST]
    assert [longest_lag(weeks, 12) for weeks in (26, 104, 300)] == [4, 13, 13]
    far = late(noise(1), 12, noise(2))
    assert evidence(X, far, lag=12).lag == 12
    assert evidence(X, far).verdict is not Verdict.LEADS


def test_f_is_that_of_least_squares_by_hand() -> None:
    chance = np.random.default_rng(0)
    below = np.column_stack([np.ones(30), chance.standard_normal(30)])
    above = chance.standard_normal((30, 2))
    values = below @ [1, 2] + 0.5 * above[:, 0] + chance.standard_normal(30)
    both = np.column_stack([below, above])
    rests = [values - columns @ np.linalg.inv(columns.T @ columns) @ columns.T @ values for columns in (below, both)]
    squares = [float(rest @ rest) for rest in rests]
    found = added(values, below, above)
    assert found.f == pytest.approx((squares[0] - squares[1]) / 2 / (squares[1] / 26))
    assert found.weights == pytest.approx((np.linalg.inv(both.T @ both) @ both.T @ values)[2:])


def test_p_of_f_is_the_tabulated_one() -> None:
    """F(1, 10) = 4.965 is the 5 % point of every table; t(10) = 2.228 its root."""
    values = np.concatenate([np.ones(6), -np.ones(6)])
    rest = np.tile([1.0, -1.0], 6)
    rest *= (10 * 12 / 4.9646 / 12) ** 0.5
    found = added(values + rest, np.ones((12, 1)), values[:, None])
    assert found.f == pytest.approx(4.9646)
    assert found.p == pytest.approx(0.05, abs=1e-4)


def test_a_column_that_says_nothing_new_adds_nothing() -> None:
    one, values = np.ones((20, 1)), np.array(noise(1, 20))
    assert added(values, one, 3 * one)[:2] == (0.0, 1.0)
    assert added(np.ones(20), one, values[:, None])[:2] == (0.0, 1.0)


def test_clark_west_on_four_forecasts_by_hand() -> None:
    """f = 2 (y - a)(b - a): 2, 4, -2, 8; mean 3, sd sqrt(52/3), t = 3 / (sd / 2) = 1.441."""
    actual = np.array([1.0, 2.0, 1.0, 2.0])
    small, large = np.zeros(4), np.array([1.0, 1.0, -1.0, 2.0])
    f = (actual - small) ** 2 - ((actual - large) ** 2 - (small - large) ** 2)
    assert f.tolist() == [2, 4, -2, 8]
    t, p = clark_west(actual, small, large)
    assert t == pytest.approx(3 / ((52 / 3) ** 0.5 / 2))
    assert p == pytest.approx(0.1226, abs=1e-3)  # Student's, 3 degrees of freedom
    assert clark_west(actual, small, small) == (0.0, 0.5)


def test_forecasts_know_the_weeks_before_alone() -> None:
    chance = np.random.default_rng(1)
    columns = np.column_stack([np.ones(40), chance.standard_normal((40, 2))])
    values = columns @ [1, 2, 3] + chance.standard_normal(40)
    made, left = forecasts(columns, values, 25)
    for row, (one, rest) in enumerate(zip(made, left, strict=True), 25):
        weights = np.linalg.lstsq(columns[:row], values[:row])[0]
        assert one == pytest.approx(columns[row] @ weights, rel=1e-5)
        assert rest == pytest.approx(((values[:row] - columns[:row] @ weights) ** 2).sum(), rel=1e-5)


def test_too_few_forecasts_gain_nothing() -> None:
    assert out_of_sample(np.array(noise(1, 16)), np.ones((16, 1)), np.ones((16, 1))) == (0.0, 1.0)


def test_lags_look_back() -> None:
    found = lagged(np.array([1.0, 2, 3]), range(1, 3))
    assert np.isnan(found).tolist() == [[True, True], [False, True], [False, False]]
    assert found[2].tolist() == [2, 1]
    assert complete(found).tolist() == [False, False, True]


def test_own_lags_are_counted() -> None:
    values = [0.0, 0.0]
    for shock in noise(14, 200):
        values.append(0.2 * values[-1] + 0.6 * values[-2] + shock)
    assert order(np.array(values), trend(202)) == 2
    assert order(np.array(noise(1, 5)), trend(5)) == 1


def test_controls_hold_what_either_series_shows() -> None:
    plain, wavy = np.array(noise(15)), np.array(noise(16)) + 3 * harmonic(WEEKS, 4)[:, 0]
    assert controls(plain).shape == (WEEKS, 2)
    assert controls(plain, wavy).shape == controls(wavy, plain).shape == (WEEKS, 4)
    stepped = plain + 6 * (np.arange(WEEKS) >= 60)
    assert controls(stepped)[:, 2].tolist() == [float(week >= 60) for week in range(WEEKS)]


def test_single_events_are_put_to_what_was_foretold() -> None:
    plain = np.array(noise(17))
    odd = plain.copy()
    odd[40] += 50
    cleaned = without_events(odd)
    assert np.flatnonzero(cleaned != odd).tolist() == [40]
    assert abs(cleaned[40]) < 2
    often = np.where(np.arange(WEEKS) % 10 == 0, 50, plain)
    assert without_events(often).tolist() == often.tolist()


def test_too_few_rows_tell_nothing() -> None:
    short = np.array(noise(1, 20))
    assert ahead(short, short, trend(20), 4) is None
    assert together(short, short[::-1].copy(), np.ones((20, 6))) == (0.0, 1.0)
    assert together(np.zeros(WEEKS), np.array(X), trend(WEEKS)) == (0.0, 1.0)


def test_the_tests_are_deterministic() -> None:
    assert tried(X, Y) == tried(list(X), list(Y))


def test_a_line_shows_nothing_beside_itself() -> None:
    assert controls(np.arange(float(WEEKS))).shape == (WEEKS, 2)


def test_all_that_may_be_held_can_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shinro.analysis.evidence_controls._candidates", lambda _: {("wave", 4): 0.1})
    assert controls(np.array(noise(16)) + 3 * harmonic(WEEKS, 4)[:, 0]).shape == (WEEKS, 4)
