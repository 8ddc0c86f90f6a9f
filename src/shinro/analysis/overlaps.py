"""Overlap: who is in several segments is counted in each of them, so that segments alone add up to more than the whole.

Law: in every period, the segments and their overlap add up to the whole, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from shinro.series import Better, Point, Series


def overlap(whole: Series, segments: Sequence[Series]) -> Series:
    """What the segments hold too much, as a number below zero; parts such as `new` may overlap the other way.

    Undefined and unknown where the whole is. Cost: linear in the points.
    """
    sums: dict[object, Fraction] = {}
    for series in segments:
        for point in series.points:
            sums[point.period] = sums.get(point.period, Fraction(0)) + (point.value or 0)
    points = tuple(
        Point(at.period, None if at.value is None else at.value - sums.get(at.period, Fraction(0)), at.mark)
        for at in whole.points
    )
    return replace(whole, meaning=replace(whole.meaning, better=Better.NONE), points=points)
