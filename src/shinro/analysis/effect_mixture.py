"""A mixture of Student's t: what is believed of one number when several models are weighed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

Array = NDArray[np.float64]
HALVINGS = 70  # of a bracket: more than a double's digits
FARTHEST = 200.0  # scales from a mean, beyond which no quantile that we ask for lies


@dataclass(frozen=True, slots=True)
class Mixture:
    """Components by their weights (they add up to 1), means, scales (above 0) and degrees of freedom, each `(m,)`."""

    weights: Array
    means: Array
    scales: Array
    freedom: Array

    @property
    def mean(self) -> float:
        """Its mean."""
        return float(self.weights @ self.means)

    def below(self, number: float) -> float:
        """The probability of less than a number, 0 to 1."""
        found = float(self.weights @ stdtr(self.freedom, (number - self.means) / self.scales))
        return min(found, 1.0)  # weights add up to 1 but for rounding

    def quantile(self, share: float) -> float:
        """The number below which a share of it lies. Law: `below(quantile(p)) = p`. Cost: m for each halving."""
        low = float((self.means - FARTHEST * self.scales).min())
        high = float((self.means + FARTHEST * self.scales).max())
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.below(middle) < share else (low, middle)
        return (low + high) / 2
