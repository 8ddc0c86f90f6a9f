"""Initiatives: each moves a KPI that matters, by a stated change; and what is behind has one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from shinro.checks.facts import Facts
from shinro.checks.levels import shown
from shinro.checks.promises import promises
from shinro.checks.rule import Rule, rule
from shinro.definitions.people import Initiative
from shinro.definitions.project import Project
from shinro.definitions.tree import below, explained_by, influenced_by, measured_from
from shinro.problems import Problem, Severity, problem
from shinro.series import Nature, Point, State

if TYPE_CHECKING:
    from shinro.findings.readings import Reading


@rule("I501", Severity.ERROR)
def names_what_it_moves(facts: Facts) -> Iterator[Problem]:
    """An initiative says which KPI it moves, and by how much."""
    for initiative in facts.project.initiatives:
        missing = [key for key in ("moves", "expect") if key not in initiative.places]
        if missing:
            case = "both" if len(missing) > 1 else missing[0]
            yield problem("I501", initiative.place, case=case, initiative=str(initiative.name))


@rule("I504", Severity.WARNING)
def has_a_day(facts: Facts) -> Iterator[Problem]:
    """An initiative that moves something has a first day: else nothing lies before it and nothing after it."""
    for initiative in facts.project.initiatives:
        if initiative.moves and not {"on", "starts", "verdict"} & initiative.places.keys():
            case = "ends" if "ends" in initiative.places else "none"
            yield problem("I504", initiative.place, case=case, initiative=str(initiative.name))


@rule("I502", Severity.WARNING)
def serves_what_matters(facts: Facts) -> Iterator[Problem]:
    """What an initiative moves is a KPI, the star, an outcome, a promised level, or drives one of them."""
    matters = _matters(facts.project)
    for initiative in facts.project.initiatives:
        moved = initiative.moves
        if moved and facts.project.metric(str(moved)) and str(moved) not in matters:
            name, metric = str(initiative.name), str(moved)
            yield problem("I502", moved.place, case="serves", initiative=name, metric=metric)
    yield from _behind_alone(facts)


def _matters(project: Project) -> frozenset[str]:
    tops = {str(ref) for ref in project.kpis} | {promise.metric for promise in promises(project)}
    if project.star:
        tops |= {str(project.star.metric), *map(str, project.star.outcomes)}
    return below(tops, explained_by(project), influenced_by(project), measured_from(project))


def _behind_alone(facts: Facts) -> Iterator[Problem]:
    """KPIs that the status reads as behind, and that nothing under way moves."""
    project = facts.project
    graphs = (explained_by(project), influenced_by(project), measured_from(project))
    for metric in project.kpis:
        found = facts.readings.get(str(metric))
        point = _judged(found) if found else None
        if not found or not point or point.value is None or found.target is None:
            continue
        drivers = below([str(metric)], *graphs)
        ahead = [each for each in project.initiatives if not is_over(each, facts.as_of or point.period.last)]
        if not any(str(each.moves) in drivers for each in ahead):
            now, level = (shown(value, found.meaning, found.grain) for value in (point.value, found.target))
            yield problem("I502", metric.place, case="behind", metric=str(metric), now=now, level=level)


def _judged(found: Reading) -> Point | None:
    """What is behind: today's value of a stock, else the last final one; None where nothing is."""
    if found.state is not State.BEHIND:
        return None
    return found.now if found.meaning.nature is Nature.STOCK else found.last


def is_over(initiative: Initiative, day: date) -> bool:
    """Whether its end, or the time in which it was to work, has passed."""
    within = initiative.expect.change.within if initiative.expect else None
    happened = within.after(initiative.on) if within and initiative.on else initiative.on
    ends = initiative.ends or happened
    return ends is not None and ends < day


RULES: tuple[Rule, ...] = (names_what_it_moves, serves_what_matters, has_a_day)
