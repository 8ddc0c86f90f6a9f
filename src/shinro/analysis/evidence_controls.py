"""What two weekly series share without one leading the other: trend, season, a step, working days, single events."""

from __future__ import annotations

import numpy as np
from scipy import special

from shinro.analysis.evidence_fits import NOTHING, Floats, complete, lagged

YEAR = 365.2425 / 7  # weeks
HARMONICS = (1, 2, 3, 4, 12)  # waves a year: down to a quarter of it, and the month
SEASON_LEVEL = 0.1  # at which a season is told from chance, over all harmonics
STEP_LEVEL = 0.05  # at which a step is, over all weeks
BENDS = (2, 3)  # powers of time: a curve, an S
MOST_STEPS = 2
EDGE = 0.15  # of the weeks at both ends in which no step is looked for: Andrews (1993)
OWN = 2  # own lags beside which season and steps are looked for
OUTLYING = 4.0  # spreads (1.4826 median deviations) from which a week is a single event
RARE = 0.05  # share of the weeks up to which such weeks are events, and not what the series is like
CONSISTENT = 1.4826  # times the median deviation of a normal distribution is its standard deviation


def trend(weeks: int) -> Floats:
    """A constant and a line from -1 to 1. Shape (weeks, 2)."""
    return np.column_stack([np.ones(weeks), np.linspace(-1, 1, weeks)])


def harmonic(weeks: int, waves: int) -> Floats:
    """Sine and cosine of so many waves a year. Shape (weeks, 2)."""
    angle = 2 * np.pi * waves * np.arange(weeks) / YEAR
    return np.column_stack([np.sin(angle), np.cos(angle)])


def controls(*series: Floats) -> Floats:
    """The columns that hold what any of the series shows of trend, season and steps. Shape (weeks, columns).

    What is found in one series is held constant in all: leaving out what moves the driver misleads as much as leaving
    out what moves the outcome (double selection). Source: Belloni, Chernozhukov and Hansen (2014),
    doi:10.1093/restud/rdt044.
    """
    weeks = len(series[0])
    found = dict.fromkeys(name for values in series for name in _selected(values))
    return np.hstack([trend(weeks), *(_column(name, weeks) for name in found)])


Name = tuple[str, int]


def _column(name: Name, weeks: int) -> Floats:
    kind, number = name
    if kind == "wave":
        return harmonic(weeks, number)
    if kind == "bend":
        return np.linspace(-1, 1, weeks)[:, None] ** number
    return (np.arange(weeks) >= number).astype(float)[:, None]


def _candidates(weeks: int) -> dict[Name, float]:
    """What may be selected, each with the p below which it is: level over number (Bonferroni) of its kind."""
    waves = [number for number in HARMONICS if number * weeks >= YEAR / 2]
    edge = max(8, round(EDGE * weeks))
    steps = range(edge, weeks - edge + 1)
    return (
        {("wave", number): SEASON_LEVEL / len(waves) for number in waves}
        | {("bend", power): STEP_LEVEL / len(BENDS) for power in BENDS}
        | {("step", week): STEP_LEVEL / len(steps) for week in steps}
    )


def _selected(values: Floats) -> list[Name]:
    """What a series shows, the clearest first: at most two steps. Forward selection beside trend and own lags."""
    weeks = len(values)
    own = lagged(values, range(1, OWN + 1))
    rows = complete(values, own)
    fitted = np.hstack([trend(weeks)[rows], own[rows]])
    if rows.sum() < fitted.shape[1] + OWN * 3:
        return []
    waiting, found = _candidates(weeks), list[Name]()
    columns = {name: _column(name, weeks)[rows] for name in waiting}
    while waiting:
        ps = _ps([columns[name] for name in waiting], fitted, values[rows])
        ratios = {name: p / waiting[name] for name, p in zip(waiting, ps, strict=True)}
        best = min(ratios, key=lambda name: ratios[name])
        if ratios[best] > 1:
            break
        found.append(best)
        fitted = np.hstack([fitted, columns[best]])
        full = sum(kind == "step" for kind, _ in found) == MOST_STEPS
        waiting = {name: level for name, level in waiting.items() if name != best and not (full and name[0] == "step")}
    return found


