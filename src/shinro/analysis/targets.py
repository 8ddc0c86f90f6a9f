"""Targets: what the project says that a metric should read, as a course; else the path through its milestones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import partial, reduce

from shinro.analysis.compare import TOWARDS, holds
from shinro.analysis.courses import DAY, NORMAL, Course, Knot, Shape, grown
from shinro.analysis.measured import Bearings, is_shared, read_by
from shinro.definitions.formers import former
from shinro.definitions.periodic import counts_once, not_within, per_said
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.project import ref
from shinro.definitions.story import FileLevel, Target
from shinro.definitions.values import Amount
from shinro.periods import Calendar, Grain, Period
from shinro.series import Better, Nature, Point, Segment, windows

# Days of a mean period, to turn a level a week into one a month and back; a level a day means a working day.
MEAN_DAYS = {
    Grain.DAY: Fraction(7, 5),
    Grain.WEEK: Fraction(7),
    Grain.MONTH: Fraction(365, 12),
    Grain.QUARTER: Fraction(365, 4),
    Grain.YEAR: Fraction(365),
}


def metric_of(condition: Condition) -> str:
    """The metric or part that a condition is about."""
    return f"{condition.metric}.{condition.part}" if condition.part else condition.metric


def per_of(condition: Condition) -> Grain:
    """The period that a condition's level is for: a month where it does not say."""
    return condition.reading.grain if isinstance(condition.reading, Per) else Grain.MONTH


def judged(calendar: Calendar, grain: Grain, day: date) -> Period:
    """The last period of a grain that is over on a day, the day itself counted."""
    period = calendar.period(day, grain)
    return period if period.last == day else calendar.step(period, grain, -1)


def course_of(bearings: Bearings, metric: str, grain: Grain) -> Course | None:
    """What a metric should read: its written target, else the path through its milestones; None without either.

    `grain` is the period that the metric is read over; a target that does not say `per` means it. What counts everybody
    once a period is held against levels that are said for a period of this length alone.
    """
    target = bearings.project.targets.get(ref(metric))
    return written(bearings, metric, target, grain) if target else milestone_path(bearings, metric, grain)


def _is_meant(bearings: Bearings, metric: str, target: Target, grain: Grain) -> bool:
    """Whether a target's levels can be held against periods of a grain."""
    return per_said(target) in (None, grain) or not counts_once(bearings.project, metric)


def written(bearings: Bearings, metric: str, target: Target, grain: Grain) -> Course | None:
    """The course of a written target; None where it does not say enough, or is not read whole (the check says so).

    It begins at its own `starts`, else with the story: no period before that has a target. The days before a former
    target's `until` are that one's, exactly as it was written: a target that is moved leaves the past as it was.
    """
    found, since = None, date.min
    for each, until in eras(target):
        course = milestone_path(bearings, metric, grain) if each.is_blank else _alone(bearings, metric, each, grain)
        is_over = each.is_blank or bool(each.lost) or not _is_meant(bearings, metric, each, grain)
        found, since = _joined(found, since, course, is_over=is_over), until
    return found


def eras(target: Target) -> Iterator[tuple[Target, date]]:
    """A target and those before it that can be read, the oldest first, each with the day until which it holds."""
    for each in target.before:
        if meant := former(str(each.was)):
            yield meant, each.until
    yield target, date.max


def _joined(earlier: Course | None, since: date, course: Course | None, *, is_over: bool) -> Course | None:
    """What held until a day, then what holds; where nothing does, what held goes on, or it is over."""
    if course:
        return course.after(earlier, since)
    return replace(earlier, ended=min(since, earlier.ended)) if earlier and is_over else earlier


def _alone(bearings: Bearings, metric: str, target: Target, grain: Grain) -> Course | None:
    """The course of a target without those before it."""
    if target.lost or not _is_meant(bearings, metric, target, grain):
        return None
    per = _per(bearings, metric, target, grain)
    begins = target.starts or bearings.starts
    if target.file:
        rows = (row for row in bearings.files.get(target.file, ()) if not row.segment)
        return _stairs(bearings, _knots(rows), per)
    if target.steps:
        knots = tuple(Knot(day, _value(target, amount, per)) for day, amount in sorted(target.steps.items()))
        return Course(knots, bearings.calendar, Shape.LINEAR if target.shape == "linear" else Shape.STEPS, per)
    if target.to or target.growth:
        return _led(bearings, metric, target, per, begins) if begins else None
    level = _value(target, target.level, per) if target.level else _sum_of_each(bearings, metric, target, per)
    return None if level is None else _stairs(bearings, (Knot(begins or date.min, level),), per)


