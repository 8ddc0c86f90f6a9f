"""Roots: the one number that no fraction is, so that it is rounded by a rule and comes out the same everywhere."""

from __future__ import annotations

from fractions import Fraction

PARTS = 10**6  # a growth is told in millionths: 0.0001 %


def compound(first: Fraction, last: Fraction, periods: int) -> Fraction | None:
    """The growth a period that leads from one number to another over so many, to the nearest millionth, halves up.

    None where either is not above 0: from nothing, or to it, no constant growth leads. Integers alone are used.
    Law: g is it where max(1 + g - h, 0) ** periods <= last / first < (1 + g + h) ** periods, h half a millionth.
    """
    if first <= 0 or last <= 0:
        return None
    grown = last / first
    whole = root(grown.numerator * (2 * PARTS) ** periods // grown.denominator, periods)  # in half millionths
    return Fraction((whole + 1) // 2 - PARTS, PARTS)


def root(number: int, degree: int) -> int:
    """The largest whole number whose power is no more than a number of 0 or more. Newton's method on integers.

    Cost: some 20 multiplications of the number's length for each doubling of its digits.
    """
    if number < 2:  # noqa: PLR2004 - 0 and 1 are their own roots
        return number
    guess = 1 << -(-number.bit_length() // degree)
    while True:
        nearer = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if nearer >= guess:
            return guess
        guess = nearer
