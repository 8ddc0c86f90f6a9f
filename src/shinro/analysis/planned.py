"""Planned: a solution made a plan: levels one can steer by, each condition evaluated again, exactly, by the tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import ceil, floor

import numpy as np

from shinro.analysis.aims import Aim
from shinro.analysis.backplan import (
    SLACK,
    Array,
    Limits,
    Search,
    Solution,
    best_margins,
    corner,
    effort,
    least_effort,
    margins_for,
    solved,
)
from shinro.analysis.capacities import is_capacity
from shinro.analysis.footing import Footing
from shinro.analysis.rooms import Room
from shinro.analysis.scales import exact_path
from shinro.definitions.unfolding import unfold
from shinro.findings.plans import Lever, Origin, PlannedCondition, PlannedLever, Prefer

AGAIN = 6  # times that a plan is solved for again where rounding cost it a condition
NEAR = 1e-3  # how near to the best that was found a plan must come, where no corner settles it
CLOSE = 1e-6  # the same, where the corner does
MORE = 1e-7  # the first margin that is then asked for
COARSE = 100  # things from which on one more or less is no more than a hundredth
STEPS = 16  # times that one thing less is tried

Values = Mapping[str, tuple[Fraction | None, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan before its reasons: levers with exact levels, what they lead to, what cannot be reached at all.

    `solution` is what was searched for, before it was rounded; `effort` its own, but where whole things had to
    be found: then that of the levels.
    """

    search: Search
    solution: Solution
    levers: tuple[PlannedLever, ...]
    values: Values
    missed: frozenset[int] = field(default=frozenset())  # aims, by their number, that the bounds do not allow
    effort: float = 0.0
    rounded: bool = False

    @property
    def passed(self) -> tuple[Room, ...]:
        """The ceilings that the levels pass all the same, exactly."""
        span = range(self.search.footing.knots[-1] + 1)
        return tuple(
            room
            for room in self.search.footing.ceilings
            if any(_passes(room, self.values[room.metric][n]) for n in span)
        )


def _passes(room: Room, value: Fraction | None) -> bool:
    low, high = (
        None if origin is Origin.ASSUMED else end
        for end, origin in zip((room.low, room.high), room.origins, strict=True)
    )
    return value is not None and ((high is not None and value > high) or (low is not None and value < low))


@dataclass(frozen=True, slots=True)
class Asked:
    """The margins that a plan is asked for, the best that there are, and what the bounds do not allow."""

    margins: Array
    best: Array
    missed: frozenset[int]
    prefer: Prefer


def drafted(
    search: Search, margins: Sequence[float] = (), prefer: Prefer = Prefer.EFFORT, *, rounded: bool = True
) -> Draft:
    """The plan of a footing. Where the bounds do not allow a condition, its levers go to their bounds.

    `margins` are what each condition is to be beyond its level, as logarithms; less where the bounds allow no more.
    Law: a condition that is not missed holds, exactly; what is counted is whole, and one of it less would not do.
    """
    draft = _drafted(search, margins, prefer, rounded=rounded)
    return _in_whole_things(draft, margins, prefer) if rounded else draft


def _drafted(search: Search, margins: Sequence[float], prefer: Prefer, *, rounded: bool) -> Draft:
    aims = search.footing.aims
    best = best_margins(search)
    found = margins_for(search, [*margins, *[0.0] * (len(aims) - len(margins))])
    missed = frozenset(n for n in range(len(aims)) if best[n] < -SLACK)
    asked = Asked(np.minimum(found, np.maximum(best, 0.0)) if search.exact else found, best, missed, prefer)
    for more in (0.0, *(MORE * 10**n for n in range(AGAIN - 1))):
        solution = _solved(search, asked, more)
        draft = _draft(search, solution, missed, rounded=rounded)
        if rounded and missed and search.exact:  # rounded up the plan would pass the best that even steps come to
            back = _draft(search, solution, missed, rounded=True, back=_helping(search, missed))
            draft = back if _not_held(back) <= missed else draft
        if _not_held(draft) <= missed and not draft.passed:
            break
    if rounded and draft.passed:  # what is rounded up passes a ceiling: what is no whole thing stays as it was found
        draft = _draft(search, _solved(search, asked, MORE), missed, rounded=False)
    return _settled(draft)


def _settled(draft: Draft) -> Draft:
    """A draft that says of each condition what its levels lead to: rounding up may reach what a hair was missing of."""
    return replace(draft, missed=_not_held(draft))


def _not_held(draft: Draft) -> frozenset[int]:
    return frozenset(n for n in range(len(draft.search.footing.aims)) if not held(draft, n))


