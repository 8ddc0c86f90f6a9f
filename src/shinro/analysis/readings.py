"""Readings: where one metric is, against its course, its past, and the pace that the running period asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from shinro.analysis.compare import TOWARDS, compare, small_interval
from shinro.analysis.courses import Course
from shinro.analysis.measured import Bearings, read_by
from shinro.analysis.targets import course_of, judged, metric_of, segment_courses
from shinro.definitions.periodic import counts_once, not_within, per_said
from shinro.definitions.project import Project, ref
from shinro.findings.readings import Reading
from shinro.periods import Grain
from shinro.series import Better, Mark, Meaning, Nature, Point, Segment, Series, State

TREND = 12  # periods


def grain_of(project: Project, metric: str, asked: Grain | None = None) -> Grain:
    """The period that a metric is read over, never shorter than the one that its reported numbers come in.

    As asked, else its KPI's cadence, else a week for the star (it is reviewed every week), else a month; what counts
    everybody once a period over the one that its target is said for.
    """
    kpi, target = project.kpi(metric), project.targets.get(ref(metric))
    is_star = project.star is not None and str(project.star.metric) == metric
    usual = kpi.cadence.grain if kpi and kpi.cadence else Grain.WEEK if is_star else Grain.MONTH
    said = per_said(target) if target and counts_once(project, metric) else None
    return not_within(project, metric, asked or said or usual)


def read_metric(bearings: Bearings, metric: str, asked: Grain | None = None) -> Reading:
    """The reading of a metric for the whole company."""
    grain = grain_of(bearings.project, metric, asked)
    series = bearings.measured.series.get((metric, grain))
    return _reading(bearings, metric, grain, series, course_of(bearings, metric, grain))


def read_segments(bearings: Bearings, metric: str, asked: Grain | None = None) -> Iterator[Reading]:
    """The readings of a metric where its target is set by segment; a segment that the data lacks is unknown."""
    grain = grain_of(bearings.project, metric, asked)
    for segment, course in segment_courses(bearings, metric, grain).items():
        measured = bearings.measured.segments.get((metric, grain, segment[0][0]), ())
        series = next((each for each in measured if each.segment == segment), None)
        yield _reading(bearings, metric, grain, series, course, segment)


def _reading(
    bearings: Bearings,
    metric: str,
    grain: Grain,
    series: Series | None,
    course: Course | None,
    segment: Segment = (),
) -> Reading:
    meaning = bearings.meaning(metric)
    complete = [point for point in series.complete if point.period.start <= bearings.as_of] if series else []
    last = complete[-1] if complete else None
    now = _now(bearings, metric, series, segment)
    subject = now if meaning.nature is Nature.STOCK else last
    target, target_now, due = _targets(bearings, meaning, course, now, last)
    kpi, department = bearings.project.kpi(metric), bearings.project.department_of(metric)
    return Reading(
        meaning=meaning,
        grain=grain,
        now=now,
        last=last,
        before=_before(bearings, series, subject, grain),
        year_ago=_year_ago(bearings, series, subject, grain),
        target=target,
        target_now=target_now,
        due=due,
        state=_state(bearings, series, subject or now, target, meaning),
        pace=_pace(now, due, _good(bearings.project, meaning)),
        trend=_trend(series, complete),
        interval=small_interval(subject, meaning),
        segment=segment,
        owners=tuple(map(str, kpi.owner)) if kpi else (),
        department=department,
        focus=kpi is not None and kpi.focus,
        known_until=bearings.measured.known_until.get(metric),
    )


def _trend(series: Series | None, complete: Sequence[Point]) -> tuple[Point, ...]:
    """The last periods up to the newest final one, those among them that are not known too."""
    if series is None or not complete:
        return ()
    first, last = complete[0].period, complete[-1].period
    return tuple(point for point in series.points if first <= point.period <= last)[-TREND:]


def _now(bearings: Bearings, metric: str, series: Series | None, segment: Segment) -> Point | None:
    """The running period's point; of a stock today's, where its days were measured, or the last that was reported."""
    meaning = bearings.meaning(metric)
    if not segment and meaning.nature is Nature.STOCK:
        grain = read_by(bearings.project, meaning)
        if grain is not Grain.DAY:
            return bearings.measured.at(metric, judged(bearings.calendar, grain, bearings.as_of), grain)
        if daily := bearings.measured.series.get((metric, grain)):
            return daily.on(bearings.as_of)
    return series.on(bearings.as_of) if series else None


def _targets(
    bearings: Bearings, meaning: Meaning, course: Course | None, now: Point | None, last: Point | None
) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """The target of the last complete period (of a stock: today's), of the running one, and what is due of it."""
    if course is None:
        return None, None, None
    if meaning.nature is Nature.STOCK:
        day = min(bearings.as_of, now.period.last) if now else bearings.as_of
        return course.level(day), course.level(bearings.as_of), None
    target = course.target(last.period) if last else None
    if now is None or now.mark is Mark.COMPLETE:
        return target, None, None
    day = min(bearings.as_of, bearings.measured.known_until.get(meaning.metric, bearings.as_of))
    grows = course.per and meaning.nature is Nature.FLOW  # who begins now is counted once their time is over
    due = course.due(now.period, day) if grows else None
    return target, course.target(now.period), due


def _before(bearings: Bearings, series: Series | None, subject: Point | None, grain: Grain) -> Point | None:
    """What the value told is compared with: the period before; of a stock today, the end of the last that is over."""
    if series and subject and series.meaning.nature is Nature.STOCK:
        over = (point for point in reversed(series.points) if point.period.end <= subject.period.start)
        newest = next((point for point in over if point.mark is not Mark.INCOMPLETE), None)
        return newest if newest and newest.mark is Mark.COMPLETE else None
    return _final(series, subject and bearings.calendar.step(subject.period, grain, -1))


def _year_ago(bearings: Bearings, series: Series | None, subject: Point | None, grain: Grain) -> Point | None:
    """The same a year earlier; of a stock today the same day of the week, 52 weeks ago."""
    if series and series.meaning.nature is Nature.STOCK and not series.segment:
        grain = read_by(bearings.project, series.meaning)
        series = bearings.measured.series.get((series.metric, grain))
    return _final(series, subject and bearings.calendar.year_before(subject.period, grain))


def _final(series: Series | None, period: object) -> Point | None:
    points = series.points if series else ()
    return next((point for point in points if point.period == period and point.mark is Mark.COMPLETE), None)


def _state(
    bearings: Bearings, series: Series | None, subject: Point | None, target: Fraction | None, meaning: Meaning
) -> State | None:
    """Unknown where the data ended before the last period that is over, incomplete where none is over yet.

    Nothing without a target, or where the value is undefined.
    """
    if series is None or subject is None or subject.mark is Mark.UNKNOWN or _ended(bearings, series, subject):
        return State.UNKNOWN
    if subject.mark is Mark.INCOMPLETE and meaning.nature is not Nature.STOCK:
        return State.INCOMPLETE
    if target is None or subject.value is None:
        return None
    return compare(subject.value, target, _good(bearings.project, meaning))


def _good(project: Project, meaning: Meaning) -> Better:
    """Which way is good: as the metric says, else as all that milestones promise of it say, which judges them."""
    if meaning.better is not Better.NONE:
        return meaning.better
    goals = (goal.condition for milestone in project.milestones for goal in milestone.reach if goal.condition)
    ways = {TOWARDS[goal.op] for goal in goals if metric_of(goal) == meaning.metric}
    return ways.pop() if len(ways) == 1 else Better.NONE


def _ended(bearings: Bearings, series: Series, subject: Point) -> bool:
    later = (point for point in series.points if subject.period.end <= point.period.start)
    return any(point.mark is Mark.UNKNOWN and point.period.end <= bearings.as_of for point in later)


def _pace(now: Point | None, due: Fraction | None, better: Better) -> State | None:
    if now is None or due is None:
        return None
    if now.mark is Mark.UNKNOWN or now.value is None:
        return State.UNKNOWN
    return compare(now.value, due, better)
