"""Milestones: each condition read at its day, or before it as of today; and the state that they make together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from shinro.analysis.compare import TOWARDS, compare, holds
from shinro.analysis.courses import Course, Knot
from shinro.analysis.measured import Bearings, is_shared, read_by
from shinro.analysis.targets import judged, metric_of, milestone_path, per_of, start_of
from shinro.analysis.totals import since
from shinro.definitions.paths import progress
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.pooling import pools
from shinro.definitions.story import Milestone
from shinro.findings.readings import ConditionReading, MilestoneReading
from shinro.periods import Grain, Period
from shinro.series import Mark, Point, State, pooled

ONE_DAY = timedelta(days=1)
PROMISED = frozenset({"reach", "by", "on"})
OPEN = (State.BEHIND, State.UNKNOWN, State.INCOMPLETE, State.ON_COURSE, State.AHEAD)  # the worst first
CLOSED = (State.MISSED, State.UNKNOWN, State.INCOMPLETE, State.REACHED)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read for a condition; `period` None: nothing is known. `gap`: a part was undefined then."""

    value: Fraction | None = None
    period: Period | None = None
    mark: Mark = Mark.UNKNOWN
    gap: Period | None = None


def milestone_readings(bearings: Bearings) -> tuple[MilestoneReading, ...]:
    """Every milestone in the order of its days, those without a day last."""
    found = [_milestone(bearings, milestone) for milestone in bearings.project.milestones]
    return tuple(sorted(found, key=lambda reading: reading.due or date.max))


def _milestone(bearings: Bearings, milestone: Milestone) -> MilestoneReading:
    due = milestone.day(bearings.starts)
    conditions = tuple(
        read_condition(bearings, goal.condition, str(goal.text), due) for goal in milestone.reach if goal.condition
    )
    left = (due - bearings.as_of).days if due else None
    is_open = left is None or left > 0
    unread = [State.UNKNOWN] if milestone.lost & PROMISED else []  # some of what it promises is not told
    early = bool(conditions) and is_open and not unread and all(condition.holds for condition in conditions)
    state = worst((*(condition.state for condition in conditions), *unread), OPEN if is_open else CLOSED)
    return MilestoneReading(milestone.title, due, state, conditions, left, early)


def worst(states: Iterable[State], order: tuple[State, ...]) -> State:
    """The first of an order that is among the states; unknown where there is none."""
    present = set(states)
    return next((state for state in order if state in present), State.UNKNOWN)


def read_condition(bearings: Bearings, condition: Condition, text: str, due: date | None) -> ConditionReading:
    """A condition as of today, compared with the path to its level; on and after its day, strictly as written."""
    metric, level = metric_of(condition), condition.level.value
    closed = due is not None and due <= bearings.as_of
    found = _read(bearings, condition, due if closed and due else bearings.as_of, closed=closed)
    expected = None if closed or due is None else _expected(bearings, condition, found, due)
    meets = None if found.value is None else holds(found.value, condition.op, level)
    return ConditionReading(
        text=text,
        metric=metric,
        meaning=bearings.meaning(metric),
        op=condition.op,
        level=level,
        value=found.value,
        period=found.period,
        state=_closed(found, meets=meets) if closed else _open(condition, found, expected, due, meets=meets),
        progress=_progress(bearings, condition, found),
        expected=expected,
        holds=meets,
        gap=found.gap,
        missing=_deciding(bearings, condition, due) if closed and due and not (found.period or found.gap) else None,
    )


def _deciding(bearings: Bearings, condition: Condition, day: date) -> Period | None:
    """The days whose value decides on a condition's day; None where they are not told by the calendar alone."""
    metric, calendar = metric_of(condition), bearings.calendar
    match condition.reading:
        case Since():
            return Period(bearings.starts, day + ONE_DAY) if bearings.starts and bearings.starts <= day else None
        case Over(grain=grain, periods=periods):
            last = judged(calendar, grain, day)
            first = calendar.step(last, grain, 1 - periods)
            return Period(first.start, last.end) if pools(bearings.project, metric) else None
        case Per(grain):
            return judged(calendar, grain, day)
    grain = read_by(bearings.project, bearings.meaning(metric))
    return Period(day, day + ONE_DAY) if grain is Grain.DAY else judged(calendar, grain, day)


def _progress(bearings: Bearings, condition: Condition, found: Found) -> Fraction | None:
    """The way covered: none of it where nothing read has ended since the start; None where the start met it already."""
    if found.value is None or found.period is None:
        return None
    op, level = condition.op, condition.level.value
    if bearings.starts and found.period.end <= bearings.starts:
        return None if holds(found.value, op, level) else Fraction(0)
    start = start_of(bearings, condition)
    return None if start is None or holds(start, op, level) else progress(start, level, found.value)


