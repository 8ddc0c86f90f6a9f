"""Chance: how likely a plan makes each milestone, and the buffer that makes it as likely as is wanted.

Formula: each driver is forecast from its own past, all of them so that they go together as they did; by how far a
path is from the middle one, on the driver's scale (logarithms, of a share its odds), the levels planned are moved.
Each set of paths runs through the tree.
Law: the same seed, the same answer; a plan that aims farther is no less likely where every driver helps.
Limits: a driver with fewer than eight values has no noise of its own, and is said to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from shinro.analysis.aims import Aim
from shinro.analysis.backplan import Search, beyond, corner
from shinro.analysis.batch import Batch
from shinro.analysis.footing import AFTER, Footing
from shinro.analysis.forecast import LEAST, Kind
from shinro.analysis.forecast_past import Past, drawn, past
from shinro.analysis.planned import Draft, drafted
from shinro.analysis.rooms import Room
from shinro.analysis.scales import exact_path
from shinro.analysis.standing import SEASON
from shinro.findings.plans import Chance, PlannedLever, Prefer
from shinro.periods import Grain

Array: TypeAlias = NDArray[Any]
PATHS, SEED = 2000, 20260401
KEPT = 104  # values that noise is told from
FEW = 12  # changes of which half of how drivers go together is believed
SOON = {Grain.DAY: 90, Grain.WEEK: 52, Grain.MONTH: 12, Grain.QUARTER: 4, Grain.YEAR: 3}  # periods: a path's level
TURNS = 6  # times that a buffer is halved
FARTHEST = 4.0  # spreads: a buffer of more would make no milestone likelier that can be told
NEAR = 0.005  # of a probability
CLOSE = 0.015  # how near to the most that there is a plan comes: the last of it costs much and brings nothing
NEVER = 30.0  # logarithms: a margin that nothing is so far from
EDGE = 1e-4  # how near to 0 or 1 a share is told apart
NEAREST, TINIEST = 0.05, 1e-9  # of the mean: how near to 0 anything else is; where nothing ever is, the second
SHARES = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)  # of a margin, which it is taken back to


@dataclass(frozen=True, slots=True)
class Noise:
    """How far each driver is from what is planned, on its scale: metric -> (periods, paths)."""

    moved: Mapping[str, Array]
    odds: frozenset[str]  # whose scale is the odds
    silent: tuple[str, ...]  # drivers of which too few values are known to tell any noise
    constant: tuple[str, ...] = ()  # drivers that never varied


def noise(footing: Footing, periods: int, paths: int = PATHS, seed: int = SEED) -> Noise:
    """The noise of a footing's drivers, from their own pasts.

    Law: a driver's noise is the same beside whatever other drivers, and for however many periods.
    Cost: linear in drivers, periods and paths.
    """
    odds = frozenset(room.metric for room in footing.rooms if room.share)
    pasts = {room.metric: made for room in footing.rooms if (made := _past(footing, room))}
    shared = np.random.default_rng(seed).standard_normal((paths, KEPT))
    moved = {
        metric: _around(_paths_of(made, metric, footing.grain, periods, seed, shared).T, odds=metric in odds)
        for metric, made in pasts.items()
    }
    without = [room.metric for room in footing.rooms if room.metric not in pasts and not room.held]
    constant = tuple(name for name in without if len(footing.past.get(name, ())) >= LEAST)
    return Noise(moved, odds, tuple(name for name in without if name not in constant), constant)


def _paths_of(made: Past, metric: str, grain: Grain, periods: int, seed: int, shared: Array) -> Array:
    """A driver's paths (paths, periods), in an order in which they go together with those of others as the pasts did.

    The path with the most of what moved this driver in the past comes where the shared draws have the most of that;
    what is told from few periods, less so: the correlation of two drivers is that of their changes, shrunk.
    """
    rng = np.random.default_rng([seed, crc32(metric.encode())])
    steps = AFTER[grain] * -(-periods // AFTER[grain])  # whole multiples: a longer look is drawn no other way
    found = drawn(made, steps, rng, len(shared))
    changes = _ranked(np.diff(np.sqrt(made.values) if made.values.min() >= 0 else made.values))[::-1]
    share = changes.size / (changes.size + FEW)
    ends = changes.size + made.behind
    known = shared[:, made.behind : ends][:, : changes.size]
    wish = np.sqrt(share) * (known @ changes[: known.shape[1]]) + np.sqrt(1 - share) * rng.standard_normal(len(shared))
    order = np.argsort(found[:, : SOON[grain]].mean(axis=1), kind="stable")[np.argsort(np.argsort(wish, kind="stable"))]
    return np.asarray(found[order][:, :periods])


def _ranked(changes: Array) -> Array:
    """Changes by their ranks, around 0, their squares adding up to 1."""
    ranks = rankdata(changes) - (changes.size + 1) / 2
    size = float(np.sqrt(ranks @ ranks))
    return np.asarray(ranks / size if size else ranks)


def _past(footing: Footing, room: Room) -> Past | None:
    """A driver's past, None where it is short or never varied."""
    values = [float(value) for value in footing.past.get(room.metric, ())[-KEPT:]]
    if len(set(values)) < 2:  # noqa: PLR2004 - one value is no noise
        return None
    kind = Kind.SHARE if room.share else Kind.COUNT if room.whole else Kind.AMOUNT
    length = SEASON.get(footing.grain, 1) if room.metric in footing.seasons else 1
    return past(values, kind if min(values) >= 0 else Kind.NUMBER, None, length)


