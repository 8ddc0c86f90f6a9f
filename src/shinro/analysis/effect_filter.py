"""The local level, filtered: a series as a level that wanders, what else is known of it, and noise.

    y[t] = level[t] + x[t]·beta + noise[t] * scale[t],   level[t + 1] = level[t] + ratio ** ½ * step[t]

Noise and steps are independent, normal, of one variance, which is concentrated out; so are the first level (a column
of ones: nothing is known of it) and beta. All ratios are filtered in one pass, for each column alike, and what is
estimated comes from the cross products of the innovations (generalised least squares).

Law: the cross products equal those of the dense covariance `diag(scale²) + ratio * min(s, t)`, inverted.
Source: de Jong (1991), The diffuse Kalman filter; Harvey (1989), Forecasting, Structural Time Series Models and the
Kalman Filter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Filtered:
    """What is left of a series' past, for each of m ratios and k + 1 columns (the series first)."""

    ratios: Array  # (m,)
    products: Array  # (m, k + 1, k + 1): of the innovations, weighted by their variances
    spread: Array  # (m,): the sum of the logarithms of those variances
    level: Array  # (m, k + 1): each column's own level, after the last period
    doubt: Array  # (m,): its variance in units of the noise's
    seen: int  # periods that had a value


def filtered(columns: Array, scale: Array, ratios: Array) -> Filtered:
    """A pass over the columns `(n, k + 1)`; a period with a NaN is a gap. Cost: linear in n, m and k squared."""
    count, width = ratios.size, columns.shape[1]
    level, doubt = np.zeros((count, width)), np.zeros(count)
    products, spread = np.zeros((count, width, width)), np.zeros(count)
    known = whole(columns)
    for at, row in enumerate(columns):
        doubt = doubt + ratios if at else doubt
        if not known[at]:
            continue
        innovation, variance = row - level, doubt + scale[at] ** 2
        gain = doubt / variance
        level = level + gain[:, None] * innovation
        doubt = doubt * (1 - gain)
        products += innovation[:, :, None] * innovation[:, None, :] / variance[:, None, None]
        spread += np.log(variance)
    return Filtered(ratios, products, spread, level, doubt, int(known.sum()))


def whole(columns: Array) -> Truths:
    """Which periods have a value in every column, (n,)."""
    return np.asarray(np.isfinite(columns).all(axis=1), dtype=bool)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Generalised least squares on some of the columns: (m,) ratios, p of the columns."""

    beta: Array  # (m, p)
    doubt: Array  # (m, p, p): its covariance in units of the noise's variance
    rest: Array  # (m,): the weighted sum of squares that is left
    weight: Array  # (m,): the logarithm of the determinant of the columns' products


def fitted(past: Filtered, picked: tuple[int, ...]) -> Fitted:
    """The series on the columns with these numbers (1 is the first after the series). Cost: p cubed."""
    among = np.array(picked)
    inner = past.products[:, among[:, None], among[None, :]]
    outer = past.products[:, among, 0]
    doubt = np.linalg.inv(inner)
    beta = np.einsum("mij,mj->mi", doubt, outer)
    rest = past.products[:, 0, 0] - np.einsum("mi,mi->m", outer, beta)
    rest, weight = np.maximum(rest, 0.0, dtype=np.float64), np.asarray(np.linalg.slogdet(inner)[1], dtype=np.float64)
    return Fitted(beta, np.asarray(doubt, dtype=np.float64), rest, weight)


@dataclass(frozen=True, slots=True)
class Foretold:
    """The periods after the last one as they would be: their means (m, h), their covariances (m, h, h).

    The covariances are in units of the noise's variance.
    """

    path: Array
    doubt: Array


def foretold(past: Filtered, fit: Fitted, picked: tuple[int, ...], columns: Array, scale: Array) -> Foretold:
    """The h periods that follow, given their columns `(h, k + 1)`, of which the first is not read.

    Cost: h squared for each ratio.
    """
    among = list(picked)
    ahead = columns[None, :, among] - past.level[:, None, among]  # what the columns add to the level that is left
    path = past.level[:, :1] + np.einsum("mhp,mp->mh", ahead, fit.beta)
    steps = np.arange(1.0, len(columns) + 1)
    wander = past.ratios[:, None, None] * np.minimum(steps[:, None], steps[None, :])
    doubt = past.doubt[:, None, None] + wander + np.diag(scale**2)
    return Foretold(path, doubt + np.einsum("mhi,mij,mgj->mhg", ahead, fit.doubt, ahead))
