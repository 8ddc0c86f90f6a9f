"""Laws of the effect on a series, whatever the series: gaps, zeros, straight lines, controls that say the same."""

from __future__ import annotations

from math import inf, isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shinro.analysis.effect import Case, Outcome, effect
from shinro.analysis.effect_control import moves_with
from strategies import SOME

NUMBERS = st.one_of(st.integers(-1000, 1000).map(float), st.floats(-1e6, 1e6, width=32), st.just(0.0), st.none())
SERIES = st.lists(NUMBERS, min_size=30, max_size=40)
LINES = st.tuples(st.floats(-100, 100, width=32), st.floats(-9, 9, width=32)).map(
    lambda line: [line[0] + line[1] * at for at in range(36)]
)
ANY = st.one_of(SERIES, LINES)


def numbers(found: Outcome) -> list[float]:
    told = found.estimate
    whole = [
        told.mean.value,
        told.mean.low,
        told.mean.high,
        told.total.value,
        told.without,
        told.detectable,
        told.chance,
    ]
    return whole + [end for each in found.without if each for end in (each.value, each.low, each.high)]


@SOME
@given(series=ANY, other=ANY)
def test_whatever_the_series_the_effect_is_a_number_within_its_interval(
    series: list[float | None], other: list[float | None]
) -> None:
    length = min(len(series), len(other))
    for controls in ((), (other[:length],), (other[:length], other[:length]), (series[:length],)):
        found = effect(Case(series[:length], length - 8, controls))
        if found:
            told = found.estimate
            assert all(map(isfinite, numbers(found)))
            assert told.mean.low <= told.mean.value <= told.mean.high
            assert told.detectable >= 0
            assert 0 <= told.chance <= 1


@SOME
@given(series=SERIES, factor=st.sampled_from([-1.0, 0.001, 250.0]), more=st.integers(-1000, 1000))
def test_the_unit_the_sign_and_a_constant_go_through(series: list[float | None], factor: float, more: int) -> None:
    first = effect(Case(series, len(series) - 8), by_period=False)
    moved = [None if value is None else factor * value + more for value in series]
    other = effect(Case(moved, len(series) - 8), by_period=False)
    if first and other:
        ends = sorted(end * factor for end in (first.estimate.mean.low, first.estimate.mean.high))
        size = max(abs(value) for value in moved if value is not None)
        assert [other.estimate.mean.low, other.estimate.mean.high] == pytest.approx(ends, rel=1e-5, abs=1e-6 * size)


@SOME
@given(series=st.lists(st.one_of(st.integers(0, 9).map(float), st.none()), min_size=30, max_size=40))
def test_nothing_below_the_end_would_have_been_and_the_interval_holds_nothing_as_before(
    series: list[float | None],
) -> None:
    free, kept = effect(Case(series, len(series) - 8)), effect(Case(series, len(series) - 8, ends=(0.0, inf)))
    if free and kept:
        mean, actual = kept.estimate.mean, kept.estimate.without + kept.estimate.mean.value
        assert actual - mean.high >= -1e-9 * max(actual, 1)
        assert kept.estimate.without >= 0
        assert mean.low <= mean.value <= mean.high
        assert all(each.low >= 0 for each in kept.without if each)
        if not kept.beyond:
            assert mean.excludes_zero == free.estimate.mean.excludes_zero


@SOME
@given(series=ANY, other=ANY)
def test_what_moves_with_what_is_a_share_and_a_chance(series: list[float | None], other: list[float | None]) -> None:
    length = min(len(series), len(other))
    found = moves_with(series[:length], other[:length], (1.0,) * length)
    if found:
        fit, chance = found
        assert -1e-4 <= fit <= 1
        assert 0 <= chance <= 1 + 1e-9
