"""The effect on a series: against the dense normal distribution, its laws, and the cases that tell nothing."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import multivariate_normal, t

from shinro.analysis.effect import BELIEFS, LEAST_AFTER, LEAST_BEFORE, STEPS, Case, Outcome, effect
from shinro.analysis.effect_filter import Steps, filtered, fitted, foretold
from shinro.analysis.effect_mixture import Mixture

Array = NDArray[np.float64]


def noise(count: int, seed: int = 5) -> tuple[float, ...]:
    """A series that only shakes, about 100."""
    return tuple(float(value) for value in np.random.default_rng(seed).normal(100, 5, count))


def found(actual: Sequence[float | None], start: int, **more: object) -> Outcome:
    outcome = effect(Case(actual, start, **more))  # type: ignore[arg-type]
    assert outcome is not None
    return outcome


def dense(scale: Array, ratio: float, stay: float) -> Array:
    """The covariance of noise and a level, in units of the noise's variance; one that stays starts at 0."""
    when = np.arange(len(scale))
    one, other = when[:, None], when[None, :]
    level = np.minimum(one, other) if stay == 1 else stay ** np.abs(one - other) / (1 - stay**2)
    return np.asarray(np.diag(scale**2) + ratio * level, dtype=np.float64)


def steps(ratio: float, stay: float) -> Steps:
    return Steps(np.array([ratio]), np.array([stay]))


@pytest.mark.parametrize("stay", [1.0, 0.9, 0.3])
@pytest.mark.parametrize("ratio", [0.0, 0.01, 1.0, 30.0])
@pytest.mark.parametrize("gaps", [(), (0,), (3, 4, 11)])
def test_the_filter_is_the_dense_normal_distribution(ratio: float, stay: float, gaps: tuple[int, ...]) -> None:
    chance = np.random.default_rng(3)
    columns = np.column_stack([chance.normal(size=16), np.ones(16), chance.normal(size=16)])
    scale = chance.uniform(0.5, 2, 16)
    kept = [at for at in range(16) if at not in gaps]
    with_gaps = columns.copy()
    with_gaps[list(gaps), 0] = np.nan
    past = filtered(with_gaps, scale, steps(ratio, stay))
    covariance = dense(scale, ratio, stay)[np.ix_(kept, kept)]
    inverse, seen = np.linalg.inv(covariance), columns[kept]
    assert past.products[0] == pytest.approx(seen.T @ inverse @ seen)
    assert past.spread[0] == pytest.approx(np.linalg.slogdet(covariance)[1])
    theirs = multivariate_normal(np.zeros(len(kept)), covariance).logpdf(seen[:, 0])
    ours = -0.5 * (len(kept) * np.log(2 * np.pi) + past.spread[0] + past.products[0, 0, 0])
    assert ours == pytest.approx(theirs)


@pytest.mark.parametrize("stay", [1.0, 0.7])
def test_what_follows_is_the_conditional_normal_distribution(stay: float) -> None:
    chance = np.random.default_rng(4)
    columns = np.column_stack([chance.normal(size=20), np.ones(20), chance.normal(size=20)])
    scale, start, ratio = chance.uniform(0.5, 2, 20), 14, 0.3
    past = filtered(columns[:start], scale[:start], steps(ratio, stay))
    fit = fitted(past, (1, 2))
    ahead = foretold(past, fit, (1, 2), columns[start:], scale[start:])
    whole = dense(scale, ratio, stay)
    before, across = whole[:start, :start], whole[start:, :start]
    pull = across @ np.linalg.inv(before)
    design = columns[:, 1:]
    weights = np.linalg.inv(before)
    spread = np.linalg.inv(design[:start].T @ weights @ design[:start])
    beta = spread @ design[:start].T @ weights @ columns[:start, 0]
    path = design[start:] @ beta + pull @ (columns[:start, 0] - design[:start] @ beta)
    left = design[start:] - pull @ design[:start]
    doubt = whole[start:, start:] - pull @ across.T + left @ spread @ left.T
    assert fit.beta[0] == pytest.approx(beta)
    assert ahead.path[0] == pytest.approx(path)
    assert ahead.doubt[0] == pytest.approx(doubt)


