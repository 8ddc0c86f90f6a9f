"""Chance: how likely a plan makes each milestone, and the buffer that makes it as likely as is wanted.

Formula: each driver's past is smoothed exponentially on its own scale (logarithms, of a share its odds), the weight
chosen by the least squares; what it missed by, drawn for all drivers of one past period together, is added to the
levels planned, the weight's share of it for good. Each set of paths runs through the tree.
Law: the same seed, the same answer; a plan that aims farther is no less likely where every driver helps.
Limits: a driver with fewer than eight values has no noise of its own, and is said to; seasons are not taken out.
Source: the local level model behind exponential smoothing, Hyndman et al. (2008), doi:10.1007/978-3-540-71918-2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from shinro.analysis.backplan import Search, beyond
from shinro.analysis.batch import Batch
from shinro.analysis.footing import Footing
from shinro.analysis.planned import Draft, drafted
from shinro.findings.plans import Chance, PlannedLever, Prefer

Array: TypeAlias = NDArray[Any]
PATHS, SEED = 2000, 20260401
FEWEST = 8  # values from which noise is told
KEPT = 36  # values that it is told from
WEIGHTS = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8)
TURNS = 6  # times that a buffer is corrected
NEAR = 0.005  # of a probability


@dataclass(frozen=True, slots=True)
class Noise:
    """How far each driver is from what is planned, on its scale: metric -> (periods, paths)."""

    moved: Mapping[str, Array]
    odds: frozenset[str]  # whose scale is the odds
    silent: tuple[str, ...]  # drivers without noise


def noise(footing: Footing, periods: int, paths: int = PATHS, seed: int = SEED) -> Noise:
    """The noise of a footing's drivers, from their own pasts. Cost: linear in drivers, periods and paths."""
    rng = np.random.default_rng(seed)
    odds = frozenset(room.metric for room in footing.rooms if room.share)
    missed: dict[str, tuple[Array, float]] = {}
    silent = []
    for room in footing.rooms:
        past = footing.past.get(room.metric, ())[-KEPT:]
        if len(past) >= FEWEST and any(value != past[0] for value in past):
            missed[room.metric] = _missed(_scaled(past, odds=room.metric in odds))
        elif not room.held:
            silent.append(room.metric)
    length = min((len(found) for found, _ in missed.values()), default=1)
    drawn = rng.integers(0, length, (periods, paths))
    moved = {}
    for metric, (found, weight) in missed.items():
        each = (found[-length:] - np.mean(found[-length:]))[drawn]
        moved[metric] = each + weight * (np.cumsum(each, axis=0) - each)
    return Noise(moved, odds, tuple(silent))


def _scaled(past: Sequence[Fraction], *, odds: bool) -> Array:
    values = np.array([float(value) for value in past])
    if odds:
        values = np.clip(values, 1e-4, 1 - 1e-4)
        return np.asarray(np.log(values / (1 - values)))
    least = max(float(np.max(np.abs(values))) * 1e-3, 1e-9)
    return np.asarray(np.log(np.maximum(values, least)))


def _missed(values: Array) -> tuple[Array, float]:
    """What smoothing missed each value by, and its weight: the one that misses least."""
    tried = []
    for weight in WEIGHTS:
        level, found = float(np.mean(values[:4])), []
        for value in values:
            found.append(value - level)
            level += weight * (value - level)
        tried.append((float(np.sum(np.square(found[2:]))), weight, np.array(found[2:])))
    _, weight, errors = min(tried, key=lambda each: each[0])
    return errors * np.sqrt(len(errors) / max(len(errors) - 1, 1)), weight


def margins_of(footing: Footing, made: Batch, paths: Mapping[str, Sequence[Fraction]], around: Noise) -> Array:
    """How far each condition is beyond its level: (conditions, paths)."""
    count = next((each.shape[1] for each in around.moved.values()), 1)
    levels = {}
    for metric, path in paths.items():
        planned = np.array([float(level) for level in path[: footing.horizon]])[:, None]
        shift = around.moved.get(metric)
        levels[metric] = (
            np.repeat(planned, count, axis=1) if shift is None else _shifted(planned, shift, metric, around)
        )
    read = made.run(levels, footing.horizon)
    found = [aim.side * beyond(aim.read(read, number=float), float(aim.level)) for aim in footing.aims]
    return np.array([np.broadcast_to(each, (count,)) for each in found]).reshape(len(footing.aims), count)


def _shifted(planned: Array, shift: Array, metric: str, around: Noise) -> Array:
    if metric not in around.odds:
        return np.asarray(planned * np.exp(shift))
    inside = np.clip(planned, 1e-6, 1 - 1e-6)
    return np.asarray(1 / (1 + (1 - inside) / inside * np.exp(-shift)))


def chances(draft: Draft, wanted: float | None, margins: Mapping[str, float], around: Noise) -> tuple[Chance, ...]:
    """The probability of each milestone, as things are and with a draft; none where nothing is known of any noise."""
    footing, made = draft.search.footing, draft.search.batch
    before, after = footing.steady(footing.horizon), _paths(draft.levers)
    return tuple(
        replace(each, wanted=wanted, margin=float(np.expm1(margins.get(each.milestone, 0.0))))
        for each in chances_of(footing, (made, before), (made, after), around)
    )


Course: TypeAlias = tuple[Batch, Mapping[str, Sequence[Fraction]]]


def chances_of(footing: Footing, before: Course, after: Course, around: Noise) -> tuple[Chance, ...]:
    """The probability of each milestone by two courses of the drivers under the same noise."""
    if not around.moved:
        return ()
    found = [margins_of(footing, *course, around) for course in (before, after)]
    return tuple(
        Chance(milestone, *(_chance(each, footing, milestone) for each in found))
        for milestone in dict.fromkeys(aim.milestone for aim in footing.aims)
    )


def _paths(levers: Sequence[PlannedLever]) -> dict[str, Sequence[Fraction]]:
    return {each.lever.metric: each.path for each in levers}


def _rows(footing: Footing, milestone: str) -> list[int]:
    return [n for n, aim in enumerate(footing.aims) if aim.milestone == milestone]


def buffered(
    search: Search, wanted: float, around: Noise, prefer: Prefer = Prefer.EFFORT
) -> tuple[Draft, dict[str, float]]:
    """The plan that aims so far beyond each milestone's levels that all its conditions hold as likely as is wanted.

    The buffer of a milestone is moved by what its conditions together lack at that probability, until they lack
    nothing; where the bounds allow no more, as far as they do. Cost: a search a turn.
    """
    footing = search.footing
    asked = dict.fromkeys((aim.milestone for aim in footing.aims), 0.0)
    draft = drafted(search, prefer=prefer)
    for _ in range(TURNS if around.moved else 0):
        found = margins_of(footing, search.batch, _paths(draft.levers), around)
        lacks = {name: -float(np.quantile(found[_rows(footing, name)].min(axis=0), 1 - wanted)) for name in asked}
        short = {name for name in asked if _chance(found, footing, name) < wanted - NEAR}
        if not short:
            break
        asked = {name: max(asked[name] + lacks[name], 0.0) if name in short else asked[name] for name in asked}
        draft = drafted(search, [asked[aim.milestone] for aim in footing.aims], prefer)
    return draft, asked


def _chance(found: Array, footing: Footing, milestone: str) -> float:
    return float(np.mean(found[_rows(footing, milestone)].min(axis=0) >= 0))