def _around(values: Array, *, odds: bool) -> Array:
    """How far each path is from the middle one, on the scale; (periods, paths).

    From the mean where most paths are at the end of the scale: what is mostly 0 has no middle to be so many times as
    much as. Law: away from the odds a path is then, on average, as much as is planned.
    """
    if odds:
        inside = np.clip(values, EDGE, 1 - EDGE)
        scaled, mean = _log_odds(inside), _log_odds(inside.mean(axis=1, keepdims=True))
        ends = np.array([_log_odds(EDGE), _log_odds(1 - EDGE)])
    else:
        least = np.maximum(np.abs(values).mean(axis=1, keepdims=True) * NEAREST, TINIEST)
        inside = np.maximum(values, least)
        scaled, mean = np.log(inside), np.log(inside.mean(axis=1, keepdims=True))
        ends = np.log(least)
    middle = np.median(scaled, axis=1, keepdims=True)
    is_end = np.isclose(middle, ends).any(axis=1, keepdims=True)
    return np.asarray(scaled - np.where(is_end, mean, middle))


def _log_odds(share: Any) -> Any:  # noqa: ANN401 - an array or a number
    return np.log(share / (1 - share))


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
    found = [_margin(aim, aim.read(read, number=float)) for aim in footing.aims]
    return np.array([np.broadcast_to(each, (count,)) for each in found]).reshape(len(footing.aims), count)


def _margin(aim: Aim, value: Array) -> Array:
    """How far a condition is beyond its level on each path; where its value is undefined it does not hold."""
    return np.asarray(np.where(np.isnan(value), -NEVER, aim.side * beyond(value, float(aim.level))))


def _shifted(planned: Array, shift: Array, metric: str, around: Noise) -> Array:
    if metric not in around.odds:
        return np.asarray(planned * np.exp(shift))
    inside = np.clip(planned, 1e-6, 1 - 1e-6)
    return np.asarray(1 / (1 + (1 - inside) / inside * np.exp(-shift)))


def chances(draft: Draft, wanted: float | None, buffer: Buffer | None, around: Noise) -> tuple[Chance, ...]:
    """The probability of each milestone, as things are and with a draft; none where nothing is known of any noise."""
    footing, made = draft.search.footing, draft.search.batch
    before, after = footing.steady(footing.horizon), _paths(draft.levers)
    found = chances_of(footing, (made, before), (made, after), around)
    return tuple(replace(each, wanted=wanted, **_told(footing, each, buffer)) for each in found)


def _told(footing: Footing, each: Chance, buffer: Buffer | None) -> dict[str, Any]:
    """What a buffer says of a milestone: each condition's own, and the most that there is."""
    if buffer is None:
        return {}
    pairs = zip(footing.aims, buffer.margins, strict=True)
    own = [(aim.meaning, float(np.expm1(margin))) for aim, margin in pairs if aim.milestone == each.milestone]
    return {"margins": tuple(own), "most": buffer.most.get(each.milestone)}


Course: TypeAlias = tuple[Batch, Mapping[str, Sequence[Fraction]]]


def chances_of(footing: Footing, before: Course, after: Course, around: Noise) -> tuple[Chance, ...]:
    """The probability of each milestone by two courses of the drivers under the same noise."""
    if not around.moved:
        return ()
    found = [margins_of(footing, *course, around) for course in (before, after)]
    return tuple(
        Chance(milestone, _chance(found[0], footing, milestone), _chance(found[1], footing, milestone))
        for milestone in dict.fromkeys(aim.milestone for aim in footing.aims)
    )


def _paths(levers: Sequence[PlannedLever]) -> dict[str, Sequence[Fraction]]:
    return {each.lever.metric: each.brought for each in levers}


def _rows(footing: Footing, milestone: str) -> list[int]:
    return [n for n, aim in enumerate(footing.aims) if aim.milestone == milestone]


@dataclass(frozen=True, slots=True)
class Buffer:
    """What a plan aims beyond each condition's level (logarithms), and the most that each milestone could be."""

    margins: tuple[float, ...]
    most: Mapping[str, float]


