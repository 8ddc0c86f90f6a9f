"""The control: of the series that an initiative did not touch, the one that tells most of what would have been.

Best is a twin: the same metric where the initiative did not reach. What hits the company hits both, so the two are
taken to move one for one (differences in differences), as long as they were parallel: the last stretch before the
start, as long as the one after it, shows no effect. Any other metric must also have moved with the KPI before the
start, beyond a trend that both have, with a chance by accident below 1 in 20 times the candidates that were tried; of
several the one that explains most. Nothing of the KPI after the start is read: none is picked for the effect it gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shinro.analysis.effect import BELIEFS, FLAT, STEPS, Case, effect
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
    """A series that the initiative did not touch, on the periods of the KPI's frame.

    `twin` where it is the same metric, of the segments that were not touched.
    """

    metric: str
    segment: Segment
    track: Track
    twin: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """The control that was picked, and the case with it."""

    control: Control
    case: Case


def chosen(own: Track, candidates: Sequence[Candidate], frame: Frame, year: int | None) -> Chosen | None:
    """The twin where it was parallel, else the best of the others that pass; None where none does.

    Cost: two passes a candidate.
    """
    judged = [at for at in range(frame.start, len(own.values)) if own.values[at] is not None]
    whole = [each for each in candidates if all(each.track.values[at] is not None for at in judged)]
    twins = [found for each in whole if each.twin and (found := _twin(own, each, frame, year))]
    if twins:
        return twins[0]
    others = [each for each in whole if not each.twin]
    passing = [found for each in others if (found := _judged(own, each, frame, year, len(others)))]
    return max(passing, key=lambda found: found.control.fit, default=None)


def _twin(own: Track, candidate: Candidate, frame: Frame, year: int | None) -> Chosen | None:
    """The difference from the rest: of amounts in proportion to their means before the start, of shares as such."""
    values = candidate.track.values
    if candidate.track.adds:
        values = scaled(own.values, values, frame.start)
    case = Case(own.values, frame.start, (), values, own.noise, year)
    parallel = parallel_before(case, frame.stretch(own.values))
    if parallel is None or parallel < ACCIDENT:
        return None
    before = slice(0, frame.start)
    fit, chance = moves_with(own.values[before], values[before], own.noise[before]) or (0.0, 1.0)
    return Chosen(Control(candidate.metric, candidate.segment, fit, chance, parallel, twin=True), case)


def scaled(own: Sequence[float | None], other: Sequence[float | None], start: int) -> tuple[float | None, ...]:
    """Another series in the proportion that the two had before the start."""
    both = [
        (one, two) for one, two in zip(own[:start], other[:start], strict=True) if one is not None and two is not None
    ]
    total = sum(two for _, two in both)
    factor = sum(one for one, _ in both) / total if total else 0.0
    return tuple(None if value is None else value * factor for value in other)


def _judged(own: Track, candidate: Candidate, frame: Frame, year: int | None, tried: int) -> Chosen | None:
    before = slice(0, frame.start)
    related = moves_with(own.values[before], candidate.track.values[before], own.noise[before])
    if related is None or related[1] * tried >= ACCIDENT:
        return None
    case = Case(own.values, frame.start, (candidate.track.values,), (), own.noise, year)
    parallel = parallel_before(case, frame.stretch(own.values))
    if parallel is None or parallel < ACCIDENT:
        return None
    fit, chance = related
    return Chosen(Control(candidate.metric, candidate.segment, fit, min(1.0, chance * tried), parallel), case)


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
    past = filtered(columns, noise, STEPS)
    alone, both = fitted(past, (1, 2)), fitted(past, (1, 2, LEFT))
    left = past.seen - LEFT
    logs = -0.5 * (left * np.log(both.rest) + past.spread + both.weight)
    weights = BELIEFS * np.exp(logs - logs.max())
    weights /= weights.sum()
    scales = np.sqrt(both.doubt[:, -1, -1] * both.rest / left)
    slope = Mixture(weights, both.beta[:, -1], scales, np.full(BELIEFS.size, float(left)))
    below = slope.below(0.0)
    return float(weights @ (1 - both.rest / alone.rest)), 2 * min(below, 1 - below)


def parallel_before(case: Case, since: int) -> float | None:
    """The chance of as large a break from the control at a period before the start; None where too little is known."""
    before = slice(0, case.start)
    controls = tuple(each[before] for each in case.controls)
    earlier = Case(case.actual[before], since, controls, case.twin[before], case.noise[before], case.year)
    found = effect(earlier, by_period=False)
    return found.estimate.chance if found else None
