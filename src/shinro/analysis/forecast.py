"""Forecast: sample paths of one series, inside the bounds of what it is.

Four simple models are pooled: on the scale of square roots, on which the noise of counts and of most amounts is alike,
a random walk, a level and a damped trend; on the series' own scale a level. As far as the past's noise grows with its
level, a walk and a level on logarithms come in. Each says how unsure it is, and the pool is wider than any of them:
what series do that were never seen is what a user's series does next.
"""

from __future__ import annotations

from enum import Enum
from math import inf

import numpy as np

from shinro.analysis.forecast_edges import edged, still
from shinro.analysis.forecast_models import Array, Smoothing, ages, smoothed, walk
from shinro.analysis.forecast_season import season

LEAST = 8  # points below which nothing is forecast
DRAWS = 2000
MODELS = 4
ABOVE = 0.05  # of the mean, added before logarithms of a series that touches 0
FURTHEST = 12.0  # on the scale of log odds; rates beyond are 0 or 1
HALF = 0.5
MOST_GROWING = 0.5  # of the paths at most are drawn on logarithms
CAUTION = 0.5  # power of the likelihood: a short past speaks too loudly
REACH, LEAST_REACH = 1.5, 0.1  # of the past's own reach in logarithms is how far above it paths may go
TINY = 1e-12
COUNTING = 0.5  # the variance of a step between the roots of two counts of the same rate
LEAST_LYING = 0.05  # on the scale of log odds: no single share is held to be known better
LEAST_MOVING = 0.05  # of the variance of a share's steps is its own movement at least


class Kind(Enum):
    """What bounds a series has."""

    COUNT = "count"  # whole, from 0 up
    AMOUNT = "amount"  # from 0 up
    SHARE = "share"  # 0 to 1
    NUMBER = "number"  # any

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the most that it can be."""
        return -inf if self is Kind.NUMBER else 0.0, 1.0 if self is Kind.SHARE else inf


def paths(
    past: Array,
    steps: int,
    kind: Kind,
    rng: np.random.Generator,
    draws: int = DRAWS,
    length: int = 1,
    base: Array | None = None,
    widen: float = 1.0,
) -> Array:
    """Sample paths (draws, steps) that follow a past (t,) of at least 8 points; `length` is a season's, in periods.

    `base`: what a share is of, so that the noise of counting it is not taken for its movement. `widen`: how many
    times the noise is that the past shows, as where it was filled between its points.
    Laws: inside the bounds of its kind; the same generator gives the same bytes; an amount times a number has its
    paths times that number. A past that goes below 0 has no bound there. Cost: about 2 ms for 1,000 paths of 12.
    """
    if kind is Kind.SHARE:
        return _odds(past, steps, rng, draws, length, base, widen)
    positive = bool(past.min() >= 0)
    if positive and not past.max():
        return _never(past.size / widen**2, steps, kind, rng, draws)
    size = 2.0 ** np.floor(np.log2(np.abs(past).mean()))  # a power of two: dividing by it loses no digit
    counting = COUNTING / size if kind is Kind.COUNT else 0.0
    drawn = (
        _seasonal(past / size, steps, rng, draws, length, counting, widen)
        if positive
        else _mixed(past / size, steps, rng, draws, length, widen=widen)
    )
    found = np.asarray(drawn * size)
    return np.rint(found) if kind is Kind.COUNT else found


def _seasonal(
    past: Array, steps: int, rng: np.random.Generator, draws: int, length: int, counting: float, widen: float
) -> Array:
    """Paths of what is never below 0; a season multiplies."""
    above = ABOVE * past.mean() if past.min() <= 0 else 0.0
    shape = season(np.log(past + above), length)
    with_it = round(draws * shape.belief) if shape else 0
    parts = []
    if shape and with_it:
        plain = (past + above) * np.exp(-shape.of(0, past.size))
        onward = _pool(plain, steps, rng, with_it, widen * shape.widen, counting) * np.exp(shape.of(past.size, steps))
        parts.append(np.maximum(onward - above, 0))
    if draws > with_it:
        parts.append(_pool(past, steps, rng, draws - with_it, widen, counting))
    return _shuffled(np.concatenate(parts), rng)


def _pool(
    x: Array, steps: int, rng: np.random.Generator, draws: int, widen: float = 1.0, counting: float = 0.0
) -> Array:
    """The four models, a quarter of the draws each, but for those on logarithms, at most half, where the past grows."""
    growing = round(draws * MOST_GROWING * _grows(x))
    counts, half = _quarters(draws - growing), growing // 2
    roots, logs = np.sqrt(x), np.log(x) if growing else x
    series = [Smoothing(roots, counts[1]), Smoothing(roots, counts[2], damped=True), Smoothing(x, counts[3])]
    level, trend, plain, *grown = smoothed(
        [*series, Smoothing(logs, growing - half)][: 4 if growing else 3], steps, rng, widen
    )
    rooted = np.concatenate(
        [walk(roots, steps, counts[0], rng, widen * _own(roots, counting / widen**2)), level, trend]
    )
    found = [np.maximum(rooted, 0) ** 2, np.maximum(plain, 0)]
    if growing:
        most = logs.max() + REACH * max(float(np.ptp(logs)), LEAST_REACH) + 1
        found.append(np.exp(np.minimum(np.concatenate([walk(logs, steps, half, rng, widen), *grown]), most)))
    return np.concatenate(found)


def _own(roots: Array, counting: float) -> float:
    """The part of a count's steps, as a standard deviation, that the noise of counting does not explain."""
    steps = float(np.diff(roots).var())
    return float(np.sqrt(max(1 - counting / steps, LEAST_MOVING))) if steps and counting else 1.0