def _closed(found: Found, *, meets: bool | None) -> State:
    if found.mark is Mark.INCOMPLETE:
        return State.INCOMPLETE
    if found.mark is Mark.UNKNOWN or meets is None:
        return State.UNKNOWN
    return State.REACHED if meets else State.MISSED


def _open(
    condition: Condition, found: Found, expected: Fraction | None, due: date | None, *, meets: bool | None
) -> State:
    """Before its day: against the path; where no period since the path began is over yet, incomplete, not behind.

    Without a day there is no path to hold it against.
    """
    if found.value is None:
        return State.UNKNOWN
    if expected is not None:
        return compare(found.value, expected, TOWARDS[condition.op])
    if meets:
        return State.AHEAD
    return State.INCOMPLETE if due else State.UNKNOWN


def _expected(bearings: Bearings, condition: Condition, found: Found, due: date) -> Fraction | None:
    """The level of the path at what was read, never beyond what the condition itself asks for.

    Law: a level that the start met is kept, whatever the path leads to: it is what the condition asks of the period.
    """
    if found.period is None:
        return None
    level = condition.level.value
    if isinstance(condition.reading, Since):
        begins = bearings.starts or found.period.start
        whole = bearings.calendar.working_days(begins, due + ONE_DAY)
        return level * bearings.calendar.working_days(begins, found.period.end) / whole if whole else None
    start = start_of(bearings, condition)
    is_met = start is not None and holds(start, condition.op, level)
    led = None if is_met else milestone_path(bearings, metric_of(condition), per_of(condition))
    course = _kept(bearings, condition, found.period) if is_met else led
    path = course.target(found.period) if course else None
    if path is None:
        return None
    return level if holds(path, condition.op, level) else path


def _kept(bearings: Bearings, condition: Condition, period: Period) -> Course:
    """A condition's own level through a period: of what accrues less in a week with days off."""
    per = per_of(condition) if is_shared(bearings.project, bearings.meaning(metric_of(condition))) else None
    return Course((Knot(period.start, condition.level.value),), bearings.calendar, per=per)


def _read(bearings: Bearings, condition: Condition, day: date, *, closed: bool) -> Found:
    """What a condition is read from, at a day: its own kind of reading, else the one of the metric's nature."""
    metric = metric_of(condition)
    match condition.reading:
        case Since():
            return _found(since(bearings, metric, day))
        case Over() if not pools(bearings.project, metric):
            return Found()
        case Over() as over:
            return _pooled(bearings, metric, over, day, closed=closed)
        case Per(grain):
            return _last(bearings, metric, grain, day, closed=closed)
    grain = read_by(bearings.project, bearings.meaning(metric))
    if grain is Grain.DAY:
        return _found(bearings.measured.at(metric, Period(day, day + ONE_DAY), grain))
    return _last(bearings, metric, grain, day, closed=closed)


def _last(bearings: Bearings, metric: str, grain: Grain, day: date, *, closed: bool) -> Found:
    """The last period over at a day; before the milestone's day the last one that is complete."""
    if closed:
        return _found(bearings.measured.at(metric, judged(bearings.calendar, grain, day), grain))
    complete = bearings.measured.complete(metric, grain)
    return _found(complete[-1] if complete else None)


def _found(point: Point | None) -> Found:
    if point is None or point.mark is Mark.UNKNOWN:
        return Found()
    return Found(point.value, point.period, point.mark)


def _pooled(bearings: Bearings, metric: str, reading: Over, day: date, *, closed: bool) -> Found:
    """A rate's parts over so many periods up to a day, added and then divided: still the rate of one period."""
    grain, amount = reading.grain, reading.periods
    last = _last(bearings, metric, grain, day, closed=closed).period
    series = bearings.measured.series.get((metric, grain))
    if last is None or series is None:
        return Found()
    first = bearings.calendar.step(last, grain, 1 - amount)
    span = Period(first.start, last.end)
    points = [point for point in series.points if span.start <= point.period.start < span.end]
    found = pooled(points) if len(points) == amount else None
    if found is None or found.mark is Mark.UNKNOWN:
        return Found(gap=next((point.period for point in points if _is_undefined(point)), None))
    return Found(found.value, span, found.mark)


def _is_undefined(point: Point) -> bool:
    return point.mark is Mark.COMPLETE and (point.over is None or point.base is None)
