"""Compound growth: the nearest millionth, whatever the numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shinro.definitions.roots import compound, root

HALF = Fraction(1, 2_000_000)
above = st.fractions(Fraction(1, 10**6), 10**12)


@pytest.mark.parametrize(
    ("first", "last", "periods", "growth"),
    [
        ("100", "200", 12, "0.059463"),
        ("100", "100", 5, "0"),
        ("100", "121", 2, "0.1"),
        ("121", "100", 2, "-0.090909"),
        ("1", "1.0000005", 1, "0.000001"),
        ("1", "1.0000004", 1, "0"),
        ("100", "0.0001", 1, "-0.999999"),
        ("3", "1e30", 120, "0.762073"),
    ],
)
def test_growth_is_told_to_the_nearest_millionth(first: str, last: str, periods: int, growth: str) -> None:
    assert compound(Fraction(first), Fraction(last), periods) == Fraction(growth)


@pytest.mark.parametrize(("first", "last"), [(0, 5), (5, 0), (-1, 5), (5, -1)])
def test_from_nothing_or_to_it_no_growth_leads(first: int, last: int) -> None:
    assert compound(Fraction(first), Fraction(last), 3) is None


@given(above, above, st.integers(1, 24))
@example(Fraction(4000000000001, 1000000), Fraction(1, 1000000), 2)  # told as -1: no factor is below zero
def test_no_other_millionth_is_nearer(first: Fraction, last: Fraction, periods: int) -> None:
    growth = compound(first, last, periods)
    assert growth is not None
    assert max(1 + growth - HALF, Fraction(0)) ** periods <= last / first < (1 + growth + HALF) ** periods


@given(st.integers(0, 10**60), st.integers(1, 40))
def test_a_root_is_the_last_whole_number_below(number: int, degree: int) -> None:
    found = root(number, degree)
    assert found**degree <= number < (found + 1) ** degree
