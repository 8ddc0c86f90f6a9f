"""Reasons: why a goal is out of reach and what alone would do; what one more step, or one more month, is worth.

Law: the best level is what the bounds allow at their corner and no more; a bound that alone would do does, exactly; the
day that alone would do is the first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from math import isnan

import numpy as np
from scipy.optimize import brentq

from shinro.analysis.aims import WHOLE, Aim
from shinro.analysis.backplan import Search, corner, least_effort, search_of, slopes_at, with_limit
from shinro.analysis.capacities import is_capacity
from shinro.analysis.footing import Footing
from shinro.analysis.planned import (
    Draft,
    Values,
    drafted,
    planned_condition,
    planned_levers,
    reading,
    unchanged,
    values_of,
)
from shinro.analysis.scales import ALL, FINE, Scale, exact_path, ticked
from shinro.definitions.unfolding import unfold
from shinro.findings.plans import Alone, Easing, Lever, PlannedCondition, PlannedLever, Shortfall, Worth
from shinro.periods import Period
from shinro.series import Nature

FARTHEST = 12.0  # positions: so many times the way to its bound is the farthest that a driver is asked for
WIDER = Fraction(1, 10)  # of the way to a bound, by which it is eased
FINER = Fraction(1, 100)  # of what one steers by
MATTERS = 0.01  # of the effort: what saves less is not told
BINDING = 1e-4
MOST = 3


def shortfalls(draft: Draft, before: Values) -> tuple[Shortfall, ...]:
    """Each condition that the bounds do not allow, in the order of their days.

    Cost: about ten batches a lever, and one exact evaluation of three years.
    """
    if not draft.missed:
        return ()
    search = search_of(draft.search.plain, opened=True)
    longest = values_of(search.footing, draft.levers, len(search.footing.periods))
    return tuple(_shortfall(draft, search, longest, before, number) for number in sorted(draft.missed))


def _shortfall(draft: Draft, search: Search, longest: Values, before: Values, number: int) -> Shortfall:
    footing, aim = search.footing, search.footing.aims[number]
    condition = planned_condition(footing, aim, before, draft.values)
    best = _best(draft, aim, condition.planned)
    names = frozenset(lever.metric for lever in draft.search.levers)
    levers = [lever for lever in search.levers if lever.metric in search.leanings.helping[number]]
    alone = tuple(Alone(_as_drawn(draft, lever), _needed(search, lever, number, names)) for lever in levers)
    given = abs(aim.level - best) / abs(aim.level) if best is not None and aim.level else None
    month = _first(footing, aim, longest)
    late = footing.periods.index(month) - aim.index if month else 0
    return Shortfall(condition, best, alone, month, given, late, aim.index + 1)


def _best(draft: Draft, aim: Aim, planned: Fraction | None) -> Fraction | None:
    """The best that even steps within the bounds come to, which a plan in whole things may fall short of."""
    search = draft.search
    values = values_of(search.footing, planned_levers(search, draft.solution, rounded=False))
    found = reading(search.footing, aim, values)
    if found is None or planned is None or not search.exact:
        return planned
    return max(found, planned) if aim.side > 0 else min(found, planned)


def _as_drawn(draft: Draft, lever: Lever) -> Lever:
    """The lever with the limit that it has, not one that was tried."""
    return next(each for each in draft.search.every if each.metric == lever.metric)


def _first(footing: Footing, aim: Aim, longest: Values) -> Period | None:
    """The first period in which a condition holds with every lever at its bound."""
    span = range(aim.index + aim.step, len(footing.periods), aim.step)
    return next((footing.periods[n] for n in span if aim.holds(reading(footing, aim, longest, n))), None)


def _needed(search: Search, lever: Lever, number: int, names: frozenset[str]) -> Fraction | None:
    """How far one lever would have to go while the others are at their bounds; None where no level would do."""
    place = [each.metric for each in search.levers].index(lever.metric)
    steps = corner(search, names)

    def margin(position: float) -> float:
        moved = steps.copy()
        moved[place, 0] = position
        found = float(search.margins(moved[None])[number, 0].real)
        return -1.0 if isnan(found) else found

    start = float(steps[place, 0])
    end = _end(margin, start, search.scales[place])
    if end is None:
        return _at_its_end(search, lever, number, names)
    position = float(brentq(margin, start, end, xtol=1e-10)) if margin(start) < 0 else start
    return _checked(search, lever, place, number, position, names)


def _at_its_end(search: Search, lever: Lever, number: int, names: frozenset[str]) -> Fraction | None:
    """The end of what a driver can be, which no odds come to (no churn at all); None where that would not do."""
    level = Fraction(1 if lever.direction > 0 else 0)
    if lever.direction > 0 and not lever.meaning.percent:
        return None
    aim = search.footing.aims[number]
    found = reading(search.footing, aim, _at_corner(with_limit(search, lever.metric, level), names | {lever.metric}))
    return level if aim.holds(found) else None


def _end(margin: Callable[[float], float], start: float, scale: Scale) -> float | None:
    """A position at which the condition holds."""
    reach, farthest = 1.0, {"odds": 3 * FARTHEST, "even": FARTHEST**6}.get(scale.kind, FARTHEST)
    farthest = max(farthest, FARTHEST / abs(scale.reach)) if scale.kind != "even" else farthest
    while reach <= farthest:
        if margin(start + reach) >= 0:
            return start + reach
        reach *= 2
    return None


def _checked(
    search: Search, lever: Lever, place: int, number: int, position: float, names: frozenset[str]
) -> Fraction | None:
    """The level, rounded the way that it moves, at which the condition holds exactly."""
    scale = search.scales[place]
    whole = lever.whole and (lever.meaning.nature is Nature.STOCK or is_capacity(lever.metric))
    free = replace(lever, whole=whole)
    finer = Fraction(1) if free.whole else FINER
    level = ticked(Fraction(float(scale.levels(np.array(position)))).limit_denominator(FINE), free, finer)
    if lever.meaning.percent and not 0 <= level <= 1:
        return None
    wider = with_limit(search, lever.metric, level)
    aim = search.footing.aims[number]
    found = reading(search.footing, aim, _at_corner(wider, names | {lever.metric}))
    return level if aim.holds(found) else None


def _at_corner(search: Search, names: frozenset[str]) -> Values:
    """What the tree makes of the levers at their bounds, exactly."""
    footing, positions = search.footing, corner(search, names) @ search.ramps
    levels = {name: [level] * footing.horizon for name, level in search.begins.items()}
    for n, lever in enumerate(search.levers):
        begin = search.begins[lever.metric]
        levels[lever.metric] = exact_path(lever, begin, search.scales[n], positions[n], rounded=False)
    return unfold(footing.unfolding, footing.carried(levels), footing.past, footing.horizon)


def easings(draft: Draft) -> tuple[Easing, ...]:
    """What the plan would cost with one binding condition a period later, or one bound a tenth wider; the best first.

    Cost: a search each, of the three bounds at most that matter most.
    """
    found = [*_later(draft), *_wider(draft)] if not draft.missed else []
    least = draft.solution.effort * (1 - MATTERS)
    better = sorted((each for each in found if each[0].effort < least), key=lambda each: each[0].effort)[:MOST]
    told = [_as_shown(draft, *each) for each in better]
    return tuple(
        sorted((each for each in told if each.effort < draft.effort * (1 - MATTERS)), key=lambda each: each.effort)
    )


def _as_shown(draft: Draft, easing: Easing, search: Search) -> Easing:
    """An easing with the effort of a plan in whole things, where the one that it stands beside had to be made whole."""
    if draft.effort == draft.solution.effort:
        return easing
    margins = draft.solution.wanted[: len(search.footing.aims)]
    found = drafted(search, [float(each) for each in margins])
    return easing if found.missed else replace(easing, effort=found.effort)


def _later(draft: Draft) -> Iterator[tuple[Easing, Search]]:
    footing, solution = draft.search.footing, draft.solution
    before = unchanged(footing, draft.search.begins)
    for number, aim in enumerate(footing.aims):
        if solution.margins[number] - solution.wanted[number] > BINDING or aim.holds(reading(footing, aim, before)):
            continue
        aims = tuple(replace(each, index=each.index + each.step) if each is aim else each for each in footing.aims)
        search = replace(draft.search, footing=replace(footing, aims=aims))
        eased = least_effort(search, solution.wanted, start=solution.steps)
        if eased.feasible:
            later = next((each for (each, of), n in WHOLE.items() if of is footing.grain and n == aim.step), None)
            yield Easing(planned_condition(footing, aim, before, draft.values), None, eased.effort, later), search


def _wider(draft: Draft) -> Iterator[tuple[Easing, Search]]:
    search, solution = draft.search, draft.solution
    for n in _at_their_ends(draft):
        lever = search.levers[n]
        level = Fraction(float(search.scales[n].levels(np.array(1 + float(WIDER))))).limit_denominator(FINE)
        if lever.meaning.percent and not 0 < level < 1:
            continue
        wider = with_limit(search, lever.metric, ticked(level, lever) if draft.rounded else level)
        eased = least_effort(wider, solution.wanted, start=solution.steps)
        if eased.feasible:
            yield Easing(None, replace(lever, limit=ticked(level, lever)), eased.effort), wider


def _at_their_ends(draft: Draft) -> list[int]:
    """The levers that are at their bounds, by their numbers: the few that do most for the conditions that bind."""
    search, solution = draft.search, draft.solution
    slopes = slopes_at(search, solution.steps)
    binding = solution.margins - solution.wanted < BINDING
    gains = slopes[binding].max(axis=0, initial=0.0).max(axis=1, initial=0.0)
    ends = [n for n in range(len(search.levers)) if float(np.sum(solution.steps[n])) >= ALL]
    return sorted(ends, key=lambda n: -float(gains[n]) / float(search.levers[n].weight or 1))[:MOST]


def worths(draft: Draft, conditions: tuple[PlannedCondition, ...]) -> tuple[Worth, ...]:
    """What one more step of each driver, in every period from now on, adds to each condition's value, exactly.

    A step is a point of a share, one of what is whole, else a tenth of where it stands.
    Cost: one exact evaluation a driver.
    """
    footing = draft.search.footing
    found = []
    for planned in draft.levers:
        direction = draft.search.leanings.directions.get(planned.lever.metric, 0)
        step = _step(planned.lever) * direction
        if not step or is_capacity(planned.lever.metric):
            continue
        moved = tuple(_moved(each, step) if each is planned else each for each in draft.levers)
        values = values_of(footing, moved)
        gains = []
        for aim, condition in zip(footing.aims, conditions, strict=True):
            after = reading(footing, aim, values)
            if aim.metric != planned.lever.metric and after is not None and condition.planned is not None:
                gains.append((condition, after - condition.planned))
        found.append(Worth(planned.lever, step, tuple(each for each in gains if each[1])))
    return tuple(each for each in found if each.gains)


def _step(lever: Lever) -> Fraction:
    if lever.meaning.percent:
        return Fraction(1, 100)
    tenth = abs(lever.start or lever.limit) / 10
    return Fraction(max(round(tenth), 1)) if lever.whole else tenth


def _moved(planned: PlannedLever, step: Fraction) -> PlannedLever:
    """Every level a step farther, a share never outside 0 to 1."""
    path = [level + step for level in planned.path]
    if planned.lever.meaning.percent:
        path = [min(max(level, Fraction(0)), Fraction(1)) for level in path]
    return replace(planned, path=tuple(path))
