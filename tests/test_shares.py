"""Shares: what each argument of a function brings."""

from __future__ import annotations

from fractions import Fraction

from shinro.analysis.shares import greatest, product, secant


def moves(*pairs: tuple[int, int]) -> list[tuple[Fraction, Fraction]]:
    return [(Fraction(before), Fraction(after)) for before, after in pairs]


def test_of_a_product() -> None:
    assert product(moves((3, 9))) == [1]
    assert product(moves((1, 3), (2, 6))) == [4, 2]
    assert product(moves((0, 1), (0, 1), (0, 1))) == [Fraction(1, 3)] * 3


def test_of_a_product_with_a_factor_that_stays_at_0() -> None:
    """It would bring what the others are worth, and hides what they bring."""
    assert product(moves((0, 0), (1, 1), (2, 4))) == [3, 0, 0]
    assert product(moves((0, 0), (0, 0), (2, 4))) == [0, 0, 0]


def test_of_the_greatest() -> None:
    assert greatest(moves((1, 5), (1, 5))) == [Fraction(1, 2), Fraction(1, 2)]
    assert greatest(moves((1, 5), (9, 9))) == [0, 1]


def test_one_that_rests_has_the_mean_of_both_sides() -> None:
    assert greatest(moves((3, 3), (3, 3))) == [Fraction(1, 2), Fraction(1, 2)]
    assert greatest(moves((3, 3), (1, 2))) == [1, 0]
    assert greatest(moves((3, 3), (1, 5)))[0] == Fraction(1, 2)


def test_of_a_function_of_one() -> None:
    one, two = Fraction(1), Fraction(2)
    assert secant(one, two, one, two * 3, Fraction(9)) == 5
    assert secant(one, one, one, one, Fraction(9)) == 9
