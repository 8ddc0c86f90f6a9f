"""Forecast models: sample paths of one series on a scale on which its noise is alike everywhere.

All give (draws, steps). The past counts less the longer ago it is (`HALF_LIFE`), parameters are
drawn and not plugged in, and the noise has the tails of Student's t.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

Array = NDArray[np.float64]

HALF_LIFE = 10.0  # periods after which a residual counts half: what was long ago says less of the noise to come
TAILS = 5  # degrees of freedom of the noise
DOUBT = 2.0  # a drift is kept by the share t² / (DOUBT + t²) of its own t statistic
STILL = 1e-4  # of the mean size: no series is held to be stiller than that
QUANTILES = 1024
WANDERS = 0.1  # standard deviation of a step of the logarithm of the noise's size: what `HALF_LIFE` takes for granted
LAGS = 4  # steps within which a move may be taken back
LEAST_LASTING = 0.2
GAINS = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
SLOPES = (0.02, 0.1, 0.3)
DAMPINGS = (0.8, 0.9, 0.98)
LEVELS = np.array([(gain, 0.0, 0.0) for gain in GAINS]).T
TRENDS = np.array([(g, s, d) for g in GAINS for s in SLOPES if s <= g for d in DAMPINGS]).T
FIRST = 7  # points that a first slope is taken from


def ages(count: int) -> Array:
    """The weight of each of so many points, the last one's 1."""
    return np.asarray(0.5 ** (np.arange(count)[::-1] / HALF_LIFE))


def worth(weights: Array) -> float:
    """How many equal points weights are worth. Source: Kish (1965)."""
    return float(weights.sum() ** 2 / (weights * weights).sum())


def noise(rng: np.random.Generator, draws: int, steps: int) -> Array:
    """Noise of variance 1 with the tails of Student's t, whose size wanders along a path: calm ones and rough ones."""
    sizes = _sizes(steps)
    return np.asarray(rng.standard_normal((draws, steps)) * sizes[rng.integers(QUANTILES, size=draws)])


@lru_cache(maxsize=8)
def _sizes(steps: int) -> Array:
    """The sizes of a normal along so many steps, each row as likely, (`QUANTILES`, steps).

    The quantiles that make Student's t of normals, in an order of its own at every step, times a course that wanders.
    Law: the mean square is 1 at every step. Source: Taylor (1982), for sizes that wander.
    """
    rng = np.random.default_rng(0)
    tails = 1 / np.sqrt(chi2.ppf((np.arange(QUANTILES) + 0.5) / QUANTILES, TAILS))
    courses = np.exp(WANDERS * rng.standard_normal((steps, QUANTILES)).cumsum(axis=0))
    found = rng.permuted(np.tile(tails, (steps, 1)), axis=1) * courses
    return np.ascontiguousarray((found / np.sqrt((found**2).mean(axis=1, keepdims=True))).T)


def spreads(rng: np.random.Generator, spread: Array, freedom: float) -> Array:
    """Draws of a standard deviation from what so many degrees of freedom leave open, (draws,)."""
    return np.asarray(spread * np.sqrt(freedom / rng.chisquare(freedom, spread.shape[0])))


def walk(x: Array, steps: int, draws: int, rng: np.random.Generator, widen: float = 1.0) -> Array:
    """A random walk whose drift is believed as far as it stands out of the noise, and is itself drawn."""
    moves = np.diff(x)
    weights = ages(moves.size)
    drift, known = float(moves.mean()), worth(weights)
    variance = float((weights * (moves - drift) ** 2).sum() / weights.sum() * known / max(known - 1, 1.0))
    spread = max(np.sqrt(variance), STILL * float(np.abs(x).mean()))
    if not spread:
        return np.full((draws, steps), x[-1])
    lasting = _lasting(moves - drift)
    square = moves.size * drift * drift / (lasting * spread**2)
    each = spreads(rng, np.full(draws, spread * widen), max(known - 1, 2.0))
    unsure = each * np.sqrt(lasting / moves.size)
    slope = drift * square / (DOUBT + square) + unsure * rng.standard_normal(draws)
    return np.asarray(x[-1] + np.cumsum(noise(rng, draws, steps) * each[:, None] + slope[:, None], axis=1))