def segment_courses(bearings: Bearings, metric: str, grain: Grain) -> Mapping[Segment, Course]:
    """The courses that a target sets for single segments, in the order written, each after those before it."""
    target = bearings.project.targets.get(ref(metric))
    if not target:
        return {}
    found: dict[Segment, Course] = {}
    since, last = date.min, _segments(bearings, metric, Target(), grain)
    for each, until in eras(target):
        last = _segments(bearings, metric, each, grain)
        found |= {segment: course.after(found.get(segment), since) for segment, course in last.items()}
        since = until
    return {segment: found[segment] for segment in last}


def _segments(bearings: Bearings, metric: str, target: Target, grain: Grain) -> Mapping[Segment, Course]:
    if target.lost or not _is_meant(bearings, metric, target, grain):
        return {}
    per = _per(bearings, metric, target, grain)
    begins = target.starts or bearings.starts or date.min
    knots: dict[Segment, tuple[Knot, ...]] = {
        ((str(dimension), value),): (Knot(begins, _value(target, amount, per)),)
        for dimension, levels in target.each.items()
        for value, amount in levels.items()
    }
    rows = bearings.files.get(target.file, ()) if target.file else ()
    for segment in dict.fromkeys(row.segment for row in rows if row.segment):
        knots[segment] = _knots(row for row in rows if row.segment == segment)
    return {segment: Course(found, bearings.calendar, Shape.STEPS, per) for segment, found in knots.items()}


def milestone_path(bearings: Bearings, metric: str, grain: Grain = Grain.MONTH) -> Course | None:
    """The path from the baseline through every milestone's level of a metric, the same amount every day.

    A level holds through the period that its milestone is judged by, so that a metric on course reaches it. The path
    never leads down to a level that the baseline meets already: it passes such levels by, and where it meets them all
    it is on each day at the hardest of those still to come. The baseline is read as the first level ahead is. Levels
    `since start` set no path. Without a baseline it begins at the first milestone. What counts everybody once a period
    has a path for each `grain`, through the levels that are said for it.
    """
    over = grain if counts_once(bearings.project, metric) else None
    goals = _goals(bearings, metric, over)
    if not goals:
        return None
    per = per_of(goals[-1][1]) if is_shared(bearings.project, bearings.meaning(metric)) else None
    firsts = {length: baseline(bearings, metric, per, length) for length in {_length(goal, over) for _, goal in goals}}
    starts = [(due, goal, firsts[_length(goal, over)]) for due, goal in goals]
    ahead = [each for each in starts if each[2] is None or not holds(each[2].level, each[1].op, _level(each[1], per))]
    if not ahead:
        begins = min(first.day for first in firsts.values() if first)
        return Course(_kept(bearings, goals, begins, per), bearings.calendar, Shape.STEPS, per, until=goals[-1][0])
    start = ahead[0][2]
    knots = [start] if start else []
    for due, goal, _ in ahead:
        for day in _anchors(bearings, goal, due, per, over):
            knots = [knot for knot in knots if knot.day < day]
            knots.append(Knot(day, _level(goal, per)))
    return Course(tuple(knots), bearings.calendar, Shape.LINEAR, per, until=goals[-1][0])


def _kept(
    bearings: Bearings, goals: Sequence[tuple[date, Condition]], begins: date, per: Grain | None
) -> tuple[Knot, ...]:
    """What is to be kept where the start met every level: on each day the hardest of those still to come."""
    knots = []
    for day in (begins, *(due + DAY for due, _ in goals[:-1] if due >= begins)):
        to_come = [goal for due, goal in goals if due >= day] or [goals[-1][1]]
        knots.append(Knot(day, _level(reduce(partial(harder, bearings), to_come), per)))
    return tuple(knots)


def _level(condition: Condition, per: Grain | None) -> Fraction:
    """A condition's level, for the period that the path is read over."""
    return _turned(condition.level.value, per_of(condition), per)


