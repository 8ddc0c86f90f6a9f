"""Averages: what each of a few brings, when it is told by few and when by many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shinro.analysis.forecast import FURTHEST, LEAST, TINY, Kind, paths
from shinro.analysis.forecast_models import Array, ages

USUAL = 0.5  # standard deviation of the logarithm of what one brings, where nothing tells it
TRUST = 2.0  # how many periods that counts for where some do


@dataclass(frozen=True, slots=True)
class Averages:
    """Draws of an average (draws, steps), and the standard deviation of the logarithm of what one of them is (draws,).

    `apart` is 0 on paths that hold the noise of their periods already.
    """

    level: Array
    apart: Array


def averages(over: Array, base: Array, steps: int, rng: np.random.Generator, draws: int) -> Averages | None:
    """What each of a base brings, without the noise of how few they are; None where nothing ever was.

    So far as its past tells of no course of its own, paths hold a level drawn from what the past leaves open; the rest
    follows the four models. Law: an amount times a number has its averages times that number.
    """
    seen = (base > 0) & (over > 0)
    if not seen.any():
        return None
    each, few, weights = np.log(over[seen] / base[seen]), base[seen], (np.sqrt(ages(over.size)) * base)[seen]
    level = float(weights @ each / weights.sum())
    freedom = TRUST + each.size - 1
    square = TRUST * USUAL**2 + float((few * (each - level) ** 2).sum())
    apart = np.sqrt(square / rng.chisquare(freedom, draws))
    known = float(weights.sum() ** 2 / (weights**2 / few).sum())
    start = level + apart / np.sqrt(known) * rng.standard_normal(draws)
    found = np.repeat(np.exp(start)[:, None], steps, axis=1)
    some = round(draws * _moving(each, few, level))
    if some:
        found[:some] = paths(np.exp(each), steps, Kind.AMOUNT, rng, some)
        apart[:some] = 0
        order = rng.permutation(draws)
        found, apart = found[order], apart[order]
    return Averages(found, apart)


def _moving(each: Array, few: Array, level: float) -> float:
    """How far its past speaks for a course of its own: the likelihood of a walk beside noise around a level, 0 to 1."""
    if each.size < LEAST:
        return 0.0
    count = each.size - 1
    noise = count * np.log(max((few * (each - level) ** 2)[1:].sum() / count, TINY)) - np.log(few[1:]).sum()
    walk = count * np.log(max((np.diff(each) ** 2).sum() / count, TINY))
    return float(1 / (1 + np.exp(np.clip((walk - noise) / 2, -FURTHEST, FURTHEST))))


def bring(count: Array, found: Averages, rng: np.random.Generator) -> Array:
    """What so many bring, with the noise of how few they are. Law: nothing where there are none."""
    spread = found.apart[:, None] / np.sqrt(np.maximum(count, 1))
    return np.asarray(count * found.level * np.exp(spread * rng.standard_normal(count.shape)))
