"""plan --save: a plan's levels written into the project file as targets, the ones before kept in sight."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from shinro.analysis.measured import Bearings
from shinro.analysis.targets import course_of
from shinro.drafts.goalposts import Goalpost, with_goalposts
from shinro.findings.plans import Plan, PlannedLever
from shinro.periods import Period
from shinro.run.add import Changed, add
from shinro.run.backplans import bearings_for
from shinro.run.gathering import Gathered


def save(gathered: Gathered, plan: Plan) -> Changed:
    """Writes the targets of every driver that the plan moves, dated today; at once or not at all.

    Raises CannotGoOn where the file could not be read any more with them: then nothing is written.
    """
    opened = gathered.opened
    bearings = bearings_for(gathered, (), plan.grain)
    posts = {each.lever.metric: _post(bearings, plan, each) for each in plan.levers if _is_saved(each)}
    return add(
        opened.folder / opened.name,
        lambda text, fresh: with_goalposts(text, fresh.project, posts, gathered.today),
        gathered.today,
    )


def _is_saved(each: PlannedLever) -> bool:
    return each.lever.beyond or bool(each.lever.direction and each.moved)


def _post(bearings: Bearings, plan: Plan, each: PlannedLever) -> Goalpost:
    steps = {period.start: level for period, level in zip(plan.periods, each.path, strict=False)}
    return Goalpost(each.lever.meaning, steps, plan.grain, _past(bearings, plan, each.lever.metric))


def _past(bearings: Bearings, plan: Plan, metric: str) -> dict[date, Fraction]:
    """What the target before asked of the periods from the story's start up to the plan."""
    course = course_of(bearings, metric, plan.grain) if _has_target(bearings, metric) else None
    if course is None or bearings.starts is None:
        return {}
    found: dict[date, Fraction] = {}
    for period in bearings.calendar.periods(bearings.starts, plan.base.last, plan.grain):
        level = course.target(Period(period.start, period.end))
        if level is not None:
            found[period.start] = level
    return found


def _has_target(bearings: Bearings, metric: str) -> bool:
    return any(str(each) == metric for each in bearings.project.targets)
