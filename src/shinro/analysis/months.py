"""Months: a metric's course month by month, beside its targets and the levels that milestones ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from shinro.analysis.measured import Bearings, read_by
from shinro.analysis.targets import course_of, judged, metric_of
from shinro.definitions.phrases import Condition, Per, Since
from shinro.findings.readings import Goal, Months
from shinro.periods import Grain, Period
from shinro.series import Nature, Series

PAST = 13  # months, so that the same month a year ago is among them


def months(bearings: Bearings, series: Series, until: date | None = None) -> Months:
    """The last months of a monthly series up to as-of, from its first number on, and what they were meant to be.

    Targets go on to the month of the last goal, and of `until`. Cost: linear in the days of those months.
    """
    past = [point for point in series.points if point.period.start <= bearings.as_of][-PAST:]
    first = next((n for n, point in enumerate(past) if point.value), len(past))
    points = tuple(past[min(first, max(len(past) - 1, 0)) :])
    goals = tuple(sorted(_goals(bearings, series.metric), key=lambda goal: goal.month))
    course = course_of(bearings, series.metric, Grain.MONTH)
    if course is None or not points:
        return Months(series.meaning, points, (), goals)
    last = max([bearings.as_of, *([until] if until else []), *(goal.month.start for goal in goals)])
    cuts = bearings.calendar.periods(points[0].period.start, last, Grain.MONTH)
    targets = tuple((cut, level) for cut in cuts if (level := course.target(cut)) is not None)
    return Months(series.meaning, points, targets, goals)


def _goals(bearings: Bearings, metric: str) -> Iterator[Goal]:
    """Levels that a single month can be held against; a total since the start, or of a week, cannot."""
    for milestone in bearings.project.milestones:
        due = milestone.day(bearings.starts)
        for goal in milestone.reach:
            if due and goal.condition and metric_of(goal.condition) == metric and _monthly(bearings, goal.condition):
                yield Goal(_month(bearings, goal.condition, due), goal.condition.level.value, milestone.title)


def _month(bearings: Bearings, condition: Condition, due: date) -> Period:
    """The month that a goal is read in: the last one over on its day, of a stock the one that the day lies in."""
    grain = read_by(bearings.project, bearings.meaning(metric_of(condition)))
    day = due if grain is Grain.DAY else judged(bearings.calendar, grain, due).last
    return bearings.calendar.period(day, Grain.MONTH)


def _monthly(bearings: Bearings, condition: Condition) -> bool:
    flows = bearings.meaning(metric_of(condition)).nature is Nature.FLOW
    match condition.reading:
        case Since():
            return False
        case Per(grain):
            return grain is Grain.MONTH
    return not flows