def _turned(level: Fraction, said: Grain | None, per: Grain | None) -> Fraction:
    """A level said for one period, for another, by their mean lengths; as it is where it is for none."""
    return level * MEAN_DAYS[per] / MEAN_DAYS[said] if said and per else level


def start_of(bearings: Bearings, condition: Condition) -> Fraction | None:
    """What a condition read when the story started: 0 for what is counted since then, else as it is read now.

    Law: where nothing it is read from has ended since, it is what the condition reads.
    """
    if isinstance(condition.reading, Since):
        return Fraction(0)
    metric = metric_of(condition)
    per = per_of(condition) if is_shared(bearings.project, bearings.meaning(metric)) else None
    once = per_of(condition) if counts_once(bearings.project, metric) else None
    knot = baseline(bearings, metric, per, _length(condition, once))
    return knot.level if knot else None


def _length(condition: Condition, over: Grain | None) -> Grain | Over | None:
    """The time that a condition pools a rate's parts over, else the period `over` that it is of."""
    return condition.reading if isinstance(condition.reading, Over) else over


def baseline(bearings: Bearings, metric: str, per: Grain | None, over: Grain | Over | None = None) -> Knot | None:
    """Where a metric stood when the story started: the last complete period before it, else the first one known.

    Read over a `per` period for what accrues, else `over` one, or over what it is read by; several periods of a rate
    are one here, of which every one has to be known. None where nothing is known. A week with holidays stands for a
    normal one by its working days; days without work, and weeks of them, say nothing.
    """
    points = _periods(bearings, metric, per, over)
    by = not_within(bearings.project, metric, per) if per else None
    known = [usual for point in points if (usual := _usual(bearings.calendar, point, per, by)).value is not None]
    before = [point for point in known if bearings.starts and point.period.end <= bearings.starts]
    point = before[-1] if before else known[0] if known else None
    if point is None or point.value is None:
        return None
    return Knot(max(bearings.starts or point.period.end, point.period.end), point.value)


def _periods(bearings: Bearings, metric: str, per: Grain | None, over: Grain | Over | None) -> tuple[Point, ...]:
    """The complete periods of a metric that a start is read over, several of a rate pooled."""
    if isinstance(over, Over):
        return windows(bearings.measured.complete(metric, over.grain), over.periods)
    asked = per or over or read_by(bearings.project, bearings.meaning(metric))
    return bearings.measured.complete(metric, not_within(bearings.project, metric, asked))


def _usual(calendar: Calendar, point: Point, per: Grain | None, by: Grain | None) -> Point:
    """A point of a `by` period as it would be with a normal `per` period's working days; no value where it has none."""
    normal = NORMAL.get(per) if per else None
    if point.value is None:
        return point
    if normal is None:
        return point._replace(value=_turned(point.value, by, per))
    days = calendar.working_days(point.period.start, point.period.end)
    return point._replace(value=point.value * normal / days if days else None)


def _anchors(
    bearings: Bearings, condition: Condition, due: date, per: Grain | None, over: Grain | None
) -> Iterable[date]:
    """The days on which the path stands at a condition's level."""
    if per:
        return (judged(bearings.calendar, per_of(condition), due).start, due)
    grain = over or read_by(bearings.project, bearings.meaning(metric_of(condition)))
    return (due,) if grain is Grain.DAY else (judged(bearings.calendar, grain, due).last, due)


def _goals(bearings: Bearings, metric: str, over: Grain | None) -> list[tuple[date, Condition]]:
    """The conditions on a metric by day, where asked those of one period; of two on one day the harder."""
    found: dict[date, Condition] = {}
    for due, condition in promised(bearings, metric):
        if not isinstance(condition.reading, Since) and over in (None, per_of(condition)):
            found[due] = harder(bearings, found.get(due, condition), condition)
    return sorted(found.items(), key=lambda each: each[0])


def promised(bearings: Bearings, metric: str) -> Iterator[tuple[date, Condition]]:
    """The conditions on a metric that have a day, in the order written."""
    for milestone in bearings.project.milestones:
        due = milestone.day(bearings.starts)
        for goal in milestone.reach:
            if due and goal.condition and metric_of(goal.condition) == metric:
                yield due, goal.condition