def test_one_component_is_students_t_and_quantiles_undo_chances() -> None:
    one = Mixture(np.array([1.0]), np.array([3.0]), np.array([2.0]), np.array([7.0]))
    assert one.below(4.0) == pytest.approx(t.cdf(0.5, 7))
    assert one.quantile(0.975) == pytest.approx(3 + 2 * t.ppf(0.975, 7))
    two = Mixture(np.array([0.3, 0.7]), np.array([0.0, 5.0]), np.array([1.0, 3.0]), np.array([4.0, 9.0]))
    for share in (0.001, 0.2, 0.5, 0.9, 0.999):
        assert two.below(two.quantile(share)) == pytest.approx(share)
    assert two.mean == pytest.approx(3.5)


def test_a_still_level_alone_is_the_t_test_of_a_mean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shinro.analysis.effect.STEPS", steps(0.0, 1.0))
    monkeypatch.setattr("shinro.analysis.effect.BELIEFS", np.array([1.0]))
    monkeypatch.setattr("shinro.analysis.effect.ODDS", 1e-300)
    series = np.array(noise(52))
    before, after = series[:40], series[40:]
    width = t.ppf(0.975, 39) * before.std(ddof=1) * (1 / 40 + 1 / 12) ** 0.5
    mean = found(tuple(series), 40).estimate.mean
    assert mean.value == pytest.approx(after.mean() - before.mean())
    assert (mean.high - mean.low) / 2 == pytest.approx(width)


def test_an_effect_is_seen_in_the_series_unit_and_adds_up() -> None:
    series = list(noise(60))
    series[48:] = [value + 30 for value in series[48:]]
    seen = found(series, 48)
    estimate = seen.estimate
    assert estimate.mean.excludes_zero
    assert estimate.mean.value == pytest.approx(30, abs=4)
    assert estimate.total.value == pytest.approx(12 * estimate.mean.value)
    assert estimate.without == pytest.approx(100, abs=3)
    assert estimate.chance < 0.001
    assert estimate.detectable < 12
    paths = [each for each in seen.without if each]
    assert np.mean([each.value for each in paths]) == pytest.approx(estimate.without)
    assert all(each.low < each.value < each.high for each in paths)


def test_the_sign_flips_the_unit_scales_and_a_constant_leaves_an_effect() -> None:
    series = noise(60)
    first = found(series, 50).estimate
    other = found([-3 * value + 7 for value in series], 50).estimate
    assert other.mean.value == pytest.approx(-3 * first.mean.value, rel=1e-6)
    assert other.mean.low == pytest.approx(-3 * first.mean.high, rel=1e-6)
    assert other.chance == pytest.approx(first.chance, rel=1e-6)
    assert other.without == pytest.approx(-3 * first.without + 7)


def test_the_same_series_gives_the_same_digits() -> None:
    assert found(noise(60), 50) == found(noise(60), 50)


def test_a_gap_is_no_zero_and_its_counterfactual_is_not_told() -> None:
    series: list[float | None] = list(noise(60))
    series[10] = series[52] = None
    seen = found(series, 48)
    assert seen.without[4] is None
    assert sum(each is not None for each in seen.without) == 11
    assert seen.estimate.total.value == pytest.approx(11 * seen.estimate.mean.value)
    assert not seen.estimate.mean.excludes_zero


def test_what_would_have_been_stays_inside_its_ends_and_the_effect_with_it() -> None:
    chance = np.random.default_rng(2)
    series = [float(value) for value in chance.poisson(0.4, 60)]
    series[50:] = [3.0] * 10
    free, kept = found(series, 50), found(series, 50, ends=(0.0, inf))
    assert min(each.low for each in free.without if each) < 0
    assert min(each.low for each in kept.without if each) == 0
    assert kept.beyond == 0
    mean = kept.estimate.mean
    assert 3 - mean.high >= 0
    assert kept.estimate.without == pytest.approx(np.mean([each.value for each in kept.without if each]))
    assert kept.estimate.without + mean.value == pytest.approx(3)
    assert (mean.low, kept.estimate.chance) == (free.estimate.mean.low, free.estimate.chance)


