"""Least squares for evidence: lagged columns, what a column adds, and forecasts made with the past alone."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats: TypeAlias = NDArray[np.float64]

NOTHING = 1e-12  # a share of a variance that is rounding, not information
RIDGE = 1e-9  # of the mean square of the columns: so that a column that is still all zero gets the weight 0


class Added(NamedTuple):
    """What columns add to a fit: F, its p, their coefficients."""

    f: float
    p: float
    weights: tuple[float, ...]


def lagged(values: Floats, lags: range) -> Floats:
    """A column a lag: the values so many weeks earlier, not a number where there are none. Shape (n, lags)."""
    columns = np.full((len(values), len(lags)), np.nan)
    for column, lag in enumerate(lags):
        columns[lag:, column] = values[: len(values) - lag]
    return columns


def complete(*blocks: Floats) -> NDArray[np.bool_]:
    """The rows in which every block is known. Shape (n,)."""
    known = np.ones(len(blocks[0]), dtype=bool)
    for block in blocks:
        known &= np.isfinite(block).reshape(len(block), -1).all(axis=1)
    return known


def residuals(columns: Floats, values: Floats) -> tuple[Floats, int]:
    """What a least-squares fit leaves, and the rank of its columns."""
    weights, _, rank, _ = np.linalg.lstsq(columns, values, rcond=1e-9)
    return values - columns @ weights, int(rank)


def added(values: Floats, below: Floats, above: Floats) -> Added:
    """The F test of the columns `above` on top of the columns `below`, by least squares.

    F = ((RSS0 - RSS1) / k) / (RSS1 / (n - rank)), k what the rank grows by; p from F(k, n - rank); F = 0 and p = 1
    where the columns bring nothing new, or no freedom is left. Cost: two fits, O(n columns^2).
    """
    left, rank = residuals(below, values)
    both = np.hstack([below, above])
    weights, _, grown, _ = np.linalg.lstsq(both, values, rcond=1e-9)
    rest = values - both @ weights
    k, freedom = int(grown) - rank, len(values) - int(grown)
    told = tuple(map(float, weights[below.shape[1] :]))
    before, after = float(left @ left), float(rest @ rest)
    if k < 1 or freedom < 1 or before <= NOTHING * float(values @ values):
        return Added(0.0, 1.0, told)
    f = max(before - after, 0.0) / k / (max(after, NOTHING * before) / freedom)
    return Added(f, float(special.fdtrc(k, freedom, f)), told)


def order(values: Floats, controls: Floats, most: int = 3) -> int:
    """How many own lags describe a series beside its controls: 1 to `most`, by Schwarz's criterion (BIC)."""
    own = lagged(values, range(1, most + 1))
    rows = complete(values, own)
    if rows.sum() <= controls.shape[1] + most:
        return 1
    criteria = []
    for lags in range(1, most + 1):
        rest, rank = residuals(np.hstack([controls[rows], own[rows, :lags]]), values[rows])
        n = len(rest)
        spread = max(float(rest @ rest), NOTHING * n)
        criteria.append(n * np.log(spread / max(n, 1)) + np.log(max(n, 1)) * rank)
    return int(np.argmin(criteria)) + 1


def forecasts(columns: Floats, values: Floats, first: int) -> tuple[Floats, Floats]:
    """One-week forecasts of rows `first`.. by fits on the rows before each, and the squares that each fit left.

    Shapes (n - first,) both. Cost: O(n columns^3) in one batch.
    """
    squares = np.cumsum(columns[:, :, None] * columns[:, None, :], axis=0)[first - 1 : -1]
    products = np.cumsum(columns * values[:, None], axis=0)[first - 1 : -1]
    ridge = RIDGE * np.trace(squares, axis1=1, axis2=2) / columns.shape[1]
    squares = squares + ridge[:, None, None] * np.eye(columns.shape[1])
    weights = np.linalg.solve(squares, products[:, :, None])[:, :, 0]
    left = np.cumsum(values**2)[first - 1 : -1] - (weights * products).sum(axis=1)
    return (columns[first:] * weights).sum(axis=1), left


def clark_west(values: Floats, small: Floats, large: Floats) -> tuple[float, float]:
    """The Clark-West statistic of nested forecasts, and its one-sided p by Student's t. Shapes (n,) all.

    f = (y - small)^2 - ((y - large)^2 - (small - large)^2); t = mean(f) / (sd(f) / sqrt(n)): the large model's squared
    error is relieved of the noise that estimating more weights brings. t = 0, p = 1/2 where f never varies.
    Source: Clark and West (2007), doi:10.1016/j.jeconom.2006.05.023.
    """
    f = (values - small) ** 2 - ((values - large) ** 2 - (small - large) ** 2)
    spread = float(f.std(ddof=1))
    if spread <= NOTHING * float(np.mean(values**2)):
        return 0.0, 0.5
    t = float(f.mean()) / (spread / len(f) ** 0.5)
    return t, float(special.stdtr(len(f) - 1, -t))
