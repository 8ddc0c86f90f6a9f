"""Scales: how a driver moves between where it stands and its limit: money and counts by ratios, shares by odds.

A position is 0 where it stands and 1 at its limit; between two knots a position moves evenly over time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, log, log10
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shinro.analysis.rooms import Room
from shinro.findings.plans import Lever

Array: TypeAlias = NDArray[Any]
NOTHING, ALL = 1e-6, 1 - 1e-7  # positions that are taken for 0 and 1
AT_ONCE = 1e-9  # periods: no less than which a step takes
FINE = 10**9  # denominators of levels that are not rounded
SMALL = Fraction(1, 50)  # shares below 2 % are steered by hundredths of a point


@dataclass(frozen=True, slots=True)
class Scale:
    """The way from a level to a limit: `ratio` (log), `odds` (logit), or `even` where one of them is at an end."""

    kind: str
    begin: float
    reach: float

    def levels(self, positions: Array) -> Array:
        """The levels at positions, of any shape, complex ones too."""
        moved = self.begin + self.reach * positions
        if self.kind == "ratio":
            return np.asarray(np.exp(moved))
        return np.asarray(1 / (1 + np.exp(-moved))) if self.kind == "odds" else np.asarray(moved)

    def position(self, level: float) -> float:
        """The position of a level, of those that it has one for."""
        if self.kind == "ratio":
            return (log(level) - self.begin) / self.reach
        return ((log(level / (1 - level)) if self.kind == "odds" else level) - self.begin) / self.reach


def scale_of(begin: Fraction, limit: Fraction, *, is_share: bool) -> Scale:
    """The scale between two levels."""
    first, last = float(begin), float(limit)
    if is_share and 0 < begin < 1 and 0 < limit < 1:
        odds = log(first / (1 - first))
        return Scale("odds", odds, log(last / (1 - last)) - odds)
    if begin > 0 and limit > 0 and not is_share:
        return Scale("ratio", log(first), log(last / first))
    return Scale("even", first, last - first)


def ramps(knots: Sequence[int], periods: int, begun: float = 0.0) -> Array:
    """How much of the step that ends at each knot is done at the end of each period: (knots, periods), 0 to 1.

    Nothing is done before `begun`, in periods.
    """
    now = np.arange(1, periods + 1, dtype=float)
    found, before = [], begun
    for knot in knots:
        found.append(np.clip((now - before) / max(knot + 1 - before, AT_ONCE), 0.0, 1.0))
        before = max(before, float(knot + 1))
    return np.array(found)


def exact_path(
    lever: Lever, begin: Fraction, scale: Scale, positions: Sequence[float], *, rounded: bool
) -> list[Fraction]:
    """A lever's levels as exact numbers, never beyond its limit and never falling back.

    Rounded: to what one can steer by (whole things, tenths of a point, three digits), always the better way.
    """
    found: list[Fraction] = []
    for position in positions:
        level = _level(lever, begin, scale, position)
        found.append(ticked(level, lever) if rounded and NOTHING < position < ALL else level)
    return [_within(level, lever) for level in found]


def _level(lever: Lever, begin: Fraction, scale: Scale, position: float) -> Fraction:
    if position <= NOTHING:
        return begin
    if position >= ALL:
        return lever.limit
    return Fraction(float(scale.levels(np.array(position)))).limit_denominator(FINE)


def _within(level: Fraction, lever: Lever) -> Fraction:
    return min(level, lever.limit) if lever.direction > 0 else max(level, lever.limit)


def ticked(level: Fraction, lever: Lever, finer: Fraction = Fraction(1)) -> Fraction:
    """A level rounded the way that the lever moves, to what one can steer by, or to a part of it."""
    tick = tick_of(level, whole=lever.whole, is_percent=lever.meaning.percent) * finer
    steps = level / tick
    return tick * (ceil(steps) if lever.direction > 0 else floor(steps))


def tick_of(level: Fraction, *, whole: bool, is_percent: bool) -> Fraction:
    """The smallest step that a level is steered by: 1 of whole things, 0.1 point of a share, the third digit else."""
    if whole:
        return Fraction(1)
    if is_percent:
        return Fraction(1, 10_000) if abs(level) < SMALL else Fraction(1, 1_000)
    return Fraction(10) ** (floor(log10(abs(level))) - 2) if level else Fraction(1)


def lever_of(room: Room, direction: int) -> tuple[Lever, Fraction]:
    """The lever that a room makes in a direction, and the level that it begins at.

    Where it is past the far end of its range already, it begins there: the plan counts on no more. Where it has not
    come to the near end yet, it begins where it stands and is brought there by the first knot.
    """
    side = direction if not room.held else 0
    low, high = (room.start if end is None else end for end in (room.low, room.high))
    near, far = (low, high) if side >= 0 else (high, low)
    outside = bool(side) and side * (near - room.start) > 0
    begin = room.start if outside else min(max(room.start, low), high)
    limit = far if side else begin
    lever = Lever(
        room.metric,
        room.meaning,
        room.start,
        limit,
        side if limit != begin else 0,
        room.weight,
        room.origins[1 if side > 0 else 0],
        room.whole,
        begin != room.start,
        room.known,
        near if outside else None,
    )
    return lever, begin