def harder(bearings: Bearings, one: Condition, other: Condition) -> Condition:
    """Of two conditions on a metric the one that asks for more, whatever their periods; a total since the start last.

    Law: 10 a week is harder than 20 a month; where lower is better, the lower level is.
    """
    if isinstance(one.reading, Since) is not isinstance(other.reading, Since):
        return other if isinstance(one.reading, Since) else one
    per = Grain.MONTH if is_shared(bearings.project, bearings.meaning(metric_of(one))) else None
    side = 1 if TOWARDS[other.op] is Better.LOWER else -1
    return min(one, other, key=lambda each: side * _level(each, per))


def _per(bearings: Bearings, metric: str, target: Target, grain: Grain) -> Grain | None:
    """The period that a target's levels are meant for; None for what is read as it stands."""
    if not is_shared(bearings.project, bearings.meaning(metric)):
        return None
    whole = _said([target.level, target.from_, target.to, *target.steps.values()])
    return (
        whole or target.per or _said(amount for levels in target.each.values() for amount in levels.values()) or grain
    )


def _said(amounts: Iterable[Amount | None]) -> Grain | None:
    return next((amount.level.per for amount in amounts if amount and amount.level.per), None)


def _led(bearings: Bearings, metric: str, target: Target, per: Grain | None, begins: date) -> Course | None:
    """A course from a level to another by a day, or growing at a rate."""
    over = per_said(target) if counts_once(bearings.project, metric) else None
    start = (
        Knot(begins, _value(target, target.from_, per))
        if target.from_
        else _from_baseline(bearings, metric, per, over, begins)
    )
    by = target.by.day(bearings.starts) if target.by else None
    every = per or target.per or Grain.MONTH
    if start is None:
        return None
    if target.growth and not target.to:
        return _growing(bearings, start, target.growth.level.number.value, per, every, by)
    if target.to is None or by is None or by <= begins:
        return None
    end = Knot(by, _value(target, target.to, per))
    if target.shape == "growth" and start.level > 0 and end.level > 0:
        return _stairs(bearings, grown(start, end, bearings.calendar, every), per, by)
    shape = Shape.STEPS if target.shape == "steps" else Shape.LINEAR
    return Course((start, end), bearings.calendar, shape, per, until=by)


def _growing(
    bearings: Bearings, start: Knot, rate: Fraction, per: Grain | None, every: Grain, by: date | None
) -> Course | None:
    if by is None:
        return Course((start,), bearings.calendar, Shape.STEPS, per, rate, every)
    starts = [period.start for period in bearings.calendar.periods(start.day, by, every)][1:]
    knots = (Knot(day, start.level * (1 + rate) ** n) for n, day in enumerate(starts, start=1))
    return _stairs(bearings, (start, *knots), per, by)


def _from_baseline(bearings: Bearings, metric: str, per: Grain | None, over: Grain | None, begins: date) -> Knot | None:
    found = baseline(bearings, metric, per, over)
    return Knot(begins, found.level) if found else None


def _stairs(bearings: Bearings, knots: tuple[Knot, ...], per: Grain | None, until: date | None = None) -> Course | None:
    return Course(knots, bearings.calendar, Shape.STEPS, per, until=until) if knots else None


def _knots(rows: Iterable[FileLevel]) -> tuple[Knot, ...]:
    """One knot a day, the later row's where a day is written twice."""
    return tuple(Knot(day, level) for day, level in sorted({row.day: row.level for row in rows}.items()))


def _sum_of_each(bearings: Bearings, metric: str, target: Target, per: Grain | None) -> Fraction | None:
    """The whole's level where only segments have one: their sum, of the first dimension; nothing for a rate."""
    nature = bearings.meaning(metric).nature
    if not target.each or nature is Nature.RATIO or (nature is Nature.WINDOWED and per is None):
        return None
    first = next(iter(target.each.values()))
    return sum((_value(target, amount, per) for amount in first.values()), Fraction(0))


def _value(target: Target, amount: Amount, per: Grain | None) -> Fraction:
    """An amount's level for a `per` period; one that does not say its own means its target's."""
    return _turned(amount.level.number.value, amount.level.per or target.per, per)
