"""What following an influence gains in a forecast: `python bench/following.py [SERIES]`.

Simulated pairs of counts by the month. A leader wanders; what it leads comes a lag later: in proportion to it, half
(to its square root), or not at all, the influence being mistaken. Each is forecast 1 to 12 months ahead alone, and as
`plan` does where an influence is stated. Prints how much larger the pinball loss is for it (95 % bootstrap interval),
how often the past agreed, and the coverage of the 95 % range with and without.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from shinro.analysis.forecast import Kind, paths
from shinro.analysis.forecast_following import followed, following, mixed
from shinro.analysis.forecast_models import Array

MONTHS, DRAWS = 12, 600
AHEAD = (1, 3, 6, 12)
LEVELS = np.array([0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975])
HOW = {1.0: "in proportion", 0.5: "half", 0.0: "not at all"}


def pair(rng: np.random.Generator, points: int, lag: int, share: float) -> tuple[Array, Array]:
    """A leader and what it leads, so many months of both and those to come."""
    count = points + MONTHS + lag
    steps = rng.normal(0.01, 0.02) + rng.uniform(0.05, 0.2) * rng.standard_normal(count)
    leading = np.log(rng.uniform(50, 800)) + np.cumsum(steps)
    own = np.cumsum(rng.uniform(0.02, 0.1) * rng.standard_normal(count) + (1 - share) * rng.normal(0.01, 0.02))
    led = np.concatenate([np.full(lag, leading[0]), leading[: count - lag]])
    level = np.log(rng.uniform(0.03, 0.3)) + own + share * led + (1 - share) * leading[0]
    first, second = (rng.poisson(np.exp(np.minimum(each, 11.0))).astype(float)[lag:] for each in (leading, level))
    return first, second


def told(rng: np.random.Generator, points: int, lag: int, share: float) -> tuple[list[float], list[float], bool]:
    """The loss alone and with the influence, coverage alone and with it, and whether the past agreed."""
    leading, led = pair(rng, points, lag, share)
    past = led[:points]
    alone = paths(past, MONTHS, Kind.COUNT, rng, DRAWS)
    pairs = list(zip(past[lag:].tolist(), leading[: points - lag].tolist(), strict=True))
    found = following("leader", pairs, leading[points - lag : points].tolist())
    onward = paths(leading[:points], MONTHS, Kind.COUNT, rng, DRAWS) if found else alone
    whole = mixed(alone, followed(found, onward, rng)) if found else alone
    size = float(np.abs(np.diff(past)).mean()) or 1.0
    losses, held = [], []
    for drawn in (alone, whole):
        ends = np.quantile(drawn, LEVELS, axis=0)
        missed = [led[points + n - 1] - ends[:, n - 1] for n in AHEAD]
        losses.append(float(np.mean([2 * np.maximum(LEVELS * e, (LEVELS - 1) * e) for e in missed])) / size)
        held.append(float(np.mean([each[-1] <= 0 <= each[0] for each in missed])))
    return losses, held, found is not None


def main() -> None:
    """A line for each past, lag and way of leading."""
    series = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    for points in (12, 24, 36):
        for lag in (1, 3):
            for share, how in HOW.items():
                rows = [told(np.random.default_rng([points, lag, int(10 * share), n]), points, lag, share)
                        for n in range(series)]  # fmt: skip
                loss, held = (np.array([row[n] for row in rows]) for n in (0, 1))
                again = np.random.default_rng(0).integers(series, size=(2000, series))
                gaps = (loss[:, 1] - loss[:, 0])[again].mean(1) / loss[:, 0].mean()
                low, high = np.quantile(gaps, [0.025, 0.975])
                gap = loss[:, 1].mean() / loss[:, 0].mean() - 1
                agreed = np.mean([row[2] for row in rows])
                print(
                    f"{points} months, lag {lag}, led {how:13}: loss {gap:+.1%} ({low:+.1%} to {high:+.1%}), "
                    f"past agreed {agreed:.0%}, coverage {held[:, 0].mean():.3f} -> {held[:, 1].mean():.3f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
