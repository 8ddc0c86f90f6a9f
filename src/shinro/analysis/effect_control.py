"""The control: of the series that an initiative did not touch, the one that tells most of what would have been.

A candidate must have moved with the KPI before the start, beyond a trend that both have (the chance of it by accident,
times the candidates that were tried, is below 1 in 20), and the two must have been parallel: the last stretch before
the start, as long as the one after it, shows no effect. Nothing after the start is read, so that no candidate is
picked for the effect that it gives. Of several that pass, the one that explains most.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shinro.analysis.effect import FLAT, RATIOS, Case, effect
from shinro.analysis.effect_filter import Array, filtered, fitted, whole
from shinro.analysis.effect_mixture import Mixture
from shinro.analysis.effect_periods import Frame, Track
from shinro.findings.effects import Control
from shinro.series import Segment

ACCIDENT = 0.05  # the chance below which something is not taken for one
LEAST_TOLD = 13  # periods before the start that both series must have
LEFT = 3  # columns beside the series: ones, a slope, the control


@dataclass(frozen=True, slots=True)
class Candidate:
    """A series that the initiative did not touch, on the periods of the KPI's frame."""

    metric: str
    segment: Segment
    track: Track


@dataclass(frozen=True, slots=True)
class Chosen:
    """The control that was picked, and its series."""

    control: Control
    candidate: Candidate


def chosen(own: Track, candidates: Sequence[Candidate], frame: Frame, year: int | None) -> Chosen | None:
    """The best of the candidates that pass; None where none does. Cost: two passes a candidate."""
    passing = [found for each in candidates if (found := _judged(own, each, frame, year, len(candidates)))]
    return max(passing, key=lambda found: found.control.fit, default=None)


def _judged(own: Track, candidate: Candidate, frame: Frame, year: int | None, tried: int) -> Chosen | None:
    if any(value is None for value in candidate.track.values[frame.start :]):
        return None
    before = slice(0, frame.start)
    related = moves_with(own.values[before], candidate.track.values[before], own.noise[before])
    if related is None or related[1] * tried >= ACCIDENT:
        return None
    parallel = parallel_before(own, candidate.track, frame, year)
    if parallel is None or parallel < ACCIDENT:
        return None
    fit, chance = related
    control = Control(candidate.metric, candidate.segment, fit, min(1.0, chance * tried), parallel)
    return Chosen(control, candidate)


def moves_with(
    own: Sequence[float | None], other: Sequence[float | None], noise: Sequence[float]
) -> tuple[float, float] | None:
    """The share of a series' variance that another explains beyond a trend, and the chance of that by accident.

    None where either does not move, or too few periods have both.
    """
    count = len(own)
    given = np.array([[np.nan if value is None else value for value in each] for each in (own, other)], dtype=float)
    columns = np.column_stack([given[0], np.ones(count), np.arange(count) / max(count, 1), given[1]])
    known = whole(columns)
    if known.sum() < LEAST_TOLD:
        return None
    for at in (0, LEFT):
        seen = columns[known, at]
        spread = float(seen.std())
        if spread <= FLAT * float(np.abs(seen).max()):
            return None
        columns[:, at] = (columns[:, at] - seen.mean()) / spread
    return _related(columns, np.array(noise, dtype=float))


def _related(columns: Array, noise: Array) -> tuple[float, float]:
    past = filtered(columns, noise, RATIOS)
    alone, both = fitted(past, (1, 2)), fitted(past, (1, 2, LEFT))
    left = past.seen - LEFT
    logs = -0.5 * (left * np.log(both.rest) + past.spread + both.weight)
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    scales = np.sqrt(both.doubt[:, -1, -1] * both.rest / left)
    slope = Mixture(weights, both.beta[:, -1], scales, np.full(RATIOS.size, float(left)))
    below = slope.below(0.0)
    return float(weights @ (1 - both.rest / alone.rest)), 2 * min(below, 1 - below)


def parallel_before(own: Track, other: Track, frame: Frame, year: int | None) -> float | None:
    """The chance of as large a break between two series just before the start; None where too little is known."""
    stretch = min(len(frame.after), frame.start // 3)
    before = slice(0, frame.start)
    case = Case(own.values[before], frame.start - stretch, (other.values[before],), own.noise[before], year)
    found = effect(case, by_period=False)
    return found.estimate.chance if found else None