def _grows(x: Array) -> float:
    """How far the past speaks for noise that grows with the level: the evidence of logarithms beside roots, 0 to 1.

    Law: the same for a series times a number.
    """
    if x.min() <= 0:
        return 0.0
    size = np.log(x[1:] / x.mean())
    roots = _likely(np.sqrt(x / x.mean())) - float((size / 2).sum()) - size.size * np.log(2)
    logs = _likely(np.log(x)) - float(size.sum())
    return float(1 / (1 + np.exp(np.clip(CAUTION * (roots - logs), -FURTHEST, FURTHEST))))


def _likely(x: Array) -> float:
    """The log likelihood of the steps at their own spread."""
    moves = np.diff(x)
    weights = ages(moves.size)
    spread = float((weights * (moves - moves.mean()) ** 2).sum() / weights.sum())
    return -moves.size / 2 * float(np.log(max(spread, TINY)))


def _mixed(
    x: Array, steps: int, rng: np.random.Generator, draws: int, length: int, moves: float = 1.0, widen: float = 1.0
) -> Array:
    """Paths of what has no bounds, on its own scale; a season adds. `moves`: how much of its steps is no mere noise."""
    shape = season(x, length)
    plain, onward = x, np.zeros(steps)
    if shape and shape.belief > HALF:
        plain, widen, onward = x - shape.of(0, x.size), widen * shape.widen, shape.of(x.size, steps)
    counts = _quarters(draws)
    series = [Smoothing(plain, counts[1] + counts[3]), Smoothing(plain, counts[2], damped=True)]
    found = [walk(plain, steps, counts[0], rng, widen * moves), *smoothed(series, steps, rng, widen)]
    return _shuffled(np.concatenate(found) + onward, rng)


def _odds(
    past: Array, steps: int, rng: np.random.Generator, draws: int, length: int, base: Array | None, widen: float
) -> Array:
    """Paths of a share, on the scale of its log odds.

    None and all are values like others (forecast_edges). Where the share's base is known they are the noise of counting
    it, and count as half of the nearest other share.
    """
    inner = past[(past > 0) & (past < 1)]
    if base is None and inner.size < past.size:
        return edged(past, steps, rng, draws, lambda between, count: _between(between, steps, rng, count, widen))
    low, high = (inner.min() / 2, (1 + inner.max()) / 2) if inner.size else (1 / (2 * past.size), 1 - 1 / past.size / 2)
    clipped = np.clip(past, low, high)
    logs = np.log(clipped / (1 - clipped))
    return _share(_mixed(logs, steps, rng, draws, length, _moving(logs, clipped, base), widen))


def _between(past: Array, steps: int, rng: np.random.Generator, draws: int, widen: float) -> Array:
    """Paths of a share from the periods in which it was neither 0 nor 1."""
    logs = np.log(past / (1 - past))
    if past.size < LEAST:
        return _share(still(logs, steps, rng, draws, LEAST_LYING))
    return _share(_mixed(logs, steps, rng, draws, 1, widen=widen))


def _share(logs: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(logs, -FURTHEST, FURTHEST))))


def _moving(logs: Array, share: Array, base: Array | None) -> float:
    """The part of a share's steps, as a standard deviation, that the noise of counting its base does not explain."""
    steps = float(np.diff(logs).var())
    if base is None or not steps:
        return 1.0
    noise = float((1 / (base * share * (1 - share))).mean())
    return float(np.sqrt(max(1 - 2 * noise / steps, LEAST_MOVING)))


def _never(periods: float, steps: int, kind: Kind, rng: np.random.Generator, draws: int) -> Array:
    """Paths where nothing was ever counted: once is still possible. Source: the gamma prior of Jeffreys."""
    if kind is not Kind.COUNT:
        return np.zeros((draws, steps))
    rate = rng.gamma(HALF, 1 / periods, draws)
    return np.asarray(rng.poisson(np.broadcast_to(rate[:, None], (draws, steps))), dtype=np.float64)


def _quarters(draws: int) -> tuple[int, ...]:
    return tuple(draws // MODELS + (n < draws % MODELS) for n in range(MODELS))


def _shuffled(found: Array, rng: np.random.Generator) -> Array:
    """The paths in an order that does not tell which model they are of."""
    return np.asarray(found[rng.permutation(len(found))])
