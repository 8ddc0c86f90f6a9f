"""Panel: one treated unit against several that were not: difference in differences, synthetic control, both in one.

Each takes a table of units by periods, `(n, t)`, the treated unit first, and the number of the first treated period,
and gives the mean effect of a treated period in the unit of the numbers.

Law: adding a constant to every unit leaves all three; adding one to one unit leaves the first and the last.
Source: Abadie, Diamond, Hainmueller (2010), Synthetic control methods for comparative case studies; Arkhangelsky et al.
(2021), Synthetic difference-in-differences.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

Array = NDArray[np.float64]
FIRM = 1e4  # how much more than the data the weights' sum counts, so that it is 1


def difference_in_differences(table: Array, start: int) -> float:
    """The treated unit's change less the mean change of the others. Cost: linear."""
    change = table[:, start:].mean(axis=1) - table[:, :start].mean(axis=1)
    return float(change[0] - change[1:].mean())


def synthetic_control(table: Array, start: int) -> float:
    """The treated unit less the mixture of the others that is nearest to it before the start."""
    weights = mixture(table[1:, :start].T, table[0, :start])
    return float((table[0] - weights @ table[1:])[start:].mean())


def synthetic_differences(table: Array, start: int) -> float:
    """The difference in differences of the mixture of units, over the periods before that are like those after.

    Both mixtures may lie a constant off; that of units is drawn together by the usual change of a period.
    """
    treated, others = table[0], table[1:]
    before, after = others[:, :start], others[:, start:]
    shrink = np.sqrt(after.shape[1]) * np.diff(before, axis=1).std(ddof=1) ** 2
    units = mixture(_centred(before.T), _centred(treated[:start]), shrink * start)
    periods = mixture(_centred(before), _centred(after.mean(axis=1)))
    change = table[:, start:].mean(axis=1) - table[:, :start] @ periods
    return float(change[0] - units @ change[1:])


def mixture(parts: Array, whole: Array, shrink: float = 0.0) -> Array:
    """Weights of the columns of `parts (r, n)`, none below 0, adding up to 1, that come nearest to `whole (r,)`.

    `shrink` times the sum of their squares is added to what is made least.
    """
    count = parts.shape[1]
    size = max(float(np.abs(parts).max(initial=0.0)), float(np.abs(whole).max(initial=0.0)), 1.0)
    rows = np.vstack([parts, np.sqrt(shrink) * np.eye(count), np.full((1, count), FIRM * size)])
    aims = np.concatenate([whole, np.zeros(count), [FIRM * size]])
    weights = nnls(rows, aims)[0]
    return np.asarray(weights / weights.sum(), dtype=float)


def placebo_chance(table: Array, start: int) -> float:
    """How seldom a unit's synthetic control fails as much after the start, against before, as the treated one's.

    The rank of the ratio of mean squared misses among those of all units, each taken for the treated one in turn.
    """
    ratios = [_failing(np.roll(table, -unit, axis=0), start) for unit in range(len(table))]
    return sum(each >= ratios[0] for each in ratios) / len(ratios)


def _failing(table: Array, start: int) -> float:
    gap = table[0] - mixture(table[1:, :start].T, table[0, :start]) @ table[1:]
    before = float((gap[:start] ** 2).mean())
    return float((gap[start:] ** 2).mean()) / max(before, np.finfo(float).tiny)


def _centred(table: Array) -> Array:
    return np.asarray(table - table.mean(axis=0), dtype=float)
