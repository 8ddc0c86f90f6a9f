"""Seasons: what the time of the year does to a driver that is held at a level, as its own past shows it.

Formula: the season of a flow's logarithms, as a forecast finds it (forecast_season.py), where it is believed by more
than half; a level times its factor is what a period brings, and where a driver stands is its recent mean over that of
their factors. A written bound from above is not passed by a season. Nothing for stocks and rates, for pasts with a hole
or a 0, and for less than two years.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np

from shinro.analysis.forecast_season import season
from shinro.periods import Calendar, Grain, Period
from shinro.series import Point

BELIEVED = 0.5
FINE = 1000  # factors are told in thousandths


def factors(points: Sequence[Point], length: int, count: int) -> tuple[Fraction, ...]:
    """The factors of so many periods after the last point, and, before them, of the points themselves; () for none.

    Law: over a whole cycle the logarithms of the factors add up to 0, to rounding. Cost: cubic in the cycle once.
    """
    values = [float(point.value) for point in points if point.value is not None]
    if len(values) < len(points) or len(values) < 2 * length or min(values) <= 0:
        return ()
    if any(after.period.start != before.period.end for before, after in pairwise(points)):
        return ()
    shape = season(np.log(np.array(values)), length)
    if shape is None or shape.belief <= BELIEVED:
        return ()
    found = np.exp(shape.of(0, len(values) + count))
    return tuple(Fraction(max(round(float(factor) * FINE), 1), FINE) for factor in found)


def after(points: Sequence[Point], base: Period, calendar: Calendar, grain: Grain) -> int | None:
    """How many periods the base is after the last point; None where it lies before."""
    if not points:
        return None
    found, count = points[-1].period, 0
    while found.start < base.start:
        found, count = calendar.step(found, grain), count + 1
    return count if found.start == base.start else None
