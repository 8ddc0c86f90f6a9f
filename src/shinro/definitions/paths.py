"""Paths: what lies between a start and a level, exactly: growth, pace, progress."""

from __future__ import annotations

from decimal import Context, Decimal
from fractions import Fraction

DIGITS = Context(prec=28)  # roots are irrational: growth rates are decimals of 28 digits


def required_growth(start: Fraction, target: Fraction, periods: Fraction) -> Decimal | None:
    """The growth rate per period that leads from a level to another; None where none does (a level not above 0).

    Units: a share per period (0.05 is 5 %), of 28 digits. Law: start * (1 + rate) ** periods = target, to 26 digits.
    """
    if start <= 0 or target <= 0 or periods <= 0:
        return None
    ratio = _decimal(target / start)
    return DIGITS.subtract(DIGITS.power(ratio, _decimal(1 / periods)), Decimal(1))


def linear_pace(start: Fraction, target: Fraction, elapsed: Fraction, total: Fraction) -> Fraction:
    """Where a straight path stands after `elapsed` of `total` (of one unit): the target itself from the end on.

    Law: at 0 it is the start, at `total` the target; `total` 0 is the end.
    """
    return start + (target - start) * _share(elapsed, total)


def growth_pace(start: Fraction, target: Fraction, elapsed: Fraction, total: Fraction) -> Fraction | None:
    """Where a path of constant growth stands after `elapsed` of `total`; None where there is none (see above).

    Law: at 0 the start and at `total` the target, exactly; between them to 26 digits.
    """
    share = _share(elapsed, total)
    if start <= 0 or target <= 0:
        return None
    if share in (0, 1):
        return target if share else start
    return start * Fraction(DIGITS.power(_decimal(target / start), _decimal(share)))


def progress(start: Fraction, target: Fraction, now: Fraction) -> Fraction | None:
    """The share of the way that is done: 1 at the target, beyond it more, behind the start less than 0.

    None where start and target are the same: there is no way.
    """
    return None if start == target else (now - start) / (target - start)


def _share(elapsed: Fraction, total: Fraction) -> Fraction:
    return Fraction(1) if elapsed >= total else max(elapsed, Fraction(0)) / total


def _decimal(value: Fraction) -> Decimal:
    return DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
