"""Panels of units: known answers, laws, and the placebo's rank."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from shinro.analysis.effect_panel import (
    difference_in_differences,
    mixture,
    placebo_chance,
    synthetic_control,
    synthetic_differences,
)

Array = NDArray[np.float64]
WAYS = (difference_in_differences, synthetic_control, synthetic_differences)


def panel(effect: float = 0.0, seed: int = 1) -> Array:
    """Eight units on two common factors; the first is treated from period 20 on."""
    chance = np.random.default_rng(seed)
    factors = np.cumsum(chance.normal(size=(2, 30)), axis=1)
    loads = np.vstack([[0.5, 0.5], chance.uniform(0, 1, (7, 2))])
    table = 10 + loads @ factors + chance.normal(0, 0.1, (8, 30))
    table[0, 20:] += effect
    return np.asarray(table, dtype=np.float64)


@pytest.mark.parametrize("way", WAYS)
def test_an_effect_adds_what_it_is(way: type) -> None:
    assert way(panel(3.0), 20) - way(panel(), 20) == pytest.approx(3.0, abs=1e-6)


def test_the_synthetic_ones_see_through_common_factors() -> None:
    assert synthetic_control(panel(3.0), 20) == pytest.approx(3.0, abs=0.4)
    assert synthetic_differences(panel(3.0), 20) == pytest.approx(3.0, abs=0.4)


@pytest.mark.parametrize("way", WAYS)
def test_a_constant_on_every_unit_leaves_an_effect(way: type) -> None:
    assert way(panel(2.0) + 5, 20) == pytest.approx(way(panel(2.0), 20), abs=1e-4)


@pytest.mark.parametrize("way", [difference_in_differences, synthetic_differences])
def test_a_constant_on_one_unit_leaves_an_effect(way: type) -> None:
    table = panel(2.0)
    table[3] += 40
    assert way(table, 20) == pytest.approx(way(panel(2.0), 20), abs=1e-3)


def test_differences_by_hand() -> None:
    table = np.array([[1.0, 3.0, 8.0, 10.0], [2.0, 2.0, 3.0, 5.0], [0.0, 4.0, 5.0, 5.0]])
    assert difference_in_differences(table, 2) == pytest.approx(7 - (2 + 3) / 2)


def test_weights_are_shares_and_find_the_mixture() -> None:
    chance = np.random.default_rng(2)
    parts = chance.normal(size=(25, 4))
    weights = mixture(parts, parts @ np.array([0.2, 0.0, 0.5, 0.3]))
    assert weights == pytest.approx([0.2, 0.0, 0.5, 0.3], abs=1e-6)
    assert weights.sum() == pytest.approx(1)
    drawn = mixture(parts, parts[:, 0], shrink=1e6)
    assert drawn == pytest.approx([0.25] * 4, abs=1e-2)


def test_a_treated_unit_that_moved_most_has_the_lowest_chance() -> None:
    assert placebo_chance(panel(30.0), 20) == pytest.approx(1 / 8)
    assert placebo_chance(panel(), 20) > 1 / 8
