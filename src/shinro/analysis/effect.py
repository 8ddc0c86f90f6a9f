"""Effect: what a series would have been after a start, from its past and its controls, and how far it was from that.

The past is a local level (`effect_filter`) with the controls beside it, with or without a slope, from two years of
past on also with or without a season. How far the level wanders, how much of it stays, and which of these hold, is
not picked but weighed by how likely each makes the past: what was picked would be trusted too much, and a level taken
for still where it wanders makes effects of nothing. All of the level stays with odds of 9 to 1, else 0.6 of it; the
steps' variance against the noise's is as likely in each decade (but that the difference from a twin stands still has
even odds: it is what makes it one); slope and season are believed with odds of 1 to 4 each, and pay for themselves by
a prior worth one period (Zellner's g, g = n).

Law: an effect's sign flips with the series'; it scales with the series' unit; adding a constant leaves it.
Source: Brodersen et al. (2015), Inferring causal impact using Bayesian structural time-series models (the question);
Harvey (1989) (the model); Liang et al. (2008), Mixtures of g priors (the weights).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from math import inf

import numpy as np
from scipy.special import logsumexp

from shinro.analysis.effect_filter import Array, Filtered, Steps, Truths, filtered, fitted, foretold, whole
from shinro.analysis.effect_mixture import Mixture
from shinro.findings.effects import Estimate, Interval

LEVEL = 0.95  # of the intervals
POWER = 0.8  # of the smallest effect that would be seen
STAYING = 0.9  # how likely it is that all of a level stays, before anything is seen
PARTLY = 0.6  # what stays of it else
RATIOS = np.concatenate([[0.0], np.logspace(-3, 2, 25)])  # of a level that stays
SWIFT = np.logspace(-2, 2, 13)  # of one that does not: slower steps are noise
STEPS = Steps(np.concatenate([RATIOS, SWIFT]), np.concatenate([np.ones(RATIOS.size), np.full(SWIFT.size, PARTLY)]))
BELIEFS = np.concatenate([np.full(RATIOS.size, STAYING / RATIOS.size), np.full(SWIFT.size, (1 - STAYING) / SWIFT.size)])
STILL = 0.5  # how likely it is that a twin's difference stands still: the two are taken to be parallel
ODDS = 0.25  # of a slope, and of a season, before anything is seen
SLIGHT = 1e-6  # weights below it change no digit that is shown
LEAST_BEFORE = 13  # periods: a quarter of weeks
LEAST_AFTER = 4  # periods: a month of weeks
BEYOND = 0.1  # of the smallest effect that would be seen: so far out of its ends the past may lead, on average
FLAT = 1e-9  # of a series' size: variation below it is rounding


@dataclass(frozen=True, slots=True)
class Case:
    """A series and the number of the period that the effect starts in; None is a gap.

    `controls` move with it in some measure, which the past tells; a `twin` one for one, by assumption. `noise` is how
    noisy each period is against the others (1 where all are alike; the square root of the mean base over the period's
    own for a rate); `year` is how many periods make a season, None where there is none to look for. `ends` are the
    least and the most that the series can be.
    """

    actual: Sequence[float | None]
    start: int
    controls: Sequence[Sequence[float | None]] = ()
    twin: Sequence[float | None] = ()
    noise: Sequence[float] = ()
    year: int | None = None
    ends: tuple[float, float] = (-inf, inf)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The effect, and each period after the start as it would have been (None in a gap), inside the series' ends.

    `beyond` is 1 or -1 where the past leads above or below them: where it would have stopped on its way is not known,
    and the estimate not to be told. Else 0.
    """

    estimate: Estimate
    without: tuple[Interval | None, ...]
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class _Believed:
    weights: Array  # (m,)
    paths: Array  # (m, h)
    doubts: Array  # (m, h, h), in the series' unit squared
    freedom: Array  # (m,)

    def of(self, share: Array) -> Mixture:
        """What is believed of a weighted sum of the periods after the start."""
        scales = np.sqrt(np.einsum("h,mhg,g->m", share, self.doubts, share))
        return Mixture(self.weights, self.paths @ share, scales, self.freedom)


def effect(case: Case, *, by_period: bool = True) -> Outcome | None:
    """The effect; None where too little is known before or after, or the series did not move at all before.

    Cost: linear in the periods before, squared in those after; about 10 ms for 60 and 12.
    """
    columns, optional = _columns(case)
    twin = _floats(case.twin) if case.twin else np.zeros(len(columns))
    columns[:, 0] -= twin
    known = whole(columns)
    before, after = known[: case.start], known[case.start :]
    if before.sum() < LEAST_BEFORE + len(case.controls) or after.sum() < LEAST_AFTER:
        return None
    past = columns[: case.start][before, 0]
    middle, size = float(past.mean()), _size(past)
    if size is None:
        return None
    columns[:, 0] = (columns[:, 0] - middle) / size
    scale = np.array(case.noise, dtype=float) if case.noise else np.ones(len(columns))
    beliefs = _beliefs(STILL) if case.twin else BELIEFS
    believed = _believed(columns, scale, case.start, optional, beliefs)
    beside = np.nan_to_num(twin[case.start :]) + middle
    actual = columns[case.start :, 0] * size + beside
    paths = believed.paths * size + beside
    believed = _Believed(believed.weights, paths, believed.doubts * size**2, believed.freedom)
    share = after / after.sum()
    path = believed.weights @ believed.paths
    moved = float(share @ (np.clip(path, *case.ends) - path))
    estimate = _estimate(believed.of(share), float(actual[after].mean()), int(after.sum()), moved, case.ends)
    return Outcome(
        estimate,
        tuple(_without(believed, after, case.ends)) if by_period else (),
        0 if abs(moved) <= BEYOND * estimate.detectable else 1 if moved < 0 else -1,
    )


