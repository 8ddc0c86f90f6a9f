"""plan: what may come of a metric, and how likely the milestones are to hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import ceil

from shinro.analysis.forecast import DRAWS, LEAST
from shinro.analysis.forecast_ground import Ground, inputs
from shinro.analysis.forecast_leaders import leaders
from shinro.analysis.forecast_partners import partners
from shinro.analysis.forecast_since import known_day
from shinro.analysis.forecast_told import forecast, hows, missing, remarks
from shinro.analysis.forecast_tree import streams
from shinro.analysis.forecast_world import world
from shinro.analysis.measured import Bearings, read_by
from shinro.analysis.probability import odds, sums_amiss
from shinro.analysis.sought import Sought, measurable, since_start
from shinro.analysis.targets import metric_of
from shinro.analysis.totals import since
from shinro.definitions.meaning import meaning_of
from shinro.definitions.periodic import not_within, together
from shinro.definitions.phrases import Condition, Over, Per, Since
from shinro.definitions.project import Project
from shinro.definitions.story import Milestone
from shinro.findings.forecasts import MOST, Forecast, MilestoneOdds, Once, Prospects
from shinro.periods import DAYS_OF, Grain, Period, add_months
from shinro.problems import CannotGoOn, Place, Problem
from shinro.queries.scans import Want
from shinro.run.gathering import Gathered
from shinro.run.status import calendar_of, soundings_of, want_of
from shinro.run.values import known_metric

AHEAD = {Grain.DAY: 28, Grain.WEEK: 26, Grain.MONTH: 12, Grain.QUARTER: 8, Grain.YEAR: 5}
LATER = 12  # periods behind the last milestone in which it may be reached
WEEK = timedelta(days=7)
WEEKS = 8  # that a trend looks back
FEWER = 500  # paths of an earlier day: a probability within 4 points, 19 times in 20


def forecasts(
    gathered: Gathered, metric: str, grain: Grain | None = None, steps: int | None = None
) -> tuple[Forecast | None, tuple[tuple[str, str], ...]]:
    """What may come of a metric, through its drivers; else which metrics have no numbers or no past, and why.

    Raises CannotGoOn where the metric is not defined. Cost: a scan a table and grain that the cache does not have.
    """
    project = gathered.opened.project
    known_metric(project, metric, gathered.opened.name)
    ground = grounded(gathered, [metric], grain)
    found = forecast(ground, metric, min(max(steps or AHEAD[ground.grain], 1), MOST))
    return found, () if found else _why_not(gathered, ground, [metric])


def prospects(gathered: Gathered, grain: Grain | None = None, *, back: bool = True, weeks: int = WEEKS) -> Prospects:
    """How likely each milestone to come is to hold on its day; with `back` what was to be said a week and a month ago.

    With `back` too: the trend over so many `weeks`. What was known then is measured as of then, from the data as they
    are now, on fewer paths. Cost: about 0.1 s a day that is looked back to, and the scans the cache does not have.
    """
    project = gathered.opened.project
    ahead = coming(project, gathered.as_of)
    _in_reach(gathered, ahead, grain)
    metrics = tuple(dict.fromkeys(metric for milestone, _ in ahead for metric in conditions(milestone)))
    if not metrics:
        return Prospects(gathered.as_of, tuple(_empty(milestone, due) for milestone, due in ahead))
    ground = ground_judged(gathered, metrics, grain, ahead)
    now = _odds(ground, ahead, metrics)
    days = (gathered.as_of - WEEK, add_months(gathered.as_of, -1)) if back else ()
    past = [gathered.as_of - n * WEEK for n in range(weeks, 0, -1)] if back else []
    before = {
        day: _odds(ground_judged(replace(gathered, as_of=day), metrics, ground.grain, ahead), ahead, metrics, FEWER)
        for day in dict.fromkeys([*days, *past])
    }
    told = tuple(
        replace(
            each,
            earlier=tuple((day, before[day][n].probability) for day in days),
            trend=tuple(_once(day, before[day][n]) for day in past),
        )
        for n, each in enumerate(now)
    )
    made = world(ground, metrics, 1)
    why = (*_why_not(gathered, ground, metrics), *_summed_amiss(ground, ahead))
    return Prospects(gathered.as_of, told, remarks(ground, made, metrics), why)


def _in_reach(gathered: Gathered, ahead: Sequence[tuple[Milestone, date]], grain: Grain | None) -> None:
    """Raises CannotGoOn (Q171) where the last milestone is too many of the asked periods away: before any is drawn."""
    last = ahead[-1][1] if ahead else gathered.as_of
    if grain is Grain.DAY and (last - gathered.as_of).days > MOST:
        raise CannotGoOn([Problem(Place("--grain"), "Q171", {"case": "fine", "last": last, "most": MOST})])


def coming(project: Project, as_of: date) -> tuple[tuple[Milestone, date], ...]:
    """The milestones that are still to come, in the order of their days."""
    starts = project.story.starts if project.story else None
    found = [(each, day) for each in project.milestones if (day := each.day(starts)) and day > as_of]
    return tuple(sorted(found, key=lambda pair: pair[1]))


def conditions(milestone: Milestone) -> tuple[str, ...]:
    """The metrics that a milestone's conditions read."""
    return tuple(metric_of(goal.condition) for goal in milestone.reach if goal.condition)


