"""Shares: what part of a base does something, when the base is small and when it is not."""

from __future__ import annotations

import numpy as np

from shinro.analysis.forecast import HALF, LEAST, Kind, paths
from shinro.analysis.forecast_models import Array, ages

MOVING = 5.0  # events a period from which a share's own course can be seen through its noise
LARGE = 1e9


def shares(
    over: Array, base: Array, steps: int, rng: np.random.Generator, draws: int, *, counted: bool = True
) -> Array:
    """Draws of the share itself, without the noise of counting, (draws, steps).

    Half of the paths hold it still, at a draw from its beta posterior by the discounted past; where enough is counted,
    the other half lets it move as it did. A share that varied more than counting explains is known less well.
    Laws: within 0..1. Source: Jeffreys' prior; McCullagh, Nelder (1989), 4.5, for the dispersion.
    """
    seen = base > 0
    weights = ages(over.size) * seen
    hits, misses = float((weights * over).sum()), float((weights * (base - over)).sum())
    if not counted:
        return _drifting(over, base, steps, rng, draws)
    spread = _dispersion(over[seen], base[seen])
    still = rng.beta(HALF + hits / spread, HALF + max(misses, 0.0) / spread, draws)
    found = np.repeat(still[:, None], steps, axis=1)
    if seen.sum() >= LEAST and over[seen].mean() >= MOVING:
        half = draws // 2
        found[:half] = _drifting(over, base, steps, rng, half)
        found = found[rng.permutation(draws)]
    return found


def _drifting(over: Array, base: Array, steps: int, rng: np.random.Generator, draws: int) -> Array:
    seen = base > 0
    each = np.clip(over[seen] / base[seen], 0, 1)
    if each.size < LEAST:
        return np.repeat(rng.choice(each if each.size else np.zeros(1), draws)[:, None], steps, axis=1)
    return paths(each, steps, Kind.SHARE, rng, draws)


def _dispersion(over: Array, base: Array) -> float:
    """How many times the variance of counting the past varied by, at least 1."""
    total = base.sum()
    share = over.sum() / total if total else 0.0
    if over.size < 2 or not 0 < share < 1:  # noqa: PLR2004 - a variance of two
        return 1.0
    return max(1.0, float(((over - share * base) ** 2 / (base * share * (1 - share))).sum() / (over.size - 1)))


def counted(base: Array, share: Array, rng: np.random.Generator) -> Array:
    """How many of a base do it, the noise of counting drawn: whole, and never more than the base."""
    whole = np.minimum(np.maximum(np.rint(base), 0), LARGE).astype(np.int64)
    return np.asarray(rng.binomial(whole, np.clip(share, 0, 1)), dtype=np.float64)
