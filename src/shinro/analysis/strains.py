"""Strains: how far each cell is from what was expected of it, and how far chance alone carries it.

A strain is a difference of logarithms (of odds, of counts), so that a fall by half weighs as much as a doubling, and a
cell that broke utterly does not outweigh ten that broke. Its variance is that of chance in so many things, and that by
which cells differ from each other anyway, which is read off the cells themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from shinro.analysis.cubes import Floats

HALF = 0.5  # added to every count, so that none is 0 (Haldane 1956, Anscombe 1956)
CAP = 0.3  # cells of counts differ by no more anyway: more is what broke in most of them, not noise
INFORMED = 0.5  # a variance from chance below it: from about two things on
FEW = 8  # cells; fewer say nothing of how cells differ
LEAST = 0.005  # no cells agree better
UNTOLD = 1.0  # the spread of amounts where too few cells tell it: nothing less than a cell that vanished stands out
QUARTER, HALFWAY = (0.25, 0.10153), (0.5, 0.45494)  # such a part of squared unit normals lies below such a number


class Kind(Enum):
    """What is counted: things that succeed or not, things, or amounts."""

    ODDS = "odds"
    COUNTS = "counts"
    AMOUNTS = "amounts"


@dataclass(frozen=True, slots=True)
class Sums:
    """Numbers of each cell (cells,): `observed` and `expected` of the whole's unit; of a ratio those of its numerator.

    `base` and `earlier`: the denominators now and before, of odds alone. `sampled`: what is expected was counted in a
    period like this one, so that chance is in it too; a forecast has none.
    """

    observed: Floats
    expected: Floats
    base: Floats
    earlier: Floats
    sampled: bool = True


@dataclass(frozen=True, slots=True)
class Strains:
    """The strain of each cell (cells,), its weight (one over its variance; 0: it says nothing) and the spread used."""

    strain: Floats
    weight: Floats
    spread: float


def strains(kind: Kind, sums: Sums, spread: float | None = None) -> Strains:
    """Each cell's strain and weight.

    Odds: log of the odds ratio; variance 1 / (b p (1 - p)) with p pooled over both sides, the same of the earlier
    base where it was sampled. Counts: log of observed over expected; variance 1 / m, m their mean. Both have 1/2 added
    to every count. Amounts: difference over mean, which is bounded, since amounts have no unit that a zero could be
    moved by. To each the spread of cells is added, squared: what is usual in other periods where that is known, else
    the one at which a quarter of squared strains (of amounts a half) lies where chance says, of odds and counts at
    most .3.
    """
    strain, chance = _strain(kind, sums)
    known = np.isfinite(chance)
    if spread is None:
        spread = _own_spread(kind, strain, chance)
    weight = np.zeros_like(strain)
    weight[known] = 1 / (chance[known] + spread**2)
    return Strains(np.where(known, strain, 0.0), weight, spread)


def usual(kind: Kind, earlier: Sequence[Sums]) -> float | None:
    """The spread of cells between periods in which nothing is known to have broken; None where too few tell it."""
    found = [_strain(kind, sums) for sums in earlier]
    if not found:
        return None
    strain, chance = (np.concatenate(columns) for columns in zip(*found, strict=True))
    return _spread(strain, chance, HALFWAY)


def _strain(kind: Kind, sums: Sums) -> tuple[Floats, Floats]:
    """The strain of each cell and its variance by chance, infinite where it says nothing."""
    return {Kind.ODDS: _odds, Kind.COUNTS: _counts, Kind.AMOUNTS: _amounts}[kind](sums)


def _own_spread(kind: Kind, strain: Floats, chance: Floats) -> float:
    """The spread of cells by themselves."""
    if kind is Kind.AMOUNTS:
        found = _spread(strain, chance, HALFWAY)
        return UNTOLD if found is None else found
    found = _spread(strain, chance, QUARTER)
    return CAP if found is None else min(found, CAP)


def _odds(sums: Sums) -> tuple[Floats, Floats]:
    over, base = sums.observed, sums.base
    expected = np.clip(sums.expected, 0, base)
    odds = np.log((over + HALF) / (base - over + HALF))
    strain = odds - np.log((expected + HALF) / (base - expected + HALF))
    before = np.divide(expected, base, out=np.zeros_like(base), where=base > 0) * sums.earlier
    rate = (over + before + HALF) / (base + sums.earlier + 2 * HALF)
    return strain, _each(base, sums) / (rate * (1 - rate))


def _counts(sums: Sums) -> tuple[Floats, Floats]:
    observed, expected = np.maximum(sums.observed, 0), np.maximum(sums.expected, 0)
    mean = (observed + expected) / 2 + HALF
    told = observed + expected > 0
    chance = np.where(told, (2.0 if sums.sampled else 1.0) / mean, np.inf)
    return np.log((observed + HALF) / (expected + HALF)), chance


def _amounts(sums: Sums) -> tuple[Floats, Floats]:
    size = np.abs(sums.observed) + np.abs(sums.expected)
    told = size > 0
    strain = np.divide(2 * (sums.observed - sums.expected), size, out=np.zeros_like(size), where=told)
    return strain, np.where(told, 0.0, np.inf)


def _each(base: Floats, sums: Sums) -> Floats:
    """One over a base, and over the earlier one where chance was in that too."""
    now = np.divide(1.0, base, out=np.full_like(base, np.inf), where=base > 0)
    if not sums.sampled:
        return now
    earlier = np.maximum(sums.earlier, 1.0)  # where nothing was before, the whole's rate counts as one observation
    return now + 1 / earlier


def _spread(strain: Floats, chance: Floats, part: tuple[float, float]) -> float | None:
    """The spread of cells beyond chance, by a lower part of them, which those that broke do not touch."""
    informed = np.isfinite(chance) & (chance < INFORMED)
    if int(informed.sum()) < FEW:
        return None
    squares, known = strain[informed] ** 2, chance[informed]
    low, high = LEAST, 8.0
    for _ in range(40):
        middle = (low + high) / 2
        over = float(np.quantile(squares / (known + middle**2), part[0])) > part[1]
        low, high = (middle, high) if over else (low, middle)
    return low
