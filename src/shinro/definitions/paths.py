"""Paths: what lies between a start and a level, exactly: growth, pace, progress, and which side of a level is good."""

from __future__ import annotations

from datetime import date
from decimal import Context, Decimal
from fractions import Fraction

from shinro.definitions.story import Target
from shinro.definitions.values import Amount
from shinro.periods import Grain
from shinro.series import Better

DIGITS = Context(prec=28)  # roots are irrational: growth rates are decimals of 28 digits
EXACT = Fraction(0)


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


def falls_short(better: Better, now: Fraction, level: Fraction, band: Fraction = EXACT) -> bool:
    """Whether a value is on the bad side of the level that it should have, by more than a band (a share of the level).

    Where no side is good, any value outside the band falls short.
    Law: churn (lower is better) at 8 % falls short of 5 %, at 2 % it does not.
    """
    if abs(now - level) <= band * abs(level):
        return False
    return better is Better.NONE or (now < level) is (better is Better.HIGHER)


def level_on(target: Target, day: date, starts: date | None) -> Fraction | None:
    """What a target asks for on a day; None before it begins, and where it is kept in a file or grows by a rate.

    `starts` is the story's start, from which paths without a start of their own begin.
    """
    if target.level:
        return _number(target.level)
    if target.steps:
        return _step(target, day)
    begins, ends = target.starts or starts, target.by.day(starts) if target.by else None
    if not (target.from_ and target.to and begins and ends) or day < begins:
        return None
    pace = growth_pace if target.shape == "growth" else linear_pace
    elapsed, total = Fraction((day - begins).days), Fraction((ends - begins).days)
    return pace(_number(target.from_), _number(target.to), elapsed, total)


def period_of(target: Target) -> Grain | None:
    """The period that a flow's target is per: its own, or that of the first level written."""
    written = target.level or target.from_ or next(iter(target.steps.values()), None)
    return target.per or (written.level.per if written else None)


def _step(target: Target, day: date) -> Fraction | None:
    begun = [since for since in target.steps if since <= day]
    return _number(target.steps[max(begun)]) if begun else None


def _number(amount: Amount) -> Fraction:
    return amount.level.number.value


def _share(elapsed: Fraction, total: Fraction) -> Fraction:
    return Fraction(1) if elapsed >= total else max(elapsed, Fraction(0)) / total


def _decimal(value: Fraction) -> Decimal:
    return DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))