def grounded(gathered: Gathered, metrics: Sequence[str], grain: Grain | None = None) -> Ground:
    """What a forecast of some metrics is made from: by the month, by the week where months are too few yet."""
    project = gathered.opened.project
    made = _measured(gathered, metrics, grain or _least(project, metrics, Grain.MONTH))
    if grain or made.grain is not Grain.MONTH or _least(project, metrics, Grain.WEEK) is not Grain.WEEK:
        return made
    longest = max((len(made.points(metric)) for metric in made.series), default=0)
    return made if longest >= LEAST else _measured(gathered, metrics, Grain.WEEK)


def ground_judged(
    gathered: Gathered, metrics: Sequence[str], grain: Grain | None, ahead: Sequence[tuple[Milestone, date]]
) -> Ground:
    """What a forecast is made from, with what the status reads conditions by: own periods, sums since the start."""
    ground = grounded(gathered, metrics, grain)
    told = [goal.condition for milestone, _ in ahead for goal in milestone.reach if goal.condition]
    asked = tuple(dict.fromkeys(each for condition in told for each in _sought(ground, condition)))
    measured = gathered.measure(dict.fromkeys(map(want_of, asked)))
    bearings = Bearings(ground.project, ground.meanings, soundings_of(gathered, asked, measured), ground.calendar)
    flows = dict.fromkeys(metric_of(each) for each in told if isinstance(each.reading, Since))
    sums = {metric: since(bearings, metric, known_day(ground, metric)) for metric in flows}
    so_far = {metric: point.value for metric, point in sums.items() if point and point.value is not None}
    return replace(ground, judged=bearings.measured.series, so_far=so_far)


def _sought(ground: Ground, condition: Condition) -> Iterator[Sought]:
    """What the status reads a condition by, where that is not what the paths are drawn by."""
    metric, project = metric_of(condition), ground.project
    if metric not in ground.meanings or not measurable(project, metric):
        return
    match condition.reading:
        case Since():
            meaning = meaning_of(metric, ground.meanings)
            yield from since_start(project, meaning, known_day(ground, metric), ground.as_of)
        case Over(grain=grain) | Per(grain):
            yield Sought(metric, grain)
        case _ if (grain := read_by(project, meaning_of(metric, ground.meanings))) is not Grain.DAY:
            yield Sought(metric, grain)


def _summed_amiss(ground: Ground, ahead: Sequence[tuple[Milestone, date]]) -> tuple[tuple[str, str], ...]:
    told = (goal.condition for milestone, _ in ahead for goal in milestone.reach if goal.condition)
    return tuple(dict.fromkeys((metric_of(each), "forecast.sums") for each in told if sums_amiss(ground, each)))


def _least(project: Project, metrics: Sequence[str], grain: Grain) -> Grain:
    """A grain, or the one that some of the metrics' numbers are of."""
    return together(project, inputs(project, metrics), grain)


def _measured(gathered: Gathered, metrics: Sequence[str], grain: Grain) -> Ground:
    project = gathered.opened.project
    known = inputs(project, metrics)
    beside = (*leaders(project, known), *partners(project, known, gathered.meanings))
    more = [metric for metric in beside if not_within(project, metric, grain) is grain]
    wants = {metric: Want(metric, grain) for metric in (*known, *more) if metric in gathered.meanings}
    found = gathered.measure(list(wants.values()))
    series = {metric: found[want][0] for metric, want in wants.items() if found.get(want)}
    return Ground(project, gathered.meanings, series, calendar_of(gathered), grain, gathered.as_of)


def _once(day: date, found: MilestoneOdds) -> Once:
    return Once(day, found.probability, tuple(each.probability for each in found.conditions))


def _odds(
    ground: Ground, ahead: Sequence[tuple[Milestone, date]], metrics: Sequence[str], draws: int = DRAWS
) -> tuple[MilestoneOdds, ...]:
    steps = _steps(ground, ahead[-1][1])
    made = world(ground, metrics, steps, draws)
    drawn, known = streams(made, metrics), hows(made, metrics)
    return tuple(odds(ground, milestone, due, drawn, known) for milestone, due in ahead)


def _steps(ground: Ground, last: date) -> int:
    """Periods until a day, and some more in which it may still be reached."""
    first: Period = ground.first
    until = ceil(max((last - first.start).days + 1, 1) / DAYS_OF[ground.grain.value])
    return min(until + LATER, MOST)


def _empty(milestone: Milestone, due: date) -> MilestoneOdds:
    return MilestoneOdds(milestone.title, due, None, ())


def _why_not(gathered: Gathered, ground: Ground, metrics: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Which metrics lack numbers, a past of 8 periods, or drivers that have them."""
    unmeasured = gathered.unmeasured(inputs(gathered.opened.project, metrics))
    lacking = missing(world(ground, metrics, 1), metrics)
    known = dict(unmeasured)
    return (*unmeasured, *((metric, "forecast.short") for metric in lacking if metric not in known))