def buffered(search: Search, wanted: float, around: Noise, prefer: Prefer = Prefer.EFFORT) -> tuple[Draft, Buffer]:
    """The plan that aims so far beyond each milestone's levels that all its conditions hold as likely as is wanted.

    Each condition aims beyond its level by so many of its own spreads as its milestone needs; then each, the largest
    first, is taken back as far as that costs nothing. Where the bounds allow no more, it comes within two points of the
    most that they do: what every driver at its bound brings, where each helps. The levels come before the buffer: what
    the plan without one reaches, this one reaches as well. Cost: about 30 searches, or a few more.
    """
    footing = search.footing
    names = tuple(dict.fromkeys(aim.milestone for aim in footing.aims))
    draft = drafted(search, prefer=prefer)
    most = _most(search, around) if around.moved and search.exact else {}
    targets = {name: min(wanted - NEAR, most.get(name, 1.0) - CLOSE) for name in names}
    if not around.moved or all(chance >= targets[name] for name, chance in _likely(draft, around).items()):
        return draft, Buffer((0.0,) * len(footing.aims), most)

    def likely(margins: Sequence[float]) -> dict[str, float]:
        return _likely(drafted(search, margins, prefer, rounded=False), around)

    spreads = _spreads(margins_of(footing, search.batch, _paths(draft.levers), around))
    plain, margins = draft, _trimmed(_aimed(footing, targets, spreads, likely), targets, likely)
    draft = drafted(search, margins, prefer)
    if not draft.missed <= plain.missed:  # a search that aims far beyond several levels may give one of them up
        smaller = ([each * share for each in margins] for share in sorted(SHARES, reverse=True))
        fit = ((made, each) for each in smaller if (made := drafted(search, each, prefer)).missed <= plain.missed)
        draft, margins = next(fit, (draft, margins))
    left = draft.solution.wanted[: len(margins)]
    return draft, Buffer(tuple(float(max(min(pair), 0.0)) for pair in zip(margins, left, strict=True)), most)


Likely: TypeAlias = Callable[[Sequence[float]], dict[str, float]]


def _aimed(footing: Footing, targets: Mapping[str, float], spreads: Array, likely: Likely) -> list[float]:
    """The margins, as many spreads a milestone as make it as likely as its target, by halving."""
    low, high = dict.fromkeys(targets, 0.0), dict.fromkeys(targets, FARTHEST)

    def margins(of: Mapping[str, float]) -> list[float]:
        return [of[aim.milestone] * float(spread) for aim, spread in zip(footing.aims, spreads, strict=True)]

    enough = {name for name, chance in likely(margins(low)).items() if chance >= targets[name]}
    high |= dict.fromkeys(enough, 0.0)
    for _ in range(TURNS):
        middle = {name: (low[name] + high[name]) / 2 for name in targets}
        for name, chance in likely(margins(middle)).items():
            side = high if chance >= targets[name] else low
            side[name] = middle[name]
    return margins(high)


def _trimmed(margins: list[float], targets: Mapping[str, float], likely: Likely) -> list[float]:
    """The margins, each taken back as far as no milestone that came to its target falls below it."""
    reached = likely(margins)
    floors = {name: min(targets[name], chance - NEAR) for name, chance in reached.items()}
    for n in sorted(range(len(margins)), key=lambda n: -margins[n]):
        for share in SHARES if margins[n] > 0 else ():
            tried = [*margins[:n], margins[n] * share, *margins[n + 1 :]]
            if all(chance >= floors[name] for name, chance in likely(tried).items()):
                margins = tried
                break
    return margins


def _spreads(found: Array) -> Array:
    """How far each condition's values lie apart, robustly."""
    low, high = np.quantile(found, (0.1587, 0.8413), axis=1)
    return np.asarray((high - low) / 2)


def _most(search: Search, around: Noise) -> dict[str, float]:
    """How likely each milestone is with every driver at its bound by the first knot."""
    footing, positions = search.footing, corner(search) @ search.ramps
    paths: dict[str, Sequence[Fraction]] = {name: [level] * footing.horizon for name, level in search.begins.items()}
    for n, lever in enumerate(search.levers):
        begin = search.begins[lever.metric]
        paths[lever.metric] = exact_path(lever, begin, search.scales[n], positions[n].tolist(), rounded=True)
    found = margins_of(footing, search.batch, footing.carried(paths), around)
    return {aim.milestone: _chance(found, footing, aim.milestone) for aim in footing.aims}


def _likely(draft: Draft, around: Noise) -> dict[str, float]:
    footing = draft.search.footing
    found = margins_of(footing, draft.search.batch, _paths(draft.levers), around)
    return {aim.milestone: _chance(found, footing, aim.milestone) for aim in footing.aims}


def _chance(found: Array, footing: Footing, milestone: str) -> float:
    return float(np.mean(found[_rows(footing, milestone)].min(axis=0) >= 0))