def _lasting(moves: Array) -> float:
    """The part of the moves' variance that is not taken back by the next ones: what doubt of a drift is made of.

    Source: Newey, West (1987), doi:10.2307/1913610.
    """
    variance = float(moves @ moves)
    lags = min(LAGS, moves.size // 4)
    if not variance or not lags:
        return 1.0
    back = sum((1 - lag / (lags + 1)) * float(moves[lag:] @ moves[:-lag]) for lag in range(1, lags + 1))
    return min(max(1 + 2 * back / variance, LEAST_LASTING), 1.0)


class Smoothing(NamedTuple):
    """A series (t,) to be smoothed: how many paths, and whether with a damped trend."""

    x: Array
    draws: int
    damped: bool = False


def smoothed(series: Sequence[Smoothing], steps: int, rng: np.random.Generator, widen: float = 1.0) -> list[Array]:
    """Exponential smoothing, level alone or with a damped trend; parameters drawn by how well they foretold the past.

    Several series of one length go through at once, since the passes over time are what costs.
    Source: Hyndman, Koehler, Ord, Snyder (2008), Forecasting with Exponential Smoothing, models ANN and AAdN.
    """
    grids = [TRENDS if each.damped else LEVELS for each in series]
    ends = np.cumsum([grid.shape[1] for grid in grids])
    slopes = [_slope(each.x[:FIRST]) if each.damped else 0.0 for each in series]
    columns = np.column_stack(
        [np.repeat(each.x[:, None], g.shape[1], axis=1) for each, g in zip(series, grids, strict=True)]
    )
    slope = np.concatenate([np.full(grid.shape[1], each) for each, grid in zip(slopes, grids, strict=True)])
    gain, bend, damping = np.concatenate(grids, axis=1)
    level, trend = columns[0] - slope, slope
    missed = np.empty(columns.shape)
    for n, value in enumerate(columns):
        told = level + damping * trend
        missed[n] = value - told
        level, trend = told + gain * missed[n], damping * trend + bend * missed[n]
    weights = ages(len(missed) - 2)
    square = (weights[:, None] * missed[2:] ** 2).sum(0) / weights.sum()
    parts = list(zip(np.split(square, ends[:-1]), [0, *ends[:-1]], series, strict=True))
    drawn = [_chosen(part, start, each, weights, rng) for part, start, each in parts]
    chosen, spread = np.concatenate([each[0] for each in drawn]), np.concatenate([each[1] for each in drawn]) * widen
    shocks = spread[:, None] * noise(rng, chosen.size, steps)
    onward = _onwards(level[chosen], trend[chosen], gain[chosen], bend[chosen], damping[chosen], shocks)
    return np.split(np.column_stack(list(onward)), np.cumsum([each.draws for each in series])[:-1])


def _chosen(
    square: Array, start: int, each: Smoothing, weights: Array, rng: np.random.Generator
) -> tuple[NDArray[np.intp], Array]:
    """The settings of so many paths, and the spread of each."""
    chosen = rng.choice(square.size, each.draws, p=_belief(square, worth(weights)))
    freedom = max(worth(weights) - (3 if each.damped else 1), 2.0)
    least = STILL * float(np.abs(each.x).mean())
    spread = np.maximum(np.sqrt(square[chosen] * worth(weights) / freedom), least)
    return chosen + start, spreads(rng, spread, freedom)


def _slope(x: Array) -> float:
    """The least-squares slope of a few points."""
    at = np.arange(x.size) - (x.size - 1) / 2
    return float(at @ x / (at @ at))


def _belief(square: Array, points: float) -> Array:
    """How far each setting is believed: its likelihood. Law: the same for a series on another scale."""
    best = float(square.min())
    if not square.max():
        return np.full(square.size, 1 / square.size)
    likely = np.asarray((square / square.max() + 1e-12) / (best / square.max() + 1e-12)) ** (-points / 2)
    return np.asarray(likely / likely.sum())


def _onwards(level: Array, trend: Array, gain: Array, bend: Array, damping: Array, shocks: Array) -> Iterator[Array]:
    for shock in shocks.T:
        told = level + damping * trend
        yield told + shock
        level, trend = told + gain * shock, damping * trend + bend * shock