def _solved(search: Search, asked: Asked, more: float) -> Solution:
    wanted, missed = asked.margins + more, asked.missed
    if not missed:
        return solved(search, wanted, asked.prefer)
    eased, lost = wanted.copy(), sorted(missed)
    if search.exact and any(is_capacity(lever.metric) for lever in search.every):
        eased[lost] = asked.best[lost] - CLOSE  # beyond what there is room for nothing helps: it is not the corner
        found = least_effort(search, eased, start=corner(search) * 0.5)
        if found.feasible:
            return found
    if search.exact:
        sent = _helping(search, missed)
        eased[lost] = -np.inf
        return least_effort(search, eased, Limits(sent=sent), corner(search, sent))
    eased[lost] = asked.best[lost] - NEAR
    return least_effort(search, eased)


def _helping(search: Search, missed: frozenset[int]) -> frozenset[str]:
    return frozenset(name for n in missed for name in search.leanings.helping[n])


def _draft(
    search: Search, solution: Solution, missed: frozenset[int], *, rounded: bool, back: frozenset[str] = frozenset()
) -> Draft:
    levers = planned_levers(search, solution, rounded=rounded, back=back)
    values = values_of(search.footing, levers)
    return Draft(search, solution, levers, values, missed, solution.effort, rounded)


def _in_whole_things(draft: Draft, margins: Sequence[float], prefer: Prefer) -> Draft:
    """The draft with what is counted in few things made whole.

    It is rounded up first, and what is left searched for again; then there is one thing less at a time, always where
    the effort falls most, while everything that held still holds.
    Cost: a search for each that is tried, at most `STEPS`.
    """
    whole = _ups(draft)
    if not whole:
        return draft
    held_back = _unmoved(draft) if prefer is Prefer.LEVERS else {}

    def tried(paths: Mapping[str, tuple[Fraction, ...]]) -> Draft:
        made = _drafted(draft.search.deciding({**held_back, **paths}), margins, Prefer.EFFORT, rounded=True)
        return replace(made, effort=_effort_of(draft.search, made.levers))

    paths, best, left = whole, tried(whole), STEPS
    while fewer := list(_fewer(draft.search, paths))[:left]:
        left -= len(fewer)
        found = [(tried({**paths, name: path}), name, path) for name, path in fewer]
        made, name, path = min(found, key=lambda each: _worth(each[0]))
        if _worth(made) >= _worth(best):
            break
        paths, best = {**paths, name: path}, made
    return replace(best, search=draft.search, solution=draft.solution)


def _worth(draft: Draft) -> tuple[int, float, float]:
    """What makes one draft better than another: what it misses, by how much, at what effort."""
    short = sum(max(-float(draft.solution.margins[n]), 0.0) for n in draft.missed)
    return len(draft.missed) + len(draft.passed), round(short, 9), draft.effort


def _ups(draft: Draft) -> dict[str, tuple[Fraction, ...]]:
    """The levers that come to a milestone with a part of one of few things: their paths, rounded the way they move."""
    found = {}
    positions = draft.solution.steps @ draft.search.ramps
    for n, (lever, scale) in enumerate(zip(draft.search.levers, draft.search.scales, strict=True)):
        begin = draft.search.begins[lever.metric]
        path = exact_path(lever, begin, scale, positions[n], rounded=True)
        fine = exact_path(lever, begin, scale, positions[n], rounded=False)
        if (
            lever.whole
            and abs(path[-1]) < COARSE
            and any(path[knot] != fine[knot] for knot in draft.search.footing.knots)
        ):
            found[lever.metric] = tuple(path)
    return found


def _unmoved(draft: Draft) -> dict[str, tuple[Fraction, ...]]:
    begins = draft.search.begins
    return {each.lever.metric: each.path for each in draft.levers if set(each.path) == {begins[each.lever.metric]}}


def _fewer(search: Search, paths: Mapping[str, tuple[Fraction, ...]]) -> Iterator[tuple[str, tuple[Fraction, ...]]]:
    """Each path with one thing less at one of the milestones, the last ones first; it comes there as evenly."""
    knots = search.footing.knots
    for n, lever in enumerate(search.levers):
        levels = [paths[lever.metric][knot] for knot in knots] if lever.metric in paths else []
        begins = [search.begins[lever.metric], *levels[:-1]]
        for k in reversed(range(len(levels))):
            least = begins[levels.index(levels[k])]  # what it comes to before
            lower = max(levels[k] - 1, least) if lever.direction > 0 else min(levels[k] + 1, least)
            if lower != levels[k] and (k + 1 == len(levels) or levels[k + 1] != levels[k]):
                yield lever.metric, _through(search, n, [lower if each == levels[k] else each for each in levels])