def _beliefs(still: float) -> Array:
    """The beliefs in steps, but so much in a level that stands still, the first of them."""
    return np.concatenate([[still], BELIEFS[1:] * (1 - still) / (1 - BELIEFS[0])])


def _size(past: Array) -> float | None:
    """The spread of the past; None where it does not move."""
    spread = float(past.std())
    return spread if spread > FLAT * float(np.abs(past).max(initial=0.0)) else None


def _columns(case: Case) -> tuple[Array, tuple[tuple[int, ...], ...]]:
    """The series, ones, the controls, a slope and a season as columns; the numbers of those that may be left out."""
    count = len(case.actual)
    when = np.arange(count) - case.start
    found = [_floats(case.actual), np.ones(count)]
    for control in map(_floats, case.controls):
        past = control[: case.start]
        spread = float(np.nanstd(past)) if np.isfinite(past).any() else 0.0
        if spread > FLAT * float(np.nanmax(np.abs(past), initial=0.0)):
            found.append((control - np.nanmean(past)) / spread)
    optional: list[tuple[int, ...]] = [(len(found),)]
    found.append(when / max(case.start, 1))
    if case.year and case.start >= 2 * case.year:
        optional.append((len(found), len(found) + 1))
        angle = 2 * np.pi * when / case.year
        found += [np.sin(angle), np.cos(angle)]
    return np.column_stack(found), tuple(optional)


def _floats(series: Sequence[float | None]) -> Array:
    return np.array([np.nan if value is None else value for value in series], dtype=float)


def _believed(
    columns: Array, scale: Array, start: int, optional: tuple[tuple[int, ...], ...], beliefs: Array
) -> _Believed:
    past = filtered(columns[:start], scale[:start], STEPS)
    always = tuple(n for n in range(1, columns.shape[1]) if n not in set(chain(*optional)))
    weights, paths, doubts, freedom = [], [], [], []
    for chosen in _choices(optional):
        picked = always + chosen
        fit = fitted(past, picked)
        ahead = foretold(past, fit, picked, np.nan_to_num(columns[start:]), scale[start:])
        left = past.seen - len(picked)
        believed = np.log(beliefs) + np.log(ODDS) * sum(each[0] in chosen for each in optional)
        weights.append(_likelihood(past, always, fit.rest, len(chosen)) + believed)
        paths.append(ahead.path)
        doubts.append(ahead.doubt * (fit.rest / left)[:, None, None])
        freedom.append(np.full(BELIEFS.size, float(left)))
    logs = np.concatenate(weights)
    share = np.exp(logs - logsumexp(logs))
    kept = share > SLIGHT
    parts = (np.concatenate(each)[kept] for each in (paths, doubts, freedom))
    return _Believed(share[kept] / share[kept].sum(), *parts)


def _choices(optional: tuple[tuple[int, ...], ...]) -> Iterator[tuple[int, ...]]:
    for count in range(len(optional) + 1):
        yield from (tuple(chain(*each)) for each in combinations(optional, count))


def _likelihood(past: Filtered, always: tuple[int, ...], rest: Array, more: int) -> Array:
    """The logarithm of how likely the past is, up to a constant: the level, the controls and the variance unknown."""
    alone, left = fitted(past, always), past.seen - len(always)
    worth = past.seen
    squares = (alone.rest + worth * rest) / (1 + worth) if more else alone.rest
    told = left * np.log(squares) + past.spread + alone.weight + more * np.log(1 + worth)
    return np.asarray(-0.5 * told, dtype=float)


def _estimate(without: Mixture, actual: float, periods: int, moved: float, ends: tuple[float, float]) -> Estimate:
    """The estimate where what would have been is kept inside its ends, which moves its mean so far.

    Law: the interval holds 0 exactly where it would without ends, as long as what was lies inside them.
    """
    low, high = (without.quantile(share) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
    value, (least, most) = without.mean + moved, (min(max(end, ends[0]), ends[1]) for end in (low, high))
    mean = Interval(actual - value, actual - max(most, value), actual - min(least, value))
    reach = without.quantile(POWER) - without.quantile(0.5)
    below = without.below(actual)
    return Estimate(
        mean=mean,
        total=mean.times(periods),
        without=value,
        detectable=(high - low) / 2 + reach,
        chance=min(1.0, 2 * min(below, 1 - below)),
    )


def _without(believed: _Believed, after: Truths, ends: tuple[float, float]) -> Iterator[Interval | None]:
    for at, known in enumerate(after):
        one = believed.of(np.eye(len(after))[at])
        low, high = (one.quantile(share) for share in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
        yield Interval(one.mean, low, high).within(*ends) if known else None
