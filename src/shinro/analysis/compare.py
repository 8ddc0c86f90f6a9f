"""Comparing: a number against the level that was meant, in the direction that is good; how small a base is; pace."""

from __future__ import annotations

import operator
from decimal import Decimal, localcontext
from fractions import Fraction

from shinro.series import BAND, SMALL, Better, Meaning, Point, State

Z95 = Decimal("1.959963984540054")  # the normal distribution's 97.5 % point
DIGITS = 40

MEETS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}
TOWARDS = {">=": Better.HIGHER, ">": Better.HIGHER, "<=": Better.LOWER, "<": Better.LOWER, "=": Better.NONE}


def compare(value: Fraction, target: Fraction, better: Better) -> State:
    """Ahead, on course or behind: on course within 5 % of the target's absolute value, its edges counted.

    Without a direction a number outside the band is unknown: nobody said which side is good.
    Law: turning the direction round swaps ahead and behind.
    """
    gap = value - target
    if abs(gap) <= BAND * abs(target):
        return State.ON_COURSE
    if better is Better.NONE:
        return State.UNKNOWN
    return State.AHEAD if (gap > 0) == (better is Better.HIGHER) else State.BEHIND


def holds(value: Fraction, op: str, level: Fraction) -> bool:
    """Whether a value meets a condition, strictly as written."""
    return bool(MEETS[op](value, level))


def interval(over: Fraction, base: Fraction) -> tuple[Fraction, Fraction]:
    """The 95 % Wilson score interval of a share, `over` of `base`; `base` is more than 0.

    Units: shares, 0 to 1, exact to about 20 digits. Source: Wilson (1927), doi:10.1080/01621459.1927.10502953.
    """
    with localcontext(prec=DIGITS):
        n = Decimal(base.numerator) / base.denominator
        p = Decimal(over.numerator) / over.denominator / n
        square = Z95 * Z95
        middle = p + square / (2 * n)
        reach = Z95 * (p * (1 - p) / n + square / (4 * n * n)).sqrt()
        low, high = ((middle + side * reach) / (1 + square / n) for side in (-1, 1))
        return Fraction(max(low, Decimal(0))), Fraction(min(high, Decimal(1)))


def small_interval(point: Point | None, meaning: Meaning) -> tuple[Fraction, Fraction] | None:
    """The interval of a share whose base is below 30; None for what is no share, or has a base that is large or 0.

    A share of means counts nobody, and has none.
    """
    if point is None or point.over is None or point.base is None or not meaning.percent:
        return None
    if point.over.denominator != 1 or point.base.denominator != 1:
        return None
    return interval(point.over, point.base) if 0 < point.base < SMALL and 0 <= point.over <= point.base else None


def root(ratio: Fraction, degree: int) -> Fraction:
    """The degree-th root of a number that is not negative, to about 35 digits; exact for 0 and 1."""
    if ratio in (0, 1) or degree == 1:
        return ratio
    with localcontext(prec=DIGITS):
        return Fraction(((Decimal(ratio.numerator) / ratio.denominator).ln() / degree).exp())
