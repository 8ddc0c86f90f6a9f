"""Season: how far each place in the year stands above or below the rest, as far as the data show it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from shinro.analysis.forecast_models import Array

WIDTH = 0.75  # of a season: how wide the line is that the trend is smoothed by
ROUNDS = 3
SIGN = 3.0  # the variance ratio at which a season is as likely as none
SURE, NONE = 0.95, 0.05  # beliefs beyond which it is taken for certain
CYCLES = 2  # seasons that must have been seen


@dataclass(frozen=True, slots=True)
class Season:
    """An index for each place in a cycle (they add up to 0), shrunk by its own noise; and how far it is believed."""

    index: Array
    belief: float
    widen: float  # the residuals are this much too small: the indices were fitted to them

    def of(self, first: int, count: int) -> Array:
        """The indices of so many periods from the first on, counted from the start of the past."""
        return np.asarray(self.index[np.arange(first, first + count) % self.index.size])


def season(x: Array, length: int) -> Season | None:
    """The season of a series on a scale on which it adds; None where too little was seen or none shows.

    By turns the trend is smoothed by a local line and the indices are the means of what is left; they are shrunk as
    James and Stein (1961) would. Cost: cubic in the season's length once, then linear in points times their number.
    """
    if length < CYCLES or x.size < CYCLES * length:
        return None
    place = np.arange(x.size) % length
    counts = np.bincount(place, minlength=length)
    line = _line(x.size, WIDTH * length)
    index = np.zeros(length)
    for _ in range(ROUNDS):
        trend = line @ (x - index[place])
        index = np.bincount(place, x - trend, length) / counts
        index -= index.mean()
    left = x - trend - index[place]
    freedom = max(x.size - length - x.size / (WIDTH * length), 2.0)
    doubt = float(left @ left) / freedom / counts.mean()
    seen = float(index @ index) / (length - 1)
    if not seen:
        return None
    ratio = seen / doubt if doubt else np.inf
    belief = float(1 / (1 + np.exp(-2 * np.clip(ratio - SIGN, -20, 20))))
    belief = 1.0 if belief > SURE else 0.0 if belief < NONE else belief
    kept = max(0.0, 1 - 1 / ratio)
    return Season(index * kept, belief, float(np.sqrt(x.size / (x.size - length)))) if belief and kept else None


@lru_cache(maxsize=64)
def _line(count: int, width: float) -> Array:
    """The matrix that smooths so many points by local lines with Gaussian weights. Source: Cleveland (1979)."""
    at = np.arange(count)
    away = at[None, :] - at[:, None]
    weights = np.exp(-0.5 * (away / width) ** 2)
    total, first, second = weights.sum(1), (weights * away).sum(1), (weights * away**2).sum(1)
    return np.asarray(weights * (second[:, None] - first[:, None] * away) / (total * second - first**2)[:, None])
