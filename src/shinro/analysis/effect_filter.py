"""The local level, filtered: a series as a level that wanders, what else is known of it, and noise.

    y[t] = level[t] + x[t]·beta + noise[t] * scale[t],   level[t + 1] = stay * level[t] + ratio ** ½ * step[t]

Noise and steps are independent, normal, of one variance, which is concentrated out; so is beta, of whose columns the
first are ones: the mean. A level that stays (1) starts anywhere, one of which a part stays wanders about the mean as
long as it has. All choices of ratio and stay are filtered in one pass, for each column alike, and what is estimated
comes from the cross products of the innovations (generalised least squares).

Law: the cross products equal those of the dense covariance, inverted: `diag(scale²) + ratio * min(s, t)` where the
level stays, else `diag(scale²) + ratio / (1 - stay²) * stay ** |s - t|`.
Source: de Jong (1991), The diffuse Kalman filter; Harvey (1989), Forecasting, Structural Time Series Models and the
Kalman Filter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Truths = NDArray[np.bool_]
FIRM = 1e-10  # of a column's own product, added to it: columns that say the same thing share what they explain
ROUNDING = 1e-12  # of the series' own product: less than that is left by rounding alone


@dataclass(frozen=True, slots=True)
class Steps:
    """How a level may move: the variance of its steps against the noise's, and the part of it that stays, each (m,)."""

    ratios: Array
    stays: Array  # above 0, 1 at most

    @property
    def first(self) -> Array:
        """The variance of a level before anything is seen: 0 where it starts anywhere, which is the mean's to say."""
        away = np.where(self.stays < 1, 1 - self.stays**2, np.inf)
        return self.ratios / away


@dataclass(frozen=True, slots=True)
class Filtered:
    """What is left of a series' past, for each of m choices of steps and k + 1 columns (the series first)."""

    steps: Steps
    products: Array  # (m, k + 1, k + 1): of the innovations, weighted by their variances
    spread: Array  # (m,): the sum of the logarithms of those variances
    level: Array  # (m, k + 1): each column's own level, after the last period
    doubt: Array  # (m,): its variance in units of the noise's
    seen: int  # periods that had a value


def filtered(columns: Array, scale: Array, steps: Steps) -> Filtered:
    """A pass over the columns `(n, k + 1)`; a period with a NaN is a gap. Cost: linear in n, m and k squared."""
    count, width = steps.ratios.size, columns.shape[1]
    level, doubt = np.zeros((count, width)), steps.first
    products, spread = np.zeros((count, width, width)), np.zeros(count)
    known = whole(columns)
    for at, row in enumerate(columns):
        if at:
            level = level * steps.stays[:, None]
            doubt = doubt * steps.stays**2 + steps.ratios
        if not known[at]:
            continue
        innovation, variance = row - level, doubt + scale[at] ** 2
        gain = doubt / variance
        level = level + gain[:, None] * innovation
        doubt = doubt * (1 - gain)
        products += innovation[:, :, None] * innovation[:, None, :] / variance[:, None, None]
        spread += np.log(variance)
    return Filtered(steps, products, spread, level, doubt, int(known.sum()))


def whole(columns: Array) -> Truths:
    """Which periods have a value in every column, (n,)."""
    return np.asarray(np.isfinite(columns).all(axis=1), dtype=bool)


@dataclass(frozen=True, slots=True)
class Fitted:
    """Generalised least squares on some of the columns: m choices of steps, p of the columns."""

    beta: Array  # (m, p)
    doubt: Array  # (m, p, p): its covariance in units of the noise's variance
    rest: Array  # (m,): the weighted sum of squares that is left
    weight: Array  # (m,): the logarithm of the determinant of the columns' products


def fitted(past: Filtered, picked: tuple[int, ...]) -> Fitted:
    """The series on the columns with these numbers (1 is the first after the series). Cost: p cubed."""
    among = np.array(picked)
    inner = past.products[:, among[:, None], among[None, :]]
    inner = inner + FIRM * inner * np.eye(len(picked))
    outer, own = past.products[:, among, 0], past.products[:, 0, 0]
    doubt = np.linalg.inv(inner)
    beta = np.einsum("mij,mj->mi", doubt, outer)
    rest = np.maximum(own - np.einsum("mi,mi->m", outer, beta), ROUNDING * own, dtype=np.float64)
    weight = np.asarray(np.linalg.slogdet(inner)[1], dtype=np.float64)
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

    Cost: h squared for each choice of steps.
    """
    among, stays = list(picked), past.steps.stays
    ahead = np.arange(1, len(columns) + 1)
    left = stays[:, None] ** ahead  # of the last level
    moved = columns[None, :, among] - left[:, :, None] * past.level[:, None, among]
    path = left * past.level[:, :1] + np.einsum("mhp,mp->mh", moved, fit.beta)
    own = _variances(past, len(columns))
    earlier, apart = np.minimum(ahead[:, None], ahead[None, :]) - 1, np.abs(ahead[:, None] - ahead[None, :])
    doubt = own[:, earlier] * stays[:, None, None] ** apart + np.diag(scale**2)
    return Foretold(path, doubt + np.einsum("mhi,mij,mgj->mhg", moved, fit.doubt, moved))


def _variances(past: Filtered, count: int) -> Array:
    """Of the level in each of the periods that follow, (m, h)."""
    found, doubt = np.zeros((past.doubt.size, count)), past.doubt
    for at in range(count):
        doubt = doubt * past.steps.stays**2 + past.steps.ratios
        found[:, at] = doubt
    return found
