"""Levels: what milestones at 3, 6 and 12 months could ask, from how the numbers themselves grew.

A count or a sum: its mean over the last three whole months, growing each quarter as it grew in the last one, but by
at least 6 % and at most 33 %. A stock: the same from its last value. A rate: its last three months pooled, better by
2.5, 5 and 10 % of itself. Levels are rounded to two digits, upwards where more is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from shinro.series import Better, Meaning, Nature, Point, Series

MONTHS = (3, 6, 12)
LEAST, MOST = Fraction(106, 100), Fraction(133, 100)  # a quarter's growth
GAIN = {3: Fraction(1, 40), 6: Fraction(1, 20), 12: Fraction(1, 10)}
QUARTER = 3
MYRIAD = 10_000


@dataclass(frozen=True, slots=True)
class Growth:
    """What a metric's proposals stand on: where it is, and by how much a quarter it is taken to grow."""

    metric: str
    base: Fraction
    growth: Fraction | None  # None for a rate


def growth_of(series: Series) -> Growth | None:
    """Where a metric is and how it grew, of its whole months; None where none of them has a value."""
    points = [point for point in series.complete if point.value is not None]
    if not points:
        return None
    meaning = series.meaning
    if meaning.percent or meaning.nature is Nature.RATIO:
        return Growth(meaning.metric, _pooled(points[-QUARTER:]), None)
    values = [point.value or Fraction(0) for point in points]
    if meaning.nature is Nature.STOCK:
        base, before = values[-1], values[-1 - QUARTER] if len(values) > QUARTER else None
    else:
        base = _mean(values[-QUARTER:])
        before = _mean(values[-2 * QUARTER : -QUARTER]) if len(values) >= 2 * QUARTER else None
    grown = base / before if before else LEAST
    return Growth(meaning.metric, base, min(max(grown, LEAST), MOST))


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _pooled(points: Sequence[Point]) -> Fraction:
    over = sum((point.over for point in points if point.over is not None), Fraction(0))
    base = sum((point.base for point in points if point.base is not None), Fraction(0))
    return over / base if base else points[-1].value or Fraction(0)


def goal(found: Growth, meaning: Meaning, months: int) -> str:
    """The condition that a milestone so many months ahead could hold: `won >= 130 per month`."""
    lower = meaning.better is Better.LOWER
    op = "<=" if lower else ">="
    if found.growth is None:
        return f"{meaning.metric} {op} {_rate(found, meaning, months, lower=lower)}"
    grown: Fraction = found.growth ** (months // QUARTER)
    level = found.base / grown if lower else found.base * grown
    whole = max(_rounded(level, up=not lower), 1)
    per = " per month" if meaning.nature is Nature.FLOW else ""
    return f"{meaning.metric} {op} {_amount(whole, meaning)}{per}"


def _rate(found: Growth, meaning: Meaning, months: int, *, lower: bool) -> str:
    level = found.base * (1 - GAIN[months] if lower else 1 + GAIN[months])
    if meaning.currency:
        return f"{_amount(max(_rounded(level, up=not lower), 1), meaning)} over 3 months"
    if meaning.percent:
        tenths = min(floor(level * 1000) if lower else ceil(level * 1000), 1000)
        return f"{tenths // 10}.{tenths % 10}% over 3 months".replace(".0%", "%")
    hundredths = ceil(level * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d} over 3 months"


def _rounded(level: Fraction, *, up: bool) -> int:
    """To two digits."""
    step = int(10 ** max(len(str(int(level))) - 2, 0))
    return ceil(level / step) * step if up else floor(level / step) * step


def _amount(whole: int, meaning: Meaning) -> str:
    if meaning.currency == "JPY" and whole >= MYRIAD and whole % MYRIAD == 0:
        return f"{whole // MYRIAD}万円"
    return str(whole)


def milestones(goals: Mapping[str, tuple[Growth, Meaning]]) -> list[dict[str, object]]:
    """Milestones at 3, 6 and 12 months from the story's start."""
    return [
        {
            "id": f"m{months}",
            "by": f"+{months} months",
            "reach": [goal(found, meaning, months) for found, meaning in goals.values()],
        }
        for months in MONTHS
    ]
