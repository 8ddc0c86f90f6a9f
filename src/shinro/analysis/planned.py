"""Planned: a solution made a plan: levels one can steer by, each condition evaluated again, exactly, by the tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

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
    least_effort,
    margins_for,
    solved,
)
from shinro.analysis.footing import Footing
from shinro.analysis.scales import exact_path
from shinro.definitions.unfolding import unfold
from shinro.findings.plans import PlannedCondition, PlannedLever, Prefer

AGAIN = 6  # times that a plan is solved for again where rounding cost it a condition
NEAR = 1e-3  # how near to the best that was found a plan must come, where no corner settles it
MORE = 1e-7  # the first margin that is then asked for

Values = Mapping[str, tuple[Fraction | None, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan before its reasons: levers with exact levels, what they lead to, what cannot be reached at all."""

    search: Search
    solution: Solution
    levers: tuple[PlannedLever, ...]
    values: Values
    missed: frozenset[int] = field(default=frozenset())  # aims, by their number, that the bounds do not allow


def drafted(
    search: Search, margins: Sequence[float] = (), prefer: Prefer = Prefer.EFFORT, *, rounded: bool = True
) -> Draft:
    """The plan of a footing. Where the bounds do not allow a condition, its levers go to their bounds.

    `margins` are what each condition is to be beyond its level, as logarithms; less where the bounds allow no more.
    Law: a condition that is not missed holds, exactly.
    """
    aims = search.footing.aims
    best = best_margins(search)
    asked = margins_for(search, [*margins, *[0.0] * (len(aims) - len(margins))])
    missed = frozenset(n for n in range(len(aims)) if best[n] < -SLACK)
    asked = np.minimum(asked, np.maximum(best, 0.0)) if search.exact else asked
    more, rounded = 0.0, rounded and not missed  # rounding up would pass the best that there is
    for _ in range(AGAIN):
        draft = _draft(search, _solved(search, asked + more, best, missed, prefer), missed, rounded=rounded)
        if all(held(draft, n) for n in range(len(aims)) if n not in missed):
            return draft
        more = more * 10 or MORE
    return draft if missed else replace(draft, missed=_not_held(draft))


def _not_held(draft: Draft) -> frozenset[int]:
    return frozenset(n for n in range(len(draft.search.footing.aims)) if not held(draft, n))


def _solved(search: Search, asked: Array, best: Array, missed: frozenset[int], prefer: Prefer) -> Solution:
    if not missed:
        return solved(search, asked, prefer)
    eased, lost = asked.copy(), sorted(missed)
    if search.exact:
        sent = frozenset(name for n in missed for name in search.leanings.helping[n])
        eased[lost] = -np.inf
        return least_effort(search, eased, Limits(sent=sent), corner(search, sent))
    eased[lost] = best[lost] - NEAR
    return least_effort(search, eased)


def _draft(search: Search, solution: Solution, missed: frozenset[int], *, rounded: bool) -> Draft:
    levers = planned_levers(search, solution, rounded=rounded)
    return Draft(search, solution, levers, values_of(search.footing, levers), missed)


def planned_levers(search: Search, solution: Solution, *, rounded: bool) -> tuple[PlannedLever, ...]:
    """Every leaf with its exact levels, those that do not move too."""
    footing, moving = search.footing, {lever.metric: n for n, lever in enumerate(search.levers)}
    positions = solution.steps @ search.ramps
    found = []
    for lever in search.every:
        begin, n = search.begins[lever.metric], moving.get(lever.metric)
        if n is None:
            path = [begin] * len(footing.periods)
        else:
            path = exact_path(search.levers[n], begin, search.scales[n], positions[n], rounded=rounded)
        found.append(PlannedLever(lever, tuple(path), tuple(path[knot] for knot in footing.knots)))
    return tuple(found)


def values_of(footing: Footing, levers: Sequence[PlannedLever], periods: int | None = None) -> Values:
    """Everything that the tree makes of the levers' levels, exactly."""
    count = footing.horizon if periods is None else periods
    return unfold(footing.unfolding, {each.lever.metric: each.path for each in levers}, footing.past, count)


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
    levels |= {name: [level] * footing.horizon for name, level in (begins or {}).items()}
    return unfold(footing.unfolding, levels, footing.past, footing.horizon)
