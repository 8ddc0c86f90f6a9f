"""Working back: from milestones to driver levels, within bounds, with the least effort or the fewest levers.

Formula: each lever has a position at each knot, 0 where it stands to 1 at its bound; minimise
sum weight * (position^2 + 0.3 * step^2) over levers and knots, while log(value / level) >= margin for every condition
and no step goes back. Money and counts move by ratios, shares by odds, evenly between two knots.
Law: evaluated exactly through the tree the plan meets every condition that it says it meets; no level is outside its
bounds; no raised lever falls back; a wider bound never costs more effort at the same scale.
Source: sequential quadratic programming, Kraft (1988), DFVLR-FB 88-28, as in scipy's SLSQP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import combinations
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from shinro.analysis.batch import Batch, batch
from shinro.analysis.capacities import capped, with_capacities
from shinro.analysis.footing import Footing
from shinro.analysis.leanings import Leanings, leanings
from shinro.analysis.rooms import HALF, lowered, raised
from shinro.analysis.scales import Scale, lever_of, ramps, scale_of
from shinro.findings.plans import Lever, Prefer

Array: TypeAlias = NDArray[Any]
STEP = 0.3  # the weight of a step beside that of a level
TINY = 1e-30  # the step of the derivatives
LEAST = 1e-12  # values are taken for no less, where a logarithm is taken
SLACK = 1e-9  # a margin that is missed by less is met
MANY = 12  # levers up to which every set of them is tried
TRIES = 4  # sets of the smallest size that are solved for


@dataclass(frozen=True, slots=True)
class Search:
    """A footing made ready to be searched: levers that move, their scales, what they begin at.

    `footing` has its capacities in the equations, `plain` is the one that was asked for.
    """

    footing: Footing
    plain: Footing
    batch: Batch
    leanings: Leanings
    levers: tuple[Lever, ...]  # those that can move
    begins: Mapping[str, Fraction]  # of every leaf
    scales: tuple[Scale, ...]
    every: tuple[Lever, ...]  # of every leaf, held ones too
    ramps: Array
    decided: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)  # levels that are not searched for

    @property
    def shape(self) -> tuple[int, int]:
        """Levers, knots."""
        return len(self.levers), len(self.footing.knots)

    @property
    def exact(self) -> bool:
        """Whether the best corner settles what can be reached: no lever hurts a condition, and there is no ceiling."""
        return not self.leanings.mixed and not self.footing.ceilings

    def levels(self, steps: Array, periods: int) -> dict[str, Array]:
        """The leaves' levels (periods, sets) at steps of the shape (sets, levers, knots)."""
        sets = len(steps)
        found = {name: np.full((periods, sets), float(level)) for name, level in self.begins.items()}
        for n, (lever, scale) in enumerate(zip(self.levers, self.scales, strict=True)):
            found[lever.metric] = scale.levels((steps[:, n, :] @ self.ramps[:, :periods]).T)
        for name, path in self.decided.items():
            found[name] = np.repeat(np.array([float(level) for level in path[:periods]])[:, None], sets, axis=1)
        tops = self.footing.tops
        for name, factors in self.footing.seasons.items():
            carried = found[name] * np.array([float(factor) for factor in factors[:periods]])[:, None]
            top = np.maximum(float(tops.get(name, np.inf)), found[name].real)
            found[name] = np.where(carried.real > top, np.where(found[name].real < top, top, found[name]), carried)
        return found

    def deciding(self, paths: Mapping[str, tuple[Fraction, ...]]) -> Search:
        """The search with the levels of some levers decided: the others are left to be searched for."""
        kept = [n for n, lever in enumerate(self.levers) if lever.metric not in paths]
        levers, scales = (tuple(found[n] for n in kept) for found in (self.levers, self.scales))
        return replace(self, levers=levers, scales=scales, decided={**self.decided, **paths})  # type: ignore[arg-type]

    def margins(self, steps: Array) -> Array:
        """How far each condition is beyond its level (conditions, then ceilings; sets), in logarithms where it can."""
        footing = self.footing
        read = self.batch.run(self.levels(steps, footing.horizon), footing.horizon)
        found = [aim.side * beyond(aim.read(read, number=float), float(aim.level)) for aim in footing.aims]
        for room in footing.ceilings:
            ends = [(room.high, -1), (room.low, 1)]
            for end, side in ends:
                if end is not None and room.origins[0 if side > 0 else 1].value == "written":
                    found += [side * beyond(read(room.metric, n), float(end)) for n in range(footing.knots[-1] + 1)]
        return np.array([np.broadcast_to(one, (len(steps),)) for one in found]).reshape(len(found), len(steps))


