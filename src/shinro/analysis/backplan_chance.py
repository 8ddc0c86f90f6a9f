"""Chance: how likely a plan makes each milestone, and the buffer that makes it as likely as is wanted.

Formula: each driver is forecast from its own past, all of them so that they go together as they did; by how far a
path is from the middle one, on the driver's scale (logarithms, of a share its odds), the levels planned are moved.
Each set of paths runs through the tree.
Law: the same seed, the same answer; a plan that aims farther is no less likely where every driver helps.
Limits: a driver with fewer than eight values has no noise of its own, and is said to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from shinro.analysis.backplan import Search, beyond
from shinro.analysis.batch import Batch
from shinro.analysis.footing import Footing
from shinro.analysis.forecast import Kind
from shinro.analysis.forecast_joint import Stream, together
from shinro.analysis.forecast_past import Past, drawn, past
from shinro.analysis.planned import Draft, drafted
from shinro.analysis.rooms import Room
from shinro.findings.plans import Chance, PlannedLever, Prefer

Array: TypeAlias = NDArray[Any]
PATHS, SEED = 2000, 20260401
KEPT = 104  # values that noise is told from
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
    odds = frozenset(room.metric for room in footing.rooms if room.share)
    pasts = {room.metric: made for room in footing.rooms if (made := _past(footing, room))}
    rng = {metric: np.random.default_rng([seed, crc32(metric.encode())]) for metric in pasts}
    streams = {metric: Stream(drawn(made, periods, rng[metric], paths)) for metric, made in pasts.items()}
    streams = together(streams, pasts, np.random.default_rng(seed))
    moved = {metric: _around(stream.value.T, odds=metric in odds) for metric, stream in streams.items()}
    silent = tuple(room.metric for room in footing.rooms if room.metric not in pasts and not room.held)
    return Noise(moved, odds, silent)


def _past(footing: Footing, room: Room) -> Past | None:
    """A driver's past, None where it is short or never varied."""
    values = [float(value) for value in footing.past.get(room.metric, ())[-KEPT:]]
    if len(set(values)) < 2:  # noqa: PLR2004 - one value is no noise
        return None
    kind = Kind.SHARE if room.share else Kind.COUNT if room.whole else Kind.AMOUNT
    return past(values, kind if min(values) >= 0 else Kind.NUMBER)


def _around(values: Array, *, odds: bool) -> Array:
    """How far each path is from the middle one, on the scale; (periods, paths)."""
    if odds:
        inside = np.clip(values, 1e-4, 1 - 1e-4)
        scaled = np.log(inside / (1 - inside))
    else:
        least = max(float(np.median(np.abs(values))) * 0.05, 1e-9)
        scaled = np.log(np.maximum(values, least))
    return np.asarray(scaled - np.median(scaled, axis=1, keepdims=True))


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
        asked = {name: max(asked[name] + lacks[name], 0.0) if name in short else asked[name] for name in asked}
        farther = drafted(search, [asked[aim.milestone] for aim in footing.aims], prefer) if short else draft
        if not short or np.allclose(farther.solution.wanted, draft.solution.wanted, atol=1e-9):
            break
        draft = farther
    left = draft.solution.wanted
    return draft, {name: min(float(left[n]) for n in _rows(footing, name)) for name in asked}


def _chance(found: Array, footing: Footing, milestone: str) -> float:
    return float(np.mean(found[_rows(footing, milestone)].min(axis=0) >= 0))
