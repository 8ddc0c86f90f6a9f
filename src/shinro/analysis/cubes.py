"""Cubes: cells by several dimensions as arrays, and the sums of every combination of dimension values in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from shinro.series import Segment

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
ROOM = 4  # keys are counted directly where their range is at most so many times the cells
DEEPEST = 4  # dimensions in a combination that is named: nobody remembers five


@dataclass(frozen=True, slots=True)
class Cube:
    """Leaf cells: `codes` (dimensions, cells) holds the place of each cell's value in `values`."""

    dimensions: tuple[str, ...]
    values: tuple[tuple[str | None, ...], ...]
    codes: Codes

    @property
    def cells(self) -> int:
        """How many."""
        return int(self.codes.shape[1])


@dataclass(frozen=True, slots=True)
class Groups:
    """The cells that are alive, by their values of some dimensions: `of` (alive,) is each one's group."""

    axes: tuple[int, ...]
    alive: Codes  # places of cells
    of: Codes
    keys: Codes  # (groups,)

    def total(self, column: Floats) -> Floats:
        """A column (cells,) summed by group."""
        return np.bincount(self.of, column[self.alive], len(self.keys)).astype(np.float64)

    def cells(self, group: int) -> Codes:
        """The alive cells of one group."""
        found: Codes = self.alive[self.of == group]
        return found


def cube(segments: Sequence[Segment]) -> Cube:
    """Cells as arrays. All segments have the same dimensions in the same order. Cost: linear in cells x dimensions."""
    dimensions = tuple(name for name, _ in segments[0])
    values: list[tuple[str | None, ...]] = []
    codes: list[list[int]] = []
    for axis in range(len(dimensions)):
        column = [segment[axis][1] for segment in segments]
        known = tuple(sorted(set(column), key=lambda value: (value is not None, value or "")))
        place = {value: number for number, value in enumerate(known)}
        values.append(known)
        codes.append([place[value] for value in column])
    return Cube(dimensions, tuple(values), np.array(codes, dtype=np.int64))


def subsets(cube: Cube) -> Iterator[tuple[int, ...]]:
    """Every choice of one to four dimensions with more than one value, fewest first."""
    axes = [axis for axis, values in enumerate(cube.values) if len(values) > 1]
    for depth in range(1, min(len(axes), DEEPEST) + 1):
        yield from combinations(axes, depth)


def grouped(cube: Cube, axes: tuple[int, ...], alive: Codes) -> Groups:
    """The alive cells by their values of some dimensions. Cost: linear, and a sort where the keys are sparse."""
    key = np.zeros(len(alive), dtype=np.int64)
    room = 1
    for axis in axes:
        size = len(cube.values[axis])
        key = key * size + cube.codes[axis][alive]
        room *= size
    if room <= ROOM * len(alive):
        return Groups(axes, alive, key, np.arange(room, dtype=np.int64))
    keys, of = np.unique(key, return_inverse=True)
    return Groups(axes, alive, of.astype(np.int64), keys)


def named(cube: Cube, groups: Groups, group: int) -> Segment:
    """The dimension values of one group."""
    key = int(groups.keys[group])
    told: list[tuple[str, str | None]] = []
    for axis in reversed(groups.axes):
        key, place = divmod(key, len(cube.values[axis]))
        told.append((cube.dimensions[axis], cube.values[axis][place]))
    return tuple(reversed(told))