def _ps(candidates: list[Floats], fitted: Floats, values: Floats) -> list[float]:
    """The p of the F test of each candidate on top of what is fitted; 1 where it brings nothing, or nothing is left."""
    basis = _basis(fitted)
    rest = values - basis @ (basis.T @ values)
    whole, freedom = float(rest @ rest), len(rest) - fitted.shape[1]
    if freedom < OWN * 3 or whole <= NOTHING * float(values @ values):
        return [1.0] * len(candidates)
    counts = np.array([candidate.shape[1] for candidate in candidates])
    together = np.hstack(candidates)
    own = together - basis @ (basis.T @ together)
    sizes, aims = (own**2).sum(axis=0), own.T @ rest
    ends = np.cumsum(counts)
    small = np.array([(sizes[end - k : end] <= NOTHING * len(rest)).any() for k, end in zip(counts, ends, strict=True)])
    taken = np.array(
        [
            _taken(own[:, end - k : end], aims[end - k : end], sizes[end - 1])
            for k, end in zip(counts, ends, strict=True)
        ]
    )
    after = np.maximum(whole - taken, NOTHING * whole)
    ps = special.fdtrc(counts, freedom - counts, taken / counts / (after / (freedom - counts)))
    return [float(p) for p in np.where(small, 1.0, ps)]


def _taken(own: Floats, aims: Floats, size: float) -> float:
    """The sum of squares that columns take: one by division, two by a small system."""
    if own.shape[1] == 1:
        return float(aims[0] ** 2 / max(size, NOTHING))
    return float(aims @ np.linalg.lstsq(own.T @ own, aims, rcond=1e-9)[0])


def _basis(columns: Floats) -> Floats:
    left, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    kept: Floats = left[:, sizes > sizes[0] * 1e-9] if len(sizes) else left
    return kept


def without_events(values: Floats) -> Floats:
    """The series with single outlying weeks at what the weeks before them led to expect.

    One event in both series is an anecdote, not evidence. Where outlying weeks are common they are what the series is
    like, and stay. No more than two weeks in a row are taken for an event. A filter cleaner: Martin and Thomson (1982),
    Robust-resistant spectrum estimation, Proceedings of the IEEE 70.
    """
    own = lagged(values, range(1, OWN + 1))
    rows = complete(values, own)
    columns = np.hstack([controls(values), own])
    if rows.sum() <= columns.shape[1] + OWN:
        return values
    weights: Floats = np.linalg.lstsq(columns[rows], values[rows], rcond=1e-9)[0].astype(np.float64, copy=False)
    rest = values[rows] - columns[rows] @ weights
    bound = OUTLYING * CONSISTENT * float(np.median(np.abs(rest - np.median(rest))))
    if bound <= 0 or (np.abs(rest) > bound).mean() > RARE:
        return values
    return _cleaned(values, columns[:, :-OWN] @ weights[:-OWN], weights[-OWN:], bound)


def _cleaned(values: Floats, level: Floats, weights: Floats, bound: float) -> Floats:
    clean, running = values.copy(), 0
    for week in range(OWN, len(values)):
        expected = level[week] + clean[week - OWN : week][::-1] @ weights
        outlying = bool(np.isfinite(expected)) and abs(values[week] - expected) > bound
        running = running + 1 if outlying else 0
        if outlying and running <= OWN:
            clean[week] = expected
    return clean


def per_working_day(values: Floats, working: Floats) -> Floats:
    """The series without what the number of working days of a week does to it, as measured on its own changes.

    Changes of the series are regressed on changes of the working days; what that explains is taken out, so a series
    that holidays do not touch stays as it is. Shapes (weeks,) both.
    """
    steps, days = np.diff(values), np.diff(working)
    rows = complete(steps, days)
    steps, days = steps[rows], days[rows]
    if not days.any():
        return values
    weight = float(steps @ days) / float(days @ days)
    return values - weight * (working - float(np.median(working)))
