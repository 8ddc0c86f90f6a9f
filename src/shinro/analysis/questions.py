"""Questions: the three that close the first article, and its last one, answered from the project and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import partial, reduce
from typing import TypeAlias

from shinro.analysis.compare import compare
from shinro.analysis.courses import steps
from shinro.analysis.measured import Bearings
from shinro.analysis.readings import grain_of
from shinro.analysis.sought import told
from shinro.analysis.targets import course_of, harder, promised
from shinro.definitions.phrases import Per, Reading
from shinro.definitions.project import ref
from shinro.definitions.tree import below, explained_by, tied
from shinro.findings.readings import Answer
from shinro.periods import Grain, add_months
from shinro.series import Better, Mark, Nature, Point, State

MOST_IN_FOCUS = 3
ENOUGH = 3  # complete months: fewer are no course of anything
YEAR = 12  # months
NUMBERS = frozenset({"q3.no_headline", "q3.early", "q3.gaps"})  # answers that say that numbers are lacking

LevelAhead: TypeAlias = tuple[str, Fraction, date | None, Reading]  # a metric's level, by when, and over what


def answers(bearings: Bearings) -> tuple[Answer, ...]:
    """Which KPI is chased, and is it a driver; where should it be in a year; do the past months tell one story.

    And, as the fourth: is it numbers that we lack, or the story that ties them. Each is a catalog key with arguments:
    `star` and `metric` name a metric, `metrics` and `believed` metrics, `levels` holds levels
    ahead, `first` and `last` are points.
    """
    three = (_driver(bearings), _ahead(bearings), _told(bearings))
    return (*three, _lacking(three))


def in_focus(bearings: Bearings) -> tuple[str, ...]:
    """The KPIs that we chase: not the star, for it is no driver of its own."""
    star = bearings.project.star
    focus = [str(metric) for metric, kpi in bearings.project.kpis.items() if kpi.focus]
    return tuple(metric for metric in focus if not star or metric != str(star.metric))


def _driver(bearings: Bearings) -> Answer:
    project, focus = bearings.project, in_focus(bearings)
    if project.star is None:
        return Answer(1, fine=False, key="q1.no_star", args={"metrics": focus})
    star = str(project.star.metric)
    if not focus:
        return Answer(1, fine=False, key="q1.no_focus", args={"star": star})
    if len(focus) > MOST_IN_FOCUS:
        return Answer(1, fine=False, key="q1.too_many", args={"n": len(focus), "metrics": focus})
    loose = tuple(metric for metric in focus if metric not in tied(project))
    if loose:
        return Answer(1, fine=False, key="q1.loose", args={"star": star, "metrics": loose})
    inside = below([star], explained_by(project))
    believed = tuple(metric for metric in focus if metric not in inside)
    key = "q1.believed" if believed else "q1.drivers"
    return Answer(1, fine=True, key=key, args={"star": star, "metrics": focus, "believed": believed})


def _ahead(bearings: Bearings) -> Answer:
    """A level is ahead where a milestone or a target says one for a day within the next 12 months."""
    star = [str(bearings.project.star.metric)] if bearings.project.star else []
    chased = tuple(dict.fromkeys((*star, *in_focus(bearings))))
    if not chased:
        return Answer(2, fine=False, key="q2.nothing")
    if not bearings.project.milestones and not bearings.project.targets:
        return Answer(2, fine=False, key="q2.no_levels", args={"metrics": chased})
    levels = tuple(found for metric in chased if (found := _level_ahead(bearings, metric)))
    lacking = tuple(metric for metric in chased if metric not in {level[0] for level in levels})
    key = "q2.lacking" if lacking else "q2.levels"
    return Answer(2, fine=not lacking, key=key, args={"metrics": lacking, "levels": levels})


def _level_ahead(bearings: Bearings, metric: str) -> LevelAhead | None:
    """The furthest level within a year that is written for a metric, the harder of two on one day.

    Its milestones come first, then its target. A target that always holds has no day; one that had to be reached
    before as-of says nothing of what is ahead.
    """
    horizon = add_months(bearings.as_of, YEAR)
    goals = [(due, goal) for due, goal in promised(bearings, metric) if bearings.as_of < due <= horizon]
    if goals:
        last = max(due for due, _ in goals)
        goal = reduce(partial(harder, bearings), (goal for due, goal in goals if due == last))
        return metric, goal.level.value, last, goal.reading
    course = course_of(bearings, metric, grain_of(bearings.project, metric))
    if course is None or ref(metric) not in bearings.project.targets:
        return None
    if course.until and course.until <= bearings.as_of:
        return None
    days = [*(knot.day for knot in course.knots), *([course.until] if course.until else [])]
    day = max((day for day in days if bearings.as_of < day <= horizon), default=None)
    found = course.level(day or horizon)
    return (metric, found, day, Per(course.per) if course.per else None) if found is not None else None


def _told(bearings: Bearings) -> Answer:
    """The headline's last complete months: enough of them, without holes, and moving the way that is good.

    The last three together against the first three; the first month and the last, which are told, have to say the same.
    `n`: how many months those are; once they are a course, how many lie from the first to the last, one less.
    """
    headlines = told(bearings.project)
    if not headlines:
        return Answer(3, fine=False, key="q3.no_headline")
    metric = headlines[0]
    points = tuple(_past_year(bearings, metric))
    known = [point for point in points if point.mark is Mark.COMPLETE and point.value is not None]
    args = {"metric": metric, "n": len(known)}
    if len(known) < ENOUGH:
        return Answer(3, fine=False, key="q3.early", args=args)
    if any(point.mark is Mark.UNKNOWN for point in points):
        return Answer(3, fine=False, key="q3.gaps", args=args)
    first, last = known[0], known[-1]
    n = steps(bearings.calendar, first.period.start, last.period.start, Grain.MONTH)
    args |= {"first": first, "last": last, "n": n}
    values = [point.value for point in known if point.value is not None]
    falls = _is_worse(bearings, metric, sum(values[:ENOUGH]), sum(values[-ENOUGH:]))
    if falls is not _is_worse(bearings, metric, _daily(bearings, metric, first), _daily(bearings, metric, last)):
        return Answer(3, fine=False, key="q3.uneven", args=args)
    if falls:
        return Answer(3, fine=False, key="q3.falls", args=args)
    if not bearings.project.traction:
        return Answer(3, fine=False, key="q3.undeclared", args=args)
    apart = metric not in tied(bearings.project)
    return Answer(3, fine=not apart, key="q3.apart" if apart else "q3.one_story", args=args)


def _past_year(bearings: Bearings, metric: str) -> Iterator[Point]:
    """Up to 12 months, over by as-of; the months before the first value are no hole."""
    series = bearings.measured.series.get((metric, Grain.MONTH))
    over = [point for point in (series.points if series else ()) if point.period.end <= bearings.as_of]
    first = next((n for n, point in enumerate(over) if point.value is not None), len(over))
    return iter(over[first:][-YEAR:])


def _is_worse(bearings: Bearings, metric: str, before: Fraction | int, after: Fraction | int) -> bool:
    """Whether what came after is worse than what was before, by more than 5 %."""
    better = Better.LOWER if bearings.meaning(metric).better is Better.LOWER else Better.HIGHER
    return compare(Fraction(after), Fraction(before), better) is State.BEHIND


def _daily(bearings: Bearings, metric: str, point: Point) -> Fraction:
    """A month's value; of a flow that of a day, for February is short."""
    value = point.value or Fraction(0)
    return value / point.period.length if bearings.meaning(metric).nature is Nature.FLOW else value


def _lacking(three: tuple[Answer, ...]) -> Answer:
    numbers = any(answer.key in NUMBERS for answer in three)
    story = any(not answer.fine and answer.key not in NUMBERS for answer in three)
    key = {(True, True): "q4.both", (True, False): "q4.numbers", (False, True): "q4.story"}.get(
        (numbers, story), "q4.none"
    )
    return Answer(4, fine=not (numbers or story), key=key)
