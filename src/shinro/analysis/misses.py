"""Misses: what did not come about, and whether its drivers say that it was not done, or that it did not work.

Rule: of what was missed, the drivers with a target of their own are read over the days that count for it, earlier by
the lags between. One of them below its target: execution. All of them at or above: hypothesis, the tree or the lever is
not what was thought. None that can be read: nothing is proposed. Source: Mixpanel's guide to metric trees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from shinro.analysis.compare import compare
from shinro.analysis.measured import Bearings
from shinro.analysis.readings import grain_of
from shinro.analysis.reviewed import causes, running
from shinro.analysis.targets import written
from shinro.definitions.project import Project, ref
from shinro.definitions.tree import explained_by, influenced_by
from shinro.entries import Entry
from shinro.findings.readings import MilestoneReading, Reading, Status
from shinro.findings.reviews import Cause, Driven, Held, Miss
from shinro.periods import Duration, Grain, Period
from shinro.series import Better, Mark, Meaning, Nature, Point, State

DAY = timedelta(days=1)
CYCLE = {Grain.WEEK: timedelta(days=7), Grain.MONTH: timedelta(days=31)}
RUNNING = 2  # reviews, each of another period, in which a KPI in focus was behind


def misses(bearings: Bearings, status: Status, reviews: Sequence[Held], entries: Sequence[Entry]) -> tuple[Miss, ...]:
    """The milestones that were missed, by their days, then the KPIs in focus that stay behind."""
    said = causes(entries, of="milestone")
    found = [
        _of_milestone(bearings, each, status.milestones, said)
        for each in status.milestones
        if each.state is State.MISSED
    ]
    kpis = causes(entries, of="kpi")
    behind = (_of_kpi(bearings, each, reviews, kpis) for each in status.focus if each.state is State.BEHIND)
    return (*found, *(each for each in behind if each))


def _of_milestone(
    bearings: Bearings,
    reading: MilestoneReading,
    every: Iterable[MilestoneReading],
    said: Mapping[str, tuple[tuple[date, Cause], ...]],
) -> Miss:
    due = reading.due or bearings.as_of
    earlier = [each.due for each in every if each.due and each.due < due]
    first = max(earlier, default=bearings.starts or due)
    missed = [each.metric for each in reading.conditions if each.state is State.MISSED]
    found = drivers(bearings, missed, Period(first, due + DAY))
    known = said.get(reading.title, ())
    return Miss(
        reading.title,
        is_kpi=False,
        milestone=reading,
        drivers=found,
        proposed=proposed(found),
        cause=known[-1][1] if known else None,
    )


def _of_kpi(
    bearings: Bearings,
    reading: Reading,
    reviews: Sequence[Held],
    said: Mapping[str, tuple[tuple[date, Cause], ...]],
) -> Miss | None:
    """A miss where it was behind in an earlier period too, in every review since; None where it is behind anew."""
    before = running(reviews, reading.metric)
    periods = {_period_of(each, reading.metric) for each in before} - {_period(reading)}
    if not before or len(periods) + 1 < RUNNING:
        return None
    first = before[0].day - CYCLE[before[0].grain]
    found = drivers(bearings, [reading.metric], Period(first, bearings.as_of + DAY))
    known = [cause for day, cause in said.get(reading.metric, ()) if day >= before[0].day]
    return Miss(
        reading.metric,
        is_kpi=True,
        reading=reading,
        drivers=found,
        proposed=proposed(found),
        reviews=len(periods) + 1,
        cause=known[-1] if known else None,
    )


def period_read(reading: Reading) -> Period | None:
    """The period that a reading's state judges: the last complete one, of a stock the day."""
    point = reading.now if reading.meaning.nature is Nature.STOCK else reading.last
    return point.period if point else None


def _period(reading: Reading) -> str:
    found = period_read(reading)
    return found.start.isoformat() if found else ""


def _period_of(review: Held, metric: str) -> str:
    focus = review.data.get("focus")
    every = focus if isinstance(focus, list | tuple) else ()
    return next(
        (str(one.get("period")) for one in every if isinstance(one, Mapping) and one.get("metric") == metric), ""
    )


