"""Rounding: whether a number as it is told stands for the true one, or flatters it."""

from __future__ import annotations

from fractions import Fraction

from shinro.checks.quantities import Lean, Quantity, Sort
from shinro.series import BAND

LOOSE = Fraction(1, 10)  # what `about` may be off, of the true value
FAR = Fraction(1, 4)  # what is further off is another number, not a rounding


def fits(told: Quantity, truth: Fraction, flatters: int = 0) -> bool:
    """Whether a number stands for the true one. `flatters`: 1 where more looks better, -1 where less does, 0 neither.

    Rounded to the last digit told; cut off where that does not flatter, by a quarter at most. Up to a twentieth where
    it does, shares aside (they are told by the point). With `about`, to half of the last digit that is no zero, and to
    a tenth. With `over` or `under`, the true one is on that side.
    """
    off = told.value - truth
    unit = told.unit
    if told.lean is Lean.OVER:
        return truth >= told.value or (told.sort is Sort.TIMES and told.value < 1 and truth <= told.value)
    if told.lean is Lean.UNDER:
        return truth <= told.value
    if told.lean in (Lean.ABOUT, Lean.NEARLY):
        return _about(told, off, truth, unit, flatters)
    if off * flatters < 0:
        return abs(off) < unit and (told.sort is Sort.PERCENT or near(told, truth))
    return abs(off) <= unit / 2 and (told.sort is Sort.PERCENT or abs(off) <= BAND * abs(truth) or not off)


def _about(told: Quantity, off: Fraction, truth: Fraction, unit: Fraction, flatters: int) -> bool:
    if told.lean is Lean.NEARLY and off < -unit / 2:
        return False
    half = coarse(told, unit) / 2
    allowed = LOOSE * abs(truth)
    modest = max(half, allowed) if near(told, truth) else allowed
    return abs(off) <= (modest if off * flatters < 0 else max(min(half, allowed), unit / 2))


def coarse(told: Quantity, unit: Fraction) -> Fraction:
    """What the last digit that is no zero is worth: 10,000 in 120,000."""
    digits = told.value / unit
    while digits and digits % 10 == 0:
        digits, unit = digits / 10, unit * 10
    return unit


def near(told: Quantity, truth: Fraction) -> bool:
    """Whether a number that does not fit may still have been meant for the true one."""
    return abs(told.value - truth) <= FAR * abs(truth)