def beyond(value: Any, level: float) -> Any:  # noqa: ANN401 - an array or a number
    """The logarithm of a value over its level; where there is none, the distance in levels."""
    value = np.asarray(value)
    value = np.where(np.isnan(value), -1.0, value)
    if level <= 0:
        return (value - level) / max(abs(level), 1.0)
    return np.log(np.where(value.real > LEAST, value, LEAST) / level)


@dataclass(frozen=True, slots=True)
class Solution:
    """Steps of every lever at every knot, their effort, and the margins that they leave."""

    steps: Array
    effort: float
    margins: Array
    wanted: Array  # the margins that were asked for

    @property
    def feasible(self) -> bool:
        """Whether every margin is met."""
        return bool(np.all(self.margins >= self.wanted - SLACK))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a search may do: the levers that may move at all, those that are sent to their bounds at once."""

    allowed: frozenset[str] | None = None
    sent: frozenset[str] = field(default=frozenset())


ANY = Limits()


def search_of(footing: Footing, *, opened: bool = False) -> Search:
    """A footing made ready; `opened`: levers that are at their bound already can move beyond it. Cost: one batch."""
    plain = footing
    found = leanings(footing, batch(footing.unfolding, footing.past))  # of the drivers, which no capacity holds back
    ends = {lever.metric: lever.limit for lever, _ in _pairs(footing, found)}
    footing, made, found = _with_capacities(footing, found, ends)
    pairs = _pairs(footing, found)
    if opened:
        pairs = [_opened(pair, found.directions.get(pair[0].metric, 0)) for pair in pairs]
    begins = {lever.metric: begin for lever, begin in pairs}
    levers = tuple(lever for lever, _ in pairs if lever.direction)
    shares = {room.metric: room.share for room in footing.rooms}
    scales = tuple(scale_of(begins[lever.metric], lever.limit, is_share=shares[lever.metric]) for lever in levers)
    every = tuple(lever for lever, _ in pairs)
    ramp = ramps(footing.knots, len(footing.periods), footing.begun)
    return Search(footing, plain, made, found, levers, begins, scales, every, ramp)


def _pairs(footing: Footing, found: Leanings) -> list[tuple[Lever, Fraction]]:
    return [lever_of(room, found.directions.get(room.metric, 0)) for room in footing.rooms]


def _with_capacities(
    footing: Footing, found: Leanings, ends: Mapping[str, Fraction]
) -> tuple[Footing, Batch, Leanings]:
    """The footing with its capacities in the equations, those left out that would help where they are kept."""
    but: frozenset[str] = frozenset()
    while True:
        with_them = capped(footing, but)
        made = batch(with_them.unfolding, with_them.past)
        both = with_capacities(with_them, made, found, ends)
        turned = both.mixed - found.mixed
        if not turned:
            return with_them, made, both
        but |= turned


def _opened(pair: tuple[Lever, Fraction], direction: int) -> tuple[Lever, Fraction]:
    """A lever that has no room left, given some: as far as one that nothing is said of."""
    lever, begin = pair
    if lever.direction or not direction:
        return pair
    share = lever.meaning.percent
    if not begin:
        return replace(lever, limit=HALF if share else Fraction(1), direction=direction), begin
    limit = raised(begin, is_share=share) if direction > 0 else lowered(begin, is_share=share)
    return (replace(lever, limit=limit, direction=direction) if limit != begin else lever), begin


def corner(search: Search, names: Iterable[str] | None = None) -> Array:
    """Steps that send levers to their bounds by the first knot: all, or those named. Shape (levers, knots)."""
    found = np.zeros(search.shape)
    for n, lever in enumerate(search.levers):
        found[n, 0] = 1.0 if names is None or lever.metric in names else 0.0
    return found


def effort(search: Search, steps: Array) -> float:
    """The effort of steps: weighted squares of positions and, by 0.3, of steps."""
    positions = np.cumsum(steps, axis=1)
    return float(np.sum(_weights(search)[:, None] * (positions**2 + STEP * steps**2)))


def _weights(search: Search) -> Array:
    return np.array([float(lever.weight) for lever in search.levers])


def least_effort(search: Search, margins: Array, limits: Limits = ANY, start: Array | None = None) -> Solution:
    """The steps of least effort that leave the margins; the nearest to it where none do.

    Cost: about 10 to 30 batches of as many sets as there are levers times knots.
    """
    size = search.shape
    if not size[0]:
        return _solution(search, np.zeros(size), margins)
    tried = [np.full(size, 0.3)] if start is None else [start]
    tried += [corner(search, limits.allowed) * 0.999]
    best: Solution | None = None
    for each in tried:
        found = _solution(search, _minimised(search, margins, limits, each), margins)
        if best is None or (found.feasible, -found.effort) > (best.feasible, -best.effort):
            best = found
        if best.feasible:
            break
    assert best is not None  # noqa: S101 - two starts at least
    return best


def _solution(search: Search, steps: Array, margins: Array) -> Solution:
    return Solution(steps, effort(search, steps), search.margins(steps[None])[:, 0], margins)


def _minimised(search: Search, wanted: Array, limits: Limits, start: Array) -> Array:
    size = search.shape
    weights = _weights(search)[:, None]
    later = np.triu(np.ones((size[1], size[1])))  # position = steps @ later

    def objective(flat: Array) -> tuple[float, Array]:
        steps = flat.reshape(size)
        positions = steps @ later
        slope = 2 * weights * (positions @ later.T + STEP * steps)
        return float(np.sum(weights * (positions**2 + STEP * steps**2))), slope.ravel()

    return _searched(search, objective, _Margins(search), wanted, limits, start)


class _Margins:
    """Margins and their derivatives at steps, the last ones kept: both are asked for at the same place."""

    def __init__(self, search: Search) -> None:
        self.search, self.at = search, b""
        self.turns = 1j * TINY * np.eye(search.shape[0] * search.shape[1])
        self.found: tuple[Array, Array] = (np.zeros(0), np.zeros(0))

    def __call__(self, flat: Array) -> tuple[Array, Array]:
        key = flat.tobytes()
        if key != self.at:
            found = self.search.margins((flat[None] + self.turns).reshape(-1, *self.search.shape))
            self.at, self.found = key, (found[:, 0].real, found.imag / TINY)
        return self.found


def slopes_at(search: Search, steps: Array) -> Array:
    """How much each margin grows with each step: (conditions and ceilings, levers, knots)."""
    found = _Margins(search)(steps.ravel())[1]
    return found.reshape(len(found), *search.shape)


def _searched(
    search: Search,
    objective: Callable[[Array], tuple[float, Array]],
    margins: _Margins,
    wanted: Array,
    limits: Limits,
    start: Array,
) -> Array:
    """The steps at which an objective is least, while every margin that is wanted (not -inf) is left."""
    size, kept = search.shape, np.isfinite(wanted)
    room = np.kron(np.eye(size[0]), np.ones(size[1]))
    levers = zip(search.levers, search.scales, strict=True)
    bounds = [_bound(lever, scale, knot, limits) for lever, scale in levers for knot in range(size[1])]
    low, high = np.array(bounds).T
    constraints = [{"type": "ineq", "fun": lambda flat: 1 - room @ flat, "jac": lambda _: -room}]
    if kept.any():
        left = {"fun": lambda flat: (margins(flat)[0] - wanted)[kept], "jac": lambda flat: margins(flat)[1][kept]}
        constraints.append({"type": "ineq", **left})
    options = {"maxiter": 200, "ftol": 1e-10}
    first = np.clip(start.ravel(), low, high)
    found = minimize(
        objective, first, jac=True, method="SLSQP", bounds=bounds, constraints=constraints, options=options
    )
    steps = np.clip(np.nan_to_num(found.x), low, high).reshape(size)
    over = np.maximum(np.sum(steps, axis=1, keepdims=True), 1.0)
    return np.asarray(steps / over)


def _bound(lever: Lever, scale: Scale, knot: int, limits: Limits) -> tuple[float, float]:
    """The least and the most of one step."""
    least = scale.position(float(lever.floor)) if lever.floor is not None and not knot else 0.0
    if limits.allowed is not None and lever.metric not in limits.allowed:
        return (least, least)
    if lever.metric in limits.sent:
        return (0.0, 0.0) if knot else (1.0, 1.0)
    return (least, 1.0)


def solved(search: Search, margins: Array, prefer: Prefer = Prefer.EFFORT) -> Solution:
    """The plan that is wanted of all that leave the margins."""
    if prefer is Prefer.EFFORT or not search.levers:
        return least_effort(search, margins)
    found = [least_effort(search, margins, Limits(frozenset(names))) for names in _fewest(search, margins)]
    found = [each for each in found if each.feasible] or [least_effort(search, margins)]
    return min(found, key=lambda each: each.effort)


def _fewest(search: Search, margins: Array) -> list[tuple[str, ...]]:
    """The smallest sets of levers that reach everything when they go to their bounds, those with most room first."""
    names = [lever.metric for lever in search.levers]
    if len(names) > MANY:
        return [tuple(names)]
    for size in range(len(names) + 1):
        sets = list(combinations(names, size))
        left = search.margins(np.array([corner(search, each) for each in sets])).real - margins[:, None]
        spare = left.min(axis=0) if len(left) else np.zeros(len(sets))
        fine = [n for n in np.argsort(-spare, kind="stable") if spare[n] >= -SLACK]
        if fine:
            return [sets[n] for n in fine[:TRIES]]
    return [tuple(names)]


def best_margins(search: Search) -> Array:
    """The largest margin of each condition that the bounds allow, each by itself; 0 for the ceilings.

    The corner's where each lever helps every condition; else searched for, so that there may be a better one.
    """
    at = np.asarray(search.margins(corner(search)[None])[:, 0].real)
    aims = len(search.footing.aims)
    if not search.exact and search.levers:
        at[:aims] = [_highest(search, n) for n in range(aims)]
    at[aims:] = 0.0
    return at


def _highest(search: Search, number: int) -> float:
    """The largest margin of one condition within the ceilings."""
    names = search.leanings.helping[number]
    aims, margins = len(search.footing.aims), _Margins(search)
    at = search.margins(corner(search, names)[None])[:, 0].real
    if bool(np.all(at[aims:] >= -SLACK)):
        return float(at[number])
    wanted = np.where(np.arange(len(at)) < aims, -np.inf, 0.0)

    def objective(flat: Array) -> tuple[float, Array]:
        found, slopes = margins(flat)
        return -float(found[number]), -slopes[number]

    ends = []
    for share in (0.1, 0.5, 0.9):
        steps = _searched(search, objective, margins, wanted, Limits(names), corner(search, names) * share)
        left = search.margins(steps[None])[:, 0].real
        ends.append(float(left[number]) if bool(np.all(left[aims:] >= -1e-6)) else -np.inf)  # noqa: PLR2004 - a solver's slack
    return max(ends)


def with_limit(search: Search, metric: str, limit: Fraction) -> Search:
    """The search with one lever's bound elsewhere, its effort still measured by the bound that it had."""
    levers = tuple(replace(lever, limit=limit) if lever.metric == metric else lever for lever in search.levers)
    shares = {room.metric: room.share for room in search.footing.rooms}
    scales, weighted = [], []
    for lever, scale in zip(levers, search.scales, strict=True):
        wider = scale_of(search.begins[lever.metric], lever.limit, is_share=shares[lever.metric])
        ratio = wider.reach / scale.reach if scale.kind == wider.kind and scale.reach else 1.0
        scales.append(wider)
        weighted.append(replace(lever, weight=lever.weight * Fraction(ratio * ratio)))
    return replace(search, levers=tuple(weighted), scales=tuple(scales))


def zeros(search: Search) -> Array:
    """No margin asked for, of any condition or ceiling."""
    return np.zeros(len(search.margins(np.zeros((1, *search.shape)))))


def margins_for(search: Search, asked: Sequence[float]) -> Array:
    """Margins of the conditions; none of the ceilings."""
    found = zeros(search)
    found[: len(asked)] = asked
    return found