@pytest.mark.parametrize(("slope", "ends", "beyond"), [(-0.7, (0.0, inf), -1), (0.0083, (0.0, 1.0), 1)])
def test_a_trend_that_leads_beyond_the_ends_is_said(slope: float, ends: tuple[float, float], beyond: int) -> None:
    chance, size = np.random.default_rng(21), abs(slope)
    first = 60.0 if beyond < 0 else 0.3
    series = np.clip(first + slope * np.arange(100) + chance.normal(0, size, 100), *ends)
    assert found(tuple(series), 84, ends=ends).beyond == beyond
    assert found(tuple(series), 84).beyond == 0
    assert found(tuple(series[:60]), 48, ends=ends).beyond == 0


@pytest.mark.parametrize("level", [0.0, 3.0, 1e12])
def test_a_series_that_did_not_move_before_tells_nothing(level: float) -> None:
    assert effect(Case([level] * 40 + [level + 1] * 10, 40)) is None


def test_too_little_before_or_after_tells_nothing() -> None:
    series = noise(60)
    assert effect(Case(series[: LEAST_BEFORE - 1 + 8], LEAST_BEFORE - 1)) is None
    assert effect(Case(series[: 40 + LEAST_AFTER - 1], 40)) is None
    assert effect(Case([None] * 60, 40)) is None
    assert effect(Case(series[: LEAST_BEFORE + LEAST_AFTER], LEAST_BEFORE)) is not None


def test_a_control_that_moved_along_takes_away_what_both_share() -> None:
    chance = np.random.default_rng(8)
    walk = np.cumsum(chance.normal(0, 2, 72))
    own, other = walk + chance.normal(0, 1, 72), 4 * walk + 50 + chance.normal(0, 1, 72)
    alone, held = found(tuple(own), 60).estimate, found(tuple(own), 60, controls=(tuple(other),)).estimate
    assert held.detectable < alone.detectable / 2
    assert not held.mean.excludes_zero


def test_a_control_that_never_moved_is_left_out() -> None:
    series = noise(60)
    assert found(series, 50, controls=((3.0,) * 60,)) == found(series, 50)


def test_a_twin_is_taken_away_one_for_one_and_put_back() -> None:
    chance = np.random.default_rng(9)
    shared = np.where((np.arange(60) > 52) & (np.arange(60) < 56), 80.0, 0.0)
    own, twin = (100 + shared + chance.normal(0, 3, 60) for _ in range(2))
    seen = found(tuple(own), 48, twin=tuple(twin))
    assert abs(seen.estimate.mean.value) < 4
    assert seen.estimate.without + seen.estimate.mean.value == pytest.approx(own[48:].mean())
    assert found(tuple(own), 48).estimate.mean.value > 10


def test_a_noisy_period_counts_less() -> None:
    series = list(noise(60))
    series[20] = 400.0
    quiet = tuple(50.0 if at == 20 else 1.0 for at in range(60))
    assert found(series, 50, noise=quiet).estimate.detectable < found(series, 50).estimate.detectable / 3


def test_a_steady_trend_is_no_effect() -> None:
    chance = np.random.default_rng(2)
    series = tuple(float(value) for value in 3 * np.arange(72) + chance.normal(0, 4, 72))
    seen = found(series, 60).estimate
    assert not seen.mean.excludes_zero
    assert seen.without == pytest.approx(3 * 65.5, abs=12)


def test_a_season_of_two_years_is_no_effect() -> None:
    weeks = np.arange(140)
    chance = np.random.default_rng(6)
    series = tuple(float(value) for value in 20 * np.sin(2 * np.pi * weeks / 52) + chance.normal(0, 3, 140))
    told = found(series, 120, year=52).estimate
    assert not told.mean.excludes_zero
    assert told.detectable < found(series, 120).estimate.detectable / 2


def test_false_alarms_are_few_where_a_level_wanders() -> None:
    alarms = 0
    for seed in range(60):
        chance = np.random.default_rng(seed)
        walk = np.cumsum(chance.normal(0, 0.3, 72)) + chance.normal(size=72)
        alarms += found(tuple(walk), 60).estimate.mean.excludes_zero
    assert alarms <= 8


def test_beliefs_are_shares_and_a_still_level_is_among_them() -> None:
    assert BELIEFS.sum() == pytest.approx(1)
    assert (STEPS.ratios[0], STEPS.stays[0]) == (0, 1)
    assert STEPS.ratios.shape == STEPS.stays.shape == BELIEFS.shape
