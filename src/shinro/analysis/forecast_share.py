"""Shares: what part of a base does something, when the base is small and when it is large."""

from __future__ import annotations

import numpy as np

from shinro.analysis.forecast import LEAST, Kind, paths
from shinro.analysis.forecast_models import Array, ages

RESTLESS = 0.025  # the least step of a period on the scale of log odds: what `shares` discounts a still past for
EDGE = 1e-9
MOVING = 2.0  # events a period from which a share's own course can be seen through its noise
LARGE = 1e9
LEAVING = (0.4, 9.6)  # of what leaves a company's customers in a month: ten at 4 %
NEUTRAL = (1 / 3, 1 / 3)  # of any other share: the posterior's median is the one that was seen, whatever that is


def shares(
    over: Array,
    base: Array,
    steps: int,
    rng: np.random.Generator,
    draws: int,
    prior: tuple[float, float] = NEUTRAL,
) -> Array:
    """Draws of the share itself, without the noise of counting, (draws, steps).

    So far as its past varied no more than counting explains, paths start at a draw from its beta posterior by the
    discounted past and hardly move; the rest lets it move as it did. What varied more is known less well.
    Laws: within 0..1. Source: Kerman (2011), doi:10.1214/11-EJS648, for the prior.
    """
    seen, size = base > 0, unit(over, base)
    weights = np.sqrt(ages(over.size)) * seen / size  # what holds still is told by a longer past
    hits, misses = float((weights * over).sum()), float((weights * np.maximum(base - over, 0)).sum())
    still = rng.beta(prior[0] + hits, prior[1] + misses, draws)
    level = np.clip(still, EDGE, 1 - EDGE)
    moved = np.log(level / (1 - level))[:, None] + RESTLESS * np.cumsum(rng.standard_normal((draws, steps)), axis=1)
    found = np.asarray(1 / (1 + np.exp(-moved)))
    some = round(draws * (1 - 1 / size)) if _is_whole(over) and _is_whole(base) else draws // 2
    if some and seen.sum() >= LEAST and over[seen].mean() / size >= MOVING:
        found[:some] = _drifting(over, base, size, steps, rng, some)
        found = found[rng.permutation(draws)]
    return found


def _drifting(over: Array, base: Array, size: float, steps: int, rng: np.random.Generator, draws: int) -> Array:
    seen = base > 0
    each = np.clip(over[seen] / base[seen], 0, 1)
    return paths(each, steps, Kind.SHARE, rng, draws, base=base[seen] / size)


def unit(over: Array, base: Array) -> float:
    """What counts as one: so much of the base moves at a time, as the past's own variance tells; of counts at least 1.

    Source: McCullagh, Nelder (1989), Generalized Linear Models, 4.5 (dispersion by Pearson's statistic).
    """
    seen = base > 0
    over, base = over[seen], base[seen]
    total = base.sum()
    share = over.sum() / total if total else 0.0
    least = 1.0 if _is_whole(over) and _is_whole(base) else float(total) / LARGE if total else 1.0
    if over.size < 2 or not 0 < share < 1:  # noqa: PLR2004 - a variance of two
        return least
    found = float(((over - share * base) ** 2 / (base * share * (1 - share))).sum() / (over.size - 1))
    return max(least, found * (1 - np.sqrt(2 / (over.size - 1))) if least == 1 else found)


def _is_whole(values: Array) -> bool:
    return bool((values == np.rint(values)).all())


def counted(base: Array, share: Array, rng: np.random.Generator, size: float = 1.0) -> Array:
    """How much of a base does it, the noise of counting drawn in units of `size`: never more than the base."""
    whole = np.minimum(np.maximum(np.rint(np.nan_to_num(base) / size), 0), LARGE).astype(np.int64)
    return np.asarray(np.minimum(rng.binomial(whole, np.clip(share, 0, 1)) * size, np.maximum(base, 0)))
