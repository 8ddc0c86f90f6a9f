"""Whether one series is ahead of another: Granger's test over several lags, and forecasts out of sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from shinro.analysis.evidence_fits import Floats, added, clark_west, complete, forecasts, lagged, order, residuals

LEARNING = 0.4  # share of the weeks on which the first forecast is learnt
ROOM = 8  # rows beyond the columns that a fit needs, and forecasts that a mean needs


@dataclass(frozen=True, slots=True)
class Ahead:
    """How far one series is ahead of another."""

    lag: int  # weeks
    sign: int
    p: float  # Granger's, over all lags tried
    gain: float  # share of the squared error of forecasts that is saved, out of sample
    gain_p: float  # Clark and West's

    @property
    def both(self) -> float:
        """The p of the claim that needs both tests: the larger one (an intersection-union test)."""
        return max(self.p, self.gain_p)


def ahead(driver: Floats, outcome: Floats, controls: Floats, longest: int) -> Ahead | None:
    """Whether the driver's past tells of the outcome what its own past and the controls do not; None: too few weeks.

    For each lag k of 1..longest the outcome is regressed on controls, its own p + 1 lags, the driver's lag k + 1 and
    lag k; lag k alone is tested, so that the test holds for series that wander (Toda and Yamamoto 1995,
    doi:10.1016/0304-4076(94)01616-8). The smallest p counts, as one of `longest` (Sidak 1967).
    Law: scaling or shifting either series changes nothing. Shapes (weeks,), (weeks, columns).
    Cost: longest fits and as many batches of forecasts.
    """
    own = order(outcome, controls)
    past = lagged(outcome, range(1, own + 2))
    seen = lagged(driver, range(1, longest + 2))
    rows = complete(outcome, past, seen)
    if rows.sum() < controls.shape[1] + own + ROOM * 2:
        return None
    values, below, seen = outcome[rows], np.hstack([controls, past])[rows], seen[rows]
    tests = [added(values, np.column_stack([below, seen[:, k]]), seen[:, [k - 1]]) for k in range(1, longest + 1)]
    best = int(np.argmax([test.f for test in tests]))
    p = -np.expm1(longest * np.log1p(-min(tests[best].p, 1 - 1e-15)))
    sign = 1 if tests[best].weights[0] > 0 else -1
    gain, gain_p = out_of_sample(values, below[:, :-1], seen[:, :longest])
    return Ahead(best + 1, sign, float(p), gain, gain_p)


def out_of_sample(values: Floats, below: Floats, seen: Floats) -> tuple[float, float]:
    """What knowing the driver saves of the squared error of one-week forecasts, and the p of Clark and West.

    Each forecast uses the weeks before it alone, also to choose the lag. Shapes (n,), (n, columns), (n, lags).
    """
    first = max(int(LEARNING * len(values)), below.shape[1] + ROOM)
    if len(values) - first < ROOM:
        return 0.0, 1.0
    small, _ = forecasts(below, values, first)
    tried = [forecasts(np.column_stack([below, lag]), values, first) for lag in seen.T]
    chosen = np.argmin([left for _, left in tried], axis=0)
    large = np.array([made for made, _ in tried])[chosen, np.arange(len(small))]
    actual = values[first:]
    error = float(((actual - small) ** 2).sum())
    gain = 1 - float(((actual - large) ** 2).sum()) / error if error else 0.0
    return gain, clark_west(actual, small, large)[1]


def together(one: Floats, other: Floats, controls: Floats) -> tuple[float, float]:
    """How what is new in a week of one series goes with what is new in the other: correlation and its p.

    New is what controls and own lags do not foretell (Haugh 1976, doi:10.1080/01621459.1976.10480353).
    """
    pasts = [lagged(values, range(1, order(values, controls) + 1)) for values in (one, other)]
    rows = complete(one, other, *pasts)
    if rows.sum() < controls.shape[1] + ROOM * 2:
        return 0.0, 1.0
    news, used = [], 0
    for values, past in zip((one, other), pasts, strict=True):
        rest, rank = residuals(np.hstack([controls, past])[rows], values[rows])
        news.append(rest)
        used = max(used, rank)
    freedom = int(rows.sum()) - used - 1
    size = float(np.sqrt((news[0] @ news[0]) * (news[1] @ news[1])))
    if freedom < 1 or size <= 0:
        return 0.0, 1.0
    r = float(np.clip(news[0] @ news[1] / size, -1 + 1e-12, 1 - 1e-12))
    return r, float(2 * special.stdtr(freedom, -abs(r) * (freedom / (1 - r * r)) ** 0.5))