def proposed(found: Sequence[Driven]) -> Cause | None:
    """Execution where a driver stayed below its target, hypothesis where none did; None without drivers."""
    if any(each.state is State.BEHIND for each in found):
        return Cause.EXECUTION
    return Cause.HYPOTHESIS if found else None


def drivers(bearings: Bearings, missed: Sequence[str], days: Period) -> tuple[Driven, ...]:
    """The drivers of what was missed that have a target of their own and numbers for it, those below it first."""
    found = [
        each
        for metric, lagged in lagged_below(bearings.project, missed, days).items()
        if metric not in missed and (each := _driven(bearings, metric, lagged))
    ]
    return tuple(sorted(found, key=_short))


def _short(found: Driven) -> Fraction:
    """How far below its target: the share of it, less than nothing for below; the worst first."""
    side = -1 if found.meaning.better is Better.LOWER else 1
    return side * (found.value - found.target) / abs(found.target) if found.target else Fraction(0)


def lagged_below(project: Project, tops: Sequence[str], days: Period) -> Mapping[str, Period]:
    """Every driver below some metrics, with the days that count for it: earlier by the lags on the way there."""
    found = dict.fromkeys(tops, days)
    waiting = list(tops)
    while waiting:
        node = waiting.pop(0)
        for child in (*explained_by(project).get(node, ()), *influenced_by(project).get(node, ())):
            if child not in found:
                found[child] = _earlier(found[node], _lag(project, child, node))
                waiting.append(child)
    return found


def _lag(project: Project, child: str, node: str) -> Duration | None:
    every = (each for each in project.influences if (str(each.from_), str(each.to)) == (child, node))
    return next((each.lag.duration for each in every if each.lag), None)


def _earlier(days: Period, lag: Duration | None) -> Period:
    return Period(lag.before(days.start), lag.before(days.end)) if lag else days


def _driven(bearings: Bearings, metric: str, days: Period) -> Driven | None:
    target = bearings.project.targets.get(ref(metric))
    if target is None:
        return None
    grain = grain_of(bearings.project, metric)
    course, meaning = written(bearings, metric, target, grain), bearings.meaning(metric)
    series = bearings.measured.series.get((metric, grain))
    if course is None or series is None:
        return None
    points = [each for each in series.points if days.start <= each.period.start and each.period.end <= days.end]
    final = [each for each in points if each.mark is Mark.COMPLETE and each.value is not None]
    meant = [(each, level) for each in final if (level := course.target(each.period)) is not None]
    if not meant:
        return None
    value, level = _read(meant, meaning)
    kpi = bearings.project.kpi(metric)
    span = Period(meant[0][0].period.start, meant[-1][0].period.end)
    state = compare(value, level, meaning.better)
    return Driven(metric, meaning, span, value, level, state, tuple(map(str, kpi.owner)) if kpi else ())


def _read(meant: Sequence[tuple[Point, Fraction]], meaning: Meaning) -> tuple[Fraction, Fraction]:
    """A driver over several periods, and what was meant of it: sums of a flow, a rate pooled, the last of all else.

    Law: a driver that met its target exactly in every period reads its target.
    """
    if meaning.nature is Nature.FLOW:
        return _sum(point.value for point, _ in meant), _sum(level for _, level in meant)
    bases = [(point.over, point.base, level) for point, level in meant]
    if meaning.nature is Nature.RATIO and all(over is not None and base for over, base, _ in bases):
        base = _sum(base for _, base, _ in bases)
        return _sum(over for over, _, _ in bases) / base, _sum(level * (n or 0) for _, n, level in bases) / base
    point, level = meant[-1]
    return point.value or Fraction(0), level


def _sum(parts: Iterable[Fraction | None]) -> Fraction:
    return sum((each for each in parts if each is not None), Fraction(0))


def metrics_read(project: Project) -> Iterator[str]:
    """What the misses may read: every metric that has a target."""
    yield from map(str, project.targets)