def _through(search: Search, number: int, levels: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """A lever's whole levels in each period that come evenly to those at the knots."""
    lever, scale, knots = search.levers[number], search.scales[number], search.footing.knots
    at = np.array([scale.position(float(level)) for level in levels])
    positions: Array = np.diff(at, prepend=0.0) @ search.ramps
    path = exact_path(lever, search.begins[lever.metric], scale, positions.tolist(), rounded=True)
    nearer = min if lever.direction > 0 else max
    ends = [
        next((level for knot, level in zip(knots, levels, strict=True) if period <= knot), levels[-1])
        for period in range(len(path))
    ]
    return tuple(nearer(level, end) for level, end in zip(path, ends, strict=True))


def _effort_of(search: Search, levers: Sequence[PlannedLever]) -> float:
    """The effort of levels as they are."""
    paths = {each.lever.metric: each.knots for each in levers}
    positions = np.zeros(search.shape)
    for n, (lever, scale) in enumerate(zip(search.levers, search.scales, strict=True)):
        positions[n] = [scale.position(float(level)) for level in paths[lever.metric]]
    return effort(search, np.diff(positions, axis=1, prepend=0.0))


def planned_levers(
    search: Search, solution: Solution, *, rounded: bool, back: frozenset[str] = frozenset()
) -> tuple[PlannedLever, ...]:
    """Every leaf with its exact levels, those that do not move too; `back`: what is whole of these is rounded back."""
    footing, moving = search.footing, {lever.metric: n for n, lever in enumerate(search.levers)}
    positions = solution.steps @ search.ramps
    found = []
    for lever in search.every:
        begin, n = search.begins[lever.metric], moving.get(lever.metric)
        if lever.metric in search.decided:
            path = list(search.decided[lever.metric])
        elif n is None:
            path = [begin] * len(footing.periods)
        else:
            up = rounded and lever.metric not in back
            path = exact_path(search.levers[n], begin, search.scales[n], positions[n], rounded=up)
            path = [_back(level, lever, begin) for level in path] if lever.metric in back and lever.whole else path
        season = footing.seasons.get(lever.metric, ())
        knots = tuple(path[knot] for knot in footing.knots)
        found.append(PlannedLever(lever, tuple(path), knots, season, footing.tops.get(lever.metric)))
    return tuple(found)


def _back(level: Fraction, lever: Lever, begin: Fraction) -> Fraction:
    """The last whole thing before a level, or where the lever begins."""
    return max(Fraction(floor(level)), begin) if lever.direction > 0 else min(Fraction(ceil(level)), begin)


def values_of(footing: Footing, levers: Sequence[PlannedLever], periods: int | None = None) -> Values:
    """Everything that the tree makes of the levers' levels, exactly."""
    count = footing.horizon if periods is None else periods
    levels = footing.carried({each.lever.metric: each.path for each in levers})
    return unfold(footing.unfolding, levels, footing.past, count)


def reading(footing: Footing, aim: Aim, values: Values, index: int | None = None) -> Fraction | None:
    """What a condition reads; None where a value that it needs is undefined."""

    def at(metric: str, period: int) -> Fraction:
        if period >= 0:
            found = values[metric][period]
        else:
            older = footing.past.get(metric, ())
            found = older[max(len(older) + period, 0)] if older else None
        if found is None:
            raise ZeroDivisionError
        return found

    try:
        read = aim.read(at, index)
    except ZeroDivisionError:
        return None
    return Fraction(read)


def held(draft: Draft, number: int) -> bool:
    """Whether a condition holds, exactly."""
    aim = draft.search.footing.aims[number]
    return aim.holds(reading(draft.search.footing, aim, draft.values))


def planned_condition(footing: Footing, aim: Aim, before: Values, after: Values) -> PlannedCondition:
    """A condition as things are and as they would be."""
    planned = reading(footing, aim, after)
    return PlannedCondition(
        aim.milestone,
        aim.text,
        aim.meaning,
        aim.op,
        aim.level,
        footing.periods[aim.index],
        reading(footing, aim, before),
        planned,
        aim.holds(planned),
    )


def unchanged(footing: Footing, begins: Mapping[str, Fraction] | None = None) -> Values:
    """What the tree makes of drivers that stay where they are."""
    levels = footing.steady(footing.horizon)
    levels |= footing.carried({name: [level] * footing.horizon for name, level in (begins or {}).items()})
    return unfold(footing.unfolding, levels, footing.past, footing.horizon)
