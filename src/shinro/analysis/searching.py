"""Searching: of all combinations of dimension values, those whose cells moved together the most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import log, prod

import numpy as np

from shinro.analysis.cubes import Codes, Cube, Floats, Groups, Mask, grouped, named, subsets
from shinro.analysis.strains import Strains
from shinro.series import Segment

PRICE = 3.0  # of a dimension more than one, in units of log-likelihood: e^3 = 20 to 1
CHANCE = 0.05  # that any combination at all is named where nothing broke
KEPT = 4  # the best, and what else could be the answer


@dataclass(frozen=True, slots=True)
class Candidate:
    """A combination with its cells; `net` is its log-likelihood ratio less the price of its dimensions."""

    net: float
    segment: Segment
    cells: Codes


def enough(cube: Cube) -> float:
    """The net score from which on a combination is no chance find among so many (Bonferroni)."""
    return log(max(weighed(cube), 1) / CHANCE)


def weighed(cube: Cube) -> int:
    """How many combinations there are at most."""
    return sum(min(prod(len(cube.values[axis]) for axis in axes), cube.cells) for axes in subsets(cube))


def moved_together(strains: Strains, cells: Codes, direction: int) -> float:
    """The log-likelihood ratio of one common shift of these cells against none.

    With weights v and strains s: (sum v s)^2 / (2 sum v). 0 where it is not in the direction (0: both are).
    """
    weight = strains.weight[cells]
    return float(_ratio(np.array([weight @ strains.strain[cells]]), np.array([weight.sum()]), direction)[0])


def best(cube: Cube, strains: Strains, left: Mask, direction: int) -> tuple[Candidate, ...]:
    """The best combinations of the cells that are left, of one to four dimensions, the best first.

    A combination's net score is its log-likelihood ratio less 3 for every dimension but the first. No part of it can
    score more than half the sum of v s^2 over its cells that moved the right way: what cannot come among the best any
    more is not looked into. Cost: a pass over the cells for every set of dimensions, less what is ruled out.
    """
    column = strains.weight * strains.strain
    power = column * strains.strain / 2
    sides = [np.where(np.sign(strains.strain) == side, power, 0.0) for side in ([direction] if direction else [1, -1])]
    found: list[Candidate] = []
    possible: dict[tuple[int, ...], Mask] = {}
    for axes in subsets(cube):
        alive = _alive(left & (strains.weight > 0), axes, possible)
        groups = grouped(cube, axes, alive)
        if not len(alive):
            continue
        found = _kept([*found, *_top(cube, groups, column, strains.weight, direction)])
        floor = found[-1].net if len(found) == KEPT else -np.inf
        possible[axes] = _possible(groups, sides, floor + PRICE * len(axes), cube.cells)
    return tuple(found)


def _alive(left: Mask, axes: tuple[int, ...], possible: dict[tuple[int, ...], Mask]) -> Codes:
    """The cells that no smaller set of the same dimensions has ruled out."""
    for fewer in combinations(axes, len(axes) - 1):
        if fewer:
            left = left & possible.get(fewer, np.zeros_like(left))
    return np.flatnonzero(left).astype(np.int64)


def _possible(groups: Groups, sides: list[Floats], floor: float, cells: int) -> Mask:
    """Cells in groups with parts that could still come among the best."""
    bound = np.max([groups.total(side) for side in sides], axis=0)
    mask = np.zeros(cells, dtype=np.bool_)
    mask[groups.alive] = bound[groups.of] > floor
    return mask


def _top(cube: Cube, groups: Groups, column: Floats, weight: Floats, direction: int) -> Iterator[Candidate]:
    """The best of one set of dimensions."""
    net = _ratio(groups.total(column), groups.total(weight), direction) - PRICE * (len(groups.axes) - 1)
    order = np.argsort(-net, kind="stable") if len(net) <= KEPT else _largest(net)
    for group in order:
        yield Candidate(float(net[group]), named(cube, groups, int(group)), groups.cells(int(group)))


def _largest(net: Floats) -> Codes:
    """The places of the largest, in order, the earlier of equals first."""
    part = np.argpartition(-net, KEPT)[:KEPT]
    found: Codes = part[np.lexsort((part, -net[part]))]
    return found


def _ratio(shift: Floats, weight: Floats, direction: int) -> Floats:
    told = np.divide(shift**2, 2 * weight, out=np.zeros_like(weight), where=weight > 0)
    return np.where(shift * direction < 0, 0.0, told)


def _kept(found: list[Candidate]) -> list[Candidate]:
    """The best, each set of cells once, by its fewest dimensions."""
    kept: list[Candidate] = []
    for one in sorted(found, key=lambda each: (-each.net, len(each.segment), str(each.segment))):
        if len(kept) < KEPT and one.net > 0 and not any(np.array_equal(one.cells, other.cells) for other in kept):
            kept.append(one)
    return kept
