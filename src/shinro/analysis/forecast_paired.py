"""Pairs: money that comes or goes with a count, because both are measures of the same events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shinro.analysis.forecast import LEAST
from shinro.analysis.forecast_models import Array

CALM = 0.5  # of the variance of its changes: money beside the count it goes with is calmer than alone by half at least
DUST = 1e-9  # of its sum: less is what a division left, and no money


@dataclass(frozen=True, slots=True)
class Paired:
    """Money (`over`) and the count whose money it is (`base`), period by period.

    Of what leaves a stock the money is told in average ones of those that stood (`in_average_ones`).
    """

    count: str
    over: Array
    base: Array

    @property
    def calm(self) -> float:
        """The variance of its changes beside its count over that of its changes alone, on roots, where 0 may be.

        Law: no unit of money matters. 0 where neither ever was.
        """
        if not self.over.any() and not self.base.any():
            return 0.0
        if not self.over.any() or not self.base.any():
            return np.inf
        money, count = np.sqrt(self.over / self.over.sum()), np.sqrt(self.base / self.base.sum())
        alone = float(np.diff(money).var())
        return float(np.diff(money - count).var()) / alone if alone else np.inf


def alike(money: Array, counts: Mapping[str, Array]) -> Paired | None:
    """The count that money goes with by their pasts alone: it is there whenever the count is, and moves as it does."""
    if money.size < LEAST or money.min() < -DUST * abs(money.sum()):
        return None
    there = np.where(money > DUST * money.sum(), money, 0.0)
    fitting = [Paired(name, there, count) for name, count in counts.items() if ((there > 0) == (count > 0)).all()]
    best = min(fitting, key=lambda each: each.calm, default=None)
    return best if best and best.calm < CALM else None


def in_average_ones(money: Array, stood: Array, count: Array) -> Array:
    """Money that left a stock of money, as so many of the average ones that stood; `count` is how many those were."""
    return np.asarray(np.divide(money * count, stood, out=np.zeros(money.shape), where=stood > 0))
