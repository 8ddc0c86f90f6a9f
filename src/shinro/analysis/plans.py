"""Plans: working back put together: levers, conditions, reasons, worth and the steps down from each goal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from shinro.analysis.aims import Aim
from shinro.analysis.backplan import search_of
from shinro.analysis.backplan_chance import buffered, chances, noise
from shinro.analysis.backplan_reasons import easings, shortfalls, worths
from shinro.analysis.capacities import MOST, is_capacity
from shinro.analysis.footing import BOUNDLESS, Footing
from shinro.analysis.ladders import ladder
from shinro.analysis.planned import Draft, drafted, planned_condition, unchanged, values_of
from shinro.definitions.expression import Node
from shinro.definitions.project import Project
from shinro.definitions.tree import reads
from shinro.findings.plans import Plan, Prefer, Rung
from shinro.series import Better, Meaning, Nature


def plan_of(
    project: Project,
    meanings: Mapping[str, Meaning],
    footing: Footing,
    prefer: Prefer = Prefer.EFFORT,
    wanted: float | None = None,
    *,
    rounded: bool = True,
) -> Plan:
    """The plan of a footing, with its reasons; `wanted`: buffered until each milestone is as likely.

    Cost: a search (one more a turn of the buffer), one for every binding condition and bound, one exact evaluation a
    driver, and two batches of 2,000 paths.
    """
    search, around = search_of(footing), noise(footing, footing.horizon)
    buffer = None
    if wanted is None:
        draft = drafted(search, prefer=prefer, rounded=rounded)
    else:
        draft, buffer = buffered(search, wanted, around, prefer)
    plan = told(project, meanings, draft, prefer)
    return replace(plan, chances=chances(draft, wanted, buffer, around), silent=around.silent, constant=around.constant)


def told(project: Project, meanings: Mapping[str, Meaning], draft: Draft, prefer: Prefer) -> Plan:
    """A draft as a plan, its reasons found."""
    footing = draft.search.footing
    before = unchanged(footing)
    conditions = tuple(planned_condition(footing, aim, before, draft.values) for aim in footing.aims)
    titles = {knot: _titles(footing, knot) for knot in footing.knots}
    return Plan(
        as_of=footing.as_of,
        grain=footing.grain,
        base=footing.base,
        periods=footing.periods[: footing.horizon],
        knots=tuple((footing.periods[knot], titles[knot]) for knot in footing.knots),
        levers=tuple(each for each in draft.levers if not is_capacity(each.lever.metric)),
        conditions=conditions,
        effort=draft.effort,
        prefer=prefer,
        shortfalls=shortfalls(draft, before),
        worths=worths(draft, conditions),
        easings=easings(draft),
        ladders=tuple(ladders_of(project, meanings, draft)),
        assumptions=footing.assumptions,
        unread=footing.unread,
        from_zero=footing.from_zero,
        bursts=footing.bursts,
        earlier=footing.earlier,
        exact=draft.search.exact,
        held_back=tuple(_held_back(draft)),
    )


def _held_back(draft: Draft) -> Iterator[tuple[Meaning, Fraction, Fraction]]:
    """What the drivers bring beyond a capacity at the last milestone: the metric, its bound, what they bring."""
    caps = [each for each in draft.levers if is_capacity(each.lever.metric)]
    free = {
        each.lever.metric: (BOUNDLESS if each.lever.metric.startswith(MOST) else -BOUNDLESS,) * len(each.path)
        for each in caps
    }
    levers = [replace(each, path=free.get(each.lever.metric, each.path)) for each in draft.levers]
    values = values_of(draft.search.footing, levers) if caps else {}
    for each in caps:
        meaning, cap = each.lever.meaning, each.lever.start
        brought = values[meaning.metric][draft.search.footing.knots[-1]]
        if brought is not None and (brought > cap if each.lever.metric.startswith(MOST) else brought < cap):
            yield meaning, cap, brought


def _titles(footing: Footing, knot: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(aim.milestone for aim in footing.aims if aim.index == knot))


def ladders_of(project: Project, meanings: Mapping[str, Meaning], draft: Draft) -> Iterator[tuple[Rung, ...]]:
    """The steps down from each condition's level at its last day; of a stock, from what has to flow into it by then."""
    footing = draft.search.footing
    capacities = {room.metric: room.high for room in footing.ceilings if room.high is not None}
    capacities |= {room.metric.removeprefix(MOST): room.start for room in footing.rooms if room.metric.startswith(MOST)}
    capacities |= {
        each.lever.metric: each.lever.limit for each in draft.levers if each.lever.direction > 0 and each.lever.whole
    }
    goals = {aim.metric: aim for aim in footing.aims if aim.side > 0}
    told_of: set[str] = set()
    for metric, aim in goals.items():
        levels = {each.lever.metric: each.brought[aim.index] for each in draft.levers}
        levels |= _follows(draft, aim.index, levels)
        for goal in _starts(draft, meanings, metric, aim):
            found = _rungs(project, draft, meanings, goal, levels, capacities)
            if found and goal[0] not in told_of:
                told_of |= {rung.metric for rung in found}
                yield found


def _rungs(
    project: Project,
    draft: Draft,
    meanings: Mapping[str, Meaning],
    goal: tuple[str, Fraction],
    levels: Mapping[str, Fraction],
    capacities: Mapping[str, Fraction],
) -> tuple[Rung, ...]:
    """The steps down from a goal; where rounding up would ask for more than a plan has that reaches it, in the mean."""
    unfolding = draft.search.footing.unfolding
    found = ladder(project, unfolding, meanings, goal, levels, capacities)
    if draft.missed or all(rung.needed <= levels.get(rung.metric, rung.needed) for rung in found):
        return found
    return ladder(project, unfolding, meanings, goal, levels, capacities, means=True)


def _follows(draft: Draft, index: int, levels: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Rates that follow from the levers: calls a lead, where calls are set."""
    equations = draft.search.footing.unfolding.equations
    known = {name: draft.values[name][index] for name in equations if name not in levels}
    return {name: value for name, value in known.items() if value is not None}


def _starts(draft: Draft, meanings: Mapping[str, Meaning], metric: str, aim: Aim) -> Iterator[tuple[str, Fraction]]:
    """What a ladder may start from: the goal; below a stock, each flow into it, as much as the plan brings."""
    yield metric, aim.level / aim.factor
    for name in _inflows(draft.search.footing.unfolding.equations, metric):
        value, meaning = draft.values[name][aim.index], meanings.get(name)
        grows = meaning and meaning.nature is Nature.FLOW and meaning.better is Better.HIGHER
        if grows and value is not None and value > 0:
            yield name, value


def _inflows(equations: Mapping[str, Node], metric: str) -> list[str]:
    found: list[str] = []
    waiting = [metric]
    while waiting:
        node = equations.get(waiting.pop())
        for name in reads(node) if node is not None else ():
            if name not in found and name in equations:
                found.append(name)
                waiting.append(name)
    return found
